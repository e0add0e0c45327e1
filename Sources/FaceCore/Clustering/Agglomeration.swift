/// Clusters of vectors that are joined, the nearest two first, by average linkage with cannot-link.
///
/// No matrix of all distances is kept. Two facts make that possible:
///
/// - The mean squared distance between the members of two clusters is the squared distance of
///   their centroids plus the scatter of both, so that a cluster is a centroid, a scatter and a
///   size.
/// - Means are reducible: what is too far from both of two clusters is too far from their union. So
/// a pair that is beyond the limit, or must not be joined, is never looked at again, and each
/// cluster keeps a list of those that are near.
///
/// Near pairs are found in stages of growing limits. This is exact: joining up to a small limit and
/// then up to a larger one makes the same clusters as joining up to the larger one at once. But
/// many faces of one person are mostly joined before the lists would grow long.
///
/// Method: nearest-neighbour chain (Benzécri 1982, Juan 1982) on sparse links. It makes the same
/// clusters as joining the nearest two again and again.
struct Agglomeration {
    /// The stages of joining, as shares of the limit. Each costs a search; at six tenths a person
    /// of a thousand pictures shrinks to a few hundred clusters.
    static let stages: [Float] = [0.6, 1]

    /// The vectors.
    let table: VectorTable
    private var dimension: Int { table.dimension }
    private var centroids: [Float]
    /// The mean squared distance of a cluster's members from their centroid.
    private var scatters: [Float]
    /// The mean weight of a cluster's members.
    private var weights: [Float]
    /// Of the vectors; all 1 when empty.
    private let vectorWeights: [Float]
    /// No cluster weighs less.
    private let leastWeight: Float
    /// Sorted, at the index of the cluster's smallest member; empty at every other index.
    private var members: [[Int32]]
    /// The labels of the members, sorted.
    private var labels: [[Int32]]
    /// The clusters that may still be joined; filled by each stage, otherwise empty.
    private var neighbours: [[Link]] = []
    /// For ``join(_:_:)``: links of one of two clusters; elsewhere infinite.
    private var scratch: [Float] = []

    /// How many near pairs are kept at a time.
    private let mostPairs: Int

    /// In a usual event: all of them.
    static func mostPairs(among count: Int) -> Int { max(1 << 20, 128 * count) }

    private struct Link {
        let other: Int32
        let squared: Float
    }

    /// Every vector as a cluster of its own.
    ///
    /// - Parameters:
    ///   - apart: one label for each vector; two of one label never share a cluster.
    ///   - mostPairs: how many to keep at a time; changes no cluster.
    init(of table: VectorTable, apart labels: [Int32], mostPairs: Int? = nil) {
        self.init(of: table, apart: labels.map { [$0] }, mostPairs: mostPairs)
    }

    /// The same, with any number of labels for each vector, sorted.
    ///
    /// - Parameter weights: positive; the squared distance of two vectors counts times both. With
    ///   them a link is still an exact mean over pairs, which follows from weighted centroids.
    init(
        of table: VectorTable, apart labels: [[Int32]], weights: [Float] = [],
        mostPairs: Int? = nil
    ) {
        precondition(labels.count == table.count, "labels for each vector")
        precondition(weights.isEmpty || weights.count == table.count, "weights for each vector")
        vectorWeights = weights
        self.weights =
            weights.isEmpty ? [Float](repeating: 1, count: table.count) : weights
        leastWeight = weights.min() ?? 1
        self.table = table
        centroids = table.components
        scatters = [Float](repeating: 0, count: table.count)
        members = (0..<Int32(table.count)).map { [$0] }
        self.labels = labels
        self.mostPairs = mostPairs ?? Self.mostPairs(among: table.count)
    }

    /// The clusters, single vectors included, as sorted indices, in the order of their first.
    var clusters: [[Int]] {
        members.filter { !$0.isEmpty }.map { $0.map(Int.init) }
    }

    /// The sorted members of the cluster whose smallest member is `index`; empty without one.
    func members(of index: Int) -> [Int] { members[index].map(Int.init) }

    /// Joins clusters as long as there are two with a link of at most `linkage`.
    ///
    /// - Parameter linkage: in the unit of distances; below 0 nothing is joined.
    mutating func join(upTo linkage: Float) {
        join(Array(members.indices), upTo: linkage)
    }

    /// The same for some of the clusters only.
    ///
    /// - Parameter some: the clusters' smallest members, in order; other indices are skipped.
    mutating func join(_ some: [Int], upTo linkage: Float) {
        guard linkage >= 0 else { return }
        mergeEqual(some)
        for share in Self.stages { joinInSteps(some, upTo: linkage * share) }
        neighbours = []
    }

    /// Joins up to a limit. When more pairs are near than can be kept (thousands of pictures of one
    /// scene), smaller limits come first.
    private mutating func joinInSteps(_ some: [Int], upTo limit: Float) {
        /// Pairs whose links differ by less, as a share of the limit, are equally near.
        let finest: Float = 1 / 256
        var (reached, next) = (Float(0), limit)
        while true {
            let open = some.filter { !members[$0].isEmpty }
            let isFine = next - reached <= finest * limit
            let isWhole = findNeighbours(open, upTo: next, isChained: isFine)
            if isWhole || isFine { joinNeighbours(upTo: next) }
            let isChanged = open.contains { members[$0].isEmpty }
            switch (isWhole, isFine) {
            case (true, _) where next == limit: return
            // Look again for what was left out, till nothing more can be joined.
            case (false, true) where isChanged: break
            case (true, _), (false, true):
                guard next < limit else { return }
                (reached, next) = (next, limit)
            case (false, false): next = (reached + next) / 2
            }
        }
    }

    /// Joins clusters of equal vectors, which are nearest to each other: each joins the first one
    /// that has no label in common with it.
    private mutating func mergeEqual(_ some: [Int]) {
        let open = some.filter { !members[$0].isEmpty && scatters[$0] == 0 }
        for equal in table(of: open).equalVectors {
            var parts: [(clusters: [Int], labels: Set<Int32>)] = []
            for cluster in equal.map({ open[$0] }) {
                let part = parts.firstIndex { $0.labels.isDisjoint(with: labels[cluster]) }
                if let part {
                    parts[part].clusters.append(cluster)
                    parts[part].labels.formUnion(labels[cluster])
                } else {
                    parts.append(([cluster], Set(labels[cluster])))
                }
            }
            for part in parts where part.clusters.count > 1 {
                let first = part.clusters[0]
                weights[first] = meanWeight(of: part.clusters)
                members[first] = part.clusters.flatMap { members[$0] }.sorted()
                labels[first] = part.labels.sorted()
                for other in part.clusters.dropFirst() {
                    members[other] = []
                    labels[other] = []
                }
            }
        }
    }

    /// Joins clusters that are known to be one person's, however far apart they are and whatever
    /// labels they share.
    ///
    /// - Parameter indices: the clusters' smallest members.
    mutating func merge(_ indices: [Int]) {
        let sorted = indices.sorted()
        guard let first = sorted.first, sorted.count > 1 else { return }
        let all = sorted.flatMap { members[$0] }.sorted()
        let (mean, scatter) = table.moments(of: [all.map(Int.init)], weights: vectorWeights)
        weights[first] = meanWeight(of: sorted)
        centroids.replaceSubrange(
            first * dimension..<(first + 1) * dimension, with: mean.components)
        scatters[first] = scatter[0]
        members[first] = all
        labels[first] = sorted.flatMap { labels[$0] }.sorted()
        for other in sorted.dropFirst() {
            members[other] = []
            labels[other] = []
        }
    }

    /// The pairs of one of `asked` and one of `among` with a link of at most `linkage` and without
    /// a label in common; by link, then by index.
    ///
    /// - Parameters:
    ///   - asked: clusters, by their smallest members.
    ///   - among: others.
    func links(
        of asked: [Int], among: [Int], upTo linkage: Float
    ) -> [(squared: Float, asked: Int, cluster: Int)] {
        guard !asked.isEmpty, !among.isEmpty else { return [] }
        let pairs = table(of: asked).nearPairs(
            to: table(of: among), within: asked.map { reach(of: $0, upTo: linkage) })
        return pairs.compactMap { pair -> (squared: Float, asked: Int, cluster: Int)? in
            let (one, other) = (asked[Int(pair.first)], among[Int(pair.second)])
            let squared = squaredLink(one, other, apart: pair.distance)
            guard squared <= linkage * linkage, !shareLabel(one, other) else { return nil }
            return (squared, one, other)
        }.sorted { ($0.squared, $0.asked, $0.cluster) < ($1.squared, $1.asked, $1.cluster) }
    }

    /// Whether two clusters have a label in common, so that they must not be joined.
    func shareLabel(_ one: Int, _ other: Int) -> Bool { labels[one].shares(labels[other]) }

    private func table(of clusters: [Int]) -> VectorTable {
        VectorTable(
            dimension: dimension,
            clusters.lazy.map { Array(centroids[$0 * dimension..<($0 + 1) * dimension]) })
    }

    /// - Parameter distance: of the two centroids.
    private func squaredLink(_ one: Int, _ other: Int, apart distance: Float) -> Float {
        weights[one] * weights[other] * (distance * distance + scatters[one] + scatters[other])
    }

    private func squaredLink(_ one: Int, _ other: Int) -> Float {
        let squared = centroids.withUnsafeBufferPointer { centroids in
            let start = centroids.baseAddress.unsafelyUnwrapped
            return squaredDistance(
                start + one * dimension, start + other * dimension, count: dimension)
        }
        return weights[one] * weights[other] * (squared + scatters[one] + scatters[other])
    }

    /// How far a centroid may be if the link is to be at most `linkage`; below 0 for no centroid.
    private func reach(of cluster: Int, upTo linkage: Float) -> Float {
        let squared = linkage * linkage / (weights[cluster] * leastWeight) - scatters[cluster]
        // Rounding must not lose a pair at the very limit.
        return squared >= 0 ? (squared * 1.00001).squareRoot() : -1
    }

    private func meanWeight(of clusters: [Int]) -> Float {
        let count = clusters.reduce(0) { $0 + members[$1].count }
        return clusters.reduce(0) { $0 + weights[$1] * Float(members[$1].count) } / Float(count)
    }

    // MARK: One stage

    private mutating func prepare() {
        neighbours = [[Link]](repeating: [], count: members.count)
        scratch = [Float](repeating: .infinity, count: members.count)
    }

    /// - Parameter isChained: whether each cluster keeps a few of too many pairs, rather than none.
    /// - Returns: whether all were found.
    private mutating func findNeighbours(
        _ open: [Int], upTo limit: Float, isChained: Bool
    ) -> Bool {
        prepare()
        guard !open.isEmpty else { return true }
        let radii = open.map { reach(of: $0, upTo: limit) }
        let table = table(of: open)
        let all = table.nearPairs(within: radii, atMost: mostPairs)
        let share = isChained ? max(1, mostPairs / open.count) : 0
        for pair in all ?? table.nearPairs(within: radii, mostOfEach: share) {
            let (one, other) = (open[Int(pair.first)], open[Int(pair.second)])
            let squared = squaredLink(one, other, apart: pair.distance)
            guard squared <= limit * limit, !shareLabel(one, other) else { continue }
            neighbours[one].append(Link(other: Int32(other), squared: squared))
            neighbours[other].append(Link(other: Int32(one), squared: squared))
        }
        return all != nil
    }

    private mutating func joinNeighbours(upTo limit: Float) {
        var chain: [Int] = []
        // A skipped cluster has no neighbour left, and never gets one.
        for start in members.indices {
            while !neighbours[start].isEmpty {
                if chain.isEmpty { chain = [start] }
                let last = chain[chain.count - 1]
                let before = chain.count > 1 ? chain[chain.count - 2] : nil
                guard let next = nearest(to: last, before: before) else {
                    chain.removeLast()
                    continue
                }
                guard next.other == before.map(Int32.init) else {
                    chain.append(Int(next.other))
                    continue
                }
                chain.removeLast(2)
                let other = Int(next.other)
                join(min(last, other), max(last, other), link: next.squared, upTo: limit)
            }
            chain = []
        }
    }

    /// The nearest neighbour. Of equally near ones: the previous one in the chain, so that it ends;
    /// then the first.
    private func nearest(to cluster: Int, before previous: Int?) -> Link? {
        let previous = previous.map(Int32.init) ?? -1
        var best: Link?
        for link in neighbours[cluster] {
            if let best {
                guard link.squared <= best.squared else { continue }
                if link.squared == best.squared {
                    guard
                        link.other == previous
                            || (best.other != previous && link.other < best.other)
                    else { continue }
                }
            }
            best = link
        }
        return best
    }

    /// Joins `other` into `one`, and with them their lists of neighbours.
    private mutating func join(_ one: Int, _ other: Int, link: Float, upTo limit: Float) {
        let (oneCount, otherCount) = (Float(members[one].count), Float(members[other].count))
        // The mean over both is the mean of the means, weighted by all their members.
        let (oneWeight, otherWeight) = (oneCount * weights[one], otherCount * weights[other])
        let share = oneWeight / (oneWeight + otherWeight)
        let apart = max(0, link / (weights[one] * weights[other]) - scatters[one] - scatters[other])
        scatters[one] =
            share * scatters[one] + (1 - share) * scatters[other] + share * (1 - share) * apart
        for index in 0..<dimension {
            centroids[one * dimension + index] =
                share * centroids[one * dimension + index]
                + (1 - share) * centroids[other * dimension + index]
        }
        weights[one] = (oneWeight + otherWeight) / (oneCount + otherCount)
        members[one].merge(members[other])
        members[other] = []
        labels[one].merge(labels[other])
        labels[other] = []
        joinNeighbours(
            of: one, other, weight: oneCount / (oneCount + otherCount), upTo: limit)
    }

    private mutating func joinNeighbours(
        of one: Int, _ other: Int, weight: Float, upTo limit: Float
    ) {
        let (own, theirs) = (neighbours[one], neighbours[other])
        neighbours[one] = []
        neighbours[other] = []
        for link in theirs { scratch[Int(link.other)] = link.squared }
        scratch[one] = .infinity
        for link in own where Int(link.other) != other {
            let third = Int(link.other)
            let known = scratch[third]
            scratch[third] = .infinity
            forget(one, other, in: third)
            if known < .infinity {
                // Both were near it and could be joined with it.
                add(weight * link.squared + (1 - weight) * known, one, third, upTo: limit)
            } else if !shareLabel(one, third) {
                add(squaredLink(one, third), one, third, upTo: limit)
            }
        }
        for link in theirs where scratch[Int(link.other)] < .infinity {
            let third = Int(link.other)
            scratch[third] = .infinity
            forget(one, other, in: third)
            if !shareLabel(one, third) {
                add(squaredLink(one, third), one, third, upTo: limit)
            }
        }
    }

    private mutating func forget(_ one: Int, _ other: Int, in third: Int) {
        neighbours[third].removeAll { $0.other == Int32(one) || $0.other == Int32(other) }
    }

    private mutating func add(_ squared: Float, _ one: Int, _ third: Int, upTo limit: Float) {
        guard squared <= limit * limit else { return }
        neighbours[one].append(Link(other: Int32(third), squared: squared))
        neighbours[third].append(Link(other: Int32(one), squared: squared))
    }
}

extension [Int32] {
    /// Whether two sorted lists have a number in common.
    func shares(_ other: [Int32]) -> Bool {
        let (few, many) = count < other.count ? (self, other) : (other, self)
        return few.contains { many.holds($0) }
    }

    /// Merges another sorted list into this one.
    fileprivate mutating func merge(_ other: [Int32]) {
        var merged: [Int32] = []
        merged.reserveCapacity(count + other.count)
        var (here, there) = (0, 0)
        while here < count || there < other.count {
            if there == other.count || (here < count && self[here] <= other[there]) {
                merged.append(self[here])
                here += 1
            } else {
                merged.append(other[there])
                there += 1
            }
        }
        self = merged
    }
}

extension Array where Element: Comparable {
    /// Whether a sorted list holds `element`.
    func holds(_ element: Element) -> Bool {
        var range = 0..<count
        while !range.isEmpty {
            let middle = (range.lowerBound + range.upperBound) / 2
            if self[middle] == element { return true }
            range =
                self[middle] < element ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return false
    }
}
