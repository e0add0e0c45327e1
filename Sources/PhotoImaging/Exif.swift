internal import FaceCore

/// Reads the few entries of a TIFF block ("EXIF") that this program uses.
///
/// The block comes from a stranger's file: every offset and length in it is checked against the
/// block, and at most two directories are visited, so that loops end. Otherwise it is read as
/// generously as by exiftool: any kind of number, any byte order mark, entries that occur twice or
/// in the other directory.
struct Exif {
    private let bytes: ArraySlice<UInt8>
    private let isBigEndian: Bool
    private var main: [Entry] = []
    private var detail: [Entry] = []

    /// - Parameter block: begins with the TIFF header, `II` or `MM`, perhaps after the name that
    ///   JPEG puts before it.
    /// - Returns: `nil` otherwise.
    init?(_ block: ArraySlice<UInt8>) {
        var block = block
        while let named = Self.withoutName(block) { block = named }
        guard let isBigEndian = Self.isBigEndian(block) else { return nil }
        self.isBigEndian = isBigEndian
        bytes = block
        // A directory inside the header would be the header's own bytes.
        guard let first = word(at: 4), first >= 8 else { return nil }
        main = directory(at: first)
        detail = value(of: .exifDirectory, in: [main], number).map(directory) ?? []
    }

    /// What `blocks` say together: each fact is taken from the first that has it.
    ///
    /// Browsers and Pillow read only the first block, so a second never overrules it; exiftool
    /// reads them all, so facts that the first lacks, or has wrong, are not lost.
    static func metadata(of blocks: [ArraySlice<UInt8>]) -> PhotoMetadata {
        let blocks = blocks.compactMap(Exif.init)
        func first<Fact>(_ fact: (Exif) -> Fact?) -> Fact? { blocks.lazy.compactMap(fact).first }
        return PhotoMetadata(
            orientation: first(\.orientation) ?? 1, taken: first(\.taken), camera: first(\.camera))
    }

    /// Whether `block` begins with a byte order mark, and which. The standard says 42 comes next;
    /// some cameras write something else.
    static func isBigEndian(_ block: ArraySlice<UInt8>) -> Bool? {
        let mark = block.prefix(2)
        guard mark.count == 2, mark.first == mark.last else { return nil }
        return mark.first == 0x4D ? true : mark.first == 0x49 ? false : nil
    }

    /// The rest of `block` after `Exif`, a zero and one more byte; `nil` for another beginning.
    /// Cameras write the name in any case.
    static func withoutName(_ block: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        // Byte by byte, as a file may have millions of segments.
        let start = block.startIndex
        guard block.count >= 5, block[start] | 0x20 == UInt8(ascii: "e"),
            block[start + 1] | 0x20 == UInt8(ascii: "x"),
            block[start + 2] | 0x20 == UInt8(ascii: "i"),
            block[start + 3] | 0x20 == UInt8(ascii: "f"), block[start + 4] == 0
        else { return nil }
        return block.dropFirst(6)
    }

    /// How the stored picture is turned to stand upright, 1...8.
    var orientation: Int? {
        value(of: .orientation, in: [main, detail]) { entry in
            number(entry).flatMap { (1...8).contains($0) ? $0 : nil }
        }
    }

    /// The time of the exposure, else of digitising, else of the last change.
    var taken: TimeTaken? {
        func time(_ date: Tag, _ subseconds: Tag, _ offset: Tag) -> TimeTaken? {
            let (subseconds, offset) = (text(subseconds), text(offset))
            return value(of: date, in: [detail, main]) { entry in
                text(entry).flatMap {
                    TimeTaken(dateTime: $0, subseconds: subseconds, offset: offset)
                }
            }
        }
        return time(.dateTimeOriginal, .subsecondsOriginal, .offsetOriginal)
            ?? time(.dateTimeDigitized, .subsecondsDigitized, .offsetDigitized)
            ?? time(.dateTime, .subseconds, .offset)
    }

    /// Maker and model; the maker is not repeated.
    var camera: String? {
        let (make, model) = (text(.make), text(.model))
        guard let make else { return model }
        guard let model else { return make }
        // "NIKON CORPORATION" and "NIKON D90", "Canon" and "Canon EOS 5D": the model is enough.
        let maker = make.lowercased().prefix { $0 != " " }
        return model.lowercased().hasPrefix(maker) ? model : "\(make) \(model)"
    }

    private enum Tag: Int {
        case make = 0x010F
        case model = 0x0110
        case orientation = 0x0112
        case dateTime = 0x0132
        case exifDirectory = 0x8769
        case dateTimeOriginal = 0x9003
        case dateTimeDigitized = 0x9004
        case offset = 0x9010
        case offsetOriginal = 0x9011
        case offsetDigitized = 0x9012
        case subseconds = 0x9290
        case subsecondsOriginal = 0x9291
        case subsecondsDigitized = 0x9292
    }

    /// Where an entry's value lies, and its type.
    private struct Entry {
        let tag: Tag
        let type: Int
        let count: Int
        /// Position of the 4 bytes that hold the value or its offset.
        let position: Int
    }

    private func byte(at position: Int) -> Int? {
        guard position >= 0, position < bytes.count else { return nil }
        return Int(bytes[bytes.startIndex + position])
    }

    private func half(at position: Int) -> Int? {
        guard let first = byte(at: position), let second = byte(at: position + 1) else {
            return nil
        }
        return isBigEndian ? first << 8 | second : second << 8 | first
    }

    private func word(at position: Int) -> Int? {
        guard let first = half(at: position), let second = half(at: position + 2) else {
            return nil
        }
        return isBigEndian ? first << 16 | second : second << 16 | first
    }

    /// The entries of interest that exist in the directory at `position`.
    private func directory(at position: Int) -> [Entry] {
        /// Further entries only repeat the same.
        let maximumEntryCount = 100
        guard let count = half(at: position) else { return [] }
        var entries: [Entry] = []
        for index in 0..<count {
            let start = position + 2 + 12 * index
            guard entries.count < maximumEntryCount, start + 12 <= bytes.count,
                let tag = half(at: start),
                let type = half(at: start + 2), let count = word(at: start + 4)
            else { break }
            if let tag = Tag(rawValue: tag) {
                entries.append(Entry(tag: tag, type: type, count: count, position: start + 8))
            }
        }
        return entries
    }

    /// The first value of `tag` that `read` accepts, directory after directory.
    private func value<Value>(
        of tag: Tag, in directories: [[Entry]], _ read: (Entry) -> Value?
    ) -> Value? {
        for directory in directories {
            for entry in directory where entry.tag == tag {
                if let value = read(entry) { return value }
            }
        }
        return nil
    }

    /// The first of an entry's numbers, if it is whole; `nil` when the values lie beyond the block.
    private func number(_ entry: Entry) -> Int? {
        let sizes = [
            1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4,
        ]
        guard entry.count >= 1, let size = sizes[entry.type] else { return nil }
        let isInPlace = size * entry.count <= 4
        guard let start = isInPlace ? entry.position : word(at: entry.position),
            start + size * entry.count <= bytes.count
        else { return nil }
        switch entry.type {
        case 1, 6, 7: return byte(at: start)
        case 2: return text(entry).flatMap { Int($0) }
        case 3, 8: return half(at: start)
        case 5, 10:
            guard let above = word(at: start), let below = word(at: start + 4), below > 0,
                above.isMultiple(of: below)
            else { return nil }
            return above / below
        case 11:
            return word(at: start).flatMap {
                Int(exactly: Float(bitPattern: UInt32(truncatingIfNeeded: $0)))
            }
        case 12:
            guard let first = word(at: start), let second = word(at: start + 4) else { return nil }
            let (high, low) = isBigEndian ? (first, second) : (second, first)
            return Int(exactly: Double(bitPattern: UInt64(high) << 32 | UInt64(low)))
        default: return word(at: start)
        }
    }

    private func text(_ tag: Tag) -> String? { value(of: tag, in: [detail, main], text) }

    /// A text up to its first zero, without blanks around it; `nil` when nothing is left.
    private func text(_ entry: Entry) -> String? {
        /// Enough for every date and every camera's name.
        let maximumLength = 200
        /// Bytes, text, anything, and EXIF 3 text.
        guard [1, 2, 7, 129].contains(entry.type) else { return nil }
        guard let start = entry.count <= 4 ? entry.position : word(at: entry.position),
            start < bytes.count
        else { return nil }
        let all = bytes.dropFirst(start).prefix(min(entry.count, maximumLength))
        // Half a time is another time.
        guard start + entry.count <= bytes.count || all.contains(0) else { return nil }
        var text = all.prefix { $0 != 0 }.drop { $0 <= 0x20 }
        while let last = text.last, last <= 0x20 { text.removeLast() }
        // A control character would upset a terminal or a table.
        guard !text.isEmpty, text.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            return nil
        }
        return String(decoding: text, as: UTF8.self)
    }
}
