@testable import PhotoIndex
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

@Suite struct FolderScanTests {
    private let folder: TemporaryFolder
    private var root: FilePath { folder.path }

    init() throws { folder = try TemporaryFolder() }

    private func file(_ path: FilePath) throws {
        try Disk().makeFolders(root.pushing(path).folder)
        try Disk().create(root.pushing(path), contents: [1, 2, 3])
    }

    private func skipped(_ scan: FolderScan) -> [FilePath: SkipReason] {
        Dictionary(uniqueKeysWithValues: scan.skipped.map { ($0.path, $0.reason) })
    }

    @Test("Files of all folders are found in bytewise order of their paths, with size and time")
    func order() throws {
        for path: FilePath in ["b/x.jpg", "b.jpg", "a/z/1.jpg", "a/B.jpg", "a/a.jpg", "Z.jpg"] {
            try file(path)
        }
        let scan = try FolderScan.scan(root)
        #expect(
            scan.files.map(\.path) == [
                "Z.jpg", "a/B.jpg", "a/a.jpg", "a/z/1.jpg", "b.jpg", "b/x.jpg",
            ])
        let status = try Disk().status(of: root.appending("Z.jpg"))
        #expect(scan.files[0].byteCount == 3)
        #expect(scan.files[0].modified == status.modified)
        #expect(scan.files[0].identity == status.identity)
        #expect(scan.base == root)
        #expect(scan.skipped.isEmpty && scan.failures.isEmpty)
    }

    @Test("Every name is found as its bytes, in files and in folders")
    func oddlyNamed() throws {
        for name in oddNames {
            try Disk().makeFolder(root.appending(name))
            try Disk().create(root.appending(name).appending(name), contents: [1])
        }
        let scan = try FolderScan.scan(root)
        #expect(
            Set(scan.files.map(\.path.bytes))
                == Set(oddNames.map { FilePath().appending($0).appending($0).bytes }))
    }

    @Test("Hidden files, albums, excluded folders and special files are skipped with the reason")
    func skipping() throws {
        for path: FilePath in [
            ".hidden.jpg", ".trash/x.jpg", "sub/album/.facesort/lock", "sub/album/Anna/x.jpg",
            "people/Anna.jpg", "kept.jpg",
        ] { try file(path) }
        let pipe = root.appending("pipe")
        #expect(pipe.withPlatformString { mkfifo($0, 0o600) } == 0)
        try Disk().symbolicLink(to: "nowhere", at: root.appending("broken"))
        try Disk().symbolicLink(to: "/dev/null", at: root.appending("device"))
        let scan = try FolderScan.scan(root, excluding: [root.appending("sub/../people")])
        #expect(scan.files.map(\.path) == ["kept.jpg"])
        #expect(
            skipped(scan) == [
                ".hidden.jpg": .hidden, ".trash": .hidden, "sub/album": .album,
                "people": .excluded, "pipe": .special, "broken": .brokenLink, "device": .special,
            ])
        #expect(scan.failures.isEmpty)
    }

    @Test(
        "Folders that systems keep for themselves are skipped, and files of such names are not",
        arguments: [
            "@eaDir", "@EADIR", "#recycle", "@Recycle", "@Recently-Snapshot", "lost+found",
            "__MACOSX", "$RECYCLE.BIN", "$Recycle.Bin", "System Volume Information",
        ])
    func machineFolders(name: String) throws {
        try file(FilePath("\(name)/x.jpg"))
        try file(FilePath("sub/\(name)/deep/x.jpg"))
        try file(FilePath("file/\(name)"))
        try file(FilePath("more \(name)/x.jpg"))
        let scan = try FolderScan.scan(root)
        #expect(
            Set(scan.files.map(\.path.string)) == ["file/\(name)", "more \(name)/x.jpg"])
        #expect(
            skipped(scan) == [
                FilePath(name): .machineMade, FilePath("sub/\(name)"): .machineMade,
            ])
        // If the user names it, it is a folder like any other.
        #expect(try FolderScan.scan(root.appending(name)).files.map(\.path) == ["x.jpg"])
    }

    @Test("A folder that can be reached by links too is searched once, by its real path")
    func links() throws {
        try file("real/x.jpg")
        let outside = try TemporaryFolder()
        try Disk().create(outside.appending("y.jpg"), contents: [1])
        try Disk().symbolicLink(to: "real", at: root.appending("a-link"))
        try Disk().symbolicLink(to: outside.path, at: root.appending("out"))
        try Disk().symbolicLink(to: outside.path, at: root.appending("out-again"))
        try Disk().symbolicLink(to: root, at: root.appending("real/up"))
        try Disk().symbolicLink(to: "/", at: root.appending("whole-disk"))
        try Disk().symbolicLink(to: "self", at: root.appending("self"))
        try Disk().symbolicLink(to: "real/x.jpg", at: root.appending("one.jpg"))
        let scan = try FolderScan.scan(root)
        #expect(scan.files.map(\.path) == ["one.jpg", "out/y.jpg", "real/x.jpg"])
        #expect(scan.files.map(\.isLinked) == [true, true, false])
        #expect(scan.files[0].identity == scan.files[2].identity)
        // A folder that the user names does not count as a link, whatever leads there.
        #expect(try !FolderScan.scan(root.appending("out")).files[0].isLinked)
        #expect(try FolderScan.scan(root.appending("one.jpg")).files[0].isLinked)
        #expect(
            skipped(scan) == [
                "a-link": .linkLoop, "out-again": .linkLoop, "real/up": .linkLoop,
                "whole-disk": .linkLoop, "self": .brokenLink,
            ])
    }

    @Test("A folder that cannot be read is reported, and the others are searched")
    func unreadable() throws {
        try file("a/x.jpg")
        try file("b/x.jpg")
        let locked = root.appending("a")
        let disk = Disk { operation, path throws(FileError) in
            if operation == .list && path == locked {
                throw FileError(operation: operation, path: path, errno: EACCES)
            }
        }
        let scan = try FolderScan.scan(root, disk: disk)
        #expect(scan.files.map(\.path) == ["b/x.jpg"])
        #expect(scan.failures.map(\.path) == ["a"])
        #expect(scan.failures.first?.error.sentence == "it may not be read by this user")
    }

    @Test("A single file can be scanned, a missing folder cannot")
    func singleFile() throws {
        try file("sub/x.jpg")
        let scan = try FolderScan.scan(root.appending("sub/x.jpg"))
        #expect(scan.base == root.appending("sub"))
        #expect(scan.files.map(\.path) == ["x.jpg"])
        let error = #expect(throws: FileError.self) {
            try FolderScan.scan(root.appending("not there"))
        }
        #expect(error?.isMissing == true)
    }

    @Test("An album that is scanned itself is skipped")
    func albumItself() throws {
        try AlbumFolder(root).prepare()
        try file("Anna/x.jpg")
        let scan = try FolderScan.scan(root)
        #expect(scan.files.isEmpty)
        #expect(scan.skipped == [ScanSkip(path: FilePath(), reason: .album, isFolder: true)])
    }
}
