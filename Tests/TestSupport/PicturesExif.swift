/// A TIFF block as cameras write it into a photo, built entry by entry.
public struct ExifBlock: Sendable {
    public enum Value: Sendable {
        case short(Int)
        case long(Int)
        case text(String)
    }

    public var isBigEndian = false
    /// The first directory, by tag.
    public var main: [Int: Value] = [:]
    /// The directory of what happened at the exposure, by tag.
    public var detail: [Int: Value] = [:]

    public init(orientation: Int? = nil, isBigEndian: Bool = false) {
        self.isBigEndian = isBigEndian
        if let orientation { main[0x0112] = .short(orientation) }
    }

    /// The block, beginning with the TIFF header.
    public var bytes: [UInt8] {
        var main = main
        if !detail.isEmpty { main[0x8769] = .long(0) }
        let mainStart = 8
        let detailStart = mainStart + Self.length(of: main)
        if !detail.isEmpty { main[0x8769] = .long(detailStart) }
        let header: [UInt8] = isBigEndian ? [0x4D, 0x4D, 0, 42] : [0x49, 0x49, 42, 0]
        return header + word(mainStart) + directory(main, at: mainStart)
            + (detail.isEmpty ? [] : directory(detail, at: detailStart))
    }

    private static func length(of entries: [Int: Value]) -> Int {
        entries.values.reduce(6 + 12 * entries.count) { sum, value in
            guard case .text(let text) = value, text.utf8.count > 3 else { return sum }
            return sum + text.utf8.count + 1
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
        for (tag, value) in entries.sorted(by: { $0.key < $1.key }) {
            switch value {
            case .short(let number):
                fixed += half(tag) + half(3) + word(1) + half(number) + [0, 0]
            case .long(let number):
                fixed += half(tag) + half(4) + word(1) + word(number)
            case .text(let text):
                let bytes = Array(text.utf8) + [0]
                fixed += half(tag) + half(2) + word(bytes.count)
                if bytes.count <= 4 {
                    fixed += bytes + Array(repeating: 0, count: 4 - bytes.count)
                } else {
                    fixed += word(textStart + texts.count)
                    texts += bytes
                }
            }
        }
        return fixed + word(0) + texts
    }
}
