@testable import PhotoIndex
@testable import FileLedger
import FaceCore
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

@Suite("A workspace from elsewhere puts nothing outside") struct ForeignTests {
    private let folder: TemporaryFolder
    private let event: Event
    /// This machine's notes, and those of another one.
    private let disk: Disk
    private let otherMachine: Disk

    init() throws {
        folder = try TemporaryFolder(.inMemory)
        event = try Event(folder.path)
        let (here, there) = (folder.appending("here"), folder.appending("there"))
        disk = Disk(marks: RunMarks { here })
        otherMachine = Disk(marks: RunMarks { there })
    }

    private func bring(
        _ photo: Photo, origins: [FilePath], on disk: Disk, ends: Bool = true
    ) throws {
        let journal = try Journal.begin(
            event.album, run: "0001", command: "clean", started: "2026-01-02T03:04:05Z",
            settings: "{}", sources: [], origins: origins, disk: disk)
        _ = try event.writer(journal, disk: disk).perform([
            .bring(
                from: photo.path, to: "others/x.jpg", hash: photo.hash,
                byteCount: Int64(photo.content.count))
        ])
        if ends { try journal.end(.finished) }
    }

    private func undo(
        _ album: AlbumFolder? = nil, on disk: Disk, allowsForeign: Bool = false
    ) throws -> UndoReport {
        try Undo.undo(
            album ?? event.album, run: "0001", traits: event.traits, allowsForeign: allowsForeign,
            disk: disk)
    }

    private func isBack(_ photo: Photo) throws -> Bool {
        try Disk().statusIfPresent(of: photo.path) != nil
    }

    @Test("Files go back to where this machine's user took them from")
    func own() throws {
        let photo = try event.photo("x.jpg")
        try bring(photo, origins: [event.photos], on: disk)
        #expect(try undo(on: disk).left.isEmpty)
        #expect(try isBack(photo))
    }

    @Test(
        "On another machine they stay until allowed, and a file in the album is not touched"
    )
    func otherUser() throws {
        let photo = try event.photo("x.jpg")
        try bring(photo, origins: [event.photos], on: otherMachine)
        let report = try undo(on: disk)
        #expect(report.left.contains { $0.reason.contains("no run on this machine") })
        #expect(try !isBack(photo))
        #expect(try event.contents()["others/x.jpg"] == photo.content)
        #expect(try undo(on: disk, allowsForeign: true).left.isEmpty)
        #expect(try isBack(photo))
    }

    @Test("A copied workspace is foreign, and a moved one is not")
    func copied() throws {
        let photo = try event.photo("x.jpg")
        try bring(photo, origins: [event.photos], on: disk)
        let copy = AlbumFolder(folder.appending("copy"))
        _ = runTool(["/bin/cp", "-a", event.album.path.string, copy.path.string])
        #expect(try !undo(copy, on: disk).left.isEmpty)
        #expect(try !isBack(photo))
        let moved = AlbumFolder(folder.appending("moved"))
        try Disk().rename(event.album.path, to: moved.path, method: .noReplace)
        #expect(try undo(moved, on: disk).left.isEmpty)
        #expect(try isBack(photo))
    }

    @Test("A folder beside the named one, or a link from it to elsewhere, does not count")
    func elsewhere() throws {
        let photo = try event.photo("x.jpg")
        let named = folder.appending("photos/party")
        try Disk().makeFolders(named)
        try bring(photo, origins: [named], on: disk)
        let origins = Origins(
            of: try #require(try Journal.runs(event.album).first).header, in: event.album,
            allowsForeign: false, disk: disk)
        try Disk().symbolicLink(to: "/etc", at: named.appending("link"))
        #expect(origins.allow(named.appending("x.jpg")))
        #expect(origins.allow(named.appending("new/folder/x.jpg")))
        #expect(!origins.allow(photo.path))
        #expect(!origins.allow(named.appending("link/x.jpg")))
        #expect(!origins.allow(folder.appending("photos/party2/x.jpg")))
        #expect(try !undo(on: disk).left.isEmpty)
    }

    @Test("A recovery leaves alone files outside: an empty one, and one with a temporary name")
    func recovery() throws {
        let photo = try event.photo("x.jpg")
        try bring(photo, origins: [event.photos], on: otherMachine)
        let journal = try Journal.open(event.album, run: "0001", disk: disk).journal
        try journal.append([JournalLine(.undo), Journal.placing(.placingBack, [2])])
        // As if killed while it put the photo back: an empty file, the user's or ours.
        try Disk().createEmpty(photo.path)
        let temporary = event.photos.appending(".facesort-0001-2")
        try Disk().create(temporary, contents: [1])
        let recovery = try Recovery.recover(event.album, disk: disk)
        #expect(recovery.openUndos.map(\.run) == ["0001"])
        #expect(try Disk().statusIfPresent(of: photo.path)?.byteCount == 0)
        #expect(try Disk().statusIfPresent(of: temporary) != nil)
        #expect(try event.contents()["others/x.jpg"] == photo.content)
        // The machine that did it goes on with it.
        _ = try Recovery.recover(event.album, disk: otherMachine)
        #expect(try Disk().statusIfPresent(of: photo.path) == nil)
        #expect(try Disk().statusIfPresent(of: temporary) == nil)
    }

    @Test("Without a folder for notes every workspace is foreign")
    func noHome() throws {
        let photo = try event.photo("x.jpg")
        let homeless = Disk(marks: RunMarks { nil })
        try bring(photo, origins: [event.photos], on: homeless)
        #expect(try !undo(on: homeless).left.isEmpty)
        #expect(try undo(on: homeless, allowsForeign: true).left.isEmpty)
        #expect(try isBack(photo))
    }

    @Test("A continued run may take files from further folders, and puts all back")
    func resumed() throws {
        let photo = try event.photo("x.jpg")
        let named = folder.appending("photos/party")
        try Disk().makeFolders(named)
        try bring(photo, origins: [named], on: disk, ends: false)
        try Journal.resume(event.album, run: "0001", origins: [event.photos], disk: disk)
            .end(.finished)
        #expect(try undo(on: disk).left.isEmpty)
        #expect(try isBack(photo))
    }
}

@Suite("Undo of a bin, as a user sees it") struct ForeignBinTests {
    @Test("A bin from another machine is refused with the places it would write to, then allowed")
    func refused() async throws {
        let attic = try await Attic()
        let before = try attic.party.originals()
        let elsewhere = attic.party.folder.appending("elsewhere")
        let otherMachine = Disk(marks: RunMarks { elsewhere })
        try await attic.clean(disk: otherMachine)
        let after = try attic.party.originals()
        let error = #expect(throws: AlbumError.self) { try attic.party.undo() }
        #expect(error?.code == .foreignFolder)
        let place = attic.party.photos.appending("nobody.png").string
        #expect(error?.remedy.contains("'\(place)'") == true)
        #expect(error?.remedy.contains("--foreign") == true)
        #expect(try attic.party.originals() == after)
        #expect(try attic.party.listing() == Attic.cleaned)
        let planned = try attic.party.opened().undo(.last, isDryRun: true)
        #expect(!planned.returns.contains { !$0.isForeign })
        _ = try attic.party.opened().undo(.last, allowsForeign: true)
        #expect(try attic.party.originals() == before)
    }

    @Test("A dry undo gives the same numbers as undo, and says where files go")
    func rehearsed() async throws {
        let attic = try await Attic()
        try await attic.clean([.duplicates])
        try await attic.clean([.noFaces])
        for selection in [UndoSelection.last, .all] {
            let state = try attic.party.state()
            let originals = try attic.party.originals()
            let planned = try attic.party.opened().undo(selection, isDryRun: true)
            #expect(try attic.party.state() == state)
            #expect(try attic.party.originals() == originals)
            let done = try attic.party.opened().undo(selection)
            #expect(planned.runs == done.runs)
            #expect(planned.movedFileCount == done.movedFileCount)
            #expect(planned.returns == done.returns && !done.returns.isEmpty)
            #expect(planned.left == done.left)
            if selection == .last { try await attic.clean([.noFaces]) }
        }
    }

    @Test("A dry undo of sorts that copied, moved, removed and pruned gives the same as undo")
    func rehearsedSorts() async throws {
        let party = try await Party.small()
        try await party.sort()
        try party.remove("photos/a.jpg")
        try await party.sort { $0.prunes = true }
        try await party.sort { $0.tolerance = 0.1 }
        try party.remove("album/" + #require(try party.listing().first))
        for selection in [UndoSelection.run(2), .last, .all] {
            let state = try party.state()
            let planned = try party.opened().undo(selection, isDryRun: true)
            #expect(try party.state() == state)
            let done = try party.opened().undo(selection)
            #expect(planned.removedFileCount == done.removedFileCount)
            #expect(planned.restoredFileCount == done.restoredFileCount)
            #expect(planned.movedFileCount == done.movedFileCount)
            #expect(planned.left == done.left)
        }
    }

    @Test("A run of a foreign bin is not continued, and nothing at its paths is taken")
    func notResumed() async throws {
        let attic = try await Attic()
        let secret = attic.party.folder.appending("secret/key.jpg")
        try attic.party.write([9, 9], to: secret)
        try attic.party.write([7], to: attic.party.folder.appending("secret/key.xmp"))
        let summary = try await attic.clean([.noFaces])
        #expect(summary.run == 1)
        // Like a hostile journal: the run is open, and its file came from elsewhere.
        let path = JournalFile.path(AlbumFolder(attic.bin), run: "0001")
        let text = String(decoding: try Disk().contents(of: path, limit: 1 << 20), as: UTF8.self)
        let lines = text.split(separator: "\n").compactMap { line -> String? in
            guard !line.contains(#""line":"end""#), let sum = line.range(of: #","sum":""#) else {
                return nil
            }
            return (line[..<sum.lowerBound] + "}").replacingOccurrences(
                of: attic.party.photos.appending("nobody.png").string, with: secret.string)
        }
        try Disk().write(
            Array((lines.joined(separator: "\n") + "\n").utf8), replacing: path)
        _ = try await attic.clean([.duplicates])
        #expect(try Disk().statusIfPresent(of: secret) != nil)
        #expect(
            try Disk().statusIfPresent(of: attic.party.folder.appending("secret/key.xmp")) != nil)
    }
}
