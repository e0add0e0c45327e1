import FaceCore
import Foundation
import TestSupport

/// Who is in the photos of a synthetic event.
enum SyntheticPeople {
    /// People who are seen again and again; everybody else is seen once.
    static let regularCount = 2000

    /// The person of each of `count` faces: 70 % are the regulars', by Zipf's law, the others
    /// strangers' who are seen once.
    static func appearances(_ count: Int, _ random: inout SplitMix64) -> [Int] {
        var sums: [Double] = []
        for rank in 1...regularCount { sums.append((sums.last ?? 0) + 1 / Double(rank)) }
        return (0..<count).map { index in
            guard index < count * 7 / 10 else { return regularCount + index }
            let drawn = Double.random(in: 0..<sums[regularCount - 1], using: &random)
            return sums.firstIndex { $0 > drawn } ?? 0
        }
    }
}

/// How much vectors differ in each direction, in each less than in the one before.
struct Directions {
    private let first: Int
    private let spreads: [Float]

    /// - Parameters:
    ///   - first: the coordinate in which vectors differ most.
    ///   - count: how many coordinates, from it on.
    ///   - decay: after this many coordinates the variance is 1 / e of the first one's.
    init(first: Int, count: Int, decay: Float) {
        self.first = first
        let squares = (0..<count).map { exp(-Float($0) / decay) }
        let sum = squares.reduce(0, +)
        spreads = squares.map { ($0 / sum).squareRoot() }
    }

    /// Nearly normal, with a mean length of `length`.
    func vector(_ length: Float, _ random: inout SplitMix64) -> [Float] {
        var vector = [Float](repeating: 0, count: FaceEncoding.dimension)
        for (index, spread) in spreads.enumerated() {
            // The sum of three even numbers has a variance of 1.
            let sum = (0..<3).reduce(Float(0)) { sum, _ in
                sum + Float.random(in: -1...1, using: &random)
            }
            vector[first + index] = sum * spread * length
        }
        return vector
    }
}

extension FaceEncodings {
    /// A picture that lies `offset` from its person.
    init(near centre: [Float], offset: [Float]) {
        // No nil: both are vectors of as many finite numbers as encodings have.
        let encoding = FaceEncoding(components: zip(centre, offset).map { $0 + $1 })!
        self.init(plain: encoding, mirrorMean: encoding)
    }
}

extension ContentHash {
    /// The hash of a synthetic photo; the same number always has the same hash.
    init(number: Int) {
        var random = SplitMix64(seed: UInt64(number))
        // No nil: as many bytes as a hash has.
        self.init(
            bytes: (0..<Self.byteCount).map { _ in UInt8(truncatingIfNeeded: random.next()) })!
    }
}

/// How far apart the faces of an event are, by a sample of 3000.
struct DistanceSpreads {
    /// Of two pictures of one person.
    let same: Spread
    /// Of pictures of two people.
    let others: Spread

    init(of faces: [Face], person: [FaceID: Int], _ random: inout SplitMix64) {
        let sample = faces.shuffled(using: &random).prefix(3000)
        var (same, others): ([Float], [Float]) = ([], [])
        for (index, one) in sample.enumerated() {
            for other in sample.dropFirst(index + 1) {
                let distance = one.encodings.mirrorMean.distance(to: other.encodings.mirrorMean)
                if person[one.id] == person[other.id] {
                    same.append(distance)
                } else {
                    others.append(distance)
                }
            }
        }
        self.same = Spread(same)
        self.others = Spread(others)
    }

    var text: String {
        String(
            format: "same %.3f +- %.3f, others %.3f +- %.3f, %.2f %% of those below .55",
            same.mean, same.deviation, others.mean, others.deviation, 100 * others.shareBelow)
    }

    /// Mean and standard deviation, and the share below .55.
    struct Spread {
        let mean: Double
        let deviation: Double
        let shareBelow: Double

        init(_ values: [Float]) {
            let count = Double(max(1, values.count))
            let mean = values.reduce(0.0) { $0 + Double($1) } / count
            self.mean = mean
            deviation =
                (values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count)
                .squareRoot()
            shareBelow = Double(values.count { $0 < 0.55 }) / count
        }
    }
}
