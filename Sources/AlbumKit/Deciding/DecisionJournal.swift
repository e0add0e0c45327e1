internal import AlbumCatalogue
package import FaceCore
package import Foundation

/// `decisions.jsonl`: what a person said, in the order in which it was said. The truth, of which
/// the catalogue is an index; only ever appended to.
package struct DecisionJournal {
    private var lines: JSONLines
    /// In the order of their numbers.
    package private(set) var answers: [Answer] = []
    /// Lines that make no sense, by number from 1: they were changed by somebody else, and count
    /// for nothing.
    private(set) var damagedLines: [Int] = []

    /// Nobody says so much; there is always a next one.
    private static let greatestNumber = 1 << 53

    package init(_ album: AlbumFolder, disk: Disk = Disk()) throws(FileError) {
        lines = try JSONLines(album.decisions, disk: disk)
        for (number, answer) in lines.values(Answer.self) {
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

    /// By what an index tells that it is of this journal; `nil` as long as nothing was said.
    var stamp: JournalStamp? {
        let intact = lines.intact
        return intact.isEmpty
            ? nil : JournalStamp(byteCount: intact.count, digest: ContentHasher.hash(intact))
    }

    private func next(_ sayings: [Saying], at time: Date) -> Answer {
        Answer(
            number: (answers.last?.number ?? 0) + 1, time: time.formatted(.iso8601),
            sayings: sayings)
    }

    /// Takes an answer as given without writing it down.
    mutating func suppose(_ sayings: [Saying], at time: Date) {
        answers.append(next(sayings, at: time))
    }

    /// Appends an answer, flushed to the disk itself before this returns.
    ///
    /// - Precondition: the caller holds the album's lock since before this journal was read.
    package mutating func append(
        _ sayings: [Saying], at time: Date
    ) throws(FileError) -> Answer {
        let answer = next(sayings, at: time)
        // Boxes were read from JSON or are fractions of a photo: every number is finite.
        try lines.append([answer])
        answers.append(answer)
        return answer
    }
}
