/// How blurred the edges of a picture are, by itself and place by place.
///
/// The radius is the standard deviation of the Gaussian that would turn a step into such an edge,
/// in pixels of the picture as it was measured. It does not depend on the contrast, so a dark photo
/// is as sharp as a bright one. A blur by motion leaves the edges along it sharp; so edges are
/// judged by the direction in which they rise, and the worst direction counts.
public struct PictureBlur: Hashable, Sendable {
    /// The longer side, in pixels, of the picture that is measured. Blur that cannot be seen at
    /// this size is not seen on a screen; smaller pictures are measured as they are.
    public static let measuredSide = 1000
    /// The number of columns, and of rows, of places.
    public static let side = 16
    /// To the right, down, and both ways between.
    public static let directionCount = 4
    /// A place without edges in a direction.
    public static let noEdges: UInt8 = .max
    /// The unit of ``cells``: this many to a pixel.
    public static let stepsPerPixel: Float = 40

    /// Of the sharpest of the strong edges, in the worst direction; `nil` for a picture without
    /// edges.
    public let radius: Float?
    /// The same for every place and every direction, in steps: direction by direction, each
    /// ``side`` x ``side`` places, top row first; ``noEdges`` where there are none.
    public let cells: [UInt8]

    /// - Returns: `nil` when there are more or fewer cells than places and directions.
    public init?(radius: Float?, cells: [UInt8]) {
        guard cells.count == Self.side * Self.side * Self.directionCount else { return nil }
        self.radius = radius
        self.cells = cells
    }

    /// The radius inside `box`; `nil` when there are no edges.
    ///
    /// Of each direction the sharpest place counts: some part of a sharp face is sharp.
    public func radius(in box: FaceBox) -> Float? {
        func range(_ start: Double, _ end: Double) -> ClosedRange<Int> {
            let first = min(Self.side - 1, max(0, Int((start * Double(Self.side)).rounded(.down))))
            let last = Int((end * Double(Self.side)).rounded(.up)) - 1
            return first...max(first, min(Self.side - 1, last))
        }
        let columns = range(box.left, box.right)
        var worst: UInt8?
        for direction in 0..<Self.directionCount {
            var sharpest = Self.noEdges
            for row in range(box.top, box.bottom) {
                let start = (direction * Self.side + row) * Self.side
                for column in columns { sharpest = min(sharpest, cells[start + column]) }
            }
            if sharpest != Self.noEdges { worst = max(worst ?? 0, sharpest) }
        }
        return worst.map { Float($0) / Self.stepsPerPixel }
    }
}
