@testable import AlbumCatalogue
import FaceCore
import Foundation
import GRDB
import SystemPackage
import Testing

/// What other processes see and what a kill leaves; each child here is a real process.
@Suite struct ProcessTests {
    let folder: TestFolder

    init() throws { folder = try TestFolder() }

    @Test("A writer killed in the middle of a transaction leaves what was committed, and only that")
    func killedWithLog() async throws {
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = folder.catalogue.string as String] in
            try recordAndDie(path, .writeAheadLog)
        }
        #expect(try folder.names().contains("catalogue.sqlite-wal"))
        try expectCommitted()
    }

    @Test("It does so too without write-ahead log, where pages were already overwritten")
    func killedWithJournal() async throws {
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = folder.catalogue.string as String] in
            try recordAndDie(path, .rollback)
        }
        #expect(try folder.names().contains("catalogue.sqlite-journal"))
        try expectCommitted()
    }

    private func expectCommitted() throws {
        let expected = (0..<10).map { Sample.photo($0) }.sorted { $0.hash < $1.hash }
        let catalogue = try folder.open()
        #expect(try catalogue.photos() == expected)
        #expect(try catalogue.checkIntegrity() == [])
        #expect(!catalogue.wasCreated)
    }

    @Test("Other processes read while one writes, and see only what was committed")
    func readWhileWriting() async throws {
        let catalogue = try folder.open()
        let source = try catalogue.fill(photos: 0..<10)
        let writer = Task.detached {
            for number in 10..<400 {
                try catalogue.record(
                    Sample.photo(number), version: 1, file: Sample.file(number, in: source))
            }
        }
        await #expect(processExitsWith: .success) { [path = folder.catalogue.string as String] in
            let reader = try Catalogue(path: FilePath(path), access: .read)
            for _ in 0..<10 {
                let photos = try reader.photos()
                guard photos.count >= 10, photos.allSatisfy({ $0.faces.count == 2 }) else {
                    exit(1)
                }
            }
        }
        try await writer.value
        #expect(try catalogue.photos().count == 400)
    }

    @Test(
        "A process that cannot write while another writes can still read",
        arguments: [Catalogue.JournalMode.writeAheadLog, .rollback])
    func busy(journalMode: Catalogue.JournalMode) throws {
        let one = try folder.open(journalMode: journalMode)
        let source = try one.fill(photos: 0..<1)
        let other = try folder.open(journalMode: journalMode)
        try one.write { database in
            try database.execute(sql: "DELETE FROM photoFile")
            #expect(error { try other.forget(files: ["x"], in: source.id) }?.code == .busy)
            #expect(try other.photoFiles(in: source.id).count == 1)
        }
        #expect(try other.photoFiles(in: source.id).isEmpty)
        try other.forget(files: ["x"], in: source.id)
    }

    @Test("A full disk is reported; recorded facts stay, and work goes on when there is room")
    func fullDisk() throws {
        try withDisk(size: "1m") { disk in
            let path = disk.appending("catalogue.sqlite")
            let ballast = URL(fileURLWithPath: disk.appending("ballast").string)
            try Data(repeating: 1, count: 300_000).write(to: ballast)
            let catalogue = try Catalogue(path: path, access: .write)
            let source = try catalogue.rememberSource(.photos, at: "/p")
            var count = 0
            let refused = error {
                while count < 1000 {
                    try catalogue.record(
                        Sample.photo(count), version: 1, file: Sample.file(count, in: source))
                    count += 1
                }
            }
            #expect(refused?.code == .diskFull)
            #expect(count > 0)
            #expect(try catalogue.photos().count == count)
            try FileManager.default.removeItem(at: ballast)
            try catalogue.record(
                Sample.photo(count), version: 1, file: Sample.file(count, in: source))
            #expect(try catalogue.photos().count == count + 1)
            #expect(try catalogue.checkIntegrity() == [])
        }
    }

    @Test("On a read-only disk a catalogue can be read, and not opened to write")
    func readOnlyDisk() throws {
        try withDisk(size: "4m") { disk in
            let path = disk.appending("catalogue.sqlite")
            _ = try Catalogue(path: path, access: .write).fill(photos: 0..<2)
            try run("mount", "-o", "remount,ro", disk.string)
            #expect(error { _ = try Catalogue(path: path, access: .write) }?.code == .readOnly)
            let new = disk.appending("new.sqlite")
            #expect(error { _ = try Catalogue(path: new, access: .write) }?.code == .readOnly)
            let catalogue = try Catalogue(path: path, access: .read)
            #expect(try catalogue.photos().count == 2)
            #expect(try catalogue.checkIntegrity() == [])
        }
    }

    @Test(
        "A killed run's log beside a catalogue is read even on a read-only disk",
        arguments: [[], ["-shm"]])
    func readOnlyLeftovers(lost: [String]) throws {
        try withDisk(size: "4m") { disk in
            let catalogue = try folder.open()
            _ = try catalogue.fill(photos: 0..<2)
            for suffix in ["", "-wal", "-shm"] where !lost.contains(suffix) {
                try FileManager.default.copyItem(
                    atPath: folder.catalogue.string + suffix,
                    toPath: disk.appending("catalogue.sqlite").string + suffix)
            }
            try run("mount", "-o", "remount,ro", disk.string)
            let path = disk.appending("catalogue.sqlite")
            #expect(try Catalogue(path: path, access: .read).photos().count == 2)
        }
    }

    @Test(
        "A run killed while overwriting leaves a log; it is read, and kept for the next writer"
    )
    func hotJournal() async throws {
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = folder.catalogue.string as String] in
            try recordAndDie(path, .rollback)
        }
        let before = try folder.bytes()
        #expect(try folder.open(.read).photos().count == 10)
        #expect(try Catalogue(rehearsalOf: folder.catalogue).photos().count == 10)
        #expect(try folder.bytes() == before)
        #expect(try folder.names().contains("catalogue.sqlite-journal"))
    }

    @Test("If the copy needed to read cannot be made, the temporary folder is named")
    func temporaryFolder() async throws {
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = folder.catalogue.string as String] in
            try recordAndDie(path, .rollback)
        }
        await #expect(processExitsWith: .success) { [path = folder.catalogue.string as String] in
            setenv("TMPDIR", path + ".nowhere", 1)
            let refused = error { _ = try Catalogue(path: FilePath(path), access: .read) }
            guard refused?.code == .temporary, refused?.reason.contains(path + ".nowhere") == true
            else { exit(1) }
        }
        await #expect(processExitsWith: .success) { [path = folder.path.string as String] in
            let temporary = path + "/temporary"
            mkdir(temporary, 0o700)
            setenv("TMPDIR", temporary, 1)
            let catalogue = FilePath(path).appending("catalogue.sqlite")
            guard try Catalogue(path: catalogue, access: .read).photos().count == 10,
                try FileManager.default.contentsOfDirectory(atPath: temporary).isEmpty
            else { exit(1) }
        }
    }

    /// Runs `body` with a disk in memory, mounted for it; only root can mount it.
    private func withDisk(size: String, _ body: (FilePath) throws -> Void) throws {
        guard geteuid() == 0 else { try Test.cancel("only root can mount a disk") }
        let disk = folder.path.appending("disk")
        try FileManager.default.createDirectory(
            atPath: disk.string, withIntermediateDirectories: false)
        try run("mount", "-t", "tmpfs", "-o", "size=\(size)", "tmpfs", disk.string)
        defer { try? run("umount", disk.string) }
        try body(disk)
    }

    private func run(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(arguments)")
    }
}

/// Commits ten photos; writes more than the page cache holds, so that pages of the unfinished
/// transaction reach the disk; then kills its process, a child of the test.
private func recordAndDie(
    _ path: String, _ journalMode: Catalogue.JournalMode
) throws {
    let catalogue = try Catalogue(
        path: FilePath(path), access: .write, journalMode: journalMode)
    let source = try catalogue.fill(photos: 0..<10)
    try catalogue.write { database in
        for number in 10..<1500 {
            let photo = Sample.photo(number)
            try database.execute(
                sql: """
                    INSERT INTO photo (hash, byteCount, condition, camera)
                    VALUES (?, 0, 'analysed', ?)
                    """,
                arguments: [Data(photo.hash.bytes), String(repeating: "x", count: 4000)])
            try database.execute(
                sql: "INSERT INTO photoFile VALUES (?, ?, 0, 0, ?)",
                arguments: [
                    source.id.rawValue, Data("\(number)".utf8), database.lastInsertedRowID,
                ])
        }
        kill(getpid(), SIGKILL)
    }
}
