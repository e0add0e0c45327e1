public import FaceCore
public import SystemPackage

/// What `sort` is asked to do. What is `nil` is taken from the album's last run, else the default.
public struct SortRequest: Sendable {
    /// Folders or single files; added to those that the album remembers. May be empty for an
    /// album that remembers some.
    public var photos: [FilePath]
    /// A folder with `<name>.jpg` and `<name>/*.jpg`; added to those that the album remembers.
    public var people: FilePath?
    /// The album: missing, empty, or made by facesort.
    public var album: FilePath
    /// Above 0 and finite; ``/FaceCore/MatchSettings/defaultTolerance`` by default.
    public var tolerance: Float?
    public var rule: MatchRule?
    /// Whether only sure matches are filed and likely ones asked about; `false` by default.
    public var filesOnlySure: Bool?
    /// How many faces make a group photo; at least 1, 3 by default.
    public var groupSize: Int?
    /// How deeply new photos are searched for faces; ``/FaceCore/SearchDepth/balanced`` by default.
    /// Photos that were searched less deeply are searched again.
    public var search: SearchDepth?
    /// What runs the networks, this time.
    public var engine = EngineChoice.auto
    /// Whether all photos of strangers lie in `unknown` itself, without folders for those who are
    /// in three or more; `false` by default.
    public var isUnknownFlat: Bool?
    /// ``/FaceCore/LinkKind/copy`` by default.
    public var link: LinkKind?
    /// How many photos are analysed at once; at least 1, the number of cores by default.
    public var jobs: Int?
    /// Says what would be done and writes nothing into the album, not even its catalogue.
    public var isDryRun = false
    /// Moves copies whose original is gone to `.facesort/removed/`.
    public var prunes = false
    /// The folder of the model files; found by ``/FaceAnalysis/ModelFiles`` when `nil`.
    public var models: FilePath?

    public init(photos: [FilePath], people: FilePath? = nil, album: FilePath) {
        self.photos = photos
        self.people = people
        self.album = album
    }
}
