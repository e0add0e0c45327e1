public import PhotoImaging

/// Pictures made by code, so that the expected content of a file is known to the pixel.
public enum Pictures {
    /// A picture without any symmetry: patches of 16 x 16 pixels, each in its own colour.
    ///
    /// The patches are as large as a JPEG's blocks with halved colour, so they survive a lossy
    /// format nearly unchanged when both sides are multiples of 16.
    public static func patches(width: Int, height: Int) throws(ImageError) -> PixelBuffer {
        var picture = try PixelBuffer(width: width, height: height)
        for y in 0..<height {
            for x in 0..<width {
                let (column, row) = (x / 16, y / 16)
                picture[x, y] = (
                    UInt8(40 + column * 37 % 180), UInt8(220 - row * 53 % 190),
                    UInt8(30 + (column * 61 + row * 89) % 200)
                )
            }
        }
        return picture
    }

    /// A picture in which no pixel is like its neighbours; the same for the same seed.
    public static func noise(
        width: Int, height: Int, seed: UInt64 = 1
    ) throws(ImageError) -> PixelBuffer {
        var picture = try PixelBuffer(width: width, height: height)
        var generator = SplitMix64(seed: seed)
        picture.withUnsafeMutableBytes { bytes in
            for index in bytes.indices {
                bytes[index] = UInt8(truncatingIfNeeded: generator.next() >> 32)
            }
        }
        return picture
    }

    /// `upright` as a camera with the given EXIF orientation, 1...8, stores it.
    public static func stored(
        _ upright: borrowing PixelBuffer, orientation: Int
    ) throws(ImageError) -> PixelBuffer {
        let isTurned = orientation > 4
        let (width, height) = (upright.width, upright.height)
        var picture = try PixelBuffer(
            width: isTurned ? height : width, height: isTurned ? width : height)
        // EXIF says at which side of the upright picture the first row and the first column lie.
        let firstRowIsFar = [3, 4, 6, 7].contains(orientation)
        let firstColumnIsFar = [2, 3, 7, 8].contains(orientation)
        for y in 0..<picture.height {
            for x in 0..<picture.width {
                let row = firstRowIsFar ? picture.height - 1 - y : y
                let column = firstColumnIsFar ? picture.width - 1 - x : x
                picture[x, y] = isTurned ? upright[row, column] : upright[column, row]
            }
        }
        return picture
    }

    /// The largest difference of any colour of any pixel, 0...255, or 256 when the sizes differ.
    public static func largestDifference(
        _ one: borrowing PixelBuffer, _ other: borrowing PixelBuffer, rows: Range<Int>? = nil
    ) -> Int {
        guard one.width == other.width, one.height == other.height else { return 256 }
        let rows = rows ?? 0..<one.height
        let range = rows.lowerBound * one.bytesPerRow..<rows.upperBound * one.bytesPerRow
        return one.withUnsafeBytes { left in
            other.withUnsafeBytes { right in
                range.reduce(0) { max($0, abs(Int(left[$1]) - Int(right[$1]))) }
            }
        }
    }
}

/// A small generator of good numbers (Steele, Lea, Flood 2014), the same on every machine.
public struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) {
        state = seed
    }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
