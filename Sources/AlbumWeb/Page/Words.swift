internal import FaceCore
internal import AlbumKit

// Numbers, times and names as the pages show them.

/// A fraction for an attribute of a drawing: four decimals, inside 0...1.
func fraction(_ value: Double) -> String {
    let parts = Int((min(1, max(0, value.isFinite ? value : 0)) * 10_000).rounded())
    let digits = String(parts % 10_000)
    return "\(parts / 10_000)." + String(repeating: "0", count: 4 - digits.count) + digits
}

/// The camera's `2024-06-14T17:31:05` as "14 June, 17:31"; `nil` for any other text.
func moment(_ taken: String?) -> String? {
    guard let taken, let match = taken.wholeMatch(of: #/\d{4}-(\d\d)-(\d\d)T(\d\d:\d\d).*/#),
        let month = Int(match.1), let day = Int(match.2), (1...12).contains(month), day > 0
    else { return nil }
    return "\(day) \(monthNames[month - 1]), \(match.3)"
}

private let monthNames = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
]

/// A long name for a button: its first word, or the start of that.
func shortened(_ name: String) -> String {
    let word = name.split(separator: " ").first.map(String.init) ?? name
    return word.count <= shortNameLength ? word : word.prefix(shortNameLength - 1) + "…"
}

/// Short enough for two names and a word side by side on a phone.
private let shortNameLength = 16

/// A time that has passed: "4 seconds", "2 minutes".
func lasting(seconds: Double) -> String {
    let whole = max(1, Int(seconds.rounded()))
    return whole < 100
        ? counted(whole, "second") : counted(Int((seconds / 60).rounded()), "minute")
}

/// The camera's `2024-06-14T17:31:05` as "17:31:05"; `nil` for any other text.
func clock(_ taken: String?) -> String? {
    taken?.wholeMatch(of: #/\d{4}-\d\d-\d\dT(\d\d:\d\d:\d\d).*/#).map { String($0.1) }
}

/// The camera's clock as seconds since midnight; `nil` without a time.
func secondOfDay(_ taken: String?) -> Int? {
    let parts = clock(taken)?.split(separator: ":").compactMap { Int($0) }
    guard let parts, parts.count == 3 else { return nil }
    return (parts[0] * 60 + parts[1]) * 60 + parts[2]
}
