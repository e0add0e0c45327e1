@testable import FileLedger
import FaceCore
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

@Suite struct IndexingTests {
    /// Names that have broken programs before.
    private static let names: [[UInt8]] = [
        Array("with space.jpg".utf8), Array("caf\u{E9}.jpg".utf8), Array("cafe\u{301}.jpg".utf8),
        Array("写真.jpg".utf8), Array("👩‍👩‍👧.jpg".utf8), Array("-rf.jpg".utf8),
        Array("new\nline.jpg".utf8), Array("quote'\"$(x).jpg".utf8),
        [0x49, 0xFF, 0xE9] + Array(".jpg".utf8),
        Array(repeating: 0x78, count: 251) + Array(".jpg".utf8), Array("UPPER.JPG".utf8),
    ]

    @Test("Names keep any bytes, and the second time there is nothing to do", .slow)
    func anyBytes() async throws {
        let party = try Party()
        try party.add(.salley, as: "people/Anna.jpg")
        for (number, bytes) in Self.names.enumerated() {
            let name = try #require(FilePath.Component(bytes: bytes))
            try party.write(
                try Guest.salley.portrait() + Array("mark \(number)".utf8),
                to: party.photos.appending(name))
        }
        let summary = try await party.sort()
        #expect(summary.failures.isEmpty && summary.copiedFileCount == Self.names.count)
        let found = try Disk().entries(of: party.album.appending("Anna")).map(\.name.bytes)
        // Where case and form count, as here, every name is kept; two that look alike get a number.
        let kept = Self.names.filter { found.contains($0) }
        #expect(kept.count >= Self.names.count - 1 && found.count == Self.names.count)
        #expect(try await party.sort().run == nil)
        #expect(try party.undo().left.isEmpty)
        #expect(try party.listing().isEmpty)
    }

    @Test("The album does not depend on the number of workers", .slow)
    func jobs() async throws {
        let one = try await Party.small(isAnalysed: false)
        for (number, guest) in Guest.allCases.enumerated() {
            try one.add(guest, number, as: "photos/more/\(number).jpg")
            try one.add(guest, number, as: "photos/again/\(number).jpg")
        }
        let two = one.folder.appending("two")
        try await one.sort { $0.study.jobs = 1 }
        try await one.sort {
            $0.study.jobs = 2
            $0.album = two
        }
        let others = try filesIn(two).filter { !$0.key.hasPrefix(".facesort/") }
        #expect(try one.contents() == others)
        #expect(try one.opened().faces() == Album(at: two).faces())
    }

    @Test("Photos under new names are expected to take no time, new photos do take time")
    func expectedTime() async throws {
        let party = try Party()
        for number in 0..<3 { try party.add(.salley, as: "photos/\(number).jpg", mark: number) }
        try await party.sort()
        let events = EventLog()
        for number in 0..<3 {
            try party.rename("photos/\(number).jpg", to: "photos/\(number) moved.jpg")
        }
        try await party.run(party.request, onEvent: events.add)
        try party.add(.savage, as: "photos/new.jpg")
        try await party.run(party.request, onEvent: events.add)
        try await party.run(party.request, onEvent: events.add)
        let seconds = events.expectedSeconds
        try #require(seconds.count == 3)
        let (renamed, new) = (try #require(seconds[0]), try #require(seconds[1]))
        #expect(renamed < 0.03 && new > 2 * renamed)
        #expect(seconds[2] == nil)
    }

    @Test("Hidden files, albums, and people among the photos are skipped with a note")
    func passedOver() async throws {
        let party = try Party()
        try party.add(.salley, as: "photos/people/Anna.jpg")
        try party.add(.salley, as: "photos/a.jpg", mark: 1)
        try party.add(.salley, as: "photos/.hidden.jpg", mark: 2)
        try party.add(.salley, as: "photos/.trash/b.jpg", mark: 3)
        try party.add(.salley, as: "photos/old album/Anna/c.jpg", mark: 4)
        try party.write([], to: "photos/old album/.facesort/lock")
        try Disk().symbolicLink(to: party.photos, at: party.photos.appending("loop"))
        let summary = try await party.sort { $0.study.people = party.photos.appending("people") }
        #expect(try party.listing() == ["Anna/a.jpg"])
        for word in ["people", "old album", "loop", "hidden"] {
            #expect(summary.notes.contains { $0.contains(word) }, "\(word)")
        }
    }

    @Test("A photo that cannot be read from the disk is reported, and sorted the next time")
    func notReadable() async throws {
        let party = try await Party.small(isAnalysed: false)
        let bad = CountingDisk(.once) { operation, path in
            operation == .read && path.lastComponent == "b.jpg"
        }
        let summary = try await party.sort(disk: bad.disk)
        #expect(summary.failures.map(\.path) == ["b.jpg"])
        #expect(summary.failures.map(\.code) == [.notReadable])
        let again = try await party.sort()
        #expect(again.failures.isEmpty && again.analysedCount == 1)
        #expect(try party.listing() == Party.smallAlbum)
    }

    @Test("A folder that cannot be listed takes no photo out of the album")
    func notListable() async throws {
        let party = try await Party.small()
        try party.rename("photos/a.jpg", to: "photos/sub/a.jpg")
        try await party.sort()
        for folder in ["sub", "photos"] {
            let bad = CountingDisk(.once) { operation, path in
                operation == .list && path.lastComponent?.string == folder
            }
            _ = try? await party.sort(disk: bad.disk)
            #expect(try party.listing() == Party.smallAlbum, "\(folder)")
        }
        #expect(try await party.sort().analysedCount == 0)
    }
}
