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

/// A disk that refuses one operation on paths that end in one of `names`.
private func refusing(
    _ refused: DiskOperation, _ names: [String], _ code: Int32 = EACCES
) -> Disk {
    Disk { operation, path throws(FileError) in
        guard operation == refused, names.contains(where: { path.string.hasSuffix("/\($0)") })
        else { return }
        throw FileError(operation: operation, path: path, errno: code)
    }
}

@Suite("Photos that could not be read or written (issue 15)") struct FailedFileTests {
    @Test("Photos that could not be read are in status until a later run reads them")
    func unread() async throws {
        let party = try await Party.small()
        try party.write([1, 2, 3], to: "photos/broken.jpg")
        let disk = refusing(.read, ["a.jpg", "d.jpg"])
        let summary = try await party.sort(disk: disk)
        #expect(summary.failures.map(\.path) == ["a.jpg", "d.jpg", "broken.jpg"])
        let failures = try party.opened().status().failures
        #expect(failures.map(\.path) == ["a.jpg", "broken.jpg", "d.jpg"])
        #expect(Set(failures) == Set(summary.failures))
        #expect(failures.map(\.isUnread) == [true, false, true])
        // Asked why, it says the same.
        do throws(AlbumError) {
            _ = try party.opened().explain("d.jpg", person: nil)
            Issue.record("a photo that was not read is explained")
        } catch {
            #expect(error.reason == "could not be read: it may not be read by this user")
            #expect(error.remedy == failures[2].remedy)
        }

        // While they fail, the list is complete, and each is on it once.
        #expect(try await party.sort(disk: disk).failures.count == 3)
        #expect(try party.opened().status().failures == failures)
        // One of them can be read again, and is not there any more; the other is gone altogether.
        try party.remove("photos/d.jpg")
        #expect(try await party.sort().failures.map(\.path) == ["broken.jpg"])
        #expect(try party.opened().status().failures.map(\.path) == ["broken.jpg"])
    }

    @Test("So is a folder that could not be listed, and its photos are not gone")
    func unlisted() async throws {
        let party = try await Party.small()
        try party.add(.simm, as: "photos/closed/x.jpg", mark: 7)
        try await party.sort()
        let listing = try party.listing()
        try await party.sort(disk: refusing(.list, ["closed"]))
        #expect(try party.opened().status().failures.map(\.path) == ["closed"])
        #expect(try party.listing() == listing)
        try await party.sort()
        #expect(try party.opened().status().failures.isEmpty)
    }

    @Test("A failure in a source out of reach stays on the list")
    func outOfReach() async throws {
        let party = try await Party.small()
        try party.add(.simm, as: "card/x.jpg", mark: 7)
        let card = party.folder.appending("card")
        try await party.sort(disk: refusing(.read, ["x.jpg"])) { $0.study.photos.append(card) }
        try party.rename("card", to: "away")
        try await party.sortAgain()
        #expect(try party.opened().status().failures.map(\.path) == ["x.jpg"])
        try party.rename("away", to: "card")
        try await party.sortAgain()
        #expect(try party.opened().status().failures.isEmpty)
    }

    @Test(
        "A name that the album's disk refuses is a failure of that photo alone, and on the list",
        arguments: [
            (RenameMethod.noReplace, DiskOperation.rename), (.hardLink, .hardLink),
            (.placeholder, .create),
        ], [EINVAL, EILSEQ, ENAMETOOLONG])
    func unwritten(way: (RenameMethod, DiskOperation), code: Int32) async throws {
        let event = try Event(try TemporaryFolder(.inMemory).path, renaming: way.0)
        let photos = try ["aux.jpg", "plain.jpg"].map { try event.photo($0) }
        let outcomes = try event.perform(
            "a", photos.map { $0.copy(to: FilePath("Anna").appending($0.path.lastComponent!)) },
            disk: Disk { operation, path throws(FileError) in
                if operation == way.1, path.lastComponent == "aux.jpg" {
                    throw FileError(operation: operation, path: path, errno: code)
                }
            })
        guard case .failed(.refused(let error)) = outcomes[0] else {
            Issue.record("\(outcomes[0])")
            return
        }
        #expect(error.isNameRefused && outcomes[1].performed != nil)
        #expect(try event.contents().keys.map(\.string).sorted() == ["Anna", "Anna/plain.jpg"])
    }

    @Test("A photo that could not be put into the album is in status until it is there")
    func notWritten() async throws {
        let party = try await Party.small()
        let disk = refusing(.rename, ["Anna/c.jpg", "group/c.jpg"], EINVAL)
        let summary = try await party.sort(disk: disk)
        #expect(summary.failures.map(\.path) == ["c.jpg"])
        #expect(summary.failures.map(\.isUnwritten) == [true])
        #expect(try party.opened().status().failures == summary.failures)
        #expect(
            try party.listing()
                == Party.smallAlbum.filter { !$0.hasPrefix("Anna/c") && !$0.hasPrefix("group/") })
        try await party.sort()
        #expect(try party.listing() == Party.smallAlbum)
        #expect(try party.opened().status().failures.isEmpty)
    }
}

@Suite("Files among the photos that are not photos") struct CompanionTests {
    @Test("A video's thumbnail and exiftool's backup are listed, not sorted; alone they are photos")
    func companions() async throws {
        let party = try Party()
        let photo = try Party.shot(of: [.simm]).jpegData(quality: 90)
        let film: [UInt8] = Array("RIFF\0\0\0\0AVI LIST".utf8) + Array(repeating: 0, count: 100)
        try party.write(photo + [1], to: "photos/IMG_1.jpg")
        try party.write(photo + [2], to: "photos/IMG_1.jpg_original")
        try party.write(film, to: "photos/MVI_7.AVI")
        try party.write(photo + [3], to: "photos/mvi_7.THM")
        try party.write(photo + [4], to: "photos/alone.THM")
        try party.write(photo + [5], to: "photos/gone.jpg_original")
        try party.write(photo + [6], to: "photos/x/MVI_7.thm")
        let summary = try await party.sort { $0.study.people = nil }
        #expect(summary.skipped == ["backup": 1, "thumbnail": 1, "video": 1])
        #expect(summary.photoCount == 4)
        let status = try party.opened().status()
        #expect(
            status.skippedFiles == [
                SkippedPhoto(path: "IMG_1.jpg_original", kind: "backup"),
                SkippedPhoto(path: "MVI_7.AVI", kind: "video"),
                SkippedPhoto(path: "mvi_7.THM", kind: "thumbnail"),
            ])
        #expect(try await party.sortAgain().run == nil)
    }

    @Test("A system's folders in PHOTOS and PEOPLE are skipped with a line, and are no person")
    func machineFolders() async throws {
        let party = try await Party.small()
        try party.add(.savage, as: "people/@eaDir/Anna.jpg/SYNOPHOTO_THUMB_XL.jpg")
        try party.add(.simm, as: "people/#recycle/Zora.jpg")
        try party.add(.simm, as: "photos/@eaDir/a.jpg/SYNOPHOTO_THUMB_XL.jpg", mark: 9)
        let summary = try await party.sort()
        #expect(try party.listing() == Party.smallAlbum)
        #expect(summary.people.map(\.name).sorted() == ["Anna", "Ben"])
        let reason = "passed over: only machines make such folders, for themselves."
        #expect(
            summary.notes == [
                "'#recycle' and '@eaDir' in '\(party.people)' were \(reason)",
                "'@eaDir' in '\(party.photos)' was \(reason)",
            ])
        let status = try party.opened().status()
        #expect(
            status.skippedFiles.map(\.path) == ["@eaDir", "#recycle", "@eaDir"])
        #expect(status.skipped == ["system folder": 3])
        let before = try party.state()
        try await party.sort()
        #expect(try party.state() == before)
        #expect(try party.opened().people().map(\.name) == ["Anna", "Ben"])
    }
}

@Suite("Room on a disk") struct DiskSpaceTests {
    @Test("The numbers about too little room add up")
    func shortage() {
        #expect(
            DiskSpace.shortage(of: 1_700_000, free: 17_000_000)
                == "needs 1.7 MB and 16 MB to spare, and its disk has 17 MB left: 700 kB too few")
        #expect(
            DiskSpace.shortage(of: 17_400_000, free: 17_000_000, reserve: 0)
                == "needs 17 MB, and its disk has 17 MB left: 400 kB too few")
        #expect(DiskSpace.shortage(of: 1_000_000, free: 17_000_000) == nil)
        #expect(DiskSpace.shortage(of: 0, free: 0) == nil)
        #expect(DiskSpace.shortage(of: .max, free: .max, reserve: 0) == nil)
    }
}
