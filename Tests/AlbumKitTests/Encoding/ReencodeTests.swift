@testable import PhotoIndex
@testable import FileLedger
import AlbumCatalogue
import FaceAnalysis
import FaceCore
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

/// Albums with an encoder that the user brings.
@Suite struct ReencodeTests {
    private static let own = Result {
        let folder = ModelFiles.locate(
            explicit: nil, environment: ProcessInfo.processInfo.environment)
        return try Disk().contents(
            of: folder.appending("dlib_face_recognition_resnet_model_v1.dat"), limit: 1 << 25)
    }
    private static let turned = Result { try SeededEncoder.turned(own.get(), seed: 1) }

    /// A file of the party's with another encoder.
    private func encoder(of party: Party, named name: String = "encoder.dat") throws -> FilePath {
        let path = party.folder.appending(name)
        try party.write(Self.turned.get(), to: path)
        return path
    }

    @discardableResult
    private func reencode(
        _ party: Party, to encoder: EncoderChoice, interruption: Interruption = Interruption(),
        onEvent: @escaping @Sendable (RunEvent) -> Void = { _ in }
    ) async throws(AlbumError) -> ReencodeSummary {
        var request = ReencodeRequest(album: party.album)
        request.encoder = encoder
        // So that an interruption finds some of the work undone.
        request.jobs = 1
        return try await Reencoder(
            request,
            environment: RunEnvironment(
                ProcessInfo.processInfo.environment,
                now: { Date(timeIntervalSince1970: 1_800_000_000) })
        ).run(interruption: interruption, onEvent: onEvent)
    }

    private func catalogue(_ party: Party) throws -> Catalogue {
        try Catalogue(
            path: AlbumFolder(party.album).catalogue, access: .read, journalMode: .rollback)
    }

    /// Who each face is, by photo and number.
    private func names(_ party: Party) throws -> [FaceID: PersonID?] {
        Dictionary(
            uniqueKeysWithValues: try catalogue(party).matches().map { ($0.face, $0.named?.person) }
        )
    }

    private func say(_ party: Party, _ photo: FilePath.Component, is name: String) throws {
        let catalogue = try catalogue(party)
        let file = try #require(try catalogue.photoFiles(named: photo).first)
        let faces = try #require(try catalogue.photo(file.photo)).faces.map { FaceKey($0) }
        var journal = try DecisionJournal(AlbumFolder(party.album))
        _ = try journal.append(
            [.isPerson(faces, name: name)], at: Date(timeIntervalSince1970: 1_800_000_000))
    }

    @Test("A moved album keeps every answer, name and place; moved back, every encoding", .slow)
    func thereAndBack() async throws {
        let party = try await Party.small()
        try await party.sort()
        try say(party, "d.jpg", is: "Cora")
        try await party.sortAgain()
        let photos = try catalogue(party).photos()
        let portraits = try catalogue(party).portraits()
        let names = try names(party)
        let listing = try party.listing()
        let said = try party.bytes("album/.facesort/decisions.jsonl")
        let summary = try await reencode(party, to: .file(encoder(of: party)))
        #expect(summary.isChanged && summary.faceCount == photos.flatMap(\.faces).count)
        #expect(summary.portraitCount == 2 && summary.changedPhotoCount == 0)
        #expect(summary.photosSetAsideCount == 0 && summary.portraitsSetAsideCount == 0)
        #expect(summary.decisions.answerCount == 1)
        #expect(try catalogue(party).encodingSpace()?.encoderHash == summary.encoderHash)
        let moved = try catalogue(party).photos()
        #expect(moved.flatMap(\.faces).map(\.box) == photos.flatMap(\.faces).map(\.box))
        for (face, before) in zip(moved.flatMap(\.faces), photos.flatMap(\.faces)) {
            #expect(face.encodings.plain.distance(to: before.encodings.plain) > 0.7)
        }
        #expect(try self.names(party) == names)
        // Without the flag the album's encoder is used: a new photo is recognised.
        #expect(try await party.sortAgain().copiedFileCount == 0)
        #expect(try party.listing() == listing)
        try party.add(.salley, 1, as: "photos/e.jpg")
        try await party.sortAgain()
        #expect(try party.has("album/Anna/e.jpg"))
        #expect(try party.bytes("album/.facesort/decisions.jsonl") == said)
        let back = try await reencode(party, to: .own)
        #expect(back.isChanged && back.encoder == nil && back.changedPhotoCount == 0)
        let known = Set(photos.map(\.hash))
        #expect(try catalogue(party).photos().filter { known.contains($0.hash) } == photos)
        #expect(try catalogue(party).portraits() == portraits)
        #expect(try catalogue(party).encoderPath() == nil)
        #expect(try await !reencode(party, to: .own).isChanged)
        #expect(try await party.sortAgain().run == nil)
    }

    @Test("A sort with another encoder than the album's is refused, and changes nothing")
    func otherEncoder() async throws {
        let party = try await Party.small()
        try await party.sort()
        let other = try encoder(of: party)
        let before = try party.state()
        let found = await code { () throws(AlbumError) in
            try await party.sortAgain { $0.study.encoder = .file(other) }
        }
        #expect(found == .otherSpace)
        #expect(try party.state() == before)
    }

    @Test("A new album is sorted by the encoder that is named, and remembers it", .slow)
    func newAlbum() async throws {
        let party = try await Party.small(isAnalysed: false)
        let file = try encoder(of: party)
        try await party.sort { $0.study.encoder = .file(file) }
        #expect(try party.listing() == Party.smallAlbum)
        #expect(try catalogue(party).encoderPath() == file)
        let found = await code { () throws(AlbumError) in
            try await party.sortAgain { $0.study.encoder = .own }
        }
        #expect(found == .otherSpace)
        // Elsewhere it is the same encoder, and no photo has to be looked at.
        try party.rename("encoder.dat", to: "moved.dat")
        #expect(try await party.sortAgain().run == nil)
        try party.add(.salley, 1, as: "photos/e.jpg")
        let missing = await code { () throws(AlbumError) in try await party.sortAgain() }
        #expect(missing == .modelMissing)
        let moved = party.folder.appending("moved.dat")
        try await party.sortAgain { $0.study.encoder = .file(moved) }
        #expect(try party.has("album/Anna/e.jpg"))
        #expect(try catalogue(party).encoderPath() == moved)
        // Another file in its place is not taken for it.
        try party.write(Self.own.get(), to: moved)
        try party.add(.salley, 2, as: "photos/f.jpg")
        let changed = await code { () throws(AlbumError) in try await party.sortAgain() }
        #expect(changed == .otherSpace)
    }

    @Test("Limits follow the tolerance of an encoder whose distances have another scale", .slow)
    func otherScale() async throws {
        let party = try await Party.small(isAnalysed: false)
        try await party.sort()
        let matches = try catalogue(party).matches()
        let file = party.folder.appending("encoder.dat")
        try party.write(try SeededEncoder.turned(Self.own.get(), seed: 1, factor: 3), to: file)
        let summary = try await reencode(party, to: .file(file))
        // At dlib's tolerance everybody is too far.
        #expect(summary.changedPhotoCount == 3)
        try await party.sortAgain { $0.tolerance = 1.5 }
        #expect(try party.listing() == Party.smallAlbum)
        for (match, before) in zip(try catalogue(party).matches(), matches) {
            #expect(match.face == before.face && match.named?.person == before.named?.person)
            #expect(match.band == before.band && match.reason == before.reason)
            let distance = try #require(match.nearest?.distance)
            let expected = try #require(before.nearest?.distance) * 3
            // 1e-3 is what sums of other numbers may differ by.
            #expect(abs(distance - expected) < 1e-3)
        }
    }

    @Test("A file that is no encoder is refused before anything is written")
    func refused() async throws {
        let party = try await Party.small(isAnalysed: false)
        let own = try Self.own.get()
        let file = party.folder.appending("encoder.dat")
        let files: [(bytes: [UInt8], what: String)] = [
            ([], "empty"), (Array("no network".utf8), "text"), (Array(own.dropLast(9)), "cut"),
            (try SeededEncoder.with(.nan, in: own), "NaN"),
        ]
        for (bytes, what) in files {
            try party.write(bytes, to: file)
            let found = await code { () throws(AlbumError) in
                try await party.sort { $0.study.encoder = .file(file) }
            }
            #expect(found == .modelDamaged, "\(what)")
        }
        try party.remove("encoder.dat")
        for path in [file, party.photos] {
            let found = await code { () throws(AlbumError) in
                try await party.sort { $0.study.encoder = .file(path) }
            }
            #expect(found == .modelMissing, "\(path)")
        }
        #expect(try !party.has("album"))
    }

    @Test("Interrupted, it leaves the album as it was, and carries on where it stopped", .slow)
    func interrupted() async throws {
        let party = try await Party.small()
        try await party.sort()
        let file = try encoder(of: party)
        let before = try catalogue(party).photos()
        let interruption = Interruption()
        let found = await code { () throws(AlbumError) in
            try await reencode(party, to: .file(file), interruption: interruption) { event in
                if case .encoding = event { interruption.request() }
            }
        }
        #expect(found == .interrupted)
        #expect(try catalogue(party).photos() == before)
        // Between the two the album is what it was.
        #expect(try await party.sortAgain().run == nil)
        let left = Locked(0)
        let summary = try await reencode(party, to: .file(file)) { event in
            if case .encoding(_, let total) = event { left.with { $0 = total } }
        }
        // Of four photos and two portraits the first was done.
        #expect(left.with { $0 } == 5)
        #expect(summary.faceCount == before.flatMap(\.faces).count && summary.portraitCount == 2)
    }

    @Test("What is out of reach is named, and the album stays as it was until it is back", .slow)
    func outOfReach() async throws {
        let party = try await Party.small()
        try await party.sort()
        let file = try encoder(of: party)
        let before = try catalogue(party).photos()
        // Photos are read from their copies; portraits have none.
        try party.rename("photos", to: "elsewhere")
        try party.rename("people", to: "far")
        let found = await code { () throws(AlbumError) in
            try await reencode(party, to: .file(file))
        }
        #expect(found == .notFound)
        #expect(try catalogue(party).photos() == before)
        try party.rename("far", to: "people")
        #expect(try await reencode(party, to: .file(file)).portraitCount == 2)
    }

    @Test("Photos that are gone for good are set aside, and looked at when they return", .slow)
    func setAside() async throws {
        let party = try await Party.small()
        try await party.sort()
        let bytes = try party.bytes("photos/a.jpg")
        try party.remove("photos/a.jpg")
        try party.remove("album/Anna/a.jpg")
        try await party.sortAgain()
        let summary = try await reencode(party, to: .file(encoder(of: party)))
        #expect(summary.photosSetAsideCount == 1)
        try party.write(bytes, to: "photos/again.jpg")
        #expect(try await party.sortAgain().analysedCount == 1)
    }
}
