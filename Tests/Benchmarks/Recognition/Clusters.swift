import FaceCore
import TestSupport

/// Finds clusters among the faces without a name.
private typealias Method = (ClusterTrial) -> [Cluster]

private struct ClusterTrial {
    let event: LabelledEvent
    let names: [FaceID: Int]
    let unnamed: [UnnamedFace]
    let identities: [String: Int]

    /// - Parameter known: the people whose portraits are used.
    init(_ event: LabelledEvent, known: [PersonID], _ parameters: ClusterParameters) {
        self.event = event
        var names: [FaceID: Int] = [:]
        if !known.isEmpty {
            for match in Recogniser(event).outcome(known: known).matches {
                names[match.face] = match.named.map { -Int($0.person.rawValue) }
            }
        }
        self.names = names
        unnamed = event.faces.filter { names[$0.id] == nil }.map { face in
            UnnamedFace(
                face: face, isClear: event.quality[face.id]?.isClear(parameters) ?? true)
        }
        identities = Dictionary(
            uniqueKeysWithValues: Set(event.identity.values).sorted().enumerated().map {
                ($0.element, $0.offset)
            })
    }

    /// The project's own method.
    func clusters(_ parameters: ClusterParameters = .standard) -> [Cluster] {
        FaceCore.clusters(
            ofUnnamed: unnamed, namedFaceCount: event.faces.count - unnamed.count,
            nearDuplicates: event.nearDuplicates,
            neighbourhoods: event.neighbourhoods, parameters: parameters)
    }

    func score(_ method: Method, unknownOnly: Bool) -> ClusterScore {
        var cluster = names
        for (index, found) in method(self).enumerated() {
            for face in found.faces { cluster[face] = index + 1 }
        }
        let knownNames = Set(event.people.compactMap { event.names[$0] })
        return ClusterScore(
            event.faces.compactMap { face in
                guard let identity = event.identity[face.id], !identity.isEmpty,
                    !unknownOnly || !knownNames.contains(identity),
                    let number = identities[identity]
                else { return nil }
                return (number, cluster[face.id])
            })
    }
}

private let header = ["pair P", "pair R", "B-cubed P", "B-cubed R", "B-cubed F1"]

/// Compares clusters with those of other methods, and shows how much the numbers matter.
func printClusters(_ event: LabelledEvent) {
    let methods: [(String, Method)] = [
        ("as it comes", { $0.clusters() }),
        ("average link with cannot-link up to .48", { averageLink($0.unnamed, 0.48) }),
        ("average link with cannot-link up to .58", { averageLink($0.unnamed, 0.58) }),
        ("Chinese whispers .5", { chineseWhispers($0.unnamed) }),
        ("DBSCAN .5", { densityClusters($0.unnamed) }),
    ]
    for (title, known, unknownOnly) in [
        ("Clusters of all faces, named faces first", event.people, false),
        ("Clusters of strangers alone", event.people, true),
        ("Clusters of all faces, nobody known", [], false),
    ] {
        let trial = ClusterTrial(event, known: known, .standard)
        printTable(
            title, ["method"] + header,
            methods.map { [$0.0] + trial.score($0.1, unknownOnly: unknownOnly).cells })
    }
    let unclear = event.quality.values.count { !$0.isClear }
    print("\n\(unclear) of \(event.faces.count) faces are not clear.")
    printClusterFlatness(event)
    printLinkages(event)
}

/// The best limit by the number of known people: B-cubed F1 of all faces, the mean of ten draws.
private func printLinkages(_ event: LabelledEvent) {
    let linkages: [Float] = [0.42, 0.45, 0.48, 0.51, 0.54, 0.57, 0.6]
    var rows: [[String]] = []
    for count in [0, 1, 2, 4, 8, 12, event.people.count] {
        let trials = draws(of: count, from: event).prefix(10).map {
            ClusterTrial(event, known: $0, .standard)
        }
        let share =
            trials.reduce(0.0) { $0 + Double($1.names.count) / Double(event.faces.count) }
            / Double(trials.count)
        rows.append(
            ["\(count)", three(share)]
                + linkages.map { linkage in
                    var parameters = ClusterParameters.standard
                    parameters.linkage = linkage
                    let scores = trials.map { trial in
                        trial.score({ $0.clusters(parameters) }, unknownOnly: false)
                    }
                    let count = Double(scores.count)
                    return three(scores.reduce(0) { $0 + $1.f1 } / count) + " / "
                        + three(scores.reduce(0) { $0 + $1.pairPrecision } / count)
                })
    }
    printTable(
        "B-cubed F1 and pair precision by the limit, and by how many people are known",
        ["known", "share of faces named"] + linkages.map { "\($0)" }, rows)
}

private func averageLink(_ faces: [UnnamedFace], _ linkage: Float) -> [Cluster] {
    clusters(of: faces.map(\.face), upTo: linkage)
}

private func printClusterFlatness(_ event: LabelledEvent) {
    var rows: [[String]] = []
    func add(_ title: String, _ change: (inout ClusterParameters) -> Void) {
        var parameters = ClusterParameters.standard
        change(&parameters)
        let method: Method = { $0.clusters(parameters) }
        let known = ClusterTrial(event, known: event.people, parameters)
        let all = known.score(method, unknownOnly: false)
        let unknown = known.score(method, unknownOnly: true)
        let nobody = ClusterTrial(event, known: [], parameters).score(method, unknownOnly: false)
        rows.append([
            title, three(all.pairPrecision), three(all.f1), three(unknown.pairPrecision),
            three(unknown.f1), three(nobody.pairPrecision), three(nobody.f1),
        ])
    }
    add("as it comes") { _ in }
    for linkage in [Float(0.5), 0.52, 0.54, 0.56, 0.58] {
        add("link \(linkage)") { $0.linkage = linkage }
    }
    for linkage in [Float(0.3), 0.36, 0.42, 0.48] {
        add("link among unclear faces \(linkage)") { $0.unclearLinkage = linkage }
    }
    for distance in [Float(0), 0.5, 0.62, 0.8] {
        add("copies up to \(distance)") { $0.copyDistance = distance }
    }
    for height in [0.0, 20, 30, 40, 50, 60] {
        add("height from \(height)") { $0.leastHeight = height }
    }
    for sharpness in [0.0, 5, 10, 15, 20, 30] {
        add("sharpness from \(sharpness)") { $0.leastSharpness = sharpness }
    }
    for asymmetry in [Float(0.16), 0.18, 0.2, 0.22, 0.25, 0.3, 1] {
        add("asymmetry up to \(asymmetry)") { $0.mostAsymmetry = asymmetry }
    }
    printTable(
        "Clusters with other numbers: named faces first, strangers alone, nobody known",
        [
            "number", "all: pair P", "B-cubed F1", "strangers: pair P", "B-cubed F1",
            "nobody known: pair P", "B-cubed F1",
        ], rows)
}

// MARK: Other methods

/// For each face the faces within .5 of it.
private func neighbours(_ faces: [UnnamedFace]) -> [[(face: Int, distance: Float)]] {
    faces.indices.map { one in
        faces.indices.compactMap { other in
            let distance = faces[one].face.encodings.plain
                .distance(to: faces[other].face.encodings.plain)
            return one != other && distance < 0.5 ? (other, distance) : nil
        }
    }
}

private func grouped(_ faces: [UnnamedFace], by label: [Int]) -> [Cluster] {
    Dictionary(grouping: faces.indices, by: { label[$0] }).values.filter { $0.count > 1 }
        .map { Cluster(faces: $0.map { faces[$0].face.id }) }
}

/// Like dlib's (Biemann 2006): every face takes the label that most of its neighbours have, in
/// random order, a hundred times.
private func chineseWhispers(_ faces: [UnnamedFace]) -> [Cluster] {
    let near = neighbours(faces)
    var label = Array(faces.indices)
    var random = SplitMix64(seed: 1)
    for _ in 0..<100 * max(1, faces.count) {
        guard let face = faces.indices.randomElement(using: &random) else { break }
        var votes: [Int: Int] = [:]
        for other in near[face] { votes[label[other.face], default: 0] += 1 }
        if let best = votes.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) {
            label[face] = best.key
        }
    }
    return grouped(faces, by: label)
}

/// DBSCAN (Ester and others 1996) with three points: a face with two more within reach.
private func densityClusters(_ faces: [UnnamedFace]) -> [Cluster] {
    let near = neighbours(faces)
    var label = faces.indices.map { -1 - $0 }
    var next = 0
    for start in faces.indices where label[start] < 0 && near[start].count >= 2 {
        label[start] = next
        var open = [start]
        while let face = open.popLast() {
            guard near[face].count >= 2 else { continue }
            for other in near[face] where label[other.face] < 0 {
                label[other.face] = next
                open.append(other.face)
            }
        }
        next += 1
    }
    return grouped(faces, by: label)
}
