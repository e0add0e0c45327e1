import PhotoIndex
import AlbumCatalogue
import AlbumKit
import FaceCore
import Foundation
import PhotoImaging
import SystemPackage
import TestSupport

/// Times recognition of a large synthetic event shaped like real ones: 10,000 photos with 40,000
/// faces, 200 known people with one to three portraits; appearances by Zipf's law, 30 % of the
/// faces of people seen once; pictures of one person .40 +- .08 apart, of two .77 +- .09, one pair
/// in a hundred of them, the look-alikes, below .55.
///
/// Everything between the catalogue on disk and the matches in it is timed: first with all faces
/// new, then after another tolerance and after another portrait.
func printSpeed() throws {
    let event = LargeEvent(seed: 1)
    print(
        "\(event.faces.count) faces in \(event.photoCount) photos, \(event.references.count) "
            + "portraits of \(event.knownCount) people; "
            + event.distances.text)
    let folder = FilePath(NSTemporaryDirectory()).appending("recognition-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
        atPath: folder.string, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder.string) }
    let catalogue = try Catalogue(path: folder.appending("catalogue.sqlite"), access: .write)
    try event.record(in: catalogue)
    var settings = MatchSettings()
    func matched() throws -> (Stopwatch, EventRecognition) {
        try Stopwatch.time {
            let faces = try catalogue.photos().flatMap(\.faces)
            let recognition = try EventRecognition(of: faces, in: catalogue, settings: settings)
            if try catalogue.matches() != recognition.matches {
                try catalogue.replaceMatches(
                    recognition.matches, copiedNames: recognition.copiedNames, run: "0001")
            }
            return recognition
        }
    }
    print("all faces new: \(try matched().0.text)")
    settings.tolerance = 0.48
    print("another tolerance: \(try matched().0.text)")
    try event.replacePeople(in: catalogue, without: event.references[0].id)
    print("a portrait taken away: \(try matched().0.text)")
}

private struct LargeEvent {
    let photoCount = 10_000
    let knownCount = 200
    private(set) var faces: [Face] = []
    private(set) var references: [Reference] = []
    private(set) var person: [FaceID: Int] = [:]
    let distances: DistanceSpreads

    private static let faceCount = 40_000
    /// The number of directions in which encodings differ, each less than the one before: half of
    /// the variance lies in 17, so that distances vary as much as real ones.
    private static let directionCount = 112
    private static let people = Directions(first: 0, count: directionCount, decay: 25)
    /// The number of regions; people of one region look alike.
    private static let regionCount = 100

    init(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let people = SyntheticPeople.appearances(Self.faceCount, &random)
        let regions = (0..<Self.regionCount).map { _ in Self.vector(0.41, &random) }
        let centres = (0...(people.max() ?? 0)).map { _ in
            let region = regions[Int.random(in: 0..<Self.regionCount, using: &random)]
            return zip(region, Self.vector(0.225, &random)).map { $0 + $1 }
        }
        func face(of person: Int) -> FaceEncodings {
            // Some pictures are better than others.
            let spread = 0.28 * Float.random(in: 0.55...1.45, using: &random)
            let offset = Self.vector(spread, &random)
            return FaceEncodings(near: centres[person], offset: offset)
        }
        var present = [Set<Int>](repeating: [], count: photoCount)
        for someone in people {
            var number = Int.random(in: 0..<photoCount, using: &random)
            while present[number].contains(someone) { number = (number + 1) % photoCount }
            let id = FaceID(photo: ContentHash(number: number), number: present[number].count)
            present[number].insert(someone)
            person[id] = someone
            faces.append(
                Face(
                    id: id, box: FaceBox(left: 0, top: 0, width: 0.1, height: 0.1), confidence: 1,
                    encodings: face(of: someone)))
        }
        for someone in 0..<knownCount {
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                references.append(
                    Reference(
                        id: ReferenceID(rawValue: Int64(references.count + 1)),
                        person: PersonID(rawValue: Int64(someone + 1)), encodings: face(of: someone)
                    ))
            }
        }
        distances = DistanceSpreads(of: faces, person: person, &random)
    }

    /// Writes the photos, portraits and a run into a new catalogue.
    func record(in catalogue: Catalogue) throws {
        let source = try catalogue.rememberSource(.photos, at: "/photos")
        for (number, own) in Dictionary(grouping: faces, by: \.id.photo).values.enumerated() {
            let hash = own[0].id.photo
            let photo = PhotoRecord(
                hash: hash, byteCount: 1, condition: .analysed, width: 4000, height: 3000,
                recordedFaces: own.map { RecordedFace(face: $0, detector: .cnn) })
            let file = PhotoFile(
                source: source.id, path: FilePath("\(number).jpg"),
                stamp: FileStamp(byteCount: 1, modified: 1), photo: hash)
            try catalogue.record(photo, version: 1, picture: features(number), file: file)
        }
        for reference in references {
            try catalogue.record(
                PortraitAnalysis(
                    hash: ContentHash(number: 1_000_000 + Int(reference.id.rawValue)), width: 500,
                    height: 500, faceCount: 1,
                    chosen: PortraitFace(
                        box: FaceBox(left: 0.2, top: 0.2, width: 0.5, height: 0.5),
                        confidence: 1, encodings: reference.encodings, heightInPixels: 250,
                        detector: .cnn)), version: 1)
        }
        try replacePeople(in: catalogue, without: nil)
        try catalogue.begin(
            RunRecord(id: "0001", command: "sort", started: "now", settings: "{}"))
    }

    func replacePeople(in catalogue: Catalogue, without left: ReferenceID?) throws {
        let source = try catalogue.rememberSource(.people, at: "/people")
        let people = Dictionary(grouping: references, by: \.person)
        try catalogue.replacePeople(
            people.keys.sorted().map { person in
                let name = "Person \(person.rawValue)"
                return ListedPerson(
                    name: name, folder: name,
                    portraits: people[person]!.filter { $0.id != left }.map {
                        PortraitFile(
                            source: source.id, path: FilePath("\(name)/\($0.id.rawValue).jpg"),
                            stamp: FileStamp(byteCount: 1, modified: 1),
                            hash: ContentHash(number: 1_000_000 + Int($0.id.rawValue)))
                    })
            }, in: [source.id])
    }

    /// A picture like no other.
    private func features(_ number: Int) -> PictureAnalysis {
        var random = SplitMix64(seed: UInt64(9_000_000 + number))
        let patches = (0..<36).map { _ in UInt8.random(in: 20...230, using: &random) }
        let side = PictureFeatures.side
        let greys = (0..<side * side).map { patches[$0 / side / 4 * 6 + $0 % side / 4] }
        return PictureAnalysis(
            version: PictureFeatures.version,
            features: PictureFeatures(
                greys: greys, differenceHash: 0, sharpness: 100, brightness: 0.5, darkFraction: 0,
                brightFraction: 0, thumbnail: [UInt8](repeating: 90, count: 4096),
                blur: PictureBlur(radius: 1, cells: [UInt8](repeating: 40, count: 2048))!))
    }

    /// Nearly normal, in directions other than the coordinates', with a mean length of `length`.
    private static func vector(_ length: Float, _ random: inout SplitMix64) -> [Float] {
        let values = people.vector(length, &random).prefix(directionCount)
        return rotation.map { row in
            var sum: Float = 0
            for (index, value) in values.enumerated() { sum += value * row[index] }
            return sum
        }
    }

    /// 128 rows of an orthonormal basis with as many columns as there are directions.
    private static let rotation: [[Float]] = {
        var random = SplitMix64(seed: 7)
        var columns: [[Double]] = []
        for _ in 0..<directionCount {
            var column = (0..<FaceEncoding.dimension).map { _ in
                Double.random(in: -1...1, using: &random)
            }
            for other in columns {
                let overlap = zip(column, other).reduce(0) { $0 + $1.0 * $1.1 }
                for index in column.indices { column[index] -= overlap * other[index] }
            }
            let length = column.reduce(0) { $0 + $1 * $1 }.squareRoot()
            columns.append(column.map { $0 / length })
        }
        return (0..<FaceEncoding.dimension).map { row in columns.map { Float($0[row]) } }
    }()
}
