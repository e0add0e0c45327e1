@testable import FileLedger
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite struct AlbumLockTests {
    private let folder: TemporaryFolder
    private let album: AlbumFolder

    init() throws {
        folder = try TemporaryFolder()
        album = AlbumFolder(folder.appending("album"))
        try album.prepare()
    }

    @Test("An album in use says which run uses it, and is free when that run ends")
    func held() throws {
        let lock = try AlbumLock.acquire(album, command: "facesort sort")
        #expect(lock.isHeld)
        #expect(throws: AlbumLockError.held(by: "'facesort sort' (process \(getpid()))")) {
            try AlbumLock.acquire(album, command: "facesort undo")
        }
        lock.release()
        let next = try AlbumLock.acquire(album, command: "facesort undo")
        #expect(throws: AlbumLockError.held(by: "'facesort undo' (process \(getpid()))")) {
            try AlbumLock.acquire(album, command: "facesort sort")
        }
        next.release()
    }

    @Test("A run that loses its lock without a word frees the album")
    func deinitReleases() throws {
        do { _ = try AlbumLock.acquire(album, command: "facesort sort") }
        try AlbumLock.acquire(album, command: "facesort sort").release()
    }

    @Test("A lock that may not be opened is reported as such")
    func notOpened() throws {
        let file = AlbumFolder(folder.appending("missing"))
        let error = #expect(throws: AlbumLockError.self) {
            try AlbumLock.acquire(file, command: "facesort sort")
        }
        #expect(
            error == .file(FileError(operation: .create, path: file.lock, errno: ENOENT)))
    }

    @Test("On a disk without locks the run goes on with a note")
    func withoutLocks() throws {
        let disk = Disk { operation, path throws(FileError) in
            if operation == .lock {
                throw FileError(operation: operation, path: path, errno: ENOLCK)
            }
        }
        let lock = try AlbumLock.acquire(album, command: "facesort sort", disk: disk)
        #expect(!lock.isHeld)
        lock.release()
    }
}
