package import FileLedger
package import FaceCore
package import Foundation

/// `choices.jsonl`: what somebody chose for photos, one line for each choice, in the order in which
/// they were made. Only ever appended to; of several choices for a photo the last one counts.
package struct ChoiceJournal {
    private var lines: JSONLines
    /// In the order in which they were made.
    package private(set) var choices: [Choice] = []
    /// Lines that make no sense, by number from 1: somebody else changed them; they do not count.
    package private(set) var damagedLines: [Int] = []
    /// By subject, what counts of each photo that was ever chosen for.
    private var latest: [Choice.Subject: [ContentHash: Choice]] = [:]

    package init(_ folder: AlbumFolder, disk: Disk = Disk()) throws(FileError) {
        lines = try JSONLines(folder.choices, disk: disk)
        for (number, choice) in lines.values(Choice.self) {
            guard let choice else {
                damagedLines.append(number)
                continue
            }
            take(choice)
        }
    }

    /// What counts: the photos that are to be kept or discarded, by the last choice for each.
    ///
    /// - Returns: never ``Choice/Verdict/none``.
    package func verdicts(
        about subject: Choice.Subject
    ) -> [ContentHash: Choice.Verdict] {
        (latest[subject] ?? [:]).mapValues(\.choice).filter { $0.value != .none }
    }

    /// What counts for one photo; `.none` when nothing was chosen, or was taken back.
    package func verdict(
        for photo: ContentHash, about subject: Choice.Subject
    ) -> Choice.Verdict {
        latest[subject]?[photo]?.choice ?? Choice.Verdict.none
    }

    /// Appends choices made at one time, all flushed to the disk itself before this returns, or none
    /// of them when it fails.
    ///
    /// - Precondition: the caller holds the workspace's lock since before this journal was read.
    package mutating func append(
        _ verdicts: [(photo: ContentHash, choice: Choice.Verdict)], about subject: Choice.Subject,
        at time: Date
    ) throws(FileError) {
        guard !verdicts.isEmpty else { return }
        let moment = time.formatted(.iso8601)
        let added = verdicts.map {
            Choice(time: moment, photo: $0.photo, choice: $0.choice, about: subject)
        }
        try lines.append(added)
        for choice in added { take(choice) }
    }

    /// The last choice about a subject that counts and was not taken back, and what was chosen for
    /// that photo before; `nil` when there is none.
    package func last(
        about subject: Choice.Subject
    ) -> (photo: ContentHash, before: Choice.Verdict)? {
        // Choices and their undoing are written one after the other, as brackets are: reading them
        // again tells which is the last that was not taken back.
        var standing: [(photo: ContentHash, before: Choice.Verdict)] = []
        var now: [ContentHash: Choice.Verdict] = [:]
        for choice in choices where choice.about == subject {
            let before = now[choice.photo] ?? Choice.Verdict.none
            if let last = standing.last, last.photo == choice.photo, last.before == choice.choice {
                standing.removeLast()
            } else if choice.choice != before {
                standing.append((choice.photo, before))
            }
            now[choice.photo] = choice.choice
        }
        return standing.last
    }

    /// Takes the last choice about a subject back: what was chosen for that photo before counts
    /// again.
    ///
    /// - Returns: the photo; `nil` when there is nothing to take back.
    /// - Precondition: the caller holds the workspace's lock since before this journal was read.
    package mutating func undoLast(
        about subject: Choice.Subject, at time: Date
    ) throws(FileError) -> ContentHash? {
        guard let last = last(about: subject) else { return nil }
        try append([(last.photo, last.before)], about: subject, at: time)
        return last.photo
    }

    private mutating func take(_ choice: Choice) {
        choices.append(choice)
        latest[choice.about, default: [:]][choice.photo] = choice
    }
}

extension ChoiceJournal {
    /// A sentence about the lines that do not count; none when every line can be read.
    var notes: [String] {
        let count = damagedLines.count
        guard count > 0 else { return [] }
        let lines = enumerated(damagedLines.prefix(5).map { "\($0)" })
        return [
            "\(counted(count, "line")) of '.facesort/choices.jsonl' cannot be read, and what was "
                + "chosen there does not count: \(lines)\(count > 5 ? " and more" : "")."
        ]
    }
}
