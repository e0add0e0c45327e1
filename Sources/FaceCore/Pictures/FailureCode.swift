/// Why a photo, or a file that photos need, could not be used; `rawValue` is the stable word for it
/// in catalogues and JSON.
public struct FailureCode: RawRepresentable, Hashable, Sendable, Codable {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The file cannot be opened or read; its content is unknown.
    public static let notAccessible = FailureCode(rawValue: "notAccessible")
    /// The content is no JPEG, PNG or HEIC picture.
    public static let notAPhoto = FailureCode(rawValue: "notAPhoto")
    /// The content is a picture, damaged beyond use.
    public static let unreadable = FailureCode(rawValue: "unreadable")
    /// The content ends before the first row of the picture; a PNG or HEIC before its last.
    public static let endsEarly = FailureCode(rawValue: "endsEarly")
    /// The file or the picture is above the limits of `PhotoSource`.
    public static let tooLarge = FailureCode(rawValue: "tooLarge")
    /// A valid picture of an unsupported kind, such as a JPEG of 12 bits.
    public static let unsupported = FailureCode(rawValue: "unsupported")
    /// There is not enough memory for this picture.
    public static let outOfMemory = FailureCode(rawValue: "outOfMemory")

    /// A file is not there.
    public static let missing = FailureCode(rawValue: "missing")
    /// A part of the picture or file is missing or wrong.
    public static let damaged = FailureCode(rawValue: "damaged")
    /// The engine gave up on this picture; the photo itself may be sound.
    public static let notAnalysed = FailureCode(rawValue: "notAnalysed")
    /// The disk could not read the file.
    public static let notReadable = FailureCode(rawValue: "notReadable")
    /// The file could not be put into the album.
    public static let notWritten = FailureCode(rawValue: "notWritten")
    /// The encoder that the user brought is not there, or cannot be read.
    public static let noEncoder = FailureCode(rawValue: "noEncoder")
    /// It is cut short, of another network, or holds numbers that are not finite.
    public static let unfitEncoder = FailureCode(rawValue: "unfitEncoder")
    /// It is another file than the one that made the encodings.
    public static let changedEncoder = FailureCode(rawValue: "changedEncoder")
    /// Anything else.
    public static let failed = FailureCode(rawValue: "failed")
    public static let notMoved = FailureCode(rawValue: "notMoved")
    public static let notRenamed = FailureCode(rawValue: "notRenamed")
    public static let notCopied = FailureCode(rawValue: "notCopied")
}
