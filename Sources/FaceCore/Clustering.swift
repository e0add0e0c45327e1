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
/// - Complexity: O(faces²) comparisons of a nanosecond or two, then O(pairs within `linkage`).
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
    guard linkage >= 0 else { return [] }
    // Two clusters whose mean is within reach have a pair within reach, so others never join.
    var agglomeration = Agglomeration(table, labels: labels, linkage: linkage)
    for pair in table.nearPairs(within: linkage) {
        agglomeration.connect(Int(pair.first), Int(pair.second), distance: pair.distance)
    }
    agglomeration.run()
    return agglomeration.clusters
}

/// The state of average linkage: which vectors are together so far, and which clusters may be
/// joined next.
private struct Agglomeration {
    /// Two clusters that may be joined, as they were when this was noted.
    private struct Link: Comparable {
        let squared: Float
        let one: Int32
        let other: Int32
        let oneSize: Int32
        let otherSize: Int32

        static func < (left: Link, right: Link) -> Bool {
            (left.squared, left.one, left.other) < (right.squared, right.one, right.other)
        }
    }

    private let dimension: Int
    private let limit: Float
    /// Of each cluster the sum of its vectors, one after the other: every link follows from it and
    /// the sum of their squared lengths.
    private var sums: [Double]
    private var squaredLengths: [Double]
    /// By the smallest index of a cluster; of others nothing is kept.
    private var members: [[Int32]]
    private var labels: [Set<Int32>]
    private var neighbours: [Set<Int32>]
    private var queue = Heap<Link>()

    init(_ table: VectorTable, labels: [Int32], linkage: Float) {
        precondition(labels.count == table.count, "a label for each vector")
        dimension = table.dimension
        limit = linkage * linkage
        sums = table.components.map(Double.init)
        squaredLengths = (0..<table.count).map { index in
            table[index].reduce(0) { $0 + Double($1) * Double($1) }
        }
        members = (0..<table.count).map { [Int32($0)] }
        self.labels = labels.map { [$0] }
        neighbours = Array(repeating: [], count: table.count)
    }

    var clusters: [[Int]] { members.filter { $0.count > 1 }.map { $0.map(Int.init).sorted() } }

    mutating func connect(_ one: Int, _ other: Int, distance: Float) {
        guard labels[one] != labels[other] else { return }
        neighbours[one].insert(Int32(other))
        neighbours[other].insert(Int32(one))
        queue.insert(
            Link(
                squared: distance * distance, one: Int32(one), other: Int32(other), oneSize: 1,
                otherSize: 1))
    }

    mutating func run() {
        while let link = queue.popFirst() {
            let (one, other) = (Int(link.one), Int(link.other))
            // Either has grown or gone since; the newer link is in the queue as well.
            guard members[one].count == link.oneSize, members[other].count == link.otherSize
            else { continue }
            join(one, other)
        }
    }

    /// Joins `other` into `one`, whose first vector comes first.
    private mutating func join(_ one: Int, _ other: Int) {
        for index in 0..<dimension {
            sums[one * dimension + index] += sums[other * dimension + index]
        }
        squaredLengths[one] += squaredLengths[other]
        members[one] += members[other]
        members[other] = []
        labels[one].formUnion(labels[other])
        labels[other] = []
        let around = neighbours[one].union(neighbours[other])
            .subtracting([Int32(one), Int32(other)])
        neighbours[other] = []
        neighbours[one] = []
        for neighbour in around {
            let third = Int(neighbour)
            neighbours[third].remove(Int32(other))
            neighbours[third].remove(Int32(one))
            guard labels[one].isDisjoint(with: labels[third]) else { continue }
            neighbours[one].insert(neighbour)
            neighbours[third].insert(Int32(one))
            note(min(one, third), max(one, third))
        }
    }

    private mutating func note(_ one: Int, _ other: Int) {
        let squared = squaredLink(one, other)
        guard squared <= limit else { return }
        queue.insert(
            Link(
                squared: squared, one: Int32(one), other: Int32(other),
                oneSize: Int32(members[one].count), otherSize: Int32(members[other].count)))
    }

    /// The mean of |a - b|² over both is the mean of |a|² plus that of |b|², less twice the product
    /// of the means.
    private func squaredLink(_ one: Int, _ other: Int) -> Float {
        let (leftCount, rightCount) = (Double(members[one].count), Double(members[other].count))
        let mean =
            squaredLengths[one] / leftCount + squaredLengths[other] / rightCount
            - 2 * product(one, other) / (leftCount * rightCount)
        return Float(max(0, mean))
    }

    private func product(_ one: Int, _ other: Int) -> Double {
        sums.withUnsafeBufferPointer { sums in
            let left = UnsafeRawPointer(sums.baseAddress! + one * dimension)  // Never empty here.
            let right = UnsafeRawPointer(sums.baseAddress! + other * dimension)
            var lanes = SIMD8<Double>.zero
            for start in stride(from: 0, to: dimension * 8, by: 64) {
                lanes +=
                    left.loadUnaligned(fromByteOffset: start, as: SIMD8<Double>.self)
                    * right.loadUnaligned(fromByteOffset: start, as: SIMD8<Double>.self)
            }
            return lanes.sum()
        }
    }
}

/// A binary heap: the smallest element first (Williams 1964).
struct Heap<Element: Comparable> {
    private var elements: [Element] = []

    /// - Complexity: O(log n).
    mutating func insert(_ element: Element) {
        elements.append(element)
        var child = elements.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard elements[child] < elements[parent] else { return }
            elements.swapAt(child, parent)
            child = parent
        }
    }

    /// - Complexity: O(log n).
    mutating func popFirst() -> Element? {
        guard let first = elements.first else { return nil }
        let last = elements.removeLast()
        guard !elements.isEmpty else { return first }
        elements[0] = last
        var parent = 0
        while true {
            var smallest = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < elements.count {
                if elements[child] < elements[smallest] { smallest = child }
            }
            guard smallest != parent else { return first }
            elements.swapAt(smallest, parent)
            parent = smallest
        }
    }
}
