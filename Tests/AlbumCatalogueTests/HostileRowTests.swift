@testable import AlbumCatalogue
import FaceCore
import Foundation
import GRDB
import TestSupport
import Testing

/// Values that no version of the program writes: an album may be a stranger's.
@Suite("Hostile rows") struct HostileRowTests {
    let folder: TestFolder

    init() throws {
        folder = try TestFolder()
        let catalogue = try folder.open()
        _ = try catalogue.fill(photos: 0..<3)
        let people = try catalogue.rememberSource(.people, at: "/media/people")
        try catalogue.record(Sample.portrait(9), version: 1)
        let file = Sample.portraitFile(9, in: people, at: "Anna.jpg")
        let listed = try catalogue.replacePeople(
            [ListedPerson(name: "Anna", folder: "Anna", portraits: [file])], in: [people.id])
        try catalogue.record(placed: [
            Sample.placed("Anna/IMG_0.jpg", .person(listed[0].id), photo: 0),
            Sample.placed("unknown/person-01/IMG_1.jpg", .cluster(.init(rawValue: 1)), photo: 1),
        ])
        try catalogue.close()
    }

    /// Runs `sql` while ignoring the tables' constraints.
    private func spoil(_ sql: String) throws {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: folder.catalogue.string, configuration: configuration)
        try queue.writeWithoutTransaction {
            try $0.execute(sql: "PRAGMA ignore_check_constraints = ON")
            try $0.execute(sql: sql)
        }
        try queue.close()
    }

    static let folders = [
        "../../evil", "..", ".", "/tmp/evil", "a/b", "", ".facesort", ".hidden", "group", "unknown",
        "unreadable", "copies", String(repeating: "x", count: 300),
    ]

    @Test("A person's folder lies in the album and is none of its own", arguments: folders)
    func personFolder(name: String) throws {
        try spoil("UPDATE person SET folder = '\(name)'")
        let catalogue = try folder.open()
        let error = error { _ = try catalogue.people() }
        #expect(error?.code == .damaged)
        #expect(error?.reason.contains("'\(name)'") == true)
        #expect(try catalogue.checkIntegrity().contains { $0.contains("'\(name)'") })
    }

    static let albumPaths = [
        "../photos/IMG_0.jpg", "/etc/hostname", ".facesort/lock", "a/../../b", "./../x", "",
    ]

    @Test("Placed files lie in the album and not in its state", arguments: albumPaths)
    func placedFile(path: String) throws {
        try spoil("UPDATE placedFile SET albumPath = CAST('\(path)' AS BLOB) WHERE person = 1")
        let catalogue = try folder.open()
        #expect(error { _ = try catalogue.placedFiles() }?.code == .damaged)
        #expect(try !catalogue.checkIntegrity().isEmpty)
    }

    static let values = [
        "UPDATE photo SET byteCount = 9223372036854775807", "UPDATE photo SET byteCount = -1",
        "UPDATE photo SET width = 0, height = 0", "UPDATE photo SET width = 9223372036854775807",
        "UPDATE photo SET takenOffset = -9223372036854775808",
        "UPDATE photo SET taken = '2024-13-01T12:33:10'", "UPDATE photo SET taken = '../../evil'",
        "UPDATE photo SET format = 'exe'", "UPDATE face SET detector = 'eye'",
        "UPDATE portraitFace SET detector = 'eye'",
        "UPDATE face SET number = 9223372036854775807 WHERE id = 1",
        "UPDATE face SET number = -1 WHERE id = 1",
        "UPDATE face SET boxLeft = 9e999", "UPDATE face SET boxWidth = 1e300",
        "UPDATE face SET boxHeight = 0", "UPDATE face SET confidence = -9e999",
        "UPDATE face SET heightInPixels = 1e30", "UPDATE face SET sharpness = -1",
        "UPDATE face SET plain = zeroblob(511)",
        "UPDATE face SET plain = CAST(replace(hex(zeroblob(128)), '00', x'FFFF7F7F') AS BLOB)",
        "UPDATE photoFile SET relativePath = CAST('../../x.jpg' AS BLOB) WHERE photo = 1",
        "UPDATE photoFile SET relativePath = CAST('/x.jpg' AS BLOB) WHERE photo = 1",
        "UPDATE photoFile SET byteCount = 9223372036854775807",
        "UPDATE source SET path = CAST('photos' AS BLOB) WHERE id = 1",
        "UPDATE source SET path = x'' WHERE id = 1",
        "UPDATE source SET kind = 'home'",
        "UPDATE portraitFile SET relativePath = CAST('../x.jpg' AS BLOB)",
        "UPDATE portraitFace SET heightInPixels = -1",
        "UPDATE placedFile SET byteCount = 9223372036854775807",
        "UPDATE placedFile SET cluster = 9223372036854775807 WHERE place = 'cluster'",
        "UPDATE placedFile SET cluster = 0 WHERE place = 'cluster'",
        "UPDATE placedFile SET hash = x'00'", "UPDATE placedFile SET place = 'home'",
        "UPDATE clusterNumber SET last = 9223372036854775807", "UPDATE clusterNumber SET last = -1",
        "DROP TABLE clusteredFace",
        "DROP TABLE placedFile; CREATE TABLE placedFile (albumPath, place)",
    ]

    @Test("A value that no photo gives is reported as damage", arguments: values)
    func value(sql: String) throws {
        try spoil(sql)
        let catalogue = try folder.open()
        #expect(try !catalogue.checkIntegrity().isEmpty)
        let errors = [
            error { _ = try catalogue.photos() }, error { _ = try catalogue.sources() },
            error { _ = try catalogue.photoFiles(in: SourceID(rawValue: 1)) },
            error { _ = try catalogue.byteCounts() }, error { _ = try catalogue.portraits() },
            error { _ = try catalogue.placedFiles() }, error { _ = try catalogue.clusteredFaces() },
            error { _ = try catalogue.lastClusterNumber() },
        ].compactMap { $0 }
        #expect(!errors.isEmpty && errors.allSatisfy { $0.code == .damaged })
    }

    @Test("A row that tables allow only once is damage when there are two")
    func duplicates() throws {
        for (table, columns) in [
            ("person", "id INTEGER, name TEXT, folder TEXT"),
            ("source", "id INTEGER, kind, path BLOB"),
        ] {
            try spoil(
                """
                CREATE TABLE other (\(columns));
                INSERT INTO other SELECT * FROM \(table);
                INSERT INTO other SELECT * FROM \(table);
                PRAGMA legacy_alter_table = ON;
                DROP TABLE \(table); ALTER TABLE other RENAME TO \(table)
                """)
        }
        let catalogue = try folder.open()
        #expect(error { _ = try catalogue.people() }?.reason.contains("twice") == true)
        #expect(error { _ = try catalogue.sources() }?.reason.contains("twice") == true)
    }

    static let active = [
        "CREATE TRIGGER sly AFTER DELETE ON placedFile BEGIN DELETE FROM photo; END",
        "CREATE VIEW sly AS SELECT * FROM photo",
    ]

    @Test("A file that runs code by itself is not opened", arguments: active)
    func activeSchema(sql: String) throws {
        try spoil(sql)
        for access in [Catalogue.Access.read, .write] {
            let error = error { _ = try folder.open(access) }
            #expect(error?.code == .damaged)
            #expect(error?.reason.contains("'sly'") == true)
        }
    }
}
