/// A TIFF block as cameras write it into a photo, built entry by entry.
public struct ExifBlock: Sendable {
    public enum Value: Sendable {
        case short(Int)
        case long(Int)
        case text(String)
        /// Any type, and a count that may be wrong.
        case other(type: Int, count: Int, bytes: [UInt8])
    }

    public var isBigEndian = false
    /// Where the first directory begins: 8 is right after the header.
    public var start = 8
    /// The number after the byte order in the header.
    public var magic = 42
    /// The first directory, by tag.
    public var main: [Int: Value] = [:]
    /// The directory with facts of the exposure, by tag.
    public var detail: [Int: Value] = [:]

    public init(orientation: Int? = nil, isBigEndian: Bool = false) {
        self.isBigEndian = isBigEndian
        if let orientation { main[0x0112] = .short(orientation) }
    }

    /// The block, beginning with the TIFF header.
    public var bytes: [UInt8] {
        var main = main
        if !detail.isEmpty { main[0x8769] = .long(0) }
        let mainStart = start
        let detailStart = mainStart + Self.length(of: main)
        if !detail.isEmpty { main[0x8769] = .long(detailStart) }
        let header = Array((isBigEndian ? "MM" : "II").utf8) + half(magic) + word(mainStart)
        let gap = [UInt8](repeating: 0, count: mainStart - header.count)
        return header + gap + directory(main, at: mainStart)
            + (detail.isEmpty ? [] : directory(detail, at: detailStart))
    }

    private static func length(of entries: [Int: Value]) -> Int {
        entries.values.reduce(6 + 12 * entries.count) { sum, value in
            switch value {
            case .text(let text) where text.utf8.count > 3: sum + text.utf8.count + 1
            case .other(_, _, let bytes) where bytes.count > 4: sum + bytes.count
            default: sum
            }
        }
    }

    private func half(_ value: Int) -> [UInt8] {
        let bytes = [UInt8(value >> 8 & 255), UInt8(value & 255)]
        return isBigEndian ? bytes : bytes.reversed()
    }

    private func word(_ value: Int) -> [UInt8] {
        isBigEndian
            ? half(value >> 16) + half(value & 0xFFFF) : half(value & 0xFFFF) + half(value >> 16)
    }

    private func directory(_ entries: [Int: Value], at start: Int) -> [UInt8] {
        var fixed = half(entries.count)
        var texts: [UInt8] = []
        let textStart = start + 6 + 12 * entries.count
        /// The bytes themselves, or their place.
        func placed(_ bytes: [UInt8]) -> [UInt8] {
            if bytes.count <= 4 { return bytes + Array(repeating: 0, count: 4 - bytes.count) }
            defer { texts += bytes }
            return word(textStart + texts.count)
        }
        for (tag, value) in entries.sorted(by: { $0.key < $1.key }) {
            switch value {
            case .short(let number):
                fixed += half(tag) + half(3) + word(1) + half(number) + [0, 0]
            case .long(let number):
                fixed += half(tag) + half(4) + word(1) + word(number)
            case .text(let text):
                let bytes = Array(text.utf8) + [0]
                fixed += half(tag) + half(2) + word(bytes.count) + placed(bytes)
            case .other(let type, let count, let bytes):
                fixed += half(tag) + half(type) + word(count) + placed(bytes)
            }
        }
        return fixed + word(0) + texts
    }
}
