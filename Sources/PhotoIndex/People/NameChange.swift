public struct NameChange: Hashable, Sendable, Codable {
    /// What the original, or the person, is called.
    public let original: String
    /// What it is called in the album.
    public let name: String
    public let reason: String

    package init(original: String, name: String, reason: String) {
        self.original = original
        self.name = name
        self.reason = reason
    }
}
