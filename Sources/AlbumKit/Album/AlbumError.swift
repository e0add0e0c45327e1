/// Why a whole operation could not be done. A photo that fails is a ``/PhotoIndex/PhotoFailure``.
public struct AlbumError: Error, Sendable {
    /// What went wrong, for programs; a struct, so that codes may be added.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        public static let notFound = Code(rawValue: "notFound")
        public static let notAFolder = Code(rawValue: "notAFolder")
        public static let notAnAlbum = Code(rawValue: "notAnAlbum")
        public static let foldersOverlap = Code(rawValue: "foldersOverlap")
        public static let foreignFolder = Code(rawValue: "foreignFolder")
        public static let personName = Code(rawValue: "personName")
        public static let setting = Code(rawValue: "setting")
        public static let diskFull = Code(rawValue: "diskFull")
        public static let readOnly = Code(rawValue: "readOnly")
        public static let file = Code(rawValue: "file")
        /// Something that facesort did not make lies where its own state belongs.
        public static let intruder = Code(rawValue: "intruder")
        /// The system's temporary folder cannot be written to.
        public static let temporaryFolder = Code(rawValue: "temporaryFolder")
        public static let inUse = Code(rawValue: "inUse")
        public static let modelMissing = Code(rawValue: "modelMissing")
        public static let modelDamaged = Code(rawValue: "modelDamaged")
        public static let otherSpace = Code(rawValue: "otherSpace")
        public static let newerAlbum = Code(rawValue: "newerAlbum")
        public static let damagedAlbum = Code(rawValue: "damagedAlbum")
        public static let catalogue = Code(rawValue: "catalogue")
        /// Somebody else has answered in the meantime.
        public static let stale = Code(rawValue: "stale")
        public static let interrupted = Code(rawValue: "interrupted")
        public static let unknownPhoto = Code(rawValue: "unknownPhoto")
        public static let unknownPerson = Code(rawValue: "unknownPerson")
        /// Two labels contradict each other, or there are too few.
        public static let labels = Code(rawValue: "labels")
        /// What `keep` learnt is missing, damaged or unusable.
        public static let keepModel = Code(rawValue: "keepModel")
        public static let unknownRun = Code(rawValue: "unknownRun")
    }

    public let code: Code
    /// The path or name that the error is about, as the user wrote it where possible.
    public let subject: String
    /// What is wrong; the text follows the subject: "is not a folder".
    public let reason: String
    /// What did not happen, and what to do; whole sentences.
    public let remedy: String
    public let underlying: (any Error)?

    public init(
        _ code: Code, _ subject: String, _ reason: String, remedy: String,
        underlying: (any Error)? = nil
    ) {
        self.code = code
        self.subject = subject
        self.reason = reason
        self.remedy = remedy
        self.underlying = underlying
    }
}

extension AlbumError: CustomStringConvertible {
    public var description: String { "'\(subject)' \(reason)\n  \(remedy)" }
}
