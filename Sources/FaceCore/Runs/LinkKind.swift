/// How a photo gets into the album.
public enum LinkKind: String, Codable, Sendable, CaseIterable {
    /// A copy of its own, sharing blocks with the original where the file system can.
    case copy
    /// As ``copy``, and a note is made where blocks cannot be shared.
    case clone
    /// A further name of the original's file; a copy with a note where that cannot be.
    case hard
    /// A link to the original's path; a copy with a note where that cannot be.
    case symbolic
}
