@testable import PhotoIndex
@testable import FileLedger
import AlbumCatalogue
import FaceCore
import Foundation
import PhotoImaging
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

@Suite struct DecidedSortTests {
    /// Simm in three photos, Shimkus in three, Schneider in one, nobody known.
    private static func crowd() throws -> Party {
        let party = try Party()
        for number in 1...3 { try party.add(.simm, as: "photos/s\(number).jpg", mark: number) }
        for number in 1...3 { try party.add(.shimkus, as: "photos/k\(number).jpg", mark: number) }
        try party.add(.schneider, as: "photos/r.jpg")
        return party
    }

    private static let analysed = Task { try await Party.Analysed(crowd()) }

    private func sorted() async throws -> Party {
        let party = try Self.crowd()
        try await Self.analysed.value.teach(party)
        try await party.run(SortRequest(photos: [party.photos], album: party.album))
        return party
    }

    private func say(_ party: Party, _ sayings: Statement...) throws {
        var journal = try DecisionJournal(AlbumFolder(party.album))
        _ = try journal.append(sayings, at: Date(timeIntervalSince1970: 1_800_000_000))
    }

    private func keys(_ party: Party, _ names: String...) throws -> [FaceKey] {
        let catalogue = try Catalogue(
            path: AlbumFolder(party.album).catalogue, access: .read, journalMode: .rollback)
        return try names.flatMap { name -> [FaceKey] in
            let component = try #require(FilePath.Component(name))
            let file = try #require(try catalogue.photoFiles(named: component).first)
            return try #require(try catalogue.photo(file.photo)).faces.map { FaceKey($0) }
        }
    }

    private func clusters(_ party: Party) throws -> [String: String] {
        Dictionary(
            try party.opened().faces().compactMap { row in row.cluster.map { (row.photo, $0) } },
            uniquingKeysWith: { first, _ in first })
    }

    /// The clusters' numbers follow their first faces, which are digests.
    private func number(_ party: Party, of photo: String) throws -> String {
        try #require(try clusters(party)[photo])
    }

    @Test(
        "A named cluster is a person with a folder, and other photos of them are recognised", .slow)
    func named() async throws {
        let party = try await sorted()
        try say(party, .isPerson(try keys(party, "s1.jpg", "s2.jpg", "s3.jpg"), name: "Sam"))
        try party.add(.simm, 1, as: "photos/s4.jpg")
        let summary = try await party.sortAgain()
        #expect(try party.has("album/Sam/s1.jpg") && party.has("album/Sam/s4.jpg"))
        #expect(
            summary.decisions
                == DecisionCount(
                    answerCount: 1, faceCount: 3, damagedLineCount: 0))
        #expect(summary.people == [SortSummary.PersonCount(name: "Sam", photoCount: 4)])
        let album = try party.opened()
        let why = try album.explain("s1.jpg", person: nil)
        #expect(why.sentences.contains { $0.contains("Sam, because you said so") })
        let told = try album.explain("s4.jpg", person: nil)
        #expect(told.sentences.contains { $0.contains("from Sam's face in 's") }, "\(told)")
        let row = try #require(try album.faces().first { $0.photo == "s4.jpg" })
        #expect(row.person == "Sam" && row.reference?.hasPrefix("s") == true && !row.isDecided)
        #expect(try album.people().first?.referencePhotos.count == 3)
        #expect(try await party.sortAgain().run == nil)
    }

    @Test("Answers survive a deleted catalogue, another search and moved photos")
    func survives() async throws {
        let party = try await sorted()
        let sam = try keys(party, "s1.jpg", "s2.jpg", "s3.jpg")
        let waiter = try keys(party, "k1.jpg", "k2.jpg", "k3.jpg")
        let poster = try keys(party, "r.jpg")
        try say(party, .isPerson(sam, name: "Sam"))
        try say(party, .rename("Sam", to: "Samuel"), .notAGuest(waiter))
        try say(party, .ignore(poster))
        try await party.sortAgain()
        let expected = [
            "Samuel/s1.jpg", "Samuel/s2.jpg", "Samuel/s3.jpg", "unknown/k1.jpg", "unknown/k2.jpg",
            "unknown/k3.jpg", "unknown/r.jpg",
        ]
        #expect(try party.listing() == expected)
        #expect(try party.opened().status().decisions.answerCount == 3)
        try party.remove("album/.facesort/catalogue.sqlite")
        try party.rename("photos", to: "moved/photos")
        let moved = party.folder.appending("moved/photos")
        var request = SortRequest(photos: [moved], album: party.album)
        request.study.search = .thorough
        let summary = try await party.run(request)
        #expect(try party.listing() == expected)
        #expect(summary.strangers.isEmpty && summary.decisions.faceCount == 7)
        #expect(try party.opened().faces().filter(\.isDecided).count == 7)
    }

    @Test("Nothing automatic overrules a decision, and withdrawing it gives the album back")
    func outranks() async throws {
        let party = try await Party.small()
        try await party.sort()
        #expect(try party.listing() == Party.smallAlbum)
        let anna = try keys(party, "a.jpg")
        try say(party, .isNotPerson(anna, name: "Anna"))
        try await party.sortAgain()
        #expect(try !party.has("album/Anna/a.jpg") && party.has("album/unknown/a.jpg"))
        let why = try party.opened().explain("a.jpg", person: nil)
        #expect(why.sentences.contains { $0.contains("You said that it is not Anna") })
        try say(party, .isPerson(anna, name: "Ben"))
        try await party.sortAgain()
        #expect(try party.has("album/Ben/a.jpg"))
        try say(party, .withdraw(1), .withdraw(2))
        try await party.sortAgain()
        #expect(try party.listing() == Party.smallAlbum)
    }

    @Test("A renamed or merged person keeps the portraits, and the files move along")
    func people() async throws {
        let party = try await Party.small()
        try await party.sort()
        try say(party, .rename("Anna", to: "Änne"))
        let renamed = try await party.sort()
        #expect(renamed.movedFileCount == 2 && renamed.copiedFileCount == 0)
        #expect(
            try party.listing()
                == Party.smallAlbum.map { $0.replacing("Anna/", with: "Änne/") }.sorted())
        #expect(try await party.sort().run == nil)
        try say(party, .merge("Änne", into: "Ben"))
        try await party.sort()
        #expect(
            try party.listing()
                == ["Ben/a.jpg", "Ben/b.jpg", "Ben/c.jpg", "group/c.jpg", "unknown/d.jpg"])
        #expect(try party.opened().people().map(\.portraitCount) == [2])
        try say(party, .withdraw(2))
        try say(party, .withdraw(1))
        try await party.sort()
        #expect(try party.listing() == Party.smallAlbum)
        #expect(try await party.sort().run == nil)
    }

    @Test("Ignored faces do not count for a group; faces of no guest do, but are no stranger")
    func leftOut() async throws {
        let party = try Party()
        try party.add([.salley, .savage, .simm], as: "photos/c.jpg")
        for number in 1...3 { try party.add(.simm, as: "photos/s\(number).jpg", mark: number) }
        try await party.run(SortRequest(photos: [party.photos], album: party.album))
        #expect(try party.has("album/group/c.jpg") && party.has("album/unknown/person-01/c.jpg"))
        let group = try keys(party, "c.jpg")
        try say(party, .notAGuest(try keys(party, "s1.jpg", "s2.jpg", "s3.jpg")))
        let summary = try await party.sortAgain()
        #expect(summary.strangers.isEmpty)
        #expect(
            try party.listing()
                == ["group/c.jpg", "unknown/c.jpg"] + (1...3).map { "unknown/s\($0).jpg" })
        try say(party, .ignore([group[0]]))
        try await party.sortAgain()
        #expect(try !party.has("album/group/c.jpg"))
    }

    @Test("Faces said to be the same share a cluster, different ones never do")
    func ties() async throws {
        let party = try await sorted()
        let (sam, kim) = (try keys(party, "s1.jpg"), try keys(party, "k1.jpg"))
        try say(party, .same(sam + kim))
        try await party.sortAgain()
        #expect(try number(party, of: "s1.jpg") == number(party, of: "k1.jpg"))
        try say(
            party, .different(sam, from: try keys(party, "s2.jpg", "s3.jpg")), .withdraw(1))
        try await party.sortAgain()
        let after = try clusters(party)
        #expect(after["s1.jpg"] == nil || after["s1.jpg"] != after["s2.jpg"])
        #expect(after["s2.jpg"] == after["s3.jpg"] && after["s2.jpg"] != nil)
        #expect(after["k1.jpg"] == after["k2.jpg"] && after["k1.jpg"] != after["s2.jpg"])
    }

    @Test("A damaged journal is reported, and a dry run obeys decisions and writes nothing")
    func damagedAndDry() async throws {
        let party = try await sorted()
        try say(party, .isPerson(try keys(party, "s1.jpg"), name: "Sam"))
        try party.write(
            try party.bytes("album/.facesort/decisions.jsonl") + Array("{}\n".utf8),
            to: "album/.facesort/decisions.jsonl")
        let state = try party.state()
        let dry = try await party.sortAgain { $0.isDryRun = true }
        #expect(dry.changes.contains { $0.path.hasPrefix("Sam/") })
        #expect(try party.state() == state)
        let summary = try await party.sortAgain()
        #expect(summary.notes.contains { $0.contains("1 line of '.facesort/decisions.jsonl'") })
        #expect(try party.has("album/Sam/s1.jpg"))
        let report = try party.opened().check(interruption: Interruption()) { _, _ in }
        #expect(
            report.problems.map(\.subject) == [".facesort/decisions.jsonl"]
                && report.problems[0].sentence.hasPrefix("Line 2 "))
    }

    @Test("A drawn face is analysed where it was drawn; once withdrawn it is gone")
    func drawn() async throws {
        let party = try await sorted()
        let simm = try keys(party, "s1.jpg")[0]
        // The corner has no face, but the host says it has.
        let corner = FaceKey(
            photo: simm.photo, box: FaceBox(left: 0.02, top: 0.02, width: 0.2, height: 0.25))
        try say(party, .drawn(corner), .isPerson([corner], name: "Ghost"))
        try await party.sortAgain()
        #expect(try party.has("album/Ghost/s1.jpg"))
        let faces = try party.opened().faces().filter { $0.photo == "s1.jpg" }
        #expect(faces.count == 2 && faces.contains { $0.person == "Ghost" && $0.isDecided })
        #expect(try await party.sortAgain().run == nil)
        try say(party, .withdraw(1))
        try await party.sortAgain()
        #expect(try !party.has("album/Ghost"))
        #expect(try party.opened().faces().filter { $0.photo == "s1.jpg" }.count == 1)
        // While out of reach, it counts without being analysed.
        try say(party, .drawn(corner), .isPerson([corner], name: "Ghost"))
        try party.rename("photos", to: "away")
        try party.remove("album/unknown")
        try await party.sortAgain()
        let why = try party.opened().explain("s1.jpg", person: nil)
        #expect(why.sentences.contains { $0.contains("Ghost is in it as well") }, "\(why)")
    }
}
