@testable import FileLedger
import FaceCore
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

@Suite struct ChoiceJournalTests {
    private let folder: TemporaryFolder
    private let bin: AlbumFolder
    private let time = Date(timeIntervalSince1970: 1_800_000_000)
    private let photos = (0..<4).map { ContentHasher.hash([UInt8($0)]) }

    init() throws {
        folder = try TemporaryFolder(.inMemory)
        bin = AlbumFolder(folder.appending("bin"))
        try bin.prepare()
    }

    private func journal(_ disk: Disk = Disk()) throws -> ChoiceJournal {
        try ChoiceJournal(bin, disk: disk)
    }

    private func text() throws -> String {
        String(decoding: try Disk().contents(of: bin.choices, limit: 1 << 20), as: UTF8.self)
    }

    private func write(_ text: String) throws {
        try Disk().removeIfPresent(bin.choices)
        try Disk().create(bin.choices, contents: Array(text.utf8))
    }

    @Test("A choice is one line and is read back unchanged")
    func lines() throws {
        var journal = try journal()
        #expect(journal.choices.isEmpty)
        try journal.append([(photos[0], .keep), (photos[1], .discard)], about: .worth, at: time)
        try journal.append([(photos[2], .keep)], about: .noFaces, at: time)
        let again = try self.journal()
        #expect(again.choices == journal.choices && again.damagedLines.isEmpty)
        #expect(again.verdicts(about: .worth) == [photos[0]: .keep, photos[1]: .discard])
        #expect(again.verdicts(about: .noFaces) == [photos[2]: .keep])
        #expect(again.verdict(for: photos[0], about: .blurred) == .none)
        #expect(try text().split(separator: "\n").count == 3)
        #expect(
            try text().hasPrefix(
                #"{"about":"worth","choice":"keep","photo":""# + photos[0].hexadecimal
                    + #"","time":"2027-01-15T08:00:00Z"}"# + "\n"))
    }

    @Test("Every filter of clean has a question, and its answer overrules the filter")
    func filters() {
        #expect(
            CleanFilter.allCases.map { Choice.Subject($0).rawValue }
                == ["duplicates", "blurred", "no-faces", "others"])
    }

    @Test("The last of several choices for a photo counts, and 'none' takes it back")
    func lastWord() throws {
        var journal = try journal()
        for choice in [Choice.Verdict.keep, .discard] {
            try journal.append([(photos[0], choice)], about: .worth, at: time)
        }
        #expect(try self.journal().verdicts(about: .worth) == [photos[0]: .discard])
        try journal.append([(photos[0], .none)], about: .worth, at: time)
        #expect(try self.journal().verdicts(about: .worth).isEmpty)
    }

    @Test("Undo takes back one choice after the other, only those of one question")
    func undoing() throws {
        var journal = try journal()
        try journal.append([(photos[0], .keep)], about: .worth, at: time)
        try journal.append([(photos[1], .keep)], about: .blurred, at: time)
        try journal.append([(photos[2], .discard)], about: .worth, at: time)
        try journal.append([(photos[0], .discard)], about: .worth, at: time)
        #expect(try journal.undoLast(about: .worth, at: time) == photos[0])
        #expect(journal.verdict(for: photos[0], about: .worth) == .keep)
        // Written by another run of the program.
        var again = try self.journal()
        #expect(try again.undoLast(about: .worth, at: time) == photos[2])
        #expect(try again.undoLast(about: .worth, at: time) == photos[0])
        #expect(try again.undoLast(about: .worth, at: time) == nil)
        #expect(again.verdicts(about: .worth).isEmpty)
        #expect(again.verdicts(about: .blurred) == [photos[1]: .keep])
    }

    @Test("A torn last line does not count and is cut off before the next line is written")
    func torn() throws {
        var journal = try journal()
        try journal.append([(photos[0], .keep)], about: .worth, at: time)
        let whole = try text()
        try write(whole + #"{"about":"worth","cho"#)
        var again = try self.journal()
        #expect(again.choices.count == 1 && again.damagedLines.isEmpty)
        try again.append([(photos[1], .keep)], about: .worth, at: time)
        #expect(try self.journal().choices.map(\.photo) == [photos[0], photos[1]])
        #expect(try text().hasPrefix(whole) && text().split(separator: "\n").count == 2)
    }

    @Test(
        "A damaged line is reported by its number and ignored; the others count",
        arguments: ["", "{}", "nonsense", "\0\0", "[1]", #"{"about":"worth","choice":"maybe"}"#])
    func damaged(line: String) throws {
        var journal = try journal()
        try journal.append([(photos[0], .keep)], about: .worth, at: time)
        let first = try text()
        try journal.append([(photos[1], .keep)], about: .worth, at: time)
        let second = try text().dropFirst(first.count)
        try write(first + line + "\n" + second)
        var again = try self.journal()
        #expect(again.choices == journal.choices && again.damagedLines == [2])
        try again.append([(photos[2], .keep)], about: .worth, at: time)
        #expect(try self.journal().choices.map(\.photo) == Array(photos[...2]))
    }

    @Test("If writing choices fails, all choices of one time are there, or none")
    func failingDisk() throws {
        var journal = try journal()
        try journal.append([(photos[0], .keep)], about: .worth, at: time)
        let before = try text()
        let counting = CountingDisk(.once, at: 0)
        var counted = try self.journal(counting.disk)
        try counted.append([(photos[1], .keep)], about: .worth, at: time)
        #expect(counting.operations > 2)
        for failure in CountingDisk.Failure.allCases {
            for step in 1...counting.operations {
                try write(before)
                do {
                    var failing = try self.journal(CountingDisk(failure, at: step).disk)
                    try failing.append(
                        [(photos[1], .keep), (photos[2], .discard)], about: .worth, at: time)
                } catch is FileError {}
                var again = try self.journal()
                #expect(again.damagedLines.isEmpty)
                #expect([1, 3].contains(again.choices.count))
                try again.append([(photos[3], .keep)], about: .worth, at: time)
                #expect(try self.journal().choices.last?.photo == photos[3])
                #expect(try self.journal().damagedLines.isEmpty)
            }
        }
    }
}
