/// How much time is spent on finding faces.
public enum SearchDepth: String, Hashable, Sendable, Codable, CaseIterable {
    /// The CNN over the photo at 2400 pixels; where that photo hints at smaller faces, HOG over
    /// the full-size pixels around them, down to faces of about 30 pixels.
    case balanced
    /// As ``balanced``, with the CNN at up to 4000 pixels and HOG over all of the full-size photo
    /// whether there are hints or not: two to four times the time.
    case thorough

    /// Whether what `self` found need not be looked for again when `other` is asked for.
    public func includes(_ other: SearchDepth) -> Bool {
        self == other || self == .thorough
    }
}
