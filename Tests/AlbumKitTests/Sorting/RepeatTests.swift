@testable import PhotoIndex
@testable import FileLedger
import FaceCore
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

@Suite struct RepeatTests {
    @Test("Repeating without changes writes nothing and is not a run")
    func nothingToDo() async throws {
        let party = try await Party.small()
        try await party.sort()
        let before = try party.state()
        for _ in 0..<2 {
            let again = try await party.sort()
            #expect(again.run == nil && again.analysedCount == 0)
            #expect(again.copiedFileCount == 0 && again.photoCount == 4)
            let changed = try party.state().filter { before[$0.key] != $0.value }
            #expect(changed.isEmpty)
        }
        #expect(try party.opened().status().runs.count == 1)
    }

    @Test("One more photo is one analysis and one copy")
    func oneMore() async throws {
        let party = try await Party.small()
        try await party.sort()
        try party.add(.salley, as: "photos/new.jpg", mark: 9)
        let summary = try await party.sort()
        #expect(summary.analysedCount == 1 && summary.copiedFileCount == 1 && summary.run == 2)
        #expect(try party.listing() == (Party.smallAlbum + ["Anna/new.jpg"]).sorted())
    }

    @Test("A photo with only a new time is not analysed again")
    func touched() async throws {
        let party = try await Party.small()
        try await party.sort()
        let file = party.photos.appending("a.jpg").string
        #expect(runTool(["/usr/bin/touch", "-d", "2001-02-03", file]) == 0)
        let summary = try await party.sort()
        #expect(summary.analysedCount == 0 && summary.copiedFileCount == 0)
    }

    @Test("Sources add up, and the album alone repeats with all of them")
    func sources() async throws {
        let party = try await Party.small()
        try await party.sort()
        try party.add(.salley, as: "more/e.jpg", mark: 7)
        let more = party.folder.appending("more")
        try await party.run(SortRequest(photos: [more], album: party.album))
        #expect(try party.listing() == (Party.smallAlbum + ["Anna/e.jpg"]).sorted())
        try party.add(.savage, as: "photos/f.jpg", mark: 8)
        try party.add(.savage, as: "more/g.jpg", mark: 9)
        let summary = try await party.sortAgain()
        #expect(summary.analysedCount == 2 && summary.photoCount == 7)
        #expect(try party.has("album/Ben/f.jpg") && party.has("album/Ben/g.jpg"))
    }

    @Test("A single file can be a source")
    func singleFile() async throws {
        let party = try await Party.small(isAnalysed: false)
        try await party.sort { $0.study.photos = [party.photos.appending("a.jpg")] }
        #expect(try party.listing() == ["Anna/a.jpg"])
        #expect(try await party.sortAgain().run == nil)
    }

    @Test("A removed card leaves its copies, even when another is mounted in its place")
    func cards() async throws {
        let party = try await Party.small()
        try await party.sort()
        let first = try party.contents()
        try party.rename("photos", to: "elsewhere")
        let gone = try await party.sortAgain()
        #expect(gone.heldPhotoCount == 4 && gone.removedFileCount == 0)
        #expect(try party.contents() == first)
        // Card 2 has the same names from the camera.
        try party.add(.savage, as: "photos/a.jpg", mark: 21)
        try party.add(.shimkus, as: "photos/b.jpg", mark: 22)
        let second = try await party.sort()
        #expect(second.heldPhotoCount == 4 && second.copiedFileCount == 2)
        let both = try party.contents()
        for (name, bytes) in first { #expect(both[name] == bytes, "\(name)") }
        #expect(
            Set(both.keys).subtracting(first.keys) == ["Ben/a.jpg", "unknown/b.jpg"])
    }

    @Test("An empty folder instead of the card takes nothing away, not even with other settings")
    func emptyMountPoint() async throws {
        let party = try await Party.small()
        try await party.sort()
        let before = try party.contents()
        try party.rename("photos", to: "elsewhere")
        try Disk().makeFolders(party.photos)
        let summary = try await party.sort { $0.tolerance = 0.0001 }
        #expect(summary.heldPhotoCount == 4)
        let after = try party.contents()
        for (name, bytes) in before { #expect(after[name] == bytes, "\(name)") }
    }

    @Test("Prune moves photos without original out of the places, and undo brings them back")
    func prune() async throws {
        let party = try await Party.small()
        try await party.sort()
        let before = try party.contents()
        try party.remove("photos/a.jpg")
        try party.remove("photos/c.jpg")
        let summary = try await party.sortAgain { $0.prunes = true }
        #expect(summary.prunedFileCount == 4)
        #expect(try party.listing() == ["Ben/b.jpg", "unknown/d.jpg"])
        let undone = try party.undo()
        #expect(undone.restoredFileCount == 4 && undone.left.isEmpty)
        #expect(try party.contents() == before)
        // They are ours as before: kept without the option, pruned again with it.
        #expect(try await party.sortAgain().run == nil)
        #expect(try await party.sortAgain { $0.prunes = true }.prunedFileCount == 4)
    }

    @Test(
        "A thorough sort searches balanced photos again, not the other way round",
        .slow)
    func searchDepth() async throws {
        let party = try await Party.small()
        #expect(try await party.sort { $0.study.search = .balanced }.analysedCount == 0)
        let thorough = try await party.sort { $0.study.search = .thorough }
        #expect(thorough.analysedCount == 4 && thorough.settings.search == .thorough)
        #expect(try party.listing() == Party.smallAlbum)
        #expect(try await party.sort { $0.study.search = .thorough }.analysedCount == 0)
        #expect(try await party.sort { $0.study.search = .balanced }.analysedCount == 0)
        // Without flags the last settings hold, for new photos as well.
        try await party.sort { $0.study.search = .thorough }
        try party.add(.salley, as: "photos/e.jpg", mark: 9)
        let again = try await party.sortAgain()
        #expect(again.analysedCount == 1 && again.settings.search == .thorough)
    }

    @Test("Settings of an earlier version without search are read as balanced")
    func olderSettings() throws {
        let kept = JSONText.encoded(SortSettings(groupSize: 5, search: .thorough))
        let older = kept.replacing(/,?"search":"thorough"/, with: "").replacing("{,", with: "{")
        try #require(older != kept)
        let read = try #require(JSONText.decoded(SortSettings.self, from: older))
        #expect(read == SortSettings(groupSize: 5, search: .balanced))
    }

    @Test("An original that moved is known by its content")
    func movedOriginal() async throws {
        let party = try await Party.small()
        try await party.sort()
        try party.rename("photos/a.jpg", to: "photos/deeper/renamed.jpg")
        let summary = try await party.sort()
        #expect(summary.analysedCount == 0 && summary.heldPhotoCount == 0)
        #expect(try party.listing() == Party.smallAlbum)
        try party.rename("photos/deeper/renamed.jpg", to: "more/a.jpg")
        let more = party.folder.appending("more")
        let again = try await party.run(SortRequest(photos: [more], album: party.album))
        #expect(again.analysedCount == 0 && again.heldPhotoCount == 0)
        #expect(try party.listing() == Party.smallAlbum)
    }

    @Test("The album's folder may be moved")
    func movedAlbum() async throws {
        let party = try await Party.small()
        try await party.sort()
        try party.rename("album", to: "elsewhere/renamed")
        let album = party.folder.appending("elsewhere/renamed")
        let summary = try await party.run(SortRequest(photos: [], album: album))
        #expect(summary.run == nil && summary.photoCount == 4)
        #expect(try Album(at: album).undo(.all).removedFileCount == 6)
    }

    @Test("A copy that the user deleted is not put back, one that was moved counts as deleted")
    func deleted() async throws {
        let party = try await Party.small()
        try await party.sort()
        try party.remove("album/Anna/a.jpg")
        try party.rename("album/unknown/d.jpg", to: "album/my own/d.jpg")
        let summary = try await party.sort()
        #expect(summary.leftToUserCount == 2 && summary.copiedFileCount == 0)
        #expect(try !party.has("album/Anna/a.jpg") && !party.has("album/unknown/d.jpg"))
        try party.add(.salley, as: "photos/e.jpg", mark: 5)
        try await party.sort()
        #expect(try party.has("album/Anna/e.jpg") && !party.has("album/Anna/a.jpg"))
    }

    @Test("What the user changed or added is never touched, by sort or by undo")
    func usersFiles() async throws {
        let party = try await Party.small()
        try await party.sort()
        try party.write([1, 2, 3], to: "album/Anna/a.jpg")
        try party.write([4, 5], to: "album/Ben/mine.jpg")
        try party.write([6], to: "album/notes.txt")
        // Ben is no longer known, so his folder would be cleared.
        try party.remove("people/Ben.jpg")
        try await party.sort()
        let mine = ["Anna/a.jpg": [1, 2, 3], "Ben/mine.jpg": [4, 5], "notes.txt": [6]]
            .mapValues { $0.map(UInt8.init) }
        for (name, bytes) in mine { #expect(try party.contents()[name] == bytes, "\(name)") }
        #expect(try !party.has("album/Ben/b.jpg"))
        let undone = try party.undo(.all)
        #expect(undone.left.map(\.path).contains("Anna/a.jpg"))
        #expect(try party.contents() == mine)
    }

    @Test("The name of a user's file is not taken")
    func takenName() async throws {
        let party = try await Party.small()
        try await party.sort()
        try party.write([7], to: "album/Anna/e.jpg")
        try party.add(.salley, as: "photos/e.jpg", mark: 5)
        try await party.sort()
        #expect(try party.bytes("album/Anna/e.jpg") == [7])
        #expect(try party.bytes("album/Anna/e (2).jpg") == party.bytes("photos/e.jpg"))
    }

    @Test("A photo recognised later leaves unknown only when its original is there", .slow)
    func recognisedLater() async throws {
        let party = try await Party.small()
        try party.add(.shimkus, as: "card/s.jpg", mark: 11)
        let card = party.folder.appending("card")
        try await party.sort { $0.study.photos.append(card) }
        try party.remove("card")
        try party.add(.simm, as: "people/Cid.jpg")
        try party.add(.shimkus, as: "people/Dan.jpg")
        let summary = try await party.sortAgain()
        #expect(summary.heldPhotoCount == 1 && summary.removedFileCount == 1)
        let found = try party.listing()
        #expect(found.contains("Cid/d.jpg") && !found.contains("unknown/d.jpg"))
        #expect(found.contains("unknown/s.jpg") && found.contains("Dan/s.jpg"))
    }

    @Test(
        "A dry run writes nothing, with or without an album, and says what would be done",
        .slow)
    func dryRun() async throws {
        let party = try await Party.small(isAnalysed: false)
        let fresh = try await party.sort { $0.isDryRun = true }
        #expect(fresh.isDryRun && fresh.run == nil)
        #expect(fresh.changes.map(\.path).sorted() == Party.smallAlbum)
        #expect(try !party.has("album"))
        try await party.sort()
        try party.add(.salley, as: "photos/e.jpg", mark: 5)
        try party.remove("people/Ben.jpg")
        let before = try party.state()
        let summary = try await party.sort { $0.isDryRun = true }
        #expect(try party.state() == before)
        #expect(summary.changes.contains { $0.kind == .copy && $0.path == "Anna/e.jpg" })
        #expect(summary.changes.contains { $0.kind == .remove && $0.path == "Ben/b.jpg" })
        let done = try await party.sort()
        #expect(done.copiedFileCount + done.removedFileCount == summary.changes.count)
    }

    @Test("The tolerance is remembered, even if it changed no place")
    func settings() async throws {
        let party = try await Party.small()
        try await party.sort { $0.tolerance = 0.45 }
        let again = try await party.sortAgain()
        #expect(again.settings.match.tolerance == 0.45 && again.run == nil)
        try await party.sortAgain { $0.tolerance = 0.44 }
        #expect(try await party.sortAgain().settings.match.tolerance == 0.44)
    }
}
