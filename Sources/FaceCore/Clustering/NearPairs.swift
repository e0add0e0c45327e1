internal import Synchronization

/// Two vectors that lie close together.
struct NearPair: Hashable, Sendable {
    /// An index into the vectors asked about.
    let first: Int32
    /// An index into the vectors searched.
    let second: Int32
    /// Euclidean.
    let distance: Float
}

/// How many pairs a search may find: if all vectors lie together there are half their square.
enum PairLimit: Sendable {
    case none
    /// The search stops if there are more in all.
    case inAll(Int)
    /// Only this many pairs for each vector asked about, those with the smallest `second`.
    case ofEach(Int)
}

extension VectorTable {
    /// All pairs of these vectors at most `radius` apart, `first` below `second`; sorted by
    /// `first`, then by `second`.
    ///
    /// - Complexity: O(count²), a few nanoseconds a pair where most of the spread of the vectors
    ///   lies in few directions, as with face encodings and pictures; memory for the result, which
    ///   is the square of the count where all are alike.
    func nearPairs(within radius: Float) -> [NearPair] {
        nearPairs(within: [Float](repeating: radius, count: count))
    }

    /// Pairs of these vectors at most the radius of the first apart, `first` below `second`; sorted
    /// by `first`, then by `second`.
    ///
    /// - Parameter radii: one for each vector.
    func nearPairs(within radii: [Float]) -> [NearPair] {
        nearPairs(to: self, within: radii, isForward: true, .none) ?? []
    }

    /// The same, but `nil` for more than `most` pairs.
    func nearPairs(within radii: [Float], atMost most: Int) -> [NearPair]? {
        nearPairs(to: self, within: radii, isForward: true, .inAll(most))
    }

    /// All pairs of these vectors no farther apart than the radius of the first; for each vector
    /// only the `most` with the smallest `second`.
    func nearPairs(within radii: [Float], mostOfEach most: Int) -> [NearPair] {
        nearPairs(to: self, within: radii, isForward: true, .ofEach(most)) ?? []
    }

    /// All vectors of `table` that lie within the radius of a vector of this table; sorted by
    /// `first`, then by `second`.
    ///
    /// - Parameters:
    ///   - radii: one for each vector of this table.
    ///   - isWanted: whether to include a pair, by `first` and `second`.
    func nearPairs(
        to table: VectorTable, within radii: [Float],
        where isWanted: @Sendable (Int, Int) -> Bool = { _, _ in true }
    ) -> [NearPair] {
        nearPairs(to: table, within: radii, isForward: false, .none, isWanted) ?? []
    }

    /// The pairs of a vector of this table and one of `table` with a larger index at most `radius`
    /// apart: all of them, or if they are more than ``mostPairs(among:)``, a share for each vector.
    /// The share holds those that follow it most closely, so that vectors that are all alike form a
    /// chain.
    func chainedPairs(
        to table: VectorTable? = nil, within radius: Float, atMost most: Int? = nil
    ) -> [NearPair] {
        guard count > 0 else { return [] }
        let (table, most) = (table ?? self, most ?? Self.mostPairs(among: count))
        let radii = [Float](repeating: radius, count: count)
        return nearPairs(to: table, within: radii, isForward: true, .inAll(most))
            ?? nearPairs(to: table, within: radii, isForward: true, .ofEach(max(1, most / count)))
            ?? []
    }

    /// How many pairs are kept for this many vectors: all for the first 2,900; for very many,
    /// enough for each that an event's own groups of like pictures are whole.
    static func mostPairs(among count: Int) -> Int { max(1 << 22, 128 * count) }

    /// Below this many pairs every distance is computed; above, projecting first is faster.
    static let fewestPairsToProject = 1 << 20

    /// How many directions are compared first. Face encodings have 89 % of their
    /// variance in 32 of 128.
    private static let directionCount = 32

    /// - Parameter isForward: whether to return only pairs whose `second` is above `first`.
    /// - Returns: `nil` for more pairs than ``PairLimit/inAll(_:)`` allows.
    private func nearPairs(
        to table: VectorTable, within radii: [Float], isForward: Bool, _ limit: PairLimit,
        _ isWanted: @Sendable (Int, Int) -> Bool = { _, _ in true }
    ) -> [NearPair]? {
        precondition(radii.count == count && table.dimension == dimension, "another table's radii")
        guard count > 0, table.count > 0 else { return [] }
        if case .ofEach(0) = limit { return [] }
        let search = PairSearch(
            rows: self, columns: table, radii: radii, isForward: isForward, limit: limit)
        guard count * table.count >= Self.fewestPairsToProject,
            dimension > Self.directionCount
        else { return search.everyPair(where: isWanted) }
        return search.projectedPairs(
            Projection(of: table, directionCount: Self.directionCount), where: isWanted)
    }
}

/// One search for pairs.
private struct PairSearch: Sendable {
    let rows: VectorTable
    let columns: VectorTable
    let radii: [Float]
    let isForward: Bool
    let limit: PairLimit

    private var mostOfEach: Int { if case .ofEach(let most) = limit { most } else { .max } }
    private var mostInAll: Int { if case .inAll(let most) = limit { most } else { .max } }

    func everyPair(where isWanted: (Int, Int) -> Bool) -> [NearPair]? {
        let (mostOfEach, mostInAll) = (mostOfEach, mostInAll)
        var pairs: [NearPair] = []
        rows.withView { mine in
            columns.withView { theirs in
                for first in 0..<rows.count where pairs.count <= mostInAll {
                    var left = mostOfEach
                    let start = isForward ? min(first + 1, columns.count) : 0
                    for second in start..<columns.count where left > 0 {
                        let distance = mine.distance(first, to: second, of: theirs)
                        guard distance <= radii[first], isWanted(first, second) else { continue }
                        left -= 1
                        pairs.append(
                            NearPair(
                                first: Int32(first), second: Int32(second), distance: distance))
                    }
                }
            }
        }
        return pairs.count <= mostInAll ? pairs : nil
    }

    /// Compares in few directions, where no distance is larger than the full one, and computes the
    /// full distance only of pairs that are near there: the result is exact.
    func projectedPairs(
        _ projection: Projection, where isWanted: @Sendable (Int, Int) -> Bool
    ) -> [NearPair]? {
        let projectedColumns = ProjectedColumns(columns, projection)
        let projectedRows = ProjectedRows(
            rows, projection, radii: radii, longestSquared: projectedColumns.longestSquared)
        let parts = stride(from: 0, to: projectedRows.blockCount, by: Self.blocksInPart).map {
            start in start..<min(projectedRows.blockCount, start + Self.blocksInPart)
        }
        let foundCount = Atomic<Int>(0)
        let found = concurrentMap(parts) { blocks in
            pairs(in: blocks, of: projectedRows, projectedColumns, where: isWanted) { isFound in
                guard mostInAll < .max else { return true }
                let count =
                    isFound
                    ? foundCount.wrappingAdd(1, ordering: .relaxed).newValue
                    : foundCount.load(ordering: .relaxed)
                return count <= mostInAll
            }
        }
        return foundCount.load(ordering: .relaxed) <= mostInAll ? found.flatMap(\.self) : nil
    }

    /// Rows that one core searches at a time: enough to make up for the start, few enough to keep
    /// all cores busy till the end.
    private static let blocksInPart = 256

    /// - Parameter mayGoOn: whether there may be more pairs; called with `true` for each found.
    private func pairs(
        in blocks: Range<Int>, of projectedRows: ProjectedRows,
        _ projectedColumns: ProjectedColumns, where isWanted: (Int, Int) -> Bool,
        mayGoOn: (_ isFound: Bool) -> Bool
    ) -> [NearPair] {
        var pairs: [NearPair] = []
        let size = ProjectedRows.blockSize
        let start = blocks.lowerBound * size
        var left = [Int](repeating: mostOfEach, count: blocks.count * size)
        rows.withView { mine in
            columns.withView { theirs in
                scan(blocks, of: projectedRows, projectedColumns, isForward: isForward) { block in
                    let row = block * size - start
                    return (row..<row + size).contains { left[$0] > 0 } && mayGoOn(false)
                } found: { first, second in
                    guard first < rows.count, second < columns.count,
                        !isForward || second > first, left[first - start] > 0
                    else { return }
                    let distance = mine.distance(first, to: second, of: theirs)
                    guard distance <= radii[first], isWanted(first, second), mayGoOn(true) else {
                        return
                    }
                    left[first - start] -= 1
                    pairs.append(
                        NearPair(first: Int32(first), second: Int32(second), distance: distance))
                }
            }
        }
        return pairs.sorted { ($0.first, $0.second) < ($1.first, $1.second) }
    }
}

/// The number of vectors compared with one at once; a CPU with lanes of four or eight takes several
/// steps, which do not wait for one another.
private typealias Lanes = SIMD16<Float>

/// Projected vectors in tiles of sixteen, coordinate by coordinate, one for each lane.
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
    /// A pair is near when twice the product, minus the other's squared length, reaches this;
    /// infinite where there is no vector.
    let bounds: [Float]

    static let blockSize = 2

    /// What rounding may take from a squared distance, as a share of the squared lengths: 32
    /// products in single precision, with room.
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

/// Calls `found` for every pair that is near in the few directions, and for some that are not; for
/// each row in the order of the columns.
///
/// - Parameter isWanted: whether a block's rows need more.
private func scan(
    _ blocks: Range<Int>, of rows: ProjectedRows, _ columns: ProjectedColumns, isForward: Bool,
    isWanted: (Int) -> Bool, found: (Int, Int) -> Void
) {
    /// Tiles that stay in the first cache while the rows pass by: 16 kB.
    let tilesAtOnce = 8
    let width = columns.directionCount
    let size = ProjectedRows.blockSize
    rows.coordinates.withUnsafeBufferPointer { rowValues in
        columns.coordinates.withUnsafeBufferPointer { columnValues in
            for start in stride(from: 0, to: columns.tileCount, by: tilesAtOnce) {
                let end = min(columns.tileCount, start + tilesAtOnce)
                for block in blocks {
                    // Tiles before the block: already compared from the other side.
                    let first = isForward ? max(start, block * size / Lanes.scalarCount) : start
                    guard first < end else { break }
                    guard isWanted(block) else { continue }
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

/// `|a|² + |b|² - 2ab <= radius²`, rearranged so that one comparison of all lanes decides.
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
