/// A picture without its colours.
struct GreyPlane {
    let width: Int
    let height: Int
    /// Row by row.
    let greys: [UInt8]

    init(_ picture: borrowing PixelBuffer) {
        width = picture.width
        height = picture.height
        greys = picture.withUnsafeBytes { bytes in
            (0..<bytes.count / 3).map { pixel in
                // The weights of ITU-R BT.601, in 256ths.
                let red = 77 * Int(bytes[3 * pixel])
                let green = 150 * Int(bytes[3 * pixel + 1])
                let blue = 29 * Int(bytes[3 * pixel + 2])
                return UInt8((red + green + blue) >> 8)
            }
        }
    }

    /// The mean grey of each of `columns` x `rows` equal parts, row by row; pixels on a border
    /// count in both parts by their share.
    func areaMeans(columns: Int, rows: Int) -> [Float] {
        let across = (0..<columns).map { Part($0, of: columns, length: width) }
        var result = [Float](repeating: 0, count: columns * rows)
        for row in 0..<rows {
            let down = Part(row, of: rows, length: height)
            for y in down.range {
                let share = down.share(of: y)
                for (column, part) in across.enumerated() {
                    var sum: Float = 0
                    for x in part.range { sum += part.share(of: x) * Float(greys[y * width + x]) }
                    result[row * columns + column] += share * sum
                }
            }
        }
        return result
    }

    /// One of several equal parts of a side.
    private struct Part {
        let start: Float
        let end: Float
        let range: Range<Int>

        init(_ index: Int, of count: Int, length: Int) {
            start = Float(index * length) / Float(count)
            end = Float((index + 1) * length) / Float(count)
            range = index * length / count..<((index + 1) * length + count - 1) / count
        }

        /// The fraction of the part that the pixel at `position` fills.
        func share(of position: Int) -> Float {
            let covered = min(end, Float(position + 1)) - max(start, Float(position))
            return max(0, covered) / (end - start)
        }
    }

    /// Variance of the Laplacian with four neighbours, over all pixels but the border; 0 for a
    /// picture that is all border.
    var laplacianVariance: Float {
        guard width > 2, height > 2 else { return 0 }
        var sum = 0
        var squares = 0
        greys.withUnsafeBufferPointer { greys in
            for y in 1..<height - 1 {
                for x in 1..<width - 1 {
                    let index = y * width + x
                    let around =
                        Int(greys[index - 1]) + Int(greys[index + 1]) + Int(greys[index - width])
                        + Int(greys[index + width])
                    let value = around - 4 * Int(greys[index])
                    sum += value
                    squares += value * value
                }
            }
        }
        let count = Double((width - 2) * (height - 2))
        let mean = Double(sum) / count
        return Float(max(0, Double(squares) / count - mean * mean))
    }

    /// Mean as a fraction of white, and the nearly black and nearly white fractions.
    var exposure: (mean: Float, dark: Float, bright: Float) {
        var (sum, dark, bright) = (0, 0, 0)
        for grey in greys {
            sum += Int(grey)
            if grey < 8 { dark += 1 }
            if grey > 247 { bright += 1 }
        }
        let count = Float(greys.count)
        return (Float(sum) / count / 255, Float(dark) / count, Float(bright) / count)
    }
}
