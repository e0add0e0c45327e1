/// How far a person's faces may be.
struct PersonLimit: Hashable, Sendable {
    let distance: Float
    /// The person who makes it lower than others'.
    let lookAlike: PersonID?
    /// The index of the face that makes it lower: certainly not the person's.
    var certainOther: Int?
    /// See ``CertainOthers/isOftenTwice``.
    var isOftenTwice = false
}

extension PersonLimit {
    /// Step 3 of ``MatchRule/evidence``: the limits, in the order of `known.people`.
    ///
    /// Those of people with portraits follow from the portraits alone, those of others from their
    /// named faces: so a right answer about one person never lowers another's limit.
    static func all(
        _ faces: [Face], photoRanges: [Range<Int>], _ references: [Reference], known: KnownPeople,
        _ distances: FaceDistances, decided: DecisionIndex, upTo limit: Float,
        _ parameters: EvidenceParameters
    ) -> [PersonLimit] {
        func limits(_ known: KnownPeople, _ distances: FaceDistances) -> [PersonLimit] {
            let guarded =
                parameters.steps.contains(.lookAlikes)
                ? known.limits(upTo: limit)
                : known.people.map { _ in PersonLimit(distance: limit, lookAlike: nil) }
            guard parameters.steps.contains(.certainOthers) else { return guarded }
            return CertainOthers(
                faces, photoRanges: photoRanges, distances: distances,
                limits: guarded.map(\.distance),
                known: known, decided: decided, parameters
            ).lowering(guarded)
        }
        let all = limits(known, distances)
        let portraits = references.filter(\.isPortrait)
        guard portraits.count < references.count, !portraits.isEmpty else { return all }
        let shown = KnownPeople(portraits, rule: .evidence, meanWeight: parameters.meanWeight)
        let ofPerson = Dictionary(
            uniqueKeysWithValues: zip(
                shown.people.map(\.id), limits(shown, FaceDistances(faces, to: shown))))
        return zip(known.people, all).map { ofPerson[$0.id] ?? $1 }
    }
}
