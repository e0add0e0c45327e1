@testable import PhotoIndex
@testable import FileLedger
import FaceCore
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

@Suite struct DecisionJournalTests {
    private let folder: TemporaryFolder
    private let album: AlbumFolder
    private let time = Date(timeIntervalSince1970: 1_800_000_000)

    init() throws {
        folder = try TemporaryFolder(.inMemory)
        album = AlbumFolder(folder.appending("album"))
        try album.prepare()
    }

    private func journal(_ disk: Disk = Disk()) throws -> DecisionJournal {
        try DecisionJournal(album, disk: disk)
    }

    private func text() throws -> String {
        String(decoding: try Disk().contents(of: album.decisions, limit: 1 << 20), as: UTF8.self)
    }

    private func write(_ text: String) throws {
        try Disk().removeIfPresent(album.decisions)
        try Disk().create(album.decisions, contents: Array(text.utf8))
    }

    private func saying(_ name: String) -> [Statement] { [.rename(name, to: name + "!")] }

    @Test("Answers are lines in the order in which they were given, and are read back unchanged")
    func lines() throws {
        var journal = try journal()
        #expect(journal.answers.isEmpty && journal.stamp == nil)
        for name in ["Anna", "Bén\n", "C\"/"] { _ = try journal.append(saying(name), at: time) }
        #expect(journal.answers.map(\.number) == [1, 2, 3])
        let again = try self.journal()
        #expect(again.answers == journal.answers && again.damagedLines.isEmpty)
        #expect(again.stamp == journal.stamp && again.stamp != nil)
        #expect(try text().split(separator: "\n").count == 3)
        #expect(
            try text().hasPrefix(
                #"{"number":1,"sayings":[{"name":"Anna","other":"Anna!","said":"rename"}],"#
                    + #""time":"2027-01-15T08:00:00Z"}"#))
    }

    @Test("A torn last line does not count and is cut off before the next line is written")
    func torn() throws {
        var journal = try journal()
        _ = try journal.append(saying("Anna"), at: time)
        let whole = try text()
        try write(whole + #"{"number":2,"sayi"#)
        var again = try self.journal()
        #expect(again.answers.count == 1 && again.damagedLines.isEmpty)
        _ = try again.append(saying("Ben"), at: time)
        #expect(try self.journal().answers.map(\.number) == [1, 2])
        #expect(try text().hasPrefix(whole) && text().split(separator: "\n").count == 2)
        // A journal with only a torn line.
        try write(#"{"number":1"#)
        var torn = try self.journal()
        _ = try torn.append(saying("Ben"), at: time)
        #expect(try self.journal().answers.count == 1)
    }

    @Test(
        "A damaged line is reported by its number and ignored; the others count",
        arguments: ["", "{}", "nonsense", #"{"number":1,"time":"","sayings":[]}"#, "\0\0", "[1]"])
    func damaged(line: String) throws {
        var journal = try journal()
        _ = try journal.append(saying("Anna"), at: time)
        let first = try text()
        _ = try journal.append(saying("Ben"), at: time)
        let second = try text().dropFirst(first.count)
        try write(first + line + "\n" + second)
        var again = try self.journal()
        #expect(again.answers == journal.answers && again.damagedLines == [2])
        _ = try again.append(saying("Cem"), at: time)
        #expect(try self.journal().answers.map(\.number) == [1, 2, 3])
        #expect(try self.journal().damagedLines == [2])
    }

    @Test("If writing an answer fails, it is there whole or not at all")
    func failingDisk() throws {
        var journal = try journal()
        _ = try journal.append(saying("Anna"), at: time)
        let counting = CountingDisk(.once, at: 0)
        var counted = try self.journal(counting.disk)
        _ = try counted.append(saying("Ben"), at: time)
        let before = try text()
        #expect(counting.operations > 2)
        for failure in CountingDisk.Failure.allCases {
            for step in 1...counting.operations {
                try write(before)
                do {
                    var failing = try self.journal(CountingDisk(failure, at: step).disk)
                    _ = try failing.append(saying("Cem"), at: time)
                } catch is FileError {}
                var again = try self.journal()
                #expect(again.damagedLines.isEmpty)
                #expect([2, 3].contains(again.answers.count))
                _ = try again.append(saying("Dora"), at: time)
                #expect(try self.journal().answers.last?.sayings == saying("Dora"))
                #expect(try self.journal().damagedLines.isEmpty)
            }
        }
    }

    @Test("A supposed answer stays in memory and is never written")
    func supposed() throws {
        var journal = try journal()
        journal.suppose(saying("Anna"), at: time)
        #expect(journal.answers.count == 1 && journal.book.people.map(\.name) == ["Anna!"])
        #expect(try self.journal().answers.isEmpty)
    }
}
