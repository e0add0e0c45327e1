/// Photos of one picture or one burst.
public struct DuplicateGroup: Hashable, Sendable {
    /// Two or more, the best first, the others by their hashes.
    public let members: [Member]

    public struct Member: Hashable, Sendable {
        public let photo: ContentHash
        /// How it relates to the best; `nil` for the best.
        public let relation: DuplicateRelation?
        /// Why the best is better than this one; for the best: why it beats the member that comes
        /// nearest to it.
        public let reason: KeepingReason

        /// Whether it is the one to keep.
        public var isBest: Bool { relation == nil }
    }
}

/// The groups of photos that are the same picture, or of one burst; sorted by the hash of the best,
/// whatever the order of `photos`.
///
/// Every member resembles the best of its group directly. So no chain of small changes brings
/// unlike photos together, and for each photo that is removed a like one stays. A photo is in at
/// most one group.
///
/// Exact copies are one photo, see ``CleanablePhoto``.
///
/// - Precondition: no photo is given twice.
/// - Complexity: different pictures are compared by their rough shapes, a few nanoseconds a pair;
///   those alike are laid over each other, some 100 microseconds each. Photos that look the same are
///   compared once.
public func duplicateGroups(
    among photos: [CleanablePhoto], settings: DuplicateSettings = .default
) -> [DuplicateGroup] {
    let photos = photos.sorted { $0.photo < $1.photo }
    return concurrentMap(DuplicateLinks(photos, settings).islands()) {
        island -> [DuplicateGroup]? in
        DuplicateGrouping(island, of: photos, settings).groups()
    }.flatMap(\.self).sorted { $0.members[0].photo < $1.members[0].photo }
}

/// Makes the groups of an island.
private final class DuplicateGrouping {
    private let settings: DuplicateSettings
    private let photos: [CleanablePhoto]
    private let island: DuplicateIsland
    private let qualities: [Int: PhotoQuality]
    private var pyramids: [Int: ThumbnailPyramid] = [:]
    /// Results of laying pictures over each other.
    private var relations: [Comparison: DuplicateRelation?] = [:]

    private struct Comparison: Hashable {
        let link: Int
        let isForward: Bool
        let isOfOneBurst: Bool
    }

    /// A photo that is a duplicate of the one asked about.
    private struct Duplicate {
        let photo: Int
        let turn: QuarterTurn
        let relation: DuplicateRelation
    }

    init(
        _ island: DuplicateIsland, of photos: [CleanablePhoto], _ settings: DuplicateSettings
    ) {
        self.settings = settings
        self.photos = photos
        self.island = island
        qualities = Dictionary(
            uniqueKeysWithValues: island.photos.map { ($0, PhotoQuality(photos[$0])) })
    }

    /// Takes the best photo that is left and all its duplicates, again and again.
    ///
    /// Which photo is best depends on the others compared; when the best one's duplicates include a
    /// better one, that one is taken instead.
    func groups() -> [DuplicateGroup] {
        var left = Set(island.photos)
        var groups: [DuplicateGroup] = []
        // Those with the most possible duplicates first: they are the middle of their bursts.
        let counts = Dictionary(
            uniqueKeysWithValues: left.map { ($0, island.neighbourCount(of: $0)) })
        let order = left.sorted { (counts[$1] ?? 0, $0) < (counts[$0] ?? 0, $1) }
        for start in order where left.contains(start) {
            var best = start
            var members = duplicates(of: best, among: left)
            var tried: Set<Int> = []
            while tried.insert(best).inserted {
                let better = self.best(of: members.map(\.photo) + [best])
                guard !tried.contains(better) else { break }
                let others = duplicates(of: better, among: left)
                // Do not lose the first start's duplicates to a photo that has fewer.
                guard others.count >= members.count else { break }
                (best, members) = (better, others)
            }
            guard !members.isEmpty else {
                left.remove(start)
                continue
            }
            groups.append(group(best, members))
            left.subtract(members.map(\.photo) + [best])
        }
        return groups
    }

    /// Sorted by photo.
    private func duplicates(of photo: Int, among left: Set<Int>) -> [Duplicate] {
        var found: [Duplicate] = []
        island.forEachNeighbour(of: photo) { neighbour in
            guard left.contains(neighbour.photo), let relation = relation(photo, neighbour) else {
                return
            }
            found.append(
                Duplicate(photo: neighbour.photo, turn: neighbour.turn, relation: relation))
        }
        // If a picture is a duplicate in several turns, the first counts.
        return found.sorted { ($0.photo, $0.turn.rawValue) < ($1.photo, $1.turn.rawValue) }
            .chunked { $0.photo == $1.photo }.map { $0[0] }
    }

    private func relation(
        _ photo: Int, _ neighbour: DuplicateIsland.Neighbour
    ) -> DuplicateRelation? {
        let key = Comparison(
            link: neighbour.link, isForward: neighbour.isForward,
            isOfOneBurst: neighbour.isOfOneBurst)
        if let known = relations[key] { return known }
        let looks = island.looks(of: neighbour)
        let relation: DuplicateRelation? =
            if let one = island.compared(looks.first), let other = island.compared(looks.second),
                let onePyramid = pyramid(looks.first), let otherPyramid = pyramid(looks.second)
            {
                one.relation(
                    to: other, neighbour.turn, (onePyramid, otherPyramid),
                    isOfOneBurst: neighbour.isOfOneBurst, settings: settings)
            } else { nil }
        relations[key] = .some(relation)
        return relation
    }

    private func pyramid(_ look: Int) -> ThumbnailPyramid? {
        if let known = pyramids[look] { return known }
        // 22 kB each: on a large island they are made again rather than kept.
        if pyramids.count == 512 { pyramids.removeAll() }
        let pyramid = island.compared(look)?.pyramid
        pyramids[look] = pyramid
        return pyramid
    }

    private func best(of members: [Int]) -> Int {
        let best = PhotoQuality.best(of: members.compactMap { qualities[$0] }, settings)
        return members.first { qualities[$0]?.hash == best.hash } ?? members[0]
    }

    private func group(_ best: Int, _ members: [Duplicate]) -> DuplicateGroup {
        let quality = qualities[best]!  // No nil: every photo of the island has one.
        let others = members.map { member in
            DuplicateGroup.Member(
                photo: photos[member.photo].photo, relation: member.relation,
                reason: quality.reason(against: qualities[member.photo]!, settings))
        }
        let nearest = self.best(of: members.map(\.photo))
        let kept = DuplicateGroup.Member(
            photo: quality.hash, relation: nil,
            reason: quality.reason(against: qualities[nearest]!, settings))
        return DuplicateGroup(members: [kept] + others)
    }
}
