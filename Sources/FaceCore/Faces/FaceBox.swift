/// Where a face lies: fractions 0...1 of the **upright** photo, origin top left.
///
/// A box found at the edge may reach beyond the photo, so a side may be below 0 or above 1.
public struct FaceBox: Hashable, Sendable, Codable {
    public var left: Double
    public var top: Double
    public var width: Double
    public var height: Double

    public init(left: Double, top: Double, width: Double, height: Double) {
        self.left = left
        self.top = top
        self.width = width
        self.height = height
    }

    /// Whether a face can lie there: part of it in the photo, and none of it more than a hundred
    /// times the photo's size beyond. A stored box may be anything.
    public var isSound: Bool {
        let reach = -100.0...100
        return reach.contains(left) && reach.contains(top) && width > 0 && height > 0
            && reach.contains(width) && reach.contains(height)
    }

    public var right: Double { left + width }
    public var bottom: Double { top + height }
    public var area: Double { max(0, width) * max(0, height) }

    /// Intersection over union with `other`: 0 (apart) ... 1 (equal).
    public func overlap(with other: FaceBox) -> Double {
        let shared =
            max(0, min(right, other.right) - max(left, other.left))
            * max(0, min(bottom, other.bottom) - max(top, other.top))
        let union = area + other.area - shared
        return union > 0 ? shared / union : 0
    }

    /// The box in whole pixels of an upright picture of `width` x `height` pixels, inside it.
    public func pixels(width: Int, height: Int) -> (left: Int, top: Int, right: Int, bottom: Int) {
        func inside(_ fraction: Double, _ side: Int) -> Int {
            Int((min(1, max(0, fraction)) * Double(side)).rounded())
        }
        return (
            inside(left, width), inside(top, height), inside(right, width), inside(bottom, height)
        )
    }
}

extension FaceBox: Comparable {
    /// Reading order by position: the order in which the faces of a photo are numbered.
    public static func < (one: Self, other: Self) -> Bool {
        (one.left, one.top, one.width, one.height) < (
            other.left, other.top, other.width, other.height
        )
    }
}
