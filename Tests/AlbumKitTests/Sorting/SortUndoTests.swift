@testable import PhotoIndex
@testable import FileLedger
import FaceCore
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

@Suite struct SortUndoTests {
    @Test("Undo takes back the last run, then the one before, until nothing is left to undo")
    func lastRuns() async throws {
        let party = try await Party.small()
        let originals = try party.originals()
        try await party.sort()
        let first = try party.contents()
        try party.add(.salley, as: "photos/e.jpg", mark: 5)
        try await party.sort()
        #expect(try party.undo().runs == [2])
        #expect(try party.contents() == first)
        #expect(try party.undo().runs == [1])
        #expect(try party.listing().isEmpty)
        #expect(try Disk().entries(of: party.album).map(\.name.string) == [".facesort"])
        #expect(await code { () throws(AlbumError) in try party.undo() } == .unknownRun)
        for (name, bytes) in originals { #expect(try party.originals()[name] == bytes) }
    }

    @Test("Undo of everything and of one run by its number")
    func selections() async throws {
        let party = try await Party.small()
        try await party.sort()
        try party.add(.salley, as: "photos/e.jpg", mark: 5)
        try await party.sort()
        let all = try party.contents()
        #expect(try party.undo(.run(1)).runs == [1])
        #expect(try party.listing() == ["Anna/e.jpg"])
        #expect(await code { () throws(AlbumError) in try party.undo(.run(7)) } == .unknownRun)
        try await party.sort()
        #expect(try party.contents() == all)
        #expect(try party.undo(.all).left.isEmpty)
        #expect(try party.listing().isEmpty)
    }

    @Test("A dry undo changes nothing and counts the files that would go")
    func dryUndo() async throws {
        let party = try await Party.small()
        try await party.sort()
        let before = try party.state()
        #expect(try party.opened().undo(.last, isDryRun: true).removedFileCount == 6)
        #expect(try party.state() == before)
    }

    @Test("Sorting after undo puts everything back without a second analysis")
    func sortAgain() async throws {
        let party = try await Party.small()
        try await party.sort()
        let before = try party.contents()
        try party.undo()
        let summary = try await party.sort()
        #expect(summary.analysedCount == 0 && summary.run == 2)
        #expect(try party.contents() == before)
    }

    @Test("A file that the user deleted before undo comes back with the next sort")
    func deletedThenUndone() async throws {
        let party = try await Party.small()
        try await party.sort()
        try party.remove("album/Anna/a.jpg")
        try await party.sort()
        try party.undo(.all)
        try await party.sort()
        #expect(try party.listing() == Party.smallAlbum)
    }

    @Test("A copy whose original is gone is left by undo, and undone once the original is back")
    func originalGone() async throws {
        let party = try await Party.small()
        try await party.sort()
        let before = try party.contents()
        try party.rename("photos", to: "elsewhere")
        let undone = try party.undo(.all)
        #expect(undone.left.map(\.path).filter { $0.contains("/") }.sorted() == Party.smallAlbum)
        #expect(undone.removedFileCount == 0)
        #expect(try party.contents() == before)
        try party.rename("elsewhere", to: "photos")
        #expect(try party.undo(.all).removedFileCount == 6)
        #expect(try party.listing().isEmpty)
    }

    @Test("Undo of a removal restores the file from its original")
    func removal() async throws {
        let party = try await Party.small()
        try await party.sort()
        let before = try party.contents()
        try party.rename("people/Ben.jpg", to: "ben.jpg")
        let summary = try await party.sort()
        #expect(summary.removedFileCount == 2)
        #expect(try !party.has("album/Ben"))
        #expect(try party.undo().left.isEmpty)
        #expect(try party.contents() == before)
        try party.rename("ben.jpg", to: "people/Ben.jpg")
        #expect(try await party.sort().copiedFileCount == 0)
        #expect(try party.contents() == before)
    }

    @Test("Undo of a person's new name, and sorting again, leaves no copy behind")
    func rename() async throws {
        let party = try await Party.small()
        try await party.sort()
        let before = try party.contents()
        try party.rename("people/Anna.jpg", to: "people/Zoe.jpg")
        #expect(try await party.sort().movedFileCount == 2)
        let renamed = try party.contents()
        #expect(try party.undo().movedFileCount == 2)
        #expect(try party.contents() == before)
        #expect(try await party.sort().movedFileCount == 2)
        #expect(try party.contents() == renamed)
    }

    @Test("An interrupted run continues under its number, and is one run to undo")
    func interruption() async throws {
        let party = try await Party.small(isAnalysed: false)
        let interruption = Interruption()
        await #expect(throws: AlbumError.self) {
            try await party.run(party.request, interruption: interruption) { event in
                if case .analysing(done: 2, total: _) = event { interruption.request() }
            }
        }
        #expect(try party.listing().isEmpty)
        let summary = try await party.sort()
        #expect(summary.run == 1 && summary.analysedCount < 4)
        #expect(try party.listing() == Party.smallAlbum)
        #expect(try party.opened().status().runs.map(\.state) == [.finished])
        try party.undo()
        #expect(try party.listing().isEmpty)
    }

    @Test("A run that was interrupted and undone is not continued")
    func interruptedThenUndone() async throws {
        let party = try await Party.small()
        let interruption = Interruption()
        _ = try? await party.run(party.request, interruption: interruption) { event in
            if case .analysing = event { interruption.request() }
        }
        // A run that is only in the catalogue cannot be undone.
        #expect(await code { () throws(AlbumError) in try party.undo() } == .unknownRun)
        let disk = CountingDisk(.forGood) { $0 == .rename && $1.string.contains("/group/") }
        _ = try? await party.sort(disk: disk.disk)
        let dying = CountingDisk(.forGood) { operation, path in
            operation == .remove && !path.string.contains("/.facesort")
        }
        dying.failingStep = 2
        _ = try? party.undo(disk: dying.disk)
        try await party.sort()
        #expect(try party.listing() == Party.smallAlbum)
        try party.undo(.all)
        #expect(try party.listing().isEmpty)
    }
}
