/// Which method ``clusters(of:upTo:)`` is: clusters that were kept are found anew after a change.
public let clusteringVersion = 1

/// Faces of an event that are one person's as far as the event alone can tell, by average linkage
/// with cannot-link: clusters are joined, the nearest two first, as long as their link is at most
/// `linkage` and no photo has a face in both. Nobody is twice in one photo, so two faces of one
/// never share a cluster, however alike they are.
///
/// The link of two clusters is the root of the mean squared distance between a face of the one and
/// a face of the other, on mirrored encodings. One bad face cannot bridge two people, because all
/// others weigh in.
///
/// Method: UPGMA (Sokal and Michener 1958) with squared Euclidean distances, whose means follow
/// from centroids; cannot-link after Wagstaff and Cardie 2000. The result depends on nothing but
/// the faces: of equal links the one with the smaller ``FaceID`` is joined first.
///
/// - Parameters:
///   - faces: in any order.
///   - linkage: the largest link, in the unit of distances.
/// - Returns: the clusters of two faces or more, each sorted, in the order of their first faces.
/// - Complexity: O(faces²) comparisons of a few nanoseconds, then for each part of n faces that
///   pairs within `linkage` connect O(n²), in time and memory.
public func clusters(of faces: [Face], upTo linkage: Float) -> [Cluster] {
    let sorted = faces.sorted { $0.id < $1.id }
    var numbers: [ContentHash: Int32] = [:]
    let photos = sorted.map { face in
        let number = numbers[face.id.photo] ?? Int32(numbers.count)
        numbers[face.id.photo] = number
        return number
    }
    let table = VectorTable(sorted.lazy.map(\.encodings.mirrorMean))
    let members = averageLinkage(of: table, apart: photos, upTo: linkage)
    return members.map { Cluster(faces: $0.map { sorted[$0].id }) }
}

/// Average linkage with cannot-link of vectors; see ``clusters(of:upTo:)``.
///
/// - Parameter apart: one label for each vector; two of one label never share a cluster.
/// - Returns: the clusters of two or more as sorted indices, in the order of their first.
func averageLinkage(
    of table: VectorTable, apart labels: [Int32], upTo linkage: Float
) -> [[Int]] {
    precondition(labels.count == table.count, "a label for each vector")
    guard linkage >= 0 else { return [] }
    // Two clusters whose mean is within reach have a pair within reach, so what no chain of near
    // pairs connects never joins.
    var parts = DisjointSets(count: table.count)
    for pair in table.nearPairs(within: linkage)
    where labels[Int(pair.first)] != labels[Int(pair.second)] {
        parts.join(Int(pair.first), Int(pair.second))
    }
    return parts.sets.flatMap { part in
        var agglomeration = Agglomeration(
            of: VectorTable(
                dimension: table.dimension, part.lazy.map { Array(table[$0]) }),
            labels: part.map { labels[$0] }, linkage: linkage)
        return agglomeration.clusters().map { $0.map { part[$0] } }
    }.sorted { $0[0] < $1[0] }
}

/// Average linkage of a few thousand vectors that may all belong together.
///
/// Method: nearest-neighbour chain (Benzécri 1982, Juan 1982). Means are reducible, and remain so
/// when forbidden links are infinite, so that the chain makes the same clusters as joining the
/// nearest two again and again.
private struct Agglomeration {
    private let count: Int
    private let limit: Float
    /// Squared links of all pairs of clusters, by the smallest indices of theirs; infinite where
    /// two must not be joined, and to itself.
    private var squared: [Float]
    private var members: [[Int]]
    /// The clusters that may still be joined.
    private var open: [Int]

    /// - Complexity: 4 bytes for each pair of vectors.
    init(of table: VectorTable, labels: [Int32], linkage: Float) {
        count = table.count
        limit = linkage * linkage
        members = (0..<table.count).map { [$0] }
        open = Array(0..<table.count)
        var squared = [Float](repeating: .infinity, count: table.count * table.count)
        table.withView { view in
            for one in 0..<table.count {
                for other in 0..<one where labels[one] != labels[other] {
                    let distance = view.distance(one, to: other)
                    squared[one * table.count + other] = distance * distance
                    squared[other * table.count + one] = distance * distance
                }
            }
        }
        self.squared = squared
    }

    /// The clusters of two or more, each sorted.
    mutating func clusters() -> [[Int]] {
        var chain: [Int] = []
        while let start = chain.last ?? open.first {
            if chain.isEmpty { chain = [start] }
            let (next, link) = nearest(to: start, before: chain.dropLast().last)
            guard link <= limit else {
                // By reducibility nothing will ever come nearer to it.
                open.removeAll { $0 == start }
                chain.removeLast()
                continue
            }
            if next == chain.dropLast().last {
                chain.removeLast(2)
                join(min(start, next), max(start, next))
            } else {
                chain.append(next)
            }
        }
        return members.filter { $0.count > 1 }.map { $0.sorted() }
    }

    /// The nearest open cluster: of equally near ones the one before in the chain, so that it ends,
    /// then the first.
    private func nearest(to cluster: Int, before previous: Int?) -> (cluster: Int, link: Float) {
        var best = previous ?? cluster
        var least = previous.map { squared[cluster * count + $0] } ?? .infinity
        squared.withUnsafeBufferPointer { squared in
            let row = cluster * count
            for other in open where squared[row + other] < least {
                least = squared[row + other]
                best = other
            }
        }
        return (best, least)
    }

    /// Joins `other` into `one`: the mean over both is the mean of the means, weighed by size.
    private mutating func join(_ one: Int, _ other: Int) {
        let weight = Float(members[one].count) / Float(members[one].count + members[other].count)
        members[one] += members[other]
        members[other] = []
        open.removeAll { $0 == other }
        for third in open where third != one {
            let link =
                weight * squared[one * count + third]
                + (1 - weight) * squared[other * count + third]
            squared[one * count + third] = link
            squared[third * count + one] = link
        }
    }
}

/// Which elements are connected (Galler and Fischer 1964).
private struct DisjointSets {
    private var parent: [Int]

    init(count: Int) {
        parent = Array(0..<count)
    }

    mutating func join(_ one: Int, _ other: Int) {
        let (left, right) = (root(of: one), root(of: other))
        parent[max(left, right)] = min(left, right)
    }

    /// The sets of two or more, each sorted, in the order of their first elements.
    var sets: [[Int]] {
        mutating get {
            var sets: [Int: [Int]] = [:]
            for element in parent.indices { sets[root(of: element), default: []].append(element) }
            return sets.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
        }
    }

    private mutating func root(of element: Int) -> Int {
        var element = element
        while parent[element] != element {
            parent[element] = parent[parent[element]]
            element = parent[element]
        }
        return element
    }
}
