public import FaceCore
public import SystemPackage

/// A file of the album that facesort wrote.
public struct PlacedFile: Hashable, Sendable {
    /// What has happened to it.
    public enum State: String, Hashable, Sendable, CaseIterable {
        case present
        /// The user removed it: it must not be put back.
        case deletedByUser
    }

    /// Relative to the album; any bytes.
    public let path: FilePath
    public let place: Place
    public let photo: ContentHash
    /// As it was right after writing.
    public let stamp: FileStamp
    public let state: State
    /// The run that wrote it.
    public let run: String

    public init(
        path: FilePath, place: Place, photo: ContentHash, stamp: FileStamp,
        state: State = .present, run: String
    ) {
        self.path = path
        self.place = place
        self.photo = photo
        self.stamp = stamp
        self.state = state
        self.run = run
    }
}

/// One command that changed something.
public struct RunRecord: Hashable, Sendable, Identifiable {
    public typealias State = RunStage

    public let id: String
    /// `sort`, `undo`.
    public let command: String
    /// By the caller's clock; ISO 8601.
    public let started: String
    public let finished: String?
    public let state: State
    /// JSON: what explains its results.
    public let settings: String
    /// JSON: what it did.
    public let summary: String?

    public init(
        id: String, command: String, started: String, finished: String? = nil,
        state: State = .running, settings: String, summary: String? = nil
    ) {
        self.id = id
        self.command = command
        self.started = started
        self.finished = finished
        self.state = state
        self.settings = settings
        self.summary = summary
    }
}
