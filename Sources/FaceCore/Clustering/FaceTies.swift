/// What a person said about faces among themselves, whoever they are.
public struct FaceTies: Hashable, Sendable {
    /// Faces of one person: each face in at most one group, at least two in each, sorted, and no
    /// two of ``apart``.
    public let together: [[FaceID]]
    /// Faces of different people.
    public let apart: Set<FacePair>

    public static let none = FaceTies()

    /// - Parameters:
    ///   - together: groups that may share faces; those that do merge, unless that would join faces
    ///     that are apart.
    ///   - apart: for each pair, what was said last.
    public init(together: [[FaceID]] = [], apart: Set<FacePair> = []) {
        let strangers = apart.strangersOfFace
        var members: [[FaceID]] = []
        var ofFace: [FaceID: Int] = [:]
        func number(of face: FaceID) -> Int {
            if let number = ofFace[face] { return number }
            ofFace[face] = members.count
            members.append([face])
            return members.count - 1
        }
        for group in together {
            for face in group.dropFirst() {
                let (one, other) = (number(of: group[0]), number(of: face))
                guard one != other else { continue }
                // The smaller into the larger: one answer may join thousands.
                let (from, to) =
                    members[one].count < members[other].count ? (one, other) : (other, one)
                let isAllowed = members[from].allSatisfy { face in
                    strangers[face]?.allSatisfy { ofFace[$0] != to } ?? true
                }
                guard isAllowed else { continue }
                for moved in members[from] { ofFace[moved] = to }
                members[to] += members[from]
                members[from] = []
            }
        }
        self.together = members.filter { $0.count > 1 }.map { $0.sorted() }
            .sorted { $0[0] < $1[0] }
        self.apart = apart
    }

    public var isEmpty: Bool { together.isEmpty && apart.isEmpty }

    /// Corrects clusters made elsewhere by what was said. Each group is in one cluster, with its
    /// faces' old clusters as long as no person is twice in a photo; of two faces that are apart
    /// the second leaves.
    ///
    /// - Returns: the clusters of two faces or more, each sorted, in the order of their first faces.
    func applied(to clusters: [Cluster]) -> [Cluster] {
        guard !isEmpty else { return clusters }
        let strangers = apart.strangersOfFace
        var all: [Set<FaceID>] = []
        var ofFace: [FaceID: Int] = [:]
        func add(_ faces: Set<FaceID>) {
            for face in faces { ofFace[face] = all.count }
            all.append(faces)
        }
        for cluster in clusters {
            var own: Set<FaceID> = []
            for face in cluster.faces.sorted()
            where strangers[face]?.isDisjoint(with: own) ?? true {
                own.insert(face)
            }
            add(own)
        }
        for group in together {
            var joined = Set(group)
            for face in group { if let old = ofFace[face] { all[old].remove(face) } }
            for old in Set(group.compactMap { ofFace[$0] }).sorted() {
                let photos = Set(joined.map(\.photo))
                let fits = all[old].allSatisfy { face in
                    !photos.contains(face.photo)
                        && strangers[face]?.isDisjoint(with: joined) ?? true
                }
                guard fits else { continue }
                joined.formUnion(all[old])
                all[old] = []
            }
            add(joined)
        }
        return all.filter { $0.count > 1 }.map { Cluster(faces: $0.sorted()) }
            .sorted { $0.faces[0] < $1.faces[0] }
    }
}

extension Set<FacePair> {
    /// For each face, the faces it is apart from.
    var strangersOfFace: [FaceID: Set<FaceID>] {
        var strangers: [FaceID: Set<FaceID>] = [:]
        for pair in self {
            strangers[pair.first, default: []].insert(pair.second)
            strangers[pair.second, default: []].insert(pair.first)
        }
        return strangers
    }
}

extension DecidedFaces {
    /// What was said about faces among themselves.
    public var ties: FaceTies { FaceTies(together: together, apart: apart) }

    /// What was said, and what follows from it, for recognition: a face that is the same as one
    /// with a name has that name; a face that is apart from it is not that person.
    ///
    /// - Parameter id: a person's number by name; decisions about a name without one are left out.
    public func decisions(_ id: (String) -> PersonID?) -> [FaceDecision] {
        var verdicts = verdicts
        let ties = ties
        for group in ties.together {
            let names = Set(group.compactMap { verdicts[$0]?.person })
            guard names.count == 1, let name = names.first else { continue }
            for face in group where verdicts[face]?.standing ?? .open == .open {
                var verdict = verdicts[face] ?? .open
                guard !verdict.excluded.contains(name) else { continue }
                verdict.standing = .person(name)
                verdicts[face] = verdict
            }
        }
        for pair in ties.apart {
            for (one, other) in [(pair.first, pair.second), (pair.second, pair.first)] {
                guard let name = verdicts[one]?.person,
                    verdicts[other]?.standing ?? .open == .open
                else { continue }
                verdicts[other, default: .open].excluded.insert(name)
            }
        }
        return verdicts.sorted { $0.key < $1.key }.flatMap { face, verdict in
            let excluded = verdict.excluded.sorted().compactMap(id)
                .map { FaceDecision.isNotPerson(face, $0) }
            switch verdict.standing {
            case .open: return excluded
            case .person(let name): return excluded + (id(name).map { [.isPerson(face, $0)] } ?? [])
            case .notAGuest: return excluded + [.notAGuest(face)]
            case .ignored: return excluded + [.ignore(face)]
            }
        }
    }
}
