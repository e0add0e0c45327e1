/// What a photo says about itself, as far as this program uses it.
public struct PhotoMetadata: Hashable, Sendable {
    /// How the stored picture was turned to stand upright: 1...8 as in EXIF, 1 when nothing was to
    /// be done. A HEIC is turned by its own container, so it always says 1.
    public let orientation: Int
    /// When the photo was taken, or `nil` when it does not say, or says nonsense.
    public let taken: TimeTaken?
    /// Maker and model of the camera: "Canon EOS 5D"; the maker is not repeated.
    public let camera: String?

    public init(orientation: Int, taken: TimeTaken?, camera: String?) {
        self.orientation = orientation
        self.taken = taken
        self.camera = camera
    }

    static let none = PhotoMetadata(orientation: 1, taken: nil, camera: nil)
}

/// The moment a photo was taken, as its camera wrote it down.
public struct TimeTaken: Hashable, Sendable {
    /// The camera's clock: `2024-05-01T12:33:10`. Always 19 characters, so that it sorts by time.
    public let wallClock: String
    /// The decimal digits after the seconds, `045` for 45 ms; empty when there are none.
    public let subseconds: String
    /// How far the camera's clock was ahead of UTC, in seconds; `nil` when the photo does not say.
    /// Then the time is what a clock on the wall showed, and must not be converted.
    public let offsetFromUTC: Int?

    public init(wallClock: String, subseconds: String, offsetFromUTC: Int?) {
        self.wallClock = wallClock
        self.subseconds = subseconds
        self.offsetFromUTC = offsetFromUTC
    }

    /// Reads the three texts of EXIF; `nil` when `dateTime` is no date that ever was.
    init?(dateTime: String, subseconds: String?, offset: String?) {
        let bytes = Array(dateTime.utf8)
        guard bytes.count >= 19 else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            var value = 0
            for byte in bytes[range] {
                guard (0x30...0x39).contains(byte) else { return nil }
                value = value * 10 + Int(byte - 0x30)
            }
            return value
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19)
        else { return nil }
        let isLeapYear = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let dayCounts = [31, isLeapYear ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        // The first photograph is of 1826; scans of old pictures do bear such dates.
        guard year >= 1826, (1...12).contains(month), (1...dayCounts[month - 1]).contains(day),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        func padded(_ value: Int, _ length: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, length - text.count)) + text
        }
        self.init(
            wallClock: "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
                + "T\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2))",
            subseconds: subseconds.flatMap(Self.digits) ?? "",
            offsetFromUTC: offset.flatMap(Self.seconds))
    }

    /// The digits of a fraction without the blanks some cameras write after them.
    private static func digits(of text: String) -> String? {
        let digits = text.utf8.prefix { (0x30...0x39).contains($0) }
        return digits.isEmpty ? nil : String(decoding: digits.prefix(9), as: UTF8.self)
    }

    /// `+02:00`, `-0330` or `Z` in seconds.
    private static func seconds(of text: String) -> Int? {
        let bytes = text.utf8.filter { $0 != 0x20 && $0 != 0x3A }
        if bytes == [0x5A] { return 0 }
        guard bytes.count == 5, bytes[0] == 0x2B || bytes[0] == 0x2D,
            bytes[1...].allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        let digits = bytes[1...].map { Int($0) - 0x30 }
        let (hours, minutes) = (digits[0] * 10 + digits[1], digits[2] * 10 + digits[3])
        // Clocks on Earth go from 12 hours behind to 14 hours ahead.
        guard hours <= 14, minutes < 60 else { return nil }
        return (hours * 3600 + minutes * 60) * (bytes[0] == 0x2D ? -1 : 1)
    }
}
