import FaceCore
import Foundation
import TestSupport

/// A seeded event full of strangers who look alike: twelve communities of 35 people, in four of
/// which people are hard to tell apart.
struct MadeCrowd {
    private(set) var faces: [Face] = []
    private(set) var references: [Reference] = []
    private(set) var person: [FaceID: Int] = [:]

    private static let communityCount = 12
    private static let denseCount = 4
    private static let peopleCount = 35
    private static let photoCount = 300
    /// Two pictures of one person are .38 apart; each lies this far from its person.
    private static let pictureLength: Float = 0.27

    /// - Parameters:
    ///   - portraitCount: of each of the 24 known people, two in each community.
    init(seed: Int, portraitCount: Int) {
        var random = SplitMix64(seed: UInt64(7000 + seed))
        var centres = Self.centres(&random)
        let known = Self.known(&centres, &random)
        for (index, own) in known.enumerated() {
            for number in 0..<portraitCount {
                references.append(
                    Reference(
                        id: ReferenceID(rawValue: Int64(10 * index + number + 1)),
                        person: PersonID(rawValue: Int64(own + 1)),
                        encodings: Self.picture(of: centres[own], &random)))
            }
        }
        let orders = (0..<Self.communityCount).map { _ in
            Array(0..<Self.peopleCount).shuffled(using: &random)
        }
        for number in 0..<Self.photoCount {
            let community = Int.random(in: 0..<Self.communityCount, using: &random)
            var there = Self.people(of: orders[community], &random).map {
                community * Self.peopleCount + $0
            }
            // One photo in fifty shows somebody twice.
            if Int.random(in: 0..<50, using: &random) == 0 { there.append(there[0]) }
            let hash = ContentHash(number: 1000 * seed + number)
            for (index, own) in there.enumerated() {
                let id = FaceID(photo: hash, number: index)
                person[id] = own
                faces.append(
                    Face(
                        id: id,
                        box: FaceBox(
                            left: Double(index) / 25, top: 0.2, width: 0.03, height: 0.03),
                        confidence: 1, encodings: Self.picture(of: centres[own], &random)))
            }
        }
    }

    /// Pictures of two people are .55 apart in the dense communities, .70 in the others, and .78
    /// between communities, each +- .08.
    private static func centres(_ random: inout SplitMix64) -> [[Float]] {
        (0..<communityCount).flatMap { community -> [[Float]] in
            let isDense = community < denseCount
            let own: Float = isDense ? 0.158 : 0.346
            let middle = Directions(first: 0, count: 128, decay: 90)
                .vector(((0.464 - own) / 2).squareRoot(), &random)
            let around = Directions(first: 0, count: 128, decay: isDense ? 12 : 26)
            return (0..<peopleCount).map { _ in
                zip(middle, around.vector((own / 2).squareRoot(), &random)).map { $0 + $1 }
            }
        }
    }

    /// Two people of each community; two of all have a twin, .30 +- .06 apart, who is not known.
    private static func known(_ centres: inout [[Float]], _ random: inout SplitMix64) -> [Int] {
        var known: [Int] = []
        for community in 0..<communityCount {
            let own = Array(0..<peopleCount).shuffled(using: &random)
            known += own.prefix(2).map { community * peopleCount + $0 }
            guard community == 0 || community == communityCount - 1 else { continue }
            let (one, twin) = (community * peopleCount + own[0], community * peopleCount + own[2])
            let line = Directions(first: 0, count: 128, decay: 26).vector(1, &random)
            let length = line.reduce(0) { $0 + $1 * $1 }.squareRoot()
            let spread = (0..<3).reduce(Float(0)) { sum, _ in
                sum + Float.random(in: -1...1, using: &random)
            }
            let distance = 0.30 + 0.06 * spread
            centres[twin] = zip(centres[one], line).map { $0 + $1 / length * distance }
        }
        return known
    }

    private static func picture(of centre: [Float], _ random: inout SplitMix64) -> FaceEncodings {
        let spread = (0..<3).reduce(Float(0)) { sum, _ in
            sum + Float.random(in: -1...1, using: &random)
        }
        return FaceEncodings(
            near: centre,
            offset: Directions(first: 0, count: 128, decay: 16).vector(
                pictureLength * max(0.4, 1 + 0.2 * spread), &random))
    }

    /// Three photos in ten show one person, two show two, the others 3 to 20, eight on average;
    /// who is there follows Zipf's law.
    private static func people(of order: [Int], _ random: inout SplitMix64) -> [Int] {
        let kind = Int.random(in: 0..<10, using: &random)
        var count = kind < 3 ? 1 : 2
        if kind >= 5 {
            repeat {
                count = 3 + Int(-log(1 - Double.random(in: 0..<1, using: &random)) * 5.3)
            } while count > 20
        }
        var sums: [Double] = []
        for rank in 1...order.count { sums.append((sums.last ?? 0) + 1 / Double(rank)) }
        var there: [Int] = []
        while there.count < count {
            let drawn = Double.random(in: 0..<(sums.last ?? 1), using: &random)
            let own = order[sums.firstIndex { $0 > drawn } ?? 0]
            if !there.contains(own) { there.append(own) }
        }
        return there
    }
}

/// How right names are in made crowds: each person in each photo counts once.
private struct CrowdScore {
    private var (right, wrong, missed) = (0, 0, 0)

    mutating func add(_ matches: [Match], of crowd: MadeCrowd, onlySure: Bool) {
        let known = Set(crowd.references.map { Int($0.person.rawValue) - 1 })
        var said: [ContentHash: Set<Int>] = [:]
        var there: [ContentHash: Set<Int>] = [:]
        for match in matches {
            if let named = match.named, !onlySure || match.band == .sure {
                said[match.face.photo, default: []].insert(Int(named.person.rawValue) - 1)
            }
            if let own = crowd.person[match.face], known.contains(own) {
                there[match.face.photo, default: []].insert(own)
            }
        }
        for photo in Set(said.keys).union(there.keys) {
            let (said, there) = (said[photo] ?? [], there[photo] ?? [])
            right += said.intersection(there).count
            wrong += said.subtracting(there).count
            missed += there.subtracting(said).count
        }
    }

    var cells: [String] {
        [
            three(Double(right) / Double(max(1, right + wrong))),
            three(Double(right) / Double(max(1, right + missed))), "\(wrong)",
        ]
    }
}

/// Names, bands, questions and clusters in ten made crowds.
func printCrowds() {
    var plain = EvidenceParameters.standard
    plain.steps.subtract([.certainOthers, .photoMates, .rivals, .sureAlone])
    var rows: [[String]] = []
    for portraitCount in 1...3 {
        let crowds = (1...10).map { MadeCrowd(seed: $0, portraitCount: portraitCount) }
        let clustered = crowds.map { clusters(of: $0.faces, upTo: MatchSettings.tightLinkage) }
        for (title, naming, parameters) in [
            ("without what other faces tell", Naming.balanced, plain),
            ("balanced", .balanced, .standard), ("strict", .strict, .standard),
        ] {
            var (filed, sure, asked) = (CrowdScore(), CrowdScore(), 0)
            for (crowd, tight) in zip(crowds, clustered) {
                let matches = recognise(
                    faces: crowd.faces, references: crowd.references, clusters: tight,
                    nearDuplicates: .none, settings: MatchSettings(naming: naming),
                    parameters: parameters)
                filed.add(matches, of: crowd, onlySure: false)
                sure.add(matches, of: crowd, onlySure: true)
                asked += questions(about: matches, clusters: tight).count
            }
            rows.append(
                ["\(portraitCount)", title] + filed.cells + sure.cells + ["\(asked / 30)"])
        }
    }
    printTable(
        "Made crowds, seeds 1 to 10",
        [
            "portraits", "rule", "precision", "recall", "wrong", "sure: precision", "recall",
            "wrong", "questions per 100 photos",
        ], rows)
    let crowds = (1...10).map { MadeCrowd(seed: $0, portraitCount: 1) }
    printTable(
        "Clusters in made crowds, nobody known",
        ["distances", "seed", "pair P", "pair R", "B-cubed P", "B-cubed R", "B-cubed F1"],
        crowds.enumerated().flatMap { index, crowd in
            let tight = clusters(of: crowd.faces, upTo: MatchSettings.tightLinkage)
            return [
                ("as they are", Neighbourhoods.usual),
                ("by the neighbourhood", Neighbourhoods(of: crowd.faces, clusters: tight)),
            ].map { title, neighbourhoods in
                var cluster: [FaceID: Int] = [:]
                let found = clusters(
                    ofUnnamed: crowd.faces.map { UnnamedFace(face: $0, isClear: true) },
                    neighbourhoods: neighbourhoods)
                for (number, own) in found.enumerated() {
                    for face in own.faces { cluster[face] = number }
                }
                let score = ClusterScore(
                    crowd.faces.map { (crowd.person[$0.id] ?? 0, cluster[$0.id]) })
                return [title, "\(index + 1)"] + score.cells
            }
        })
}
