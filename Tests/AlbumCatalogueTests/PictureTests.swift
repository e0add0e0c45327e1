import AlbumCatalogue
import FaceCore
import GRDB
import TestSupport
import Testing

@Suite struct PictureTests {
    let folder: TestFolder
    let catalogue: Catalogue

    init() throws {
        folder = try TestFolder()
        catalogue = try folder.open()
    }

    private func features(_ number: Int) -> PictureFeatures {
        var random = SplitMix64(seed: UInt64(number))
        return PictureFeatures(
            greys: (0..<576).map { _ in UInt8.random(in: 0...255, using: &random) },
            differenceHash: random.next() | 1 << 63, sharpness: 123.456, brightness: 0.5,
            darkFraction: 0, brightFraction: 1,
            thumbnail: (0..<4096).map { _ in UInt8.random(in: 0...255, using: &random) },
            blur: PictureBlur(
                radius: number == 1 ? nil : 1.25,
                cells: (0..<2048).map { _ in UInt8.random(in: 0...255, using: &random) })!)!
    }

    @Test("Measures come back exactly, with the photo's shape, only for their version")
    func roundTrip() throws {
        let source = try catalogue.rememberSource(.photos, at: "/media/card 1")
        for number in 0..<3 {
            try catalogue.record(
                Sample.photo(number), version: 1,
                picture: PictureAnalysis(
                    version: 7, features: number == 2 ? nil : features(number)),
                file: Sample.file(number, in: source))
        }
        let expected = [0, 1].map {
            ComparedPicture(
                photo: Sample.hash($0), aspect: 4000.0 / 3000, features: features($0))
        }.sorted { $0.photo < $1.photo }
        #expect(try catalogue.pictures(version: 7) == expected)
        #expect(try catalogue.pictures(version: 8).isEmpty)
        #expect(try catalogue.measuredPhotos(version: 7) == Set((0..<3).map(Sample.hash)))
        #expect(try catalogue.measuredPhotos(version: 8).isEmpty)
    }

    @Test("Measuring a picture leaves the photo's faces alone, and finding faces the measures")
    func independent() throws {
        let source = try catalogue.fill(photos: 0..<1)
        let file = Sample.file(0, in: source)
        try catalogue.record(PictureAnalysis(version: 7, features: features(0)), file: file)
        #expect(try catalogue.photo(Sample.hash(0)) == Sample.photo(0))
        #expect(try catalogue.analysedPhotos(version: 1).contains(Sample.hash(0)))
        try catalogue.record(Sample.photo(0, faces: 1), version: 2, file: file)
        #expect(try catalogue.pictureFeatures(version: 7).values.map(\.self) == [features(0)])
        try catalogue.record(PictureAnalysis(version: 8, features: nil), file: file)
        #expect(try catalogue.measuredPhotos(version: 7).isEmpty)
        #expect(try catalogue.measuredPhotos(version: 8) == [Sample.hash(0)])
    }

    @Test("An older program's measures do not count as more, and are taken again")
    func olderMeasures() throws {
        let source = try catalogue.fill(photos: 0..<1)
        let file = Sample.file(0, in: source)
        try catalogue.record(PictureAnalysis(version: 1, features: features(0)), file: file)
        try catalogue.close()
        let queue = try DatabaseQueue(path: folder.catalogue.string)
        try queue.write {
            // A row of version 5 of the catalogue.
            try $0.execute(
                sql:
                    "UPDATE pictureAnalysis SET thumbnail = NULL, blurRadius = NULL, blurCells = NULL"
            )
        }
        try queue.close()
        let again = try folder.open()
        #expect(try again.pictures(version: 1).isEmpty)
        #expect(try again.measuredPhotos(version: 1) == [Sample.hash(0)])
        #expect(try again.measuredPhotos(version: 2).isEmpty)
        try again.record(PictureAnalysis(version: 2, features: features(0)), file: file)
        #expect(try again.pictureFeatures(version: 2).values.map(\.self) == [features(0)])
    }

    @Test("An unknown photo has no picture")
    func unknown() throws {
        let source = try catalogue.rememberSource(.photos, at: "/media/card 1")
        let refused = error {
            try catalogue.record(
                PictureAnalysis(version: 7, features: nil), file: Sample.file(5, in: source))
        }
        #expect(refused?.code == .conflict)
    }

    @Test("The evidence rule's facts come back, and go with the faces they name")
    func evidence() throws {
        let source = try catalogue.fill(photos: 0..<3)
        let anna = try catalogue.rememberPerson(name: "Anna", folder: "Anna").id
        let ben = try catalogue.rememberPerson(name: "Ben", folder: "Ben").id
        try catalogue.begin(Sample.run("r1"))
        func face(_ photo: Int, _ number: Int = 0) -> FaceID {
            FaceID(photo: Sample.hash(photo), number: number)
        }
        let near = Candidate(person: anna, reference: .none, distance: 0.5)
        let next = Candidate(person: ben, reference: .none, distance: 0.6)
        let matches = [
            Match(
                face: face(0), named: near, nearest: near, runnerUp: next, band: .likely,
                reason: .sameInCopy,
                evidence: Evidence(
                    faceCount: 3, ownDistance: 0.625, limit: 0.56, lookAlike: ben,
                    copy: face(1))),
            Match(
                face: face(1), named: nil, nearest: near, runnerUp: nil, band: .ask,
                reason: .stranger,
                evidence: Evidence(
                    faceCount: 1, ownDistance: 0.5, limit: 0.56,
                    rival: Evidence.Rival(face: face(2, 1), faceCount: 2, distance: 0.375))),
        ]
        let copied = [
            CopiedName(photo: Sample.hash(2), person: anna, source: face(1), band: .sure)
        ]
        try catalogue.replaceMatches(matches, copiedNames: copied, run: "r1")
        #expect(try Set(catalogue.matches()) == Set(matches))
        #expect(try catalogue.matches(of: Sample.hash(1)) == [matches[1]])
        #expect(try catalogue.copiedNames() == copied)
        #expect(try catalogue.checkIntegrity() == [])

        // Photo 2 is analysed again: its face is no longer a rival.
        try catalogue.record(Sample.photo(2), version: 2, file: Sample.file(2, in: source))
        #expect(try catalogue.matches(of: Sample.hash(1)).first?.evidence?.rival == nil)
        try catalogue.record(Sample.photo(1), version: 2, file: Sample.file(1, in: source))
        #expect(try catalogue.copiedNames().isEmpty)
        #expect(try catalogue.matches(of: Sample.hash(0)).first?.evidence?.copy == nil)
        try catalogue.replaceMatches([], run: "r1")
        #expect(try catalogue.matches().isEmpty)
    }

    @Test("A name cannot be copied from an unknown face or to an unknown photo")
    func conflicts() throws {
        _ = try catalogue.fill(photos: 0..<1)
        let anna = try catalogue.rememberPerson(name: "Anna", folder: "Anna").id
        try catalogue.begin(Sample.run("r1"))
        let known = FaceID(photo: Sample.hash(0), number: 0)
        let unknown = FaceID(photo: Sample.hash(0), number: 9)
        for (photo, source) in [(0, unknown), (5, known)] {
            let name = CopiedName(
                photo: Sample.hash(photo), person: anna, source: source, band: .sure)
            let refused = error {
                try catalogue.replaceMatches([], copiedNames: [name], run: "r1")
            }
            #expect(refused?.code == .conflict)
        }
    }

    @Test("Clusters are kept while the faces are the same, for their version")
    func clusters() throws {
        #expect(try catalogue.tightClusters(version: 3) == [])
        let source = try catalogue.fill(photos: 0..<3)
        #expect(try catalogue.tightClusters(version: 3) == nil)
        let faces = try catalogue.photos().flatMap(\.faces).map(\.id)
        let clusters = [
            Cluster(faces: [faces[0], faces[3]]), Cluster(faces: [faces[1], faces[2], faces[4]]),
        ]
        try catalogue.replaceTightClusters(clusters, version: 3)
        #expect(try catalogue.tightClusters(version: 3) == clusters)
        #expect(try catalogue.tightClusters(version: 4) == nil)
        try catalogue.record(Sample.photo(5), version: 1, file: Sample.file(5, in: source))
        #expect(try catalogue.tightClusters(version: 3) == nil)
        try catalogue.replaceTightClusters([], version: 3)
        #expect(try catalogue.tightClusters(version: 3) == [])
        try catalogue.record(Sample.photo(1), version: 2, file: Sample.file(1, in: source))
        #expect(try catalogue.tightClusters(version: 3) == nil)
        let unknown = Cluster(faces: [FaceID(photo: Sample.hash(9), number: 0)])
        #expect(
            error { try catalogue.replaceTightClusters([unknown], version: 3) }?.code == .conflict)
    }

    @Test("The sharpness of a portrait's face is kept")
    func portraitSharpness() throws {
        let portrait = Sample.portrait(1)
        let chosen = try #require(portrait.chosen)
        let sharp = PortraitAnalysis(
            hash: portrait.hash, width: 640, height: 480, faceCount: 1,
            chosen: PortraitFace(
                box: chosen.box, confidence: 1, encodings: chosen.encodings, heightInPixels: 288,
                detector: .hog, sharpness: 41.5))
        try catalogue.record(sharp, version: 1)
        #expect(try catalogue.portraitAnalysis(of: portrait.hash, version: 1) == sharp)
        try catalogue.record(portrait, version: 1)
        #expect(try catalogue.portraitAnalysis(of: portrait.hash, version: 1) == portrait)
    }
}
