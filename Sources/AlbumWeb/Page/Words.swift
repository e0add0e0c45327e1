internal import FaceCore

// Numbers, times and names as the pages show them.

/// A fraction for an attribute of a drawing: four decimals, inside 0...1.
func fraction(_ value: Double) -> String {
    let parts = Int((min(1, max(0, value.isFinite ? value : 0)) * 10_000).rounded())
    let digits = String(parts % 10_000)
    return "\(parts / 10_000)." + String(repeating: "0", count: 4 - digits.count) + digits
}

/// "14 June, 17:31".
func moment(_ taken: TimeTaken) -> String {
    "\(taken.day) \(monthNames[taken.month - 1]), \(taken.clock.prefix(5))"
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
