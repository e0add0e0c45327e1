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

extension ActOutcome {
    var performed: PerformedAct? { if case .done(let act) = self { act } else { nil } }
}

@Suite struct AlbumWriterTests {
    private let folder: TemporaryFolder
    private let event: Event

    init() throws {
        folder = try TemporaryFolder()
        event = try Event(folder.path)
    }

    private func path(_ path: FilePath) -> FilePath { event.album.path.pushing(path) }

    @Test("A photo is written under any name with its bytes, time and permissions")
    func copies() throws {
        let photos = try oddNames.map { try event.photo($0) }
        let acts = zip(photos, oddNames).map { $0.copy(to: FilePath("Anna").appending($1)) }
        let outcomes = try event.perform("a", acts)
        for (photo, name) in zip(photos, oddNames) {
            let file = path("Anna").appending(name)
            #expect(try Disk().contents(of: file, limit: 9999) == photo.content)
            let status = try Disk().status(of: file)
            #expect(status.modified == 1_700_000_001_123_456_789)
            #expect(status.mode == 0o640)
        }
        #expect(outcomes.compactMap(\.performed?.index) == Array(oddNames.indices))
        #expect(try event.contents().count == oddNames.count + 1)
    }

    @Test("More acts than fit into a group are done in groups, each recorded when it is durable")
    func groups() throws {
        let photo = try event.photo("x.jpg", byteCount: 10)
        let acts = (0..<150).map { photo.copy(to: FilePath("Anna/\($0).jpg")) }
        var recorded: [[Int]] = []
        let journal = try event.begin("a")
        _ = try event.writer(journal).perform(
            acts, recorded: { recorded.append($0.compactMap(\.index)) })
        #expect(recorded.map(\.count) == [64, 64, 22])
        #expect(recorded.flatMap { $0 } == Array(0..<150))
        #expect(try Journal.replay(event.album).count == 150)
    }

    @Test("An error of the caller while recording stops the run after that group")
    func recordingFails() throws {
        struct Stop: Error {}
        let photo = try event.photo("x.jpg", byteCount: 10)
        let acts = (0..<70).map { photo.copy(to: FilePath("Anna/\($0).jpg")) }
        let journal = try event.begin("a")
        #expect(throws: Stop.self) {
            _ = try event.writer(journal).perform(acts, recorded: { _ in throw Stop() })
        }
        #expect(try Journal.replay(event.album).count == 64)
    }

    @Test("An existing file is never overwritten; its name is a conflict")
    func conflicts() throws {
        let photo = try event.photo("x.jpg")
        try Disk().makeFolder(path("Anna"))
        try Disk().create(path("Anna/x.jpg"), contents: [1, 2, 3])
        try Disk().create(path("Anna/same.jpg"), contents: photo.content)
        try Disk().symbolicLink(to: "nowhere", at: path("Anna/link.jpg"))
        let outcomes = try event.perform(
            "a",
            [
                photo.copy(to: "Anna/x.jpg"), photo.copy(to: "Anna/same.jpg"),
                photo.copy(to: "Anna/link.jpg"), photo.copy(to: "Anna/twice.jpg"),
                photo.copy(to: "Anna/twice.jpg"),
            ])
        #expect(outcomes[0] == .conflict(holdsSameBytes: false))
        #expect(outcomes[1] == .conflict(holdsSameBytes: true))
        #expect(outcomes[2] == .conflict(holdsSameBytes: false))
        #expect(outcomes[3].performed != nil)
        #expect(outcomes[4] == .conflict(holdsSameBytes: false))
        #expect(try Disk().contents(of: path("Anna/x.jpg"), limit: 9999) == [1, 2, 3])
        #expect(try event.contents().count == 5)
        #expect(try Journal.replay(event.album).map(\.path) == ["Anna/twice.jpg"])
    }

    @Test("An original that changed or is gone fails alone, and leaves nothing behind")
    func sources() throws {
        let photos = try ["a", "b", "c", "d"].map { try event.photo(name(Array($0.utf8))) }
        try Disk().remove(photos[0].path)
        try Disk().remove(photos[1].path)
        try Disk().create(photos[1].path, contents: Array(photos[1].content.reversed()) + [1])
        try Disk().remove(photos[2].path)
        try Disk().makeFolder(photos[2].path)
        let acts = photos.map { $0.copy(to: FilePath("Anna").pushing($0.path.lastComponent!.path)) }
        let outcomes = try event.perform("a", acts)
        #expect(outcomes[0] == .failed(.sourceMissing))
        #expect(outcomes[1] == .failed(.sourceChanged))
        #expect(
            outcomes[2]
                == .failed(
                    .sourceUnreadable(
                        FileError(operation: .read, path: photos[2].path, errno: EISDIR))))
        #expect(outcomes[3].performed != nil)
        #expect(Set(try event.contents().keys) == ["Anna", "Anna/d"])
    }

    @Test("A name that the disk does not take fails alone")
    func refusedName() throws {
        let photo = try event.photo("x.jpg")
        let long = FilePath("Anna").appending(name(Array(repeating: 0x78, count: 256)))
        let outcomes = try event.perform("a", [photo.copy(to: long), photo.copy(to: "Anna/y")])
        guard case .failed(.refused(let error)) = outcomes[0] else {
            Issue.record("\(outcomes[0])")
            return
        }
        #expect(error.sentence == "the name is longer than this disk takes")
        #expect(outcomes[1].performed != nil)
    }

    @Test("Nothing is written through a link that replaced a folder of the album")
    func folderIsLink() throws {
        let photo = try event.photo("x.jpg")
        try Disk().symbolicLink(to: event.photos, at: path("Anna"))
        let outcomes = try event.perform(
            "a",
            [
                photo.copy(to: "Anna/y.jpg"), photo.copy(to: "Anna/sub/y.jpg"),
                .remove("Anna/x.jpg", hash: photo.hash, original: photo.path),
                .removeAside("Anna/x.jpg", hash: photo.hash),
                .move(from: "Anna/x.jpg", to: "Ben/x.jpg", hash: photo.hash),
            ])
        #expect(outcomes[0] == .failed(.folderIsLink("Anna")))
        #expect(outcomes[1] == .failed(.folderIsLink("Anna")))
        #expect(
            outcomes[2...] == [
                .kept(.folderIsLink("Anna")), .kept(.folderIsLink("Anna")),
                .kept(.folderIsLink("Anna")),
            ])
        #expect(try event.originals().keys.map { $0 } == ["x.jpg"])
    }

    @Test("Hard and symbolic links are made as requested and checked, or fall back with a note")
    func links() throws {
        let photo = try event.photo("x.jpg")
        let other = try TemporaryFolder(.inMemory)
        let copied = try Disk().copy(photo.path, to: other.appending("x.jpg"))
        let elsewhere = Photo(path: other.appending("x.jpg"), content: photo.content)
        try Disk().symbolicLink(to: photo.path, at: event.photos.appending("link.jpg"))
        let byLink = Photo(path: event.photos.appending("link.jpg"), content: photo.content)
        let outcomes = try event.perform(
            "a",
            [
                photo.copy(to: "A/hard", link: .hard), photo.copy(to: "A/sym", link: .symbolic),
                byLink.copy(to: "A/hard2", link: .hard),
                elsewhere.copy(to: "A/far", link: .hard), photo.copy(to: "A/clone", link: .clone),
            ])
        let identity = try Disk().status(of: photo.path).identity
        for name: FilePath in ["A/hard", "A/hard2"] {
            let status = try Disk().status(of: path(name), followingLinks: false)
            #expect(status.identity == identity)
            #expect(status.kind == .file)
        }
        #expect(try Disk().linkTarget(of: path("A/sym")) == photo.path)
        let isSameDisk =
            try Disk().status(of: other.path).identity.device == identity.device
        #expect(
            outcomes[3].performed?.note
                == (isSameDisk ? nil : "copied: the original lies on another disk"))
        #expect(outcomes[4].performed != nil)
        #expect(copied.hash == photo.hash)
        for name: FilePath in ["A/hard", "A/hard2", "A/sym", "A/far", "A/clone"] {
            #expect(try Disk().contents(of: path(name), limit: 9999) == photo.content)
        }
        try Disk().remove(photo.path)
        try Disk().create(photo.path, contents: [1])
        let changed = try event.perform(
            "b",
            [photo.copy(to: "A/1", link: .hard), photo.copy(to: "A/2", link: .symbolic)])
        #expect(changed == [.failed(.sourceChanged), .failed(.sourceChanged)])
    }

    @Test("A copy is removed only when it is unchanged and its original is there with equal bytes")
    func removing() throws {
        let names = ["ok", "changed", "gone", "other", "deleted", "hard", "sym"]
        let photos = try names.map { try event.photo(name(Array($0.utf8))) }
        let paths = names.map { FilePath("Anna/\($0)") }
        try event.perform(
            "a",
            zip(photos, paths).map { photo, path in
                photo.copy(
                    to: path,
                    link: path == "Anna/hard" ? .hard : path == "Anna/sym" ? .symbolic : .copy)
            })
        try Disk().remove(path("Anna/changed"))
        try Disk().create(path("Anna/changed"), contents: [1])
        try Disk().remove(photos[2].path)
        try Disk().remove(photos[3].path)
        try Disk().create(photos[3].path, contents: [1])
        try Disk().remove(path("Anna/deleted"))
        let outcomes = try event.perform(
            "b",
            zip(photos, paths).map { .remove($1, hash: $0.hash, original: $0.path) })
        #expect(outcomes[0].performed != nil)
        #expect(
            outcomes[1...4] == [
                .kept(.changed), .kept(.originalMissing), .kept(.originalChanged),
                .kept(.missing),
            ])
        #expect(outcomes[5].performed != nil)
        #expect(outcomes[6].performed != nil)
        #expect(
            Set(try event.contents().keys) == ["Anna", "Anna/changed", "Anna/gone", "Anna/other"])
        #expect(
            Set(try event.originals().keys) == ["ok", "changed", "other", "deleted", "hard", "sym"])
    }

    @Test("The original itself is never removed, whatever path leads to it")
    func originalItself() throws {
        let photo = try event.photo("x.jpg")
        // A user moved the album's folder over the photos' folder: the copy's path is the
        // original's.
        let outcomes = try event.perform("a", [photo.copy(to: "Anna/x.jpg")])
        #expect(outcomes[0].performed != nil)
        let removed = try event.perform(
            "b", [.remove("Anna/x.jpg", hash: photo.hash, original: path("Anna/x.jpg"))])
        #expect(removed == [.kept(.isOriginal)])
        #expect(try event.contents()["Anna/x.jpg"] == photo.content)
    }

    @Test("A file is moved aside even when its original is gone, and twice under one name")
    func aside() throws {
        let photo = try event.photo("x.jpg")
        let journal = try event.begin("a")
        let writer = event.writer(journal)
        for _ in 1...2 {
            _ = try writer.perform([photo.copy(to: "Anna/x.jpg")])
            _ = try writer.perform([.removeAside("Anna/x.jpg", hash: photo.hash)])
        }
        let kept = try tree(event.album.removed, without: nil)
        #expect(kept["a/Anna/x.jpg"] == photo.content)
        #expect(kept["a/2/Anna/x.jpg"] == photo.content)
        #expect(try Journal.replay(event.album).isEmpty)
    }

    @Test("Files are moved one after the other, also through each other's names")
    func moving() throws {
        let (x, y) = (try event.photo("x"), try event.photo("y"))
        try event.perform("a", [x.copy(to: "A/x"), y.copy(to: "A/y")])
        let outcomes = try event.perform(
            "b",
            [
                .move(from: "A/x", to: "B/x", hash: x.hash),
                .move(from: "A/y", to: "A/x", hash: y.hash),
                .move(from: "B/x", to: "A/x", hash: x.hash),
                .move(from: "A/none", to: "A/z", hash: x.hash),
                .move(from: "B/x", to: "C/x", hash: y.hash),
            ])
        #expect(outcomes[0].performed != nil)
        #expect(outcomes[1].performed != nil)
        #expect(
            outcomes[2...] == [
                .conflict(holdsSameBytes: false), .kept(.missing), .kept(.changed),
            ])
        let contents = try event.contents()
        #expect(contents["B/x"] == x.content)
        #expect(contents["A/x"] == y.content)
        #expect(contents["A/y"] == nil)
    }

    @Test("An interrupted run completes what it began and says what it did not reach")
    func cancelling() throws {
        let photo = try event.photo("x.jpg", byteCount: 10)
        let acts = (0..<10).map { photo.copy(to: FilePath("Anna/\($0).jpg")) }
        var asked = 0
        let journal = try event.begin("a")
        let outcomes = try event.writer(journal).perform(
            acts,
            isCancelled: {
                asked += 1
                return asked > 5
            })
        let done = outcomes.compactMap(\.performed?.index)
        #expect(done == Array(0..<4))
        #expect(outcomes[4...].allSatisfy { $0 == .notReached })
        #expect(try event.contents().count == 5)
        #expect(try Recovery.recover(event.album).found.isEmpty)
        #expect(try Journal.replay(event.album).count == 4)
    }

    @Test("A folder that existed before is not ours to remove")
    func foldersThatWereThere() throws {
        try Disk().makeFolder(path("Anna"))
        let outcomes = try event.perform(
            "a", [.makeFolder("Anna"), .makeFolder("Ben/sub"), .makeFolder("Ben")])
        #expect(outcomes.map { $0.performed?.number } == [0, 2, 0])
        _ = try event.undo("a")
        #expect(try event.contents().keys.map { $0 } == ["Anna"])
    }
}

extension FilePath.Component {
    var path: FilePath { FilePath().appending(self) }
}
