/// A photo's identity: the SHA-256 of its bytes. Two files with one hash are one photo.
public struct ContentHash: Hashable, Sendable {
    /// The number of bytes of a hash.
    public static let byteCount = 32

    /// The hash as numbers, the most significant first: these compare at once; bytes compare one by
    /// one, which takes most of the time when 100,000 faces are sorted by photo.
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// The hash, most significant byte first; always ``byteCount`` long.
    public var bytes: [UInt8] {
        [words.0, words.1, words.2, words.3].flatMap { word in
            stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> $0) }
        }
    }

    /// - Returns: `nil` unless `bytes` holds exactly ``byteCount`` bytes.
    public init?(bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count == Self.byteCount else { return nil }
        func word(_ start: Int) -> UInt64 {
            bytes[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) }
        }
        words = (word(0), word(8), word(16), word(24))
    }

    public static func == (left: Self, right: Self) -> Bool { left.words == right.words }

    public func hash(into hasher: inout Hasher) {
        // SHA-256 is as even as a hash can be, so that one word tells two apart.
        hasher.combine(words.0)
    }

    /// - Returns: `nil` unless `hexadecimal` holds exactly 64 hexadecimal digits.
    public init?(hexadecimal: String) {
        let digits = hexadecimal.utf8.map { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count == 2 * Self.byteCount, !digits.contains(nil) else { return nil }
        self.init(
            bytes: stride(from: 0, to: digits.count, by: 2).map {
                UInt8(digits[$0]! << 4 | digits[$0 + 1]!)  // No nil: checked by the guard.
            })
    }

    /// 64 hexadecimal digits, lower case.
    public var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

extension ContentHash: Comparable {
    public static func < (left: Self, right: Self) -> Bool {
        left.words < right.words
    }
}

extension ContentHash: Codable {
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let hash = ContentHash(hexadecimal: text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not a SHA-256: \(text)"))
        }
        self = hash
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(hexadecimal)
    }
}
