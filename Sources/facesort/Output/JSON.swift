#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// JSON as facesort prints it: keys in a stable order, no signs that act on a terminal.
enum JSON {
    /// One document for a question, indented.
    static func document(_ value: some Encodable) throws -> String {
        try encoded(value, [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    }

    /// One line of a stream.
    static func line(_ value: some Encodable) throws -> String {
        try encoded(value, [.sortedKeys, .withoutEscapingSlashes])
    }

    private static func encoded(
        _ value: some Encodable, _ format: JSONEncoder.OutputFormatting
    ) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = format
        let text = String(decoding: try encoder.encode(value), as: UTF8.self)
        return escapingHidden(text) + "\n"
    }

    /// The encoder escapes the control signs below 0x20, as JSON asks; other signs that act on a
    /// terminal can only stand inside strings, where an escape means the same.
    private static func escapingHidden(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { isHidden($0) && $0 != "\n" }) else {
            return text
        }
        return text.unicodeScalars.reduce(into: "") { escaped, scalar in
            if isHidden(scalar), scalar != "\n" {
                let digits = String(scalar.value, radix: 16)
                escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            } else {
                escaped.unicodeScalars.append(scalar)
            }
        }
    }
}
