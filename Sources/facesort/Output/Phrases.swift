internal import FaceCore

// Names and arguments as a person writes them.

/// Kinds of files with their counts: "30 videos, 7 RAW".
func kinds(_ counts: [String: Int]) -> String {
    counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        .map { kind, count in
            // "video" has a plural; "RAW" and "WebP" are names.
            kind.allSatisfy { $0.isLowercase || $0 == " " }
                ? counted(count, kind) : "\(grouped(count)) \(kind)"
        }
        .joined(separator: ", ")
}

/// `text` with everything made visible that would act on a terminal instead of being shown: control
/// signs, escape sequences, line breaks, marks that turn the direction of writing.
func visible(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isHidden) else { return text }
    return text.unicodeScalars.reduce(into: "") { shown, scalar in
        if isHidden(scalar) {
            shown += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
        } else {
            shown.unicodeScalars.append(scalar)
        }
    }
}

/// Whether `scalar` acts on a terminal or reorders what is around it.
func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0...0x1F, 0x7F...0x9F: true
    case 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069, 0x200E, 0x200F, 0x061C: true
    default: false
    }
}

/// `name` in quotes, fit for a terminal.
func quoted(_ name: String) -> String { "'\(visible(name))'" }

/// `argument` quoted for a shell, so that it can be copied from a message.
func shellWord(_ argument: String) -> String {
    let plain = argument.unicodeScalars.allSatisfy { scalar in
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            || "/._-+,:@%".unicodeScalars.contains(scalar)
    }
    if plain && !argument.isEmpty { return argument.hasPrefix("-") ? "./" + argument : argument }
    guard !argument.unicodeScalars.contains(where: isHidden) else {
        let bytes = argument.utf8.map { byte in
            byte >= 0x20 && byte < 0x7F && byte != 0x27 && byte != 0x5C
                ? String(UnicodeScalar(byte)) : "\\" + octal(byte)
        }
        return "$'" + bytes.joined() + "'"
    }
    var word = "'"
    for character in argument { word += character == "'" ? "'\\''" : String(character) }
    return (argument.hasPrefix("-") ? "./" : "") + word + "'"
}

/// Like ``shellWord(_:)``, for an argument that may be a flag.
func shellArgument(_ argument: String) -> String {
    guard argument.hasPrefix("-") else { return shellWord(argument) }
    // Without its dashes, for which `shellWord` would put a folder before a path.
    let word = shellWord(String(argument.drop { $0 == "-" }))
    let dashes = String(argument.prefix { $0 == "-" })
    return word.hasPrefix("'") ? "'" + dashes + word.dropFirst() : dashes + word
}

private func octal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 8)
    return String(repeating: "0", count: 3 - digits.count) + digits
}
