import FaceCore
import TestSupport
import Testing

@Suite struct QuestionTests {
    /// A face that may be `number`, `beyond` their limit.
    private func asked(
        _ face: FaceID, about number: Int64, beyond: Float, band: Band = .ask
    ) -> Match {
        let candidate = Candidate(
            person: person(number), reference: ReferenceID(rawValue: number),
            distance: 0.5 + beyond)
        return Match(
            face: face, named: band == .ask || band == .no ? nil : candidate, nearest: candidate,
            runnerUp: nil, band: band, reason: .tooFar,
            evidence: Evidence(faceCount: 1, ownDistance: 0.5 + beyond, limit: 0.5))
    }

    private func faces(_ photos: ClosedRange<UInt8>) -> [FaceID] {
        photos.map { FaceID(photo: photo($0), number: 0) }
    }

    @Test("Faces of one cluster that may be one person are one question, whatever their distances")
    func together() {
        let own = faces(1...4)
        let matches = [
            asked(own[0], about: 7, beyond: 0.05), asked(own[1], about: 7, beyond: 0.03),
            asked(own[2], about: 8, beyond: 0.03), asked(own[3], about: 7, beyond: 0.2, band: .no),
        ]
        let found = questions(about: matches, clusters: [Cluster(faces: own)])
        #expect(found.map(\.faces) == [[own[0], own[1]], [own[2]]])
        #expect(found.map(\.nearest.person) == [person(7), person(8)])
        // By the nearest face of the question.
        #expect(found[0].nearest == matches[1].nearest)
    }

    @Test("A face in no cluster is asked about with its tight cluster, or alone")
    func tight() {
        let own = faces(1...4)
        let matches = own.map { asked($0, about: 7, beyond: 0.01) }
        let found = questions(
            about: matches, clusters: [], tight: [Cluster(faces: [own[0], own[2]])])
        #expect(found.map(\.faces) == [[own[0], own[2]], [own[1]], [own[3]]])
        let loose = questions(
            about: matches, clusters: [Cluster(faces: [own[0], own[1]])],
            tight: [Cluster(faces: [own[0], own[2]])])
        #expect(loose.map(\.faces) == [[own[0], own[1]], [own[2]], [own[3]]])
    }

    @Test("Close ones come first, then those that bring most, then the nearest")
    func order() {
        let own = faces(1...9)
        let matches =
            own[0...4].map { asked($0, about: 7, beyond: 0.04) }
            + own[5...6].map { asked($0, about: 7, beyond: 0.02) }
            + [asked(own[7], about: 7, beyond: 0.01), asked(own[8], about: 7, beyond: 0)]
        let found = questions(
            about: matches,
            clusters: [Cluster(faces: Array(own[0...4])), Cluster(faces: Array(own[5...6]))])
        #expect(
            found.map(\.faces) == [
                Array(own[5...6]), [own[8]], [own[7]], Array(own[0...4]),
            ])
        #expect(found.map(\.isClose) == [true, true, true, false])
        #expect(found[0].gain > found[1].gain && found[3].gain > found[0].gain)
    }

    @Test("A photo that surely shows the person already has nothing to gain")
    func gain() throws {
        let own = faces(1...3)
        func named(_ number: UInt8, _ band: Band) -> Match {
            asked(FaceID(photo: photo(number), number: 1), about: 7, beyond: -0.2, band: band)
        }
        let clusters = [Cluster(faces: own)]
        let matches = own.map { asked($0, about: 7, beyond: 0.01) }
        let all = try #require(questions(about: matches, clusters: clusters).first)
        let less = try #require(
            questions(about: matches + [named(1, .sure), named(2, .likely)], clusters: clusters)
                .first)
        // It is asked about with the others all the same.
        #expect(less.faces == own)
        #expect(abs(less.gain - all.gain * 2 / 3) < 1e-6)
        let nothing = matches + [named(1, .sure), named(2, .sure), named(3, .sure)]
        #expect(questions(about: nothing, clusters: clusters).isEmpty)
        let said = questions(about: matches, clusters: clusters) { who, _ in who == person(7) }
        #expect(said.isEmpty)
    }

    @Test("The first of them that bring seven tenths of all are to be answered first")
    func first() {
        func question(_ gain: Float) -> Question {
            Question(
                faces: faces(1...1),
                nearest: Candidate(
                    person: person(7), reference: ReferenceID(rawValue: 1), distance: 0.5),
                runnerUp: nil, isClose: true, gain: gain)
        }
        func count(_ gains: [Float]) -> Int { gains.map(question).countToAnswerFirst }
        #expect(count([]) == 0)
        #expect(count([1]) == 1)
        #expect(count([7, 1, 1, 1]) == 1)
        #expect(count([6, 1, 1, 1, 1]) == 2)
        #expect(count([1, 1, 1, 1]) == 3)
    }

    @Test("The order of matches and clusters changes no question", arguments: 1...10)
    func inputOrder(seed: Int) {
        let event = SyntheticEvent(seed: seed, photos: 40)
        let tight = clusters(of: event.faces, upTo: MatchSettings.tightLinkage)
        let matches = recognise(
            faces: event.faces, references: event.references, clusters: tight,
            settings: MatchSettings())
        let named = Set(matches.filter { $0.named != nil }.map(\.face))
        let loose = clusters(
            ofUnnamed: event.faces.filter { !named.contains($0.id) }
                .map { UnnamedFace(face: $0, isClear: true) },
            neighbourhoods: Neighbourhoods(of: event.faces, clusters: tight))
        let expected = questions(about: matches, clusters: loose, tight: tight)
        // Each face that is asked about is in one question, and no other face is.
        let faces = expected.flatMap(\.faces)
        #expect(Set(faces).count == faces.count)
        #expect(
            Set(faces).isSubset(of: Set(matches.filter { $0.band == .ask }.map(\.face))))
        var random = SplitMix64(seed: UInt64(seed))
        for _ in 0..<3 {
            let found = questions(
                about: matches.shuffled(using: &random), clusters: loose.shuffled(using: &random),
                tight: tight.shuffled(using: &random))
            #expect(found == expected)
        }
    }
}
