@testable import PhotoIndex
@testable import FileLedger
import FaceCore
import Foundation
import PhotoImaging
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

@Suite struct ReviewTests {
    /// Anna known and in one photo; Simm in four photos, Shimkus in three, Schneider in one.
    private static func party() throws -> Party {
        let party = try Party()
        try party.add(.salley, as: "people/Anna.jpg")
        try party.add(.salley, 1, as: "photos/a.jpg")
        for number in 1...4 { try party.add(.simm, as: "photos/s\(number).jpg", mark: number) }
        for number in 1...3 { try party.add(.shimkus, as: "photos/k\(number).jpg", mark: number) }
        try party.add(.schneider, as: "photos/r.jpg")
        return party
    }

    private static let analysed = Task { try await Party.Analysed(party()) }

    /// - Returns: also the party, whose folder goes with it.
    private func visit(_ change: (Party) throws -> Void = { _ in }) async throws -> (Party, Review)
    {
        let party = try Self.party()
        try change(party)
        try await Self.analysed.value.teach(party)
        try await party.sort()
        return (party, try review(of: party))
    }

    private func review(of party: Party) throws -> Review {
        try Review(
            of: party.opened(),
            environment: RunEnvironment([:], now: { Date(timeIntervalSince1970: 1_800_000_000) }))
    }

    private func journal(_ party: Party) throws -> [Decision] {
        try DecisionJournal(AlbumFolder(party.album), disk: Disk()).answers
    }

    private func answer(
        _ review: Review, _ answer: ReviewAnswer
    ) throws(AlbumError) -> ReviewReceipt {
        try review.answer(answer, seen: review.revision)
    }

    /// Why an answer is refused; `nil` when it is accepted.
    private func refusal(_ review: Review, _ answer: ReviewAnswer) -> AlbumError.Code? {
        do {
            _ = try self.answer(review, answer)
            return nil
        } catch {
            return error.code
        }
    }

    /// The faces of the first group that is to be named.
    private func firstGroup(_ review: Review) throws -> ReviewGroupPage {
        let first = try #require(try review.groups().first)
        return try #require(try review.group(first.number))
    }

    private func all(_ page: ReviewGroupPage) -> [ReviewToken] {
        (page.closeLook + page.faces).map(\.id)
    }

    @Test("The start lists what there is to do, the largest group first", .slow)
    func start() async throws {
        let (party, review) = try await visit { try $0.write(Array("no".utf8), to: "photos/x.jpg") }
        defer { withExtendedLifetime(party) {} }
        let start = try review.start()
        #expect(start.photoCount == 10 && start.faceCount == 9 && start.namedFaceCount == 1)
        #expect(start.groups.map(\.photoCount) == [4, 3])
        #expect(start.groups.map(\.number.rawValue) == [1, 2] && start.groupPhotoCount == 7)
        #expect(start.failures.map(\.path) == ["x.jpg"])
        #expect(start.personCount == 1 && start.leftOutFaceCount == 0)
        #expect(try review.people().map(\.name) == ["Anna"])
        let page = try firstGroup(review)
        #expect(page.position == 1 && page.groupCount == 2 && page.next?.rawValue == 2)
        #expect(all(page).count == 4 && Set(all(page)).count == 4)
    }

    @Test("A group named in one answer is a person; sorting then files the photos")
    func name() async throws {
        let (party, review) = try await visit()
        defer { withExtendedLifetime(party) {} }
        let page = try firstGroup(review)
        let receipt = try answer(
            review, .group(all(page), out: [], rest: .stayUnnamed, are: .name(" Grandma ")))
        #expect(receipt.sentence == "4 faces are Grandma now." && receipt.number == 1)
        #expect(try review.groups().map(\.photoCount) == [3])
        let grandma = try #require(try review.people().first { $0.name == "Grandma" })
        #expect(grandma.photoCount == 4)
        #expect(try review.person(grandma.id)?.sure.count == 4)
        await review.waitUntilReconsidered()
        #expect(try review.people().map(\.name) == ["Anna", "Grandma"])
        try await party.sortAgain()
        #expect(
            try party.listing().filter { $0.hasPrefix("Grandma/") }
                == ["Grandma/s1.jpg", "Grandma/s2.jpg", "Grandma/s3.jpg", "Grandma/s4.jpg"])
    }

    @Test("Faces taken out are not that person, and other answers about them count")
    func takenOut() async throws {
        for rest in ReviewAnswer.Rest.allCases {
            let (party, review) = try await visit()
            defer { withExtendedLifetime(party) {} }
            let faces = all(try firstGroup(review))
            let receipt = try answer(
                review, .group(faces, out: [faces[1]], rest: rest, are: .name("Simm")))
            #expect(receipt.sentence.hasPrefix("3 faces are Simm now. 1 was taken out"))
            let sayings = try journal(party).flatMap(\.sayings)
            #expect(sayings.first?.faces.count == 3 && sayings[1].faces.count == 1)
            #expect(sayings.count == (rest == .areNotGuests ? 3 : 2))
            #expect(try review.start().leftOutFaceCount == (rest == .areNotGuests ? 1 : 0))
        }
    }

    @Test("An answer is taken back, and the group is there again")
    func withdraw() async throws {
        let (party, review) = try await visit()
        defer { withExtendedLifetime(party) {} }
        let page = try firstGroup(review)
        let receipt = try answer(
            review, .group(all(page), out: [], rest: .stayUnnamed, are: .name("Simm")))
        #expect(review.lastReceipt == receipt)
        let number = try #require(receipt.number)
        // Otherwise it is chance whether the faces are compared before that is taken back.
        await review.waitUntilReconsidered()
        #expect(try answer(review, .withdraw(number)).sentence == "Taken back.")
        await review.waitUntilReconsidered()
        #expect(try review.groups().map(\.photoCount) == [4, 3])
        #expect(review.lastReceipt == nil)
        #expect(refusal(review, .withdraw(number)) == .stale)
    }

    @Test("A second tab's answer about the same faces is refused, and nothing is lost")
    func stale() async throws {
        let (party, review) = try await visit()
        defer { withExtendedLifetime(party) {} }
        let page = try firstGroup(review)
        let seen = review.revision
        _ = try review.answer(
            .group(all(page), out: [], rest: .stayUnnamed, are: .name("Claire")), seen: seen)
        do throws(AlbumError) {
            _ = try review.answer(
                .group(all(page), out: [], rest: .stayUnnamed, are: .name("Ellie")), seen: seen)
            Issue.record("a stale answer was taken")
        } catch {
            #expect(error.code == .stale && error.reason.contains("4 faces are Claire now"))
        }
        #expect(try journal(party).count == 1)
        // An answer about another group is accepted.
        let other = try firstGroup(review)
        _ = try review.answer(
            .group(all(other), out: [], rest: .stayUnnamed, are: .name("Ellie")), seen: seen)
        #expect(try journal(party).count == 2)
    }

    @Test("While another run writes the album an answer is refused and not written")
    func inUse() async throws {
        let (party, review) = try await visit()
        defer { withExtendedLifetime(party) {} }
        let page = try firstGroup(review)
        let lock = try AlbumLock.acquire(AlbumFolder(party.album), command: "facesort sort")
        #expect(
            refusal(review, .areNotGuests(all(page))) == .inUse)
        lock.release()
        #expect(try journal(party).isEmpty)
        #expect(try answer(review, .areNotGuests(all(page))).number == 1)
        #expect(try review.start().leftOutFaceCount == 4)
        #expect(try review.groups().map(\.photoCount) == [3])
    }

    @Test(
        "Names that cannot be a folder's are refused with the reason", .slow,
        arguments: ["", "  ", "group", "Unknown", "a/b", "..", ".x", "a\u{7}b"])
    func names(_ name: String) async throws {
        let (party, review) = try await visit()
        defer { withExtendedLifetime(party) {} }
        let page = try firstGroup(review)
        #expect(
            refusal(review, .group(all(page), out: [], rest: .stayUnnamed, are: .name(name)))
                == .personName)
        #expect(
            refusal(
                review, .group(all(page), out: all(page), rest: .stayUnnamed, are: .name("Eve"))
            ) == .setting)
        #expect(try journal(party).isEmpty)
    }

    @Test("A typed name in another case is the person who has it")
    func knownName() async throws {
        let (party, review) = try await visit()
        defer { withExtendedLifetime(party) {} }
        let page = try firstGroup(review)
        let receipt = try answer(
            review, .group(all(page), out: [], rest: .stayUnnamed, are: .name("anna")))
        #expect(receipt.sentence == "4 faces are Anna now.")
        #expect(try review.people().map(\.name) == ["Anna"])
    }

    @Test("Two groups are merged into one, and one into a person")
    func same() async throws {
        let (party, review) = try await visit()
        defer { withExtendedLifetime(party) {} }
        let groups = try review.groups()
        let second = try #require(try review.group(groups[1].number))
        _ = try answer(
            review, .group(all(second), out: [], rest: .stayUnnamed, are: .group(groups[0].number)))
        #expect(try review.groups().map(\.photoCount) == [7])
        let anna = try #require(try review.people().first)
        _ = try answer(
            review,
            .group(all(try firstGroup(review)), out: [], rest: .stayUnnamed, are: .person(anna.id)))
        #expect(try review.groups().isEmpty)
        #expect(try review.person(anna.id)?.sure.count == 8)
    }

    @Test("A person is renamed, merged, and a face split off")
    func people() async throws {
        let (party, review) = try await visit()
        defer { withExtendedLifetime(party) {} }
        _ = try answer(
            review,
            .group(all(try firstGroup(review)), out: [], rest: .stayUnnamed, are: .name("S")))
        let simm = try #require(try review.people().first { $0.name == "S" })
        #expect(refusal(review, .rename(simm.id, to: "Anna")) == .setting)
        _ = try answer(review, .rename(simm.id, to: "Simm"))
        #expect(try review.people().map(\.name) == ["Anna", "Simm"])
        #expect(try review.person(simm.id) == nil)
        let renamed = try #require(try review.people().last)
        let faces = try #require(try review.person(renamed.id)).sure.map(\.face.id)
        _ = try answer(review, .areSomeoneElse(Array(faces.prefix(2)), person: renamed.id))
        #expect(try review.person(renamed.id)?.sure.count == 2)
        _ = try answer(review, .merge(renamed.id, into: .name("Anna")))
        #expect(try review.people().map(\.name) == ["Anna"])
        #expect(try review.people().first?.photoCount == 3)
        #expect(refusal(review, .merge(renamed.id, into: .name("Eve"))) == .stale)
    }

    @Test("A face that no search found can be drawn; a box over a found face means that face")
    func draw() async throws {
        let (party, review) = try await visit {
            try $0.write(
                try Party.shot(of: [.salley]).jpegData(), to: "photos/zz.jpg")
        }
        let photo = try #require(
            try review.start().groups.first?.faces.first?.photo)
        let found = try #require(try review.photo(photo.id)?.faces.first?.face)
        _ = try answer(
            review, .draw(photo: photo.id, box: found.box, is: .name("Simm"), isPortrait: false))
        #expect(try journal(party).last?.sayings.count == 1)
        let corner = FaceBox(left: -0.1, top: 0, width: 0.2, height: 0.1)
        _ = try answer(
            review, .draw(photo: photo.id, box: corner, is: .name("Baby"), isPortrait: true))
        let baby = try #require(try review.people().first { $0.name == "Baby" })
        #expect(baby.photoCount == 1)
        let drawn = try #require(try review.person(baby.id)?.drawn.first)
        #expect(drawn.box == FaceBox(left: 0, top: 0, width: 0.1, height: 0.1))
        #expect(try review.picture(ofFace: drawn.id, side: 160) != nil)
        #expect(try review.photo(photo.id)?.faces.map(\.label).contains("Baby") == true)
        for bad in [
            FaceBox(left: 0.5, top: 0.5, width: 0, height: 0.1),
            FaceBox(left: 2, top: 0, width: 0.1, height: 0.1),
            FaceBox(left: .nan, top: 0, width: 0.1, height: 0.1),
        ] {
            #expect(
                refusal(review, .draw(photo: photo.id, box: bad, is: .name("X"), isPortrait: false))
                    == .setting)
        }
    }

    @Test("Pictures are cut once, kept, and made of the photo's own bytes only")
    func pictures() async throws {
        let (party, review) = try await visit()
        defer { withExtendedLifetime(party) {} }
        let face = try #require(try firstGroup(review).faces.first)
        let picture = try #require(try review.picture(ofFace: face.id, side: 200))
        let cut = try PhotoSource(bytes: picture)
        #expect(cut.uprightWidth == cut.uprightHeight && cut.uprightWidth <= 320)
        try party.remove("photos/\(face.photo.name)")
        try party.remove("album")
        #expect(try PhotoSource(bytes: picture).uprightWidth > 50)
        let (other, fresh) = try await visit()
        defer { withExtendedLifetime(other) {} }
        let page = try firstGroup(fresh)
        let victim = try #require(page.faces.first)
        // What lies at the original's path now is no picture of this album.
        try other.write(try Guest.savage.portrait(), to: "photos/\(victim.photo.name)")
        for name in try other.listing() where name.hasSuffix(victim.photo.name) {
            try other.remove("album/\(name)")
        }
        #expect(try fresh.picture(ofFace: victim.id, side: 200) == nil)
        #expect(try fresh.picture(ofPhoto: victim.photo.id, side: 2560) == nil)
        let whole = try #require(page.faces.last)
        #expect(try fresh.picture(ofPhoto: whole.photo.id, side: 2560) != nil)
        let anna = try #require(try fresh.people().first?.portrait)
        #expect(try fresh.picture(ofPortrait: anna, side: 160) != nil)
        #expect(try fresh.picture(ofFace: anna, side: 160) == nil)
    }

    @Test("A postponed group comes last, and a group that is gone has no page")
    func putOff() async throws {
        let (party, review) = try await visit()
        defer { withExtendedLifetime(party) {} }
        let groups = try review.groups().map(\.number)
        review.putOff(groups[0])
        #expect(try review.groups().map(\.number) == groups.reversed())
        #expect(try review.group(ClusterNumber(rawValue: 99)) == nil)
        #expect(try review.photo(ReviewToken(person: "Anna")) == nil)
        #expect(ReviewToken(rawValue: "../../etc/passwd") == nil)
        #expect(ReviewToken(rawValue: "0123456789ABCDEF") == nil)
    }
}
