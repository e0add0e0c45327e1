@testable import AlbumCatalogue
import FaceCore
import SystemPackage
import Testing

@Suite struct PeopleTests {
    let folder: TestFolder
    let catalogue: Catalogue
    let source: Source

    init() throws {
        folder = try TestFolder()
        catalogue = try folder.open()
        source = try catalogue.rememberSource(.people, at: "/people")
        for number in 0..<4 { try catalogue.record(Sample.portrait(number), version: 1) }
    }

    private func listed(_ name: String, _ portraits: [Int], folder: String? = nil) -> ListedPerson {
        ListedPerson(
            name: name, folder: folder ?? name,
            portraits: portraits.map {
                Sample.portraitFile($0, in: source, at: FilePath("\(name)/\($0).jpg"))
            })
    }

    @Test("What was learnt from a portrait comes back, only for its version")
    func portraitAnalysis() throws {
        let none = PortraitAnalysis(
            hash: Sample.hash(9), faceCount: 0,
            failure: Failure(code: .unreadable, reason: "It is no picture."))
        try catalogue.record(none, version: 1)
        #expect(
            try catalogue.portraitAnalysis(of: Sample.hash(1), version: 1) == Sample.portrait(1))
        #expect(try catalogue.portraitAnalysis(of: Sample.hash(9), version: 1) == none)
        #expect(try catalogue.portraitAnalysis(of: Sample.hash(1), version: 2) == nil)
        #expect(try catalogue.portraitAnalysis(of: Sample.hash(8), version: 1) == nil)
        let faceless = PortraitAnalysis(hash: Sample.hash(1), width: 3, height: 4, faceCount: 0)
        try catalogue.record(faceless, version: 2)
        #expect(try catalogue.portraitAnalysis(of: Sample.hash(1), version: 2) == faceless)
        #expect(try catalogue.portraitAnalysis(of: Sample.hash(1), version: 1) == nil)
    }

    @Test("People, portraits and references are what one sync listed")
    func sync() throws {
        let people = try catalogue.replacePeople(
            [listed("Anna", [0, 1]), listed("Ben", [2], folder: "Ben_")], in: [source.id])
        #expect(people.map(\.name) == ["Anna", "Ben"])
        #expect(people.map(\.folder) == ["Anna", "Ben_"])
        #expect(people.map(\.isListed) == [true, true])
        #expect(try catalogue.people() == people)
        let portraits = try catalogue.portraits()
        #expect(portraits.map(\.file.path) == ["Anna/0.jpg", "Anna/1.jpg", "Ben/2.jpg"])
        #expect(portraits.map(\.outcome) == (0..<3).map { Sample.portrait($0) })
        #expect(portraits.map(\.person) == [people[0].id, people[0].id, people[1].id])
        let references = try catalogue.references()
        #expect(references.map(\.encodings) == (0..<3).map { Sample.encodings($0) })
        #expect(references.map(\.id) == portraits.map(\.reference))
        #expect(references.map(\.person) == portraits.map(\.person))
        #expect(!references.map(\.id).contains(.none))
    }

    @Test("Numbers of people and references outlast the portraits' absence")
    func stableNumbers() throws {
        let before = try catalogue.replacePeople(
            [listed("Anna", [0, 1]), listed("Ben", [2])], in: [source.id])
        let references = try catalogue.references()
        let without = try catalogue.replacePeople([listed("Ben", [2])], in: [source.id])
        #expect(without.map(\.id) == before.map(\.id))
        #expect(without.map(\.isListed) == [false, true])
        #expect(try catalogue.references() == [references[2]])
        try catalogue.replacePeople(
            [listed("Zoe", [3]), listed("Ben", [2]), listed("Anna", [1, 0])], in: [source.id])
        #expect(try catalogue.people().prefix(2) == before[...])
        #expect(try catalogue.references().prefix(3) == references[...])
    }

    @Test("Equal portraits of one person are one reference, of two people are two")
    func equalContents() throws {
        let twice = ListedPerson(
            name: "Anna", folder: "Anna",
            portraits: ["a.jpg", "b.jpg"].map { Sample.portraitFile(0, in: source, at: $0) })
        try catalogue.replacePeople([twice, listed("Ben", [0])], in: [source.id])
        #expect(try catalogue.portraits().count == 3)
        #expect(try catalogue.references().count == 2)
        #expect(try Set(catalogue.references().map(\.person)).count == 2)
    }

    @Test("A portrait without a face lists its person and gives no reference")
    func faceless() throws {
        let faceless = PortraitAnalysis(hash: Sample.hash(9), width: 3, height: 4, faceCount: 0)
        try catalogue.record(faceless, version: 1)
        let people = try catalogue.replacePeople([listed("Anna", [9])], in: [source.id])
        #expect(people.map(\.isListed) == [true])
        #expect(try catalogue.portraits().map(\.outcome) == [faceless])
        #expect(try catalogue.references().isEmpty)
    }

    @Test("A sync of one source leaves the portraits of another")
    func severalSources() throws {
        let other = try catalogue.rememberSource(.people, at: "/more")
        try catalogue.replacePeople([listed("Anna", [0])], in: [source.id])
        let more = ListedPerson(
            name: "Anna", folder: "Anna",
            portraits: [Sample.portraitFile(1, in: other, at: "Anna.jpg")])
        try catalogue.replacePeople([more], in: [other.id])
        #expect(try catalogue.references().count == 2)
        try catalogue.replacePeople([], in: [source.id])
        #expect(try catalogue.portraits().map(\.file.path) == ["Anna.jpg"])
        #expect(try catalogue.people().map(\.isListed) == [true])
    }

    @Test("Two people may swap their folders")
    func swappedFolders() throws {
        let before = try catalogue.replacePeople(
            [listed("Anna", [0], folder: "x"), listed("Ben", [1], folder: "y")], in: [source.id])
        let after = try catalogue.replacePeople(
            [listed("Anna", [0], folder: "y"), listed("Ben", [1], folder: "x")], in: [source.id])
        #expect(after.map(\.id) == before.map(\.id))
        #expect(after.map(\.folder) == ["y", "x"])
    }

    @Test("A sync that cannot be recorded whole changes nothing")
    func wholeOrNotAtAll() throws {
        try catalogue.replacePeople([listed("Anna", [0])], in: [source.id])
        let portraits = try catalogue.portraits()
        let alike = [listed("Ben", [1], folder: "x"), listed("Cleo", [2], folder: "x")]
        #expect(error { try catalogue.replacePeople(alike, in: [source.id]) }?.code == .conflict)
        let unknown = [listed("Ben", [77])]
        #expect(error { try catalogue.replacePeople(unknown, in: [source.id]) }?.code == .conflict)
        #expect(try catalogue.portraits() == portraits)
        #expect(try catalogue.people().map(\.name) == ["Anna"])
    }

    @Test("A renamed person keeps number and references; a taken name is refused")
    func renamed() throws {
        let people = try catalogue.replacePeople(
            [listed("Anna", [0]), listed("Ben", [1])], in: [source.id])
        let references = try catalogue.references()
        try catalogue.renamePerson(people[0].id, to: "Änne", folder: "Änne")
        #expect(
            try catalogue.people().first
                == Person(id: people[0].id, name: "Änne", folder: "Änne", isListed: true))
        #expect(try catalogue.references() == references)
        #expect(
            error { try catalogue.renamePerson(people[0].id, to: "Ben", folder: "z") }?.code
                == .conflict)
        let nobody = PersonID(rawValue: 99)
        #expect(
            error { try catalogue.renamePerson(nobody, to: "x", folder: "x") }?.code == .conflict)
    }

    @Test("Somebody without portraits can be remembered, once")
    func remembered() throws {
        let anna = try catalogue.rememberPerson(name: "Anna", folder: "A")
        #expect(!anna.isListed)
        #expect(try catalogue.rememberPerson(name: "Anna", folder: "other") == anna)
        #expect(try catalogue.people() == [anna])
        let taken = error { _ = try catalogue.rememberPerson(name: "Ben", folder: "A") }
        #expect(taken?.code == .conflict)
    }
}
