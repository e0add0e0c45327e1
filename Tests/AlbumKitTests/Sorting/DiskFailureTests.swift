import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

/// An event that is analysed already, so that a run is little more than its writing, on a disk that
/// fails at every single operation in turn.
@Suite struct DiskFailureTests {
    /// What the failing run is asked for, and what was there before it.
    enum Scenario: CaseIterable {
        /// The first files of an album.
        case first
        /// One photo more, one person less, one person renamed, one photo without original pruned.
        case second

        func prepare() async throws -> Party {
            let party = try Party.small()
            try await party.sort()
            if self == .first {
                try party.undo()
                return party
            }
            try party.rename("people/Anna.jpg", to: "people/Zoe.jpg")
            try party.remove("people/Ben.jpg")
            try party.remove("photos/d.jpg")
            try party.rename("photos/b.jpg", to: "photos/moved.jpg")
            return party
        }

        func run(_ party: Party, _ disk: Disk) async throws(AlbumError) -> SortSummary {
            try await party.sort(disk: disk) { $0.prunes = self == .second }
        }
    }

    @Test(
        "Whichever operation of the disk fails, the same request makes the same album",
        arguments: Scenario.allCases, CountingDisk.Failure.allCases)
    func everyOperation(_ scenario: Scenario, _ failure: CountingDisk.Failure) async throws {
        let party = try await scenario.prepare()
        let originals = try party.originals()
        party.copyFolder("album", to: "before")
        let counting = CountingDisk(failure, at: 0)
        _ = try await scenario.run(party, counting.disk)
        let undisturbed = try party.contents()
        #expect(counting.operations > 100)
        var failed = 0
        for step in 1...counting.operations {
            try party.remove("album")
            party.copyFolder("before", to: "album")
            do {
                _ = try await scenario.run(party, CountingDisk(failure, at: step).disk)
            } catch {
                failed += 1
                #expect(!error.reason.isEmpty && !error.remedy.isEmpty)
            }
            _ = try await scenario.run(party, Disk())
            #expect(try party.contents() == undisturbed, "\(failure), step \(step)")
            #expect(try party.originals() == originals)
            let leftovers = try filesIn(party.album).keys.filter { $0.contains(".facesort-") }
            #expect(leftovers.isEmpty, "\(failure), step \(step)")
        }
        // Some operations have a way round, and some are of no consequence; most have to stop it.
        #expect(failed > counting.operations / 2)
    }

    @Test(
        "Whichever operation fails while undoing, undoing again leaves nothing of ours",
        arguments: CountingDisk.Failure.allCases)
    func undoing(_ failure: CountingDisk.Failure) async throws {
        let party = try Party.small()
        try await party.sort()
        party.copyFolder("album", to: "before")
        let originals = try party.originals()
        let counting = CountingDisk(failure, at: 0)
        try party.undo(disk: counting.disk)
        for step in 1...counting.operations {
            try party.remove("album")
            party.copyFolder("before", to: "album")
            _ = try? party.undo(disk: CountingDisk(failure, at: step).disk)
            _ = try? party.undo()
            #expect(try party.listing().isEmpty, "\(failure), step \(step)")
            #expect(try party.originals() == originals)
            if step % 8 == 0 {
                try await party.sort()
                #expect(try party.listing() == Party.smallAlbum, "\(failure), step \(step)")
            }
        }
    }
}
