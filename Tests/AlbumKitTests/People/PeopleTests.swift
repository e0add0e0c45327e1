@testable import PhotoIndex
@testable import FileLedger
import FaceCore
import PhotoImaging
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

@Suite struct PeopleTests {
    @Test("Portraits may lie as files and in folders, mixed; one person may have both")
    func bothForms() async throws {
        let party = try await Party.small()
        try party.remove("people/Ben.jpg")
        for number in 0..<4 {
            try party.add(.savage, number, as: "people/Ben/\(number).jpg")
        }
        try party.add(.savage, 5, as: "people/Ben.jpg")
        try party.write([1], to: "people/notes.txt")
        try await party.sort()
        #expect(try party.listing() == Party.smallAlbum)
        let people = try party.opened().people()
        #expect(people.map(\.name) == ["Anna", "Ben"])
        #expect(people.map(\.portraitCount) == [1, 5] && people[1].referenceCount >= 4)
        #expect(people.map(\.photoCount) == [2, 2])
    }

    @Test("Without people everything goes to group and unknown", arguments: [false, true])
    func nobody(_ hasEmptyFolder: Bool) async throws {
        let party = try await Party.small()
        try party.remove("people/Anna.jpg")
        try party.remove("people/Ben.jpg")
        let summary = try await party.sort { if !hasEmptyFolder { $0.study.people = nil } }
        #expect(
            try party.listing() == [
                "group/c.jpg", "unknown/a.jpg", "unknown/b.jpg", "unknown/c.jpg", "unknown/d.jpg",
            ])
        #expect(summary.people.isEmpty && summary.unknownReasons.strangers == 4)
    }

    @Test("Portraits are learnt once")
    func learntOnce() async throws {
        let party = try await Party.small()
        try await party.sort()
        let events = EventLog()
        try await party.run(party.request, onEvent: events.add)
        #expect(events.learnt.isEmpty)
        try party.add(.savage, 3, as: "people/Ben/3.jpg")
        try await party.run(party.request, onEvent: events.add)
        #expect(events.learnt == [1])
    }

    @Test("A renamed folder is a renamed person: files move along, those without original too")
    func renamed() async throws {
        let party = try await Party.small()
        try await party.sort()
        try party.rename("people/Anna.jpg", to: "people/Zoe/portrait.jpg")
        try party.remove("photos/a.jpg")
        let summary = try await party.sort()
        #expect(summary.movedFileCount == 2 && summary.copiedFileCount == 0)
        #expect(summary.heldPhotoCount == 1)
        #expect(summary.renames.map(\.name) == ["Zoe"])
        #expect(
            try party.listing() == [
                "Ben/b.jpg", "Ben/c.jpg", "Zoe/a.jpg", "Zoe/c.jpg", "group/c.jpg",
                "unknown/d.jpg",
            ])
        #expect(try !party.has("album/Anna"))
        #expect(try party.opened().people().map(\.name) == ["Ben", "Zoe"])
    }

    @Test("A removed person leaves no folder behind, and comes back with the portrait")
    func removed() async throws {
        let party = try await Party.small()
        try await party.sort()
        let before = try party.contents()
        try party.rename("people/Anna.jpg", to: "anna.jpg")
        try await party.sort()
        #expect(
            try party.listing() == [
                "Ben/b.jpg", "Ben/c.jpg", "group/c.jpg", "unknown/a.jpg", "unknown/d.jpg",
            ])
        #expect(try !party.has("album/Anna"))
        try party.rename("anna.jpg", to: "people/Anna.jpg")
        #expect(try await party.sort().analysedCount == 0)
        #expect(try party.contents() == before)
    }

    @Test("One more person sorts photos again without analysing one again")
    func added() async throws {
        let party = try await Party.small()
        try await party.sort()
        try party.add(.simm, as: "people/Cid.jpg")
        let summary = try await party.sort()
        #expect(summary.analysedCount == 0)
        #expect(try party.has("album/Cid/c.jpg") && party.has("album/Cid/d.jpg"))
        #expect(try !party.has("album/unknown/d.jpg"))
    }

    @Test("People out of reach still count")
    func outOfReach() async throws {
        let party = try await Party.small()
        try await party.sort()
        let before = try party.contents()
        try party.rename("people", to: "elsewhere")
        try party.add(.salley, as: "photos/e.jpg", mark: 5)
        let summary = try await party.sortAgain()
        #expect(summary.notes.contains { $0.contains("out of reach") })
        #expect(try party.has("album/Anna/e.jpg"))
        #expect(summary.removedFileCount == 0)
        for (name, bytes) in before { #expect(try party.contents()[name] == bytes) }
    }

    @Test(
        "Names that cannot be folders of people are refused, and nothing is written",
        arguments: ["group.jpg", "Unknown/1.jpg", "UNREADABLE.jpg", " .jpg"])
    func refusedNames(_ name: String) async throws {
        let party = try await Party.small(isAnalysed: false)
        try party.add(.simm, as: "people/\(name)")
        #expect(await code { () throws(AlbumError) in try await party.sort() } == .personName)
        #expect(try !party.has("album"))
    }

    @Test(
        "Names that differ only by case or Unicode form are refused",
        arguments: [
            ("Eva.jpg", "eva/1.jpg"), ("Jos\u{E9}.jpg", "Jose\u{301}.jpg"),
            ("Jos\u{E9}/1.jpg", "Jose\u{301}/1.jpg"), ("Stra\u{DF}e.jpg", "STRASSE.jpg"),
        ])
    func alikeNames(_ one: String, _ other: String) async throws {
        let party = try await Party.small(isAnalysed: false)
        try party.add(.simm, as: "people/\(one)")
        try party.add(.shimkus, as: "people/\(other)")
        #expect(await code { () throws(AlbumError) in try await party.sort() } == .personName)
        #expect(try !party.has("album"))
    }

    @Test("A decomposed name gets a composed folder")
    func decomposedName() async throws {
        let party = try await Party.small()
        try party.add(.simm, as: "people/Jose\u{301}.jpg")
        try await party.sort()
        let names = try Disk().entries(of: party.album).map(\.name.bytes)
        #expect(names.contains(Array("Jos\u{E9}".utf8)))
    }

    @Test("Each trouble with a portrait is named, with what to do")
    func troubles() async throws {
        let party = try await Party.small()
        try party.write(
            try PixelBuffer(width: 200, height: 200, red: 90, green: 120, blue: 160).jpegData(),
            to: "people/Faceless.jpg")
        try party.write(Array("no picture".utf8), to: "people/Broken.jpg")
        try party.add([.shimkus, .schneider], as: "people/Couple.jpg")
        try party.add(.salley, as: "people/Twin.jpg")
        try party.add(.simm, as: "people/Odd/1.jpg")
        try party.add(.simm, 1, as: "people/Odd/2.jpg")
        try party.add(.schneider, as: "people/Odd/3.jpg")
        try Disk().makeFolders(party.people.appending("Empty"))
        let summary = try await party.sort()
        func kinds(_ name: String) -> [PortraitTrouble.Kind] {
            summary.portraitTroubles.filter { $0.person == name }.map(\.kind)
        }
        #expect(kinds("Faceless") == [.noFace, .noReference])
        #expect(kinds("Broken") == [.unreadable, .noReference])
        #expect(kinds("Couple").first == .severalFaces)
        #expect(kinds("Anna") == [.lookAlike])
        #expect(kinds("Odd").first == .outlier)
        #expect(kinds("Empty") == [.noReference])
        for trouble in summary.portraitTroubles {
            #expect(trouble.sentence.contains(trouble.person) && !trouble.remedy.isEmpty)
        }
        #expect(try party.opened().portraitTroubles() == summary.portraitTroubles)
        #expect(try await party.sort().portraitTroubles == summary.portraitTroubles)
    }

    @Test("A portrait that could not be read is read again, and its person is not lost")
    func unreadableOnce() async throws {
        let party = try await Party.small()
        let bad = CountingDisk(.once) { operation, path in
            operation == .read && path.lastComponent == "Ben.jpg"
        }
        let first = try await party.sort(disk: bad.disk)
        #expect(first.portraitTroubles.map(\.kind) == [.unreadable, .noReference])
        try await party.sort()
        #expect(try party.listing() == Party.smallAlbum)
    }

    @Test("A person whose folder cannot be listed does not count as gone")
    func hiddenFolder() async throws {
        let party = try await Party.small()
        try party.rename("people/Ben.jpg", to: "people/Ben/1.jpg")
        try await party.sort()
        let bad = CountingDisk(.once) { operation, path in
            operation == .list && path.lastComponent == "Ben"
        }
        #expect(
            await code { () throws(AlbumError) in try await party.sort(disk: bad.disk) } != nil)
        #expect(try party.listing() == Party.smallAlbum)
    }
}

/// Remembers the events of a run.
final class EventLog: Sendable {
    private let lock = Locked([RunEvent]())

    @Sendable func add(_ event: RunEvent) { lock.with { $0.append(event) } }

    /// How many portraits had to be learnt, at the last of each.
    var learnt: [Int] {
        lock.with { $0 }.compactMap { event in
            if case .learning(let done, let total) = event, done == total { total } else { nil }
        }
    }

    /// The time that the overviews expected the analysis to take.
    var expectedSeconds: [Double?] {
        lock.with { $0 }.compactMap { event in
            if case .overview(let overview) = event { .some(overview.expectedSeconds) } else { nil }
        }
    }
}
