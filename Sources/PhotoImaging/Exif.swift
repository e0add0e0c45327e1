/// Reads the few entries of a TIFF block ("EXIF") that this program uses.
///
/// The block comes from a stranger's file: every offset and length in it is checked against the
/// block, and no more than three directories are ever visited, so that loops end.
struct Exif {
    private let bytes: ArraySlice<UInt8>
    private let isBigEndian: Bool

    /// - Parameter block: begins with the TIFF header, `II*` or `MM*`.
    /// - Returns: `nil` when it does not.
    private init?(_ block: ArraySlice<UInt8>) {
        switch Array(block.prefix(4)) {
        case [0x49, 0x49, 0x2A, 0x00]: isBigEndian = false
        case [0x4D, 0x4D, 0x00, 0x2A]: isBigEndian = true
        default: return nil
        }
        bytes = block
    }

    /// What `block` says; what is missing or broken in it is left out.
    static func metadata(of block: ArraySlice<UInt8>) -> PhotoMetadata {
        guard let exif = Exif(block), let first = exif.word(at: 4) else { return .none }
        let main = exif.directory(at: first)
        let detail = main[.exifDirectory].flatMap(exif.number).map(exif.directory) ?? [:]
        let orientation = main[.orientation].flatMap(exif.number) ?? 1
        return PhotoMetadata(
            orientation: (1...8).contains(orientation) ? orientation : 1,
            taken: exif.timeTaken(main: main, detail: detail),
            camera: exif.camera(main))
    }

    private struct Tag: Hashable {
        let rawValue: Int

        static let make = Tag(rawValue: 0x010F)
        static let model = Tag(rawValue: 0x0110)
        static let orientation = Tag(rawValue: 0x0112)
        static let dateTime = Tag(rawValue: 0x0132)
        static let exifDirectory = Tag(rawValue: 0x8769)
        static let dateTimeOriginal = Tag(rawValue: 0x9003)
        static let dateTimeDigitized = Tag(rawValue: 0x9004)
        static let offset = Tag(rawValue: 0x9010)
        static let offsetOriginal = Tag(rawValue: 0x9011)
        static let offsetDigitized = Tag(rawValue: 0x9012)
        static let subseconds = Tag(rawValue: 0x9290)
        static let subsecondsOriginal = Tag(rawValue: 0x9291)
        static let subsecondsDigitized = Tag(rawValue: 0x9292)
    }

    /// Where an entry's value lies, and what it is made of.
    private struct Entry {
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

    /// The entries of the directory at `position`, as far as they are there; of a tag given twice
    /// the first.
    private func directory(at position: Int) -> [Tag: Entry] {
        guard let count = half(at: position) else { return [:] }
        var entries: [Tag: Entry] = [:]
        for index in 0..<count {
            let start = position + 2 + 12 * index
            guard let tag = half(at: start), let type = half(at: start + 2),
                let count = word(at: start + 4), start + 12 <= bytes.count
            else { break }
            if entries[Tag(rawValue: tag)] == nil {
                entries[Tag(rawValue: tag)] = Entry(type: type, count: count, position: start + 8)
            }
        }
        return entries
    }

    /// A short or long number.
    private func number(_ entry: Entry) -> Int? {
        guard entry.count >= 1 else { return nil }
        switch entry.type {
        case 1: return byte(at: entry.position)
        case 3: return half(at: entry.position)
        case 4, 13: return word(at: entry.position)
        default: return nil
        }
    }

    /// A text without what follows its first zero and without blanks around it; `nil` when nothing
    /// is left.
    private func text(_ entry: Entry?) -> String? {
        /// Enough for every date and every camera's name.
        let maximumLength = 200
        guard let entry, entry.type == 2 || entry.type == 7 else { return nil }
        guard let start = entry.count <= 4 ? entry.position : word(at: entry.position),
            start < bytes.count
        else { return nil }
        let all = bytes.dropFirst(start).prefix(min(entry.count, maximumLength))
        var text = all.prefix { $0 != 0 }.drop { $0 == 0x20 }
        while text.last == 0x20 { text.removeLast() }
        // A control character would upset a terminal or a table.
        guard !text.isEmpty, text.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            return nil
        }
        return String(decoding: text, as: UTF8.self)
    }

    private func timeTaken(main: [Tag: Entry], detail: [Tag: Entry]) -> TimeTaken? {
        func time(_ date: Entry?, _ subseconds: Tag, _ offset: Tag) -> TimeTaken? {
            text(date).flatMap {
                TimeTaken(
                    dateTime: $0, subseconds: text(detail[subseconds]),
                    offset: text(detail[offset]))
            }
        }
        return time(detail[.dateTimeOriginal], .subsecondsOriginal, .offsetOriginal)
            ?? time(detail[.dateTimeDigitized], .subsecondsDigitized, .offsetDigitized)
            ?? time(main[.dateTime], .subseconds, .offset)
    }

    private func camera(_ main: [Tag: Entry]) -> String? {
        let (make, model) = (text(main[.make]), text(main[.model]))
        guard let make else { return model }
        guard let model else { return make }
        // "NIKON CORPORATION" and "NIKON D90", "Canon" and "Canon EOS 5D": the model says it all.
        let maker = make.lowercased().prefix { $0 != " " }
        return model.lowercased().hasPrefix(maker) ? model : "\(make) \(model)"
    }
}
