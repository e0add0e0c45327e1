/// The faces of an event as they are judged: clusters together, all others alone.
struct FaceGroups {
    /// Faces that are judged together.
    struct Group {
        /// Indices of the faces, in order.
        let faces: [Int]
        /// What was said about all of them.
        let said: Said

        /// The person that the faces were said to be.
        var decidedPerson: PersonID? { said.person }
    }

    /// What was said about a face, as far as it matters to whom it may belong.
    struct Said: Hashable {
        let person: PersonID?
        let isLeftOut: Bool
        let excluded: Set<PersonID>
    }

    /// Two groups that are near each other.
    struct NearGroups {
        /// An index into the groups asked about.
        let claim: Int
        let other: Int
        /// The root of the mean squared distance between a face of the one and one of the other.
        let link: Float
    }

    /// In the order of their first faces.
    let all: [Group]
    /// For each face its group.
    let ofFace: [Int]
    /// For each group, its faces' mean distance to each person.
    private let distances: [Float]
    /// For each group, the people that its faces were said not to be.
    private let excluded: [Int: Set<Int>]
    private let peopleCount: Int
    private let centroids: VectorTable
    /// For each group the mean squared distance of its faces from their centroid.
    private let scatters: [Float]

    /// - Parameter faces: in ``FaceID`` order.
    init(
        faces: [Face], clusters: [Cluster], known: KnownPeople, distances: FaceDistances,
        decided: DecisionIndex
    ) {
        let all = Self.groups(of: faces, clusters: clusters, decided: decided)
        self.all = all
        var ofFace = [Int](repeating: 0, count: faces.count)
        for (index, group) in all.enumerated() { for face in group.faces { ofFace[face] = index } }
        self.ofFace = ofFace
        peopleCount = known.people.count
        let table = VectorTable(faces.lazy.map(\.encodings.mirrorMean))
        self.distances = all.flatMap { group in
            (0..<known.people.count).map { distances.mean(of: group.faces, to: $0) }
        }
        excluded = Self.excluded(from: all, known: known)
        (centroids, scatters) = table.moments(of: all.map(\.faces))
    }

    func distance(of group: Int, to person: Int) -> Float {
        distances[group * peopleCount + person]
    }

    /// The nearest person and the next, without those the face was said not to be; of equally near
    /// ones the first.
    func nearestTwo(to group: Int) -> (first: Int?, second: Int?) {
        var (first, second): (Int?, Int?) = (nil, nil)
        for person in 0..<peopleCount where !excludes(person, from: group) {
            let distance = distance(of: group, to: person)
            if first.map({ distance < self.distance(of: group, to: $0) }) ?? true {
                (first, second) = (person, first)
            } else if second.map({ distance < self.distance(of: group, to: $0) }) ?? true {
                second = person
            }
        }
        return (first, second)
    }

    /// The root of the mean squared distance between a face of the one group and one of the other.
    func link(_ one: Int, _ other: Int) -> Float {
        let squared = centroids.withView { view in
            let distance = view.distance(one, to: other)
            return distance * distance
        }
        return (squared + scatters[one] + scatters[other]).squareRoot()
    }

    /// The same for the faces of several groups together.
    func link(_ one: Int, toAllOf others: [Int], faceCount: Int) -> Float {
        let sum = others.reduce(Float(0)) {
            let link = link(one, $1)
            return $0 + Float(all[$1].faces.count) * link * link
        }
        return (sum / Float(faceCount)).squareRoot()
    }

    func excludes(_ person: Int, from group: Int) -> Bool {
        excluded[group]?.contains(person) == true
    }

    /// The wanted groups whose link to one of `claims` is at most its reach.
    ///
    /// - Parameter isWanted: called with a claim's index and a group, even the claim's own; for
    ///   most pairs, so that they need not be kept.
    func links(
        of claims: [Int], within reaches: [Float], where isWanted: @Sendable (Int, Int) -> Bool
    ) -> [NearGroups] {
        let asked = VectorTable(
            dimension: centroids.dimension, claims.lazy.map { Array(centroids[$0]) })
        // The centroids are never farther apart than the root mean square of the faces.
        let pairs = asked.nearPairs(to: centroids, within: reaches, where: isWanted)
        return pairs.compactMap { pair in
            let (claim, other) = (Int(pair.first), Int(pair.second))
            let squared =
                pair.distance * pair.distance + scatters[claims[claim]] + scatters[other]
            let link = squared.squareRoot()
            guard link <= reaches[claim] else { return nil }
            return NearGroups(claim: claim, other: other, link: link)
        }
    }

    /// Where a group lies: groups in one place are equally far from every other.
    struct Position: Hashable {
        private let centroid: [Float]
        private let scatter: Float

        fileprivate init(_ centroid: [Float], _ scatter: Float) {
            self.centroid = centroid
            self.scatter = scatter
        }
    }

    func position(of group: Int) -> Position {
        Position(Array(centroids[group]), scatters[group])
    }

    /// The faces of a cluster about which the same was said stay together: an answer about a
    /// stranger does not turn one competitor into many.
    private static func groups(
        of faces: [Face], clusters: [Cluster], decided: DecisionIndex
    ) -> [Group] {
        let indices = Dictionary(
            uniqueKeysWithValues: faces.enumerated().map { ($0.element.id, $0.offset) })
        var groups: [Group] = []
        var isGrouped = [Bool](repeating: false, count: faces.count)
        for cluster in clusters {
            let members = cluster.faces.compactMap { indices[$0] }.filter { !isGrouped[$0] }
                .sorted()
            for member in members { isGrouped[member] = true }
            let parts = Dictionary(grouping: members) { decided.said(of: faces[$0].id) }
            groups += parts.map { Group(faces: $0.value, said: $0.key) }
        }
        for index in faces.indices where !isGrouped[index] {
            groups.append(Group(faces: [index], said: decided.said(of: faces[index].id)))
        }
        return groups.sorted { $0.faces[0] < $1.faces[0] }
    }

    private static func excluded(from groups: [Group], known: KnownPeople) -> [Int: Set<Int>] {
        var excluded: [Int: Set<Int>] = [:]
        for (index, group) in groups.enumerated() where !group.said.excluded.isEmpty {
            let indices = known.people.indices.filter {
                group.said.excluded.contains(known.people[$0].id)
            }
            if !indices.isEmpty { excluded[index] = Set(indices) }
        }
        return excluded
    }
}
