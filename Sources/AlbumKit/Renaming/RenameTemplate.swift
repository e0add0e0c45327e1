internal import FileLedger

/// What a template can put into a name.
public enum RenameField: String, Hashable, Sendable, Codable, CaseIterable {
    /// The day the photo was taken, by the camera's clock: `2024-05-01`.
    case date
    /// The time of day: `12.33.10`; FAT takes no colon.
    case time
    /// Its number among the photos in order of time: `001`.
    case sequence
    /// Who is in it, from left to right: `Anna, Ben`.
    case people
    /// How many faces it shows.
    case count
    /// Which one of its burst it is: `2`.
    case burst
    case camera
    /// `portrait`, `pair`, `group`, `crowd` or `scene`.
    case kind
    /// What is in the picture: `lakeside`. It takes a network that is not a part of facesort.
    case label
    /// The name before the first renaming, without its extension.
    case original

    static let list = allCases.map { "{\($0.rawValue)}" }.joined(separator: " ")
}

/// Why a text is not a template.
public struct RenameTemplateError: Error, Hashable, Sendable {
    /// The text follows the template: "has a '/' at character 7: …".
    public let reason: String
    /// What to write instead; a sentence.
    public let remedy: String
}

/// How new names are made: text with fields in braces, `{date} {people} {kind}`.
///
/// A field that a photo has nothing for drops out, and with it the text to its neighbour: of the
/// separators around it one stays, and brackets around nothing go. Text before the first field and
/// after the last one stays.
public struct RenameTemplate: Hashable, Sendable {
    public let text: String
    public let fields: [RenameField]
    /// What stands before, between and after the fields: one more than those.
    private let literals: [[Character]]
    private let brackets: [BracketPair]

    /// Brackets with fields between them.
    private struct BracketPair: Hashable {
        let openLiteral: Int
        let openOffset: Int
        let closeLiteral: Int
        let closeOffset: Int

        var fields: Range<Int> { openLiteral..<closeLiteral }
    }

    public init(_ text: String) throws(RenameTemplateError) {
        self.text = text
        var fields: [RenameField] = []
        var literals: [[Character]] = [[]]
        var field: (name: String, position: Int)?
        for (index, character) in text.enumerated() {
            let position = index + 1
            switch character {
            case "/":
                throw RenameTemplateError(
                    reason: "has a '/' at character \(position)",
                    remedy: "Photos stay in their folders; use another separator.")
            case "{" where field == nil: field = ("", position)
            case "{": throw Self.brace("{", at: position)
            case "}":
                guard let (name, start) = field else { throw Self.brace("}", at: position) }
                guard let known = RenameField(rawValue: name) else {
                    throw RenameTemplateError(
                        reason: "has an unknown field '{\(name)}' at character \(start)",
                        remedy: "The fields are \(RenameField.list).")
                }
                fields.append(known)
                literals.append([])
                field = nil
            case _ where character.unicodeScalars.contains(where: Self.isControl):
                throw RenameTemplateError(
                    reason: "has a control character at character \(position)",
                    remedy: "Leave it out.")
            default:
                if field == nil {
                    literals[literals.count - 1].append(character)
                } else {
                    field?.name.append(character)
                }
            }
        }
        if let field { throw Self.brace("{", at: field.position) }
        guard !text.allSatisfy(\.isWhitespace) else {
            throw RenameTemplateError(
                reason: "is empty", remedy: "The fields are \(RenameField.list).")
        }
        guard literals[0].first != "." else {
            throw RenameTemplateError(
                reason: "begins with a dot, which would hide the photos",
                remedy: "Begin it with something else.")
        }
        self.fields = fields
        self.literals = literals
        brackets = Self.pairs(in: literals)
    }

    private static func brace(_ brace: String, at position: Int) -> RenameTemplateError {
        RenameTemplateError(
            reason: "has a '\(brace)' without its partner at character \(position)",
            remedy: "Fields are written {so}: \(RenameField.list).")
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .control
    }

    private static func pairs(in literals: [[Character]]) -> [BracketPair] {
        let partner: [Character: Character] = [")": "(", "]": "["]
        var open: [(bracket: Character, literal: Int, offset: Int)] = []
        var pairs: [BracketPair] = []
        for (literal, characters) in literals.enumerated() {
            for (offset, character) in characters.enumerated() {
                if partner.values.contains(character) {
                    open.append((character, literal, offset))
                } else if let bracket = partner[character], open.last?.bracket == bracket {
                    let last = open.removeLast()
                    guard last.literal < literal else { continue }
                    pairs.append(
                        BracketPair(
                            openLiteral: last.literal, openOffset: last.offset,
                            closeLiteral: literal, closeOffset: offset))
                }
            }
        }
        return pairs
    }

    /// The name without its extension: bytes, as an old name in it may be no text.
    ///
    /// - Parameter values: of the fields that the photo has something for.
    /// - Returns: `nil` when nothing would be left of it, or when it has fields and all are missing.
    func stem(_ values: [RenameField: [UInt8]]) -> [UInt8]? {
        let isPresent = fields.map { values[$0]?.isEmpty == false }
        let present = fields.indices.filter { isPresent[$0] }
        guard fields.isEmpty || !present.isEmpty else { return nil }
        var bytes: [UInt8] = []
        var next = 0
        for index in present {
            bytes += separator(next...index, isPresent)
            bytes += Self.safe(values[fields[index]] ?? [], in: fields[index])
            next = index + 1
        }
        bytes += separator(next...fields.count, isPresent)
        let isLeading = { (byte: UInt8) in byte == 0x2E || byte == 0x20 }
        bytes = Array(bytes.drop(while: isLeading))
        while bytes.last == 0x20 { bytes.removeLast() }
        return bytes.isEmpty ? nil : bytes
    }

    /// What stands between two fields that are there, or before the first or after the last one.
    private func separator(_ range: ClosedRange<Int>, _ isPresent: [Bool]) -> [UInt8] {
        guard range.count > 1 else { return Array(String(literals[range.lowerBound]).utf8) }
        var opening = ""
        var closing = ""
        let bare = range.map { literal in
            literals[literal].enumerated().filter { offset, character in
                for pair in brackets {
                    let opens = (pair.openLiteral, pair.openOffset) == (literal, offset)
                    let closes = (pair.closeLiteral, pair.closeOffset) == (literal, offset)
                    guard opens || closes else { continue }
                    if isPresent[pair.fields].contains(true) {
                        if opens { opening.append(character) } else { closing.append(character) }
                    }
                    return false
                }
                return true
            }.map(\.element)
        }
        let kept: [Character]
        if range.lowerBound == 0 {
            kept = bare[0]
        } else if range.upperBound == fields.count {
            kept = bare[bare.count - 1]
        } else {
            kept = Self.chosen(bare.filter { !$0.isEmpty })
        }
        return Array((closing + String(kept) + opening).utf8)
    }

    /// The first without words in it, else what stands before the words of the first.
    private static func chosen(_ texts: [[Character]]) -> [Character] {
        let isWord = { (character: Character) in character.isLetter || character.isNumber }
        return texts.first { !$0.contains(where: isWord) }
            ?? Array(texts.first?.prefix { !isWord($0) } ?? [])
    }

    /// A value as part of a name: what cameras and people write, anywhere else too.
    private static func safe(_ value: [UInt8], in field: RenameField) -> [UInt8] {
        let value = value.map { $0 == 0x2F || $0 == 0 ? 0x5F : $0 }
        // An old name is one already; and a dot is not at the end of the name when it ends a value.
        return field == .original
            ? value : WindowsNames.replacingReserved(in: value + [0x5F]).dropLast()
    }
}
