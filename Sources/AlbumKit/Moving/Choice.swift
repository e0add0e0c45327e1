package import FaceCore

/// What somebody chose for one photo, and for which question.
///
/// Photos are identified by content, so that a choice holds for every copy, under any name.
package struct Choice: Hashable, Sendable, Codable {
    package enum Verdict: String, Hashable, Sendable, Codable, CaseIterable {
        case keep, discard
        /// What was chosen before does not count any more.
        case none
    }

    /// What was asked.
    package enum Subject: String, Hashable, Sendable, Codable, CaseIterable {
        /// Whether it is worth keeping: what `keep` learns from.
        case worth
        /// Whether `clean` may move it as a duplicate.
        case duplicates
        /// Whether `clean` may move it as blurred.
        case blurred
        /// Whether `clean` may move it as a photo without faces.
        case noFaces = "no-faces"
        /// Whether `clean` may move it as a photo without people who are known.
        case others

        /// The question whose answer overrules a filter of `clean`.
        package init(_ filter: CleanFilter) {
            self =
                switch filter {
                case .duplicates: .duplicates
                case .blurred: .blurred
                case .noFaces: .noFaces
                case .noKnown: .others
                }
        }
    }

    /// In ISO 8601, as `2026-05-01T12:33:10Z`.
    package let time: String
    package let photo: ContentHash
    package let choice: Verdict
    package let about: Subject
}
