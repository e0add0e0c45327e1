/// The references person by person, in an order that does not depend on the input's.
struct KnownPeople {
    struct Entry {
        let id: PersonID
        let references: [(id: ReferenceID, encoding: FaceEncoding)]
    }

    let people: [Entry]
    private let rule: MatchRule

    init(_ references: [Reference], rule: MatchRule) {
        self.rule = rule
        let byPerson = Dictionary(grouping: references, by: \.person)
        people = byPerson.keys.sorted().map { person in
            let own = byPerson[person]!.sorted { $0.id < $1.id }  // The key came from there.
            return Entry(
                id: person, references: own.map { ($0.id, rule.encoding(of: $0.encodings)) })
        }
    }

    /// The nearest reference of each person, in the order of ``people``.
    func candidates(for encodings: FaceEncodings) -> [Candidate] {
        people.indices.map { candidate($0, for: encodings) }
    }

    /// The nearest reference of one person; of equally near ones the first by number.
    func candidate(_ index: Int, for encodings: FaceEncodings) -> Candidate {
        let encoding = rule.encoding(of: encodings)
        let person = people[index]
        var best = Candidate(
            person: person.id, reference: person.references[0].id,
            distance: encoding.distance(to: person.references[0].encoding))
        for reference in person.references.dropFirst() {
            let distance = encoding.distance(to: reference.encoding)
            if distance < best.distance {
                best = Candidate(person: person.id, reference: reference.id, distance: distance)
            }
        }
        return best
    }

    /// How far each person's faces may be: the **look-alike guard**.
    ///
    /// `limit(p) = min(limit, min over q ≠ p of the distance between a reference of p and one of
    /// q)`: a face as far from a person as another person's portrait is evidence for neither. Twins
    /// with the same portrait get a limit of 0: neither is named, both are asked about.
    func limits(upTo limit: Float) -> PersonLimits {
        let all = people.indices.flatMap { person in
            people[person].references.map { (person: person, encoding: $0.encoding) }
        }
        var nearest = [(distance: Float, person: Int)](
            repeating: (.infinity, -1), count: people.count)
        for (index, one) in all.enumerated() {
            for other in all[(index + 1)...] where other.person != one.person {
                let distance = one.encoding.distance(to: other.encoding)
                if distance < nearest[one.person].distance {
                    nearest[one.person] = (distance, other.person)
                }
                if distance < nearest[other.person].distance {
                    nearest[other.person] = (distance, one.person)
                }
            }
        }
        let limits = people.indices.map { index in
            let isGuarded = nearest[index].distance < limit
            return PersonLimit(
                distance: isGuarded ? nearest[index].distance : limit,
                lookAlike: isGuarded ? people[nearest[index].person].id : nil)
        }
        return PersonLimits(
            byPerson: Dictionary(uniqueKeysWithValues: zip(people.map(\.id), limits)))
    }
}

/// How far a person's faces may be.
struct PersonLimit: Hashable, Sendable {
    let distance: Float
    /// The person who makes it lower than others'.
    let lookAlike: PersonID?
}

struct PersonLimits {
    fileprivate let byPerson: [PersonID: PersonLimit]

    /// The limit is 0 for a person without references.
    subscript(person: PersonID) -> PersonLimit {
        byPerson[person] ?? PersonLimit(distance: 0, lookAlike: nil)
    }
}
