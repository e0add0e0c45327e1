import TestSupport
import Testing

@testable import FaceCore

@Suite struct FaceTiesTests {
    private func unnamed(
        _ number: UInt8, at position: Float, of other: UInt8? = nil, isClear: Bool = true
    ) -> UnnamedFace {
        UnnamedFace(
            face: seen(Int(number), of: photo(other ?? number), at: position), isClear: isClear)
    }

    private func clustered(
        _ faces: [UnnamedFace], together: [[UnnamedFace]] = [],
        apart: [(UnnamedFace, UnnamedFace)] = []
    ) -> [[Int]] {
        clusters(
            ofUnnamed: faces,
            ties: FaceTies(
                together: together.map { $0.map(\.face.id) },
                apart: Set(apart.map { FacePair($0.0.face.id, $0.1.face.id) }))
        ).map { $0.faces.map(\.number) }
    }

    @Test("Groups that share a face are one, unless two faces that are apart would meet")
    func joining() {
        let ids = (1...4).map { FaceID(photo: photo(UInt8($0)), number: 0) }
        let joined = FaceTies(together: [[ids[0], ids[1]], [ids[2], ids[1]], [ids[3]]])
        #expect(joined.together == [[ids[0], ids[1], ids[2]]])
        let torn = FaceTies(
            together: [[ids[0], ids[1]], [ids[2], ids[1]]], apart: [FacePair(ids[0], ids[2])])
        #expect(torn.together == [[ids[0], ids[1]]])
        #expect(FaceTies().isEmpty && !joined.isEmpty)
    }

    @Test("Same faces are one cluster however far apart; others join it by its mean")
    func together() {
        let far = [unnamed(1, at: 0), unnamed(2, at: 4), unnamed(3, at: 0.1), unnamed(4, at: 9)]
        #expect(clustered(far) == [[1, 3]])
        #expect(clustered(far, together: [[far[0], far[1]]]) == [[1, 2]])
        #expect(clustered(far, together: [[far[0], far[1], far[2], far[3]]]) == [[1, 2, 3, 4]])
        // Even unclear faces, and two of one photo.
        let blurred = [
            unnamed(1, at: 0, isClear: false), unnamed(2, at: 4, isClear: false),
            unnamed(3, at: 8, of: 1),
        ]
        #expect(clustered(blurred, together: [blurred]) == [[1, 3, 2]])
    }

    @Test("Two faces that are apart share no cluster; all others are joined as before")
    func apart() {
        let faces = (1...4).map { unnamed(UInt8($0), at: Float($0) / 50) }
        #expect(clustered(faces) == [[1, 2, 3, 4]])
        let split = clustered(faces, apart: [(faces[0], faces[1])])
        #expect(Set(split.flatMap(\.self)).isSuperset(of: [3, 4]))
        #expect(!split.contains { $0.contains(1) && $0.contains(2) })
        // The same as one of them is apart from the other, too.
        let both = clustered(
            faces, together: [[faces[1], faces[2]]], apart: [(faces[0], faces[1])])
        #expect(both.contains { $0.contains(2) && $0.contains(3) })
        #expect(!both.contains { $0.contains(1) && ($0.contains(2) || $0.contains(3)) })
    }

    @Test("Any ties hold in any event", arguments: 1...20)
    func law(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let faces = SyntheticEvent(seed: seed, photos: 40).faces.map {
            UnnamedFace(face: $0, isClear: Int.random(in: 0..<4, using: &random) > 0)
        }
        let ids = faces.map(\.face.id)
        let ties = FaceTies(
            together: (0..<6).map { _ in
                (0..<3).map { _ in ids.randomElement(using: &random)! }
            },
            apart: Set(
                (0..<40).map { _ in
                    FacePair(
                        ids.randomElement(using: &random)!, ids.randomElement(using: &random)!)
                }.filter { $0.first != $0.second }))
        func check(_ found: [Cluster]) {
            var ofFace: [FaceID: Int] = [:]
            for (index, cluster) in found.enumerated() {
                for face in cluster.faces { ofFace[face] = index }
            }
            for group in ties.together {
                #expect(Set(group.map { ofFace[$0] }).count == 1 && ofFace[group[0]] != nil)
            }
            for pair in ties.apart where ofFace[pair.first] != nil {
                #expect(ofFace[pair.first] != ofFace[pair.second])
            }
        }
        let found = clusters(ofUnnamed: faces, ties: ties)
        check(found)
        #expect(clusters(ofUnnamed: faces.shuffled(using: &random), ties: ties) == found)
        // With new faces beside kept clusters.
        let new = Set(ids.filter { _ in Int.random(in: 0..<5, using: &random) == 0 })
            .union(ties.together.flatMap(\.self))
        let kept = found.map { Cluster(faces: $0.faces.filter { !new.contains($0) }) }
            .filter { $0.faces.count > 1 }
        check(clusters(ofUnnamed: faces, keeping: kept, new: new, ties: ties))
    }

    @Test("Same faces are judged together; of two different ones, one has the name")
    func recognition() {
        let settings = MatchSettings()
        let reference = mirrored(1, of: 7, at: 0)
        let faces = [
            seen(0, of: photo(1), at: 0.1), seen(0, of: photo(2), at: 0.2),
            seen(0, of: photo(3), at: 0.8),
        ]
        func named(_ ties: FaceTies, _ decisions: [FaceDecision] = []) -> [MatchReason] {
            recognise(
                faces: faces, references: [reference], decisions: decisions, ties: ties,
                settings: settings
            ).map(\.reason)
        }
        #expect(named(.none) == [.withinLimit, .withinLimit, .tooFar])
        let apart = FaceTies(apart: [FacePair(faces[0].id, faces[1].id)])
        #expect(named(apart) == [.withinLimit, .toldApart, .tooFar])
        #expect(
            named(apart, [.isPerson(faces[1].id, person(7))]) == [.toldApart, .decided, .tooFar])
        let same = FaceTies(together: [[faces[0].id, faces[2].id]])
        #expect(named(same)[0] == named(same)[2])
    }

    @Test("Somebody who is no guest gets no name and no question, whatever the rule")
    func notAGuest() {
        let reference = mirrored(1, of: 7, at: 0)
        let face = seen(0, of: photo(1), at: 0)
        for rule in MatchRule.allCases {
            for (decision, reason) in [
                (FaceDecision.notAGuest(face.id), MatchReason.notAGuest),
                (.ignore(face.id), .ignored),
            ] {
                for references in [[reference], []] {
                    let match = recognise(
                        faces: [face], references: references, decisions: [decision],
                        settings: MatchSettings(rule: rule))[0]
                    #expect(match.named == nil && match.reason == reason && match.band == .no)
                }
            }
        }
    }

    @Test(
        "The most typical clear named faces stand for the person, and all said to")
    func standIns() {
        func named(_ number: UInt8, at position: Float, isClear: Bool = true, isTold: Bool = false)
            -> NamedFace
        {
            NamedFace(
                face: seen(0, of: photo(number), at: position), person: person(1),
                isClear: isClear, isPortrait: isTold)
        }
        let faces = [
            named(1, at: 0), named(2, at: 0.1), named(3, at: 0.2), named(4, at: 5),
            named(5, at: 0.1, isClear: false), named(6, at: 9, isClear: false, isTold: true),
        ]
        let chosen = FaceCore.standIns(among: faces, upTo: 2).map(\.face.id.photo)
        #expect(
            chosen == [photo(1), photo(2), photo(6)] || chosen == [photo(2), photo(3), photo(6)])
        #expect(FaceCore.standIns(among: faces.reversed(), upTo: 2).map(\.face.id.photo) == chosen)
        #expect(FaceCore.standIns(among: faces).count == 5)
    }
}
