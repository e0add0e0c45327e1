import FaceCore
import TestSupport
import Testing

@Suite struct AssignmentTests {
    /// The smallest possible sum, found by trying every assignment.
    private func smallestSum(_ costs: [[Double?]], row: Int = 0, taken: Set<Int> = []) -> Double {
        guard row < costs.count else { return 0 }
        var best = smallestSum(costs, row: row + 1, taken: taken)
        for (column, cost) in costs[row].enumerated() where !taken.contains(column) {
            guard let cost else { continue }
            let rest = smallestSum(costs, row: row + 1, taken: taken.union([column]))
            best = min(best, cost + rest)
        }
        return best
    }

    private func sum(_ assignment: [Int?], _ costs: [[Double?]]) -> Double {
        zip(assignment, costs).reduce(0) { sum, pair in
            sum + (pair.0.map { pair.1[$0] ?? .infinity } ?? 0)
        }
    }

    private func isValid(_ assignment: [Int?], _ costs: [[Double?]]) -> Bool {
        let columns = assignment.compactMap(\.self)
        return assignment.count == costs.count && Set(columns).count == columns.count
            && zip(assignment, costs).allSatisfy { column, row in
                column.map { row[$0] != nil } ?? true
            }
    }

    @Test("The assignment is as good as the best of all assignments", arguments: 1...300)
    func oracle(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let rowCount = Int.random(in: 1...5, using: &random)
        let columnCount = Int.random(in: 0...5, using: &random)
        // Whole numbers make ties; fractions make none. Costs above 0 are never worth a pair.
        let isWhole = seed.isMultiple(of: 2)
        let costs: [[Double?]] = (0..<rowCount).map { _ in
            (0..<columnCount).map { _ in
                if Int.random(in: 0..<3, using: &random) == 0 { return nil }
                return isWhole
                    ? Double(Int.random(in: -3...1, using: &random))
                    : Double.random(in: -0.5...0.1, using: &random)
            }
        }
        let assignment = optimalAssignment(costs: costs)
        #expect(isValid(assignment, costs))
        // Sums of at most five numbers of about 1: rounding stays far below this.
        #expect(abs(sum(assignment, costs) - smallestSum(costs)) < 1e-12)
        #expect(optimalAssignment(costs: costs) == assignment)
    }

    @Test("Nothing to assign is assigned to nothing")
    func empty() {
        #expect(optimalAssignment(costs: []) == [])
        #expect(optimalAssignment(costs: [[], []]) == [nil, nil])
        #expect(optimalAssignment(costs: [[nil, nil]]) == [nil])
    }

    @Test("A pair that costs more than nothing is not formed, nor one that is forbidden")
    func worthless() {
        #expect(optimalAssignment(costs: [[0.5]]) == [nil])
        #expect(optimalAssignment(costs: [[nil, 2], [-1, 3]]) == [nil, 0])
    }

    @Test("A row gives way where that improves the sum")
    func givesWay() {
        #expect(optimalAssignment(costs: [[-5, -4], [-5, nil]]) == [1, 0])
        #expect(optimalAssignment(costs: [[-5, -1], [-3, nil]]) == [0, nil])
    }

    @Test("Fifty faces and two hundred people are assigned, each person once")
    func large() {
        var random = SplitMix64(seed: 4)
        let costs: [[Double?]] = (0..<50).map { _ in
            (0..<200).map { _ in
                Double.random(in: 0...1, using: &random) < 0.9
                    ? nil : Double.random(in: -0.5...0, using: &random)
            }
        }
        #expect(isValid(optimalAssignment(costs: costs), costs))
    }
}
