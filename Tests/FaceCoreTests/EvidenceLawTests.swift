import FaceCore
import TestSupport
import Testing

/// What holds for every event, checked on seeded ones.
@Suite struct EvidenceLawTests {
    private let settings = MatchSettings()

    private func clustered(_ faces: [Face]) -> [Cluster] {
        clusters(of: faces, upTo: MatchSettings.tightLinkage)
    }

    private func recognised(_ event: SyntheticEvent) -> [Match] {
        recognise(
            faces: event.faces, references: event.references, decisions: event.decisions,
            clusters: clustered(event.faces), settings: settings)
    }

    @Test("The order of the input does not change a single match", arguments: 1...20)
    func order(seed: Int) {
        let event = SyntheticEvent(seed: seed, decides: seed.isMultiple(of: 2))
        let expected = recognised(event)
        #expect(expected.map(\.face) == event.faces.map(\.id).sorted())
        var random = SplitMix64(seed: UInt64(seed))
        for _ in 0..<3 {
            let faces = event.faces.shuffled(using: &random)
            let clusters = clustered(faces).shuffled(using: &random)
                .map { Cluster(faces: $0.faces.shuffled(using: &random)) }
            let matches = recognise(
                faces: faces, references: event.references.shuffled(using: &random),
                decisions: event.decisions, clusters: clusters, settings: settings)
            #expect(matches == expected)
        }
    }

    @Test(
        "A plain reimplementation, with no clever search, says the same", .slow, arguments: 1...18)
    func oracle(seed: Int) {
        let event = SyntheticEvent(
            seed: seed, people: seed + 2, known: max(1, seed), photos: 20)
        let clusters = clustered(event.faces)
        let plain = PlainEvidence(event, clusters, settings)
        for match in recognised(event) {
            #expect(match.named?.person == plain.named[match.face], "\(match)")
        }
    }

    @Test("Bands, distances and names never contradict one another", arguments: 1...30)
    func laws(seed: Int) {
        let event = SyntheticEvent(seed: seed, decides: true)
        let matches = recognised(event)
        for match in matches where match.reason != .decided {
            let evidence = match.evidence
            if let named = match.named {
                #expect([.sure, .likely].contains(match.band) && match.reason == .withinLimit)
                #expect(named.distance <= evidence!.limit && named == match.nearest)
                if let next = match.runnerUp {
                    #expect(next.distance - named.distance >= MatchSettings.margin)
                }
            } else {
                #expect([.ask, .no].contains(match.band))
                let reach = min(
                    settings.tolerance + MatchSettings.askReach,
                    evidence?.lookAlike == nil
                        ? (evidence?.limit ?? 0) + MatchSettings.askBeyondLimit : .infinity)
                if match.reason == .personTaken {
                    #expect(match.band == .no)
                } else if match.reason != .ignored, match.reason != .nobodyKnown {
                    #expect((match.band == .ask) == (match.nearest!.distance <= reach + 1e-6))
                }
            }
        }
        for (_, own) in Dictionary(grouping: matches, by: \.face.photo) {
            let people = own.filter { $0.reason != .decided }.compactMap { $0.named?.person }
            #expect(Set(people).count == people.count)
        }
    }

    @Test("One more photo of a far stranger changes no other match", arguments: 1...20)
    func unrelatedPhoto(seed: Int) {
        var event = SyntheticEvent(seed: seed)
        let before = recognised(event)
        event.faces.append(seen(0, of: photo(250), at: 30, axis: 100))
        #expect(recognised(event).filter { $0.face.photo != photo(250) } == before)
    }

    @Test("One more portrait of a far person changes no match among many people", arguments: 1...10)
    func unrelatedPerson(seed: Int) {
        var event = SyntheticEvent(seed: seed, people: 24, known: 18)
        let before = recognised(event)
        event.references.append(mirrored(999, of: 99, at: 30, axis: 100))
        let after = recognised(event)
        #expect(
            after.map(\.named) == before.map(\.named) && after.map(\.band) == before.map(\.band))
    }

    @Test("A second copy of every portrait changes nothing", arguments: 1...10)
    func doubled(seed: Int) {
        let event = SyntheticEvent(seed: seed)
        var twice = event
        twice.references += event.references.map {
            Reference(
                id: ReferenceID(rawValue: $0.id.rawValue + 1000), person: $0.person,
                encodings: $0.encodings)
        }
        // The mean over twice as many may differ in the last digit.
        let (once, again) = (recognised(event), recognised(twice))
        #expect(again.map(\.named?.person) == once.map(\.named?.person))
        #expect(again.map(\.band) == once.map(\.band))
    }

    @Test("Only sure matches are a part of all matches", arguments: 1...20)
    func onlySure(seed: Int) {
        let event = SyntheticEvent(seed: seed)
        var strict = settings
        strict.filesOnlySure = true
        let all = recognised(event)
        let sure = recognise(
            faces: event.faces, references: event.references,
            clusters: clustered(event.faces), settings: strict)
        for (one, other) in zip(all, sure) {
            #expect(other.named == (one.band == .sure ? one.named : nil))
        }
    }

    @Test("Nearly all known people are named, and hardly anybody wrongly")
    func quality() {
        var (right, wrong, there) = (0, 0, 0)
        for seed in 1...8 {
            let event = SyntheticEvent(seed: seed, people: 20, known: 10, photos: 60)
            for match in recognised(event) {
                let truth = event.truth[match.face]!
                if truth < 10 { there += 1 }
                guard let named = match.named else { continue }
                if named.person.rawValue == Int64(truth + 1) { right += 1 } else { wrong += 1 }
            }
        }
        #expect(Double(right) > 0.85 * Double(there), "\(right) of \(there)")
        #expect(Double(wrong) < 0.01 * Double(right), "\(wrong) wrong, \(right) right")
    }
}

/// The evidence rule without decisions and copies, rewritten as plainly as possible.
private struct PlainEvidence {
    private(set) var named: [FaceID: PersonID] = [:]

    init(_ event: SyntheticEvent, _ clusters: [Cluster], _ settings: MatchSettings) {
        let inClusters = Set(clusters.flatMap(\.faces))
        let groups =
            (clusters.map { $0.faces.sorted() }
            + event.faces.map(\.id).filter { !inClusters.contains($0) }.map { [$0] })
            .sorted { $0[0] < $1[0] }
        let people = Set(event.references.map(\.person)).sorted()
        func distance(_ one: FaceEncodings, to person: PersonID) -> Double {
            let all = event.references.filter { $0.person == person }
                .map { squaredDistance($0.encodings, one).squareRoot() }
            return (all.min()! + all.reduce(0, +) / Double(all.count)) / 2
        }
        let nearest = Dictionary(
            uniqueKeysWithValues: event.faces.map { face in
                (face.id, people.map { distance(face.encodings, to: $0) })
            })
        let mostDistant = Double(settings.tolerance) + 0.06
        let limits = people.indices.map { index in
            let guarded = people.indices.filter { $0 != index }.map { other in
                let all = event.references.filter { $0.person == people[other] }
                    .map { distance($0.encodings, to: people[index]) }
                return (all.min()! + all.reduce(0, +) / Double(all.count)) / 2
            }.reduce(mostDistant, min)
            var others: [Double] = []
            for own in Dictionary(grouping: event.faces, by: \.id.photo).values {
                let first = own.min { nearest[$0.id]![index] < nearest[$1.id]![index] }!
                others += own.filter {
                    squaredDistance($0.encodings, first.encodings).squareRoot() > 0.4
                }.map { nearest[$0.id]![index] }
            }
            let certain = max(0.36, others.min() ?? mostDistant)
            return (limit: min(guarded, certain), isCrowded: certain < guarded)
        }
        let distances = groups.map { group in
            people.indices.map { person in
                group.map { nearest[$0]![person] }.reduce(0, +) / Double(group.count)
            }
        }
        let numbers = Dictionary(
            uniqueKeysWithValues: event.faces.enumerated().map { ($0.element.id, $0.offset) })
        let squares = event.faces.map { one in
            event.faces.map { squaredDistance(one.encodings, $0.encodings) }
        }
        func link(_ one: [FaceID], _ other: [FaceID]) -> Double {
            let all = one.flatMap { face in
                other.map { squares[numbers[face]!][numbers[$0]!] }
            }
            return (all.reduce(0, +) / Double(all.count)).squareRoot()
        }
        var claims: [(distance: Double, group: Int, person: Int)] = []
        for group in groups.indices {
            let order = people.indices.sorted { distances[group][$0] < distances[group][$1] }
            let first = order[0]
            let distance = distances[group][first]
            guard distance <= limits[first].limit,
                order.count == 1 || distances[group][order[1]] - distance >= 0.04
            else { continue }
            let mates = groups.indices.filter { other in
                other != group
                    && groups[other].contains { mate in
                        groups[group].contains { $0.photo == mate.photo }
                    }
            }.filter { other in
                // Perhaps the person a second time.
                !(distances[other][first] <= distance
                    && groups[other].contains { mate in
                        groups[group].contains {
                            $0.photo == mate.photo
                                && squares[numbers[$0]!][numbers[mate]!] <= 0.16
                        }
                    })
            }.map { link(groups[group], groups[$0]) }.sorted()
            guard mates.isEmpty || mates[mates.count / 24] - distance >= 0.04 else { continue }
            let hasRival = groups.indices.contains { other in
                other != group
                    && distances[other][first] > limits[first].limit
                    && link(groups[group], groups[other]) <= distance - 0.04
            }
            if !hasRival { claims.append((distance, group, first)) }
        }
        var nearer: [Int: [FaceID]] = [:]
        var faceOfPhoto: [Int: [ContentHash: FaceID]] = [:]
        for claim in claims.sorted(by: { ($0.distance, $0.group) < ($1.distance, $1.group) }) {
            let own = groups[claim.group]
            let (limit, isCrowded) = limits[claim.person]
            if isCrowded, claim.distance > 0.4, let others = nearer[claim.person],
                link(own, others) > limit
            {
                continue
            }
            nearer[claim.person, default: []] += own
            let taken = faceOfPhoto[claim.person, default: [:]]
            let rivals = own.compactMap { face in taken[face.photo].map { (face, $0) } }
            let isTwice = rivals.allSatisfy {
                squares[numbers[$0]!][numbers[$1]!].squareRoot() <= 0.4
            }
            guard rivals.isEmpty || claim.distance <= Double(settings.tolerance) && isTwice
            else { continue }
            for face in own where taken[face.photo] == nil {
                faceOfPhoto[claim.person, default: [:]][face.photo] = face
                named[face] = people[claim.person]
            }
        }
    }
}
