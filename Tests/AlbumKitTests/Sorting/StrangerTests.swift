@testable import FileLedger
import FaceCore
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

@Suite struct StrangerTests {
    /// Simm in three photos, Shimkus in two, Schneider in one, nobody of them known.
    private func crowd() throws -> Party {
        let party = try Party()
        try party.add(.salley, as: "people/Anna.jpg")
        for number in 1...3 { try party.add(.simm, as: "photos/s\(number).jpg", mark: number) }
        for number in 1...2 { try party.add(.shimkus, as: "photos/k\(number).jpg", mark: number) }
        try party.add(.schneider, as: "photos/r.jpg")
        return party
    }

    private static let album = [
        "unknown/k1.jpg", "unknown/k2.jpg", "unknown/person-01/s1.jpg", "unknown/person-01/s2.jpg",
        "unknown/person-01/s3.jpg", "unknown/r.jpg",
    ]

    private func clusters(_ party: Party) throws -> [String: String] {
        let rows = try party.opened().faces().compactMap { row in
            row.cluster.map { (row.photo, $0) }
        }
        return Dictionary(rows) { first, _ in first }
    }

    @Test("A stranger of three photos gets a folder in unknown; the others lie beside it")
    func folders() async throws {
        let party = try crowd()
        try party.add(.salley, as: "photos/a.jpg", mark: 9)
        let summary = try await party.sort()
        #expect(try party.listing() == ["Anna/a.jpg"] + Self.album)
        #expect(summary.unknownCount == 6 && summary.unknownReasons.strangers == 6)
        #expect(
            summary.strangers == [
                SortSummary.Stranger(
                    name: "person-01", photoCount: 3, folder: "unknown/person-01")
            ])
        #expect(
            try clusters(party) == [
                "a.jpg": "Anna", "k1.jpg": "person-02", "k2.jpg": "person-02",
                "s1.jpg": "person-01", "s2.jpg": "person-01", "s3.jpg": "person-01",
            ])
        #expect(try await party.sortAgain().run == nil)
        #expect(try party.opened().status().unknownCount == 6)
        let why = try party.opened().explain("s1.jpg", person: nil)
        #expect(why.places == ["unknown/person-01"])
        #expect(why.sentences.contains { $0.contains("the stranger person-01") })
    }

    @Test("A photo with two strangers lies with both; if a known person is in it, with neither")
    func twoStrangers() async throws {
        let party = try crowd()
        try party.add(.shimkus, as: "photos/k3.jpg", mark: 3)
        try party.add([.simm, .shimkus], as: "photos/both.jpg")
        try party.add([.simm, .shimkus, .salley], as: "photos/known.jpg")
        let summary = try await party.sort()
        #expect(summary.unknownCount == 8)
        let found = try party.listing()
        #expect(found.filter { $0.hasSuffix("both.jpg") }.count == 2)
        #expect(found.contains("unknown/person-01/both.jpg"))
        #expect(found.contains("unknown/person-02/both.jpg"))
        #expect(
            found.filter { $0.hasSuffix("known.jpg") } == ["Anna/known.jpg", "group/known.jpg"])
        #expect(summary.strangers.map(\.photoCount) == [5, 5])
        #expect(try await party.sortAgain().run == nil)
    }

    @Test(
        "New photos join; who was first keeps the number, and the third photo makes a folder", .slow
    )
    func numbersStay() async throws {
        let party = try crowd()
        try await party.sort()
        for number in 3...5 { try party.add(.shimkus, as: "photos/k\(number).jpg", mark: number) }
        let second = try await party.sort()
        #expect(second.movedFileCount == 2 && second.removedFileCount == 0)
        #expect(
            try party.listing() == [
                "unknown/person-01/s1.jpg", "unknown/person-01/s2.jpg", "unknown/person-01/s3.jpg",
                "unknown/person-02/k1.jpg", "unknown/person-02/k2.jpg", "unknown/person-02/k3.jpg",
                "unknown/person-02/k4.jpg", "unknown/person-02/k5.jpg", "unknown/r.jpg",
            ])
        #expect(second.strangers.map(\.name) == ["person-02", "person-01"])
        // Somebody gets a name; the number goes to nobody else.
        try party.add(.simm, as: "people/Cid.jpg")
        for number in 2...4 { try party.add(.schneider, as: "photos/r\(number).jpg", mark: number) }
        try await party.sort()
        #expect(try party.has("album/Cid/s1.jpg") && !party.has("album/unknown/person-01"))
        #expect(try party.has("album/unknown/person-03/r.jpg"))
        #expect(try party.has("album/unknown/person-02/k1.jpg"))
        // The number comes back with the face.
        try party.remove("people/Cid.jpg")
        try await party.sort()
        #expect(try party.has("album/unknown/person-01/s1.jpg") && !party.has("album/Cid"))
    }

    @Test("In any order of the photos, with one worker or two, the folders are the same", .slow)
    func sameResult() async throws {
        let one = try crowd()
        try await one.sort { $0.study.jobs = 1 }
        let two = try crowd()
        try await two.sort { $0.study.jobs = 2 }
        #expect(try one.contents() == two.contents())
        #expect(try clusters(one) == clusters(two))
    }

    @Test(
        "Undo takes back what a stranger's third photo moved, and sorting again does it again",
        .slow)
    func undo() async throws {
        let party = try crowd()
        try party.rename("photos/s3.jpg", to: "later/s3.jpg")
        try await party.sort()
        let before = try party.contents()
        #expect(before.keys.contains("unknown/s1.jpg"))
        try party.rename("later/s3.jpg", to: "photos/s3.jpg")
        #expect(try await party.sort().movedFileCount == 2)
        #expect(try party.listing() == Self.album)
        let undone = try party.undo()
        #expect(undone.left.isEmpty && undone.movedFileCount == 2)
        #expect(try party.contents() == before)
        #expect(try !party.has("album/unknown/person-01"))
        try await party.sort()
        #expect(try party.listing() == Self.album)
        try party.undo(.all)
        #expect(try party.listing().isEmpty)
        #expect(try Disk().entries(of: party.album).map(\.name.string) == [".facesort"])
    }

    @Test("With --flat-unknown all lie in unknown itself; it is remembered and can be taken back")
    func flat() async throws {
        let party = try crowd()
        let summary = try await party.sort { $0.isUnknownFlat = true }
        let flat = ["k1", "k2", "r", "s1", "s2", "s3"].map { "unknown/\($0).jpg" }
        #expect(try party.listing() == flat)
        #expect(summary.strangers.map(\.photoCount) == [3])
        #expect(summary.strangers.map(\.folder) == [nil])
        #expect(try await party.sortAgain().run == nil)
        let deep = try await party.sortAgain { $0.isUnknownFlat = false }
        #expect(deep.movedFileCount == 3 && deep.copiedFileCount == 0)
        #expect(try party.listing() == Self.album)
        #expect(try await party.sortAgain { $0.isUnknownFlat = true }.movedFileCount == 3)
        #expect(try party.listing() == flat && !party.has("album/unknown/person-01"))
    }

    @Test("A photo deleted from unknown is not put back when its stranger gets a folder", .slow)
    func deleted() async throws {
        let party = try crowd()
        try party.rename("photos/s3.jpg", to: "later/s3.jpg")
        try await party.sort()
        try party.remove("album/unknown/s1.jpg")
        try party.rename("later/s3.jpg", to: "photos/s3.jpg")
        try await party.sort()
        #expect(
            try party.listing().filter { $0.contains("/s") || $0.contains("person") } == [
                "unknown/person-01/s2.jpg", "unknown/person-01/s3.jpg",
            ])
    }

    @Test(
        "A photo whose original is out of reach goes along, and is in the album throughout", .slow)
    func cardGone() async throws {
        let party = try crowd()
        try party.rename("photos/s3.jpg", to: "card/s3.jpg")
        try await party.sort()
        try party.rename("photos", to: "elsewhere")
        let card = party.folder.appending("card")
        try await party.run(SortRequest(photos: [card], album: party.album))
        #expect(try party.listing() == Self.album)
    }

    @Test(
        "When the catalogue is lost the folders keep their numbers, and none is given twice", .slow)
    func lostCatalogue() async throws {
        let party = try crowd()
        for number in 3...5 { try party.add(.shimkus, as: "photos/k\(number).jpg", mark: number) }
        try await party.sort()
        let before = try party.contents()
        // With new numbers Simm would come first: there are more photos of him now.
        for number in 6...9 { try party.add(.simm, as: "photos/s\(number).jpg", mark: number) }
        try party.remove("album/.facesort/catalogue.sqlite")
        try await party.sort()
        let after = try party.contents()
        for (name, bytes) in before { #expect(after[name] == bytes, "\(name)") }
        #expect(after.keys.contains("unknown/person-02/s9.jpg"))
        try party.remove("album/.facesort/catalogue.sqlite")
        try party.undo(.all)
        try party.remove("album/.facesort/catalogue.sqlite")
        try await party.sort()
        #expect(try party.has("album/unknown/person-03") && !party.has("album/unknown/person-01"))
    }

    @Test(
        "Whichever disk operation fails while folders are made, the same album results",
        .slow)
    func failingDisk() async throws {
        let party = try crowd()
        try await party.sort { $0.isUnknownFlat = true }
        party.copyFolder("album", to: "before")
        @Sendable func isProbe(_ path: FilePath) -> Bool {
            path.string.contains("/.facesort/probe")
        }
        func run(_ disk: Disk) async throws(AlbumError) {
            try await party.sortAgain(disk: disk) { $0.isUnknownFlat = false }
        }
        let counting = CountingDisk(.once, at: 0) { !isProbe($1) }
        try await run(counting.disk)
        #expect(try party.listing() == Self.album)
        for failure in CountingDisk.Failure.allCases {
            for step in stride(from: 1, through: counting.operations, by: 3) {
                try party.remove("album")
                party.copyFolder("before", to: "album")
                _ = try? await run(CountingDisk(failure, at: step) { !isProbe($1) }.disk)
                try await run(Disk())
                #expect(try party.listing() == Self.album, "\(failure), step \(step)")
                let leftovers = try filesIn(party.album).keys.filter { $0.contains("/.facesort-") }
                #expect(leftovers.isEmpty)
            }
        }
    }
}
