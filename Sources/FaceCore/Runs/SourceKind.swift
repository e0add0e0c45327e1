/// What a folder was given for.
public enum SourceKind: String, Hashable, Sendable, Codable, CaseIterable {
    /// The photos of an event.
    case photos
    /// Portraits, by name.
    case people
}
