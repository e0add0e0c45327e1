/// Two vectors that lie close together.
struct NearPair: Hashable, Sendable {
    /// An index among the vectors asked about.
    let first: Int32
    /// An index among the vectors searched.
    let second: Int32
    /// Euclidean.
    let distance: Float
}

extension VectorTable {
    /// Every pair of two of these vectors at most `radius` apart, `first` below `second`; by
    /// `first`, then by `second`.
    ///
    /// - Complexity: O(count²), a nanosecond or two a pair where most of the spread of the vectors
    ///   lies in few directions, as that of face encodings and pictures does.
    func nearPairs(within radius: Float) -> [NearPair] {
        nearPairs(to: self, within: [Float](repeating: radius, count: count), isSame: true)
    }

    /// Every vector of `table` that is at most the radius of a vector of this table away from it;
    /// by `first`, then by `second`.
    ///
    /// - Parameter radii: one for each vector of this table.
    func nearPairs(to table: VectorTable, within radii: [Float]) -> [NearPair] {
        nearPairs(to: table, within: radii, isSame: false)
    }

    /// Below this many pairs every distance is computed; above, the search for directions pays.
    static let fewestPairsToProject = 1 << 20

    /// How many directions vectors are compared in first. Face encodings have 89 % of their
    /// variance in 32 of 128, pictures of 24 x 24 pixels more.
    private static let directionCount = 32

    private func nearPairs(
        to table: VectorTable, within radii: [Float], isSame: Bool
    ) -> [NearPair] {
        precondition(radii.count == count && table.dimension == dimension, "another table's radii")
        guard count > 0, table.count > 0 else { return [] }
        guard count * table.count >= Self.fewestPairsToProject,
            dimension > Self.directionCount
        else { return everyPair(to: table, within: radii, isSame: isSame) }
        let projection = Projection(of: table, directionCount: Self.directionCount)
        return projectedPairs(projection, to: table, within: radii, isSame: isSame)
    }

    private func everyPair(
        to table: VectorTable, within radii: [Float], isSame: Bool
    ) -> [NearPair] {
        var pairs: [NearPair] = []
        withView { mine in
            table.withView { theirs in
                for first in 0..<count {
                    for second in (isSame ? first + 1 : 0)..<table.count {
                        let distance = mine.distance(first, to: second, of: theirs)
                        guard distance <= radii[first] else { continue }
                        pairs.append(
                            NearPair(
                                first: Int32(first), second: Int32(second), distance: distance))
                    }
                }
            }
        }
        return pairs
    }

    /// Compares in few directions, where no distance is larger than the whole one, and computes
    /// the whole distance only of the pairs that are near there: the result is exact.
    private func projectedPairs(
        _ projection: Projection, to table: VectorTable, within radii: [Float], isSame: Bool
    ) -> [NearPair] {
        let columns = ProjectedColumns(table, projection)
        let rows = ProjectedRows(
            self, projection, radii: radii, longestSquared: columns.longestSquared)
        var pairs: [NearPair] = []
        withView { mine in
            table.withView { theirs in
                scan(rows, columns, isSame: isSame) { first, second in
                    guard first < count, second < table.count, !isSame || second > first else {
                        return
                    }
                    let distance = mine.distance(first, to: second, of: theirs)
                    guard distance <= radii[first] else { return }
                    pairs.append(
                        NearPair(first: Int32(first), second: Int32(second), distance: distance))
                }
            }
        }
        return pairs.sorted { ($0.first, $0.second) < ($1.first, $1.second) }
    }
}

/// The directions in which vectors differ most: an orthonormal basis of a few.
///
/// Method: subspace iteration on the covariance of a sample (Bauer 1957). How good the basis is
/// decides how quick a search is, never what it finds.
struct Projection {
    let directionCount: Int
    let dimension: Int
    private let mean: [Float]
    /// `directionCount` rows of `dimension`.
    private let basis: [Float]

    /// The rows by which the covariance is known well enough.
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

    /// The coordinates of a vector in the basis.
    func coordinates(of vector: ArraySlice<Float>) -> [Float] {
        let centred = zip(vector, mean).map { $0 - $1 }
        return (0..<directionCount).map { direction in
            let start = direction * dimension
            var sum: Float = 0
            for index in 0..<dimension { sum += centred[index] * basis[start + index] }
            return sum
        }
    }

    /// Directions that are not likely to be blind to anything: each component one of two values,
    /// drawn by a fixed linear congruence (Knuth's MMIX).
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

    /// Gram-Schmidt, twice over, since once is not enough for nearly parallel vectors. What is
    /// parallel to those before it becomes nothing.
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

/// Projected vectors in tiles of eight, coordinate by coordinate, as eight lanes want them.
private struct ProjectedColumns {
    let tileCount: Int
    let directionCount: Int
    /// Tile by tile, the coordinates of eight vectors side by side.
    let coordinates: [SIMD8<Float>]
    /// The squared lengths; infinite where there is no vector.
    let squaredLengths: [SIMD8<Float>]
    /// The largest of them.
    let longestSquared: Float

    init(_ table: VectorTable, _ projection: Projection) {
        let tileCount = (table.count + 7) / 8
        let directionCount = projection.directionCount
        var coordinates = [SIMD8<Float>](repeating: .zero, count: tileCount * directionCount)
        var lengths = [SIMD8<Float>](repeating: .init(repeating: .infinity), count: tileCount)
        var longest: Float = 0
        for index in 0..<table.count {
            let projected = projection.coordinates(of: table[index])
            for (direction, value) in projected.enumerated() {
                coordinates[index / 8 * directionCount + direction][index % 8] = value
            }
            let length = projected.reduce(0) { $0 + $1 * $1 }
            lengths[index / 8][index % 8] = length
            longest = max(longest, length)
        }
        longestSquared = longest
        self.tileCount = tileCount
        self.directionCount = directionCount
        self.coordinates = coordinates
        squaredLengths = lengths
    }
}

/// Projected vectors one after the other, in blocks of four.
private struct ProjectedRows {
    let blockCount: Int
    let coordinates: [Float]
    /// What twice the product, less the other's squared length, must reach for a pair to be near;
    /// infinite where there is no vector.
    let bounds: [Float]

    /// What rounding may take from a squared distance, as a share of the squared lengths: 32
    /// products of single precision, with room.
    private static let rounding: Float = 1e-5

    init(
        _ table: VectorTable, _ projection: Projection, radii: [Float], longestSquared: Float
    ) {
        blockCount = (table.count + 3) / 4
        var coordinates: [Float] = []
        coordinates.reserveCapacity(blockCount * 4 * projection.directionCount)
        var lengths: [Float] = []
        for index in 0..<table.count {
            let projected = projection.coordinates(of: table[index])
            coordinates += projected
            lengths.append(projected.reduce(0) { $0 + $1 * $1 })
        }
        let slack = Self.rounding * (1 + longestSquared + (lengths.max() ?? 0))
        var bounds = zip(lengths, radii).map { length, radius in
            radius >= 0 ? length - radius * radius - slack : .infinity
        }
        let missing = blockCount * 4 - table.count
        coordinates += [Float](repeating: 0, count: missing * projection.directionCount)
        bounds += [Float](repeating: .infinity, count: missing)
        self.coordinates = coordinates
        self.bounds = bounds
    }
}

/// Calls `found` for every pair that is near in the few directions, and for some that are not.
private func scan(
    _ rows: ProjectedRows, _ columns: ProjectedColumns, isSame: Bool, found: (Int, Int) -> Void
) {
    /// Tiles whose coordinates stay in the first cache while the rows pass by: 32 kB.
    let tilesAtOnce = 32
    let width = columns.directionCount
    rows.coordinates.withUnsafeBufferPointer { rowValues in
        columns.coordinates.withUnsafeBufferPointer { columnValues in
            for start in stride(from: 0, to: columns.tileCount, by: tilesAtOnce) {
                let end = min(columns.tileCount, start + tilesAtOnce)
                for block in 0..<rows.blockCount {
                    if isSame && block * 4 >= end * 8 { break }
                    let row = rowValues.baseAddress.unsafelyUnwrapped + block * 4 * width
                    for tile in max(start, isSame ? block / 2 : 0)..<end {
                        let column = columnValues.baseAddress.unsafelyUnwrapped + tile * width
                        let products = blockProducts(row, column, width: width)
                        let lengths = columns.squaredLengths[tile]
                        report(products.0, lengths, rows, block * 4, tile, found)
                        report(products.1, lengths, rows, block * 4 + 1, tile, found)
                        report(products.2, lengths, rows, block * 4 + 2, tile, found)
                        report(products.3, lengths, rows, block * 4 + 3, tile, found)
                    }
                }
            }
        }
    }
}

/// The products of four rows with the eight columns of a tile.
@inline(__always)
private func blockProducts(
    _ row: UnsafePointer<Float>, _ column: UnsafePointer<SIMD8<Float>>, width: Int
) -> (SIMD8<Float>, SIMD8<Float>, SIMD8<Float>, SIMD8<Float>) {
    var sums = (SIMD8<Float>.zero, SIMD8<Float>.zero, SIMD8<Float>.zero, SIMD8<Float>.zero)
    for direction in 0..<width {
        let values = column[direction]
        sums.0 += values * row[direction]
        sums.1 += values * row[width + direction]
        sums.2 += values * row[2 * width + direction]
        sums.3 += values * row[3 * width + direction]
    }
    return sums
}

/// `|a|² + |b|² - 2ab <= radius²`, sorted so that one comparison of eight lanes decides.
@inline(__always)
private func report(
    _ products: SIMD8<Float>, _ lengths: SIMD8<Float>, _ rows: ProjectedRows, _ row: Int,
    _ tile: Int, _ found: (Int, Int) -> Void
) {
    let reached = products + products - lengths
    guard reached.max() >= rows.bounds[row] else { return }
    for lane in 0..<8 where reached[lane] >= rows.bounds[row] { found(row, tile * 8 + lane) }
}
