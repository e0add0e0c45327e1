import FaceCore
import TestSupport
import Testing

/// Faces and people stand on a line, so that distances are easy to see. All positions are sums of
/// powers of two: single precision holds them and their differences exactly.
@Suite struct RecognitionTests {
    private let settings = MatchSettings(rule: .nearest, tolerance: 0.5)

    private func recognised(
        _ faces: [Face], _ references: [Reference], _ decisions: [FaceDecision] = []
    ) -> [Match] {
        recognise(faces: faces, references: references, decisions: decisions, settings: settings)
    }

    private func names(_ matches: [Match]) -> [Int64?] { matches.map { $0.named?.person.rawValue } }

    @Test("A face has the name of the nearest person within the tolerance")
    func nearest() throws {
        let references = [reference(1, of: 7, at: 1), reference(2, of: 8, at: 2)]
        let match = try #require(recognised([face(0, at: 1.25)], references).first)
        #expect(
            match.named
                == Candidate(
                    person: person(7), reference: ReferenceID(rawValue: 1), distance: 0.25))
        #expect(match.nearest == match.named)
        #expect(match.runnerUp?.person == person(8) && match.runnerUp?.distance == 0.75)
        #expect(match.reason == .withinLimit && match.band == .sure)
    }

    @Test("A face exactly at the tolerance has the name; the next farther has none")
    func limit() {
        let references = [reference(1, of: 7, at: 0)]
        let at = recognised([face(0, at: 0.5)], references)[0]
        #expect(at.named?.distance == 0.5 && at.reason == .withinLimit && at.band == .sure)
        let beyond = recognised([face(0, at: Float(0.5).nextUp)], references)[0]
        #expect(beyond.named == nil && beyond.reason == .tooFar && beyond.band == .ask)
        #expect(beyond.nearest?.person == person(7))
    }

    @Test("One person's nearest reference counts, of equal ones the first by number")
    func nearestReference() {
        let references = [
            reference(9, of: 7, at: 0.25), reference(3, of: 7, at: 0.25),
            reference(1, of: 7, at: -4),
        ]
        let match = recognised([face(0, at: 0)], references)[0]
        #expect(match.named?.reference == ReferenceID(rawValue: 3))
        #expect(match.runnerUp == nil)
    }

    @Test("Of two equally near people the one with the smaller number is taken, not as sure")
    func tie() {
        let references = [reference(1, of: 8, at: 0.25), reference(2, of: 7, at: -0.25)]
        for references in [references, references.reversed()] {
            let match = recognised([face(0, at: 0)], references)[0]
            #expect(match.named?.person == person(7))
            #expect(match.runnerUp?.person == person(8))
            #expect(match.band == .likely && match.reason == .withinLimit)
        }
    }

    @Test("A person is in a photo at most once: the face that fits better has the name")
    func oncePerPhoto() {
        let matches = recognised(
            [face(0, at: 0.25), face(1, at: 0.125)], [reference(1, of: 7, at: 0)])
        #expect(names(matches) == [nil, 7])
        #expect(matches[0].reason == .personTaken && matches[0].band == .ask)
        #expect(matches[0].nearest?.person == person(7))
        let other = face(0, of: photo(2), at: 0.25)
        #expect(
            names(recognised([face(1, at: 0.125), other], [reference(1, of: 7, at: 0)])) == [7, 7])
    }

    @Test("Faces are given to people so that all together fit best, not one after the other")
    func together() {
        // Face 0 is nearest to 7, but only it can be 8; face 1 can only be 7.
        let references = [reference(1, of: 7, at: 0), reference(2, of: 8, at: 0.5)]
        let matches = recognised([face(0, at: 0.1875), face(1, at: -0.25)], references)
        #expect(names(matches) == [8, 7])
        #expect(matches[0].reason == .nextBest && matches[0].band == .likely)
        #expect(matches[0].nearest?.person == person(7))
        #expect(matches[0].runnerUp?.person == person(7))
        #expect(matches[1].reason == .withinLimit)
    }

    @Test("Without references nobody is known, and every face still has its match")
    func nobody() {
        let matches = recognised([face(1, at: 0), face(0, at: 0)], [])
        #expect(matches.map(\.face.number) == [0, 1])
        for match in matches {
            #expect(match.named == nil && match.nearest == nil && match.runnerUp == nil)
            #expect(match.reason == .nobodyKnown && match.band == .no)
        }
        #expect(recognised([], [reference(1, of: 7, at: 0)]).isEmpty)
    }

    @Test("Bands: sure when clear of others and of look-alikes, ask within reach, else no")
    func bands() {
        let one = [reference(1, of: 7, at: 0)]
        func band(_ position: Float, _ references: [Reference]) -> Band {
            recognised([face(0, at: position)], references)[0].band
        }
        #expect(band(0.5, one) == .sure)
        #expect(band(0.609375, one) == .ask)
        #expect(band(0.625, one) == .no)
        #expect(band(0.25, one + [reference(2, of: 8, at: 0.53125)]) == .likely)
        #expect(band(0.25, one + [reference(2, of: 8, at: 0.5625)]) == .sure)
        // The two people are nearer to each other than the face is to the first.
        #expect(band(-0.46875, one + [reference(2, of: 8, at: 0.4375)]) == .likely)
    }

    @Test("With only sure matches filed, a likely one becomes a question")
    func onlySure() {
        let references = [reference(1, of: 7, at: 0), reference(2, of: 8, at: 0.53125)]
        var settings = settings
        settings.filesOnlySure = true
        let match = recognise(
            faces: [face(0, at: 0.25)], references: references, settings: settings)[0]
        #expect(match.named == nil && match.nearest?.person == person(7))
        #expect(match.band == .ask && match.reason == .notSure)
    }

    @Test("A wider tolerance never names fewer faces", arguments: 1...20)
    func wider(seed: Int) {
        let scene = Scene(seed: seed)
        let counts = [Float(0.3), 0.5, 0.7].map { tolerance in
            recognise(
                faces: scene.faces, references: scene.references,
                settings: MatchSettings(rule: .nearest, tolerance: tolerance)
            ).count { $0.named != nil }
        }
        #expect(counts == counts.sorted())
    }

    @Test(
        "The order of faces, references and clusters does not change a single match",
        arguments: 1...20)
    func orderDoesNotMatter(seed: Int) {
        let scene = Scene(seed: seed)
        let expected = recognised(scene.faces, scene.references, scene.decisions)
        #expect(expected.map(\.face) == scene.faces.map(\.id).sorted())
        var random = SplitMix64(seed: UInt64(seed))
        for _ in 0..<5 {
            let faces = scene.faces.shuffled(using: &random)
            let clusters = [Cluster(faces: faces.map(\.id))]
            let matches = recognise(
                faces: faces, references: scene.references.shuffled(using: &random),
                decisions: scene.decisions, clusters: clusters, settings: settings)
            #expect(matches == expected)
        }
    }

    @Test("The laws of every match, for any faces and people", arguments: 1...40)
    func laws(seed: Int) {
        let scene = Scene(seed: seed)
        let matches = recognised(scene.faces, scene.references)
        for match in matches {
            let encoding = scene.faces.first { $0.id == match.face }!.encodings.plain
            var distances: [PersonID: Float] = [:]
            for reference in scene.references {
                let distance = encoding.distance(to: reference.encodings.plain)
                distances[reference.person] = min(
                    distance, distances[reference.person] ?? .infinity)
            }
            for candidate in [match.named, match.nearest, match.runnerUp].compactMap(\.self) {
                #expect(candidate.distance == distances[candidate.person])
            }
            #expect(match.nearest?.distance == distances.values.min())
            if let named = match.named {
                #expect(named.distance <= settings.limit)
                #expect([.sure, .likely].contains(match.band))
                #expect(
                    match.runnerUp?.distance
                        == distances.filter { $0.key != named.person }.values.min())
            } else {
                #expect([.ask, .no].contains(match.band))
            }
            if match.reason == .tooFar { #expect(match.nearest!.distance > settings.limit) }
            if match.reason == .withinLimit { #expect(match.named == match.nearest) }
        }
        for (_, photo) in Dictionary(grouping: matches, by: \.face.photo) {
            let people = photo.compactMap { $0.named?.person }
            #expect(Set(people).count == people.count)
        }
    }

    @Test("A photo's matches do not depend on the other photos", arguments: 1...10)
    func photosAreIndependent(seed: Int) {
        let scene = Scene(seed: seed)
        let together = recognised(scene.faces, scene.references)
        let photos = Dictionary(grouping: scene.faces, by: \.id.photo)
        let apart = photos.keys.sorted().flatMap { recognised(photos[$0]!, scene.references) }
        #expect(together == apart)
    }

    @Test(
        "Tolerances that are not distances recognise nobody", arguments: [Float.nan, -1],
        MatchRule.allCases)
    func senseless(tolerance: Float, rule: MatchRule) {
        let match = recognise(
            faces: [face(0, at: 0.25)], references: [reference(1, of: 7, at: 0)],
            settings: MatchSettings(rule: rule, tolerance: tolerance))[0]
        #expect(match.named == nil)
    }
}

@Suite struct DecisionTests {
    private let settings = MatchSettings(rule: .nearest, tolerance: 0.5)
    private let references = [reference(1, of: 7, at: 0), reference(2, of: 8, at: 8)]

    private func matches(_ faces: [Face], _ decisions: [FaceDecision]) -> [Match] {
        recognise(faces: faces, references: references, decisions: decisions, settings: settings)
    }

    @Test("A decision overrules every distance")
    func decided() {
        let near = face(0, at: 0)
        let match = matches([near], [.isPerson(near.id, person(8))])[0]
        #expect(match.named?.person == person(8) && match.named?.distance == 8)
        #expect(match.reason == .decided && match.band == .sure)
        #expect(match.nearest?.person == person(7) && match.runnerUp?.person == person(7))
    }

    @Test("A decided face keeps its name although the person has no reference")
    func withoutReference() {
        let face = face(0, at: 0)
        let match = matches([face], [.isPerson(face.id, person(99))])[0]
        #expect(match.named == Candidate(person: person(99), reference: .none, distance: 0))
        #expect(match.reason == .decided)
    }

    @Test("A person decided in a photo is no other face of it")
    func takenByDecision() {
        let far = face(0, at: 4)
        let near = face(1, at: 0)
        let result = matches([far, near], [.isPerson(far.id, person(7))])
        #expect(result.map { $0.named?.person } == [person(7), nil])
        #expect(result[1].reason == .personTaken)
    }

    @Test("A face decided not to be a person may match the others, or nobody")
    func isNot() {
        let near = face(0, at: 0)
        let match = matches([near], [.isNotPerson(near.id, person(7))])[0]
        #expect(match.named == nil && match.nearest?.person == person(8))
        #expect(match.reason == .tooFar && match.band == .no)
        let nobody = matches(
            [near], [.isNotPerson(near.id, person(7)), .isNotPerson(near.id, person(8))])[0]
        #expect(nobody.nearest == nil && nobody.reason == .nobodyKnown)
    }

    @Test("An ignored face has no name, and leaves the person to another face")
    func ignored() {
        let near = face(0, at: 0)
        let next = face(1, at: 0.25)
        let result = matches([near, next], [.ignore(near.id)])
        #expect(result.map { $0.named?.person } == [nil, person(7)])
        #expect(result[0].reason == .ignored && result[0].band == .no)
    }

    @Test("Of several decisions on one face the last counts")
    func last() {
        let near = face(0, at: 0)
        let seven = FaceDecision.isPerson(near.id, person(7))
        let eight = FaceDecision.isPerson(near.id, person(8))
        let notSeven = FaceDecision.isNotPerson(near.id, person(7))
        let ignore = FaceDecision.ignore(near.id)
        func outcome(_ decisions: [FaceDecision]) -> (PersonID?, MatchReason) {
            let match = matches([near], decisions)[0]
            return (match.named?.person, match.reason)
        }
        #expect(outcome([seven, eight]) == (person(8), .decided))
        #expect(outcome([eight, seven]) == (person(7), .decided))
        #expect(outcome([seven, ignore]) == (nil, .ignored))
        #expect(outcome([ignore, seven]) == (person(7), .decided))
        #expect(outcome([seven, notSeven]) == (nil, .tooFar))
        #expect(outcome([notSeven, seven]) == (person(7), .decided))
        #expect(outcome([eight, notSeven]) == (person(8), .decided))
        #expect(matches([near], [notSeven, seven])[0].nearest?.person == person(7))
        #expect(matches([near], [eight, notSeven])[0].nearest?.person == person(8))
    }

    @Test("A decision touches no photo but its own")
    func otherPhotos() {
        let one = face(0, of: photo(1), at: 0)
        let other = face(0, of: photo(2), at: 0)
        let result = matches([one, other], [.ignore(one.id)])
        #expect(result.map { $0.named?.person } == [nil, person(7)])
    }
}

/// A made-up event: a few people, some of whose faces are near their references.
private struct Scene {
    var faces: [Face] = []
    var references: [Reference] = []
    var decisions: [FaceDecision] = []

    init(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let people = (0..<Int.random(in: 1...5, using: &random)).map { _ in
            randomEncoding(&random)
        }
        func near(_ encoding: FaceEncoding) -> FaceEncodings {
            // Components off by up to 0.06 lie about 0.4 away: some within the tolerance.
            let offset = randomEncoding(&random, spread: 0.07)
            let components = zip(encoding.components, offset.components).map { $0 + $1 }
            return FaceEncodings(
                plain: FaceEncoding(components: components)!, mirrorMean: randomEncoding(&random))
        }
        for (number, encoding) in people.enumerated() {
            for index in 0..<Int.random(in: 1...3, using: &random) {
                references.append(
                    Reference(
                        id: ReferenceID(rawValue: Int64(10 * (number + 1) + index)),
                        person: PersonID(rawValue: Int64(number + 1)), encodings: near(encoding)))
            }
        }
        for number in 1...6 {
            for index in 0..<Int.random(in: 0...5, using: &random) {
                let id = FaceID(photo: photo(UInt8(number)), number: index)
                faces.append(
                    Face(
                        id: id, box: FaceBox(left: 0, top: 0, width: 1, height: 1), confidence: 1,
                        encodings: near(people.randomElement(using: &random)!)))
                let person = PersonID(rawValue: Int64.random(in: 1...6, using: &random))
                switch Int.random(in: 0..<12, using: &random) {
                case 0: decisions.append(.isPerson(id, person))
                case 1: decisions.append(.isNotPerson(id, person))
                case 2: decisions.append(.ignore(id))
                default: break
                }
            }
        }
    }
}
