/// By how many quarter turns a picture is turned clockwise.
enum QuarterTurn: Int, Hashable, Sendable, CaseIterable {
    case none, right, half, left

    /// Whether it makes a wide picture a tall one.
    var isSideways: Bool { self == .right || self == .left }

    /// The turn that undoes this one.
    var inverse: QuarterTurn { QuarterTurn.none.relative(to: self) }

    func followed(by other: QuarterTurn) -> QuarterTurn {
        QuarterTurn(rawValue: (rawValue + other.rawValue) % 4)!  // No nil: 0...3.
    }

    /// This turn after `other` was undone.
    func relative(to other: QuarterTurn) -> QuarterTurn {
        QuarterTurn(rawValue: (rawValue - other.rawValue + 4) % 4)!  // No nil: 0...3.
    }

    /// Where the value at `row` and `column` of a turned square comes from.
    private func source(row: Int, column: Int, side: Int) -> (row: Int, column: Int) {
        switch self {
        case .none: (row, column)
        case .right: (side - 1 - column, row)
        case .half: (side - 1 - row, side - 1 - column)
        case .left: (column, side - 1 - row)
        }
    }

    /// A square of `side` x `side` values, turned.
    func turned<Value>(_ values: [Value], side: Int) -> [Value] {
        guard self != .none else { return values }
        return (0..<side * side).map { index in
            let from = source(row: index / side, column: index % side, side: side)
            return values[from.row * side + from.column]
        }
    }

    /// The box's place in the turned picture.
    func turned(_ box: FaceBox) -> FaceBox {
        switch self {
        case .none: box
        case .right:
            FaceBox(left: 1 - box.bottom, top: box.left, width: box.height, height: box.width)
        case .half:
            FaceBox(
                left: 1 - box.right, top: 1 - box.bottom, width: box.width, height: box.height)
        case .left:
            FaceBox(left: box.top, top: 1 - box.right, width: box.height, height: box.width)
        }
    }
}
