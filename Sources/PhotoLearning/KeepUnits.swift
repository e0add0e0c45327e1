internal import FaceCore

/// Labelled photos in the order in which they were taken; those of one moment stay together.
///
/// Photos of one moment look alike and are kept or discarded alike: one on the learning side gives
/// the others away. So near-duplicates, and photos taken within seconds, stay on one side of every
/// split.
struct KeepUnits {
    /// Moments as sorted indices of photos: with a date, then without; both lists in order.
    private let dated: [[Int]]
    private let undated: [[Int]]

    /// Moments of all photos.
    var all: [[Int]] { dated + undated }

    /// The pauses, in seconds, that end a moment. If one would join too many photos (a photographer
    /// who never pauses), a shorter one is used.
    private static let pauses: [Double] = [10, 5, 2, 1, 0]
    /// The largest fraction of all photos in one moment; above it a shorter pause ends a moment.
    private static let largestShare = 0.25

    /// - Parameters:
    ///   - photos: those with labels, in any order.
    ///   - groups: of these and other photos.
    init(_ photos: [KeepPhoto], groups: [DuplicateGroup]) {
        let times = photos.map { $0.photo.taken?.seconds }
        let order = photos.indices.sorted { one, other in
            switch (times[one], times[other]) {
            case (let a?, let b?) where a != b: a < b
            case (nil, _?): false
            case (_?, nil): true
            default:
                (photos[one].name, photos[one].photo.photo)
                    < (photos[other].name, photos[other].photo.photo)
            }
        }
        let groupOf = Dictionary(
            groups.enumerated().flatMap { number, group in
                group.members.map { ($0.photo, number) }
            }, uniquingKeysWith: { first, _ in first })
        let groupNumbers = photos.map { groupOf[$0.photo.photo] }
        var moments: [[Int]] = []
        for pause in Self.pauses {
            moments = Self.moments(order, times, groupNumbers, pause: pause)
            let largest = moments.map(\.count).max() ?? 0
            if Double(largest) <= Self.largestShare * Double(photos.count) { break }
        }
        dated = moments.filter { times[$0[0]] != nil }
        undated = moments.filter { times[$0[0]] == nil }
    }

    /// Photos that follow each other without a pause, or of one group, together; ordered by the
    /// first of each.
    private static func moments(
        _ order: [Int], _ times: [Double?], _ groups: [Int?], pause: Double
    ) -> [[Int]] {
        var momentOf: [Int: Int] = [:]
        var members: [Int: [Int]] = [:]
        var momentOfGroup: [Int: Int] = [:]
        func join(_ photo: Int, _ moment: Int) {
            guard let old = momentOf[photo] else {
                momentOf[photo] = moment
                members[moment, default: []].append(photo)
                return
            }
            guard old != moment else { return }
            // The smaller into the larger, so that few are moved.
            let (from, to) =
                members[old, default: []].count < members[moment, default: []].count
                ? (old, moment) : (moment, old)
            for moved in members.removeValue(forKey: from) ?? [] {
                momentOf[moved] = to
                members[to, default: []].append(moved)
            }
            for (group, its) in momentOfGroup where its == from { momentOfGroup[group] = to }
        }
        var last: (photo: Int, time: Double)?
        for (position, photo) in order.enumerated() {
            if let group = groups[photo], let moment = momentOfGroup[group] {
                join(photo, moment)
            } else {
                join(photo, position)
            }
            if let time = times[photo] {
                if let last, time - last.time <= pause, let moment = momentOf[last.photo] {
                    join(photo, moment)
                }
                last = (photo, time)
            }
            if let group = groups[photo], let moment = momentOf[photo] {
                momentOfGroup[group] = moment
            }
        }
        let position = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
        return members.values.map { $0.sorted { position[$0]! < position[$1]! } }  // All are in.
            .sorted { position[$0[0]]! < position[$1[0]]! }
    }

    // MARK: Splits

    /// The photos on both sides of a split.
    struct Split: Hashable {
        let learnt: [Int]
        let heldOut: [Int]
    }

    /// The last fifth of the photos, by time; separately without a date.
    var lastFifth: Split {
        split { moments in
            let total = moments.reduce(0) { $0 + $1.count }
            var before = 0
            return moments.map { moment in
                defer { before += moment.count }
                return 5 * (before + moment.count / 2) >= 4 * total
            }
        }
    }

    /// The event cut into 25 stretches of time; every fifth is held out.
    var everyFifthStretch: Split {
        let number = stretches()
        return split { moments in moments.map { number[$0[0]] == 2 } }
    }

    /// Random moments, a fifth of either kind.
    ///
    /// - Parameter isKept: the labels.
    func fifthOfEither(_ isKept: [Bool]) -> Split {
        var heldOut: Set<Int> = []
        var counts = (kept: 0, discarded: 0)
        let totals = (
            kept: isKept.count { $0 }, discarded: isKept.count { !$0 }
        )
        for moment in shuffled(all) {
            let kept = moment.count { isKept[$0] }
            let next = (kept: counts.kept + kept, discarded: counts.discarded + moment.count - kept)
            // A little more than a fifth is better than less.
            guard 5 * next.kept <= totals.kept + 5, 5 * next.discarded <= totals.discarded + 5
            else { continue }
            counts = next
            heldOut.formUnion(moment)
        }
        return split { moments in moments.map { heldOut.contains($0[0]) } }
    }

    /// For each photo one of five parts: stretches of time in turn, so that every part covers the
    /// whole event and has few neighbours in other parts.
    var folds: [Int] {
        let number = stretches()
        return (0..<number.count).map { number[$0] ?? 0 }
    }

    private func stretches() -> [Int: Int] {
        var result: [Int: Int] = [:]
        for moments in [dated, undated] {
            let total = moments.reduce(0) { $0 + $1.count }
            var before = 0
            for moment in moments {
                let stretch = (before + moment.count / 2) * 25 / max(1, total)
                for photo in moment { result[photo] = stretch % 5 }
                before += moment.count
            }
        }
        return result
    }

    private func split(_ isHeldOut: ([[Int]]) -> [Bool]) -> Split {
        var (learnt, heldOut): ([Int], [Int]) = ([], [])
        for moments in [dated, undated] {
            for (moment, isOut) in zip(moments, isHeldOut(moments)) {
                if isOut { heldOut += moment } else { learnt += moment }
            }
        }
        return Split(learnt: learnt.sorted(), heldOut: heldOut.sorted())
    }

    private func shuffled(_ moments: [[Int]]) -> [[Int]] {
        var random = SplitMix64(state: 0x6b65_6570)
        var moments = moments
        for index in moments.indices.dropFirst().reversed() {
            moments.swapAt(index, Int(random.next() % UInt64(index + 1)))
        }
        return moments
    }
}

/// The same random numbers everywhere (Steele, Lea and Flood 2014).
private struct SplitMix64 {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
