internal import CImageCodecs

/// The chunks of a PNG; one may be cut short. Their check sums are ignored.
struct PNGChunks: Sequence, IteratorProtocol {
    private let bytes: [UInt8]
    /// After the signature.
    private var position = 8

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func next() -> (type: ArraySlice<UInt8>, content: ArraySlice<UInt8>)? {
        guard position + 8 <= bytes.count else { return nil }
        let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
        let type = bytes[position + 4..<position + 8]
        let start = position + 8
        let end = Swift.min(bytes.count, start + length)
        position = Swift.min(bytes.count, end + 4)
        return (type, bytes[start..<end])
    }
}

/// EXIF as ImageMagick writes it into a PNG: as text, two digits for each byte, after two lines
/// that say what it is and how many bytes; often compressed.
struct PNGProfile {
    private let text: ArraySlice<UInt8>
    private let isCompressed: Bool

    /// - Returns: `nil` for a chunk that is something else.
    init?(_ type: ArraySlice<UInt8>, _ content: ArraySlice<UInt8>) {
        let isInternational = type.elementsEqual("iTXt".utf8)
        guard isInternational || type.elementsEqual("tEXt".utf8) || type.elementsEqual("zTXt".utf8)
        else { return nil }
        let keyword = content.prefix(80).prefix { $0 != 0 }
        let name = String(decoding: keyword, as: UTF8.self).lowercased()
        guard name == "raw profile type exif" || name == "raw profile type app1" else { return nil }
        var rest = content.dropFirst(keyword.count + 1)
        if isInternational {
            // Whether and how it is compressed, then a language, and its keyword.
            isCompressed = rest.first == 1
            rest = rest.dropFirst(2)
            for _ in 0..<2 { rest = rest.drop { $0 != 0 }.dropFirst() }
        } else {
            isCompressed = type.elementsEqual("zTXt".utf8)
            rest = rest.dropFirst(isCompressed ? 1 : 0)
        }
        text = rest
    }

    /// The profile, at most `maximumByteCount` long; empty when there is none.
    func content(maximumByteCount: Int) -> [UInt8] {
        // Two digits a byte and a line break every 36 bytes stay below this.
        let text = isCompressed ? inflated(maximumByteCount: 3 * maximumByteCount)[...] : text
        // A line break, the profile's name, and its length.
        var digits = text.drop { $0 == 0x0A }.drop { $0 != 0x0A }.dropFirst()
        digits = digits.drop { $0 == 0x20 }.drop { (0x30...0x39).contains($0) }.dropFirst()
        var content: [UInt8] = []
        var first: UInt8?
        for byte in digits where byte > 0x20 {
            guard content.count < maximumByteCount, let value = Self.digit(byte) else { break }
            if let high = first { content.append(high << 4 | value) }
            first = first == nil ? value : nil
        }
        return content
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46, 0x61...0x66: (byte | 0x20) - 0x61 + 10
        default: nil
        }
    }

    private func inflated(maximumByteCount: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: maximumByteCount) { buffer, count in
            count = text.withUnsafeBytes {
                cimage_inflate($0.baseAddress, $0.count, buffer.baseAddress, buffer.count)
            }
        }
    }
}
