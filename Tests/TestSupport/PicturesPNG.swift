/// A PNG file of any kind the format knows, written without a library, so that the tested one does
/// not check itself. Its data are stored, not compressed.
public struct PNGFile: Sendable {
    public enum Colour: Int, Sendable, CaseIterable {
        case grey = 0
        case full = 2
        case palette = 3
        case greyWithAlpha = 4
        case fullWithAlpha = 6

        public var channelCount: Int {
            switch self {
            case .grey, .palette: 1
            case .greyWithAlpha: 2
            case .full: 3
            case .fullWithAlpha: 4
            }
        }

        /// The bits per channel that the format allows.
        public var depths: [Int] {
            switch self {
            case .grey: [1, 2, 4, 8, 16]
            case .palette: [1, 2, 4, 8]
            case .full, .greyWithAlpha, .fullWithAlpha: [8, 16]
            }
        }
    }

    public var width: Int
    public var height: Int
    public var colour = Colour.full
    public var depth = 8
    public var isInterlaced = false
    /// Three bytes for each colour of a palette.
    public var palette: [UInt8] = []
    /// The content of a `tRNS` chunk; none when empty.
    public var transparency: [UInt8] = []
    /// The content of an `eXIf` chunk; none when empty.
    public var exif: [UInt8] = []
    /// The channels, each 0..<2^depth, of the pixel in column x and row y.
    public var sample: @Sendable (_ x: Int, _ y: Int) -> [Int]

    public init(
        width: Int, height: Int, sample: @escaping @Sendable (_ x: Int, _ y: Int) -> [Int]
    ) {
        self.width = width
        self.height = height
        self.sample = sample
    }

    public var bytes: [UInt8] {
        var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        file += Self.chunk(
            "IHDR",
            Self.word(width) + Self.word(height)
                + [UInt8(depth), UInt8(colour.rawValue), 0, 0, isInterlaced ? 1 : 0])
        if !exif.isEmpty { file += Self.chunk("eXIf", exif) }
        if !palette.isEmpty { file += Self.chunk("PLTE", palette) }
        if !transparency.isEmpty { file += Self.chunk("tRNS", transparency) }
        file += Self.chunk("IDAT", Self.stored(rows))
        return file + Self.chunk("IEND", [])
    }

    /// A chunk with its length and check sum.
    public static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
        let checked = Array(name.utf8) + content
        return word(content.count) + checked + word(Int(checkSum(checked)))
    }

    private var rows: [UInt8] {
        guard isInterlaced else { return rows(columns: 0, 1, rows: 0, 1) }
        // Adam7: first column, step, first row, step.
        let passes = [
            (0, 8, 0, 8), (4, 8, 0, 8), (0, 4, 4, 8), (2, 4, 0, 4), (0, 2, 2, 4), (1, 2, 0, 2),
            (0, 1, 1, 2),
        ]
        return passes.flatMap { rows(columns: $0.0, $0.1, rows: $0.2, $0.3) }
    }

    private func rows(
        columns firstColumn: Int, _ columnStep: Int, rows firstRow: Int, _ rowStep: Int
    ) -> [UInt8] {
        guard firstColumn < width else { return [] }
        return stride(from: firstRow, to: height, by: rowStep).flatMap { y in
            var row: [UInt8] = [0]  // No filter.
            var bits = 0
            var bitCount = 0
            for x in stride(from: firstColumn, to: width, by: columnStep) {
                for value in sample(x, y) {
                    bits = bits << depth | value
                    bitCount += depth
                    while bitCount >= 8 {
                        row.append(UInt8(bits >> (bitCount - 8) & 255))
                        bitCount -= 8
                    }
                    bits &= 0xFFFF
                }
            }
            if bitCount > 0 { row.append(UInt8(bits << (8 - bitCount) & 255)) }
            return row
        }
    }

    private static func word(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(value >> $0 & 255) }
    }

    /// A zlib stream with `content`, uncompressed.
    public static func stored(_ content: [UInt8]) -> [UInt8] {
        var stream: [UInt8] = [0x78, 0x01]
        var start = 0
        repeat {
            let end = min(content.count, start + 65535)
            let length = end - start
            stream += [end == content.count ? 1 : 0, UInt8(length & 255), UInt8(length >> 8)]
            stream += [UInt8(~length & 255), UInt8(~length >> 8 & 255)]
            stream += content[start..<end]
            start = end
        } while start < content.count
        var (low, high) = (1, 0)
        for byte in content {
            low = (low + Int(byte)) % 65521
            high = (high + low) % 65521
        }
        return stream + word(high << 16 | low)
    }

    /// CRC-32.
    private static func checkSum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(0xFFFF_FFFF) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in
                value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1
            }
        }
    }
}

extension PNGFile {
    /// Blocks of random greys, different for every number; bright for even numbers, dark for odd
    /// ones, so that there is something to learn.
    package static func blocks(_ number: Int) -> PNGFile {
        var random = SplitMix64(seed: UInt64(number))
        let blocks = (0..<48).map { _ in
            Int.random(in: number.isMultiple(of: 2) ? 110...250 : 5...110, using: &random)
        }
        return PNGFile(width: 64, height: 48) { x, y in
            let grey = blocks[y / 8 * 8 + x / 8]
            return [grey, grey, grey]
        }
    }
}
