public import PhotoIndex
internal import FileLedger
public import FaceCore

// The answers to questions about an album as it is: values for the command line and, later, the
// pages. They name paths as text; what is not UTF-8 in a name is shown with a replacement sign.

/// One face of one photo, as `faces` lists it.
public struct FaceRow: Hashable, Sendable, Codable {
    /// Relative to the PHOTOS folder given.
    public let photo: String
    /// Whole pixels of the upright picture.
    public let left: Int
    public let top: Int
    public let right: Int
    public let bottom: Int
    /// The recognised person's name.
    public let person: String?
    /// To the recognised person, else to the nearest one; no unit; `nil` when nobody is known.
    public let distance: Float?
    public let band: Band
    /// The person's name for a recognised face, `person-01` and so on for one of a cluster, `nil`
    /// for a face of its own.
    public let cluster: String?
    /// What the distance is to: a portrait by its path in PEOPLE, or a photo that shows the person by
    /// its path in PHOTOS; `nil` when nothing was compared.
    public let reference: String?
    /// Whether a person said who it is, or that it is to be left out.
    public let isDecided: Bool
}

/// Why a photo lies where it does.
public struct Explanation: Hashable, Sendable, Codable {
    public struct FaceVerdict: Hashable, Sendable, Codable {
        /// "left", "second from left", ...: which face is meant, in words.
        public let position: String
        public let person: String?
        public let distance: Float?
        public let band: Band
        /// Whole sentences for a host.
        public let sentence: String
    }

    public let photo: String
    public let faceCount: Int
    /// Folder names in the album.
    public let places: [String]
    /// Whole sentences, first what it is about.
    public let sentences: [String]
    public let faces: [FaceVerdict]
}

/// A group shot.
public struct GroupPhoto: Hashable, Sendable, Codable {
    public let photo: String
    public let faceCount: Int
    /// Names, in order.
    public let people: [String]
}

/// The state of an album.
public struct AlbumStatus: Sendable, Codable {
    public struct DamagedJournal: Sendable, Codable {
        /// Relative to the album.
        public let path: String
        /// From 1.
        public let lines: [Int]
    }

    public struct SourceState: Hashable, Sendable, Codable {
        public let path: String
        public let kind: SourceKind
        public let isReachable: Bool
        public let fileCount: Int
    }

    public struct RunState: Hashable, Sendable, Codable {
        public let number: Int
        public let command: String
        public let started: String
        public let state: RunStage
    }

    public let album: String
    public let photoCount: Int
    public let faceCount: Int
    public let people: [PersonCount]
    public let groupCount: Int
    public let unknownCount: Int
    public let unreadableCount: Int
    public let sources: [SourceState]
    public let runs: [RunState]
    public let failures: [PhotoFailure]
    /// How many files `clean` moved into each folder of a bin, by its name; `nil` for an album.
    public let bin: [String: Int]?
    /// Kind to count.
    public let skipped: [String: Int]
    public let skippedFiles: [SkippedPhoto]
    /// A process that is writing to the album now, in words; `nil` when none is.
    public let inUseBy: String?
    public let decisions: DecisionCount
    /// Journals that cannot be read in whole; 'facesort check' says what is lost.
    public let damagedJournals: [DamagedJournal]
}

/// A file beside the photos that facesort does not sort.
public struct SkippedPhoto: Hashable, Sendable, Codable {
    public let path: String
    public let kind: String
}

/// What `check` found.
public struct CheckReport: Sendable, Codable {
    public struct Finding: Hashable, Sendable, Codable {
        public let subject: String
        /// A sentence; what is wrong and what it means.
        public let sentence: String
    }

    public let checkedFileCount: Int
    /// Files of ours that are damaged or missing, journal or catalogue that do not agree.
    public let problems: [Finding]
    /// Files in the album that are the user's own: no problem.
    public let foreignFileCount: Int
}

/// A person as `people list` shows them.
public struct PersonRow: Hashable, Sendable, Codable {
    public let name: String
    public let portraitCount: Int
    /// Portraits in which a face was found.
    public let referenceCount: Int
    /// The photos with faces that stand for the person as portraits do, because they were said to be
    /// theirs; by path in PHOTOS.
    public let referencePhotos: [String]
    public let photoCount: Int
}
