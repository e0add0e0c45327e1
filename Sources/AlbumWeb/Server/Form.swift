internal import AlbumKit

/// The fields of a form, or of an address after its question mark, in their order.
struct Form: Sendable {
    /// Far more than any page sends: ten times the largest group of an album.
    static let maximumFieldCount = 200_000

    private let fields: [(name: String, value: String)]

    init(_ fields: [(name: String, value: String)] = []) {
        self.fields = fields
    }

    /// Reads `application/x-www-form-urlencoded`.
    ///
    /// - Returns: `nil` when it is not well formed: `%` without two hexadecimal digits, bytes that
    ///   are not UTF-8, a zero byte, too many fields.
    init?(urlEncoded bytes: some Collection<UInt8>) {
        var fields: [(name: String, value: String)] = []
        for pair in bytes.split(separator: UInt8(ascii: "&")) {
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            guard fields.count < Self.maximumFieldCount,
                let name = Self.decoded(pair[..<equals]),
                let value = Self.decoded(pair[equals...].dropFirst())
            else { return nil }
            fields.append((name, value))
        }
        self.fields = fields
    }

    private static func decoded(_ bytes: some Collection<UInt8>) -> String? {
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var rest = bytes.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "+"): plain.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.next().flatMap(digit), let low = rest.next().flatMap(digit)
                else { return nil }
                plain.append(high << 4 | low)
            default: plain.append(byte)
            }
        }
        guard !plain.contains(0) else { return nil }
        return String(validating: plain, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// The first value under `name`.
    subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    /// All values under `name`, in order.
    func all(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

    /// The value under `name` without white space around it; `nil` when that is empty.
    func words(_ name: String) -> String? {
        guard let value = self[name] else { return nil }
        let isSpace: (Character) -> Bool = { $0.isWhitespace }
        let start = value.drop(while: isSpace)
        guard let last = start.lastIndex(where: { !isSpace($0) }) else { return nil }
        return String(start[...last])
    }

    func token(_ name: String) -> ReviewToken? { self[name].flatMap(ReviewToken.init(rawValue:)) }

    /// The ids under `name`, each once, in order; `nil` when one of them is not an id.
    func tokens(_ name: String) -> [ReviewToken]? {
        var seen: Set<ReviewToken> = []
        var tokens: [ReviewToken] = []
        for value in all(name) {
            guard let token = ReviewToken(rawValue: value) else { return nil }
            if seen.insert(token).inserted { tokens.append(token) }
        }
        return tokens
    }
}
