import FaceCore
import TestSupport

/// A seeded event that a test puts together photo by photo: pictures of one person lie .38 apart,
/// of two people .76.
struct SeededParty {
    private(set) var faces: [Face] = []
    private(set) var references: [Reference] = []
    /// Each face's person.
    private(set) var truth: [FaceID: Int] = [:]
    private var centres: [[Float]]
    private var random: SplitMix64
    private var photoCount = 0

    /// Half of the variance between people lies in this many directions, as with real encodings.
    private static let directions = 40
    private static let ofPeople: Float = 0.0736
    private static let ofPictures: Float = 0.0425
    /// A face and its image in a mirror lie .25 apart.
    private static let ofMirror: Float = 0.0395

    /// - Parameters:
    ///   - groups: people of two groups are `apart` farther from each other than those of one.
    init(seed: Int, people: Int, groups: Int = 1, apart: Float = 0) {
        var random = SplitMix64(seed: UInt64(seed))
        let middles = (0..<groups).map { group in
            var middle = [Float](repeating: 0, count: FaceEncoding.dimension)
            middle[Self.directions + group] = apart
            return middle
        }
        centres = (0..<people).map { person in
            Self.near(middles[person % groups], Self.ofPeople, &random)
        }
        self.random = random
    }

    var people: Range<Int> { 0..<centres.count }

    /// Makes `one` the twin of `other`: `distance` apart.
    mutating func makeTwin(_ one: Int, of other: Int, distance: Float) {
        let line = Self.near(
            [Float](repeating: 0, count: FaceEncoding.dimension), 1, &random)
        let length = line.reduce(0) { $0 + $1 * $1 }.squareRoot()
        centres[one] = zip(centres[other], line).map { $0 + $1 / length * distance }
    }

    mutating func picture(of person: Int) -> FaceEncodings {
        let mirror = FaceEncoding(
            components: Self.near(centres[person], Self.ofPictures, &random))!
        return FaceEncodings(plain: mirror, mirrorMean: mirror)
    }

    /// Adds portraits of `person`; `pictured` is whom they show.
    mutating func addPortraits(_ count: Int = 1, of person: Int, pictured: Int? = nil) {
        for _ in 0..<count {
            let picture = picture(of: pictured ?? person)
            addPortrait(picture, of: person)
        }
    }

    mutating func addPortrait(_ picture: FaceEncodings, of person: Int) {
        references.append(
            Reference(
                id: ReferenceID(rawValue: Int64(references.count + 1)), person: Self.id(person),
                encodings: picture))
    }

    /// Adds a photo that shows `people`, somebody perhaps twice; a mirror shows the first of them
    /// in the same moment.
    mutating func addPhoto(of people: some Sequence<Int>, withMirror: Bool = false) {
        photoCount += 1
        var bytes = [UInt8](repeating: 0, count: ContentHash.byteCount)
        // The order of the hashes is not that of the photos.
        bytes[0] = UInt8(truncatingIfNeeded: photoCount &* 151)
        bytes[1] = UInt8(truncatingIfNeeded: photoCount)
        bytes[2] = UInt8(truncatingIfNeeded: photoCount >> 8)
        let hash = ContentHash(bytes: bytes)!
        var pictures = people.map { ($0, picture(of: $0)) }
        if withMirror, let (person, own) = pictures.first {
            let image = FaceEncoding(
                components: Self.near(own.mirrorMean.components, Self.ofMirror, &random))!
            pictures.append((person, FaceEncodings(plain: image, mirrorMean: image)))
        }
        for (number, (person, encodings)) in pictures.enumerated() {
            let id = FaceID(photo: hash, number: number)
            faces.append(
                Face(
                    id: id,
                    box: FaceBox(left: Double(number) / 25, top: 0.2, width: 0.03, height: 0.04),
                    confidence: 1, encodings: encodings))
            truth[id] = person
        }
    }

    /// Adds photos of one to four of `people`.
    mutating func addPhotos(_ count: Int, of people: some Collection<Int>) {
        for _ in 0..<count {
            let most = Int.random(in: 1...4, using: &random)
            addPhoto(of: Array(people).shuffled(using: &random).prefix(most))
        }
    }

    static func id(_ person: Int) -> PersonID { PersonID(rawValue: Int64(person + 1)) }

    func matches(_ settings: MatchSettings = MatchSettings()) -> [Match] {
        recognise(
            faces: faces, references: references,
            clusters: clusters(of: faces, upTo: MatchSettings.tightLinkage), settings: settings)
    }

    /// How the names agree with the truth: faces named rightly and wrongly, wrongly and sure, and
    /// those of known people without their name.
    struct Tally {
        var (right, wrong, wrongAndSure, missed) = (0, 0, 0, 0)

        var precision: Double { Double(right) / Double(max(1, right + wrong)) }
        var recall: Double { Double(right) / Double(max(1, right + missed)) }
    }

    func tally(_ matches: [Match]) -> Tally {
        let known = Set(references.map(\.person))
        var tally = Tally()
        for match in matches {
            let own = truth[match.face].map(Self.id)
            if let named = match.named {
                if named.person == own {
                    tally.right += 1
                } else {
                    tally.wrong += 1
                    if match.band == .sure { tally.wrongAndSure += 1 }
                }
            }
            if let own, known.contains(own), match.named?.person != own { tally.missed += 1 }
        }
        return tally
    }

    /// Each component nearly normal around the centre's: the sum of three uniform numbers.
    private static func near(
        _ centre: [Float], _ spread: Float, _ random: inout SplitMix64
    ) -> [Float] {
        centre.enumerated().map { index, value in
            guard index < directions else { return value }
            return (0..<3).reduce(value) { sum, _ in
                sum + Float.random(in: -1...1, using: &random) * spread
            }
        }
    }
}
