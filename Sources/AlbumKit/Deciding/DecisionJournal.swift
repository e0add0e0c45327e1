internal import AlbumCatalogue
package import FaceCore
package import Foundation
internal import SystemPackage

/// `decisions.jsonl`: what a person said, in the order in which it was said. The truth, of which
/// the catalogue is an index; only ever appended to.
package struct DecisionJournal {
    /// Far above any journal: a name given to 200 faces takes 30 kilobytes.
    private static let longest = 1 << 30

    private let path: FilePath
    private let disk: Disk
    /// In the order of their numbers.
    package private(set) var answers: [Answer]
    /// Lines that make no sense, by number from 1: they were changed by somebody else, and count
    /// for nothing.
    private(set) var damagedLines: [Int] = []
    /// Up to the end of the last whole line; what follows was being written when the program died.
    private var intact: [UInt8] = []

    package init(_ album: AlbumFolder, disk: Disk = Disk()) throws(FileError) {
        path = album.decisions
        self.disk = disk
        answers = []
        let text: [UInt8]
        do {
            text = try disk.contents(of: path, limit: Self.longest)
        } catch  where error.isMissing {
            return
        }
        intact = Array(text[..<((text.lastIndex(of: JournalFile.newline) ?? -1) + 1)])
        let lines = intact.split(
            separator: JournalFile.newline, omittingEmptySubsequences: false
        ).dropLast()
        let decoder = JSONDecoder()
        for (index, line) in lines.enumerated() {
            guard let answer = try? decoder.decode(Answer.self, from: Data(line)),
                answer.number > answers.last?.number ?? 0
            else {
                damagedLines.append(index + 1)
                continue
            }
            answers.append(answer)
        }
    }

    package var book: DecisionBook { DecisionBook(answers) }

    /// By what an index tells that it is of this journal; `nil` as long as nothing was said.
    var stamp: JournalStamp? {
        intact.isEmpty
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
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Boxes were read from JSON or are fractions of a photo: every number is finite.
        guard let line = try? encoder.encode(answer) else {
            preconditionFailure("an answer that is not JSON")
        }
        let text = Array(line) + [JournalFile.newline]
        if try disk.statusIfPresent(of: path) == nil {
            try disk.create(path, contents: text)
            try disk.synchroniseFolder(path.removingLastComponent())
        } else {
            try JournalFile(path, disk, intactByteCount: intact.count).append(text)
        }
        intact += text
        answers.append(answer)
        return answer
    }
}
