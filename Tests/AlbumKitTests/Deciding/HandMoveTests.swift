@testable import PhotoIndex
@testable import FileLedger
import FaceCore
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

@Suite struct HandMoveTests {
    private static func crowd() throws -> Party {
        let party = try Party()
        try party.add(.salley, as: "people/Anna.jpg")
        try party.add(.salley, as: "photos/a.jpg", mark: 9)
        for number in 1...3 { try party.add(.simm, as: "photos/s\(number).jpg", mark: number) }
        try party.add(.schneider, as: "photos/r.jpg")
        try party.add([.shimkus, .savage], as: "photos/two.jpg")
        return party
    }

    private static let analysed = Task { try await Party.Analysed(crowd()) }

    private func sorted() async throws -> Party {
        let party = try Self.crowd()
        try await Self.analysed.value.teach(party)
        try await party.sort()
        return party
    }

    private static let album = [
        "Anna/a.jpg", "unknown/person-01/s1.jpg", "unknown/person-01/s2.jpg",
        "unknown/person-01/s3.jpg", "unknown/r.jpg", "unknown/two.jpg",
    ]

    private static let named = [
        "Anna/a.jpg", "Grandma/s1.jpg", "Grandma/s2.jpg", "Grandma/s3.jpg", "unknown/r.jpg",
        "unknown/two.jpg",
    ]

    private func answers(_ party: Party) throws -> [Decision] {
        try DecisionJournal(AlbumFolder(party.album)).answers
    }

    @Test(
        "Renaming a stranger's folder, also up to the album, names the stranger; undo works",
        .slow,
        arguments: ["unknown/Grandma", "Grandma"])
    func renamed(folder: String) async throws {
        let party = try await sorted()
        #expect(try party.listing() == Self.album)
        try party.rename("album/unknown/person-01", to: "album/" + folder)
        let before = try party.contents()
        let dry = try await party.sortAgain { $0.isDryRun = true }
        #expect(dry.notes.contains { $0.contains("3 faces would be Grandma") }, "\(dry.notes)")
        #expect(try answers(party).isEmpty && party.contents() == before)
        let summary = try await party.sortAgain()
        #expect(summary.notes.contains { $0.contains("Grandma now") })
        #expect(summary.copiedFileCount == 0 && summary.leftToUserCount == 0)
        #expect(try party.listing() == Self.named)
        #expect(try answers(party).count == 1 && answers(party)[0].sayings[0].faces.count == 3)
        #expect(try await party.sortAgain().run == nil)
        #expect(try party.opened().check(interruption: Interruption()) { _, _ in }.problems.isEmpty)
        // New photos of her are recognised.
        try party.add(.simm, 1, as: "photos/s4.jpg")
        try await party.sortAgain()
        #expect(try party.has("album/Grandma/s4.jpg"))
        let undone = try party.undo(.all)
        #expect(undone.left.isEmpty, "\(undone.left)")
        #expect(try party.listing().isEmpty)
        // The answer stays.
        try await party.sortAgain()
        #expect(try party.has("album/Grandma/s1.jpg"))
    }

    @Test("A folder renamed while the catalogue is lost still names the stranger")
    func lostCatalogue() async throws {
        let party = try await sorted()
        try party.rename("album/unknown/person-01", to: "album/unknown/Grandma")
        try party.remove("album/.facesort/catalogue.sqlite")
        try await party.sort()
        #expect(try party.listing() == Self.named)
    }

    @Test("A photo taken out of the folder before it was renamed is not hers")
    func takenOut() async throws {
        let party = try await sorted()
        try party.remove("album/unknown/person-01/s2.jpg")
        try party.rename("album/unknown/person-01", to: "album/unknown/Grandma")
        try await party.sortAgain()
        #expect(try answers(party)[0].sayings[0].faces.count == 2)
    }

    @Test("A folder whose name cannot be a person's stays as it is, with a note")
    func refused() async throws {
        let party = try await sorted()
        try party.rename("album/unknown/person-01", to: "album/unknown/Group")
        let summary = try await party.sortAgain()
        #expect(summary.notes.contains { $0.contains("nobody can be called 'Group'") })
        #expect(try answers(party).isEmpty && party.has("album/unknown/Group/s1.jpg"))
        #expect(summary.leftToUserCount == 3)
    }

    @Test(
        "A photo moved to a person is theirs if one face in it has no name; otherwise a note")
    func dragged() async throws {
        let party = try await sorted()
        try party.rename("album/unknown/r.jpg", to: "album/Anna/r.jpg")
        try party.rename("album/unknown/two.jpg", to: "album/Anna/two.jpg")
        let summary = try await party.sortAgain()
        #expect(try answers(party).map(\.sayings.count) == [1])
        #expect(summary.notes.contains { $0.contains("'Anna/r.jpg'") && $0.contains("Anna now") })
        #expect(summary.notes.contains { $0.contains("2 faces in it have no name") })
        #expect(summary.leftToUserCount == 1)
        let expected = [
            "Anna/a.jpg", "Anna/r.jpg", "Anna/two.jpg", "unknown/person-01/s1.jpg",
            "unknown/person-01/s2.jpg", "unknown/person-01/s3.jpg",
        ]
        #expect(try party.listing() == expected)
        #expect(try await party.sortAgain().run == nil)
        #expect(try party.opened().explain("r.jpg", person: "Anna").places == ["Anna"])
        // Undo takes the run back: the photo lies where it lay.
        try party.undo()
        #expect(try party.has("album/unknown/r.jpg") && !party.has("album/Anna/r.jpg"))
    }

    @Test(
        "Whichever disk operation fails, the name is kept and the same album results",
        .slow)
    func failingDisk() async throws {
        let party = try await sorted()
        try party.rename("album/unknown/person-01", to: "album/unknown/Grandma")
        party.copyFolder("album", to: "before")
        @Sendable func isProbe(_ path: FilePath) -> Bool {
            path.string.contains("/.facesort/probe")
        }
        let counting = CountingDisk(.once, at: 0) { !isProbe($1) }
        try await party.sortAgain(disk: counting.disk)
        #expect(try party.listing() == Self.named)
        for failure in CountingDisk.Failure.allCases {
            for step in stride(from: 1, through: counting.operations, by: 3) {
                try party.remove("album")
                party.copyFolder("before", to: "album")
                let disk = CountingDisk(failure, at: step) { !isProbe($1) }.disk
                _ = try? await party.sortAgain(disk: disk)
                try await party.sortAgain()
                #expect(try party.listing() == Self.named, "\(failure), step \(step)")
                #expect(try answers(party).count == 1, "\(failure), step \(step)")
            }
        }
    }
}
