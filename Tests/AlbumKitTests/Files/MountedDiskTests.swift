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

@Suite struct FileSystemTraitsTests {
    @Test("An ordinary disk takes every name and keeps times to the nanosecond")
    func ordinary() throws {
        let folder = try TemporaryFolder()
        let album = AlbumFolder(folder.appending("album"))
        try album.prepare()
        let traits = try FileSystemTraits.probe(album)
        #expect(traits.renameMethod == .noReplace)
        #expect(traits.canHardLink && traits.canSymbolicLink)
        #expect(traits.isCaseSensitive && traits.isNormalisationSensitive)
        #expect(traits.takesInvalidUTF8 && traits.takesWindowsReserved && traits.takesDeviceNames)
        #expect(traits.modificationGranularity == 1)
        #expect(traits.longestName == 255)
        #expect(!traits.kind.isEmpty)
        #expect(try Disk().entries(of: album.state).map(\.name) == ["journal"])
    }

    @Test("The next probe clears a killed one")
    func killed() throws {
        let folder = try TemporaryFolder()
        let album = AlbumFolder(folder.appending("album"))
        try album.prepare()
        try Disk().makeFolder(album.state.appending("probe"))
        try Disk().createEmpty(album.state.appending("probe").appending("file"))
        _ = try FileSystemTraits.probe(album)
        #expect(try Disk().entries(of: album.state).map(\.name) == ["journal"])
    }

    @Test("Times that a file system rounded count as the same")
    func sameTime() {
        var traits = FileSystemTraits.posix
        #expect(!traits.isSameTime(1, 2))
        traits.modificationGranularity = 2_000_000_000
        #expect(traits.isSameTime(1_700_000_001_123_456_789, 1_700_000_000_000_000_000))
        #expect(!traits.isSameTime(1_700_000_003_000_000_000, 1_700_000_000_000_000_000))
    }

    @Test("A folder that does not exist yet is judged by its future disk; nothing is written")
    func assumed() throws {
        let folder = try TemporaryFolder(.inMemory)
        let traits = FileSystemTraits.assumed(at: folder.path.appending("a").appending("b"))
        #expect(traits.kind == FileSystemTraits.assumed(at: folder.path).kind)
        #expect(try Disk().entries(of: folder.path).isEmpty)
    }
}

@Suite(.enabled(if: mayMount, "only root may mount file systems"))
struct MountedDiskTests {
    @Test("A full disk stops the run: what fits is in place, and nothing is half-written")
    func full() throws {
        let mounted = try MountedFolder(.memory(byteCount: 1 << 20))
        let folder = try TemporaryFolder()
        let event = try Event(folder.path)
        let album = AlbumFolder(mounted.path.appending("album"))
        try album.prepare()
        let photos = try (0..<10).map {
            try event.photo(name(Array("\($0).jpg".utf8)), byteCount: 150_000)
        }
        let acts = photos.map { $0.copy(to: FilePath("Anna").appending($0.path.lastComponent!)) }
        let journal = try Journal.begin(
            album, run: "a", command: "c", started: "s", settings: "{}", sources: [])
        var recorded: [PerformedAct] = []
        let error = #expect(throws: FileError.self) {
            _ = try AlbumWriter(album: album, journal: journal, traits: .posix)
                .perform(acts, recorded: { recorded += $0 })
        }
        #expect(error?.isDiskFull == true)
        #expect(error?.sentence == "the disk is full")
        let files = try Disk().entries(of: album.path.appending("Anna")).map(\.name.string)
        #expect((4...6).contains(files.count))
        #expect(files.allSatisfy { !$0.hasPrefix(".") })
        #expect(recorded.compactMap(\.index).count == files.count)
        // With room again, the same run continues.
        try Disk().remove(album.path.appending("Anna").appending("0.jpg"))
        #expect(try Recovery.recover(album).openRuns.map(\.run) == ["a"])
        let again = try AlbumWriter(
            album: album, journal: try Journal.resume(album, run: "a"), traits: .posix
        ).perform([acts[9]])
        #expect(again[0].performed != nil)
    }

    @Test("A read-only disk is reported as such, and an album on it can still be read")
    func readOnly() throws {
        let mounted = try MountedFolder(.memory(byteCount: 1 << 20))
        let event = try Event(mounted.path)
        let photo = try event.photo("x.jpg")
        try event.perform("a", [photo.copy(to: "Anna/x.jpg")])
        try mounted.makeReadOnly()
        let error = #expect(throws: FileError.self) { try event.begin("b") }
        #expect(error?.isReadOnly == true)
        #expect(error?.sentence == "the disk is read-only")
        #expect(throws: FileError.self) { try FileSystemTraits.probe(event.album) }
        #expect(throws: FileError.self) { try event.undo("a") }
        #expect(try Journal.replay(event.album).map(\.path) == ["Anna/x.jpg"])
        try mounted.makeWritable()
        #expect(try event.undo("a").left.isEmpty)
    }

    @Test("On an exFAT stick the album is written, repeated, recovered and undone")
    func exFAT() throws {
        let mounted = try MountedFolder(.exFAT(megabytes: 16))
        let folder = try TemporaryFolder()
        let event = try Event(folder.path)
        let album = AlbumFolder(mounted.path.appending("album"))
        try album.prepare()
        let traits = try FileSystemTraits.probe(album)
        #expect(traits.renameMethod == .placeholder)
        #expect(!traits.canHardLink && !traits.canSymbolicLink && !traits.isCaseSensitive)
        #expect(!traits.takesInvalidUTF8 && !traits.takesWindowsReserved)
        #expect(!traits.supportsSharedMemory)
        #expect(traits.modificationGranularity == 2_000_000_000)

        let photos = try (oddNames + ["A:B?.jpg"]).map { try event.photo($0) }
        var taken = TakenNames(traits: traits)
        let acts = photos.map { photo in
            let fitting = AlbumName.fitting(photo.path.lastComponent!, traits: traits)
            return photo.copy(
                to: FilePath("Anna").appending(taken.claim(fitting.name)), link: .hard)
        }
        let journal = try Journal.begin(
            album, run: "a", command: "c", started: "s", settings: "{}", sources: [])
        let writer = AlbumWriter(album: album, journal: journal, traits: traits)
        let outcomes = try writer.perform(acts)
        for (photo, outcome) in zip(photos, outcomes) {
            let performed = try #require(outcome.performed)
            #expect(performed.note?.hasPrefix("copied: ") == true)
            let status = try #require(performed.status)
            #expect(traits.isSameTime(status.modified, 1_700_000_001_123_456_789))
            let file = album.path.pushing(performed.act.path)
            #expect(try Disk().contents(of: file, limit: 9999) == photo.content)
        }
        let conflict = try writer.perform([photos[0].copy(to: "anna/WITH SPACE.jpg")])
        #expect(conflict == [.conflict(holdsSameBytes: true)])
        let refused = try writer.perform([photos[0].copy(to: "Anna/a:b.jpg")])
        guard case .failed(.refused) = refused[0] else {
            Issue.record("\(refused)")
            return
        }
        _ = try Recovery.recover(album)
        try AlbumLock.acquire(album, command: "facesort sort").release()
        let report = try Undo.undo(album, run: "a", traits: traits)
        #expect(report.left.isEmpty)
        #expect(try tree(album.path, without: ".facesort").isEmpty)
    }

    @Test("On NTFS a photo named like a device of Windows gets another name (issue 15)")
    func ntfs() throws {
        let mounted = try MountedFolder(.ntfs(megabytes: 8))
        let folder = try TemporaryFolder()
        let event = try Event(folder.path)
        let album = AlbumFolder(mounted.path.appending("album"))
        try album.prepare()
        let traits = try FileSystemTraits.probe(album)
        #expect(!traits.takesDeviceNames && !traits.takesWindowsReserved)
        let photos = try ["aux.jpg", "plain.jpg", "CON.jpg"].map { try event.photo($0) }
        let journal = try Journal.begin(
            album, run: "a", command: "c", started: "s", settings: "{}", sources: [])
        let writer = AlbumWriter(album: album, journal: journal, traits: traits)
        // A name that was not adapted is a failure of its photo alone.
        let refused = try writer.perform(
            photos.map { $0.copy(to: FilePath("Anna").appending($0.path.lastComponent!)) })
        guard case .failed(.refused) = refused[0], case .failed(.refused) = refused[2] else {
            Issue.record("\(refused)")
            return
        }
        #expect(refused[1].performed != nil)
        let outcomes = try writer.perform(
            [photos[0], photos[2]].map { photo in
                let fitting = AlbumName.fitting(photo.path.lastComponent!, traits: traits)
                return photo.copy(to: FilePath("Anna").appending(fitting.name))
            })
        #expect(outcomes.allSatisfy { $0.performed != nil })
        #expect(
            try Disk().entries(of: album.path.appending("Anna")).map(\.name.string)
                == ["CON_.jpg", "aux_.jpg", "plain.jpg"])
        #expect(try Undo.undo(album, run: "a", traits: traits).left.isEmpty)
    }
}
