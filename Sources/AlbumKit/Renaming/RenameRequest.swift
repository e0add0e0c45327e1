public import PhotoIndex
internal import FaceCore
public import SystemPackage

/// What `rename` is asked to do.
public struct RenameRequest: Sendable {
    /// The photos: one folder when there are no copies.
    public var study: SurveyRequest
    public var template: RenameTemplate
    /// Which files bear the names.
    public enum Destination: Hashable, Sendable {
        /// The photos themselves.
        case photos
        /// Copies in a folder: missing, empty, or a folder of such copies.
        case folder(FilePath)
        /// Copies in a new ZIP file.
        case zip(FilePath)
    }

    public var destination = Destination.photos
    /// Whether ``RenameSummary/pictures`` shall say what each photo shows; the label network is asked
    /// then, when its file is among the models.
    public var wantsLabels = false
    /// Whether files are renamed or written; else they are only named.
    public var applies = false

    public init(study: SurveyRequest, template: RenameTemplate) {
        self.study = study
        self.template = template
    }
}

/// What `rename` did, or would do.
public struct RenameSummary: Sendable, Encodable {
    /// A photo that gets a name, or got it.
    public struct Rename: Hashable, Sendable, Codable {
        /// A file beside a photo that goes along.
        public struct Sidecar: Hashable, Sendable, Codable {
            /// Its names, without folder.
            public let from: String
            public let to: String
        }

        /// Relative to the PHOTOS folder that it lies in.
        public let photo: String
        /// Relative to PHOTOS, or to the folder of the copies.
        public let to: String
        public let sidecars: [Sidecar]
    }

    /// A photo and what is known of it.
    public struct Picture: Hashable, Sendable, Encodable {
        /// Relative to the PHOTOS folder that it lies in.
        public let photo: String
        /// Its name now, or the one that it would get; relative like the new names.
        public let name: String
        /// From left to right.
        public let people: [String]
        /// `nil` for a photo that cannot be read.
        public let kind: PhotoKind?
        /// What it shows, if that is wanted and known, and how sure the network is, 0...1.
        public let label: String?
        public let labelProbability: Double?
        /// Where it lies now, absolute.
        let path: FilePath
        let content: ContentHash

        private enum CodingKeys: CodingKey {
            case photo, name, people, kind, label, labelProbability
        }
    }

    public internal(set) var isApplied = false
    /// PHOTOS, the folder of the copies, or the ZIP file.
    public internal(set) var folder = ""
    /// Whether the originals stay and copies bear the names.
    public internal(set) var isCopy = false
    /// Whether ``folder`` is a ZIP file.
    public internal(set) var isArchive = false
    public internal(set) var photoCount = 0
    public internal(set) var analysedCount = 0
    /// In order of time; photos that have their name already are left out.
    public internal(set) var renames: [Rename] = []
    /// All photos, in order of time.
    public internal(set) var pictures: [Picture] = []
    /// Of how many photos a field of the template is left out.
    public internal(set) var missing: [RenameField: Int] = [:]
    /// Files in PHOTOS that are no photos.
    public internal(set) var otherFileCount = 0
    /// The symbolic links that keep their names, and the photos that do because of them: each a
    /// sentence, ten at most.
    public internal(set) var links: [String] = []
    public internal(set) var failures: [PhotoFailure] = []
    public internal(set) var portraitTroubles: [PortraitTrouble] = []
    /// Things to know, each a sentence.
    public internal(set) var notes: [String] = []
    /// What could be done for better names, each a sentence.
    public internal(set) var hints: [String] = []
    public internal(set) var seconds = 0.0
    /// The run that changed something, by which `undo` can be asked for it.
    public internal(set) var run: Int?
}

extension RenameField: CodingKeyRepresentable {}
