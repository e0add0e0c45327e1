/// Says who each face is: all recognition happens here.
///
/// ``MatchRule/nearest`` looks at each photo alone: it compares every face with the nearest
/// reference of each person, and gives the faces of the photo to people one to one, so that the sum
/// of (limit - distance) over the named faces is as large as possible.
///
/// ``MatchRule/evidence`` takes these steps; ``MatchReason`` and ``Evidence`` can name each:
///
/// 1. distances on mirrored encodings, half way between the nearest reference of a person and the
///    mean of all;
/// 2. faces of one cluster are judged together, by the mean of their distances;
/// 3. the nearest person must be within the limit, which ends at the nearest portrait of somebody
///    else, and at the nearest face that is certainly somebody else: in a photo everybody but the
///    face nearest to the person;
/// 4. the next person must be clearly farther;
/// 5. and so must the other faces of the face's photos;
/// 6. no other face of the event, not the person's, may be clearly nearer;
/// 7. a person among many strangers: their faces must be as like each other as the strangers are
///    like the person;
/// 8. a person is once in a photo: of two clusters that share a photo the nearer has the name; the
///    other has none in any photo when it lies beyond the tolerance or is unlike the nearer face;
/// 9. a face without a name takes it from the same place of a near-duplicate.
///
/// Faces with a decision are not matched, whatever the rule; a person decided to be one face of a
/// photo is no other face of it. See ``MatchSettings`` for the numbers.
///
/// - Parameters:
///   - faces: any number, of any number of photos, in any order.
///   - references: of the same ``EncodingSpace`` as the faces.
///   - decisions: what a person said; it overrules every distance. Of several on one face the last
///     *is*, *not a guest* or *ignore* counts, and every later *is not*.
///   - ties: what a person said about faces among themselves: the same are judged together, and of
///     two different ones at most one has a name.
///   - clusters: faces that are one person's beyond doubt, found by ``clusters(of:upTo:)`` up to
///     ``MatchSettings/tightLinkage``; a face with a decision leaves its cluster.
///   - nearDuplicates: photos of the same picture.
///   - settings: the rule and its numbers.
/// - Returns: one match for each face, in ``FaceID`` order, whatever the order of the input.
/// - Complexity: O(faces x references), and by ``MatchRule/evidence`` O(clusters²) comparisons of
///   a few nanoseconds.
public func recognise(
    faces: [Face], references: [Reference], decisions: [FaceDecision] = [], ties: FaceTies = .none,
    clusters: [Cluster] = [], nearDuplicates: NearDuplicates = .none, settings: MatchSettings
) -> [Match] {
    recognise(
        faces: faces, references: references, decisions: decisions, ties: ties,
        clusters: clusters,
        nearDuplicates: nearDuplicates, settings: settings, parameters: .standard)
}

/// ``recognise(faces:references:decisions:ties:clusters:nearDuplicates:settings:)`` with other
/// numbers.
package func recognise(
    faces: [Face], references: [Reference], decisions: [FaceDecision] = [], ties: FaceTies = .none,
    clusters: [Cluster], nearDuplicates: NearDuplicates, settings: MatchSettings,
    parameters: EvidenceParameters
) -> [Match] {
    let decided = DecisionIndex(decisions)
    let sorted = faces.sorted { $0.id < $1.id }
    let matches =
        switch settings.rule {
        case .nearest:
            matchesByNearest(faces: sorted, references, decided: decided, settings: settings)
        case .evidence:
            sharingNames(
                EvidenceRule(
                    faces: sorted, references, clusters: ties.applied(to: clusters),
                    decided: decided,
                    settings: settings, parameters: parameters
                ).matches(), of: sorted,
                parameters.steps.contains(.copies) ? nearDuplicates : .none,
                decided: decided, settings: settings)
        }
    let apart = keeping(ties.apart, apartIn: matches, decided: decided, settings: settings)
    return settings.filesOnlySure ? apart.map { $0.onlyIfSure(settings) } : apart
}

/// Of two faces with one name that a person told apart, the undecided one loses it, else the one
/// farther from the person.
private func keeping(
    _ apart: Set<FacePair>, apartIn matches: [Match], decided: DecisionIndex,
    settings: MatchSettings
) -> [Match] {
    guard !apart.isEmpty else { return matches }
    var indices: [FaceID: Int] = [:]
    for (index, match) in matches.enumerated() { indices[match.face] = index }
    var matches = matches
    for pair in apart.sorted(by: { ($0.first, $0.second) < ($1.first, $1.second) }) {
        guard let one = indices[pair.first], let other = indices[pair.second],
            let named = matches[one].named, matches[other].named?.person == named.person
        else { continue }
        let loser = [one, other].filter { decided.person[matches[$0].face] == nil }
            .max { matches[$0].named?.distance ?? 0 <= matches[$1].named?.distance ?? 0 }
        guard let loser else { continue }
        let match = matches[loser]
        matches[loser] = Match(
            face: match.face, named: nil, nearest: match.nearest ?? match.named,
            runnerUp: match.runnerUp,
            band: settings.bandWithoutName(
                nearest: match.nearest?.distance, limit: match.evidence?.limitOfQuestions),
            reason: .toldApart,
            evidence: match.evidence)
    }
    return matches
}

/// The decisions, looked up by face.
struct DecisionIndex {
    private(set) var person: [FaceID: PersonID] = [:]
    /// Faces that get no name, and why.
    private(set) var leftOut: [FaceID: MatchReason] = [:]
    private(set) var excluded: [FaceID: Set<PersonID>] = [:]

    init(_ decisions: [FaceDecision]) {
        for decision in decisions {
            switch decision {
            case .isPerson(let face, let id):
                person[face] = id
                leftOut[face] = nil
                excluded[face]?.remove(id)
            case .isNotPerson(let face, let id):
                excluded[face, default: []].insert(id)
                if person[face] == id { person[face] = nil }
            case .notAGuest(let face):
                leftOut[face] = .notAGuest
                person[face] = nil
            case .ignore(let face):
                leftOut[face] = .ignored
                person[face] = nil
            }
        }
    }

    func isAbout(_ face: FaceID) -> Bool {
        person[face] != nil || leftOut[face] != nil || excluded[face]?.isEmpty == false
    }

    func said(of face: FaceID) -> FaceGroups.Said {
        FaceGroups.Said(
            person: person[face], isLeftOut: leftOut[face] != nil,
            excluded: excluded[face] ?? [])
    }

    /// Whether a face was said to be somebody else, or nobody who matters.
    func cannotBe(_ person: PersonID, _ face: FaceID) -> Bool {
        if let other = self.person[face] { return other != person }
        return leftOut[face] != nil || excludes(person, from: face)
    }

    func excludes(_ person: PersonID, from face: FaceID) -> Bool {
        excluded[face]?.contains(person) == true
    }

    /// The match of a face that was said to be somebody, or to be left out; otherwise `nil`.
    ///
    /// - Parameter candidates: each person's nearest reference.
    func match(of face: FaceID, among candidates: @autoclosure () -> [Candidate]) -> Match? {
        let person = person[face]
        guard person != nil || leftOut[face] != nil else { return nil }
        let candidates = candidates()
        let named = person.map { person in
            candidates.first { $0.person == person }
                ?? Candidate(person: person, reference: .none, distance: 0)
        }
        let open = candidates.filter { !excludes($0.person, from: face) }
        let nearest = open.min { $0.distance < $1.distance }
        let runnerUp = open.filter { $0.person != (person ?? nearest?.person) }
            .min { $0.distance < $1.distance }
        return Match(
            face: face, named: named, nearest: nearest, runnerUp: runnerUp,
            band: named == nil ? .no : .sure,
            reason: named == nil ? leftOut[face] ?? .ignored : .decided)
    }
}

extension MatchRule {
    /// Which of a face's two encodings the rule compares.
    func encoding(of encodings: FaceEncodings) -> FaceEncoding {
        switch self {
        case .nearest: encodings.plain
        case .evidence: encodings.mirrorMean
        }
    }

    /// The distance between two faces by this rule.
    public func distance(_ one: FaceEncodings, _ other: FaceEncodings) -> Float {
        encoding(of: one).distance(to: encoding(of: other))
    }
}

extension MatchSettings {
    /// The band of a face that has no name: worth a question or not.
    ///
    /// - Parameter limit: ``Evidence/limitOfQuestions``.
    func bandWithoutName(nearest: Float?, limit: Float? = nil) -> Band {
        guard let nearest, nearest <= tolerance + Self.askReach else { return .no }
        guard let limit else { return .ask }
        return nearest - limit <= Self.askBeyondLimit ? .ask : .no
    }
}

extension Evidence {
    /// The limit not far beyond which a face is worth a question; `nil` where a look-alike sets the
    /// limit: there every near face waits for somebody who can tell the two apart.
    var limitOfQuestions: Float? { lookAlike == nil ? limit : nil }
}

extension Match {
    /// The match when only sure ones are filed: likely ones become questions.
    fileprivate func onlyIfSure(_ settings: MatchSettings) -> Match {
        guard band == .likely else { return self }
        return Match(
            face: face, named: nil, nearest: nearest, runnerUp: runnerUp,
            band: .ask, reason: .notSure,
            evidence: evidence)
    }
}

extension ReferenceID {
    /// For a decided person who has no reference.
    public static let none = ReferenceID(rawValue: 0)
}

extension Array {
    /// Runs of neighbours that `belongTogether`.
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
