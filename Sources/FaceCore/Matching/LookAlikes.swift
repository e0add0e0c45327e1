/// Two people whom the encoder can hardly tell apart.
public struct LookAlikes: Hashable, Sendable {
    /// The person with the smaller number: their reference nearest to the other person's.
    public let one: Reference
    public let other: Reference
    /// Between the two references.
    public let distance: Float
}

/// The pairs of people whose references are so near that the look-alike guard lowers a limit; by
/// ``PersonID``.
///
/// - Complexity: O(references²).
public func lookAlikes(among references: [Reference], settings: MatchSettings) -> [LookAlikes] {
    let used = settings.rule == .evidence ? references.withoutStrays : references
    let limit = settings.limit
    struct Pair: Hashable {
        let one: PersonID
        let other: PersonID
    }
    var nearest: [Pair: LookAlikes] = [:]
    let sorted = used.sorted { ($0.person, $0.id) < ($1.person, $1.id) }
    for (index, one) in sorted.enumerated() {
        for other in sorted[(index + 1)...] where other.person != one.person {
            let distance = settings.rule.distance(one.encodings, other.encodings)
            let pair = Pair(one: one.person, other: other.person)
            guard distance < limit, distance < nearest[pair]?.distance ?? .infinity else {
                continue
            }
            nearest[pair] = LookAlikes(one: one, other: other, distance: distance)
        }
    }
    return nearest.values.sorted {
        ($0.one.person, $0.other.person) < ($1.one.person, $1.other.person)
    }
}
