/// What happens while a command runs.
public enum RunEvent: Sendable {
    /// How many portraits are learnt.
    case learning(done: Int, total: Int)
    case overview(SurveyOverview)
    /// How many photos are looked at.
    case analysing(done: Int, total: Int)
    /// In how many photos and portraits known faces are encoded again.
    case encoding(done: Int, total: Int)
    /// What photos show, when the command asks for it.
    case labelling(done: Int, total: Int)
    /// How many labelled files are read.
    case hashing(done: Int, total: Int)
    /// How many files are written into an album, moved into a bin, or renamed.
    case writing(done: Int, total: Int)
    case moving(done: Int, total: Int)
    case renaming(done: Int, total: Int)
    case failed(PhotoFailure)
}

/// What is known within two seconds, before the first photo is analysed.
public struct SurveyOverview: Sendable, Codable {
    /// Photos found in all folders that can be reached, copies counted once by path.
    public let photoCount: Int
    /// Those not analysed yet.
    public let newPhotoCount: Int
    /// The bytes of the new ones.
    public let newByteCount: Int64
    /// Of the album that is sorted; 0 for other commands.
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
