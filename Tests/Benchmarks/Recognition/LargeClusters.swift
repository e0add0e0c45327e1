import FaceCore
import Foundation

/// Times the clustering of 100,000 synthetic faces without names, and scores it: pictures of one
/// person .40 +- .09 apart, of two .76 +- .07, one pair in a hundred of them, the look-alikes, below
/// .55; appearances by Zipf's law, 30 % of the faces of people seen once, 1 % half way between two
/// people. Then one more photo comes.
func printLargeClusters() {
    let crowd = Crowd(seed: 1)
    print(
        "\(crowd.faces.count) faces of \(crowd.personCount) people; "
            + String(
                format: "same %.2f +- %.2f, others %.2f +- %.2f, %.1f %% below .55",
                crowd.same.mean, crowd.same.deviation, crowd.others.mean, crowd.others.deviation,
                100 * crowd.others.shareBelow))
    let clock = ContinuousClock()
    var found: [Cluster] = []
    let time = clock.measure { found = clusters(ofUnnamed: crowd.faces) }
    let score = crowd.score(of: found)
    print(
        String(
            format: "%d clusters in %.1f s, at most %.0f MB in use: B-cubed %.3f / %.3f, F1 %.3f; "
                + "pairs %.3f / %.3f", found.count, time / .seconds(1), peakMegabytes(),
            score.precision, score.recall, score.f1, score.pairPrecision, score.pairRecall))
    let (faces, new) = crowd.withOneMorePhoto()
    var after: [Cluster] = []
    let more = clock.measure {
        after = clusters(ofUnnamed: faces, keeping: found, new: new)
    }
    let joined = after.filter { !new.isDisjoint(with: $0.faces) }.count
    print(
        String(
            format: "one more photo with %d faces: %.2f s, %d of them in clusters", new.count,
            more / .seconds(1), joined))
}

/// The most memory that the process ever had; 0 where the system does not tell.
private func peakMegabytes() -> Double {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return (line?.split(separator: " ").dropFirst().first).flatMap { Double($0) }.map { $0 / 1024 }
        ?? 0
}

private struct Crowd {
    private(set) var faces: [UnnamedFace] = []
    private(set) var person: [FaceID: Int] = [:]
    let personCount: Int
    let same: Spread
    let others: Spread

    private static let faceCount = 100_000
    private static let facesOfPhoto = 4
    /// People who are seen again and again; of them each two are siblings, who look alike.
    private static let regularCount = 2000
    /// How far people lie from the middle, siblings' parents from it, and siblings from them.
    private static let personLength: Float = 0.455
    private static let parentLength: Float = 0.387
    private static let siblingLength: Float = 0.24
    /// How far a picture lies from its person.
    private static let pictureLength: Float = 0.285

    init(seed: UInt64) {
        var random = SplitMix64(state: seed)
        let people = Self.appearances(&random)
        let parents = (0...Self.regularCount / 2).map { _ in
            Directions.people.vector(Self.parentLength, &random)
        }
        var centres: [Int: [Float]] = [:]
        for someone in Set(people).sorted() {
            if someone < Self.regularCount {
                centres[someone] = zip(
                    parents[someone / 2], Directions.people.vector(Self.siblingLength, &random)
                ).map { $0 + $1 }
            } else {
                centres[someone] = Directions.people.vector(Self.personLength, &random)
            }
        }
        let photoCount = Self.faceCount / Self.facesOfPhoto
        var present = [Set<Int>](repeating: [], count: photoCount)
        for someone in people {
            var number = Int.random(in: 0..<photoCount, using: &random)
            while present[number].contains(someone) { number = (number + 1) % photoCount }
            let id = FaceID(photo: Self.hash(number), number: present[number].count)
            present[number].insert(someone)
            person[id] = someone
            var centre = centres[someone] ?? []
            if someone < Self.regularCount, Int.random(in: 0..<70, using: &random) == 0 {
                let other = centres[Int.random(in: 0..<50, using: &random)] ?? centre
                centre = zip(centre, other).map { ($0 + $1) / 2 }
            }
            faces.append(Self.face(id, near: centre, &random))
        }
        personCount = centres.count
        (same, others) = Self.spreads(faces, person, &random)
    }

    /// All faces and those of another photo, with some of the regulars and a stranger.
    func withOneMorePhoto() -> (faces: [UnnamedFace], new: Set<FaceID>) {
        var random = SplitMix64(state: 99)
        let hash = Self.hash(10_000_000)
        let new = (0..<5).map { number in
            // Near a face of somebody, as another picture of them.
            let model = faces[Int.random(in: 0..<faces.count, using: &random)]
            return Self.face(
                FaceID(photo: hash, number: number),
                near: model.face.encodings.mirrorMean.components.map { $0 * 0.98 }, &random)
        }
        return (faces + new, Set(new.map(\.face.id)))
    }

    func score(of clusters: [Cluster]) -> ClusterScore {
        var cluster: [FaceID: Int] = [:]
        for (index, found) in clusters.enumerated() {
            for face in found.faces { cluster[face] = index }
        }
        return ClusterScore(
            faces.map { (person[$0.face.id] ?? -1, cluster[$0.face.id]) })
    }

    private static func face(
        _ id: FaceID, near centre: [Float], _ random: inout SplitMix64
    ) -> UnnamedFace {
        let offset = Directions.pictures.vector(pictureLength, &random)
        let encoding = FaceEncoding(components: zip(centre, offset).map { $0 + $1 })!
        return UnnamedFace(
            face: Face(
                id: id, box: FaceBox(left: 0, top: 0, width: 0.1, height: 0.1), confidence: 1,
                encodings: FaceEncodings(plain: encoding, mirrorMean: encoding)), isClear: true)
    }

    /// The person of each face: 70 % by Zipf's law, the rest strangers seen once.
    private static func appearances(_ random: inout SplitMix64) -> [Int] {
        var sums: [Double] = []
        for rank in 1...regularCount { sums.append((sums.last ?? 0) + 1 / Double(rank)) }
        return (0..<faceCount).map { index in
            guard index < faceCount * 7 / 10 else { return regularCount + index }
            let drawn = Double.random(in: 0..<sums[regularCount - 1], using: &random)
            return sums.firstIndex { $0 > drawn } ?? 0
        }
    }

    private static func spreads(
        _ faces: [UnnamedFace], _ person: [FaceID: Int], _ random: inout SplitMix64
    ) -> (same: Spread, others: Spread) {
        let sample = faces.shuffled(using: &random).prefix(3000)
        var pairs: (same: [Float], others: [Float]) = ([], [])
        for (index, one) in sample.enumerated() {
            for other in sample.dropFirst(index + 1) {
                let distance = one.face.encodings.mirrorMean
                    .distance(to: other.face.encodings.mirrorMean)
                if person[one.face.id] == person[other.face.id] {
                    pairs.same.append(distance)
                } else {
                    pairs.others.append(distance)
                }
            }
        }
        return (Spread(pairs.same), Spread(pairs.others))
    }

    private static func hash(_ number: Int) -> ContentHash {
        var random = SplitMix64(state: UInt64(number))
        return ContentHash(
            bytes: (0..<ContentHash.byteCount).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        )!
    }
}

/// Mean and standard deviation of distances, and the share of those below .55.
private struct Spread {
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

/// How much vectors differ in each direction, each less than in the one before.
private struct Directions {
    /// Two people differ in some fifty ways.
    static let people = Directions(first: 0, count: 80, decay: 25)
    /// Two pictures of a person in ten others: pose, light, age.
    static let pictures = Directions(first: 80, count: 48, decay: 5)

    private let first: Int
    private let spreads: [Float]

    private init(first: Int, count: Int, decay: Float) {
        self.first = first
        let squares = (0..<count).map { exp(-Float($0) / decay) }
        let sum = squares.reduce(0, +)
        spreads = squares.map { ($0 / sum).squareRoot() }
    }

    /// Nearly normal, of a mean length of `length`.
    func vector(_ length: Float, _ random: inout SplitMix64) -> [Float] {
        // The sum of three even numbers has a variance of 1.
        var vector = [Float](repeating: 0, count: FaceEncoding.dimension)
        for (index, spread) in spreads.enumerated() {
            let sum = (0..<3).reduce(Float(0)) { sum, _ in
                sum + Float.random(in: -1...1, using: &random)
            }
            vector[first + index] = sum * spread * length
        }
        return vector
    }
}
