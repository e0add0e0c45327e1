@testable import PhotoIndex
import FaceCore
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

@Suite struct AlbumQuestionTests {
    /// ``Party/small()`` with an empty wall and a file that is not a picture.
    private func sorted() async throws -> Party {
        let party = try await Party.small()
        try party.write(Array("no picture".utf8), to: "photos/e.jpg")
        try party.write(
            try Pictures.patches(width: 160, height: 160).jpegData(), to: "photos/f.jpg")
        try await party.sort()
        return party
    }

    @Test("Why: who is in a photo, at which distance, and who would be next")
    func named() async throws {
        let party = try await sorted()
        let album = try party.opened()
        for path in ["a.jpg", party.photos.appending("a.jpg"), party.album.appending("Anna/a.jpg")]
        {
            let answer = try album.explain(path, person: nil)
            #expect(answer.faceCount == 1 && answer.places == ["Anna"])
            #expect(answer.faces.map(\.person) == ["Anna"])
            #expect(answer.faces[0].sentence.contains("Anna"))
            #expect(answer.faces[0].sentence.contains("the limit is 0.56"))
            #expect(answer.faces[0].sentence.contains("next is Ben"))
        }
        let group = try album.explain("c.jpg", person: nil)
        #expect(group.faces.map(\.person) == ["Anna", "Ben", nil])
        #expect(group.places.sorted() == ["Anna", "Ben", "group"])
        #expect(group.sentences.contains { $0.contains("3 or more faces") })
    }

    @Test("Why: too far, no face, unreadable, and about one person only")
    func others() async throws {
        let party = try await sorted()
        let album = try party.opened()
        let stranger = try album.explain("d.jpg", person: nil)
        #expect(stranger.places == ["unknown"] && stranger.faces[0].person == nil)
        #expect(stranger.faces[0].sentence.contains("beyond the limit"))
        #expect(try album.explain("f.jpg", person: nil).sentences[0].contains("No face"))
        let broken = try album.explain("e.jpg", person: nil)
        #expect(broken.places == ["unreadable"] && broken.sentences[0].contains("cannot be read"))
        let asked = try album.explain("d.jpg", person: "ben")
        #expect(asked.sentences.contains("Ben was not recognised in it."))
        #expect(asked.faces[0].sentence.contains("From Ben it is"))
        #expect(
            try album.explain("c.jpg", person: "Ben").sentences.contains(
                "Ben was recognised in it."))
    }

    @Test("Why: a face that is nearly somebody is described so")
    func nearly() async throws {
        let party = try await Party.small()
        try party.add(.salley, 1, as: "photos/near.jpg")
        try await party.sort { $0.rule = .nearest }
        let distance = try #require(
            try party.opened().explain("near.jpg", person: nil).faces[0].distance)
        #expect(distance > 0.05 && distance < 0.5)
        let summary = try await party.sortAgain {
            $0.tolerance = distance - 0.05
            $0.rule = .nearest
        }
        #expect(summary.unknownReasons.nearly == 1)
        let answer = try party.opened().explain("near.jpg", person: nil)
        #expect(answer.faces[0].band == .ask && answer.places == ["unknown"])
        #expect(answer.faces[0].sentence.hasPrefix("Nearly Anna"))
    }

    @Test("Why: photos and people that the album does not know are reported as such")
    func unknownThings() async throws {
        let party = try await sorted()
        let album = try party.opened()
        func asked(_ photo: FilePath, _ person: String? = nil) async -> AlbumError.Code? {
            await code { () throws(AlbumError) in _ = try album.explain(photo, person: person) }
        }
        #expect(await asked("nothing.jpg") == .unknownPhoto)
        #expect(await asked(party.people.appending("Anna.jpg")) == .unknownPhoto)
        #expect(await asked("a.jpg", "Nobody") == .unknownPerson)
    }

    @Test("Group shots by number of faces, by who is in them, and with nobody else")
    func groups() async throws {
        let party = try await Party.small()
        try party.add([.salley, .savage], as: "photos/g.jpg")
        try await party.sort()
        let album = try party.opened()
        func found(
            _ names: [String], only: Bool = false, minimum: Int? = nil
        ) throws -> [String] {
            try album.groups(with: names, only: only, minimumFaces: minimum).map(\.photo)
        }
        #expect(try found([]) == ["c.jpg"])
        #expect(try found([], minimum: 2) == ["c.jpg", "g.jpg"])
        #expect(try found(["Anna", "ben"]) == ["c.jpg", "g.jpg"])
        #expect(try found(["Anna", "Ben"], only: true) == ["g.jpg"])
        #expect(try found(["Anna"], only: true) == ["a.jpg"])
        #expect(try found(["Anna"], minimum: 3) == ["c.jpg"])
        let refused = await code { () throws(AlbumError) in
            _ = try album.groups(with: ["Zoe"], only: false, minimumFaces: nil)
        }
        #expect(refused == .unknownPerson)
    }

    @Test("Collected group shots are copies in a folder of their own, which can be undone")
    func collect() async throws {
        let party = try await Party.small()
        try await party.sort()
        let album = try party.opened()
        let folder = party.folder.appending("shots")
        func collect() throws -> CollectSummary {
            try album.collectGroups(with: [], only: false, minimumFaces: 1, to: folder)
        }
        #expect(try collect().copied == 4)
        #expect(
            try filesIn(folder).keys.filter { !$0.hasPrefix(".") }.sorted() == [
                "a.jpg", "b.jpg", "c.jpg", "d.jpg",
            ])
        let again = try collect()
        #expect(again.copied == 0 && again.alreadyThere == 4)
        #expect(try Album(at: folder).undo(.all).removedFileCount == 4)
        #expect(try filesIn(folder).keys.allSatisfy { $0.hasPrefix(".facesort/") })
        try party.write([1], to: "foreign/thesis.txt")
        let refused = await code { () throws(AlbumError) in
            _ = try album.collectGroups(
                with: [], only: false, minimumFaces: 1, to: party.folder.appending("foreign"))
        }
        #expect(refused == .foreignFolder)
    }

    @Test("A photo whose original is gone or changed is collected from its copy, or named")
    func collectWithoutOriginal() async throws {
        let party = try await Party.small()
        try await party.sort()
        try party.remove("photos/a.jpg")
        try party.write(Array("another photo".utf8), to: "photos/b.jpg")
        try party.remove("photos/d.jpg")
        try party.remove("album/unknown/d.jpg")
        let folder = party.folder.appending("shots")
        let summary = try party.opened().collectGroups(
            with: [], only: false, minimumFaces: 1, to: folder)
        #expect(summary.copied == 3 && summary.unreachable == ["d.jpg"])
        #expect(try party.bytes("shots/b.jpg") == party.bytes("album/Ben/b.jpg"))
    }

    @Test("Faces: a row for each face of each file, in pixels of the upright picture")
    func faces() async throws {
        let party = try await sorted()
        let album = try party.opened()
        let rows = try album.faces()
        #expect(rows.map(\.photo) == ["a.jpg", "b.jpg", "c.jpg", "c.jpg", "c.jpg", "d.jpg"])
        #expect(rows.map(\.person) == ["Anna", "Ben", "Anna", "Ben", nil, nil])
        #expect(rows.map(\.cluster) == rows.map { $0.person ?? "person-01" })
        for (index, row) in rows[2...4].enumerated() {
            #expect((150 * index - 20...150 * index + 100).contains(row.left))
            #expect(row.right - row.left > 50 && row.bottom - row.top > 50)
        }
        #expect(rows.allSatisfy { $0.distance != nil })
    }

    @Test("Status: what is where, where it came from, and which runs there were")
    func status() async throws {
        let party = try await sorted()
        let album = try party.opened()
        let status = try album.status()
        #expect(status.photoCount == 6 && status.groupCount == 1 && status.unknownCount == 2)
        #expect(status.unreadableCount == 1 && status.failures.map(\.path) == ["e.jpg"])
        #expect(status.sources.map(\.kind.rawValue).sorted() == ["people", "photos"])
        #expect(status.sources.map(\.fileCount).sorted() == [2, 6])
        #expect(status.sources.allSatisfy(\.isReachable) && status.inUseBy == nil)
        #expect(status.runs.map(\.state) == [.finished])
        try party.undo()
        #expect(try album.status().runs.map(\.state) == [.undone])
    }

    @Test("Check finds files of ours that are gone or changed, and leaves the user's alone")
    func check() async throws {
        let party = try await sorted()
        let album = try party.opened()
        func checked() throws -> CheckReport {
            try album.check(interruption: Interruption()) { _, _ in }
        }
        #expect(try checked().problems.isEmpty && checked().checkedFileCount == 8)
        try party.remove("album/Anna/a.jpg")
        try party.write([1, 2], to: "album/Ben/b.jpg")
        try party.write([3], to: "album/Ben/mine.txt")
        let report = try checked()
        #expect(report.problems.map(\.subject).sorted() == ["Anna/a.jpg", "Ben/b.jpg"])
        #expect(report.foreignFileCount == 1)
    }

    @Test("Questions change nothing in the album")
    func readOnly() async throws {
        let party = try await sorted()
        let album = try party.opened()
        let before = try party.state()
        _ = try album.status()
        _ = try album.people()
        _ = try album.faces()
        _ = try album.explain("a.jpg", person: nil)
        _ = try album.check(interruption: Interruption()) { _, _ in }
        #expect(try party.state() == before)
    }
}
