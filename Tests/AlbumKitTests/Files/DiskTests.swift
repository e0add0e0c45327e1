@testable import FileLedger
import FaceCore
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite struct DiskTests {
    @Test("A folder is listed bytewise, every name as its bytes")
    func listing() throws {
        let folder = try TemporaryFolder()
        for name in oddNames { try Disk().createEmpty(folder.path.appending(name)) }
        let names = try Disk().entries(of: folder.path).map(\.name.bytes)
        #expect(Set(names) == Set(oddNames.map(\.bytes)))
        #expect(names == names.sorted { $0.lexicographicallyPrecedes($1) })
    }

    @Test("A copy has the original's bytes, hash, time to the nanosecond and permissions")
    func copying() throws {
        let folder = try TemporaryFolder()
        let event = try Event(folder.path)
        let photo = try event.photo("a.jpg", byteCount: 700_001)
        let target = folder.appending("copy")
        let copy = try Disk().copy(photo.path, to: target)
        #expect(try Disk().contents(of: target, limit: 1 << 20) == photo.content)
        #expect(copy.hash == photo.hash)
        #expect(copy.byteCount == 700_001)
        let status = try Disk().status(of: target)
        #expect(status.modified == 1_700_000_001_123_456_789)
        #expect(status.mode == 0o640)
    }

    @Test("A copy to another disk goes through memory and is the same")
    func copyingToAnotherDisk() throws {
        let folder = try TemporaryFolder()
        let memory = try TemporaryFolder(.inMemory)
        let photo = try Event(folder.path).photo("a.jpg", byteCount: 700_001)
        let target = memory.appending("copy")
        #expect(try Disk().copy(photo.path, to: target).hash == photo.hash)
        #expect(try Disk().contents(of: target, limit: 1 << 20) == photo.content)
    }

    @Test("A copy can be read by its owner even if the original cannot")
    func permissions() throws {
        let folder = try TemporaryFolder()
        let file = folder.appending("a")
        try Disk().create(file, mode: 0o040, contents: [1])
        guard let copy = try? Disk().copy(file, to: folder.appending("b")) else {
            // Only root may read such an original at all.
            #expect(!mayMount)
            return
        }
        #expect(copy.byteCount == 1)
        #expect(try Disk().status(of: folder.appending("b")).mode == 0o440)
    }

    @Test("A pipe instead of a photo is an error at once, not a wait")
    func pipe() throws {
        let folder = try TemporaryFolder()
        let pipe = folder.appending("pipe")
        #expect(pipe.withPlatformString { mkfifo($0, 0o600) } == 0)
        #expect(throws: FileError.self) {
            try Disk().copy(pipe, to: folder.appending("copy"))
        }
    }

    @Test("Renaming never overwrites, whatever the method", arguments: RenameMethod.allCases)
    func renaming(method: RenameMethod) throws {
        let folder = try TemporaryFolder()
        let (from, to) = (folder.appending("from"), folder.appending("to"))
        try Disk().create(from, contents: [1])
        try Disk().create(to, contents: [2])
        let error = #expect(throws: FileError.self) {
            try Disk().rename(from, to: to, method: method)
        }
        #expect(error?.isTaken == true)
        #expect(try Disk().contents(of: to, limit: 9) == [2])
        #expect(try Disk().contents(of: from, limit: 9) == [1])
        try Disk().remove(to)
        try Disk().rename(from, to: to, method: method)
        #expect(try Disk().contents(of: to, limit: 9) == [1])
        #expect(try Disk().statusIfPresent(of: from) == nil)
    }

    @Test("A file is made only if there is none")
    func exclusive() throws {
        let folder = try TemporaryFolder()
        try Disk().create(folder.appending("a"), contents: [1])
        #expect(throws: FileError.self) {
            try Disk().create(folder.appending("a"), contents: [2])
        }
        #expect(try Disk().contents(of: folder.appending("a"), limit: 9) == [1])
    }

    @Test("A file of our state is replaced at once and keeps its permissions")
    func replacing() throws {
        let folder = try TemporaryFolder()
        let file = folder.appending("settings.toml")
        try Disk().write([1, 2], replacing: file)
        try Disk().write([3], replacing: file)
        #expect(try Disk().contents(of: file, limit: 9) == [3])
        #expect(try Disk().status(of: file).mode == 0o600)
        #expect(try Disk().entries(of: folder.path).count == 1)
    }

    @Test("Reading stops above the limit")
    func limit() throws {
        let folder = try TemporaryFolder()
        let file = folder.appending("a")
        try Disk().create(file, contents: [1, 2, 3, 4])
        #expect(try Disk().contents(of: file, limit: 4).count == 4)
        #expect(throws: FileError(operation: .read, path: file, errno: EFBIG)) {
            try Disk().contents(of: file, limit: 3)
        }
        #expect(try Disk().lastBytes(of: file, count: 2) == [3, 4])
        #expect(try Disk().lastBytes(of: file, count: 20) == [1, 2, 3, 4])
        #expect(try Disk().firstBytes(of: file, count: 2) == [1, 2])
        #expect(try Disk().firstBytes(of: file, count: 20) == [1, 2, 3, 4])
    }

    @Test("Free space is taken from the nearest existing folder")
    func freeSpace() throws {
        let folder = try TemporaryFolder()
        let space = try Disk().freeSpace(at: folder.path.appending("not").appending("there"))
        #expect(space > 0)
    }

    @Test(
        "An error says in words what is wrong",
        arguments: [
            (ENOSPC, "the disk is full"), (EROFS, "the disk is read-only"),
            (EACCES, "the folder is read-only for this user"),
            (EILSEQ, "the name has characters that this disk does not take"),
            (EINVAL, "the name has characters that this disk does not take"),
            (ENAMETOOLONG, "the name is longer than this disk takes"),
            (EEXIST, "something of that name is there already"),
            (EIO, "the disk reported a fault while creating it"),
        ])
    func sentences(code: Int32, sentence: String) {
        let error = FileError(operation: .create, path: "Anna/x.jpg", errno: code)
        #expect(error.sentence == sentence)
        #expect(error.description == "'Anna/x.jpg': \(sentence)")
    }
}

@Suite struct ContentHasherTests {
    @Test(
        "The hash is SHA-256",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ])
    func vectors(text: String, hash: String) {
        #expect(ContentHasher.hash(Array(text.utf8)).hexadecimal == hash)
    }

    @Test("Hashing a file piece by piece gives the hash of the whole")
    func file() throws {
        let folder = try TemporaryFolder()
        let bytes = (0..<(2 * Disk.chunkSize + 17)).map { UInt8(truncatingIfNeeded: $0 * 7) }
        try Disk().create(folder.appending("a"), contents: bytes)
        let found = try ContentHasher.hash(fileAt: folder.appending("a"))
        #expect(found.hash == ContentHasher.hash(bytes))
        #expect(found.byteCount == Int64(bytes.count))
    }
}

@Suite struct AlbumFolderTests {
    @Test("A folder is missing, empty, ours, foreign or not a folder")
    func conditions() throws {
        let folder = try TemporaryFolder()
        let album = AlbumFolder(folder.appending("album"))
        #expect(try album.condition() == .missing)
        try Disk().makeFolder(album.path)
        #expect(try album.condition() == .empty)
        try Disk().createEmpty(album.path.appending("x"))
        #expect(try album.condition() == .foreign)
        try album.prepare()
        #expect(try album.condition() == .album)
        try album.prepare()
        #expect(try AlbumFolder(album.path.appending("x")).condition() == .notAFolder)
        #expect(try AlbumFolder(album.path.appending("x/y")).condition() == .notAFolder)
    }
}
