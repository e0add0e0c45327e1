import FaceCore
import Foundation
import TestSupport

// Vectors of made events, the same on every machine.

extension SplitMix64 {
    init(ofMadeEvent seed: Int) {
        self.init(seed: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 0x123_4567)
    }

    /// A normal number with mean 0 and deviation 1 (Box and Muller 1958).
    mutating func normal() -> Float {
        let one = Double.random(in: 1e-12..<1, using: &self)
        let other = Double.random(in: 0..<1, using: &self)
        return Float((-2 * log(one)).squareRoot() * cos(2 * .pi * other))
    }
}

/// Normal vectors that differ in each direction less than in the one before.
struct NormalVectors {
    private let spreads: [Float]

    /// - Parameter decay: after this many coordinates the variance is 1 / e of the first one's.
    init(decay: Float) {
        let squares = (0..<FaceEncoding.dimension).map { exp(-Float($0) / decay) }
        let sum = squares.reduce(0, +)
        spreads = squares.map { ($0 / sum).squareRoot() }
    }

    /// With a root mean squared length of `length`.
    func vector(_ length: Float, _ random: inout SplitMix64) -> [Float] {
        spreads.map { $0 * length * random.normal() }
    }
}

func sum(_ one: [Float], _ other: [Float]) -> [Float] { zip(one, other).map { $0 + $1 } }

extension ContentHash {
    /// The hash of a photo of a made event.
    init(ofMadePhoto number: Int) {
        var random = SplitMix64(ofMadeEvent: number)
        // No nil: as many bytes as a hash has.
        self.init(
            bytes: (0..<Self.byteCount).map { _ in UInt8(truncatingIfNeeded: random.next()) })!
    }
}

/// An event whose faces, people and photos are made up.
struct MadeEvent {
    private(set) var faces: [Face] = []
    private(set) var references: [Reference] = []
    /// Each face's person.
    private(set) var person: [FaceID: Int] = [:]
    /// Those who are somebody known's twin and not known themselves.
    var twins: Set<Int> = []
    private(set) var photoCount = 0
    private let number: Int
    private let pictures = NormalVectors(decay: 16)

    /// - Parameter number: of its first photo; no two photos of two events have the same.
    init(number: Int) { self.number = number }

    var known: Set<Int> { Set(references.map { Int($0.person.rawValue) }) }

    /// Two pictures of one person lie .38 +- .08 apart.
    func picture(near centre: [Float], _ random: inout SplitMix64) -> FaceEncodings {
        let length = 0.27 * max(0.4, 1 + 0.2 * random.normal())
        return FaceEncodings(near: centre, offset: pictures.vector(length * 0.98, &random))
    }

    mutating func addPortrait(_ id: Int, of person: Int, _ encodings: FaceEncodings) {
        references.append(
            Reference(
                id: ReferenceID(rawValue: Int64(id)), person: PersonID(rawValue: Int64(person)),
                encodings: encodings))
    }

    mutating func addPhoto(of people: [(person: Int, encodings: FaceEncodings)]) {
        let hash = ContentHash(ofMadePhoto: number + photoCount)
        photoCount += 1
        for (index, (person, encodings)) in people.enumerated() {
            let id = FaceID(photo: hash, number: index)
            self.person[id] = person
            faces.append(
                Face(
                    id: id,
                    box: FaceBox(left: Double(index) / 25, top: 0.2, width: 0.03, height: 0.03),
                    confidence: 1, encodings: encodings))
        }
    }
}
