internal import FaceCore
import AlbumKit

// Numbers, names and amounts as a person writes them.

/// `number` with `places` decimals and a point, whatever the locale: "0.4271".
func decimal(_ number: Double, places: Int) -> String {
    let scale = (0..<places).reduce(1) { scale, _ in scale * 10 }
    let whole = Int((number.magnitude * Double(scale)).rounded())
    let fraction = String(whole % scale)
    let text =
        places == 0
        ? String(whole)
        : "\(whole / scale).\(String(repeating: "0", count: places - fraction.count))\(fraction)"
    return number < 0 && whole != 0 ? "-" + text : text
}

/// "870 bytes", "4.8 MB", "1.3 GB"; decimal units, as file managers and disks have them.
func byteSize(_ byteCount: Int64) -> String {
    guard byteCount >= 1000 else { return counted(Int(byteCount), "byte") }
    var size = Double(byteCount) / 1000
    var units = ["kB", "MB", "GB", "TB"][...]
    while size >= 999.5, units.count > 1 {
        size /= 1000
        units.removeFirst()
    }
    return "\(decimal(size, places: size < 10 && units.first != "kB" ? 1 : 0)) \(units.first ?? "")"
}

/// A time that has passed: "0.8 s", "14 s", "2 min 14 s", "1 h 5 min".
func duration(seconds: Double) -> String {
    guard seconds >= 9.95 else { return decimal(max(0, seconds), places: 1) + " s" }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 {
        return whole % 60 == 0 ? "\(whole / 60) min" : "\(whole / 60) min \(whole % 60) s"
    }
    let minutes = Int((seconds / 60).rounded())
    return minutes % 60 == 0 ? "\(minutes / 60) h" : "\(minutes / 60) h \(minutes % 60) min"
}

/// An expected time, no more exact than it can be known: "a few seconds", "about 2 minutes".
func expected(seconds: Double) -> String {
    if seconds < 10 { return "a few seconds" }
    if seconds < 55 { return "about \(Int((seconds / 10).rounded()) * 10) seconds" }
    let minutes = Int((seconds / 60).rounded())
    if minutes < 60 { return "about " + counted(max(1, minutes), "minute") }
    let fives = Int((seconds / 300).rounded()) * 5
    let rest = fives % 60 == 0 ? "" : " \(fives % 60) minutes"
    return "about " + counted(fives / 60, "hour") + rest
}

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
