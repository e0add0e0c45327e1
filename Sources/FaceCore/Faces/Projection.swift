/// The directions in which vectors differ most: a small orthonormal basis.
///
/// Method: subspace iteration on the covariance of a sample (Bauer 1957). The quality of the basis
/// decides the speed of a search, never its result.
struct Projection {
    let directionCount: Int
    let dimension: Int
    private let mean: [Float]
    /// `directionCount` rows of `dimension`.
    private let basis: [Float]

    /// This many rows give a good enough covariance.
    private static let sampleCount = 1024
    private static let rounds = 4

    init(of table: VectorTable, directionCount: Int) {
        self.directionCount = directionCount
        dimension = table.dimension
        let step = max(1, table.count / Self.sampleCount)
        let sample = stride(from: 0, to: table.count, by: step).map { Array(table[$0]) }
        var mean = [Float](repeating: 0, count: table.dimension)
        for row in sample { for index in mean.indices { mean[index] += row[index] } }
        for index in mean.indices { mean[index] /= Float(sample.count) }
        self.mean = mean
        let centred = sample.map { row in zip(row, mean).map { $0 - $1 } }
        var directions = Self.start(directionCount, table.dimension)
        for _ in 0..<Self.rounds {
            directions = Self.orthonormal(Self.applyCovariance(of: centred, to: directions))
        }
        basis = directions.flatMap(\.self)
    }

    /// The coordinates of every vector in the basis, vector by vector.
    func coordinates(of table: VectorTable) -> [Float] {
        let origin = (0..<directionCount).map { direction in
            mean.withUnsafeBufferPointer { product($0, 0, direction) }
        }
        return table.components.withUnsafeBufferPointer { components in
            (0..<table.count).flatMap { index in
                (0..<directionCount).map {
                    product(components, index * dimension, $0) - origin[$0]
                }
            }
        }
    }

    private func product(
        _ vectors: UnsafeBufferPointer<Float>, _ start: Int, _ direction: Int
    ) -> Float {
        basis.withUnsafeBytes { basis in
            let vector = UnsafeRawBufferPointer(vectors)
            var sums = SIMD8<Float>.zero
            for offset in stride(from: 0, to: dimension * 4, by: 32) {
                sums +=
                    vector.loadUnaligned(fromByteOffset: start * 4 + offset, as: SIMD8<Float>.self)
                    * basis.loadUnaligned(
                        fromByteOffset: direction * dimension * 4 + offset, as: SIMD8<Float>.self)
            }
            return sums.sum()
        }
    }

    /// Directions unlikely to miss anything: each component one of two values, drawn by a fixed
    /// linear congruence (Knuth's MMIX).
    private static func start(_ count: Int, _ dimension: Int) -> [[Float]] {
        var state: UInt64 = 1
        return orthonormal(
            (0..<count).map { _ in
                (0..<dimension).map { _ in
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    return state >> 63 == 0 ? 1 : -1
                }
            })
    }

    private static func applyCovariance(of rows: [[Float]], to directions: [[Float]]) -> [[Float]] {
        directions.map { direction in
            var result = [Float](repeating: 0, count: direction.count)
            for row in rows {
                var weight: Float = 0
                for index in row.indices { weight += row[index] * direction[index] }
                for index in row.indices { result[index] += weight * row[index] }
            }
            return result
        }
    }

    /// Gram-Schmidt, twice, since once is not enough for nearly parallel vectors. A vector parallel
    /// to those before it becomes zero.
    private static func orthonormal(_ vectors: [[Float]]) -> [[Float]] {
        var done: [[Double]] = []
        for vector in vectors {
            var rest = vector.map(Double.init)
            let length = rest.reduce(0) { $0 + $1 * $1 }.squareRoot()
            for _ in 0..<2 {
                for other in done {
                    let overlap = zip(rest, other).reduce(0) { $0 + $1.0 * $1.1 }
                    for index in rest.indices { rest[index] -= overlap * other[index] }
                }
            }
            let left = rest.reduce(0) { $0 + $1 * $1 }.squareRoot()
            let scale = left > 1e-6 * length ? 1 / left : 0
            done.append(rest.map { $0 * scale })
        }
        return done.map { $0.map(Float.init) }
    }
}
