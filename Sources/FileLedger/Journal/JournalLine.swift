package import Foundation
package import SystemPackage

/// One line of a journal. `kind` decides which members are present.
package struct JournalLine: Codable, Equatable {
    package enum Kind: String, Codable {
        /// The first line: ``header``.
        case begin
        /// The run goes on after it was interrupted.
        case resume
        /// ``act`` will be done next.
        case intend
        /// No file lay at the targets of `numbers`; an empty file there is our placeholder.
        case placing
        /// The act was done; ``byteCount`` and ``modified`` describe the file.
        case done
        /// The act was not done and left nothing.
        case dropped
        /// The run is over.
        case end
        /// The run is being undone.
        case undo
        /// Like ``placing``, while a file is put back to where the act of ``number`` took it.
        case placingBack
        /// The act was undone.
        case reverted
        /// Everything that can be undone is undone.
        case undone
    }

    package var line: Kind
    package var header: RunHeader?
    package var number: Int?
    package var numbers: [Int]?
    package var act: Act?
    package var aside: FilePath?
    package var byteCount: Int64?
    package var modified: Int64?
    package var note: String?
    package var state: RunState?

    package init(_ line: Kind) { self.line = line }
}

// A journal may come from somebody else, or from a failing disk.
extension JournalLine {
    /// The numbers that acts may have; far more than a journal can hold.
    package static let numbers = 1...(1 << 40)
    /// Times in nanoseconds since 1970 that can be compared without overflow: 1824 ... 2116.
    package static let times = -(Int64(1) << 62)...(Int64(1) << 62)

    /// The text before the checksum in a line that has one.
    private static let sumMark = Array(#","sum":""#.utf8)
    /// How many hexadecimal digits a checksum has: enough to find damage; it is no signature.
    private static let sumLength = 16
    private static let sumEnd = Array(#""}"#.utf8)

    /// The line as text with its checksum, without the line's end.
    package func text(_ encoder: JSONEncoder) -> [UInt8] {
        let line = JSONLines.line(self, encoder)
        return line.dropLast() + Self.sumMark + Self.sum(of: line) + Self.sumEnd
    }

    /// - Parameters:
    ///   - text: a line without its end.
    ///   - isSummed: whether the line must have a checksum; `nil`: a checksum must be right if
    ///     present.
    /// - Returns: `nil` when it is no line of a journal, or was changed.
    package init?(text: some BidirectionalCollection<UInt8>, isSummed: Bool?) {
        if Self.hasSum(text) {
            let end = text.dropLast(Self.sumEnd.count)
            let line = Array(end.dropLast(Self.sumLength + Self.sumMark.count)) + [0x7D]
            guard Self.sum(of: line).elementsEqual(end.suffix(Self.sumLength)) else { return nil }
        } else if isSummed == true {
            return nil
        }
        guard let line = JSONLines.value(Self.self, in: text) else { return nil }
        self = line
    }

    /// Whether a line ends with a checksum, right or wrong; those of earlier versions have none.
    static func hasSum(_ text: some BidirectionalCollection<UInt8>) -> Bool {
        guard text.suffix(sumEnd.count).elementsEqual(sumEnd) else { return false }
        return text.dropLast(sumEnd.count + sumLength).suffix(sumMark.count).elementsEqual(sumMark)
    }

    private static func sum(of line: [UInt8]) -> [UInt8] {
        Array(ContentHasher.hash(line).hexadecimal.utf8.prefix(sumLength))
    }

    /// Whether `text`, all of a file and without a line's end, can be what a kill left of a
    /// journal's first line.
    static func mayBeginHeader(_ text: [UInt8]) -> Bool {
        let start = Array(#"{"header":{"#.utf8)
        let length = min(start.count, text.count)
        return text[..<length].elementsEqual(start[..<length]) && !text.contains(0)
    }
}

// A path stands in JSON as a ``PathText``, in whatever type it is.
extension KeyedDecodingContainer {
    func decode(_ type: FilePath.Type, forKey key: Key) throws -> FilePath {
        try decode(PathText.self, forKey: key).path
    }

    func decode(_ type: [FilePath].Type, forKey key: Key) throws -> [FilePath] {
        try decode([PathText].self, forKey: key).map(\.path)
    }

    func decodeIfPresent(_ type: FilePath.Type, forKey key: Key) throws -> FilePath? {
        try decodeIfPresent(PathText.self, forKey: key)?.path
    }
}

extension KeyedEncodingContainer {
    mutating func encode(_ path: FilePath, forKey key: Key) throws {
        try encode(PathText(path), forKey: key)
    }

    mutating func encode(_ paths: [FilePath], forKey key: Key) throws {
        try encode(paths.map(PathText.init), forKey: key)
    }

    mutating func encodeIfPresent(_ path: FilePath?, forKey key: Key) throws {
        try encodeIfPresent(path.map(PathText.init), forKey: key)
    }
}

/// A path in JSON: text when it is UTF-8, else `{"hex": "…"}` with its bytes, so that none is lost.
package struct PathText: Codable, Equatable {
    let path: FilePath

    private enum Keys: String, CodingKey {
        case hex
    }

    init(_ path: FilePath) { self.path = path }

    package init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
            guard !text.utf8.contains(0) else {
                throw DecodingError.dataCorrupted(
                    .init(codingPath: decoder.codingPath, debugDescription: "a path with a zero"))
            }
            path = FilePath(text)
            return
        }
        let container = try decoder.container(keyedBy: Keys.self)
        let digits = Array(try container.decode(String.self, forKey: .hex).utf8)
        var bytes: [CChar] = []
        for index in stride(from: 0, to: digits.count - 1, by: 2) {
            let pair = String(decoding: digits[index...index + 1], as: UTF8.self)
            guard let byte = UInt8(pair, radix: 16), byte != 0 else {
                throw DecodingError.dataCorruptedError(
                    forKey: .hex, in: container, debugDescription: "not hexadecimal")
            }
            bytes.append(CChar(bitPattern: byte))
        }
        path = FilePath(platformString: bytes + [0])
    }

    package func encode(to encoder: any Encoder) throws {
        if let text = String(validating: path) {
            var container = encoder.singleValueContainer()
            try container.encode(text)
        } else {
            var container = encoder.container(keyedBy: Keys.self)
            let digits = path.bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
            try container.encode(digits.joined(), forKey: .hex)
        }
    }
}
