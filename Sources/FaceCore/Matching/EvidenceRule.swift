/// Steps 1 to 6 of ``MatchRule/evidence``, before names are shared; see
/// ``recognise(faces:references:decisions:ties:clusters:nearDuplicates:settings:)``.
struct EvidenceRule {
    private let faces: [Face]
    /// The number of each face's photo.
    private let photos: [Int32]
    private let known: KnownPeople
    private let decided: DecisionIndex
    private let settings: MatchSettings
    private let parameters: EvidenceParameters
    private let strictness: Strictness
    private let limits: [PersonLimit]
    private let groups: FaceGroups

    /// - Parameter faces: in ``FaceID`` order.
    init(
        faces: [Face], _ references: [Reference], clusters: [Cluster], decided: DecisionIndex,
        settings: MatchSettings, parameters: EvidenceParameters
    ) {
        let steps = parameters.steps
        self.parameters = parameters
        self.faces = faces
        photos = faces.photoNumbers
        self.decided = decided
        self.settings = settings
        let known = KnownPeople(references.withoutStrays, rule: .evidence)
        self.known = known
        let strictness = Strictness(knownPeopleCount: known.people.count, parameters)
        self.strictness = strictness
        let limit = strictness.limit(settings)
        let personLimits = known.limits(upTo: limit)
        let flat = PersonLimit(distance: limit, lookAlike: nil)
        limits = known.people.map { steps.contains(.lookAlikes) ? personLimits[$0.id] : flat }
        groups = FaceGroups(
            faces: faces, clusters: steps.contains(.clusters) ? clusters : [], known: known,
            decided: decided)
    }

    /// In the order of the faces.
    func matches() -> [Match] {
        guard !known.people.isEmpty else {
            return faces.map { decided.match(of: $0.id, among: []) ?? .nobodyKnown($0.id) }
        }
        var verdicts = groups.all.indices.map { verdict(on: $0) }
        letRivalsCompete(&verdicts)
        let owner = owners(&verdicts)
        return faces.indices.map { match(of: $0, verdicts[groups.ofFace[$0]], owner: owner) }
    }

    // MARK: Steps 3 and 4: the nearest person, the limit, the margin

    /// The verdict on one group of faces.
    private struct GroupVerdict {
        /// The nearest people, as indices of ``known``.
        let first: Int?
        let second: Int?
        var reason: MatchReason
        var rival: Evidence.Rival?

        var isNamed: Bool { reason == .withinLimit }
    }

    private func verdict(on group: Int) -> GroupVerdict {
        let (first, second) = groups.nearestTwo(to: group)
        guard let first else {
            return GroupVerdict(first: nil, second: nil, reason: .nobodyKnown)
        }
        let distance = groups.distance(of: group, to: first)
        let next = second.map { groups.distance(of: group, to: $0) } ?? .infinity
        let reason = reasonByDistance(distance, next: next, person: first)
        return GroupVerdict(first: first, second: second, reason: reason)
    }

    private func reasonByDistance(_ distance: Float, next: Float, person: Int) -> MatchReason {
        // Written so that with a NaN tolerance no face has a name.
        guard distance <= strictness.limit(settings) else { return .tooFar }
        guard distance <= limits[person].distance else { return .lookAlike }
        let isClear = next - distance >= parameters.margin
        guard isClear || !parameters.steps.contains(.margin) else { return .hardToTell }
        return .withinLimit
    }

    // MARK: Step 5: rivals

    /// Withholds the name of a group that is about as near to a face of the event which is not the
    /// person's: `link(g, h) <= distance(g, p) + rivalMargin` for some group `h` with
    /// `distance(h, p) > limit(p)`. The photos of a stranger who has many explain each other; one
    /// face among many strangers is seldom a friend's.
    private func letRivalsCompete(_ verdicts: inout [GroupVerdict]) {
        guard parameters.steps.contains(.rivals) else { return }
        let named = verdicts.indices.filter { verdicts[$0].isNamed }
        let claims = Array(Dictionary(grouping: named) { claim(of: $0, verdicts[$0]) })
        let links = groups.links(
            of: claims.map(\.value[0]), within: claims.map(\.key.reach)
        ) { claim, other in
            other != claims[claim].key.own && isBeyond(other, claims[claim].key.person)
        }
        for near in links {
            for group in claims[near.claim].value {
                if let rival = verdicts[group].rival, rival.distance <= near.link { continue }
                verdicts[group].reason = .stranger
                verdicts[group].rival = Evidence.Rival(
                    face: faces[groups.all[near.other].faces[0]].id,
                    faceCount: groups.all[near.other].faces.count, distance: near.link)
            }
        }
    }

    /// What decides a group's rivals: groups with the same claim and place have the same, such as
    /// copies of a face that a person named.
    private struct Claim: Hashable {
        let person: Int
        let reach: Float
        let position: FaceGroups.Position
        /// The group, if it would be its own rival.
        let own: Int?
    }

    private func claim(of group: Int, _ verdict: GroupVerdict) -> Claim {
        let person = verdict.first!  // No nil: a claim has a person.
        return Claim(
            person: person,
            reach: max(0, groups.distance(of: group, to: person) + strictness.rivalMargin),
            position: groups.position(of: group), own: isBeyond(group, person) ? group : nil)
    }

    private func isBeyond(_ group: Int, _ person: Int) -> Bool {
        if let decision = groups.all[group].decidedPerson {
            return decision != known.people[person].id
        }
        return groups.distance(of: group, to: person) > limits[person].distance
    }

    // MARK: Step 6: once in a photo

    private struct Appearance: Hashable {
        /// The photo's number, in order.
        let photo: Int32
        let person: PersonID
    }

    /// Gives each person's groups their photos, the nearest group first. A group that shares a
    /// photo with a nearer one of the same person cannot be that person, in any photo. Exception: a
    /// group within the tolerance, where a single picture would do. Then the photo shows the person
    /// twice (mirror, wall, collage), and only the nearer of the two has the name.
    ///
    /// - Returns: for each person in a photo the face.
    private func owners(_ verdicts: inout [GroupVerdict]) -> [Appearance: Int] {
        var owner: [Appearance: Int] = [:]
        for (index, face) in faces.enumerated() {
            guard let person = decided.person[face.id] else { continue }
            owner[Appearance(photo: photos[index], person: person)] = index
        }
        let claims = verdicts.indices.compactMap { group -> (Float, Int, Int)? in
            guard verdicts[group].isNamed, let first = verdicts[group].first else { return nil }
            return (groups.distance(of: group, to: first), group, first)
        }
        for (_, group, first) in claims.sorted(by: <) {
            let appearances = groups.all[group].faces.map {
                Appearance(photo: photos[$0], person: known.people[first].id)
            }
            // A cluster made elsewhere may hold two faces of one photo.
            let isFree =
                Set(appearances).count == appearances.count
                && appearances.allSatisfy { owner[$0] == nil }
            let isWholly =
                parameters.steps.contains(.wholeClusters)
                && groups.distance(of: group, to: first) > settings.tolerance
            guard isFree || !isWholly else {
                verdicts[group].reason = .personTaken
                continue
            }
            for (appearance, face) in zip(appearances, groups.all[group].faces)
            where owner[appearance] == nil {
                owner[appearance] = face
            }
        }
        return owner
    }

    // MARK: The matches

    private func match(
        of index: Int, _ verdict: GroupVerdict, owner: [Appearance: Int]
    ) -> Match {
        let face = faces[index]
        let group = groups.ofFace[index]
        if let match = decided.match(of: face.id, among: known.candidates(for: face.encodings)) {
            return match
        }
        guard let first = verdict.first else { return .nobodyKnown(face.id) }
        let own = known.candidate(first, for: face.encodings)
        let nearest = candidate(own, group: group, first)
        let runnerUp = verdict.second.map {
            candidate(known.candidate($0, for: face.encodings), group: group, $0)
        }
        let evidence = Evidence(
            faceCount: groups.all[group].faces.count, ownDistance: own.distance,
            limit: limits[first].distance, lookAlike: limits[first].lookAlike,
            rival: verdict.rival)
        let appearance = Appearance(photo: photos[index], person: own.person)
        guard verdict.isNamed, owner[appearance] == index else {
            return Match(
                face: face.id, named: nil, nearest: nearest, runnerUp: runnerUp,
                band: settings.bandWithoutName(nearest: nearest.distance),
                reason: verdict.isNamed ? .personTaken : verdict.reason, evidence: evidence)
        }
        return Match(
            face: face.id, named: nearest, nearest: nearest, runnerUp: runnerUp,
            band: nearest.distance <= sureLimit(of: first) ? .sure : .likely, reason: .withinLimit,
            evidence: evidence)
    }

    /// As far below the person's limit (lower for few known people or a look-alike) as the
    /// tolerance + ``MatchSettings/sureReach`` is below the usual one.
    private func sureLimit(of person: Int) -> Float {
        limits[person].distance - (MatchSettings.evidenceReach - MatchSettings.sureReach)
    }

    private func candidate(_ own: Candidate, group: Int, _ person: Int) -> Candidate {
        Candidate(
            person: own.person, reference: own.reference,
            distance: groups.distance(of: group, to: person))
    }
}

extension Match {
    fileprivate static func nobodyKnown(_ face: FaceID) -> Match {
        Match(
            face: face, named: nil, nearest: nil, runnerUp: nil, band: .no, reason: .nobodyKnown)
    }
}
