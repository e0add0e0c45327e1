/// A picture in memory: RGB, 8 bits, interleaved, top row first, rows without padding.
struct Raster: Sendable {
    let width: Int
    let height: Int
    var samples: [UInt8]

    init(width: Int, height: Int, samples: [UInt8]? = nil) {
        self.width = width
        self.height = height
        self.samples = samples ?? [UInt8](repeating: 0, count: width * height * 3)
        precondition(self.samples.count == width * height * 3)
    }

    /// The picture at another size: Catmull-Rom when enlarged, the same kernel widened to an
    /// average when made smaller, so that neither steps nor moiré mislead a detector.
    func scaled(width newWidth: Int, height newHeight: Int) -> Raster {
        let columns = Kernel(from: width, to: newWidth)
        let rows = Kernel(from: height, to: newHeight)
        var narrowed = [Float](repeating: 0, count: newWidth * height * 3)
        for y in 0..<height {
            for x in 0..<newWidth {
                var red: Float = 0
                var green: Float = 0
                var blue: Float = 0
                for tap in 0..<columns.tapCount {
                    let weight = columns.weights[x * columns.tapCount + tap]
                    let source = (y * width + columns.position(x, tap)) * 3
                    red += weight * Float(samples[source])
                    green += weight * Float(samples[source + 1])
                    blue += weight * Float(samples[source + 2])
                }
                let target = (y * newWidth + x) * 3
                narrowed[target] = red
                narrowed[target + 1] = green
                narrowed[target + 2] = blue
            }
        }
        var result = Raster(width: newWidth, height: newHeight)
        let rowLength = newWidth * 3
        var sums = [Float](repeating: 0, count: rowLength)
        for y in 0..<newHeight {
            for x in 0..<rowLength { sums[x] = 0 }
            for tap in 0..<rows.tapCount {
                let weight = rows.weights[y * rows.tapCount + tap]
                let source = rows.position(y, tap) * rowLength
                for x in 0..<rowLength { sums[x] += weight * narrowed[source + x] }
            }
            for x in 0..<rowLength {
                result.samples[y * rowLength + x] = UInt8(max(0, min(255, sums[x].rounded())))
            }
        }
        return result
    }

    /// The picture turned by 90 degrees against the clock, as a camera held upright stores it.
    func turnedLeft() -> Raster {
        var result = Raster(width: height, height: width)
        for y in 0..<height {
            for x in 0..<width {
                let source = (y * width + x) * 3
                let target = ((width - 1 - x) * height + y) * 3
                for channel in 0..<3 {
                    result.samples[target + channel] = samples[source + channel]
                }
            }
        }
        return result
    }

    /// The picture upside down (turned by 180 degrees).
    func turnedOver() -> Raster {
        var result = self
        let last = width * height - 1
        for pixel in 0...last {
            for channel in 0..<3 {
                result.samples[(last - pixel) * 3 + channel] = samples[pixel * 3 + channel]
            }
        }
        return result
    }

    /// Lays `patch` over the picture, its top left corner at (`left`, `top`).
    ///
    /// The outer `softEdge` (a fraction of the patch's side) fades into what is below: a hard edge
    /// is a line that no photo has, right beside the face.
    /// - Precondition: the patch lies inside the picture.
    mutating func lay(_ patch: Raster, left: Int, top: Int, softEdge: Double, gain: Double) {
        precondition(left >= 0 && top >= 0)
        precondition(left + patch.width <= width && top + patch.height <= height)
        let fade = max(1, softEdge * Double(patch.width))
        for y in 0..<patch.height {
            let fromTop = Double(min(y, patch.height - 1 - y)) + 0.5
            for x in 0..<patch.width {
                let fromSide = Double(min(x, patch.width - 1 - x)) + 0.5
                let across = min(1, fromSide / fade)
                let along = min(1, fromTop / fade)
                let opacity = smooth(across) * smooth(along)
                let target = ((top + y) * width + left + x) * 3
                let source = (y * patch.width + x) * 3
                for channel in 0..<3 {
                    let below = Double(samples[target + channel])
                    let above = min(255, Double(patch.samples[source + channel]) * gain)
                    samples[target + channel] = UInt8(below + (above - below) * opacity)
                }
            }
        }
    }

    private func smooth(_ fraction: Double) -> Double {
        fraction * fraction * (3 - 2 * fraction)
    }
}

/// For every new row or column: which old ones make it up, and with what weight.
private struct Kernel {
    let tapCount: Int
    /// `tapCount` weights for each new position; they add up to 1.
    let weights: [Float]
    private let firsts: [Int]
    private let lastPosition: Int

    init(from oldLength: Int, to newLength: Int) {
        let ratio = Double(oldLength) / Double(newLength)
        let stretch = max(1, ratio)
        let reach = 2 * stretch
        tapCount = Int((2 * reach).rounded(.up)) + 1
        lastPosition = oldLength - 1
        var weights: [Float] = []
        var firsts: [Int] = []
        for position in 0..<newLength {
            let centre = (Double(position) + 0.5) * ratio - 0.5
            let first = Int((centre - reach).rounded(.up))
            let own = (0..<tapCount).map { tap in
                Kernel.catmullRom((Double(first + tap) - centre) / stretch)
            }
            let sum = own.reduce(0, +)
            weights += own.map { Float($0 / sum) }
            firsts.append(first)
        }
        self.weights = weights
        self.firsts = firsts
    }

    /// The old position of a tap; the border repeats outwards.
    func position(_ newPosition: Int, _ tap: Int) -> Int {
        max(0, min(lastPosition, firsts[newPosition] + tap))
    }

    private static func catmullRom(_ distance: Double) -> Double {
        let x = abs(distance)
        if x < 1 { return (1.5 * x - 2.5) * x * x + 1 }
        if x < 2 { return ((-0.5 * x + 2.5) * x - 4) * x + 2 }
        return 0
    }
}
