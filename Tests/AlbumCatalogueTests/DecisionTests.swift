import AlbumCatalogue
import FaceCore
import SystemPackage
import Testing

@Suite struct DecisionTests {
    let folder: TestFolder
    let catalogue: Catalogue

    init() throws {
        folder = try TestFolder()
        catalogue = try folder.open()
    }

    private func place(
        _ photo: Int, left: Double = 0.1, _ verdict: FaceVerdict, isDrawn: Bool = false
    )
        -> DecidedPlace
    {
        DecidedPlace(
            key: FaceKey(
                photo: Sample.hash(photo),
                box: FaceBox(left: left, top: 0.2, width: 0.3, height: 0.4)),
            verdict: verdict, isDrawn: isDrawn)
    }

    @Test("Decisions are kept with their journal's stamp, even for unknown photos")
    func index() throws {
        #expect(try catalogue.stampOfDecisions() == nil && catalogue.decidedPlaces().isEmpty)
        let places = [
            place(1, FaceVerdict(standing: .person("Änna"), excluded: ["Ben", "C"])),
            place(1, left: 0.5, FaceVerdict(standing: .open, excluded: ["Ben"])),
            place(2, FaceVerdict(standing: .notAGuest)),
            place(3, FaceVerdict(standing: .ignored)),
            place(4, FaceVerdict(standing: .person("C"), isPortrait: true), isDrawn: true),
        ].sorted { $0.key < $1.key }
        let stamp = JournalStamp(byteCount: 7, digest: Sample.hash(9))
        try catalogue.replaceDecidedPlaces(places, stamp: stamp)
        #expect(try catalogue.decidedPlaces() == places)
        #expect(try catalogue.decidedPlaces(of: Sample.hash(1)).count == 2)
        #expect(try catalogue.stampOfDecisions() == stamp)
        try catalogue.close()
        let again = try folder.open()
        #expect(try again.decidedPlaces() == places)
        try again.replaceDecidedPlaces([], stamp: nil)
        #expect(try again.decidedPlaces().isEmpty && again.stampOfDecisions() == nil)
        #expect(try again.checkIntegrity() == [])
    }

    @Test("A face that stands for a person keeps its number, even after another search")
    func references() throws {
        let source = try catalogue.fill(photos: 0..<2)
        let anna = try catalogue.rememberPerson(name: "Anna", folder: "Anna").id
        let ben = try catalogue.rememberPerson(name: "Ben", folder: "Ben").id
        let faces = try catalogue.photos().flatMap(\.faces)
        let keys = faces.map { FaceKey($0) }
        try catalogue.replaceFaceReferences([(anna, keys[0]), (ben, keys[1])])
        let first = try catalogue.faceReferences()
        #expect(first.map(\.person) == [anna, ben] && first.map(\.face) == Array(keys.prefix(2)))
        let references = try catalogue.references()
        #expect(references.map(\.encodings) == faces.prefix(2).map(\.encodings))
        #expect(references.map(\.id) == first.map(\.id))
        try catalogue.replaceFaceReferences([(ben, keys[1])])
        #expect(try catalogue.references().map(\.person) == [ben])
        // The same face, slightly moved.
        let moved = FaceBox(
            left: keys[0].box.left + 0.01, top: keys[0].box.top, width: keys[0].box.width,
            height: keys[0].box.height)
        try catalogue.replaceFaceReferences(
            [(ben, keys[1]), (anna, FaceKey(photo: keys[0].photo, box: moved))])
        #expect(try catalogue.faceReferences().map(\.id) == first.map(\.id))
        // Without a face just there, it stands for nobody.
        #expect(try catalogue.references().map(\.person) == [ben])
        try catalogue.record(
            Sample.photo(0, faces: 0), version: 2, file: Sample.file(0, in: source))
        try catalogue.record(
            Sample.photo(1, faces: 0), version: 2, file: Sample.file(1, in: source))
        #expect(try catalogue.references().isEmpty)
        #expect(try catalogue.checkIntegrity() == [])
        let unknown = FaceKey(photo: Sample.hash(77), box: moved)
        #expect(error { try catalogue.replaceFaceReferences([(anna, unknown)]) }?.code == .conflict)
        #expect(try catalogue.faceReferences().count == 2)
    }

    @Test(
        "Two people merge into one; if both have files of a photo, each keeps its own"
    )
    func merge() throws {
        let source = try catalogue.rememberSource(.people, at: "/people")
        for number in [1, 2] { try catalogue.record(Sample.portrait(number), version: 1) }
        let people = try catalogue.replacePeople(
            [
                ListedPerson(
                    name: "Anni", folder: "Anni",
                    portraits: [
                        Sample.portraitFile(1, in: source, at: "Anni/1.jpg"),
                        Sample.portraitFile(2, in: source, at: "Anni/2.jpg"),
                    ]),
                ListedPerson(
                    name: "Anna", folder: "Anna",
                    portraits: [Sample.portraitFile(2, in: source, at: "Anna.jpg")]),
            ], in: [source.id])
        let (anna, anni) = (
            try #require(people.first { $0.name == "Anna" }).id,
            try #require(people.first { $0.name == "Anni" }).id
        )
        try catalogue.record(placed: [
            Sample.placed("Anni/a.jpg", .person(anni), photo: 1),
            Sample.placed("Anni/b.jpg", .person(anni), photo: 2),
            Sample.placed("Anna/b.jpg", .person(anna), photo: 2),
        ])
        try catalogue.mergePerson(anni, into: anna)
        #expect(try catalogue.portraits().allSatisfy { $0.person == anna })
        #expect(try catalogue.references().map(\.person) == [anna, anna])
        #expect(try catalogue.placedFile(at: "Anni/a.jpg")?.place == .person(anna))
        #expect(try catalogue.placedFile(at: "Anni/b.jpg")?.place == .person(anni))
        #expect(try catalogue.people().first { $0.id == anni }?.isListed == false)
        #expect(try catalogue.checkIntegrity() == [])
    }

    @Test("A photo's faces can be replaced without analysing it again")
    func replacedFaces() throws {
        _ = try catalogue.fill(photos: 0..<2)
        let faces = [Sample.face(0, of: 0), Sample.face(1, of: 0), Sample.face(2, of: 0)]
        try catalogue.replaceFaces(of: Sample.hash(0), with: faces)
        #expect(try catalogue.photo(Sample.hash(0))?.recordedFaces == faces)
        #expect(try catalogue.photo(Sample.hash(1))?.recordedFaces.count == 2)
        #expect(try catalogue.analysedPhotos(version: 1).contains(Sample.hash(0)))
        let refused = error { try catalogue.replaceFaces(of: Sample.hash(9), with: []) }
        #expect(refused?.code == .conflict)
    }
}
