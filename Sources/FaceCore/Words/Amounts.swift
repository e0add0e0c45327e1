// Amounts, sizes and times as people write them.

/// `number` with `places` decimals and a point, whatever the locale: "0.4271".
package func decimal(_ number: Double, places: Int) -> String {
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
package func byteSize(_ byteCount: Int64) -> String {
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
package func duration(seconds: Double) -> String {
    guard seconds >= 9.95 else { return decimal(max(0, seconds), places: 1) + " s" }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 {
        return whole % 60 == 0 ? "\(whole / 60) min" : "\(whole / 60) min \(whole % 60) s"
    }
    let minutes = Int((seconds / 60).rounded())
    return minutes % 60 == 0 ? "\(minutes / 60) h" : "\(minutes / 60) h \(minutes % 60) min"
}

/// The same, short in words: "4 seconds", "2 minutes".
package func lasting(seconds: Double) -> String {
    let whole = max(1, Int(seconds.rounded()))
    return whole < 100
        ? counted(whole, "second") : counted(Int((seconds / 60).rounded()), "minute")
}

/// An expected time, no more exact than it can be known: "a few seconds", "about 2 minutes".
package func expected(seconds: Double) -> String {
    if seconds < 10 { return "a few seconds" }
    if seconds < 55 { return "about \(Int((seconds / 10).rounded()) * 10) seconds" }
    let minutes = Int((seconds / 60).rounded())
    if minutes < 60 { return "about " + counted(max(1, minutes), "minute") }
    let fives = Int((seconds / 300).rounded()) * 5
    let rest = fives % 60 == 0 ? "" : " \(fives % 60) minutes"
    return "about " + counted(fives / 60, "hour") + rest
}
