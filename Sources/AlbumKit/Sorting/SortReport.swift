internal import AlbumCatalogue

/// A photo that could not be read as it should be; the run goes on.
public struct PhotoFailure: Hashable, Sendable, Codable {
    /// Relative to the PHOTOS folder it lies in.
    public let path: String
    /// For programs: `unreadable`, `damaged`, `tooLarge`, `changed`, `notReadable` ...
    public let code: String
    /// What is wrong, to be read after the name: "is damaged: the picture ends early".
    public let reason: String
    /// Where the photo was put and what to do about it; a sentence or two.
    public let remedy: String

    /// Whether the disk did not give its bytes: nothing is known of it.
    public var isUnread: Bool { code == FailedFile.notReadable }
    /// Whether the album's disk did not take it.
    public var isUnwritten: Bool { code == FailedFile.notWritten }
}

/// A portrait, or a person, that recognition will suffer from.
public struct PortraitTrouble: Hashable, Sendable, Codable {
    public enum Kind: String, Hashable, Sendable, Codable {
        /// No face was found.
        case noFace
        /// Several faces; the largest and most central one was taken.
        case severalFaces
        /// The file cannot be read.
        case unreadable
        /// A portrait of somebody else is so near that the two are hard to tell apart.
        case lookAlike
        /// Far from every other portrait of the same person.
        case outlier
        /// None of the person's portraits can be used.
        case noReference
        /// The face is too small to be encoded well.
        case tooSmall
        /// The face is too blurred to be encoded well.
        case tooBlurred
        /// One portrait, which leaves too much open.
        case thin
    }

    public let kind: Kind
    public let person: String
    /// Relative to the PEOPLE folder; `nil` when the trouble is the person's as a whole.
    public let portrait: String?
    /// A whole sentence that names the person.
    public let sentence: String
    /// What the user can do about it; a sentence.
    public let remedy: String
}

/// What is known within two seconds, before the first photo is analysed.
public struct SortOverview: Sendable, Codable {
    /// Photos found in all folders that can be reached, copies counted once by path.
    public let photoCount: Int
    /// Those not analysed yet.
    public let newPhotoCount: Int
    /// The bytes of the new ones.
    public let newByteCount: Int64
    public let personCount: Int
    public let portraitCount: Int
    public let portraitTroubles: [PortraitTrouble]
    /// Seconds the analysis is likely to take on this machine; `nil` when nothing is new.
    public let expectedSeconds: Double?
    /// Whether this run carries on with one that was killed or interrupted.
    public let isResumed: Bool
    public let settings: SortSettings
    /// Things to know before it starts, each a sentence: folders out of reach, folders skipped.
    public let notes: [String]
}

/// What happens while `sort` runs.
public enum SortEvent: Sendable {
    case learning(done: Int, total: Int)
    case overview(SortOverview)
    case analysing(done: Int, total: Int)
    case writing(done: Int, total: Int)
    case failed(PhotoFailure)
}

/// A file that `sort` writes, moves or takes away, as the plan has it.
public struct PlannedChange: Hashable, Sendable, Codable {
    public enum Kind: String, Hashable, Sendable, Codable {
        case copy, move, remove, prune
    }

    public let kind: Kind
    /// Relative to the album; where the file will be, or was.
    public let path: String
    /// The original for a copy, the former path for a move.
    public let from: String?
}

/// What `sort` did, or would do.
public struct SortSummary: Sendable, Codable {
    public struct PersonCount: Hashable, Sendable, Codable {
        public let name: String
        public let photoCount: Int
    }

    /// A person without a name who is in several photos.
    public struct Stranger: Hashable, Sendable, Codable {
        /// `person-01`, ...: kept from run to run.
        public let name: String
        /// Every photo with the person, also those that lie with somebody who was recognised.
        public let photoCount: Int
        /// Relative to the album; `nil` where there is none, because in each of the photos somebody
        /// was recognised or `unknown` is flat.
        public let folder: String?
    }

    /// Why photos are in `unknown`.
    public struct UnknownReasons: Hashable, Sendable, Codable {
        public var noFace = 0
        /// Faces, and nobody known is near.
        public var strangers = 0
        /// At least one face is nearly near enough to somebody.
        public var nearly = 0
        /// Too little of the picture is there to be judged.
        public var damaged = 0
    }

    public struct Rename: Hashable, Sendable, Codable {
        /// What the original, or the person, is called.
        public let original: String
        /// What it is called in the album.
        public let name: String
        public let reason: String
    }

    public struct Copies: Hashable, Sendable, Codable {
        /// The path after which the photo is named in the album.
        public let photo: String
        public let alsoAt: [String]
    }

    public var isDryRun = false
    /// The run's number, for `undo`; `nil` when nothing was changed.
    public var run: Int?
    public var album = ""
    public var settings = SortSettings()
    public var photoCount = 0
    public var faceCount = 0
    /// Every person, whether in a photo or not, most photos first.
    public var people: [PersonCount] = []
    public var groupCount = 0
    public var unknownCount = 0
    public var unknownReasons = UnknownReasons()
    public var unreadableCount = 0
    /// Who appears in three or more photos without a name, most photos first.
    public var strangers: [Stranger] = []
    /// Faces by band, `Band.rawValue` to count.
    public var bands: [String: Int] = [:]
    /// How many answers the faces of band `ask` wait for: one for each cluster of them.
    public var questionCount = 0
    /// What a person said, all of it obeyed.
    public var decisions = DecisionCount()
    public var failures: [PhotoFailure] = []
    /// Files that are no photo facesort reads: kind ("video", "RAW", "WebP") to count.
    public var skipped: [String: Int] = [:]
    public var copies: [Copies] = []
    public var renames: [Rename] = []
    public var portraitTroubles: [PortraitTrouble] = []
    public var analysedCount = 0
    public var copiedFileCount = 0
    public var copiedByteCount: Int64 = 0
    public var movedFileCount = 0
    public var removedFileCount = 0
    public var prunedFileCount = 0
    /// Copies that stay because their original is gone or out of reach.
    public var heldPhotoCount = 0
    /// Files that are no longer where facesort put them, or were changed: left to the user.
    public var leftToUserCount = 0
    public var notes: [String] = []
    public var seconds = 0.0
    /// Filled by a dry run only.
    public var changes: [PlannedChange] = []

    public init() {}
}
