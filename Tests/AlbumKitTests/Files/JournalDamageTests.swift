@testable import FileLedger
import FaceCore
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

@Suite("A journal is damaged") struct JournalDamageTests {
    private let folder: TemporaryFolder
    private let event: Event

    init() throws {
        folder = try TemporaryFolder(.inMemory)
        event = try Event(folder.path)
    }

    private func path(_ run: String = "0001") -> FilePath {
        JournalFile.path(event.album, run: run)
    }

    private func text(_ run: String = "0001") throws -> [UInt8] {
        try Disk().contents(of: path(run), limit: 1 << 20)
    }

    private func replaceText(_ text: [UInt8], _ run: String = "0001") throws {
        try Disk().write(text, replacing: path(run))
    }

    /// A run that moved two of the user's photos into the bin.
    private func bring() throws -> [Photo] {
        let photos = [try event.photo("x.jpg"), try event.photo("y.jpg")]
        let journal = try Journal.begin(
            event.album, run: "0001", command: "clean", started: "2026-01-02T03:04:05Z",
            settings: "{}", sources: [], origins: [event.photos])
        _ = try event.writer(journal).perform(
            photos.map {
                .bring(
                    from: $0.path, to: FilePath("bin").appending($0.path.lastComponent!),
                    hash: $0.hash, byteCount: Int64($0.content.count))
            })
        try journal.end(.finished)
        return photos
    }

    @Test("One changed byte, wherever it is, is noticed, and never deletes the journal")
    func everyByte() throws {
        _ = try bring()
        let whole = try text()
        for index in whole.indices where index % 7 == 0 || whole[index] == JSONLines.newline {
            var changed = whole
            changed[index] ^= 0x20
            try replaceText(changed)
            _ = try Recovery.recover(event.album)
            let runs = try Journal.runs(event.album)
            #expect(runs.count == 1, "byte \(index)")
            // The last line without its end was being written when the program died.
            let isTorn = index == whole.count - 1
            #expect(runs.first?.damage.isEmpty == isTorn, "byte \(index)")
        }
    }

    @Test("With a damaged first line the others count, and are taken back when allowed")
    func header() throws {
        let photos = try bring()
        var changed = try text()
        changed[3] = UInt8(ascii: "X")
        try replaceText(changed)
        _ = try Recovery.recover(event.album)
        let run = try #require(try Journal.runs(event.album).first)
        #expect(run.isHeaderDamaged && run.damage.map(\.number) == [1])
        #expect(run.header.run == "0001" && run.state == .finished)
        // The folder it took files from is no longer known.
        #expect(try event.undo("0001").left.count == 3)
        #expect(try event.originals().isEmpty)
        let report = try Undo.undo(
            event.album, run: "0001", traits: event.traits, allowsForeign: true)
        #expect(report.left.isEmpty && report.damage.map(\.number) == [1])
        #expect(try event.originals().count == photos.count)
        #expect(try Disk().statusIfPresent(of: path()) != nil)
    }

    @Test("A new run gets its own name beside a journal whose first line is damaged")
    func next() throws {
        _ = try bring()
        var changed = try text()
        changed[0] = 0
        try replaceText(changed)
        _ = try event.begin("0002").end(.finished)
        #expect(try Journal.runs(event.album).map(\.header.run) == ["0001", "0002"])
    }

    @Test("A journal without a line that a kill cannot have left is kept")
    func zeroes() throws {
        for content in [[UInt8](repeating: 0, count: 300), Array("notes of mine".utf8)] {
            try replaceText(content)
            _ = try Recovery.recover(event.album)
            #expect(try text() == content)
            #expect(try Journal.runs(event.album).map(\.isHeaderDamaged) == [true])
        }
    }

    @Test("A damaged line is named, and the lines that refer to it are not")
    func intention() throws {
        let photos = try bring()
        var lines = try text().split(separator: JSONLines.newline).map(Array.init)
        let at = try #require(
            lines.firstIndex { String(decoding: $0, as: UTF8.self).contains("x.jpg") })
        lines[at][lines[at].count - 5] ^= 1
        try replaceText(Array(lines.joined(separator: [JSONLines.newline])) + [JSONLines.newline])
        let report = try event.undo("0001")
        #expect(report.damage == [DamagedLine(number: at + 1, text: lines[at])])
        #expect(report.damage.first?.subject == "bin/x.jpg")
        #expect(report.reverted.contains { $0.act.path == "bin/y.jpg" })
        #expect(try event.originals().keys.map(\.string) == ["y.jpg"])
        #expect(try event.contents()["bin/x.jpg"] == photos[0].content)
    }

    @Test("When the line about the end of an act is damaged, the files show what became of it")
    func outcome() throws {
        _ = try bring()
        var lines = try text().split(separator: JSONLines.newline).map(Array.init)
        let done = lines.indices.filter {
            String(decoding: lines[$0], as: UTF8.self).contains(#""line":"done""#)
        }
        for index in done { lines[index][2] ^= 1 }
        try replaceText(Array(lines.joined(separator: [JSONLines.newline])) + [JSONLines.newline])
        let report = try event.undo("0001")
        #expect(report.left.isEmpty)
        #expect(try event.originals().count == 2)
    }

    @Test("A journal of an earlier version, without checksums, is read, added to and undone")
    func withoutSums() throws {
        let photo = try event.photo("x.jpg")
        try event.perform("0001", [photo.copy(to: "Anna/x.jpg")])
        let old = try text().split(separator: JSONLines.newline).map { line in
            let text = String(decoding: line, as: UTF8.self)
            let sum = text.range(of: #","sum":""#)!  // Every line has one now.
            return Array((text[..<sum.lowerBound] + "}\n").utf8)
        }
        try replaceText(Array(old.joined()))
        #expect(try Journal.runs(event.album).first?.damage == [])
        #expect(try event.undo("0001").left.isEmpty)
        #expect(try event.contents().isEmpty)
        let run = try #require(try Journal.runs(event.album).first)
        #expect(run.state == .undone && run.damage.isEmpty)
    }

    @Test(
        "Lines with numbers at the limits do not count, and nothing traps",
        arguments: [
            #"{"act":{"name":"makeFolder","path":"q"},"line":"intend","number":9223372036854775807}"#,
            #"{"act":{"name":"makeFolder","path":"q"},"line":"intend","number":-1}"#,
            #"{"act":{"byteCount":9223372036854775807,"from":"/x","hash":"00","name":"bring","to":"q"},"line":"intend","number":9}"#,
            #"{"byteCount":-9223372036854775808,"line":"done","number":1}"#,
            #"{"line":"done","modified":9223372036854775807,"number":1}"#,
            #"{"line":"done","modified":-9223372036854775808,"number":1}"#,
            String(repeating: "[", count: 100_000), "null", "1e999",
            #"{"line":"undo","numbers":{}}"#,
        ])
    func limits(line: String) throws {
        let photo = try event.photo("x.jpg")
        try event.perform("0001", [photo.copy(to: "Anna/x.jpg")])
        let old = try text()
        try replaceText(old + Array(line.utf8) + [JSONLines.newline])
        _ = try Recovery.recover(event.album)
        #expect(try Journal.runs(event.album).first?.damage.count == 1)
        _ = try event.begin("0002").end(.finished)
        #expect(try event.undo("0001").left.isEmpty)
    }

    @Test(
        "A first line that this program cannot have written is damaged",
        arguments: [
            #""run":"0002""#, #""run":"../../../x""#, #""run":"a/b""#, #""run":"""#,
            #""sequence":9223372036854775807"#, #""sequence":0"#, #""sequence":-5"#,
            #""sources":["photos"]"#, #""mark":"../../x""#,
        ])
    func hostileHeader(member: String) throws {
        _ = try event.begin("0001").end(.finished)
        let name = member.prefix { $0 != ":" }
        let header =
            [
                #""command":"clean""#, #""run":"0001""#, #""sequence":1"#, #""settings":"{}""#,
                #""sources":[]"#, #""started":"2024-01-01T00:00:00Z""#,
            ].filter { !$0.hasPrefix(name) } + [member]
        let line = #"{"header":{"# + header.joined(separator: ",") + #"},"line":"begin"}"# + "\n"
        try replaceText(Array(line.utf8))
        _ = try Recovery.recover(event.album)
        let run = try #require(try Journal.runs(event.album).first)
        #expect(run.isHeaderDamaged && run.header.run == "0001")
        #expect(try event.begin("0003").header.sequence == 1)
    }

    @Test(
        "A path into the state is not a path of the album, however it is written",
        arguments: [
            ".facesort/x", ".FaceSort/lock", "Anna/.facesort/journal/1.jsonl",
            ".face\u{200C}sort/lock", "a/../b", "./a", "a/.", "/a", "",
        ])
    func statePaths(path: String) {
        #expect(!FilePath(path).isAlbumPath)
    }
}
