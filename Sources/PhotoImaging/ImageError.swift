/// Why a picture, or the file that should hold one, cannot be used.
public struct ImageError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of failure it is; `rawValue` is the stable word for it in records and JSON.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public let rawValue: String

        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The file cannot be opened or read; its content is unknown.
        public static let notAccessible = Code(rawValue: "notAccessible")
        /// The content is no JPEG, PNG or HEIC picture.
        public static let notAPhoto = Code(rawValue: "notAPhoto")
        /// The content is a picture, damaged beyond use.
        public static let unreadable = Code(rawValue: "unreadable")
        /// The content ends before the first row of the picture; a PNG or HEIC before its last.
        public static let endsEarly = Code(rawValue: "endsEarly")
        /// The file or the picture is above the limits of ``PhotoSource``.
        public static let tooLarge = Code(rawValue: "tooLarge")
        /// A valid picture of an unsupported kind, such as a JPEG of 12 bits.
        public static let unsupported = Code(rawValue: "unsupported")
        /// There is not enough memory for this picture.
        public static let outOfMemory = Code(rawValue: "outOfMemory")
    }

    public let code: Code
    /// A sentence for the user without capital and full stop: "the picture ends early".
    public let reason: String

    public init(code: Code, reason: String) {
        self.code = code
        self.reason = reason
    }

    public var description: String { reason }
}
