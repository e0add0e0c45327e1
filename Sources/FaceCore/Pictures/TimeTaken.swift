/// The moment a photo was taken, as its camera recorded it.
public struct TimeTaken: Hashable, Sendable {
    /// The camera's clock with all its digits: `2024-05-01T12:33:10.25`. Texts sort by time.
    public let text: String
    /// How far the camera's clock was ahead of UTC, in seconds; `nil` when the photo does not say.
    /// Then the time is local and must not be converted.
    public let offsetFromUTC: Int?

    /// - Returns: `nil` for a text of another form, or with a month, day or time that no clock has.
    public init?(_ text: String, offsetFromUTC: Int? = nil) {
        self.text = text
        self.offsetFromUTC = offsetFromUTC
        guard isSound else { return nil }
    }

    /// The text to the second: always 19 characters.
    package var wallClock: String { String(text.prefix(19)) }
    /// `2024-05-01`.
    package var date: String { String(text.prefix(10)) }
    /// `12:33:10`.
    package var clock: String { String(wallClock.dropFirst(11)) }
    /// 1...12.
    package var month: Int { number(at: 5) }
    /// 1...31.
    package var day: Int { number(at: 8) }
    /// Whole seconds since midnight.
    package var secondOfDay: Int { (number(at: 11) * 60 + number(at: 14)) * 60 + number(at: 17) }

    /// The seconds since 1970 on the camera's clock, as if there were no time zones.
    package var seconds: Double {
        // Years begin in March, so the leap day comes last (Hinnant's days_from_civil).
        let year = number(at: 0, digits: 4) - (month > 2 ? 0 : 1)
        let days =
            365 * year + year / 4 - year / 100 + year / 400
            + (153 * ((month + 9) % 12) + 2) / 5 + day - 719_469
        let minutes = days * 1440 + number(at: 11) * 60 + number(at: 14)
        return Double(minutes * 60) + (Double(text.dropFirst(17)) ?? 0)
    }

    private func number(at place: Int, digits: Int = 2) -> Int {
        text.utf8.dropFirst(place).prefix(digits).reduce(0) { $0 * 10 + Int($1 & 0xF) }
    }

    private var isSound: Bool {
        let form = "0000-00-00T00:00:00".utf8
        func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
        let fraction = text.utf8.dropFirst(form.count)
        guard text.utf8.count >= form.count,
            zip(text.utf8, form).allSatisfy({ $1 == 0x30 ? isDigit($0) : $0 == $1 }),
            fraction.isEmpty || fraction.first == UInt8(ascii: ".") && fraction.count > 1,
            fraction.dropFirst().allSatisfy(isDigit)
        else { return false }
        return (1...12).contains(month) && (1...31).contains(day) && number(at: 11) < 24
            && number(at: 14) < 60 && number(at: 17) <= 60
    }
}
