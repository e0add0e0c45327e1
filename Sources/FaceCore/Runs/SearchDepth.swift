/// How much time goes into finding faces.
public enum SearchDepth: String, Hashable, Sendable, Codable, CaseIterable {
    /// The CNN over the photo at 2400 pixels; where that photo hints at smaller faces, HOG over
    /// the full-size pixels around them, down to faces of about 30 pixels.
    case balanced
    /// As ``balanced``, with the CNN at up to 4000 pixels and always HOG over all of the full-size
    /// photo: two to four times the time.
    case thorough

    /// Whether a search with `self` also covers `other`.
    public func includes(_ other: SearchDepth) -> Bool {
        self == other || self == .thorough
    }
}
