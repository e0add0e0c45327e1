/// The references person by person, in an order that does not depend on the input's.
struct KnownPeople {
    struct Entry {
        let id: PersonID
        /// Portraits first.
        let references: [(id: ReferenceID, encoding: FaceEncoding)]
        let portraitCount: Int
    }

    let people: [Entry]
    private let rule: MatchRule
    /// How much the mean distance to a person's references counts, beside the least.
    let meanWeight: Float

    init(_ references: [Reference], rule: MatchRule, meanWeight: Float = 0) {
        self.rule = rule
        self.meanWeight = meanWeight
        let byPerson = Dictionary(grouping: references, by: \.person)
        people = byPerson.keys.sorted().map { person in
            let own = byPerson[person]!.sorted { $0.id < $1.id }  // The key came from there.
            let portraits = own.filter(\.isPortrait)
            return Entry(
                id: person,
                references: (portraits + own.filter { !$0.isPortrait }).map {
                    ($0.id, rule.encoding(of: $0.encodings))
                }, portraitCount: portraits.count)
        }
    }

    /// The nearest reference of each person, in the order of ``people``.
    func candidates(for encodings: FaceEncodings) -> [Candidate] {
        people.indices.map { candidate($0, for: encodings) }
    }

    /// One person, with the nearest reference; of equally near ones the first by number.
    func candidate(_ index: Int, for encodings: FaceEncodings) -> Candidate {
        let (distance, nearest) = distance(of: rule.encoding(of: encodings), to: index)
        let person = people[index]
        return Candidate(
            person: person.id, reference: person.references[nearest].id, distance: distance)
    }

    /// The distance to a person, and the index of the nearest of their references.
    private func distance(
        of encoding: FaceEncoding, to person: Int
    ) -> (distance: Float, nearest: Int) {
        let references = people[person].references
        return ReferenceDistance.combined(people[person], meanWeight: meanWeight) {
            encoding.distance(to: references[$0].encoding)
        }
    }

    /// How far each person's faces may be: the **look-alike guard**.
    ///
    /// `limit(p) = min(limit, min over others q of the distance of q's references to p)`: a face as
    /// far from a person as another person's portrait is evidence for neither. Of several
    /// references of `q` both the nearest and the mean count, as everywhere. Twins with the same
    /// portrait get a limit of 0: neither is named, both are asked about.
    ///
    /// - Returns: in the order of ``people``.
    /// - Complexity: O(references²).
    func limits(upTo limit: Float) -> [PersonLimit] {
        let table = VectorTable(people.lazy.flatMap { $0.references.map(\.encoding) })
        var starts = [0]
        for person in people { starts.append(starts[starts.count - 1] + person.references.count) }
        return table.withView { table in
            people.indices.map { one in
                var nearest = PersonLimit(distance: limit, lookAlike: nil)
                for other in people.indices where other != one {
                    let distance = ReferenceDistance.combined(
                        people[other], meanWeight: meanWeight
                    ) { theirs in
                        ReferenceDistance.combined(people[one], meanWeight: meanWeight) {
                            table.distance(starts[other] + theirs, to: starts[one] + $0)
                        }.distance
                    }.distance
                    if distance < nearest.distance {
                        nearest = PersonLimit(distance: distance, lookAlike: people[other].id)
                    }
                }
                return nearest
            }
        }
    }
}
