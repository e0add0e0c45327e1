/// Vectors of one length, contiguous in memory, so that very many can be compared.
struct VectorTable: Sendable {
    /// The length of each vector; a multiple of 8.
    let dimension: Int
    let count: Int
    /// `count` times `dimension` numbers.
    let components: [Float]

    /// - Precondition: every vector has `dimension` components, a multiple of 8.
    init(dimension: Int, _ vectors: some Sequence<[Float]>) {
        precondition(dimension > 0 && dimension.isMultiple(of: 8), "no whole lanes")
        var components: [Float] = []
        components.reserveCapacity(vectors.underestimatedCount * dimension)
        for vector in vectors {
            precondition(vector.count == dimension, "vectors of different lengths")
            components += vector
        }
        self.dimension = dimension
        self.components = components
        count = components.count / dimension
    }

    init(_ encodings: some Sequence<FaceEncoding>) {
        self.init(dimension: FaceEncoding.dimension, encodings.lazy.map(\.components))
    }

    /// - Parameter components: vector by vector.
    init(dimension: Int, components: [Float]) {
        precondition(dimension > 0 && dimension.isMultiple(of: 8), "no whole lanes")
        precondition(components.count.isMultiple(of: dimension), "vectors of different lengths")
        self.dimension = dimension
        self.components = components
        count = components.count / dimension
    }

    /// The vector with this index.
    subscript(index: Int) -> ArraySlice<Float> {
        components[index * dimension..<(index + 1) * dimension]
    }

    /// The indices of equal vectors, two or more at a time, sorted; by their first.
    var equalVectors: [[Int]] {
        let order = components.withUnsafeBufferPointer { components in
            func rank(_ one: Int, _ other: Int) -> Int {
                for axis in 0..<dimension {
                    let here = components[one * dimension + axis]
                    let there = components[other * dimension + axis]
                    if here != there { return here < there ? -1 : 1 }
                }
                return 0
            }
            return (0..<count).sorted { one, other in
                let rank = rank(one, other)
                return rank == 0 ? one < other : rank < 0
            }.chunked { rank($0, $1) == 0 }
        }
        return order.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
    }

    /// The mean of each group of vectors, and the mean squared distance of its vectors from it.
    ///
    /// - Parameters:
    ///   - groups: indices, none of them empty.
    ///   - weights: how much each vector counts; all the same when empty.
    func moments(
        of groups: [[Int]], weights: [Float] = []
    ) -> (means: VectorTable, scatters: [Float]) {
        var components: [Float] = []
        components.reserveCapacity(groups.count * dimension)
        var scatters: [Float] = []
        scatters.reserveCapacity(groups.count)
        for group in groups {
            guard group.count > 1 else {
                components += self[group[0]]
                scatters.append(0)
                continue
            }
            let (mean, scatter) = moments(of: group, weights)
            components += mean
            scatters.append(scatter)
        }
        return (VectorTable(dimension: dimension, components: components), scatters)
    }

    /// The same for one group of two or more.
    private func moments(of group: [Int], _ weights: [Float]) -> (mean: [Float], scatter: Float) {
        var mean = [Float](repeating: 0, count: dimension)
        var squares: Float = 0
        let total = weights.isEmpty ? Float(group.count) : group.reduce(0) { $0 + weights[$1] }
        components.withUnsafeBufferPointer { components in
            for member in group {
                let start = member * dimension
                let weight = weights.isEmpty ? 1 : weights[member]
                for axis in 0..<dimension { mean[axis] += weight * components[start + axis] }
            }
            for axis in 0..<dimension { mean[axis] /= total }
            for member in group {
                let start = member * dimension
                let weight = weights.isEmpty ? 1 : weights[member]
                for axis in 0..<dimension {
                    let difference = components[start + axis] - mean[axis]
                    squares += weight * difference * difference
                }
            }
        }
        return (mean, squares / total)
    }

    /// Calls `body` with a view that compares vectors without checking bounds.
    func withView<Result>(_ body: (View) -> Result) -> Result {
        components.withUnsafeBufferPointer { body(View(dimension: dimension, components: $0)) }
    }

    /// The vectors, to be compared; valid inside ``withView(_:)`` only.
    struct View {
        fileprivate let dimension: Int
        fileprivate let components: UnsafeBufferPointer<Float>

        /// The Euclidean distance between vector `one` and vector `other` of `table`; equal to
        /// ``FaceEncoding/distance(to:)`` to the last bit.
        @inline(__always)
        func distance(_ one: Int, to other: Int, of table: View) -> Float {
            let here = components.baseAddress.unsafelyUnwrapped + one * dimension
            let there = table.components.baseAddress.unsafelyUnwrapped + other * dimension
            return squaredDistance(here, there, count: dimension).squareRoot()
        }

        @inline(__always)
        func distance(_ one: Int, to other: Int) -> Float { distance(one, to: other, of: self) }
    }
}

/// The squared Euclidean distance of two vectors of `count` components, a multiple of 8.
///
/// Eight lanes, always added in the same order: quick, and the same on every CPU.
@inline(__always)
func squaredDistance(
    _ one: UnsafePointer<Float>, _ other: UnsafePointer<Float>, count: Int
) -> Float {
    let one = UnsafeRawPointer(one)
    let other = UnsafeRawPointer(other)
    var sums = SIMD8<Float>.zero
    for start in stride(from: 0, to: count * 4, by: 32) {
        let difference =
            one.loadUnaligned(fromByteOffset: start, as: SIMD8<Float>.self)
            - other.loadUnaligned(fromByteOffset: start, as: SIMD8<Float>.self)
        sums += difference * difference
    }
    return sums.sum()
}
