@testable import FileLedger
import FaceCore
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

@Suite struct JournalTests {
    private let folder: TemporaryFolder
    private let event: Event

    init() throws {
        folder = try TemporaryFolder(.inMemory)
        event = try Event(folder.path)
    }

    private func text(_ run: String) throws -> [UInt8] {
        try Disk().contents(of: JournalFile.path(event.album, run: run), limit: 1 << 20)
    }

    private func replaceText(_ run: String, _ text: [UInt8]) throws {
        try Disk().write(text, replacing: JournalFile.path(event.album, run: run))
    }

    @Test("Every act and every path is read back unchanged, whatever its bytes")
    func lossless() throws {
        let hash = ContentHasher.hash([1])
        var acts: [Act] = []
        for name in oddNames {
            let path = FilePath().appending("Anna").appending(name)
            let source = FilePath("/photos").appending(name)
            acts += LinkKind.allCases.map {
                .copy(source: source, to: path, hash: hash, byteCount: 1, link: $0)
            }
            acts += [
                .move(from: path, to: path.appending("x"), hash: hash),
                .remove(path, hash: hash, original: source), .removeAside(path, hash: hash),
                .bring(from: source, to: path, hash: hash, byteCount: 1), .makeFolder(path),
                .write([1], to: path),
            ]
        }
        let aside = FilePath(".facesort/removed/r").appending(oddNames[10])
        let journal = try Journal.begin(
            event.album, run: "r", command: "c", started: "s", settings: #"{"a":"\n"}"#,
            sources: oddNames.map { FilePath("/photos").appending($0) })
        let numbers = try journal.intend(acts.map { ($0, aside) })
        #expect(numbers == Array(1...acts.count))
        let record = try JournalRecord(JournalFile.path(event.album, run: "r"), Disk())
        #expect(record.header == journal.header)
        #expect(record.entries.map(\.act) == acts)
        #expect(record.entries.allSatisfy { $0.aside == aside && $0.isUnsettled })
        #expect(record.damagedLines.isEmpty)
        for (act, entry) in zip(acts, record.entries) {
            #expect(entry.act.path.bytes == act.path.bytes)
        }
    }

    @Test("Runs are listed in the order in which they began, with their state")
    func runs() throws {
        for run in ["z", "a", "m"] { _ = try event.begin(run).end(.finished) }
        try event.perform("b", [.makeFolder("Anna")])
        _ = try event.begin("open")
        _ = try event.undo("z")
        let runs = try Journal.runs(event.album)
        #expect(runs.map(\.header.run) == ["z", "a", "m", "b", "open"])
        #expect(runs.map(\.state) == [.undone, .finished, .finished, .finished, .open])
        #expect(runs.map(\.doneCount) == [0, 0, 0, 1, 0])
        #expect(runs.map(\.header.sequence) == [1, 2, 3, 4, 5])
    }

    @Test("A name is used for one run only")
    func nameInUse() throws {
        _ = try event.begin("a")
        let error = #expect(throws: FileError.self) { try event.begin("a") }
        #expect(error?.isTaken == true)
    }

    @Test(
        "A run's name is short and plain",
        arguments: [
            ("2026-01-02T03-04-05", true), ("a_b", true), ("", false), ("a/b", false),
            ("..", false), ("a b", false), ("é", false), (String(repeating: "a", count: 65), false),
        ])
    func validNames(run: String, isValid: Bool) {
        #expect(Journal.isValid(run: run) == isValid)
    }

    @Test("A journal cut at any byte is read up to its last whole line and can be continued")
    func tornAnywhere() throws {
        let photo = try event.photo("x.jpg")
        try event.perform("a", [photo.copy(to: "Anna/x.jpg")])
        let whole = try text("a")
        let header = (whole.firstIndex(of: JSONLines.newline) ?? 0) + 1
        let all = try JournalRecord(JournalFile.path(event.album, run: "a"), Disk())
        for length in header...whole.count {
            try replaceText("a", Array(whole[..<length]))
            let record = try JournalRecord(JournalFile.path(event.album, run: "a"), Disk())
            #expect(record.damagedLines.isEmpty)
            #expect(record.entries.count <= all.entries.count)
            // Continuing flushes a dozen times, so not after every byte.
            guard length % 23 == 0 || length > whole.count - 3 else { continue }
            _ = try Recovery.recover(event.album)
            let journal = try Journal.resume(event.album, run: "a")
            try journal.end(.finished)
            let again = try JournalRecord(JournalFile.path(event.album, run: "a"), Disk())
            #expect(again.damagedLines.isEmpty)
            #expect(again.state == .finished)
        }
    }

    @Test("Recovery removes a journal that ends within its first line: nothing was done yet")
    func tornHeader() throws {
        _ = try event.begin("a")
        let whole = try text("a")
        for length in [0, 1, whole.count - 1] {
            try replaceText("a", Array(whole[..<length]))
            #expect(try Journal.runs(event.album).isEmpty)
            _ = try Recovery.recover(event.album)
            #expect(try Disk().entries(of: event.album.journals).isEmpty)
        }
    }

    @Test("Damaged lines are skipped and reported, and the others count")
    func damaged() throws {
        let photo = try event.photo("x.jpg")
        try event.perform("a", [photo.copy(to: "Anna/x.jpg")])
        var lines = try text("a").split(separator: JSONLines.newline).map(Array.init)
        lines.insert(Array("not JSON".utf8), at: 2)
        lines.insert([], at: 3)
        try replaceText("a", Array(lines.joined(separator: [JSONLines.newline])) + [0x0A])
        let run = try #require(try Journal.runs(event.album).first)
        #expect(run.damage.map(\.number) == [3, 4])
        #expect(run.doneCount == 2)
    }

    @Test(
        "An act that leads out of the album or into its state does not count",
        arguments: [
            #"{"name":"makeFolder","path":"../x"}"#, #"{"name":"makeFolder","path":"/etc"}"#,
            #"{"name":"makeFolder","path":"a/../../x"}"#, #"{"name":"makeFolder","path":""}"#,
            #"{"name":"makeFolder","path":".facesort/x"}"#,
            #"{"name":"makeFolder","path":{"hex":"2e2e2f78"}}"#,
            #"{"name":"removeAside","path":"a","hash":"00"}"#, #"{"name":"fly"}"#, "{}",
        ])
    func hostile(act: String) throws {
        _ = try event.begin("a")
        let intend = #"{"act":\#(act),"line":"intend","number":1}"# + "\n"
        try replaceText("a", try text("a") + Array(intend.utf8))
        let record = try JournalRecord(JournalFile.path(event.album, run: "a"), Disk())
        #expect(record.entries.isEmpty)
        #expect(record.damagedLines == [2])
    }

    @Test("Replaying all journals shows what lies where")
    func replay() throws {
        let (x, y, z) = (try event.photo("x.jpg"), try event.photo("y"), try event.photo("z"))
        try event.perform(
            "a", [x.copy(to: "Anna/x.jpg"), y.copy(to: "Ben/y.jpg"), z.copy(to: "group/z.jpg")])
        try event.perform(
            "b",
            [
                .move(from: "Anna/x.jpg", to: "Anne/x.jpg", hash: x.hash),
                .remove("Ben/y.jpg", hash: y.hash, original: y.path),
                .removeAside("group/z.jpg", hash: z.hash),
            ])
        let moved = try #require(try Journal.replay(event.album).first)
        #expect(try Journal.replay(event.album).count == 1)
        #expect(moved.path == "Anne/x.jpg")
        #expect(moved.hash == x.hash)
        #expect(moved.source == x.path)
        #expect(moved.run == "b")
        #expect(moved.byteCount == 3000)
        #expect(moved.modified == 1_700_000_001_123_456_789)
        _ = try event.undo("b")
        #expect(
            try Journal.replay(event.album).map(\.path) == [
                "Anna/x.jpg", "Ben/y.jpg", "group/z.jpg",
            ])
        #expect(try Journal.replay(event.album).allSatisfy { $0.run == "a" })
    }
}
