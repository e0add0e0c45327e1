/// The one-to-one assignment of rows to columns with the smallest sum of costs.
///
/// A pair whose cost is `nil` is never formed. A row may stay alone at cost 0, so only pairs with a
/// negative cost are worth forming. Among equal sums the result depends only on `costs`: the same
/// input gives the same assignment.
///
/// Method: Hungarian algorithm with potentials (Kuhn 1955, Munkres 1957; shortest augmenting
/// paths after Jonker and Volgenant 1987), on the matrix widened by one private column of cost 0
/// for each row.
///
/// - Parameter costs: one row each, all of the same length.
/// - Returns: for each row its column, or `nil`.
/// - Complexity: O(rows² · (rows + columns)).
public func optimalAssignment(costs: [[Double?]]) -> [Int?] {
    let rowCount = costs.count
    guard rowCount > 0 else { return [] }
    let columnCount = costs[0].count
    precondition(costs.allSatisfy { $0.count == columnCount }, "rows of different lengths")

    let width = columnCount + rowCount
    // Large enough that no sum of real costs outweighs one forbidden pair.
    let forbidden = 1 + 2 * costs.joined().reduce(0) { $0 + abs($1 ?? 0) }
    func cost(_ row: Int, _ column: Int) -> Double {
        guard column < columnCount else { return column - columnCount == row ? 0 : forbidden }
        return costs[row][column] ?? forbidden
    }

    // Columns are counted from 1; column 0 holds the row that is being placed.
    var rowPotential = [Double](repeating: 0, count: rowCount + 1)
    var columnPotential = [Double](repeating: 0, count: width + 1)
    var rowOfColumn = [Int](repeating: 0, count: width + 1)
    for row in 1...rowCount {
        rowOfColumn[0] = row
        var column = 0
        var slack = [Double](repeating: .infinity, count: width + 1)
        var previous = [Int](repeating: 0, count: width + 1)
        var isVisited = [Bool](repeating: false, count: width + 1)
        repeat {
            isVisited[column] = true
            let current = rowOfColumn[column]
            var step = Double.infinity
            var next = 0
            for other in 1...width where !isVisited[other] {
                let reduced =
                    cost(current - 1, other - 1) - rowPotential[current] - columnPotential[other]
                if reduced < slack[other] {
                    slack[other] = reduced
                    previous[other] = column
                }
                if slack[other] < step {
                    step = slack[other]
                    next = other
                }
            }
            for other in 0...width {
                if isVisited[other] {
                    rowPotential[rowOfColumn[other]] += step
                    columnPotential[other] -= step
                } else {
                    slack[other] -= step
                }
            }
            column = next
        } while rowOfColumn[column] != 0
        while column != 0 {
            rowOfColumn[column] = rowOfColumn[previous[column]]
            column = previous[column]
        }
    }

    var result = [Int?](repeating: nil, count: rowCount)
    for column in 1...width where rowOfColumn[column] != 0 && column <= columnCount {
        let row = rowOfColumn[column] - 1
        if costs[row][column - 1] != nil { result[row] = column - 1 }
    }
    return result
}
