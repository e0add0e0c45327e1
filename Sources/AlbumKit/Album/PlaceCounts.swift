public struct PersonCount: Hashable, Sendable, Codable {
    public let name: String
    public let photoCount: Int
}

/// Why photos are in `unknown`.
public struct UnknownReasons: Hashable, Sendable, Codable {
    public var noFace = 0
    /// It has faces, and no known person is near.
    public var strangers = 0
    /// At least one face is almost near enough to somebody.
    public var nearly = 0
    /// Too little of the picture exists to judge it.
    public var damaged = 0
}
