@testable import FileLedger
import FaceCore
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

@Suite struct UndoTests {
    private let folder: TemporaryFolder
    private let event: Event

    init() throws {
        folder = try TemporaryFolder(.inMemory)
        event = try Event(folder.path)
    }

    private func path(_ path: FilePath) -> FilePath { event.album.path.pushing(path) }

    @Test(
        "Undoing a run leaves what was there before it, whatever links it made", .slow,
        arguments: RenameMethod.allCases)
    func everything(method: RenameMethod) throws {
        let folder = try TemporaryFolder(.inMemory)
        let event = try Event(folder.path, renaming: method)
        let photos = try oddNames.map { try event.photo($0) }
        func copies(_ folder: FilePath, _ link: LinkKind) -> [Act] {
            zip(photos, oddNames).map { $0.copy(to: folder.appending($1), link: link) }
        }
        try event.perform("a", copies("Anna", .copy))
        let before = try event.contents()
        let originals = try event.originals()
        let outcomes = try event.perform(
            "b",
            copies("Ben", .copy) + copies("Cleo/sub", .hard) + copies("Dora", .symbolic)
                + [.makeFolder("empty")]
                + zip(photos, oddNames).prefix(3).map {
                    .move(
                        from: FilePath("Anna").appending($1), to: FilePath("E").appending($1),
                        hash: $0.hash)
                }
                + zip(photos, oddNames).dropFirst(3).prefix(3).map {
                    .remove(FilePath("Anna").appending($1), hash: $0.hash, original: $0.path)
                }
                + zip(photos, oddNames).dropFirst(6).prefix(3).map {
                    .removeAside(FilePath("Anna").appending($1), hash: $0.hash)
                })
        #expect(outcomes.allSatisfy { $0.performed != nil })
        let report = try event.undo("b")
        #expect(report.left.isEmpty)
        #expect(try event.contents() == before)
        #expect(try event.originals() == originals)
        #expect(try Disk().statusIfPresent(of: event.album.removed.appending("b")) == nil)
        _ = try event.undo("a")
        #expect(try event.contents().isEmpty)
        #expect(try event.originals() == originals)
        #expect(try Journal.runs(event.album).map(\.state) == [.undone, .undone])
    }

    @Test("Changed files, files without original and folders with other files are left and listed")
    func leaves() throws {
        let photos = try ["a", "b", "c", "d"].map { try event.photo(name(Array($0.utf8))) }
        try event.perform(
            "r", photos.map { $0.copy(to: FilePath("P").appending($0.path.lastComponent!)) })
        try Disk().write([1], replacing: path("P/a"))
        try Disk().remove(photos[1].path)
        try Disk().remove(path("P/c"))
        try Disk().create(path("P/mine"), contents: [7])
        let report = try event.undo("r")
        let reasons = Dictionary(
            uniqueKeysWithValues: report.left.map { ($0.act.path, $0.reason) })
        #expect(
            reasons == [
                "P/a": "it was changed since it was written",
                "P/b": "its original is not there to be seen", "P": "it holds other files",
            ])
        #expect(Set(try event.contents().keys) == ["P", "P/a", "P/b", "P/mine"])
        // The second time, it tries again what it left.
        try event.photo("b")
        let again = try event.undo("r")
        #expect(again.reverted.map(\.act.path) == ["P/b"])
        #expect(again.left.map(\.act.path) == ["P/a", "P"])
    }

    @Test("Another path of the same photo counts as its original")
    func otherOriginals() throws {
        let photo = try event.photo("x.jpg")
        try event.perform("a", [photo.copy(to: "Anna/x.jpg")])
        try event.perform(
            "b", [.remove("Anna/x.jpg", hash: photo.hash, original: photo.path)])
        let moved = event.photos.appending("moved.jpg")
        try Disk().rename(photo.path, to: moved, method: .noReplace)
        #expect(try event.undo("b").left.map(\.reason) == ["its original is not there to be seen"])
        let restored = try Undo.undo(
            event.album, run: "b", traits: event.traits, otherOriginals: { _ in [moved] })
        #expect(restored.reverted.first?.status?.byteCount == 3000)
        #expect(try event.contents()["Anna/x.jpg"] == photo.content)
        #expect(try event.undo("a").left.map(\.act.path) == ["Anna/x.jpg", "Anna"])
        let undone = try Undo.undo(
            event.album, run: "a", traits: event.traits, otherOriginals: { _ in [moved] })
        #expect(undone.left.isEmpty)
        #expect(try event.contents().isEmpty)
    }

    @Test("A file that a later run wrote again stays")
    func laterRun() throws {
        let photo = try event.photo("x.jpg")
        try event.perform("a", [photo.copy(to: "Anna/x.jpg")])
        try event.perform(
            "b", [.remove("Anna/x.jpg", hash: photo.hash, original: photo.path)])
        try event.perform("c", [photo.copy(to: "Anna/x.jpg")])
        let report = try event.undo("a")
        #expect(report.left.first?.reason == "run 'c' wrote it again")
        #expect(try event.contents()["Anna/x.jpg"] == photo.content)
    }

    @Test("An interrupted undo can be continued")
    func cancelling() throws {
        let photo = try event.photo("x.jpg", byteCount: 10)
        try event.perform("a", (0..<10).map { photo.copy(to: FilePath("Anna/\($0)")) })
        var asked = 0
        let report = try Undo.undo(
            event.album, run: "a", traits: event.traits,
            isCancelled: {
                asked += 1
                return asked > 4
            })
        #expect(report.isCancelled)
        #expect(report.reverted.count == 3)
        #expect(try Recovery.recover(event.album).openUndos.map(\.run) == ["a"])
        #expect(try event.undo("a").reverted.count == 8)
        #expect(try event.contents().isEmpty)
        #expect(try Recovery.recover(event.album).openUndos.isEmpty)
    }

    @Test("A run that does not exist cannot be undone")
    func noSuchRun() {
        let error = #expect(throws: FileError.self) { try event.undo("never") }
        #expect(error?.isMissing == true)
    }
}
