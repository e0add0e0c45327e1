/// Photos linked as possible duplicates; no other photo may be a duplicate of any of them.
///
/// Photos that look the same are one look. Possible duplicates are stored by look, so thousands of
/// copies of one picture take no more room than one.
struct DuplicateIsland: Sendable {
    /// Indices of photos, sorted.
    let photos: [Int]
    fileprivate let links: DuplicateLinks
    /// The numbers of links by look, and by photo.
    private let ofLook: [Int: [Int]]
    private let ofPhoto: [Int: [(link: Int, photo: Int)]]

    /// A possible duplicate of the photo asked about.
    struct Neighbour {
        let photo: Int
        /// How to turn the one with the larger index to lay it over the other.
        let turn: QuarterTurn
        let isOfOneBurst: Bool
        let link: Int
        /// Whether the photo with the smaller index has the first look of the link.
        let isForward: Bool
    }

    /// - Parameter numbers: of the links between these photos.
    fileprivate init(_ numbers: [Int], of links: DuplicateLinks) {
        self.links = links
        var ofLook: [Int: [Int]] = [:]
        var ofPhoto: [Int: [(link: Int, photo: Int)]] = [:]
        for number in numbers {
            switch links.all[number].photos {
            case nil:
                let (one, other) = (links.all[number].first, links.all[number].second)
                ofLook[one, default: []].append(number)
                if other != one { ofLook[other, default: []].append(number) }
            case (let one, let other)?:
                ofPhoto[one, default: []].append((number, other))
                ofPhoto[other, default: []].append((number, one))
            }
        }
        self.ofLook = ofLook
        self.ofPhoto = ofPhoto
        photos = Set(ofLook.keys.flatMap { links.looks[$0] }).union(ofPhoto.keys).sorted()
    }

    /// The photo that stands for a look.
    func compared(_ look: Int) -> ComparedPhoto? { links.compared[look] }

    /// Of the photo with the smaller index, and of the other.
    func looks(of neighbour: Neighbour) -> (first: Int, second: Int) {
        let link = links.all[neighbour.link]
        return neighbour.isForward ? (link.first, link.second) : (link.second, link.first)
    }

    /// In how many ways other photos may be duplicates of a photo.
    func neighbourCount(of photo: Int) -> Int {
        let look = links.lookOfPhoto[photo]
        let alike = (ofLook[look] ?? []).reduce(0) { sum, number in
            let link = links.all[number]
            guard links.isAlways(link) else {
                var count = 0
                forEachNeighbour(of: photo, by: number) { _ in count += 1 }
                return sum + count
            }
            let others = links.looks[link.other(than: look)].count
            return sum + (link.first == link.second ? others - 1 : others)
        }
        return alike + (ofPhoto[photo]?.count ?? 0)
    }

    func forEachNeighbour(of photo: Int, _ body: (Neighbour) -> Void) {
        for number in ofLook[links.lookOfPhoto[photo]] ?? [] {
            forEachNeighbour(of: photo, by: number, body)
        }
        for (number, other) in ofPhoto[photo] ?? [] {
            if let neighbour = links.neighbour(other, of: photo, by: number) { body(neighbour) }
        }
    }

    private func forEachNeighbour(
        of photo: Int, by number: Int, _ body: (Neighbour) -> Void
    ) {
        let look = links.all[number].other(than: links.lookOfPhoto[photo])
        for other in links.looks[look] where other != photo {
            if let neighbour = links.neighbour(other, of: photo, by: number) { body(neighbour) }
        }
    }
}

/// Which photos may be duplicates of each other, by what they look like.
struct DuplicateLinks: Sendable {
    /// Photos that look the same, sorted, in the order of their first.
    fileprivate let looks: [[Int]]
    fileprivate let lookOfPhoto: [Int]
    fileprivate let compared: [ComparedPhoto?]
    fileprivate let all: [Link]
    /// In seconds since some day.
    private let times: [Double?]
    private let settings: DuplicateSettings

    /// Two looks that may be duplicates when one of them is turned.
    ///
    /// Small, since there may be millions.
    fileprivate struct Link: Sendable {
        private let firstLook: Int32
        private let secondLook: Int32
        /// How to turn the second to lay it over the first.
        let turn: QuarterTurn
        /// How well a photo of the first look lies below one of the second, and the reverse, seen
        /// from far away.
        let forward: Float
        let backward: Float
        /// The two photos it is about; `nil`: all of both looks.
        private let pair: (Int32, Int32)?

        init(
            _ first: Int, _ second: Int, _ turn: QuarterTurn, forward: Float, backward: Float,
            photos: (Int, Int)? = nil
        ) {
            (firstLook, secondLook) = (Int32(first), Int32(second))
            self.turn = turn
            self.forward = forward
            self.backward = backward
            pair = photos.map { (Int32($0.0), Int32($0.1)) }
        }

        var first: Int { Int(firstLook) }
        /// At least the first; equal where photos of one look may be duplicates of each other.
        var second: Int { Int(secondLook) }
        var photos: (Int, Int)? { pair.map { (Int($0.0), Int($0.1)) } }

        func other(than look: Int) -> Int { look == first ? second : first }
    }

    /// - Parameter photos: sorted.
    init(_ photos: [CleanablePhoto], _ settings: DuplicateSettings) {
        let looks = Dictionary(grouping: photos.indices) { Look(photos[$0]) }.values
            .sorted { $0[0] < $1[0] }
        self.looks = looks
        let lookOfPhoto = looks.enumerated().flatMap { look, own in own.map { ($0, look) } }
            .sorted { $0.0 < $1.0 }.map(\.1)
        self.lookOfPhoto = lookOfPhoto
        self.settings = settings
        let times = photos.map { $0.taken?.seconds }
        self.times = times
        let samples = looks.map { photos[$0[0]] }
        let compared = concurrentMap(samples) { Optional(ComparedPhoto($0)) }
        self.compared = compared
        let byShape = duplicateCandidates(
            among: samples, twins: Set(looks.indices.filter { looks[$0].count > 1 }),
            settings: settings)
        let together = takenTogether(photos, settings).filter { pair in
            let looks = [lookOfPhoto[pair.first], lookOfPhoto[pair.second]].sorted()
            return !byShape.holds(
                DuplicateCandidate(first: looks[0], second: looks[1], turn: .none))
        }
        all =
            concurrentMap(byShape) { candidate in
                Self.link(candidate, looks, compared, times, settings)
            }
            + concurrentMap(together) { pair in
                Self.link(pair, lookOfPhoto, compared, settings)
            }
    }

    private static func link(
        _ candidate: DuplicateCandidate, _ looks: [[Int]], _ compared: [ComparedPhoto?],
        _ times: [Double?], _ settings: DuplicateSettings
    ) -> Link? {
        let (first, second, turn) = (candidate.first, candidate.second, candidate.turn)
        guard let one = compared[first], let other = compared[second] else { return nil }
        let (own, others) = (looks[first], looks[second])
        let forward = one.coarseCorrelation(with: other, turn)
        // Of two single photos the first comes first.
        let isSingle = own.count == 1 && others.count == 1
        let backward =
            isSingle || first == second
            ? forward : other.coarseCorrelation(with: one, turn.inverse)
        let mayBeBurst =
            isSingle
            ? settings.isOfOneBurst(times[own[0]], times[others[0]], turn)
            : turn == .none && own.contains { times[$0] != nil }
                && others.contains { times[$0] != nil }
        guard max(forward, backward) >= settings.leastCorrelation(isOfOneBurst: mayBeBurst) else {
            return nil
        }
        return Link(first, second, turn, forward: forward, backward: backward)
    }

    private static func link(
        _ pair: DuplicateCandidate, _ lookOfPhoto: [Int], _ compared: [ComparedPhoto?],
        _ settings: DuplicateSettings
    ) -> Link? {
        let (first, second) = (lookOfPhoto[pair.first], lookOfPhoto[pair.second])
        guard let one = compared[first], let other = compared[second] else { return nil }
        let correlation = one.coarseCorrelation(with: other, .none)
        guard correlation >= settings.leastCorrelation(isOfOneBurst: true) else { return nil }
        return Link(
            first, second, .none, forward: correlation, backward: correlation,
            photos: (pair.first, pair.second))
    }

    /// Whether all photos of the two looks may be duplicates of each other.
    fileprivate func isAlways(_ link: Link) -> Bool {
        min(link.forward, link.backward) >= settings.copyCorrelation
    }

    fileprivate func neighbour(
        _ other: Int, of photo: Int, by number: Int
    ) -> DuplicateIsland.Neighbour? {
        let link = all[number]
        let isForward =
            link.first == link.second || link.first == lookOfPhoto[min(photo, other)]
        let turn = isForward ? link.turn : link.turn.inverse
        let isOfOneBurst = settings.isOfOneBurst(times[photo], times[other], turn)
        guard
            (isForward ? link.forward : link.backward)
                >= settings.leastCorrelation(isOfOneBurst: isOfOneBurst)
        else { return nil }
        return DuplicateIsland.Neighbour(
            photo: other, turn: turn, isOfOneBurst: isOfOneBurst, link: number,
            isForward: isForward)
    }

    /// How many are kept.
    var count: Int { all.count }

    /// The links in connected parts, so that each part can be grouped by itself.
    func islands() -> [DuplicateIsland] {
        var parents = Array(looks.indices)
        func root(_ look: Int) -> Int {
            var look = look
            while parents[look] != look {
                parents[look] = parents[parents[look]]
                look = parents[look]
            }
            return look
        }
        for link in all {
            let (one, other) = (root(link.first), root(link.second))
            parents[max(one, other)] = min(one, other)
        }
        return Dictionary(grouping: all.indices) { root(all[$0].first) }
            .sorted { $0.key < $1.key }.map { DuplicateIsland($0.value, of: self) }
    }
}

/// All that decides which photos are duplicates of a photo, except the time.
private struct Look: Hashable {
    private let width: Int
    private let height: Int
    private let greys: [UInt8]?
    private let thumbnail: [UInt8]?
    private let faces: [CleanableFace]

    init(_ photo: CleanablePhoto) {
        width = photo.width
        height = photo.height
        greys = photo.features?.greys
        thumbnail = photo.features?.thumbnail
        faces = photo.faces
    }
}
