/// The seconds since 1970 of a wall clock text such as `2024-05-01T12:33:10.25`, as if there were
/// no time zones; `nil` for other texts.
package func wallClockSeconds(_ text: String) -> Double? {
    let halves = text.split(separator: "T", omittingEmptySubsequences: false)
    guard halves.count == 2 else { return nil }
    let date = halves[0].split(separator: "-").compactMap { Int($0) }
    let time = halves[1].split(separator: ":")
    guard date.count == 3, time.count == 3, let hours = Int(time[0]), let minutes = Int(time[1]),
        let seconds = Double(time[2]), (1...12).contains(date[1])
    else { return nil }
    // Years begin in March, so the leap day comes last (Hinnant's days_from_civil).
    let year = date[1] > 2 ? date[0] : date[0] - 1
    let month = (date[1] + 9) % 12
    let days =
        365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + date[2] - 719_469
    return Double(days * 86_400 + hours * 3600 + minutes * 60) + seconds
}
