/// The whole boxes one after the other in a part of an ISO base media file.
struct HEIFBoxes: Sequence, IteratorProtocol {
    private var reader: HEIFReader

    init(_ bytes: [UInt8], in range: Range<Int>) {
        reader = HEIFReader(bytes, range)
    }

    /// The unread part; at the end it is no box, or a part of one.
    var rest: Range<Int> { reader.range }

    /// The next box; `nil` when no whole box is left.
    mutating func next() -> (type: String, content: Range<Int>)? {
        var ahead = reader
        guard var length = ahead.number(4), let type = ahead.letters() else { return nil }
        if length == 1 {
            guard let longer = ahead.number(8) else { return nil }
            length = longer
        }
        // A length of 0 means up to the end.
        let end = length == 0 ? reader.range.upperBound : reader.range.lowerBound + length
        guard end >= ahead.range.lowerBound, end <= reader.range.upperBound else { return nil }
        reader.range = end..<reader.range.upperBound
        return (type, ahead.range.lowerBound..<end)
    }
}

/// Reads numbers from the front of a part of a file.
struct HEIFReader {
    private let bytes: [UInt8]
    /// What is left.
    var range: Range<Int>

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        self.range = range
    }

    /// A number of 0...8 bytes; `nil` when they are missing, or when it is larger than any file.
    mutating func number(_ byteCount: Int) -> Int? {
        guard byteCount <= range.count else { return nil }
        let end = range.lowerBound + byteCount
        let value = bytes[range.lowerBound..<end].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        range = end..<range.upperBound
        return value >> 40 == 0 ? Int(value) : nil
    }

    /// The four letters that name a kind of box or item.
    mutating func letters() -> String? {
        guard range.count >= 4 else { return nil }
        let end = range.lowerBound + 4
        defer { range = end..<range.upperBound }
        return String(decoding: bytes[range.lowerBound..<end], as: UTF8.self)
    }

    /// The version of a box; skips its flags.
    mutating func version() -> Int? {
        guard let version = number(1), number(3) != nil else { return nil }
        return version
    }
}
