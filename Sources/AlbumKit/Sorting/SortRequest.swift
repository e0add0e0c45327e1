public import FaceCore
public import PhotoIndex
public import SystemPackage

/// What `sort` is asked to do. What is `nil` is taken from the album's last run, else the default.
public struct SortRequest: Sendable {
    /// The photos and the people, added to those that the album remembers. There may be no photos
    /// for an album that remembers some; the album to sort into is ``album``.
    public var study: SurveyRequest
    /// The album: missing, empty, or made by facesort.
    public var album: FilePath
    /// Above 0 and finite; ``/FaceCore/MatchSettings/defaultTolerance`` by default.
    public var tolerance: Float?
    public var rule: MatchRule?
    /// How readily names are given; ``/FaceCore/Naming/standard`` by default.
    public var naming: Naming?
    /// Whether only sure matches are filed and likely ones asked about; `false` by default.
    public var filesOnlySure: Bool?
    /// How many faces make a group photo; at least 1, 3 by default.
    public var groupSize: Int?
    /// Whether all photos of strangers lie in `unknown` itself, without folders for those who are
    /// in three or more; `false` by default.
    public var isUnknownFlat: Bool?
    /// ``/FaceCore/LinkKind/copy`` by default.
    public var link: LinkKind?
    /// Says what would be done and writes nothing into the album, not even its catalogue.
    public var isDryRun = false
    /// Moves copies whose original is gone to `.facesort/removed/`.
    public var prunes = false

    public init(photos: [FilePath], people: FilePath? = nil, album: FilePath) {
        study = SurveyRequest(photos: photos)
        study.people = people
        self.album = album
    }
}
