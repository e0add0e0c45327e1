@testable import PhotoIndex
@testable import FileLedger
import FaceCore
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Two photos that `clean` finds to be duplicates only if it counts one file as two (issue 15).
private struct Shelf {
    let party: Party

    init() throws {
        party = try Party()
        for (name, number) in [("a.png", 1), ("b.png", 2)] {
            try party.write(PNGFile.blocks(number).bytes, to: "photos/camera/\(name)")
        }
    }

    func link(_ name: String, to target: String) throws {
        let path = party.folder.appending(name)
        try Disk().makeFolders(path.folder)
        try Disk().symbolicLink(to: FilePath(target), at: path)
    }

    func hardLink(_ name: String, to target: String) throws {
        let path = party.folder.appending(name)
        try Disk().makeFolders(path.folder)
        try Disk().hardLink(party.folder.appending(target), at: path)
    }

    func clean(
        _ photos: [String] = ["photos"], _ filters: Set<CleanFilter> = [.duplicates]
    ) async throws -> CleanSummary {
        var request = CleanRequest(
            study: SurveyRequest(photos: photos.map { party.folder.appending($0) }),
            bin: party.album, filters: filters)
        request.applies = true
        return try await Cleaner(
            request, environment: RunEnvironment(ProcessInfo.processInfo.environment)
        )
        .run(interruption: Interruption()) { _ in }
    }
}

@Suite("One file by several names") struct OneFileTests {
    /// A way in which one file gets two names among PHOTOS.
    enum Way: CaseIterable {
        case linkBesideIt, linkByItsWholePath, linkToItsFolder, linkToALink
        case aliasOfTheFolder, folderTwice, folderAndItsPart, hardLink, hardLinkElsewhere
    }

    private func shelf(_ way: Way) throws -> (shelf: Shelf, photos: [String]) {
        let shelf = try Shelf()
        let camera = shelf.party.folder.appending("photos/camera")
        var photos = ["photos"]
        switch way {
        case .linkBesideIt: try shelf.link("photos/0.png", to: "camera/a.png")
        case .linkByItsWholePath:
            try shelf.link("photos/0.png", to: camera.appending("a.png").string)
        case .linkToItsFolder:
            try shelf.link("Pictures/nas", to: "../photos")
            photos = ["Pictures", "photos"]
        case .linkToALink:
            try shelf.link("photos/1.png", to: "camera/a.png")
            try shelf.link("photos/0.png", to: "1.png")
        case .aliasOfTheFolder:
            try shelf.link("alias", to: "photos")
            photos = ["alias", "photos"]
        case .folderTwice: photos = ["photos", "photos/../photos"]
        case .folderAndItsPart: photos = ["photos", "photos/camera"]
        case .hardLink: try shelf.hardLink("photos/0.png", to: "photos/camera/a.png")
        case .hardLinkElsewhere:
            try shelf.hardLink("more/0.png", to: "photos/camera/a.png")
            photos = ["more", "photos"]
        }
        return (shelf, photos)
    }

    @Test("A second name of a file is not a duplicate: nothing goes", arguments: Way.allCases)
    func nothingGoes(way: Way) async throws {
        let (shelf, photos) = try shelf(way)
        let before = try shelf.party.originals()
        let summary = try await shelf.clean(photos)
        #expect(summary.moves.isEmpty && summary.failures.isEmpty)
        #expect(summary.photoCount == 2)
        #expect(try shelf.party.listing().isEmpty)
        #expect(try shelf.party.originals() == before)
    }

    @Test(
        "Beside further names a real copy goes, and the file itself stays", arguments: Way.allCases)
    func copyGoes(way: Way) async throws {
        let (shelf, photos) = try shelf(way)
        let bytes = try shelf.party.bytes("photos/camera/a.png")
        try shelf.party.write(bytes, to: "photos/camera/a longer name.png")
        let summary = try await shelf.clean(photos)
        #expect(summary.moves.map(\.to) == ["duplicates/a longer name.png"])
        #expect(summary.failures.isEmpty)
        #expect(try shelf.party.bytes("photos/camera/a.png") == bytes)
        #expect(try await shelf.clean(photos).moves.isEmpty)
        #expect(try shelf.party.undo().movedFileCount == 1)
    }

    @Test(
        "A folder that is mounted at a second place is one folder",
        .enabled(if: mayMount, "only root may mount file systems"))
    func bindMount() async throws {
        let shelf = try Shelf()
        let second = shelf.party.folder.appending("second")
        try Disk().makeFolders(second)
        #expect(runTool(["mount", "--bind", shelf.party.photos.string, second.string]) == 0)
        defer { _ = runTool(["umount", second.string]) }
        let summary = try await shelf.clean(["second", "photos"])
        #expect(summary.moves.isEmpty && summary.photoCount == 2)
    }

    @Test("A file that goes for itself goes under one name; the other name keeps the file")
    func hardLinkOfOneThatGoes() async throws {
        let shelf = try Shelf()
        try shelf.hardLink("photos/x/a.png", to: "photos/camera/a.png")
        // A name like that of a file beside a photo is still a name of the photo.
        try shelf.hardLink("photos/camera/b.jpg", to: "photos/camera/b.png")
        let summary = try await shelf.clean(["photos"], [.noFaces])
        #expect(summary.moves.map(\.photo) == ["camera/a.png", "camera/b.jpg"])
        #expect(summary.moves.allSatisfy { $0.sidecars.isEmpty })
        #expect(try shelf.party.has("photos/x/a.png") && shelf.party.has("photos/camera/b.png"))
        #expect(try shelf.party.undo().left.isEmpty)
    }

    @Test("A photo that only a link leads to is looked at, never moved, and reported")
    func linkedStays() async throws {
        let shelf = try Shelf()
        try shelf.party.write(PNGFile.blocks(3).bytes, to: "elsewhere/folder/c.png")
        try shelf.party.write(PNGFile.blocks(4).bytes, to: "elsewhere/d.png")
        // The same picture, nearer to the top: a linked photo is no reason for another to go.
        try shelf.party.write(shelf.party.bytes("photos/camera/a.png"), to: "elsewhere/e.png")
        try shelf.link("photos/folder", to: "../elsewhere/folder")
        try shelf.link("photos/d.png", to: "../elsewhere/d.png")
        try shelf.link("photos/e.png", to: "../elsewhere/e.png")
        let before = try filesIn(shelf.party.folder.appending("elsewhere"))
        let duplicates = try await shelf.clean()
        #expect(duplicates.moves.isEmpty && duplicates.analysedCount == 5 - 1)
        let summary = try await shelf.clean(["photos"], [.duplicates, .noFaces])
        #expect(summary.moves.map(\.photo) == ["camera/a.png", "camera/b.png"])
        #expect(summary.failures.isEmpty)
        #expect(
            summary.notes.contains(
                "Only links lead to 'd.png', 'e.png' and 'folder/c.png': looked at, and neither "
                    + "moved nor renamed."))
        #expect(try filesIn(shelf.party.folder.appending("elsewhere")) == before)
        #expect(try shelf.party.has("photos/d.png"))
    }

    @Test("A second name of a file is not a copy for 'sort': it adds nothing to the album")
    func sortCopies() async throws {
        let party = try Party()
        try party.add(.simm, as: "photos/b/photo.jpg")
        let photo = party.folder.appending("photos/b/photo.jpg")
        try Disk().symbolicLink(to: photo, at: party.folder.appending("photos/a link.jpg"))
        try Disk().hardLink(photo, at: party.folder.appending("photos/b/other name.jpg"))
        try Disk().symbolicLink(to: party.photos, at: party.folder.appending("alias"))
        let summary = try await party.sort {
            $0.study.photos = [party.folder.appending("alias"), party.photos]
            $0.study.people = nil
        }
        // Under the name that needs no link, and the first of two such names.
        #expect(try party.listing() == ["unknown/other name.jpg"])
        #expect(summary.copies.isEmpty && summary.photoCount == 1)
        let note = "photos that are there anyway: each file counts once."
        #expect(summary.notes.contains { $0.hasSuffix(note) })
        #expect(try await party.sortAgain().run == nil)
    }
}

@Suite("The file that stays for a duplicate") struct ReferenceFaceTests {
    private let folder: TemporaryFolder
    private let event: Event
    private let photo: Photo

    init() throws {
        folder = try TemporaryFolder(.inMemory)
        event = try Event(folder.path)
        photo = try event.photo("a.jpg")
    }

    private var act: Act {
        .bring(from: photo.path, to: "duplicates/a.jpg", hash: photo.hash, byteCount: 3000)
    }

    private func bring(
        _ run: String = "clean", standIn: FilePath, disk: Disk = Disk()
    ) throws -> ActOutcome {
        let journal = try event.begin(run, disk: disk)
        let outcomes = try AlbumWriter(
            album: event.album, journal: journal, traits: event.traits,
            standIns: StandInFiles([photo.path: standIn]), disk: disk
        ).perform([act])
        try journal.end(.finished)
        return outcomes[0]
    }

    @Test("The same file, a link to it, or a missing file is no reason to move a duplicate")
    func refused() throws {
        let hard = event.photos.appending("hard.jpg")
        let symbolic = event.photos.appending("symbolic.jpg")
        let missing = event.photos.appending("missing.jpg")
        try Disk().hardLink(photo.path, at: hard)
        try Disk().symbolicLink(to: photo.path, at: symbolic)
        for (run, path) in [("1", photo.path), ("2", hard), ("3", symbolic)] {
            #expect(try bring(run, standIn: path) == .failed(.sourceStays(path)))
        }
        #expect(try bring("4", standIn: missing) == .failed(.nothingStays(missing)))
        #expect(try Disk().contents(of: photo.path, limit: 9999) == photo.content)
        #expect(try event.contents().values.allSatisfy { $0 == nil })
    }

    @Test("Another file with the same bytes is a reason")
    func other() throws {
        let copy = event.photos.appending("copy.jpg")
        try Disk().create(copy, contents: photo.content)
        #expect(try bring(standIn: copy).performed != nil)
        #expect(try event.undo("clean").left.isEmpty)
    }

    @Test("If the file that stays disappears with the duplicate, the duplicate is put back")
    func putBack() throws {
        // As when a network shows one folder at two places, as two files.
        let other = event.photos.appending("other.jpg")
        try Disk().create(other, contents: photo.content)
        let place = event.album.path.appending("duplicates").appending("a.jpg")
        let disk = Disk { operation, path throws(FileError) in
            if operation == .rename, path == place { try? Disk().remove(other) }
        }
        #expect(try bring(standIn: other, disk: disk) == .failed(.sourceStays(other)))
        #expect(try Disk().contents(of: photo.path, limit: 9999) == photo.content)
        #expect(try Disk().statusIfPresent(of: place) == nil)
        #expect(try event.undo("clean").reverted.filter { $0.act == act }.isEmpty)
    }
}
