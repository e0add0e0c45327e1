/// How much a person said about an album.
public struct DecisionCount: Hashable, Sendable, Codable {
    /// Answers that count; one answer may be about many faces.
    public let answerCount: Int
    /// Faces about which something was said.
    public let faceCount: Int
    /// Lines of the journal that cannot be read; they do not count.
    public let damagedLineCount: Int
}

extension DecisionCount {
    /// Nothing was said.
    public init() {
        self.init(answerCount: 0, faceCount: 0, damagedLineCount: 0)
    }
}
