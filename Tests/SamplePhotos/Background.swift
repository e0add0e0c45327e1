import Foundation

/// What lies behind the faces: pictures in which nobody could see a face.
enum Background: CaseIterable {
    /// One colour.
    case plain
    /// One colour turning into another along a slanted line.
    case gradient
    /// Two colours in soft patches, as foliage or a curtain out of focus.
    case clouds
    /// Two colours in patches of every size down to a few pixels, as gravel or a hedge.
    case gravel
    /// Soft stripes of two colours, as boards or a fence.
    case stripes

    /// Draws the background; equal generators give equal pictures.
    ///
    /// All carry a sensor's grain of some levels: an even plane compresses to nothing and is
    /// searched faster than any photo.
    func drawn(width: Int, height: Int, using random: inout SplitMix64) -> Raster {
        let from = Colour.any(using: &random)
        let to = Colour.any(using: &random)
        var raster = Raster(width: width, height: height)
        let shade = shade(width: width, height: height, using: &random)
        var grain = random.next() | 1
        raster.samples.withUnsafeMutableBufferPointer { samples in
            for y in 0..<height {
                for x in 0..<width {
                    let fraction = shade(x, y)
                    // Xorshift (Marsaglia 2003): a fast generator is enough for grain.
                    grain ^= grain << 13
                    grain ^= grain >> 7
                    grain ^= grain << 17
                    let noise = Float(Int(grain & 15)) - 7.5
                    let target = (y * width + x) * 3
                    let red = from.red + (to.red - from.red) * fraction + noise
                    let green = from.green + (to.green - from.green) * fraction + noise
                    let blue = from.blue + (to.blue - from.blue) * fraction + noise
                    samples[target] = UInt8(max(0, min(255, red)))
                    samples[target + 1] = UInt8(max(0, min(255, green)))
                    samples[target + 2] = UInt8(max(0, min(255, blue)))
                }
            }
        }
        return raster
    }

    /// How far, 0...1, the colour at (x, y) is from the first towards the second.
    private func shade(
        width: Int, height: Int, using random: inout SplitMix64
    ) -> (Int, Int) -> Float {
        let angle = random.number(in: 0...(2 * Double.pi))
        let alongX = Float(cos(angle)) / Float(width)
        let alongY = Float(sin(angle)) / Float(height)
        switch self {
        case .plain:
            return { _, _ in 0 }
        case .gradient:
            return { x, y in
                max(
                    0,
                    min(
                        1,
                        0.5 + (Float(x) - Float(width) / 2) * alongX
                            + (Float(y) - Float(height) / 2) * alongY))
            }
        case .clouds:
            let octaves = [5, 13, 34].map {
                Patches(cells: $0, width: width, height: height, using: &random)
            }
            return { x, y in
                octaves[0].value(x, y) * 0.55 + octaves[1].value(x, y) * 0.3
                    + octaves[2].value(x, y) * 0.15
            }
        case .gravel:
            let octaves = [8, 40, 160, 640].map {
                Patches(cells: $0, width: width, height: height, using: &random)
            }
            return { x, y in
                octaves.reduce(0) { $0 + $1.value(x, y) * 0.25 }
            }
        case .stripes:
            let count = Float(random.number(in: 4...14))
            let table = (0..<1024).map { step in
                Float(0.5 + 0.5 * sin(2 * Double.pi * Double(step) / 1024))
            }
            return { x, y in
                let phase = (Float(x) * alongX + Float(y) * alongY) * count
                let turn = phase - phase.rounded(.down)
                return table[min(1023, Int(turn * 1024))]
            }
        }
    }
}

/// A colour of the muted sort that walls, curtains and gardens have.
private struct Colour {
    let red: Float
    let green: Float
    let blue: Float

    static func any(using random: inout SplitMix64) -> Colour {
        Colour(
            red: Float(random.number(in: 40.0...200.0)),
            green: Float(random.number(in: 40.0...200.0)),
            blue: Float(random.number(in: 40.0...200.0)))
    }
}

/// Random values on a coarse grid, joined by straight lines: one octave of value noise.
private struct Patches {
    private let columns: Int
    private let values: [Float]
    private let stepX: Float
    private let stepY: Float

    init(cells: Int, width: Int, height: Int, using random: inout SplitMix64) {
        columns = cells + 2
        stepX = Float(cells) / Float(width)
        stepY = Float(cells) / Float(height)
        values = (0..<(columns * columns)).map { _ in Float(random.number(in: 0.0...1.0)) }
    }

    func value(_ x: Int, _ y: Int) -> Float {
        let gridX = Float(x) * stepX
        let gridY = Float(y) * stepY
        let column = Int(gridX)
        let row = Int(gridY)
        let restX = gridX - Float(column)
        let restY = gridY - Float(row)
        let corner = row * columns + column
        let above = values[corner] + (values[corner + 1] - values[corner]) * restX
        let lower = corner + columns
        let below = values[lower] + (values[lower + 1] - values[lower]) * restX
        return above + (below - above) * restY
    }
}
