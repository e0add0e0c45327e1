internal import FaceCore
internal import PhotoLearning

/// What is said of choices and of what was learnt from them.
enum KeepSentences {
    static let ownKeep = "is yours to keep: you said so"
    static let ownDiscard = "goes: you said so"
    static let cannotBeJudged = "cannot be judged: its picture cannot be read"

    /// What is said of a photo, to be read after its name.
    static func judged(_ probability: Double) -> String {
        let percent = Int((100 * probability).rounded())
        return "is \(percent) % likely to be worth keeping"
    }

    static func text(_ error: KeepError) -> String {
        switch error {
        case .tooFewLabels: "there are too few labels"
        case .damaged(let reason): reason
        case .otherFeatures: "it was learnt by another version"
        case .failed(let reason): reason
        }
    }

    static func stale(_ count: Int) -> String {
        "\(counted(count, "label")) \(count == 1 ? "was" : "were") made or changed since it learnt: "
            + "'facesort keep train' learns from them too."
    }
}
