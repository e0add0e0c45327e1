internal import FaceCore

extension TimeTaken {
    /// Reads the three texts of EXIF; `nil` when `dateTime` is not a possible date.
    ///
    /// The standard form of a date is `2024:05:01 12:33:10`. Also accepted: other separators,
    /// blanks for leading zeros, missing seconds, and ISO 8601's fraction and offset from UTC after
    /// the time; EXIF's separate texts take precedence over those.
    init?(dateTime: String, subseconds: String?, offset: String?) {
        var rest = dateTime.utf8[...]
        guard let year = Self.number(&rest, digits: 4...4),
            let month = Self.nextNumber(&rest), let day = Self.nextNumber(&rest),
            let hour = Self.nextNumber(&rest), let minute = Self.nextNumber(&rest)
        else { return nil }
        let second = Self.nextNumber(&rest) ?? 0
        let isLeapYear = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let dayCounts = [31, isLeapYear ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        // The first photograph is from 1826; scans of old pictures do have such dates. Some cameras
        // count the hour after midnight as the 24th of the day that has begun.
        guard year >= 1826, (1...12).contains(month), (1...dayCounts[month - 1]).contains(day),
            hour <= 24, minute < 60, second <= 60
        else { return nil }
        func padded(_ value: Int, _ length: Int = 2) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, length - text.count)) + text
        }
        var fraction: String?
        if rest.first == UInt8(ascii: ".") || rest.first == UInt8(ascii: ",") {
            fraction = Self.digits(of: rest.dropFirst())
            rest = rest.dropFirst().drop(while: Self.isDigit)
        }
        let digits = subseconds.flatMap { Self.digits(of: $0.utf8[...]) } ?? fraction
        self.init(
            "\(padded(year, 4))-\(padded(month))-\(padded(day))"
                + "T\(padded(hour % 24)):\(padded(minute)):\(padded(second))"
                + (digits.map { "." + $0 } ?? ""),
            offsetFromUTC: offset.flatMap { Self.seconds(of: $0.utf8[...]) }
                ?? Self.seconds(of: rest))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// Reads a number of this many digits from the front of `text`.
    private static func number(
        _ text: inout Substring.UTF8View, digits: ClosedRange<Int>
    ) -> Int? {
        let found = text.prefix(while: isDigit)
        guard digits.contains(found.count) else { return nil }
        text = text.dropFirst(found.count)
        return found.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    /// Reads one separator, blanks that stand for zeros, and a number of one or two digits from the
    /// front of `text`; nothing if they are missing.
    private static func nextNumber(_ text: inout Substring.UTF8View) -> Int? {
        guard let separator = text.first, separator < 0x80, !isDigit(separator) else { return nil }
        var rest = text.dropFirst()
        let blankCount = rest.prefix { $0 == 0x20 }.count
        rest = rest.dropFirst(blankCount)
        guard blankCount <= 1, let number = number(&rest, digits: 1...2) else { return nil }
        text = rest
        return number
    }

    /// The digits of a fraction without the blanks some cameras write after them.
    private static func digits(of text: Substring.UTF8View) -> String? {
        let digits = text.prefix(while: isDigit)
        return digits.isEmpty ? nil : String(decoding: digits.prefix(9), as: UTF8.self)
    }

    /// `+02:00`, `-0330` or `Z` in seconds.
    private static func seconds(of text: Substring.UTF8View) -> Int? {
        let bytes = text.filter { $0 != 0x20 && $0 != 0x3A }
        if bytes == [0x5A] { return 0 }
        guard bytes.count == 5, bytes[0] == 0x2B || bytes[0] == 0x2D,
            bytes[1...].allSatisfy(isDigit)
        else { return nil }
        let digits = bytes[1...].map { Int($0) - 0x30 }
        let (hours, minutes) = (digits[0] * 10 + digits[1], digits[2] * 10 + digits[3])
        // Clocks on Earth go from 12 hours behind to 14 hours ahead.
        guard hours <= 14, minutes < 60 else { return nil }
        return (hours * 3600 + minutes * 60) * (bytes[0] == 0x2D ? -1 : 1)
    }
}
