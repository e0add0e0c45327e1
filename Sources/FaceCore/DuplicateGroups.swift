/// Photos of one picture or burst.
public struct DuplicateGroup: Hashable, Sendable {
    /// Two or more, the best first, the others by their hashes.
    public let members: [Member]

    public struct Member: Hashable, Sendable {
        public let photo: ContentHash
        /// What it is to the best; `nil` for the best itself.
        public let relation: DuplicateRelation?
        /// Why the best is better than this one; for the best, why it is better than the member that
        /// comes nearest to it.
        public let reason: KeepingReason

        /// Whether it is the one to keep.
        public var isBest: Bool { relation == nil }
    }
}

/// The groups of photos that are the same picture, or of one burst; by the hashes of their best,
/// whatever the order of `photos`.
///
/// Every member resembles the best of its group itself: likeness is not passed on from photo to
/// photo, so that no chain of small changes brings unlike photos together, and for each photo that
/// goes a like one stays. A photo is in one group at most.
///
/// Exact copies are one photo, see ``CleanablePhoto``.
///
/// - Precondition: no photo is given twice.
/// - Complexity: pairs of photos are compared by their rough shapes, a few nanoseconds each; those
///   alike are laid over each other, some 100 microseconds each.
public func duplicateGroups(
    among photos: [CleanablePhoto], settings: DuplicateSettings = .default
) -> [DuplicateGroup] {
    let photos = photos.sorted { $0.photo < $1.photo }
    let compared = inParts(photos) { Optional(ComparedPhoto($0)) }
    let likely = inParts(duplicateCandidates(among: photos, settings: settings)) {
        candidate -> DuplicateCandidate? in
        guard let one = compared[candidate.first], let other = compared[candidate.second] else {
            return nil
        }
        return one.mayResemble(other, candidate.turn, settings: settings) ? candidate : nil
    }
    return inParts(islands(of: likely)) { island -> [DuplicateGroup]? in
        Island(island, of: compared, settings).groups()
    }.flatMap(\.self).sorted { $0.members[0].photo < $1.members[0].photo }
}

/// The candidates that hang together, so that the parts can be grouped by themselves.
private func islands(of candidates: [DuplicateCandidate]) -> [[DuplicateCandidate]] {
    var parents: [Int: Int] = [:]
    func root(_ photo: Int) -> Int {
        var photo = photo
        while let parent = parents[photo], parent != photo {
            let above = parents[parent] ?? parent
            parents[photo] = above
            photo = above
        }
        return photo
    }
    for candidate in candidates {
        let (one, other) = (root(candidate.first), root(candidate.second))
        parents[max(one, other)] = min(one, other)
    }
    return Dictionary(grouping: candidates) { root($0.first) }.sorted { $0.key < $1.key }
        .map(\.value)
}

/// Photos of which each may be a duplicate of some other.
private final class Island {
    private let settings: DuplicateSettings
    private let photos: [Int: ComparedPhoto]
    private let qualities: [Int: PhotoQuality]
    /// For each photo those that it may be a duplicate of, and how they are to be turned.
    private var neighbours: [Int: [(photo: Int, turn: QuarterTurn)]] = [:]
    private var pyramids: [Int: ThumbnailPyramid] = [:]
    /// What was found by laying pictures over each other.
    private var relations: [DuplicateCandidate: DuplicateRelation?] = [:]

    init(
        _ candidates: [DuplicateCandidate], of photos: [ComparedPhoto?],
        _ settings: DuplicateSettings
    ) {
        self.settings = settings
        let indices = Set(candidates.flatMap { [$0.first, $0.second] })
        self.photos = Dictionary(
            uniqueKeysWithValues: indices.compactMap { index in
                photos[index].map { (index, $0) }
            })
        qualities = self.photos.mapValues { PhotoQuality($0.photo) }
        for candidate in candidates {
            neighbours[candidate.first, default: []].append((candidate.second, candidate.turn))
            neighbours[candidate.second, default: []].append((candidate.first, candidate.turn))
        }
    }

    /// Takes the best photo that is left and all that are duplicates of it, again and again.
    ///
    /// Which photo is the best depends on whom it is compared with; when the duplicates of the
    /// best hold a better one, that one is taken instead.
    func groups() -> [DuplicateGroup] {
        var left = Set(photos.keys)
        var groups: [DuplicateGroup] = []
        // Those with the most possible duplicates first: they are the middle of their bursts.
        let order = left.sorted {
            (neighbours[$1]?.count ?? 0, $0) < (neighbours[$0]?.count ?? 0, $1)
        }
        for start in order where left.contains(start) {
            var best = start
            var members = duplicates(of: best, among: left)
            var tried: Set<Int> = []
            while tried.insert(best).inserted {
                let better = self.best(of: members + [best])
                guard !tried.contains(better) else { break }
                let others = duplicates(of: better, among: left)
                // What the first start resembles is not given up for a photo with fewer duplicates.
                guard others.count >= members.count else { break }
                (best, members) = (better, others)
            }
            guard !members.isEmpty else {
                left.remove(start)
                continue
            }
            groups.append(group(best, members))
            left.subtract(members + [best])
        }
        return groups
    }

    private func duplicates(of photo: Int, among left: Set<Int>) -> [Int] {
        let found = neighbours[photo, default: []].filter { left.contains($0.photo) }
            .filter { relation($0.photo, to: photo, $0.turn) != nil }
        return Set(found.map(\.photo)).sorted()
    }

    private func relation(_ photo: Int, to best: Int, _ turn: QuarterTurn) -> DuplicateRelation? {
        let key = DuplicateCandidate(
            first: min(photo, best), second: max(photo, best), turn: turn)
        if let known = relations[key] { return known }
        let relation: DuplicateRelation? =
            if let one = photos[key.first], let other = photos[key.second],
                let onePyramid = pyramid(key.first), let otherPyramid = pyramid(key.second)
            {
                one.relation(to: other, turn, (onePyramid, otherPyramid), settings: settings)
            } else { nil }
        relations[key] = .some(relation)
        return relation
    }

    private func pyramid(_ photo: Int) -> ThumbnailPyramid? {
        if let known = pyramids[photo] { return known }
        // 22 kB each: on a large island they are made again rather than kept.
        if pyramids.count == 512 { pyramids.removeAll() }
        let pyramid = photos[photo]?.pyramid
        pyramids[photo] = pyramid
        return pyramid
    }

    private func best(of members: [Int]) -> Int {
        let best = PhotoQuality.best(of: members.compactMap { qualities[$0] }, settings)
        return members.first { qualities[$0]?.hash == best.hash } ?? members[0]
    }

    private func group(_ best: Int, _ members: [Int]) -> DuplicateGroup {
        let quality = qualities[best]!  // No nil: every photo of the island has one.
        let others = members.map { member in
            let relations = neighbours[best, default: []].filter { $0.photo == member }
                .compactMap { relation(member, to: best, $0.turn) }
            return DuplicateGroup.Member(
                photo: photos[member]!.photo.photo, relation: relations[0],
                reason: quality.reason(against: qualities[member]!, settings))
        }
        let nearest = self.best(of: members)
        let kept = DuplicateGroup.Member(
            photo: quality.hash, relation: nil,
            reason: quality.reason(against: qualities[nearest]!, settings))
        return DuplicateGroup(members: [kept] + others)
    }
}
