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
    /// - Complexity: O(count²), a few nanoseconds a pair where most of the spread of the vectors
    ///   lies in few directions, as that of face encodings and pictures does.
    func nearPairs(within radius: Float) -> [NearPair] {
        nearPairs(to: self, within: [Float](repeating: radius, count: count), isSame: true)
    }

    /// Every pair of two of these vectors at most the radius of the first apart, `first` below
    /// `second`; by `first`, then by `second`.
    ///
    /// - Parameter radii: one for each vector.
    func nearPairs(within radii: [Float]) -> [NearPair] {
        nearPairs(to: self, within: radii, isSame: true)
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
    /// variance in 32 of 128.
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
        let parts = stride(from: 0, to: rows.blockCount, by: Self.blocksInPart).map { start in
            start..<min(rows.blockCount, start + Self.blocksInPart)
        }
        return inParts(parts) { blocks in
            pairs(in: blocks, of: rows, columns, table, radii, isSame: isSame)
        }.flatMap(\.self)
    }

    /// Rows that one core searches at a time: enough to make up for the start, few enough that all
    /// cores have something to do till the end.
    private static let blocksInPart = 256

    private func pairs(
        in blocks: Range<Int>, of rows: ProjectedRows, _ columns: ProjectedColumns,
        _ table: VectorTable, _ radii: [Float], isSame: Bool
    ) -> [NearPair] {
        var pairs: [NearPair] = []
        withView { mine in
            table.withView { theirs in
                scan(blocks, of: rows, columns, isSame: isSame) { first, second in
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

/// As many vectors are compared with one at once; on a CPU with lanes of four or eight it is several
/// steps, which do not wait for one another.
private typealias Lanes = SIMD16<Float>

/// Projected vectors in tiles of sixteen, coordinate by coordinate, as the lanes want them.
private struct ProjectedColumns {
    let tileCount: Int
    let directionCount: Int
    /// Tile by tile, the coordinates of sixteen vectors side by side.
    let coordinates: [Lanes]
    /// The squared lengths; infinite where there is no vector.
    let squaredLengths: [Lanes]
    /// The largest of them.
    let longestSquared: Float

    init(_ table: VectorTable, _ projection: Projection) {
        let width = Lanes.scalarCount
        let tileCount = (table.count + width - 1) / width
        let directionCount = projection.directionCount
        let projected = projection.coordinates(of: table)
        var coordinates = [Lanes](repeating: .zero, count: tileCount * directionCount)
        var lengths = [Lanes](repeating: Lanes(repeating: .infinity), count: tileCount)
        var longest: Float = 0
        for index in 0..<table.count {
            var length: Float = 0
            for direction in 0..<directionCount {
                let value = projected[index * directionCount + direction]
                coordinates[index / width * directionCount + direction][index % width] = value
                length += value * value
            }
            lengths[index / width][index % width] = length
            longest = max(longest, length)
        }
        longestSquared = longest
        self.tileCount = tileCount
        self.directionCount = directionCount
        self.coordinates = coordinates
        squaredLengths = lengths
    }
}

/// Projected vectors one after the other, in blocks of two.
private struct ProjectedRows {
    let blockCount: Int
    let coordinates: [Float]
    /// What twice the product, less the other's squared length, must reach for a pair to be near;
    /// infinite where there is no vector.
    let bounds: [Float]

    static let blockSize = 2

    /// What rounding may take from a squared distance, as a share of the squared lengths: 32
    /// products of single precision, with room.
    private static let rounding: Float = 1e-5

    init(
        _ table: VectorTable, _ projection: Projection, radii: [Float], longestSquared: Float
    ) {
        blockCount = (table.count + Self.blockSize - 1) / Self.blockSize
        var coordinates = projection.coordinates(of: table)
        let width = projection.directionCount
        let lengths = (0..<table.count).map { index in
            coordinates[index * width..<(index + 1) * width].reduce(0) { $0 + $1 * $1 }
        }
        let slack = Self.rounding * (1 + longestSquared + (lengths.max() ?? 0))
        var bounds = zip(lengths, radii).map { length, radius in
            radius >= 0 ? length - radius * radius - slack : .infinity
        }
        let missing = blockCount * Self.blockSize - table.count
        coordinates += [Float](repeating: 0, count: missing * width)
        bounds += [Float](repeating: .infinity, count: missing)
        self.coordinates = coordinates
        self.bounds = bounds
    }
}

/// Calls `found` for every pair that is near in the few directions, and for some that are not.
private func scan(
    _ blocks: Range<Int>, of rows: ProjectedRows, _ columns: ProjectedColumns, isSame: Bool,
    found: (Int, Int) -> Void
) {
    /// Tiles whose coordinates stay in the first cache while the rows pass by: 16 kB.
    let tilesAtOnce = 8
    let width = columns.directionCount
    let size = ProjectedRows.blockSize
    rows.coordinates.withUnsafeBufferPointer { rowValues in
        columns.coordinates.withUnsafeBufferPointer { columnValues in
            for start in stride(from: 0, to: columns.tileCount, by: tilesAtOnce) {
                let end = min(columns.tileCount, start + tilesAtOnce)
                for block in blocks {
                    // What comes before the block was compared from the other side.
                    let first = isSame ? max(start, block * size / Lanes.scalarCount) : start
                    guard first < end else { break }
                    let row = rowValues.baseAddress.unsafelyUnwrapped + block * size * width
                    let bounds = (rows.bounds[block * size], rows.bounds[block * size + 1])
                    for tile in first..<end {
                        let column = columnValues.baseAddress.unsafelyUnwrapped + tile * width
                        let products = twoProducts(row, column, width: width)
                        let lengths = columns.squaredLengths[tile]
                        report(products.0, lengths, bounds.0, block * size, tile, found)
                        report(products.1, lengths, bounds.1, block * size + 1, tile, found)
                    }
                }
            }
        }
    }
}

/// The products of two rows with the columns of a tile.
@inline(__always)
private func twoProducts(
    _ row: UnsafePointer<Float>, _ column: UnsafePointer<Lanes>, width: Int
) -> (Lanes, Lanes) {
    var sums = (Lanes.zero, Lanes.zero)
    for direction in 0..<width {
        let values = column[direction]
        sums.0 += values * row[direction]
        sums.1 += values * row[width + direction]
    }
    return sums
}

/// `|a|² + |b|² - 2ab <= radius²`, sorted so that one comparison of all lanes decides.
@inline(__always)
private func report(
    _ products: Lanes, _ lengths: Lanes, _ bound: Float, _ row: Int, _ tile: Int,
    _ found: (Int, Int) -> Void
) {
    let near = (products + products - lengths) .>= Lanes(repeating: bound)
    guard any(near) else { return }
    for lane in 0..<Lanes.scalarCount where near[lane] {
        found(row, tile * Lanes.scalarCount + lane)
    }
}
