@testable import FileLedger
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

/// An event that is analysed already, so that a run is little more than its writing, on a disk that
/// fails at every single operation in turn.
@Suite(.slow) struct DiskFailureTests {
    /// An album whose next run copies, moves, removes and prunes: one photo more, one person less,
    /// one person renamed, one photo without original.
    private func prepared() async throws -> Party {
        let party = try await Party.small()
        try await party.sort()
        try party.rename("people/Anna.jpg", to: "people/Zoe.jpg")
        try party.remove("people/Ben.jpg")
        try party.remove("photos/d.jpg")
        try party.rename("photos/b.jpg", to: "photos/moved.jpg")
        party.copyFolder("album", to: "before")
        return party
    }

    private func run(_ party: Party, _ disk: Disk) async throws(AlbumError) -> SortSummary {
        try await party.sort(disk: disk) { $0.prunes = true }
    }

    /// Probing what the disk can do has a way around each failure; it has its own test.
    private static func isProbe(_ path: FilePath) -> Bool {
        path.string.contains("/.facesort/probe")
    }

    @Test(
        "Whichever disk operation fails, the same request makes the same album",
        arguments: CountingDisk.Failure.allCases)
    func everyOperation(_ failure: CountingDisk.Failure) async throws {
        let party = try await prepared()
        let originals = try party.originals()
        let counting = CountingDisk(failure, at: 0) { !Self.isProbe($1) }
        let firstAct = CountingDisk(.once, at: 0) { !Self.isProbe($1) }
        firstAct.stopCounting { $0 == .create && $1.string.contains("/journal/") }
        _ = try await run(
            party,
            Disk { operation, path throws(FileError) in
                try counting.see(operation, path)
                try firstAct.see(operation, path)
            })
        let undisturbed = try party.contents()
        #expect(
            undisturbed.keys.sorted() == [
                "Zoe/a.jpg", "Zoe/c.jpg", "group/c.jpg", "unknown/moved.jpg",
            ])
        #expect(counting.operations > 100)
        var failed = 0
        for step in 1...counting.operations {
            // Before the first act a dying disk has the same effect as one that fails once.
            if failure == .forGood && step < firstAct.operations && step % 8 > 0 { continue }
            try party.remove("album")
            party.copyFolder("before", to: "album")
            do {
                let disk = CountingDisk(failure, at: step) { !Self.isProbe($1) }.disk
                _ = try await run(party, disk)
            } catch {
                failed += 1
                #expect(!error.reason.isEmpty && !error.remedy.isEmpty)
            }
            _ = try await run(party, Disk())
            #expect(try party.contents() == undisturbed, "\(failure), step \(step)")
            #expect(try party.originals() == originals)
            let leftovers = try filesIn(party.album).keys.filter { $0.contains("/.facesort-") }
            #expect(leftovers.isEmpty, "\(failure), step \(step)")
        }
        // Some operations have a way around, and some do not matter; most must stop the run.
        #expect(failed > 50)
    }

    @Test(
        "Whichever operation fails while undoing, undoing again leaves nothing of ours",
        arguments: CountingDisk.Failure.allCases)
    func undoing(_ failure: CountingDisk.Failure) async throws {
        let party = try await Party.small()
        try await party.sort()
        party.copyFolder("album", to: "before")
        let originals = try party.originals()
        let counting = CountingDisk(failure, at: 0) { !Self.isProbe($1) }
        try party.undo(disk: counting.disk)
        for step in 1...counting.operations {
            try party.remove("album")
            party.copyFolder("before", to: "album")
            _ = try? party.undo(disk: CountingDisk(failure, at: step) { !Self.isProbe($1) }.disk)
            _ = try? party.undo()
            #expect(try party.listing().isEmpty, "\(failure), step \(step)")
            #expect(try party.originals() == originals)
            if step % 16 == 0 {
                try await party.sort()
                #expect(try party.listing() == Party.smallAlbum, "\(failure), step \(step)")
            }
        }
    }
}
