package import FileLedger
package import AlbumCatalogue
package import FaceCore
package import Foundation

/// `decisions.jsonl`: what a person said, in that order. It is the truth and the catalogue an index
/// of it; lines are only ever appended.
package struct DecisionJournal {
    private var lines: JSONLines
    /// In the order of their numbers.
    package private(set) var answers: [Decision] = []
    /// Lines that make no sense, by number from 1: somebody else changed them; they do not count.
    package private(set) var damagedLines: [Int] = []

    /// Far more than anybody says; so there is always a next number.
    private static let greatestNumber = 1 << 53

    package init(_ album: AlbumFolder, disk: Disk = Disk()) throws(FileError) {
        lines = try JSONLines(album.decisions, disk: disk)
        for (number, answer) in lines.values(Decision.self) {
            guard let answer, answer.number > answers.last?.number ?? 0,
                answer.number <= Self.greatestNumber
            else {
                damagedLines.append(number)
                continue
            }
            answers.append(answer)
        }
    }

    package var book: DecisionBook { DecisionBook(answers) }

    /// How an index shows that it belongs to this journal; `nil` until something is said.
    package var stamp: JournalStamp? {
        let intact = lines.intact
        return intact.isEmpty
            ? nil : JournalStamp(byteCount: intact.count, digest: ContentHasher.hash(intact))
    }

    private func next(_ sayings: [Statement], at time: Date) -> Decision {
        Decision(
            number: (answers.last?.number ?? 0) + 1, time: time.formatted(.iso8601),
            sayings: sayings)
    }

    /// Counts an answer without writing it down.
    package mutating func suppose(_ sayings: [Statement], at time: Date) {
        answers.append(next(sayings, at: time))
    }

    /// Appends an answer, flushed to the disk itself before this returns.
    ///
    /// - Precondition: the caller holds the album's lock since before this journal was read.
    package mutating func append(
        _ sayings: [Statement], at time: Date
    ) throws(FileError) -> Decision {
        let answer = next(sayings, at: time)
        // Boxes were read from JSON or are fractions of a photo: every number is finite.
        try lines.append([answer])
        answers.append(answer)
        return answer
    }
}
