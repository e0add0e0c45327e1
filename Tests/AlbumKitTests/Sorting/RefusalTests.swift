@testable import FileLedger
import AlbumCatalogue
import FaceCore
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

/// Bad requests and broken albums: a clear sentence, and nothing is written.
@Suite struct RefusalTests {
    private func refusal(
        _ party: Party, _ change: (inout SortRequest) -> Void
    ) async throws -> AlbumError.Code? {
        let before = try filesIn(party.folder.path)
        var request = party.request
        change(&request)
        let asked = request
        let found = await code { () throws(AlbumError) in try await party.run(asked) }
        #expect(try filesIn(party.folder.path) == before)
        return found
    }

    @Test("A tolerance that is not a distance is refused", arguments: [0, -0.1, .nan, .infinity])
    func tolerance(_ tolerance: Float) async throws {
        let party = try await Party.small(isAnalysed: false)
        #expect(try await refusal(party) { $0.tolerance = tolerance } == .setting)
    }

    @Test("Zero workers, or zero faces for a group, are refused")
    func otherSettings() async throws {
        let party = try await Party.small(isAnalysed: false)
        #expect(try await refusal(party) { $0.study.jobs = 0 } == .setting)
        #expect(try await refusal(party) { $0.groupSize = 0 } == .setting)
    }

    @Test("Missing folders, and files instead of folders, are named")
    func missing() async throws {
        let party = try await Party.small(isAnalysed: false)
        let nowhere = party.folder.appending("nowhere")
        let file = party.photos.appending("a.jpg")
        #expect(try await refusal(party) { $0.study.photos = [nowhere] } == .notFound)
        #expect(try await refusal(party) { $0.study.people = nowhere } == .notFound)
        #expect(try await refusal(party) { $0.study.people = file } == .notAFolder)
        #expect(try await refusal(party) { $0.album = file } == .notAFolder)
        #expect(try await refusal(party) { $0.album = file.appending("x") } == .notAFolder)
        #expect(try await refusal(party) { $0.study.photos = [] } == .notAnAlbum)
    }

    @Test("An album inside the photos or around them is refused, also through links")
    func overlap() async throws {
        let party = try await Party.small()
        let link = party.folder.appending("link")
        try Disk().symbolicLink(to: party.photos, at: link)
        #expect(try await refusal(party) { $0.album = party.photos } == .foreignFolder)
        for folder in [party.photos.appending("deep/er"), link.appending("x")] {
            #expect(try await refusal(party) { $0.album = folder } == .foldersOverlap, "\(folder)")
        }
        #expect(try await refusal(party) { $0.album = party.people.appending("x") } != nil)
        try await party.sort()
        let inside = party.album.appending("Anna")
        #expect(try await refusal(party) { $0.study.photos = [inside] } == .foldersOverlap)
        let other = party.folder.appending("other")
        try Disk().symbolicLink(to: inside, at: other)
        #expect(try await refusal(party) { $0.study.photos = [other] } == .foldersOverlap)
        #expect(try await refusal(party) { $0.study.people = inside } == .foldersOverlap)
    }

    @Test("A folder with something in it that facesort did not make is refused")
    func foreign() async throws {
        let party = try await Party.small(isAnalysed: false)
        try party.write([1], to: "album/thesis.txt")
        #expect(try await refusal(party) { _ in } == .foreignFolder)
        try party.remove("album/thesis.txt")
        try await party.sort()
        #expect(try party.listing() == Party.smallAlbum)
    }

    @Test("Missing and shortened model files are named before anything is written")
    func models() async throws {
        let party = try await Party.small(isAnalysed: false)
        let models = party.folder.appending("models")
        #expect(try await refusal(party) { $0.study.models = models } == .modelMissing)
        for name in [
            "shape_predictor_5_face_landmarks.dat", "dlib_face_recognition_resnet_model_v1.dat",
            "mmod_human_face_detector.dat",
        ] {
            try party.write([1, 2, 3], to: models.appending(name))
        }
        #expect(try await refusal(party) { $0.study.models = models } == .modelDamaged)
    }

    @Test("Two runs at once: the second says which run has the album")
    func twoRuns() async throws {
        let party = try await Party.small()
        try await party.sort()
        let lock = try AlbumLock.acquire(AlbumFolder(party.album), command: "sort")
        let before = try party.state()
        #expect(await code { () throws(AlbumError) in try await party.sort() } == .inUse)
        #expect(await code { () throws(AlbumError) in try party.undo() } == .inUse)
        #expect(try party.opened().status().inUseBy != nil)
        #expect(try party.state() == before)
        lock.release()
        #expect(try await party.sort().run == nil)
    }

    @Test("Encodings by other model files are not compared")
    func otherSpace() async throws {
        let party = try await Party.small(isAnalysed: false)
        let folder = AlbumFolder(party.album)
        try folder.prepare()
        let catalogue = try Catalogue(path: folder.catalogue, access: .write)
        try catalogue.setEncodingSpace(
            EncodingSpace(alignment: "other", alignerHash: "a", encoderHash: "b"))
        try catalogue.close()
        #expect(await code { () throws(AlbumError) in try await party.sort() } == .otherSpace)
        #expect(try party.listing().isEmpty)
    }

    @Test("A deleted catalogue is built again, and nothing is copied twice")
    func lostCatalogue() async throws {
        let party = try await Party.small()
        try await party.sort()
        try party.remove("album/Anna/a.jpg")
        let before = try party.contents()
        try party.remove("album/.facesort/catalogue.sqlite")
        let summary = try await party.sortAgain()
        #expect(summary.copiedFileCount == 0 && summary.photoCount == 4)
        #expect(summary.notes.contains { $0.contains("is being built again") })
        #expect(try party.contents() == before)
        #expect(try party.undo(.all).left.isEmpty)
        #expect(try party.listing().isEmpty)
    }

    @Test("A damaged catalogue is refused with the way out, and the way out works")
    func damagedCatalogue() async throws {
        let party = try await Party.small()
        try await party.sort()
        try party.write(Array("no database at all".utf8), to: "album/.facesort/catalogue.sqlite")
        let before = try party.contents()
        #expect(await code { () throws(AlbumError) in try await party.sort() } == .damagedAlbum)
        let status = await code { () throws(AlbumError) in _ = try party.opened().status() }
        #expect(status == .damagedAlbum)
        #expect(try party.contents() == before)
        try party.remove("album/.facesort/catalogue.sqlite")
        #expect(try await party.sort().copiedFileCount == 0)
        #expect(try party.contents() == before)
    }

    @Test("A catalogue of a newer version is left unchanged")
    func newerCatalogue() async throws {
        let party = try await Party.small()
        try await party.sort()
        var bytes = try party.bytes("album/.facesort/catalogue.sqlite")
        // SQLite keeps the user's version in bytes 60..<64, most significant first.
        bytes.replaceSubrange(60..<64, with: [0, 0, 0x7F, 0xFF])
        try party.write(bytes, to: "album/.facesort/catalogue.sqlite")
        let found = await code { () throws(AlbumError) in try await party.sort() }
        #expect(found == .newerAlbum)
        #expect(try party.bytes("album/.facesort/catalogue.sqlite") == bytes)
        #expect(try party.listing() == Party.smallAlbum)
    }

    @Test("A journal whose last line is torn is read up to there")
    func tornJournal() async throws {
        let party = try await Party.small()
        try await party.sort()
        let whole = try party.bytes("album/.facesort/journal/0001.jsonl")
        let before = try party.contents()
        // The intended acts were flushed before the first file, so only later lines can tear.
        let text = String(decoding: whole, as: UTF8.self)
        let last = try #require(text.range(of: "\"intend\"", options: .backwards))
        let most = text[last.upperBound...].drop { $0 != "\n" }.utf8.count
        for cut in stride(from: 1, to: most, by: 97) {
            try party.write(
                Array(whole.dropLast(cut)), to: "album/.facesort/journal/0001.jsonl")
            try await party.sort()
            #expect(try party.contents() == before, "\(cut) bytes less")
        }
        #expect(try party.undo(.all).left.isEmpty)
        #expect(try party.listing().isEmpty)
    }

    @Test("A full and a read-only disk are reported as such, and the run can continue", .slow)
    func mounts() async throws {
        guard mayMount else { return }
        let party = try await Party.small()
        let disk = try MountedFolder(.memory(byteCount: 64 << 20))
        let album = disk.path.appending("album")
        try await party.sort { $0.album = album }
        try disk.makeReadOnly()
        try party.add(.salley, as: "photos/e.jpg", mark: 5)
        #expect(
            await code { () throws(AlbumError) in try await party.sort { $0.album = album } }
                == .readOnly)
        let question = await code { () throws(AlbumError) in
            _ = try Album(at: album).explain("a.jpg", person: nil)
        }
        #expect(question == nil)
        try disk.makeWritable()
        #expect(
            runTool(["/bin/dd", "if=/dev/zero", "of=\(disk.path)/ballast", "bs=1M"]) != 0)
        #expect(
            await code { () throws(AlbumError) in try await party.sort { $0.album = album } }
                == .diskFull)
        removeTree(disk.path.appending("ballast"))
        try await party.sort { $0.album = album }
        #expect(try filesIn(album)["Anna/e.jpg"] == party.bytes("photos/e.jpg"))
    }

    @Test("On exFAT the same album is made, repeated without a write, and undone")
    func exFAT() async throws {
        guard mayMount else { return }
        let party = try await Party.small()
        let disk = try MountedFolder(.exFAT(megabytes: 96))
        let album = disk.path.appending("album")
        try party.add(.salley, as: "photos/what: a day?.jpg", mark: 5)
        let summary = try await party.sort { $0.album = album }
        #expect(summary.renames.map(\.original) == ["what: a day?.jpg"])
        func listing() throws -> [String] {
            try filesIn(album).keys.filter { !$0.hasPrefix(".facesort/") }.sorted()
        }
        #expect(try listing() == (Party.smallAlbum + ["Anna/what_ a day_.jpg"]).sorted())
        #expect(try await party.sort { $0.album = album }.run == nil)
        #expect(try Album(at: album).undo(.all).left.isEmpty)
        #expect(try listing().isEmpty)
    }
}
