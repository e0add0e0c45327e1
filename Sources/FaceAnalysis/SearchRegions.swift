import FaceCore

/// The parts of a picture that need a closer look: squares of a grid, each searched once,
/// neighbours together.
struct SearchRegions {
    /// Side of a square of the grid, in pixels: a few times the size of the faces.
    private static let square = 96
    /// How far, in pixels, a part reaches beyond its squares: a face on their border lies whole in
    /// one of them.
    private static let margin = 64
    /// How far around a face its neighbours may stand, in heights of the face.
    private static let reach = 1.5

    private enum State { case unknown, wanted, searched }

    private let width: Int
    private let height: Int
    private let columns: Int
    private let rows: Int
    private var states: [State]

    /// - Parameters: the picture's sides in pixels.
    init(width: Int, height: Int) {
        self.width = width
        self.height = height
        columns = (width + Self.square - 1) / Self.square
        rows = (height + Self.square - 1) / Self.square
        states = Array(repeating: .unknown, count: columns * rows)
    }

    /// Marks the area around a face.
    mutating func add(around face: FaceBox) {
        let top = face.top * Double(height)
        let bottom = face.bottom * Double(height)
        let left = face.left * Double(width)
        let right = face.right * Double(width)
        let reach = Self.reach * (bottom - top)
        for row in squares(top - reach, bottom + reach, rows) {
            for column in squares(left - reach, right + reach, columns)
            where states[row * columns + column] == .unknown {
                states[row * columns + column] = .wanted
            }
        }
    }

    /// The next part to search, in pixels: from the first marked square, the longest run of marked
    /// squares over as many rows as all are marked. `nil` when all are searched.
    mutating func next() -> PixelRect? {
        guard let first = states.firstIndex(of: .wanted) else { return nil }
        let top = first / columns
        let left = first % columns
        var right = left
        while right < columns, states[top * columns + right] == .wanted { right += 1 }
        var bottom = top
        while bottom < rows,
            states[(bottom * columns + left)..<(bottom * columns + right)]
                .allSatisfy({ $0 == .wanted })
        {
            for index in (bottom * columns + left)..<(bottom * columns + right) {
                states[index] = .searched
            }
            bottom += 1
        }
        return PixelRect(
            left: max(0, left * Self.square - Self.margin),
            top: max(0, top * Self.square - Self.margin),
            right: min(width, right * Self.square + Self.margin),
            bottom: min(height, bottom * Self.square + Self.margin))
    }

    private func squares(_ from: Double, _ to: Double, _ count: Int) -> Range<Int> {
        let first = max(0, min(count - 1, Int(from) / Self.square))
        let last = max(first, min(count - 1, Int(to) / Self.square))
        return first..<(last + 1)
    }
}
