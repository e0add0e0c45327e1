import FaceCore
@testable import PhotoIndex
@testable import FileLedger
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

/// The power fails after any flush of a command, and everything that was not flushed is gone: none
/// of the user's files is lost, the same command finishes, `undo` takes it back, and `check` is
/// right.
@Suite(.slow) struct PowerCutTests {
    private typealias Loss = FlushRecorder.Loss

    private func check(_ album: FilePath) throws -> CheckReport {
        try Album(at: album).check(interruption: Interruption()) { _, _ in }
    }

    /// What `check` says right after the cut: it never silently counts a file of ours as the
    /// user's.
    private func expectTruth(_ party: Party, _ step: Comment) throws {
        guard try AlbumFolder(party.album).condition() == .album,
            try party.has("album/.facesort/catalogue.sqlite")
        else { return }
        let report = try check(party.album)
        #expect(!report.problems.isEmpty || report.foreignFileCount == 0, step)
    }

    private func expectSound(_ album: FilePath, _ step: Comment) throws {
        #expect(try check(album).problems.isEmpty, step)
        let leftovers = try filesIn(album).keys.filter {
            $0.split(separator: "/").last?.hasPrefix(".facesort-") == true
        }
        #expect(leftovers.isEmpty, step)
    }

    // MARK: sort

    @Test("After a first sort's", arguments: FlushRecorder.Loss.allCases)
    func firstSort(_ loss: FlushRecorder.Loss) async throws {
        let party = try await Party.small()
        let originals = try party.originals()
        let recorder = try FlushRecorder(party.folder.path)
        let remains = try await recorder.record { try await party.sort() }
        #expect(remains.count > 15)
        try await recorder.afterEach(remains, loss) { step, restore in
            #expect(try party.originals() == originals, step)
            try expectTruth(party, step)
            try await party.sort()
            #expect(try party.listing() == Party.smallAlbum, step)
            try expectSound(party.album, step)
            #expect(try party.undo(.all).left.isEmpty, step)
            #expect(try party.listing().isEmpty, step)

            try restore()
            if (try? party.opened()) != nil { _ = try? party.undo(.all) }
            #expect(try party.listing().isEmpty, step)
            try await party.sort()
            #expect(try party.listing() == Party.smallAlbum, step)
            try expectSound(party.album, step)
            #expect(try party.originals() == originals, step)
        }
    }

    @Test(
        "After those of a sort that copies, moves, removes and prunes",
        arguments: FlushRecorder.Loss.allCases)
    func sorting(_ loss: FlushRecorder.Loss) async throws {
        let party = try await Party.small()
        try await party.sort()
        try party.rename("people/Anna.jpg", to: "people/Zoe.jpg")
        try party.remove("people/Ben.jpg")
        try party.remove("photos/d.jpg")
        try party.rename("photos/b.jpg", to: "photos/moved.jpg")
        let originals = try party.originals()
        let recorder = try FlushRecorder(party.folder.path)
        let remains = try await recorder.record { try await party.sort { $0.prunes = true } }
        let sorted = try party.contents()
        #expect(
            sorted.keys.sorted() == [
                "Zoe/a.jpg", "Zoe/c.jpg", "group/c.jpg", "unknown/moved.jpg",
            ])
        try party.undo(.all)
        let undone = try party.contents()
        #expect(remains.count > 20)
        try await recorder.afterEach(remains, loss) { step, restore in
            #expect(try party.originals() == originals, step)
            try expectTruth(party, step)
            try await party.sort { $0.prunes = true }
            #expect(try party.contents() == sorted, step)
            try expectSound(party.album, step)
            try party.undo(.all)
            #expect(try party.contents() == undone, step)

            // Without a sort nobody knows where Ben's photo went, and the stranger's is the only
            // copy.
            try restore()
            try party.undo(.all)
            let left = try Set(party.listing())
            #expect(left.contains("unknown/d.jpg"), step)
            #expect(left.isSubset(of: ["unknown/d.jpg", "Ben/b.jpg"]), step)
            #expect(try party.originals() == originals, step)
        }
    }

    // MARK: undo

    @Test("After those of an undo", arguments: FlushRecorder.Loss.allCases)
    func undoing(_ loss: FlushRecorder.Loss) async throws {
        let party = try await Party.small()
        try await party.sort()
        let originals = try party.originals()
        let recorder = try FlushRecorder(party.folder.path)
        let remains = try await recorder.record { try party.undo() }
        #expect(try party.listing().isEmpty)
        #expect(remains.count > 5)
        try await recorder.afterEach(remains, loss) { step, restore in
            try expectTruth(party, step)
            // All of it may have been taken back by then.
            let code = await code { () throws(AlbumError) in try party.undo(.all) }
            #expect(code == nil || code == .unknownRun, step)
            #expect(try party.listing().isEmpty, step)
            try expectSound(party.album, step)
            try await party.sort()
            #expect(try party.listing() == Party.smallAlbum, step)
            try expectSound(party.album, step)

            // Copies that came back are still ours, and the user did not take those that are gone.
            try restore()
            try await party.sort()
            #expect(try party.listing() == Party.smallAlbum, step)
            try expectSound(party.album, step)
            #expect(try party.originals() == originals, step)
        }
    }

    // MARK: clean, rename

    @Test("After those of a move into the bin", arguments: FlushRecorder.Loss.allCases)
    func cleaning(_ loss: FlushRecorder.Loss) async throws {
        let attic = try await Attic()
        let party = attic.party
        try await attic.clean(applies: false)
        let before = try party.originals()
        let recorder = try FlushRecorder(party.folder.path)
        let remains = try await recorder.record { try await attic.clean() }
        let cleaned = try party.contents()
        let staying = try party.originals()
        #expect(cleaned.keys.sorted() == Attic.cleaned)
        #expect(remains.count > 10)
        try await recorder.afterEach(remains, loss) { step, restore in
            let everywhere =
                Set(try party.originals().values).union(try party.contents().values)
            #expect(everywhere.isSuperset(of: before.values), step)
            try await attic.clean()
            #expect(try party.contents() == cleaned, step)
            #expect(try party.originals() == staying, step)
            try expectSound(party.album, step)
            try party.undo(.all)
            #expect(try party.originals() == before, step)

            try restore()
            _ = try? party.undo(.all)
            #expect(try party.originals() == before, step)
            #expect(try party.contents().isEmpty, step)
        }
    }

    @Test("After those of a renaming", arguments: FlushRecorder.Loss.allCases)
    func renaming(_ loss: FlushRecorder.Loss) async throws {
        let event = try RenamingEvent(
            [
                .init(name: "001.jpg", taken: "2024-05-01T12:00:02"),
                .init(name: "002.jpg", taken: "2024-05-01T12:00:01"),
                .init(name: "x.png", taken: "2024-05-01T12:00:03"),
                .init(name: "sub/IMG.jpg", taken: "2024-05-01T12:00:09"),
            ], others: ["001.xmp", "002.xmp", "sub/IMG.jpg.xmp"])
        let before = try event.contents()
        let recorder = try FlushRecorder(event.folder.path)
        let remains = try await recorder.record { try await event.rename("{sequence}") }
        let renamed = try event.contents()
        #expect(renamed["001.jpg"] == "photo 002.jpg")
        #expect(remains.count > 15)
        try await recorder.afterEach(remains, loss) { step, restore in
            #expect(try Set(event.contents().values).isSuperset(of: before.values), step)
            try await event.rename("{sequence}")
            #expect(try event.contents() == renamed, step)
            try expectSound(event.photos, step)
            #expect(try event.undo().left.isEmpty, step)
            #expect(try event.contents() == before, step)

            try restore()
            _ = try? event.undo()
            #expect(try event.contents() == before, step)
        }
    }
}
