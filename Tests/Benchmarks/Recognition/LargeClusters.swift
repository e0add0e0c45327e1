import FaceCore
import Foundation
import TestSupport

/// Times the clustering of 100,000 synthetic faces without names, and scores it: pictures of one
/// person .40 +- .09 apart, of two .76 +- .07, one pair in a hundred of them, the look-alikes,
/// below .55; appearances by Zipf's law, 30 % of the faces of people seen once, 1 % half way
/// between two people. Then one more photo comes.
///
/// The time is from the faces, as the catalogue gives them, to the clusters.
func printLargeClusters() {
    let crowd = Crowd(seed: 1)
    print(
        "\(crowd.faces.count) faces of \(crowd.personCount) people, \(crowd.singleCount) of them seen "
            + "once, \(crowd.bridgeCount) faces half way to another; \(crowd.distances.text)")
    let (time, found) = Stopwatch.time { clusters(ofUnnamed: crowd.faces) }
    let score = crowd.score(of: found)
    print(
        "\(found.count) clusters in \(time.text), "
            + String(
                format: "at most %.0f MB in use: B-cubed %.3f / %.3f, F1 %.3f; pairs %.3f / %.3f",
                peakMegabytes(), score.precision, score.recall, score.f1, score.pairPrecision,
                score.pairRecall))
    let (faces, new) = crowd.withOneMorePhoto()
    let (more, after) = Stopwatch.time {
        clusters(ofUnnamed: faces, keeping: found, new: new)
    }
    let joined = after.filter { !new.isDisjoint(with: $0.faces) }.count
    print(
        "one more photo with \(new.count) faces: \(more.text), \(joined) of them in clusters")
}

/// The most memory that the process ever had; 0 when the system does not tell.
private func peakMegabytes() -> Double {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return (line?.split(separator: " ").dropFirst().first).flatMap { Double($0) }.map { $0 / 1024 }
        ?? 0
}

private struct Crowd {
    private(set) var faces: [UnnamedFace] = []
    private(set) var person: [FaceID: Int] = [:]
    private(set) var bridgeCount = 0
    let personCount: Int
    let singleCount: Int
    let distances: DistanceSpreads

    private static let faceCount = 100_000
    private static let facesOfPhoto = 4
    /// How far people lie from the middle, siblings' parents from it, and siblings from them.
    private static let personLength: Float = 0.461
    private static let parentLength: Float = 0.387
    private static let siblingLength: Float = 0.25
    /// How far a picture lies from its person. Some pictures are better than others.
    private static let pictureLengths: ClosedRange<Float> = 0.232...0.340
    /// Two people differ in some eighty ways.
    private static let people = Directions(first: 0, count: 80, decay: 50)
    /// Two pictures of a person in ten others: pose, light, age.
    private static let pictures = Directions(first: 80, count: 48, decay: 5)

    init(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let appearances = SyntheticPeople.appearances(Self.faceCount, &random)
        let centres = Self.centres(of: Set(appearances).sorted(), &random)
        let photoCount = Self.faceCount / Self.facesOfPhoto
        var present = [Set<Int>](repeating: [], count: photoCount)
        for someone in appearances {
            var number = Int.random(in: 0..<photoCount, using: &random)
            while present[number].contains(someone) { number = (number + 1) % photoCount }
            let id = FaceID(photo: ContentHash(number: number), number: present[number].count)
            present[number].insert(someone)
            person[id] = someone
            var centre = centres[someone] ?? []
            // One face in a hundred: seventy of them are regulars'.
            if someone < SyntheticPeople.regularCount, Int.random(in: 0..<70, using: &random) == 0 {
                let other = centres[Int.random(in: 0..<50, using: &random)] ?? centre
                centre = zip(centre, other).map { ($0 + $1) / 2 }
                bridgeCount += 1
            }
            faces.append(Self.face(id, near: centre, &random))
        }
        personCount = centres.count
        singleCount = centres.keys.count { $0 >= SyntheticPeople.regularCount }
        distances = DistanceSpreads(of: faces.map(\.face), person: person, &random)
    }

    /// All faces and those of another photo.
    func withOneMorePhoto() -> (faces: [UnnamedFace], new: Set<FaceID>) {
        var random = SplitMix64(seed: 99)
        let hash = ContentHash(number: 10_000_000)
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

    /// Where people lie. Regulars are siblings, in families of two and of four in turn: those are
    /// the look-alikes.
    private static func centres(
        of people: [Int], _ random: inout SplitMix64
    ) -> [Int: [Float]] {
        func family(_ someone: Int) -> Int { someone / 6 * 2 + (someone % 6 < 2 ? 0 : 1) }
        let parents = (0...family(SyntheticPeople.regularCount)).map { _ in
            Self.people.vector(parentLength, &random)
        }
        var centres: [Int: [Float]] = [:]
        for someone in people {
            if someone < SyntheticPeople.regularCount {
                centres[someone] = zip(
                    parents[family(someone)], Self.people.vector(siblingLength, &random)
                ).map { $0 + $1 }
            } else {
                centres[someone] = Self.people.vector(personLength, &random)
            }
        }
        return centres
    }

    private static func face(
        _ id: FaceID, near centre: [Float], _ random: inout SplitMix64
    ) -> UnnamedFace {
        let offset = pictures.vector(.random(in: pictureLengths, using: &random), &random)
        return UnnamedFace(
            face: Face(
                id: id, box: FaceBox(left: 0, top: 0, width: 0.1, height: 0.1), confidence: 1,
                encodings: FaceEncodings(near: centre, offset: offset)), isClear: true)
    }
}
