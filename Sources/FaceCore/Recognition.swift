/// Says who each face is: the one home of recognition.
///
/// Per photo, in this order: decided faces take their people; every other face is compared with
/// the nearest reference of each person; the faces of the photo are given to people one to one, so
/// that a person is in a photo at most once and the sum of (limit - distance) over the named faces
/// is as large as it can be. See ``MatchSettings`` for the numbers.
///
/// - Parameters:
///   - faces: any number, of any number of photos, in any order.
///   - references: of the same ``EncodingSpace`` as the faces.
///   - decisions: what a person said; it outranks every distance. Of several on one face the last
///     *is* or *ignore* counts, and every *is not* made after it.
///   - clusters: unnamed faces that belong together; ``MatchRule/nearest`` looks at each face for
///     itself and does not use them.
/// - Returns: one match for each face, in ``FaceID`` order, whatever the order of the input.
/// - Complexity: O(faces x references).
public func recognise(
    faces: [Face], references: [Reference], decisions: [Decision] = [],
    clusters: [Cluster] = [], settings: MatchSettings
) -> [Match] {
    let known = References(references, rule: settings.rule)
    let decided = Verdicts(decisions)
    let sorted = faces.sorted { $0.id < $1.id }
    return sorted.chunked { $0.id.photo == $1.id.photo }.flatMap {
        matches(inOnePhoto: $0, known: known, decided: decided, settings: settings)
    }
}

/// The references person by person, in an order that does not depend on the input's.
private struct References {
    let people: [(id: PersonID, references: [(id: ReferenceID, encoding: FaceEncoding)])]
    private let rule: MatchRule

    init(_ references: [Reference], rule: MatchRule) {
        self.rule = rule
        let byPerson = Dictionary(grouping: references, by: \.person)
        people = byPerson.keys.sorted().map { person in
            let own = byPerson[person]!.sorted { $0.id < $1.id }  // The key came from there.
            return (person, own.map { ($0.id, rule.encoding(of: $0.encodings)) })
        }
    }

    /// The nearest reference of each person, in the order of ``people``.
    func candidates(for encodings: FaceEncodings) -> [Candidate] {
        let encoding = rule.encoding(of: encodings)
        return people.map { person in
            var best = Candidate(
                person: person.id, reference: person.references[0].id,
                distance: encoding.distance(to: person.references[0].encoding))
            for reference in person.references.dropFirst() {
                let distance = encoding.distance(to: reference.encoding)
                if distance < best.distance {
                    best = Candidate(
                        person: person.id, reference: reference.id, distance: distance)
                }
            }
            return best
        }
    }
}

extension MatchRule {
    /// Which of a face's two encodings the rule compares.
    func encoding(of encodings: FaceEncodings) -> FaceEncoding {
        switch self {
        case .nearest: encodings.plain
        }
    }
}

/// The decisions, looked up by face.
private struct Verdicts {
    private(set) var person: [FaceID: PersonID] = [:]
    private(set) var ignored: Set<FaceID> = []
    private(set) var excluded: [FaceID: Set<PersonID>] = [:]

    init(_ decisions: [Decision]) {
        for decision in decisions {
            switch decision {
            case .isPerson(let face, let id):
                person[face] = id
                ignored.remove(face)
                excluded[face]?.remove(id)
            case .isNotPerson(let face, let id):
                excluded[face, default: []].insert(id)
                if person[face] == id { person[face] = nil }
            case .ignore(let face):
                ignored.insert(face)
                person[face] = nil
            }
        }
    }
}

private func matches(
    inOnePhoto faces: [Face], known: References, decided: Verdicts, settings: MatchSettings
) -> [Match] {
    let candidates = faces.map { known.candidates(for: $0.encodings) }
    let taken = Set(faces.compactMap { decided.person[$0.id] })
    let costs: [[Double?]] = zip(faces, candidates).map { face, candidates in
        candidates.map { candidate in
            guard
                decided.person[face.id] == nil, !decided.ignored.contains(face.id),
                !taken.contains(candidate.person),
                decided.excluded[face.id]?.contains(candidate.person) != true,
                candidate.distance <= settings.limit
            else { return nil }
            // A face exactly at the limit still counts, hence the grain beside the difference.
            return Double(candidate.distance) - Double(settings.limit) - 1e-9
        }
    }
    let assignment = optimalAssignment(costs: costs)
    return faces.indices.map { index in
        let face = faces[index].id
        let excluded = decided.excluded[face] ?? []
        let open = candidates[index].filter { !excluded.contains($0.person) }
        if let person = decided.person[face] {
            let own = candidates[index].first { $0.person == person }
            return match(
                face, named: own ?? Candidate(person: person, reference: .none, distance: 0),
                among: open, reason: .decided, settings: settings)
        }
        if decided.ignored.contains(face) {
            return match(face, named: nil, among: open, reason: .ignored, settings: settings)
        }
        if let column = assignment[index] {
            let named = candidates[index][column]
            let isNearest = open.allSatisfy { $0.distance >= named.distance }
            return match(
                face, named: named, among: open, reason: isNearest ? .withinLimit : .nextBest,
                settings: settings)
        }
        let isWithin = open.contains { $0.distance <= settings.limit }
        let reason: MatchReason =
            open.isEmpty ? .nobodyKnown : isWithin ? .personTaken : .tooFar
        return match(face, named: nil, among: open, reason: reason, settings: settings)
    }
}

private func match(
    _ face: FaceID, named: Candidate?, among candidates: [Candidate], reason: MatchReason,
    settings: MatchSettings
) -> Match {
    let nearest = candidates.min { $0.distance < $1.distance }
    let first = named ?? nearest
    let runnerUp = candidates.filter { $0.person != first?.person }
        .min { $0.distance < $1.distance }
    return Match(
        face: face, named: named, nearest: nearest, runnerUp: runnerUp,
        band: band(named: named, nearest: nearest, runnerUp: runnerUp, reason, settings),
        reason: reason)
}

private func band(
    named: Candidate?, nearest: Candidate?, runnerUp: Candidate?, _ reason: MatchReason,
    _ settings: MatchSettings
) -> Band {
    switch reason {
    case .decided: return .sure
    case .ignored, .nobodyKnown: return .no
    case .withinLimit, .nextBest, .personTaken, .tooFar: break
    }
    guard let named else {
        let reach = settings.limit + MatchSettings.askReach
        return nearest.map { $0.distance <= reach } == true ? .ask : .no
    }
    let isNear = named.distance <= settings.limit - MatchSettings.sureReserve
    let isClear =
        runnerUp.map { $0.distance - named.distance >= MatchSettings.sureMargin } ?? true
    return isNear && isClear ? .sure : .likely
}

extension ReferenceID {
    /// Stands where a decided person has no reference at all.
    public static let none = ReferenceID(rawValue: 0)
}

extension Array {
    /// The runs of neighbours that `belongTogether`.
    func chunked(by belongTogether: (Element, Element) -> Bool) -> [[Element]] {
        var chunks: [[Element]] = []
        for element in self {
            if let last = chunks.last?.last, belongTogether(last, element) {
                chunks[chunks.count - 1].append(element)
            } else {
                chunks.append([element])
            }
        }
        return chunks
    }
}
