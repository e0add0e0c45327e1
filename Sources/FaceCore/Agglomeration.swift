/// Clusters of vectors that are joined, the nearest two first, by average linkage with cannot-link.
///
/// No matrix of all distances is kept. Two facts make that possible:
///
/// - The mean squared distance between the members of two clusters is the squared distance of
///   their centroids plus the scatter of both, so that a cluster is a centroid, a scatter and a
///   size.
/// - Means are reducible: what is too far from both of two clusters is too far from their union. So
///   a pair that is beyond the limit, or must not be joined, never has to be looked at again, and
///   each cluster keeps a list of those that are near.
///
/// Near pairs are found in stages of growing limits. That is no approximation, since joining up to
/// a small limit and going on up to a larger one makes the same clusters as going there at once;
/// but when faces of one person are many, most of them are joined before the lists would grow long.
///
/// Method: nearest-neighbour chain (Benzécri 1982, Juan 1982) on sparse links. It makes the same
/// clusters as joining the nearest two again and again.
struct Agglomeration {
    /// Up to which shares of the limit clusters are joined one after the other. Each stage costs a
    /// search; at six tenths a person of a thousand pictures shrinks to a few hundred clusters.
    static let stages: [Float] = [0.6, 1]

    /// The vectors.
    let table: VectorTable
    private var dimension: Int { table.dimension }
    private var centroids: [Float]
    /// The mean squared distance of a cluster's members from their centroid.
    private var scatters: [Float]
    /// Sorted. A cluster is known by its smallest member; of all others the list is empty.
    private var members: [[Int32]]
    /// The labels of the members, sorted.
    private var labels: [[Int32]]
    /// The clusters that may still be joined; filled by each stage, empty beside.
    private var neighbours: [[Link]] = []
    /// For ``join(_:_:)``: links of one of two clusters; infinite beside.
    private var scratch: [Float] = []

    private struct Link {
        let other: Int32
        let squared: Float
    }

    /// Every vector as a cluster of its own.
    ///
    /// - Parameter apart: one label for each vector; two of one label never share a cluster.
    init(of table: VectorTable, apart labels: [Int32]) {
        self.init(of: table, apart: labels.map { [$0] })
    }

    /// The same with any number of labels for each vector, sorted.
    init(of table: VectorTable, apart labels: [[Int32]]) {
        precondition(labels.count == table.count, "labels for each vector")
        self.table = table
        centroids = table.components
        scatters = [Float](repeating: 0, count: table.count)
        members = (0..<Int32(table.count)).map { [$0] }
        self.labels = labels
    }

    /// The clusters, single vectors among them, as sorted indices, in the order of their first.
    var clusters: [[Int]] {
        members.filter { !$0.isEmpty }.map { $0.map(Int.init) }
    }

    /// The sorted members of the cluster whose smallest member is `index`; none if there is none.
    func members(of index: Int) -> [Int] { members[index].map(Int.init) }

    /// Joins clusters as long as there are two with a link of at most `linkage`.
    ///
    /// - Parameter linkage: in the unit of distances; below 0 nothing is joined.
    mutating func join(upTo linkage: Float) {
        join(Array(members.indices), upTo: linkage)
    }

    /// The same for some of the clusters only.
    ///
    /// - Parameter some: the smallest members of theirs, in order; what is none is passed over.
    mutating func join(_ some: [Int], upTo linkage: Float) {
        guard linkage >= 0 else { return }
        for share in Self.stages {
            findNeighbours(some, upTo: linkage * share)
            joinNeighbours(upTo: linkage * share)
        }
        neighbours = []
    }

    /// Joins clusters that are known to be one's, however far apart they are, and whatever labels
    /// they have in common.
    ///
    /// - Parameter indices: the smallest members of theirs.
    mutating func merge(_ indices: [Int]) {
        let sorted = indices.sorted()
        guard let first = sorted.first, sorted.count > 1 else { return }
        let all = sorted.flatMap { members[$0] }.sorted()
        let (mean, scatter) = table.moments(of: [all.map(Int.init)])
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
            to: table(of: among), within: [Float](repeating: linkage, count: asked.count))
        return pairs.compactMap { pair -> (squared: Float, asked: Int, cluster: Int)? in
            let (one, other) = (asked[Int(pair.first)], among[Int(pair.second)])
            let squared = pair.distance * pair.distance + scatters[one] + scatters[other]
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

    private func squaredLink(_ one: Int, _ other: Int) -> Float {
        centroids.withUnsafeBufferPointer { centroids in
            let start = centroids.baseAddress.unsafelyUnwrapped
            return squaredDistance(
                start + one * dimension, start + other * dimension, count: dimension)
        } + scatters[one] + scatters[other]
    }

    // MARK: One stage

    private mutating func prepare() {
        neighbours = [[Link]](repeating: [], count: members.count)
        scratch = [Float](repeating: .infinity, count: members.count)
    }

    private mutating func findNeighbours(_ some: [Int], upTo limit: Float) {
        prepare()
        let open = some.filter { !members[$0].isEmpty }
        let radii = open.map { cluster in
            let squared = limit * limit - scatters[cluster]
            return squared >= 0 ? squared.squareRoot() : -1
        }
        for pair in table(of: open).nearPairs(within: radii) {
            let (one, other) = (open[Int(pair.first)], open[Int(pair.second)])
            let squared = pair.distance * pair.distance + scatters[one] + scatters[other]
            guard squared <= limit * limit, !shareLabel(one, other) else { continue }
            neighbours[one].append(Link(other: Int32(other), squared: squared))
            neighbours[other].append(Link(other: Int32(one), squared: squared))
        }
    }

    private mutating func joinNeighbours(upTo limit: Float) {
        var chain: [Int] = []
        // What is passed over has no neighbour left, and never gets one.
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

    /// The nearest neighbour: of equally near ones the one before in the chain, so that it ends,
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
        let weight = oneCount / (oneCount + otherCount)
        // The mean over both is the mean of the means, weighed by size.
        let apart = max(0, link - scatters[one] - scatters[other])
        scatters[one] =
            weight * scatters[one] + (1 - weight) * scatters[other] + weight * (1 - weight) * apart
        for index in 0..<dimension {
            centroids[one * dimension + index] =
                weight * centroids[one * dimension + index]
                + (1 - weight) * centroids[other * dimension + index]
        }
        members[one].merge(members[other])
        members[other] = []
        labels[one].merge(labels[other])
        labels[other] = []
        joinNeighbours(of: one, other, weight: weight, upTo: limit)
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

    /// Whether a sorted list holds `number`.
    private func holds(_ number: Int32) -> Bool {
        var range = 0..<count
        while !range.isEmpty {
            let middle = (range.lowerBound + range.upperBound) / 2
            if self[middle] == number { return true }
            range =
                self[middle] < number ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return false
    }

    /// Puts another sorted list into this one.
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
