public import PhotoIndex
public import SystemPackage

/// What `clean` is asked to do.
public struct CleanRequest: Sendable {
    /// The photos; for ``CleanFilter/noKnown`` also the people, or an album that knows them.
    public var study: SurveyRequest
    /// The bin: missing, empty, or a bin that facesort made; it may lie among the photos.
    public var bin: FilePath
    /// At least one.
    public var filters: Set<CleanFilter>
    public var sidecars = SidecarRule.move
    /// Whether files are moved; else they are only named.
    public var applies = false

    public init(study: SurveyRequest, bin: FilePath, filters: Set<CleanFilter>) {
        self.study = study
        self.bin = bin
        self.filters = filters
    }
}

/// What `clean` did, or would do.
public struct CleanSummary: Sendable, Codable {
    /// A file that goes, or went.
    public struct Move: Hashable, Sendable, Codable {
        /// Relative to the PHOTOS folder that it lies in.
        public let photo: String
        public let filter: CleanFilter
        /// To be read after the name: "is the same picture as 'a.jpg', which is larger".
        public let reason: String
        /// Relative to the bin.
        public let to: String
        public let byteCount: Int64
        /// Names of the files beside it that go along.
        public let sidecars: [String]
    }

    /// Files of one picture, or of one burst.
    public struct Group: Hashable, Sendable, Codable {
        public struct Member: Hashable, Sendable, Codable {
            /// Relative to the PHOTOS folder that it lies in.
            public let photo: String
            public let isKept: Bool
            public let reason: String
        }

        /// Counted from 1, in the order of the best files.
        public let number: Int
        /// The best one first: it is kept, unless somebody sorted it out.
        public let members: [Member]
    }

    /// How sharp one file is.
    public struct Sharpness: Hashable, Sendable, Codable {
        public let photo: String
        /// As ``/FaceCore/SharpnessScore`` has it; larger is sharper.
        public let sharpness: Double
        public let isBlurred: Bool
        /// Whether the faces were judged; else the whole picture.
        public let isOfFaces: Bool
    }

    public internal(set) var isApplied = false
    public internal(set) var bin = ""
    public internal(set) var filters: [CleanFilter] = []
    /// Photo files, copies among them.
    public internal(set) var photoCount = 0
    public internal(set) var analysedCount = 0
    /// In the order of the photos.
    public internal(set) var moves: [Move] = []
    /// Of every picture with several files, also those that do not go.
    public internal(set) var groups: [Group] = []
    public internal(set) var sharpness: [Sharpness] = []
    /// Photos that stay because somebody chose to keep them.
    public internal(set) var keptByYouCount = 0
    /// Photos that go, or went, because somebody sorted them out.
    public internal(set) var sortedOutByYouCount = 0
    /// Files beside photos that go which stay, because another photo of that name stays.
    public internal(set) var keptSidecarCount = 0
    public internal(set) var failures: [PhotoFailure] = []
    public internal(set) var portraitTroubles: [PortraitTrouble] = []
    /// Each a sentence.
    public internal(set) var notes: [String] = []
    public internal(set) var seconds = 0.0
    /// The run that moved files, by which `undo` can be asked for it.
    public internal(set) var run: Int?

    /// What goes of the photos, without the files beside them.
    public var byteCount: Int64 { moves.reduce(0) { $0 + $1.byteCount } }
}
