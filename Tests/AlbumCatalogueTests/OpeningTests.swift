@testable import AlbumCatalogue
import FaceCore
import Foundation
import GRDB
import SystemPackage
import Testing

@Suite struct OpeningTests {
    let folder: TestFolder

    init() throws { folder = try TestFolder() }

    private func permissions(_ path: FilePath) throws -> Int {
        var status = stat()
        let result = path.withPlatformString { stat($0, &status) }
        try #require(result == 0)
        return Int(status.st_mode & 0o777)
    }

    @Test("Only its owner may read a catalogue and the files beside it", arguments: [false, true])
    func mode(existed: Bool) throws {
        if existed {
            try folder.write(Data())
            #expect(folder.catalogue.withPlatformString { chmod($0, 0o644) } == 0)
        }
        let catalogue = try folder.open()
        _ = try catalogue.fill(photos: 0..<3)
        #expect(try folder.names().count == 3)
        for name in try folder.names() {
            #expect(try permissions(folder.path.appending(name)) == 0o600)
        }
    }

    @Test("A closed catalogue is one plain file; opening says whether it was new")
    func closed() throws {
        #expect(!Catalogue.exists(at: folder.catalogue))
        let catalogue = try folder.open()
        #expect(catalogue.wasCreated)
        _ = try catalogue.fill(photos: 0..<3)
        try catalogue.close()
        try catalogue.close()
        #expect(error { _ = try catalogue.photos() }?.code == .failed)
        #expect(try folder.names() == ["catalogue.sqlite"])
        #expect(Catalogue.exists(at: folder.catalogue))
        #expect(try !folder.open().wasCreated)
    }

    @Test("An empty file, as a kill may leave it, becomes a new catalogue")
    func emptyFile() throws {
        try folder.write(Data())
        #expect(try folder.open(.read).photos().isEmpty)
        #expect(try folder.bytes().isEmpty)
        #expect(try folder.open().wasCreated)
    }

    @Test("A catalogue that is not there is missing, and none is made")
    func missing() throws {
        #expect(error { _ = try folder.open(.read) }?.code == .missing)
        #expect(try folder.names().isEmpty)
        let nowhere = folder.path.appending("no/where.sqlite")
        #expect(error { _ = try Catalogue(path: nowhere, access: .write) }?.code == .missing)
        #expect(error { _ = try Catalogue(path: folder.path, access: .write) }?.code == .failed)
        #expect(try permissions(folder.path) & 0o100 != 0)
    }

    @Test(
        "Every journal mode opens what another left",
        arguments: [Catalogue.JournalMode.writeAheadLog, .rollback],
        [Catalogue.JournalMode.writeAheadLog, .rollback])
    func journalModes(first: Catalogue.JournalMode, second: Catalogue.JournalMode) throws {
        let source = try folder.open(journalMode: first).fill(photos: 0..<2)
        let catalogue = try folder.open(journalMode: second)
        try catalogue.record(Sample.photo(2), version: 1, file: Sample.file(2, in: source))
        #expect(try folder.names().contains("catalogue.sqlite-wal") == (second == .writeAheadLog))
        #expect(try folder.open(.read).photos().count == 3)
    }

    @Test("A catalogue opened to read refuses every change and changes no byte")
    func readAccess() throws {
        let source = try folder.open().fill(photos: 0..<2)
        let before = try folder.bytes()
        let catalogue = try folder.open(.read)
        let verbs: [() throws -> Void] = [
            { try catalogue.setEncodingSpace(Sample.space) },
            { _ = try catalogue.rememberSource(.photos, at: "/x") },
            { try catalogue.record(Sample.photo(9), version: 1, file: Sample.file(9, in: source)) },
            { try catalogue.forget(files: ["x"], in: source.id) },
            { try catalogue.begin(Sample.run("r1")) },
            { try catalogue.rebuildPlacedFiles(from: []) },
        ]
        for verb in verbs { #expect(error(verb)?.code == .readOnly) }
        #expect(try catalogue.photos().count == 2)
        try catalogue.close()
        #expect(try folder.bytes() == before)
        #expect(try folder.names() == ["catalogue.sqlite"])
    }

    @Test("An album in a folder whose name is not UTF-8 has its catalogue there")
    func oddFolder() throws {
        let odd = folder.path.appending(Sample.path([0xFF, 0x20, 0xFE]).components)
        let made = odd.withPlatformString { mkdir($0, 0o700) }
        try #require(made == 0)
        let path = odd.appending("catalogue.sqlite")
        let catalogue = try Catalogue(path: path, access: .write)
        _ = try catalogue.fill(photos: 0..<2)
        #expect(Catalogue.exists(at: path))
        try catalogue.close()
        #expect(try Catalogue(path: path, access: .read).photos().count == 2)
        // The test folder cannot remove names Foundation cannot express.
        #expect(path.withPlatformString { unlink($0) } == 0)
        #expect(odd.withPlatformString { rmdir($0) } == 0)
    }

    @Test("A rehearsal holds all, takes changes, ignores others' and leaves no file")
    func rehearsal() throws {
        let catalogue = try folder.open()
        let source = try catalogue.fill(photos: 0..<2)
        let before = try folder.names()
        let rehearsal = try Catalogue(rehearsalOf: folder.catalogue)
        try catalogue.record(Sample.photo(2), version: 1, file: Sample.file(2, in: source))
        #expect(!rehearsal.wasCreated)
        #expect(try rehearsal.photos().count == 2)
        try rehearsal.record(Sample.photo(3), version: 1, file: Sample.file(3, in: source))
        try rehearsal.record(Sample.photo(4), version: 1, file: Sample.file(4, in: source))
        try rehearsal.flush()
        #expect(try rehearsal.photos().count == 4)
        #expect(try rehearsal.checkIntegrity() == [])
        #expect(try catalogue.photos().count == 3)
        try rehearsal.close()
        #expect(error { _ = try rehearsal.photos() }?.code == .failed)
        #expect(try folder.names() == before)
    }

    @Test("A rehearsal of nothing is an empty catalogue, and nothing is made")
    func rehearsalOfNothing() throws {
        let rehearsal = try Catalogue(rehearsalOf: folder.catalogue)
        #expect(rehearsal.wasCreated)
        #expect(try rehearsal.fill(photos: 0..<2).kind == .photos)
        #expect(try folder.names().isEmpty)
    }

    @Test("An updated album of version 1 has all its content and a new one's tables")
    func firstVersion() throws {
        let queue = try DatabaseQueue(path: folder.catalogue.string)
        try queue.write { try $0.execute(sql: FirstSchema.sql) }
        try queue.close()
        let catalogue = try folder.open()
        #expect(!catalogue.wasCreated)
        #expect(try catalogue.checkIntegrity() == [])
        #expect(try catalogue.encodingSpace() == Sample.space)
        #expect(try catalogue.encodingSpace()?.arithmetic == .f32)
        #expect(
            try catalogue.sources().map(\.path) == [
                Sample.path([0x2F, 0x6D, 0x65, 0x64, 0x69, 0x61, 0xFF]), "/people",
            ])
        let photos = try catalogue.photos()
        #expect(photos.map(\.condition) == [.analysed, .unreadable])
        #expect(photos[0].taken?.offsetFromUTC == 7200 && photos[0].camera == "Canon")
        #expect(
            photos[1].failure
                == Failure(
                    code: FailureCode(rawValue: "empty"), reason: "The file is empty."))
        let hashes = Set(photos.map(\.hash))
        #expect(try catalogue.analysedPhotos(version: 1, search: .balanced) == hashes)
        #expect(try catalogue.analysedPhotos(version: 1, search: .thorough).isEmpty)
        let zero = FaceEncoding(components: [Float](repeating: 0, count: 128))!
        let encodings = FaceEncodings(plain: zero, mirrorMean: zero)
        let face = Face(
            id: FaceID(photo: photos[0].hash, number: 0),
            box: FaceBox(left: 0.25, top: 0.5, width: 0.125, height: 0.25), confidence: 1.5,
            encodings: encodings)
        #expect(
            photos[0].recordedFaces == [
                RecordedFace(face: face, detector: .hog, heightInPixels: 61.5)
            ])
        let anna = PersonID(rawValue: 1)
        let reference = ReferenceID(rawValue: 7)
        #expect(
            try catalogue.people() == [
                Person(id: anna, name: "Anna", folder: "Anna", isListed: true)
            ])
        #expect(
            try catalogue.references() == [
                Reference(id: reference, person: anna, encodings: encodings)
            ])
        #expect(try catalogue.portraits().map(\.file.path) == ["Anna.jpg"])
        let candidate = Candidate(person: anna, reference: reference, distance: 0.25)
        #expect(
            try catalogue.matches() == [
                Match(
                    face: face.id, named: candidate, nearest: candidate, runnerUp: nil,
                    band: .sure, reason: .withinLimit)
            ])
        #expect(try catalogue.runOfMatches() == catalogue.lastRun())
        #expect(try catalogue.placedFiles().map(\.place) == [.person(anna)])
        #expect(try catalogue.skippedFiles().map(\.kind) == ["video"])
        // Its journals counted as taken in.
        let run = try #require(try catalogue.lastRun())
        let journals = [run.id, "later"].map { JournalLength(run: $0, byteCount: 1000) }
        #expect(try catalogue.untaken(among: journals).map(\.run) == ["later"])
        #expect(
            try catalogue.files(of: photos[0].hash).map(\.stamp.modified) == [
                1_714_566_790_250_000_001
            ])
        try catalogue.close()

        let new = folder.path.appending("new.sqlite")
        try Catalogue(path: new, access: .write).close()
        #expect(try tables(folder.catalogue) == tables(new))
    }

    private func tables(_ path: FilePath) throws -> [String] {
        try DatabaseQueue(path: path.string).read { database in
            try String.fetchAll(
                database,
                sql: "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")
        }
    }

    @Test(
        "The catalogue of a newer program is refused with its version, and left as it is",
        arguments: [
            "PRAGMA user_version = 11; INSERT INTO grdb_migrations VALUES ('11')",
            "PRAGMA user_version = 11",
        ])
    func newer(change: String) throws {
        _ = try folder.open().fill(photos: 0..<1)
        let queue = try DatabaseQueue(path: folder.catalogue.string)
        try queue.write { try $0.execute(sql: change) }
        try queue.close()
        let before = try folder.bytes()
        for access in [Catalogue.Access.read, .write] {
            let refused = error { _ = try folder.open(access) }
            #expect(refused?.code == .newer)
            #expect(refused?.foundVersion == 11)
        }
        #expect(try folder.bytes() == before)
    }

    @Test("Another program's database is refused, and left as it is")
    func foreign() throws {
        let queue = try DatabaseQueue(path: folder.catalogue.string)
        try queue.write {
            try $0.execute(sql: "CREATE TABLE photo (x); INSERT INTO photo VALUES (1)")
        }
        try queue.close()
        let before = try folder.bytes()
        #expect(error { _ = try folder.open(.read) }?.code == .damaged)
        #expect(error { _ = try folder.open() }?.code == .damaged)
        #expect(try folder.bytes() == before)
    }

    @Test("The schema refuses nonsense, whatever program writes it")
    func schema() throws {
        _ = try folder.open().fill(photos: 0..<1)
        let queue = try DatabaseQueue(path: folder.catalogue.string)
        let mistakes = [
            "UPDATE photo SET hash = x'00'", "UPDATE photo SET condition = 'fine'",
            "UPDATE photo SET height = NULL", "UPDATE photo SET width = 'wide'",
            "UPDATE face SET plain = zeroblob(511)", "UPDATE face SET number = -1",
            "UPDATE photoFile SET source = 9", "UPDATE photoFile SET relativePath = x''",
            "UPDATE source SET path = x'6161'", "DELETE FROM photo",
            "INSERT INTO encodingSpace VALUES (2, 'a', 'b', 'c', 'f32', NULL)",
            "INSERT INTO encodingSpace VALUES (1, 'a', 'b', 'c', 'f64', NULL)",
            "INSERT INTO encodingSpace VALUES (1, 'a', 'b', 'c', 'f32', x'61')",
            "INSERT INTO nextSpace VALUES (1, 'a', 'b', 'c', 'f64', NULL)",
            "INSERT INTO nextFace VALUES (1, zeroblob(512), NULL)",
            "INSERT INTO nextFace VALUES (1, zeroblob(511), zeroblob(511))",
            "INSERT INTO nextPortrait VALUES (9, NULL, NULL)",
            "UPDATE faceAnalysis SET search = ''",
            "INSERT INTO person (name, folder) VALUES ('a', 'b/c')",
            "INSERT INTO placedFile VALUES (x'61', 'person', NULL, zeroblob(32), 1, 1, 'present', '')",
            "INSERT INTO placedFile VALUES (x'61', 'attic', NULL, zeroblob(32), 1, 1, 'present', '')",
            "INSERT INTO labelAnalysis VALUES (1, 1, zeroblob(31), NULL, NULL, NULL)",
            "INSERT INTO labelAnalysis VALUES (1, 1, zeroblob(32), 'dog', 0.5, NULL)",
            "INSERT INTO labelAnalysis VALUES (1, 1, zeroblob(32), 'dog', 1.5, zeroblob(2048))",
            "INSERT INTO labelAnalysis VALUES (1, 1, zeroblob(32), 'dog', 0.5, zeroblob(1024))",
            "INSERT INTO takenJournal VALUES ('', 1)", "INSERT INTO takenJournal VALUES ('r', -1)",
            "INSERT INTO labelAnalysis VALUES (9, 1, zeroblob(32), NULL, NULL, NULL)",
            "INSERT INTO failedFile VALUES (1, 9, x'61', 'notReadable', 'was not read', '')",
            "INSERT INTO failedFile VALUES (1, 1, x'', 'notReadable', 'was not read', '')",
            "INSERT INTO failedFile VALUES (1, 1, x'61', '', 'was not read', '')",
        ]
        for mistake in mistakes {
            #expect(throws: DatabaseError.self) { try queue.write { try $0.execute(sql: mistake) } }
        }
        try queue.close()
        #expect(try folder.open(.read).checkIntegrity() == [])
    }
}
