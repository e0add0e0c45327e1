import FaceCore
import TestSupport

/// The square of the distance of two mirrored encodings, in double precision.
func squaredDistance(_ one: FaceEncodings, _ other: FaceEncodings) -> Double {
    var sum = 0.0
    for (a, b) in zip(one.mirrorMean.components, other.mirrorMean.components) {
        sum += (Double(a) - Double(b)) * (Double(a) - Double(b))
    }
    return sum
}

/// A seeded event like real ones: some people with portraits, strangers, photos with several faces;
/// pictures of one person lie about .4 apart, of two people about .76.
struct SyntheticEvent {
    var faces: [Face] = []
    var references: [Reference] = []
    var decisions: [FaceDecision] = []
    /// Each face's person; strangers have numbers beyond the known people's.
    var truth: [FaceID: Int] = [:]

    /// Half of the variance between people lies in this many directions, as with real encodings.
    private static let directions = 40

    init(
        seed: Int, people: Int = 12, known: Int = 6, photos: Int = 30, decides: Bool = false
    ) {
        var random = SplitMix64(seed: UInt64(seed))
        let centres = (0..<people).map { _ in Self.vector(spread: 0.105, &random) }
        func near(_ person: Int) -> FaceEncodings {
            let offset = Self.vector(spread: 0.055, &random)
            let components = zip(centres[person], offset).map { $0 + $1 }
            let mirror = FaceEncoding(components: components)!
            return FaceEncodings(plain: mirror, mirrorMean: mirror)
        }
        for person in 0..<known {
            for number in 0..<Int.random(in: 1...3, using: &random) {
                references.append(
                    Reference(
                        id: ReferenceID(rawValue: Int64(10 * person + number + 1)),
                        person: PersonID(rawValue: Int64(person + 1)), encodings: near(person)))
            }
        }
        for number in 0..<photos {
            let there = (0..<people).shuffled(using: &random)
                .prefix(Int.random(in: 0...4, using: &random))
            for (index, person) in there.enumerated() {
                let id = FaceID(photo: photo(UInt8(number)), number: index)
                faces.append(
                    Face(
                        id: id,
                        box: FaceBox(left: Double(index) / 5, top: 0.2, width: 0.1, height: 0.1),
                        confidence: 1, encodings: near(person)))
                truth[id] = person
                guard decides else { continue }
                let other = PersonID(
                    rawValue: Int64.random(in: 1...Int64(known + 2), using: &random))
                switch Int.random(in: 0..<12, using: &random) {
                case 0: decisions.append(.isPerson(id, other))
                case 1: decisions.append(.isNotPerson(id, other))
                case 2: decisions.append(.ignore(id))
                default: break
                }
            }
        }
    }

    /// Nearly normal: the sum of three uniform numbers.
    private static func vector(spread: Float, _ random: inout SplitMix64) -> [Float] {
        (0..<FaceEncoding.dimension).map { index in
            guard index < directions else { return 0 }
            return (0..<3).reduce(Float(0)) { sum, _ in
                sum + Float.random(in: -1...1, using: &random)
            } * spread
        }
    }
}
