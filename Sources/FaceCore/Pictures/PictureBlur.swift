/// How blurred the edges of a picture are, overall and place by place.
///
/// The radius is the standard deviation of the Gaussian that would turn a step into such an edge,
/// in pixels of the measured picture. It does not depend on the contrast: a dark photo is as sharp
/// as a bright one. Motion blur leaves the edges along it sharp, so edges are judged by the
/// direction in which they rise, and the worst direction counts.
public struct PictureBlur: Hashable, Sendable {
    /// The longer side, in pixels, of the measured picture. Blur that is invisible at this size is
    /// invisible on a screen; smaller pictures are measured as they are.
    public static let measuredSide = 1000
    /// The number of columns, and of rows, of places.
    public static let side = 16
    /// To the right, down, and the two diagonals.
    public static let directionCount = 4
    /// A place without edges in a direction.
    public static let noEdges: UInt8 = .max
    /// The unit of ``cells``: this many to a pixel.
    public static let stepsPerPixel: Float = 40

    /// Of the sharpest strong edges, in the worst direction; `nil` for a picture without edges.
    public let radius: Float?
    /// First the radius for every place and direction, in steps: direction by direction, each
    /// ``side`` x ``side`` places, top row first; ``noEdges`` where there are none. Then, in the
    /// same order, the steepness of those edges, in grey levels per pixel.
    public let cells: [UInt8]

    /// The number of ``cells``.
    public static let cellCount = 2 * side * side * directionCount

    /// - Returns: `nil` unless there are ``cellCount`` cells.
    public init?(radius: Float?, cells: [UInt8]) {
        guard cells.count == Self.cellCount else { return nil }
        self.radius = radius
        self.cells = cells
    }

    /// The radius inside `box`; `nil` when there are no edges.
    ///
    /// In the worst direction, the sharpest of the places with the steepest edges: part of a sharp
    /// face is sharp, and flat edges beside steep ones are noise.
    public func radius(in box: FaceBox) -> Float? {
        let places = places(in: box)
        var worst: UInt8?
        for direction in 0..<Self.directionCount {
            let start = direction * Self.side * Self.side
            let steepest = places.map { steepness(start + $0) }.max() ?? 0
            guard steepest > 0 else { continue }
            let steep = places.filter {
                Float(steepness(start + $0)) >= Self.steepShare * Float(steepest)
            }
            if let sharpest = steep.map({ cells[start + $0] }).min() {
                worst = max(worst ?? 0, sharpest)
            }
        }
        return worst.map { Float($0) / Self.stepsPerPixel }
    }

    /// Edges at least this steep count, as a fraction of the steepest.
    private static let steepShare: Float = 0.5

    private func steepness(_ index: Int) -> UInt8 {
        cells[index] == Self.noEdges ? 0 : cells[Self.cellCount / 2 + index]
    }

    private func places(in box: FaceBox) -> [Int] {
        func range(_ start: Double, _ end: Double) -> ClosedRange<Int> {
            let first = min(Self.side - 1, max(0, Int((start * Double(Self.side)).rounded(.down))))
            let last = Int((end * Double(Self.side)).rounded(.up)) - 1
            return first...max(first, min(Self.side - 1, last))
        }
        let columns = range(box.left, box.right)
        return range(box.top, box.bottom).flatMap { row in columns.map { row * Self.side + $0 } }
    }
}
