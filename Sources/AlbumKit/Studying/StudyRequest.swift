public import FaceCore
public import SystemPackage

/// The photos that a command is about, and how they are looked at.
public struct StudyRequest: Sendable {
    /// Folders or single files; at least one.
    public var photos: [FilePath]
    /// A folder with `<name>.jpg` and `<name>/*.jpg`; not beside ``album``.
    public var people: FilePath?
    /// An album of these photos, whose analyses, people and decisions are used and added to.
    public var album: FilePath?
    /// As in the last run when `nil`.
    public var search: SearchDepth?
    public var engine = EngineChoice.auto
    /// How many photos are analysed at once; at least 1, the number of cores by default.
    public var jobs: Int?
    /// The folder of the model files; found by ``ModelFiles`` when `nil`.
    public var models: FilePath?

    public init(photos: [FilePath]) {
        self.photos = photos
    }

    /// The name of the folder with the photos; of several the first.
    var photosName: String { photos.first?.folderName ?? "" }
}

/// What happens while photos are looked at.
public enum StudyEvent: Sendable {
    case learning(done: Int, total: Int)
    case overview(StudyOverview)
    case analysing(done: Int, total: Int)
    /// What photos show, when the command asks for it.
    case labelling(done: Int, total: Int)
    case failed(PhotoFailure)
}

/// What is known before the first photo is analysed.
public struct StudyOverview: Sendable, Codable {
    public let photoCount: Int
    public let newPhotoCount: Int
    /// Seconds the analysis is likely to take on this machine; `nil` when nothing is new.
    public let expectedSeconds: Double?
    /// Things to know before it starts, each a sentence.
    public let notes: [String]
}
