@testable import FileLedger
import FaceCore
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

/// Files that facesort makes itself: pages, texts beside photos.
@Suite struct WrittenFileTests {
    private let folder: TemporaryFolder
    private let event: Event
    private let page = Array("<p>Zoë & Ben</p>".utf8)

    init() throws {
        folder = try TemporaryFolder(.inMemory)
        event = try Event(folder.path)
    }

    private func file(_ path: FilePath) -> FilePath { event.album.path.pushing(path) }

    private func contents(_ path: FilePath) throws -> [UInt8] {
        try Disk().contents(of: file(path), limit: 9999)
    }

    @Test("The bytes lie at their path, and the journal knows their hash only")
    func writes() throws {
        let outcomes = try event.perform(
            "a", [.write(page, to: "pages/index.html"), .write([], to: "pages/empty.txt")])
        #expect(outcomes.compactMap(\.performed?.index) == [0, 1])
        #expect(try contents("pages/index.html") == page)
        #expect(try contents("pages/empty.txt").isEmpty)
        let files = try Journal.replay(event.album)
        #expect(files.map(\.path) == ["pages/empty.txt", "pages/index.html"])
        #expect(files.allSatisfy { $0.isWritten && !$0.isBrought && $0.source == nil })
        #expect(files[1].hash == ContentHasher.hash(page))
        #expect(files[1].byteCount == Int64(page.count))
        let journal = try Disk().contents(
            of: JournalFile.path(event.album, run: "a"), limit: 1 << 20)
        #expect(!String(decoding: journal, as: UTF8.self).contains("bytes\""))
    }

    @Test("A file that lies there already is never overwritten")
    func conflicts() throws {
        try Disk().makeFolder(file("pages"))
        try Disk().create(file("pages/mine.html"), contents: [1])
        try Disk().create(file("pages/same.html"), contents: page)
        let outcomes = try event.perform(
            "a", [.write(page, to: "pages/mine.html"), .write(page, to: "pages/same.html")])
        #expect(outcomes == [.conflict(holdsSameBytes: false), .conflict(holdsSameBytes: true)])
        #expect(try contents("pages/mine.html") == [1])
    }

    @Test("Undoing removes what nobody changed, with its folder, and leaves what somebody did")
    func undo() throws {
        try event.perform(
            "a",
            [
                .write(page, to: "pages/index.html"), .write(page, to: "pages/edited.html"),
                .write(page, to: "cards/gone.html"),
            ])
        try Disk().write(Array("mine".utf8), replacing: file("pages/edited.html"))
        try Disk().remove(file("cards/gone.html"))
        let report = try event.undo("a")
        #expect(report.left.map(\.act.path) == ["pages/edited.html", "pages"])
        #expect(report.left[0].reason == KeptReason.changed.sentence)
        #expect(Set(try event.contents().keys) == ["pages", "pages/edited.html"])
    }

    @Test("A written file is set aside for a newer one, and undoing brings the old one back")
    func replaced() throws {
        try event.perform("a", [.write(page, to: "index.html")])
        let newer = Array("<p>Zoë, Ben & Ida</p>".utf8)
        let outcomes = try event.perform(
            "b",
            [
                .removeAside("index.html", hash: ContentHasher.hash(page)),
                .write(newer, to: "index.html"),
            ])
        #expect(outcomes.allSatisfy { $0.performed != nil })
        #expect(try contents("index.html") == newer)
        #expect(try event.undo("b").left.isEmpty)
        #expect(try contents("index.html") == page)
    }
}
