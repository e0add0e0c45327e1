@testable import FileLedger
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

@Suite struct DurabilityTests {
    /// The folders and files that are flushed while `body` runs, in order.
    private func flushed(_ body: (Disk) throws -> Void) rethrows -> [FilePath] {
        let flushed = Locked([FilePath]())
        try body(
            Disk { operation, path throws(FileError) in
                if operation == .synchroniseFolder { flushed.with { $0.append(path) } }
            })
        return flushed.with { $0 }
    }

    @Test("A new folder's name is flushed in the folder above it, at each level")
    func newFolders() throws {
        let folder = try TemporaryFolder(.inMemory)
        let deep = folder.appending("a").appending("b").appending("c")
        let found = try flushed { try $0.makeFolders(deep) }
        #expect(
            found == [folder.path, folder.appending("a"), folder.appending("a").appending("b")])
        #expect(try flushed { try $0.makeFolders(deep) }.isEmpty)
        let album = AlbumFolder(folder.appending("album"))
        let prepared = Set(try flushed { try album.prepare(disk: $0) })
        #expect(prepared.isSuperset(of: [folder.path, album.path, album.state]))
    }

    @Test("Folders in an album that is gone are not made")
    func belowNothing() throws {
        let folder = try TemporaryFolder(.inMemory)
        let album = folder.appending("album")
        #expect(throws: FileError.self) {
            try Disk().makeFolders(album.appending("a").appending("b"), below: album)
        }
        #expect(try Disk().statusIfPresent(of: album) == nil)
    }

    @Test("When a file moves, the folder that gets it is flushed before the one that loses it")
    func moves() throws {
        let folder = try TemporaryFolder(.inMemory)
        let event = try Event(folder.path)
        let photos = try ["a.jpg", "b.jpg", "c.jpg"].map { try event.photo($0) }
        try event.perform(
            "first",
            [
                photos[0].copy(to: "A/a.jpg"), photos[1].copy(to: "Z/b.jpg"),
                photos[2].copy(to: "Z/c.jpg"),
            ])
        let found = try flushed {
            try event.perform(
                "second",
                [
                    .move(from: "A/a.jpg", to: "M/a.jpg", hash: photos[0].hash),
                    .move(from: "Z/b.jpg", to: "M/b.jpg", hash: photos[1].hash),
                    .move(from: "M/a.jpg", to: "A/again.jpg", hash: photos[0].hash),
                    .removeAside("Z/c.jpg", hash: photos[2].hash),
                ], disk: $0)
        }
        .compactMap { $0.relative(to: event.album.path) }
        .filter { ["A", "M", "Z"].contains($0.lastComponent?.string) }
        #expect(
            found == ["M", "A", "Z", "A", "M", ".facesort/removed/second/Z", "Z"])
    }

    @Test("No folder gets and loses files in one group, unless the files stay in it")
    func groups() {
        let hash = ContentHasher.hash([])
        func move(_ from: FilePath, _ to: FilePath) -> Act { .move(from: from, to: to, hash: hash) }
        func end(_ acts: [Act]) -> Int { acts.endOfGroup(from: 0, traits: .posix) }
        #expect(end([move("A/1", "B/1"), move("A/2", "C/2"), move("A/3", "A/4")]) == 3)
        #expect(end([move("A/1", "B/1"), move("B/2", "C/2")]) == 1)
        #expect(end([move("A/1", "B/1"), move("C/2", "A/2")]) == 1)
        #expect(end([move("A/1", "A/2"), move("B/1", "A/3"), move("A/4", "A/5")]) == 3)
    }

    @Test("Only their owner can open folders of our state; the album's are as usual")
    func modes() async throws {
        let party = try await Party.small()
        try await party.sort()
        try party.remove("photos/d.jpg")
        try await party.sort { $0.prunes = true }
        var found = 0
        func visit(_ folder: FilePath, isOurs: Bool) throws {
            for entry in try Disk().entries(of: folder) where entry.kind == .folder {
                let path = folder.appending(entry.name)
                let isState = isOurs || entry.name == ".facesort"
                let mode = try Disk().status(of: path).mode
                #expect((mode == 0o700) == isState, "\(path)")
                found += isState ? 1 : 0
                try visit(path, isOurs: isState)
            }
        }
        try visit(party.album, isOurs: false)
        // Itself, the journals, and what was pruned: removed, the run, the place.
        #expect(found >= 5)
    }

    #if os(Linux)
        @Test("A file system that does not report its size does not count as full")
        func unknownSize() throws {
            #expect(try Disk().freeSpace(at: "/proc") == .max)
            let folder = try TemporaryFolder()
            #expect(try (1..<Int64.max).contains(Disk().freeSpace(at: folder.path)))
        }
    #endif

    @Test(
        "Files of any time can be looked at, copied and compared",
        arguments: [
            "1600-01-01", "1969-12-31", "2262-04-11", "2262-04-13", "2300-01-01", "2400-06-01",
        ])
    func times(_ day: String) throws {
        let folder = try TemporaryFolder(.inMemory)
        let file = folder.appending("a")
        try Disk().create(file, contents: [1])
        #expect(runTool(["/usr/bin/touch", "-d", "\(day) 12:00 UTC", file.string]) == 0)
        let status = try Disk().status(of: file)
        let isPast = day < "1970"
        #expect((status.modified < 0) == isPast)
        if day > "2262-04-12" { #expect(status.modified == .max) }
        _ = try Disk().copy(file, to: folder.appending("b"))
        let copy = try Disk().status(of: folder.appending("b"))
        var traits = FileSystemTraits.posix
        #expect(traits.isSameTime(copy.modified, status.modified))
        traits.modificationGranularity = 2_000_000_000
        #expect(!traits.isSameTime(.max, .min) && !traits.isSameTime(.min, .max))
        #expect(!traits.isSameTime(status.modified, 0))
    }
}

@Suite struct OldRehearsalTests {
    private func make(_ folder: FilePath, old: Bool, files: [String] = ["catalogue.sqlite"]) throws
    {
        try Disk().makeFolder(folder)
        for name in files { try Disk().create(folder.appending(name), contents: [1]) }
        guard old else { return }
        for name in files + ["."] {
            #expect(
                runTool(["/usr/bin/touch", "-d", "2020-01-01", folder.appending(name).string]) == 0)
        }
    }

    @Test("Old copies with faces in the temporary folder are removed, and nothing else")
    func sweep() throws {
        let folder = try TemporaryFolder(.inMemory)
        try make(folder.appending("facesort-rehearsal-old"), old: true)
        try make(folder.appending("facesort-reading-old"), old: true, files: ["a", "a-wal"])
        try make(folder.appending("facesort-dropped-empty"), old: true, files: [])
        try make(folder.appending("facesort-rehearsal-now"), old: false)
        try make(folder.appending("other"), old: true)
        // A file that is still written to is in use.
        try make(folder.appending("facesort-rehearsal-used"), old: true, files: ["a", "b"])
        #expect(
            runTool(["/usr/bin/touch", folder.appending("facesort-rehearsal-used/a").string]) == 0)
        try Disk().symbolicLink(
            to: folder.appending("other"), at: folder.appending("facesort-rehearsal-link"))
        try Disk().create(folder.appending("facesort-rehearsal-file"), contents: [1])
        OldRehearsals.sweep(folder.path)
        #expect(
            try Disk().entries(of: folder.path).map(\.name.string) == [
                "facesort-rehearsal-file", "facesort-rehearsal-link", "facesort-rehearsal-now",
                "facesort-rehearsal-used", "other",
            ])
        #expect(try Disk().entries(of: folder.appending("other")).count == 1)
        OldRehearsals.sweep(folder.path, now: .distantFuture)
        OldRehearsals.sweep(folder.appending("nowhere"))
        #expect(
            try Disk().entries(of: folder.path).map(\.name.string) == [
                "facesort-rehearsal-file", "facesort-rehearsal-link", "other",
            ])
    }

    @Test("Another user's folders stay", .enabled(if: mayMount, "only root can give away"))
    func othersFolders() throws {
        let folder = try TemporaryFolder(.inMemory)
        let other = folder.appending("facesort-rehearsal-other")
        try make(other, old: true)
        #expect(runTool(["/bin/chown", "12345", other.string]) == 0)
        OldRehearsals.sweep(folder.path)
        #expect(try Disk().entries(of: other).count == 1)
    }
}
