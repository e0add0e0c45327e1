public import FaceCore
public import SystemPackage

/// Identifies a folder; the number stays when the folder moves.
public struct SourceID: Hashable, Sendable, Comparable {
    public let rawValue: Int64

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// A folder (or single file) that was given to the album, and that it remembers.
public struct Source: Hashable, Sendable, Identifiable {
    public let id: SourceID
    public let kind: SourceKind
    /// Absolute.
    public let path: FilePath

    public init(id: SourceID, kind: SourceKind, path: FilePath) {
        self.id = id
        self.kind = kind
        self.path = path
    }
}

/// What shows that a file is unchanged, without reading it.
public struct FileStamp: Hashable, Sendable {
    /// At least 0.
    public let byteCount: Int64
    /// When its content was last changed, in nanoseconds since 1970-01-01 UTC.
    public let modified: Int64

    public init(byteCount: Int64, modified: Int64) {
        self.byteCount = byteCount
        self.modified = modified
    }
}

/// One file of a source, and which photo it holds.
public struct PhotoFile: Hashable, Sendable {
    public let source: SourceID
    /// Relative to the source; any bytes.
    public let path: FilePath
    public let stamp: FileStamp
    public let photo: ContentHash

    public init(source: SourceID, path: FilePath, stamp: FileStamp, photo: ContentHash) {
        self.source = source
        self.path = path
        self.stamp = stamp
        self.photo = photo
    }
}

/// A file of a source that is not a photo to sort.
public struct SkippedFile: Hashable, Sendable {
    public let source: SourceID
    /// Relative to the source; any bytes.
    public let path: FilePath
    /// What it is, in words for the user: `video`, `RAW`, `WebP`.
    public let kind: String

    public init(source: SourceID, path: FilePath, kind: String) {
        self.source = source
        self.path = path
        self.kind = kind
    }
}

/// A file, or a folder, that a run could not read or could not put into the album.
public struct FailedFile: Hashable, Sendable {
    /// `nil` for a file of the album.
    public let source: SourceID?
    /// Relative to the source, or to the album; any bytes.
    public let path: FilePath
    public let code: FailureCode
    /// To be read after the name: "could not be read: ...".
    public let reason: String
    /// What to do about it, in sentences.
    public let remedy: String

    public init(
        source: SourceID?, path: FilePath, code: FailureCode, reason: String, remedy: String
    ) {
        self.source = source
        self.path = path
        self.code = code
        self.reason = reason
        self.remedy = remedy
    }
}
