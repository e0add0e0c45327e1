/// Why nothing could be learnt, or what was learnt cannot be used.
package enum KeepError: Error, Hashable, Sendable {
    /// There are too few labels of a kind to learn from and to tell whether anything was learnt:
    /// so many are there, and so many are missing.
    case tooFewLabels(TooFewLabels)
    /// The bytes are cut short, changed, or of something else.
    case damaged(String)
    /// It was learnt from other features, by another version of the program.
    case otherFeatures
    /// The library inside failed, in its own words.
    case failed(String)
}

/// How many labels there are, and how many more are needed.
package struct TooFewLabels: Hashable, Sendable {
    package let keepCount: Int
    package let discardCount: Int
    package let missingKeepCount: Int
    package let missingDiscardCount: Int
}
