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

    /// What is said of lines of the journal that count for nothing; nothing when there is none.
    static func damagedLines(_ journal: ChoiceJournal) -> [String] {
        let count = journal.damagedLines.count
        guard count > 0 else { return [] }
        let lines = enumerated(journal.damagedLines.prefix(5).map { "\($0)" })
        return [
            "\(counted(count, "line")) of '.facesort/choices.jsonl' cannot be read, and what was "
                + "chosen there does not count: \(lines)\(count > 5 ? " and more" : "")."
        ]
    }

    static func stale(_ count: Int) -> String {
        "\(counted(count, "label")) \(count == 1 ? "was" : "were") made or changed since it learnt: "
            + "'facesort keep train' learns from them too."
    }
}
