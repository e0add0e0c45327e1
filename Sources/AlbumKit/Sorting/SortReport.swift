public import FaceCore
public import PhotoIndex

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
    public typealias PersonCount = AlbumKit.PersonCount
    public typealias UnknownReasons = AlbumKit.UnknownReasons
    public typealias Rename = NameChange

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
    /// How many faces are in each band.
    public var bands: [Band: Int] = [:]
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

extension AlbumOverview {
    func fill(_ summary: inout SortSummary) {
        summary.photoCount = photoCount
        summary.faceCount = faceCount
        summary.people = people
        summary.groupCount = groupCount
        summary.unknownCount = unknownCount
        summary.unknownReasons = unknownReasons
        summary.unreadableCount = unreadableCount
        summary.bands = bands
    }
}
