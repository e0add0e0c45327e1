/// Why learning failed, or its result cannot be used.
package enum KeepError: Error, Hashable, Sendable {
    /// There are too few labels of a kind to learn from and to see whether it worked: how many
    /// there are, and how many are missing.
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

extension TooFewLabels {
    /// - Returns: `nil` when there are enough of both kinds.
    package init?(keepCount: Int, discardCount: Int) {
        guard min(keepCount, discardCount) < KeepTraining.leastCount else { return nil }
        self.init(
            keepCount: keepCount, discardCount: discardCount,
            missingKeepCount: max(0, KeepTraining.leastCount - keepCount),
            missingDiscardCount: max(0, KeepTraining.leastCount - discardCount))
    }
}
