internal import FaceCore
internal import PhotoIndex

/// How much the user said about an album.
enum DecisionText {
    /// A line; empty when nothing was said.
    static func line(_ decisions: DecisionCount) -> String {
        guard decisions.answerCount > 0 else { return "" }
        return "You said who \(counted(decisions.faceCount, "face")) "
            + "\(decisions.faceCount == 1 ? "is, or is" : "are, or are") not, in "
            + "\(counted(decisions.answerCount, "answer")).\n"
    }
}
