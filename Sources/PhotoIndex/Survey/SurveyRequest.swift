public import FaceCore
public import SystemPackage

/// The photos that a command is about, and how they are looked at.
public struct SurveyRequest: Sendable {
    /// Folders or single files.
    public var photos: [FilePath]
    /// A folder with `<name>.jpg` and `<name>/*.jpg`.
    public var people: FilePath?
    /// An album of these photos, whose analyses, people and decisions are used and added to; not
    /// beside ``people``. `sort` has its own.
    public var album: FilePath?
    /// How deeply photos are searched for faces; as in the last run when `nil`, at first
    /// ``/FaceCore/SearchDepth/balanced``. Photos that were searched less deeply are searched again.
    public var search: SearchDepth?
    /// What runs the networks, this time.
    public var engine = EngineChoice.auto
    /// What encodes the faces; as before in this album or bin when `nil`, at first dlib's own.
    public var encoder: EncoderChoice?
    /// How many photos are analysed at once; at least 1, the number of cores by default.
    public var jobs: Int?
    /// The folder of the model files; found by ``/FaceAnalysis/ModelFiles`` when `nil`.
    public var models: FilePath?

    public init(photos: [FilePath]) {
        self.photos = photos
    }

    /// The name of the folder with the photos; of several the first.
    package var photosName: String { photos.first?.folderName ?? "" }
}
