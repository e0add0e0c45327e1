/// All that a person said about an album, replayed: the people by name, and what holds for each
/// face.
///
/// A name means what it meant when the answer was given: after `Anna` was renamed to `Grandma`, a
/// later `Anna` is somebody else. A name that was merged into another's still means that person.
/// Names that differ only in case are one name.
public struct DecisionBook: Sendable {
    /// Someone who was mentioned.
    public struct Person: Hashable, Sendable {
        /// As they are called now.
        public let name: String
        /// The names in PEOPLE whose portraits are this person's.
        public let portraitNames: Set<String>
    }

    /// Sorted by number.
    public let answers: [Decision]
    /// In the order of first mention, without people who were merged into others.
    public let people: [Person]
    private let isWithdrawn: Set<Int>
    private let faces: [DecidedFace]
    private let together: [[Int]]
    private let apart: Set<Pair>
    private let nameOfPortraits: [String: String]
    private let nameNow: [String: String]

    /// - Parameter answers: in the order in which they were given.
    public init(_ answers: [Decision]) {
        self.answers = answers
        isWithdrawn = Self.withdrawn(answers)
        var replay = Replay()
        for answer in answers where !isWithdrawn.contains(answer.number) {
            for saying in answer.sayings { replay.apply(saying) }
        }
        people = replay.livingPeople
        faces = replay.decidedFaces
        together = replay.together.filter { $0.count > 1 }
        apart = replay.apart
        var names: [String: String] = [:]
        for person in people {
            for name in person.portraitNames { names[nameKey(name)] = person.name }
        }
        nameOfPortraits = names
        nameNow = replay.namesNow
    }

    /// The state that a page shows: the number of the last answer, 0 before the first.
    public var revision: Int { answers.last?.number ?? 0 }

    /// Whether an answer was given and counts.
    public func isInEffect(_ number: Int) -> Bool {
        answers.contains { $0.number == number } && !isWithdrawn.contains(number)
    }

    /// The last answer that counts and is no withdrawal: *undo* takes it back next.
    public var lastInEffect: Decision? {
        answers.last { !isWithdrawn.contains($0.number) && !$0.isWithdrawal }
    }

    /// The current name of the person whose portraits have this name in PEOPLE.
    public func name(ofPortraits name: String) -> String {
        nameOfPortraits[nameKey(name)] ?? name
    }

    /// The current name of the person who once had this name; otherwise the name itself.
    public func name(ofOneOnceCalled name: String) -> String {
        nameNow[nameKey(name)] ?? name
    }

    /// An answer given after `revision` about the same faces or names: the person who says
    /// `sayings` has not seen it.
    public func unseen(by sayings: [Statement], since revision: Int) -> Decision? {
        let faces = Dictionary(grouping: sayings.flatMap(\.faces), by: \.photo)
        let names = Set(sayings.flatMap(\.names).map(nameKey))
        return answers.last { answer in
            answer.number > revision
                && answer.sayings.contains { saying in
                    var said = [saying]
                    if case .withdraw(let number) = saying {
                        said = answers.first { $0.number == number }?.sayings ?? []
                    }
                    return said.contains { said in
                        said.names.contains { renames(said) && names.contains(nameKey($0)) }
                            || said.faces.contains { face in
                                faces[face.photo]?.contains { $0.isSameFace(as: face) } == true
                            }
                    }
                }
        }
    }

    /// A person's new name is a surprise; that somebody else got the same name meanwhile is not.
    private func renames(_ saying: Statement) -> Bool {
        switch saying {
        case .rename, .merge: true
        default: false
        }
    }

    /// Everything said about places in photos, by photo, then by box.
    public var places: [DecidedPlace] {
        faces.map { face in
            DecidedPlace(
                key: FaceKey(photo: face.photo, box: face.box), verdict: verdict(on: face),
                isDrawn: face.isDrawn)
        }.filter { $0.verdict != .open || $0.isDrawn }.sorted { $0.key < $1.key }
    }

    /// What holds for the faces that were found.
    ///
    /// A decision belongs to the face at the same place: the one with the same box, else the one
    /// that overlaps it most and by at least ``FaceKey/sameFaceOverlap``.
    ///
    /// - Parameter found: any number, of any photos, in any order.
    public func decisions(on found: [Face]) -> DecidedFaces {
        let ofPhoto = Dictionary(grouping: found, by: \.id.photo)
        var ids: [Int: FaceID] = [:]
        for (photo, indices) in Dictionary(grouping: faces.indices, by: { faces[$0].photo }) {
            let own = ofPhoto[photo] ?? []
            for (one, other) in sameFaces(indices.map { faces[$0].box }, own.map(\.box)) {
                ids[indices[one]] = own[other].id
            }
        }
        var decided = DecidedFaces()
        for (index, face) in faces.enumerated() {
            let verdict = verdict(on: face)
            if let id = ids[index] {
                decided.verdicts[id] = verdict
            } else if verdict != .open || face.isDrawn {
                decided.unfound.append(
                    (FaceKey(photo: face.photo, box: face.box), verdict))
            }
        }
        decided.unfound.sort { $0.key < $1.key }
        decided.together = together.map { $0.compactMap { ids[$0] }.sorted() }
            .filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
        decided.apart = Set(
            apart.compactMap { pair in
                guard let one = ids[pair.one], let other = ids[pair.other] else { return nil }
                return FacePair(one, other)
            })
        return decided
    }

    private func verdict(on face: DecidedFace) -> FaceVerdict {
        FaceVerdict(
            standing: face.standing.named { people[$0].name },
            excluded: Set(face.excluded.map { people[$0].name }), isPortrait: face.isPortrait)
    }

    private static func withdrawn(_ answers: [Decision]) -> Set<Int> {
        var withdrawn: Set<Int> = []
        for answer in answers.reversed() where !withdrawn.contains(answer.number) {
            for case .withdraw(let number) in answer.sayings where number < answer.number {
                withdrawn.insert(number)
            }
        }
        return withdrawn
    }
}

/// What was decided about one face.
public struct FaceVerdict: Hashable, Sendable {
    /// Who a face is.
    public enum Standing: Hashable, Sendable {
        /// Nothing was said, or only who it is not.
        case open
        case person(String)
        case notAGuest
        case ignored
    }

    public var standing: Standing
    /// The names of people it is not.
    public var excluded: Set<String>
    /// Whether it serves as a portrait of its person, however poor it is.
    public var isPortrait: Bool

    public init(standing: Standing, excluded: Set<String> = [], isPortrait: Bool = false) {
        self.standing = standing
        self.excluded = excluded
        self.isPortrait = isPortrait
    }

    static let open = FaceVerdict(standing: .open)

    /// The decided person's name.
    public var person: String? { if case .person(let name) = standing { name } else { nil } }
}

/// What was decided about a place in a photo.
public struct DecidedPlace: Hashable, Sendable {
    public let key: FaceKey
    public let verdict: FaceVerdict
    /// Whether a person drew the face there because no search had found it.
    public let isDrawn: Bool

    public init(key: FaceKey, verdict: FaceVerdict, isDrawn: Bool) {
        self.key = key
        self.verdict = verdict
        self.isDrawn = isDrawn
    }
}

/// Two faces, in ``FaceID`` order.
public struct FacePair: Hashable, Sendable {
    public let first: FaceID
    public let second: FaceID

    public init(_ one: FaceID, _ other: FaceID) {
        first = min(one, other)
        second = max(one, other)
    }
}

/// What was decided, face by face.
public struct DecidedFaces: Sendable {
    public var verdicts: [FaceID: FaceVerdict] = [:]
    /// Places of faces with a decision that no search found, by photo, then box.
    public var unfound: [(key: FaceKey, verdict: FaceVerdict)] = []
    /// Faces that are one person's, at least two in each.
    public var together: [[FaceID]] = []
    /// Faces of different people.
    public var apart: Set<FacePair> = []

    public init() {}
}

/// Pairs boxes of one photo that are one face: equal ones, then by overlap, each once.
///
/// - Returns: pairs of indices, in the order of the first.
public func sameFaces(_ boxes: [FaceBox], _ others: [FaceBox]) -> [(Int, Int)] {
    var pairs: [(Int, Int)] = []
    var open = Set(others.indices)
    var rest: [Int] = []
    for (index, box) in boxes.enumerated() {
        if let equal = others.indices.first(where: { others[$0] == box && open.contains($0) }) {
            pairs.append((index, equal))
            open.remove(equal)
        } else {
            rest.append(index)
        }
    }
    let overlaps = rest.flatMap { one in
        open.map { (overlap: boxes[one].overlap(with: others[$0]), one: one, other: $0) }
    }.filter { $0.overlap >= FaceKey.sameFaceOverlap }
    var isOpen = Set(rest)
    for pair in overlaps.sorted(by: {
        ($1.overlap, $0.one, $0.other) < ($0.overlap, $1.one, $1.other)
    })
    where isOpen.contains(pair.one) && open.contains(pair.other) {
        pairs.append((pair.one, pair.other))
        isOpen.remove(pair.one)
        open.remove(pair.other)
    }
    return pairs.sorted { $0.0 < $1.0 }
}

extension FaceKey {
    func isSameFace(as other: FaceKey) -> Bool {
        photo == other.photo
            && (box == other.box || box.overlap(with: other.box) >= Self.sameFaceOverlap)
    }
}

/// The key for looking up a name: names that differ only in case are one folder on many disks.
func nameKey(_ name: String) -> String { name.caseFolded }

extension String {
    /// Equal for names that differ only in case. Upper case first, so that ß and SS are equal too.
    public var caseFolded: String { uppercased().lowercased() }
}
