/// Steps 1 to 8 of ``MatchRule/evidence``, before names are shared; see
/// ``recognise(faces:references:decisions:ties:clusters:nearDuplicates:settings:)``.
struct EvidenceRule {
    private let faces: [Face]
    /// The number of each face's photo.
    private let photos: [Int32]
    private let photoRanges: [Range<Int>]
    private let known: KnownPeople
    private let decided: DecisionIndex
    private let settings: MatchSettings
    private let parameters: EvidenceParameters
    private let limits: [PersonLimit]
    private let groups: FaceGroups

    /// How far any face may be from a person.
    private var limit: Float { settings.tolerance + parameters.reach }
    private var rivalMargin: Float { parameters.rivalMargin ?? settings.naming.rivalMargin }

    /// - Parameter faces: in ``FaceID`` order.
    init(
        faces: [Face], _ references: [Reference], clusters: [Cluster], decided: DecisionIndex,
        settings: MatchSettings, parameters: EvidenceParameters
    ) {
        let steps = parameters.steps
        self.parameters = parameters
        self.faces = faces
        photos = faces.photoNumbers
        photoRanges = photos.photoRanges
        self.decided = decided
        self.settings = settings
        let references = references.withoutStrays
        known = KnownPeople(
            references, rule: .evidence, meanWeight: parameters.meanWeight)
        let distances = FaceDistances(faces, to: known)
        limits = PersonLimit.all(
            faces, photoRanges: photoRanges, references, known: known, distances, decided: decided,
            upTo: settings.tolerance + parameters.reach, parameters)
        groups = FaceGroups(
            faces: faces, clusters: steps.contains(.clusters) ? clusters : [], known: known,
            distances: distances, decided: decided)
    }

    /// In the order of the faces.
    func matches() -> [Match] {
        guard !known.people.isEmpty else {
            return faces.map { decided.match(of: $0.id, among: []) ?? .nobodyKnown($0.id) }
        }
        var verdicts = groups.all.indices.map { verdict(on: $0) }
        let nearer = letOthersCompete(&verdicts)
        compareWithTheirOthers(&verdicts)
        let owner = owners(&verdicts)
        let isSure = sureGroups(verdicts, nearer: nearer)
        return faces.indices.map {
            match(of: $0, verdicts[groups.ofFace[$0]], owner: owner, isSure: isSure)
        }
    }

    // MARK: Steps 4 and 5: the nearest person, the margin, the other faces of the photos

    /// The verdict on one group of faces.
    private struct GroupVerdict {
        /// The nearest people, as indices of ``known``.
        let first: Int?
        let second: Int?
        var reason: MatchReason
        var rival: Evidence.Rival?
        /// How much farther than the first person everything else is that may speak against them.
        var lead: Float = 0

        var isNamed: Bool { reason == .withinLimit }
    }

    private func verdict(on group: Int) -> GroupVerdict {
        let (nearest, following) = groups.nearestTwo(to: group)
        guard let nearest else {
            return GroupVerdict(first: nil, second: nil, reason: .nobodyKnown)
        }
        let first = first(of: group, nearest: nearest)
        let second = first == nearest ? following : nearest
        let distance = groups.distance(of: group, to: first)
        let next = second.map { groups.distance(of: group, to: $0) } ?? .infinity
        let doubtful =
            known.people[first].portraitCount > 0 ? nearestShown(to: group, but: first) : second
        let reason = reasonByDistance(
            distance, next: doubtful.map { groups.distance(of: group, to: $0) } ?? .infinity,
            person: first)
        var verdict = GroupVerdict(
            first: first, second: reason == .hardToTell ? doubtful : second, reason: reason,
            lead: min(limits[first].distance - distance, next - distance))
        if verdict.reason == .certainOther, let other = limits[first].certainOther {
            verdict.rival = rival(groups.ofFace[other], at: limits[first].distance, shownBy: other)
        }
        guard verdict.isNamed, parameters.steps.contains(.photoMates),
            case let mates = photoMates(ofGroup: group, person: first), let nearest = mates.first
        else { return verdict }
        verdict.lead = min(verdict.lead, nearest.link - distance)
        let others = mates.filter { !$0.isPerhapsTwice }
        guard !others.isEmpty else { return verdict }
        let mate = others[others.count / parameters.matesPerAccident]
        if mate.link - distance < parameters.margin {
            verdict.reason = .photoMate
            verdict.rival = rival(mate.group, at: mate.link)
        }
        return verdict
    }

    /// The person whose a group may be: the nearest. Exception: somebody known by named faces alone
    /// competes with a person who has portraits as a stranger does, and so must be clearly nearer.
    /// Naming a stranger rightly takes no right name from others.
    private func first(of group: Int, nearest: Int) -> Int {
        guard known.people[nearest].portraitCount == 0,
            let shown = nearestShown(to: group, but: nearest),
            groups.distance(of: group, to: nearest)
                > groups.distance(of: group, to: shown) + rivalMargin
        else { return nearest }
        return shown
    }

    /// The nearest person with portraits other than `person`.
    private func nearestShown(to group: Int, but person: Int) -> Int? {
        known.people.indices.filter {
            $0 != person && known.people[$0].portraitCount > 0 && !groups.excludes($0, from: group)
        }.min { groups.distance(of: group, to: $0) < groups.distance(of: group, to: $1) }
    }

    private func reasonByDistance(_ distance: Float, next: Float, person: Int) -> MatchReason {
        // Written so that with a NaN tolerance no face has a name.
        guard distance <= limit else { return .tooFar }
        guard distance <= limits[person].distance else {
            return limits[person].certainOther == nil ? .lookAlike : .certainOther
        }
        let isClear = next - distance >= parameters.margin
        guard isClear || !parameters.steps.contains(.margin) else { return .hardToTell }
        return .withinLimit
    }

    private func rival(_ group: Int, at distance: Float, shownBy face: Int? = nil)
        -> Evidence.Rival
    {
        Evidence.Rival(
            face: faces[face ?? groups.all[group].faces[0]].id,
            faceCount: groups.all[group].faces.count, distance: distance)
    }

    private struct PhotoMate {
        let group: Int
        let link: Float
        /// Whether it may be the person a second time (mirror, wall, collage): nearer to them, and
        /// near to the group's face in the photo. Then it does not speak against the name, but
        /// the name is not sure.
        let isPerhapsTwice: Bool
    }

    /// The groups that share a photo with a group, the nearest first.
    private func photoMates(ofGroup group: Int, person: Int) -> [PhotoMate] {
        var mates: [Int: Bool] = [:]
        for face in groups.all[group].faces {
            for other in photoRanges[Int(photos[face])]
            where groups.ofFace[other] != group {
                let mate = groups.ofFace[other]
                mates[mate, default: false] =
                    mates[mate] == true
                    || isPerhapsTwice(face, other, person: person, group: group, mate: mate)
            }
        }
        return mates.map {
            PhotoMate(group: $0.key, link: groups.link(group, $0.key), isPerhapsTwice: $0.value)
        }.sorted { ($0.link, $0.group) < ($1.link, $1.group) }
    }

    private func isPerhapsTwice(
        _ face: Int, _ other: Int, person: Int, group: Int, mate: Int
    ) -> Bool {
        let distance = groups.distance(of: mate, to: person)
        if limits[person].isOftenTwice, distance <= limits[person].distance { return true }
        return distance <= groups.distance(of: group, to: person)
            && !areUnlike(face, other)
    }

    // MARK: Step 6: rivals

    /// Withholds the name of a group that is about as near to a face of the event which is not the
    /// person's: `link(g, h) <= distance(g, p) + rivalMargin` for some group `h` with
    /// `distance(h, p) > limit(p)`. The photos of a stranger who has many explain each other; one
    /// face among many strangers is seldom a friend's.
    ///
    /// - Returns: for each named group the least link to a group not named alike, up to its distance.
    private func letOthersCompete(_ verdicts: inout [GroupVerdict]) -> [Float] {
        var nearer = [Float](repeating: .infinity, count: verdicts.count)
        let named = verdicts.indices.filter { verdicts[$0].isNamed }
        let claims = Array(Dictionary(grouping: named) { claim(of: $0, verdicts[$0]) })
        let before = verdicts
        let links = groups.links(
            of: claims.map(\.value[0]), within: claims.map(\.key.reach)
        ) { claim, other in
            let (own, person) = (claims[claim].key.own, claims[claim].key.person)
            return other != own
                && !(before[other].isNamed && before[other].first == person
                    && !isBeyond(other, person))
        }
        for near in links {
            let claim = claims[near.claim]
            let isRival =
                parameters.steps.contains(.rivals) && near.link <= claim.key.rivalReach
                && isBeyond(near.other, claim.key.person)
            for group in claim.value where group != near.other {
                nearer[group] = min(nearer[group], near.link)
                guard isRival else { continue }
                if let rival = verdicts[group].rival, rival.distance <= near.link { continue }
                verdicts[group].reason = .stranger
                verdicts[group].rival = rival(near.other, at: near.link)
            }
        }
        return nearer
    }

    /// What decides a group's rivals: groups with the same claim and place have the same, such as
    /// copies of a face that a person named.
    private struct Claim: Hashable {
        let person: Int
        let rivalReach: Float
        let reach: Float
        let position: FaceGroups.Position
        /// The group, if it would be its own rival.
        let own: Int?
    }

    private func claim(of group: Int, _ verdict: GroupVerdict) -> Claim {
        let person = verdict.first!  // No nil: a claim has a person.
        let distance = groups.distance(of: group, to: person)
        let rivalReach = max(0, distance + rivalMargin)
        return Claim(
            person: person, rivalReach: rivalReach,
            reach: parameters.steps.contains(.sureAlone) ? max(rivalReach, distance) : rivalReach,
            position: groups.position(of: group), own: isBeyond(group, person) ? group : nil)
    }

    private func isBeyond(_ group: Int, _ person: Int) -> Bool {
        if let decision = groups.all[group].decidedPerson {
            return decision != known.people[person].id
        }
        return groups.excludes(person, from: group)
            || groups.distance(of: group, to: person) > limits[person].distance
    }

    // MARK: Step 7: alike

    /// Takes the name from groups of a crowded person that are less like the person's nearer groups
    /// than strangers are like the portrait: `link > limit`, the mean squared over their faces.
    ///
    /// A crowd of strangers lies around such a person on all sides, each as near to the portrait as
    /// a poor picture of the person, but far from the good ones.
    private func compareWithTheirOthers(_ verdicts: inout [GroupVerdict]) {
        guard parameters.steps.contains(.alike) else { return }
        for (person, named) in namedGroups(verdicts) where limits[person].certainOther != nil {
            var nearer: [Int] = []
            var faceCount = 0
            let ordered = named.map { (groups.distance(of: $0, to: person), $0) }.sorted(by: <)
            for (distance, group) in ordered {
                if distance > parameters.closeDistance, let first = nearer.first {
                    let link = groups.link(group, toAllOf: nearer, faceCount: faceCount)
                    guard link <= limits[person].distance else {
                        verdicts[group].reason = .unlike
                        verdicts[group].rival = rival(first, at: link)
                        continue
                    }
                }
                nearer.append(group)
                faceCount += groups.all[group].faces.count
            }
        }
    }

    // MARK: Step 8: once in a photo

    private struct Appearance: Hashable {
        /// The photo's number, in order.
        let photo: Int32
        let person: PersonID
    }

    /// Gives each person's groups their photos, the nearest group first. A group that shares a
    /// photo with a nearer one of the same person cannot be that person, in any photo. Exception: a
    /// group within the tolerance, where a single picture would do, that is like the nearer face or
    /// close to the person. Then the photo shows the person twice (mirror, wall, collage), and only
    /// the nearer of the two has the name.
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
            let distance = groups.distance(of: group, to: first)
            let isWholly =
                parameters.steps.contains(.wholeClusters)
                && (distance > settings.tolerance
                    || (distance > parameters.closeDistance
                        && zip(appearances, groups.all[group].faces).contains { appearance, face in
                            owner[appearance].map { isCertainlyAnother(face, than: $0) } ?? false
                        }))
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

    /// Whether two faces of one photo are too far apart to be one person twice. A decided face
    /// shows nothing about others: an answer takes no name from another cluster.
    private func isCertainlyAnother(_ face: Int, than other: Int) -> Bool {
        decided.person[faces[other].id] == nil && areUnlike(face, other)
    }

    /// Whether two faces of one photo are farther apart than one person's; see
    /// ``EvidenceParameters/twice``.
    private func areUnlike(_ face: Int, _ other: Int) -> Bool {
        faces[face].encodings.mirrorMean.distance(to: faces[other].encodings.mirrorMean)
            > parameters.twice
    }

    // MARK: The bands

    /// Whether each group's name is sure: it leads everything that speaks against it by enough, it
    /// is near, and no group of somebody else is nearer than the person and than all nearer groups
    /// with the name.
    private func sureGroups(_ verdicts: [GroupVerdict], nearer: [Float]) -> [Bool] {
        let named = namedGroups(verdicts)
        return verdicts.indices.map { group in
            guard verdicts[group].isNamed, let first = verdicts[group].first else { return false }
            let distance = groups.distance(of: group, to: first)
            let reach = MatchSettings.sureReach(faceCount: groups.all[group].faces.count)
            guard verdicts[group].lead >= sureLead(of: first),
                distance <= settings.tolerance + reach
            else { return false }
            guard parameters.steps.contains(.sureAlone), nearer[group] < distance else {
                return true
            }
            return (named[first] ?? []).contains { other in
                groups.distance(of: other, to: first) < distance
                    && groups.link(group, other) <= nearer[group]
            }
        }
    }

    /// By how much a sure match must lead: more where a certain other sets the limit, and the more
    /// the nearer it is.
    private func sureLead(of person: Int) -> Float {
        guard limits[person].certainOther != nil else { return MatchSettings.sureLead }
        return parameters.crowdedLead
            + parameters.crowdedLeadGrowth * (limit - limits[person].distance)
    }

    private func namedGroups(_ verdicts: [GroupVerdict]) -> [Int: [Int]] {
        var named: [Int: [Int]] = [:]
        for (group, verdict) in verdicts.enumerated() {
            guard verdict.isNamed, let first = verdict.first else { continue }
            named[first, default: []].append(group)
        }
        return named
    }

    // MARK: The matches

    private func match(
        of index: Int, _ verdict: GroupVerdict, owner: [Appearance: Int], isSure: [Bool]
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
            rival: verdict.rival
                ?? limits[first].certainOther.map {
                    rival(groups.ofFace[$0], at: limits[first].distance, shownBy: $0)
                })
        let appearance = Appearance(photo: photos[index], person: own.person)
        guard verdict.isNamed, owner[appearance] == index else {
            let reason = verdict.isNamed ? .personTaken : verdict.reason
            return Match(
                face: face.id, named: nil, nearest: nearest, runnerUp: runnerUp,
                band: reason == .personTaken
                    ? .no
                    : settings.bandWithoutName(
                        nearest: nearest.distance, limit: evidence.limitOfQuestions),
                reason: reason, evidence: evidence)
        }
        return Match(
            face: face.id, named: nearest, nearest: nearest, runnerUp: runnerUp,
            band: isSure[group] ? .sure : .likely, reason: .withinLimit,
            evidence: evidence)
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
