@testable import FileLedger
import FaceCore
import PhotoImaging
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

@Suite struct PlacesTests {
    @Test("A photo goes to everybody in it, to group with three faces or more, else to unknown")
    func everyPlace() async throws {
        let party = try await Party.small(isAnalysed: false)
        try party.write(Array("no picture".utf8), to: "photos/e.jpg")
        let originals = try party.originals()
        let summary = try await party.sort()
        #expect(try party.listing() == Party.smallAlbum + ["unreadable/e.jpg"])
        #expect(try party.originals() == originals)
        for (name, bytes) in try party.contents() {
            let file = String(name.split(separator: "/")[1])
            #expect(bytes == originals[file], "\(name)")
        }
        #expect(summary.photoCount == 5 && summary.analysedCount == 5)
        #expect(summary.people.map(\.name) == ["Anna", "Ben"])
        #expect(summary.people.map(\.photoCount) == [2, 2])
        #expect(summary.groupCount == 1 && summary.unknownCount == 1)
        #expect(summary.unreadableCount == 1 && summary.copiedFileCount == 7)
        #expect(summary.run == 1)
        #expect(summary.failures.map(\.path) == ["e.jpg"])
    }

    @Test("The user can choose the size of a group, and it is remembered")
    func groupSize() async throws {
        let party = try await Party.small()
        try await party.sort { $0.groupSize = 4 }
        #expect(try !party.listing().contains("group/c.jpg"))
        let again = try await party.sortAgain()
        #expect(again.settings.groupSize == 4 && again.run == nil)
        try await party.sortAgain { $0.groupSize = 1 }
        #expect(
            try party.listing().filter { $0.hasPrefix("group/") } == [
                "group/a.jpg", "group/b.jpg", "group/c.jpg", "group/d.jpg",
            ])
    }

    @Test("A JPEG that ends early is placed by its rows if half are there, else in unknown")
    func damaged() async throws {
        let party = try Party()
        try party.add(.salley, as: "people/Anna.jpg")
        let sound = try Party.shot(of: [.salley]).jpegData(quality: 95)
        var tall = try PixelBuffer(width: 150, height: 600)
        let portrait = try PhotoSource(bytes: Guest.salley.portrait()).pixels()
        for y in 0..<150 { for x in 0..<150 { tall[x, y] = portrait[x, y] } }
        for y in 150..<600 {
            for x in 0..<150 { tall[x, y] = (UInt8((x * 7 + y * 13) % 251), UInt8(y % 255), 90) }
        }
        let bytes = try tall.jpegData(quality: 95)
        try party.write(Array(bytes.prefix(bytes.count * 4 / 5)), to: "photos/most.jpg")
        try party.write(Array(sound.prefix(sound.count / 4)), to: "photos/little.jpg")
        let summary = try await party.sort()
        #expect(try party.listing() == ["Anna/most.jpg", "unknown/little.jpg"])
        #expect(summary.failures.map(\.path) == ["little.jpg", "most.jpg"])
        #expect(summary.failures.allSatisfy { $0.code == .damaged })
        #expect(summary.unknownReasons.damaged == 1)
    }

    @Test("A file that claims to be a photo and is not one is copied to unreadable and listed")
    func unreadable() async throws {
        let party = try Party()
        try party.write([], to: "photos/empty.jpg")
        try party.write(Array("Dear diary".utf8), to: "photos/text.JPG")
        try party.write(Array("GIF89a".utf8) + [1, 0, 1, 0, 0, 0, 0, 0x3B], to: "photos/gif.jpg")
        try party.write(Array("GIF89a".utf8) + [1, 0, 1, 0, 0, 0, 0, 0x3B], to: "photos/gif.gif")
        let summary = try await party.sort { $0.study.people = nil }
        #expect(
            try party.listing() == [
                "unreadable/empty.jpg", "unreadable/gif.jpg", "unreadable/text.JPG",
            ])
        #expect(summary.failures.map(\.path) == ["empty.jpg", "gif.jpg", "text.JPG"])
        #expect(summary.failures.allSatisfy { !$0.reason.isEmpty && !$0.remedy.isEmpty })
        #expect(summary.skipped == ["GIF": 1])
    }

    @Test("Content decides the format: a PNG and a HEIC called .jpg are photos like any other")
    func misnamed() async throws {
        let party = try Party()
        try party.add(.salley, as: "people/Anna.jpg")
        let shot = try Party.shot(of: [.salley])
        try party.write(try shot.pngData(), to: "photos/png.jpg")
        try party.write(try shot.heicData(quality: 95), to: "photos/heic.jpg")
        try party.write(try shot.heicData(quality: 90), to: "photos/phone.heic")
        let summary = try await party.sort()
        #expect(try party.listing() == ["Anna/heic.jpg", "Anna/phone.heic", "Anna/png.jpg"])
        #expect(summary.failures.isEmpty)
    }

    @Test("Videos, RAW and other pictures are counted and listed, and are not failures")
    func skipped() async throws {
        let party = try await Party.small()
        let video: [UInt8] =
            [0, 0, 0, 24] + Array("ftypisom".utf8) + Array(repeating: 0, count: 40)
        try party.write(video, to: "photos/film.mp4")
        try party.write(video, to: "photos/film2.MP4")
        try party.write(Array("II*\0 raw".utf8), to: "photos/raw.CR2")
        try party.write(Array("RIFF\0\0\0\0WEBPVP8 ".utf8), to: "photos/web.webp")
        try party.write(Array("hello".utf8), to: "photos/notes.txt")
        let summary = try await party.sort()
        #expect(summary.failures.isEmpty)
        #expect(summary.skipped["video"] == 2 && summary.skipped["RAW"] == 1)
        #expect(summary.skipped.values.reduce(0, +) == 5)
        #expect(try party.listing() == Party.smallAlbum)
        let status = try party.opened().status()
        #expect(
            status.skippedFiles.map(\.path) == [
                "film.mp4", "film2.MP4", "notes.txt", "raw.CR2", "web.webp",
            ])
        let repeated = try await party.sortAgain()
        #expect(repeated.run == nil && repeated.skipped == summary.skipped)
    }

    @Test("Files of equal content are one photo, placed once, named after the first path")
    func copies() async throws {
        let party = try Party()
        try party.add(.simm, as: "photos/b/two.jpg")
        try party.add(.simm, as: "photos/a/one.jpg")
        try party.add(.simm, as: "photos/z.jpg")
        let summary = try await party.sort { $0.study.jobs = 2 }
        #expect(
            try party.listing() == ["copies/two.jpg", "copies/z.jpg", "unknown/one.jpg"])
        #expect(summary.photoCount == 1 && summary.analysedCount == 1)
        #expect(
            summary.copies == [
                SortSummary.Copies(photo: "a/one.jpg", alsoAt: ["b/two.jpg", "z.jpg"])
            ])
    }

    @Test("A further name leaves 'copies' with its original, and the photo stays")
    func furtherNamesGo() async throws {
        let party = try Party()
        try party.add(.simm, as: "photos/one.jpg")
        try party.add(.simm, as: "photos/two.jpg")
        try party.add(.simm, as: "photos/backup/one.jpg")
        try await party.sort()
        #expect(try party.listing() == ["copies/two.jpg", "unknown/one.jpg"])
        try party.remove("photos/two.jpg")
        try await party.sort()
        #expect(try party.listing() == ["unknown/one.jpg"])
    }

    @Test("Photos of one name in several folders keep their name and get a number")
    func sameNames() async throws {
        let party = try Party()
        for (number, folder) in ["card1", "card2", "card3"].enumerated() {
            try party.add(.simm, as: "photos/\(folder)/IMG_1.jpg", mark: number)
        }
        try await party.sort()
        let found = try party.contents()
        #expect(
            found.keys.sorted()
                == ["IMG_1 (2).jpg", "IMG_1 (3).jpg", "IMG_1.jpg"].map {
                    "unknown/person-01/" + $0
                })
        #expect(
            try found["unknown/person-01/IMG_1 (2).jpg"] == party.bytes("photos/card2/IMG_1.jpg"))
    }

    @Test("Times and permissions of the originals come along")
    func attributes() async throws {
        let party = try await Party.small()
        let original = party.photos.appending("a.jpg")
        #expect(runTool(["/bin/chmod", "640", original.string]) == 0)
        #expect(runTool(["/usr/bin/touch", "-d", "2001-02-03 04:05:06.789", original.string]) == 0)
        try await party.sort()
        let before = try Disk().status(of: original)
        let copy = try Disk().status(of: party.album.appending("Anna/a.jpg"))
        #expect(copy.modified == before.modified && copy.mode == 0o640)
    }

    @Test("Links instead of copies make the same album", arguments: [LinkKind.hard, .symbolic])
    func links(_ link: LinkKind) async throws {
        let party = try await Party.small()
        let originals = try party.originals()
        try await party.sort { $0.link = link }
        let file = party.album.appending("Anna/a.jpg")
        let status = try Disk().status(of: file, followingLinks: false)
        #expect(link == .hard ? status.linkCount > 1 : status.kind == .symbolicLink)
        #expect(try await party.sortAgain().run == nil)
        #expect(try party.undo().left.isEmpty)
        #expect(try party.listing().isEmpty && party.originals() == originals)
    }
}
