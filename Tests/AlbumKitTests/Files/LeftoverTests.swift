import FaceCore
@testable import PhotoIndex
@testable import FileLedger
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

/// Temporary files of ours outlive their run when the album's folder is not where it was.
@Suite struct LeftoverTests {
    /// Calls `body` once, before the first operation that `isMeant`.
    private func disk(
        before isMeant: @escaping @Sendable (DiskOperation, FilePath) -> Bool,
        _ body: @escaping @Sendable () -> Void
    ) -> Disk {
        let isDone = Locked(false)
        return Disk { operation, path throws(FileError) in
            guard isMeant(operation, path) else { return }
            let isFirst = isDone.with { isDone in
                defer { isDone = true }
                return !isDone
            }
            if isFirst { body() }
        }
    }

    private func temporaries(_ album: FilePath) throws -> [String] {
        try filesIn(album).keys.filter { $0.contains("/.facesort-") }.sorted()
    }

    private static let steps: [@Sendable (DiskOperation) -> Bool] = [
        { $0 == .copyContents }, { $0 == .setAttributes }, { $0 == .synchronise },
        { $0 == .rename },
    ]

    @Test(
        "An album moved while it is written is reported as gone, and cleared at its new place",
        arguments: steps.indices)
    func moved(_ step: Int) throws {
        let folder = try TemporaryFolder(.inMemory)
        let event = try Event(folder.path)
        let photos = try (1...3).map { try event.photo(FilePath.Component("\($0).jpg")!) }
        let there = folder.appending("moved")
        let moving = disk(
            before: { operation, path in
                Self.steps[step](operation) && path.string.contains("Anna/.facesort-")
                    || step == 3 && operation == .rename
            },
            { [album = event.album.path] in
                try? Disk().rename(album, to: there, method: .noReplace)
            })
        let journal = try event.begin("first", disk: moving)
        do {
            _ = try event.writer(journal, disk: moving).perform(
                photos.map { $0.copy(to: FilePath("Anna").appending($0.path.lastComponent!)) })
            Issue.record("it was written to an album that was gone")
        } catch let error as FileError {
            #expect(error.isGone && error.path == event.album.path, "\(error)")
        }
        // Nothing makes a new album where there is none.
        #expect(try Disk().statusIfPresent(of: event.album.path) == nil)
        #expect(try !temporaries(there).isEmpty)

        let album = AlbumFolder(there)
        let recovery = try Recovery.recover(album)
        #expect(recovery.openRuns.map(\.run) == ["first"])
        #expect(try temporaries(there).isEmpty)
        let found = try Set(filesIn(there).keys.filter { $0.hasPrefix("Anna/") })
        #expect(try Set(Journal.replay(album).map(\.path.string)) == found)
        let report = try Undo.undo(album, run: "first", traits: event.traits)
        #expect(report.left.isEmpty)
        #expect(try tree(there, without: ".facesort").isEmpty)
    }

    @Test("In an album moved during an undo, only what was seen counts as undone")
    func movedWhileUndoing() throws {
        let folder = try TemporaryFolder(.inMemory)
        let event = try Event(folder.path)
        let photos = try (1...3).map { try event.photo(FilePath.Component("\($0).jpg")!) }
        try event.perform(
            "first", photos.map { $0.copy(to: FilePath("Anna").appending($0.path.lastComponent!)) })
        let there = folder.appending("moved")
        let moving = disk(
            before: { operation, path in
                operation == .status && path.lastComponent == "2.jpg"
                    && path.string.contains("/Anna/")
            },
            { [album = event.album.path] in
                try? Disk().rename(album, to: there, method: .noReplace)
            })
        #expect(throws: FileError.gone(event.album)) { try event.undo("first", disk: moving) }
        let album = AlbumFolder(there)
        _ = try Recovery.recover(album)
        #expect(try Undo.undo(album, run: "first", traits: event.traits).left.isEmpty)
        #expect(try tree(there, without: ".facesort").isEmpty)
    }

    @Test("An album moved while it is scanned does not count as emptied by its user")
    func movedWhileAudited() async throws {
        let party = try await Party.small()
        try await party.sort()
        let album = party.album
        let there = party.folder.appending("there")
        let moving = disk(
            before: { operation, path in
                operation == .status && path == album.appending("Ben").appending("b.jpg")
            }, { try? Disk().rename(album, to: there, method: .noReplace) })
        do throws(AlbumError) {
            try await party.sort(disk: moving)
            Issue.record("an album that was gone was sorted")
        } catch {
            #expect(error.code == .notFound && error.subject == album.string, "\(error)")
            #expect(error.reason.contains("moved"))
        }
        let again = try await party.run(SortRequest(photos: [], album: there))
        #expect(again.leftToUserCount == 0 && again.copiedFileCount == 0)
        #expect(try filesIn(there).keys.filter { !$0.hasPrefix(".") }.sorted() == Party.smallAlbum)
    }

    @Test("Leftovers of older runs are found by name in any folder; similar files stay")
    func sweep() throws {
        let folder = try TemporaryFolder(.inMemory)
        let event = try Event(folder.path)
        let photo = try event.photo("a.jpg")
        try event.perform("first-2", [photo.copy(to: "Anna/a.jpg"), photo.copy(to: "Ben/a.jpg")])
        let numbers = try Journal.records(event.album, Disk())[0].entries.map(\.number)
        #expect(numbers == [1, 2, 3, 4])
        func write(_ path: FilePath) throws {
            let place = event.album.path.pushing(path)
            try Disk().makeFolders(place.folder)
            try Disk().create(place, contents: [1])
        }
        let known: [FilePath] = [
            ".facesort-first-2-1", "Anna/.facesort-first-2-4", "mine/deep/.facesort-first-2-2",
        ]
        let others: [FilePath] = [
            "Anna/.facesort-first-2-5", "Anna/.facesort-first-2-04", "Anna/.facesort-first-2-4.jpg",
            "Anna/.facesort-first-2--4", "Anna/.facesort-first-2-+4", "Anna/.facesort-first-2",
            "Anna/.facesort-other-1", "Anna/facesort-first-2-4", "Anna/.facesort-first-2-4/kept",
            "Ben/.facesort-first-2-", "Ben/.facesort-../first-2-4",
        ].filter { !known.contains($0.removingLastComponent()) }
        for path in known + others { try write(path) }
        // Links with such a name are ours; the files they lead to are not.
        try Disk().symbolicLink(
            to: photo.path, at: event.album.path.appending("Ben").appending(".facesort-first-2-3"))
        try Disk().symbolicLink(to: event.photos, at: event.album.path.appending("link"))
        try Disk().create(event.photos.appending(".facesort-first-2-1"), contents: [1])
        // Another album in this one has runs of the same names.
        let inner = AlbumFolder(event.album.path.appending("inner"))
        try inner.prepare()
        try write("inner/.facesort-first-2-1")

        let before = try event.originals()
        #expect(try Leftovers(AlbumFiles(album: event.album, disk: Disk())).known().count == 4)
        let recovery = try Recovery.recover(event.album)
        #expect(Set(recovery.cleared) == Set(known + ["Ben/.facesort-first-2-3"]))
        let left = try event.contents()
        for path in known { #expect(left[path] == nil, "\(path)") }
        for path in others { #expect(left[path] == [1], "\(path)") }
        #expect(left["inner/.facesort-first-2-1"] == [1])
        #expect(try event.originals() == before)
        #expect(try Recovery.recover(event.album).cleared.isEmpty)
    }

    @Test("Check names every file with such a name, and says whether it goes")
    func check() async throws {
        let party = try await Party.small()
        try await party.sort()
        try party.write([1], to: "album/Anna/.facesort-0001-2")
        try party.write([1], to: "album/Ben/.facesort-0007-1")
        func problems() throws -> [CheckReport.Finding] {
            try party.opened().check(interruption: Interruption()) { _, _ in }.problems
        }
        let found = try problems()
        #expect(found.map(\.subject) == ["Anna/.facesort-0001-2", "Ben/.facesort-0007-1"])
        #expect(found[0].sentence.contains("removes it"))
        #expect(found[1].sentence.contains("no journal"))
        try await party.sort()
        #expect(try problems().map(\.subject) == ["Ben/.facesort-0007-1"])
        #expect(try party.has("album/Ben/.facesort-0007-1"))
    }
}
