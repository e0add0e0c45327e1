import FaceCore
import TestSupport
import Testing

/// Faces and people stand on a line, as in ``RecognitionTests``, by their mirrored encodings.
@Suite struct EvidenceTests {
    private let settings = MatchSettings(tolerance: 0.5)

    /// Sixteen people too far from everything on the line to matter.
    private let crowd = (1...16).map { number in
        mirrored(Int64(100 + number), of: Int64(100 + number), at: 20, axis: number)
    }

    private func recognised(
        _ faces: [Face], _ references: [Reference], _ decisions: [FaceDecision] = [],
        clusters: [[Face]] = [], copies: [NearDuplicate] = [], onlySure: Bool = false
    ) -> [Match] {
        var settings = settings
        settings.filesOnlySure = onlySure
        return recognise(
            faces: faces, references: references, decisions: decisions,
            clusters: clusters.map { Cluster(faces: $0.map(\.id)) },
            nearDuplicates: NearDuplicates(copies),
            settings: settings)
    }

    private func names(_ matches: [Match]) -> [Int64?] { matches.map { $0.named?.person.rawValue } }

    @Test("Mirrored encodings are compared, up to the tolerance + 0.06")
    func reach() {
        let references = [mirrored(1, of: 7, at: 0)] + crowd
        func match(_ position: Float) -> Match {
            recognised([seen(0, at: position)], references)[0]
        }
        #expect(match(0.5).band == .sure && match(0.5).reason == .withinLimit)
        // A single picture beyond the tolerance is only likely.
        #expect(match(0.53125).band == .likely)
        #expect(match(0.5546875).band == .likely)
        #expect(match(0.5546875).named?.distance == 0.5546875)
        let beyond = match(0.5625)
        #expect(beyond.named == nil && beyond.reason == .tooFar && beyond.band == .ask)
        #expect(match(0.625).band == .no)
        #expect(abs((beyond.evidence?.limit ?? 0) - 0.56) < 1e-6)
    }

    @Test("The limit does not depend on how many people are known")
    func fewPeople() {
        for count in 1...17 {
            let references = [mirrored(1, of: 7, at: 0)] + crowd.prefix(count - 1)
            let limit = recognised([seen(0, at: 0)], references)[0].evidence?.limit ?? 0
            #expect(abs(limit - 0.56) < 1e-6)
        }
    }

    @Test("A person's limit ends at a face that is certainly another: one nearer is in its photo")
    func certainOther() throws {
        let references = [mirrored(1, of: 7, at: 0)] + crowd
        let own = seen(0, of: photo(1), at: 0.125)
        let other = seen(1, of: photo(1), at: -0.4375)
        // As near as the other, and nearer; in photos of their own.
        let far = seen(0, of: photo(2), at: 0.46875)
        let near = seen(0, of: photo(3), at: -0.3125)
        let matches = recognised([own, other, far, near], references)
        #expect(names(matches) == [7, nil, nil, 7])
        #expect(matches[2].reason == .certainOther && matches[2].band == .ask)
        #expect(matches[2].evidence?.limit == 0.4375)
        #expect(try #require(matches[2].evidence?.rival).face == other.id)
        // 0.125 below such a limit a name is sure; nearer to it, it is only likely.
        #expect(matches[3].band == .sure)
        #expect(names(recognised([own, far, near], references)) == [7, 7, 7])
        let likely = recognised([own, other, seen(0, of: photo(3), at: 0.390625)], references)
        #expect(likely[2].named != nil && likely[2].band == .likely)
    }

    @Test("Two faces of a photo that are near each other may be one person twice: no limit ends")
    func twiceIsNoOther() {
        let references = [mirrored(1, of: 7, at: 0)] + crowd
        let own = seen(0, of: photo(1), at: 0.125)
        let mirror = seen(1, of: photo(1), at: 0.46875)
        let far = seen(0, of: photo(2), at: -0.5)
        #expect(names(recognised([own, mirror, far], references)) == [7, nil, 7])
    }

    @Test("A face decided to be the person ends no limit, and neither does an answer no")
    func answersEndNoLimit() {
        let references = [mirrored(1, of: 7, at: 0)] + crowd
        let own = seen(0, of: photo(1), at: 0.125)
        let other = seen(1, of: photo(1), at: -0.4375)
        let far = seen(0, of: photo(2), at: -0.46875)
        func name(_ decisions: [FaceDecision]) -> Int64? {
            names(recognised([own, other, far], references, decisions))[2]
        }
        #expect(name([]) == nil)
        #expect(name([.isPerson(other.id, person(7))]) == 7)
        #expect(name([.isNotPerson(own.id, person(7))]) == 7)
        let alone = seen(0, of: photo(3), at: 0.4375)
        let said = recognised([far, alone], references, [.isNotPerson(alone.id, person(7))])
        #expect(names(said) == [7, nil])
    }

    @Test("Another face of the photo that is about as near as the person withholds the name")
    func photoMate() throws {
        let references = [mirrored(1, of: 7, at: 0)] + crowd
        let face = seen(0, of: photo(1), at: 0.4375)
        let mate = seen(1, of: photo(1), at: 0.890625)
        let match = recognised([face, mate], references)[0]
        #expect(match.named == nil && match.reason == .photoMate && match.band == .ask)
        #expect(try #require(match.evidence?.rival).face == mate.id)
        let farther = seen(1, of: photo(1), at: 0.921875)
        #expect(names(recognised([face, farther], references)) == [7, nil])
        // In another photo it only competes as any stranger.
        let elsewhere = seen(0, of: photo(2), at: 0.890625)
        #expect(names(recognised([face, elsewhere], references)) == [7, nil])
    }

    @Test("Of several portraits both the nearest and the mean count; a copy changes nothing")
    func severalPortraits() {
        let one = [mirrored(1, of: 7, at: 0)] + crowd
        let two = one + [mirrored(2, of: 7, at: 0.5)]
        let face = seen(0, at: -0.25)
        #expect(recognised([face], one)[0].nearest?.distance == 0.25)
        #expect(recognised([face], two)[0].nearest?.distance == 0.375)
        let same = one + [mirrored(2, of: 7, at: 0)]
        #expect(recognised([face], same)[0].nearest?.distance == 0.25)
    }

    @Test("Faces that a person named never move a limit that portraits set, nor a name away")
    func standInsMoveNoLimit() {
        let references = [mirrored(1, of: 7, at: 0)] + crowd
        let own = seen(0, of: photo(1), at: 0.125)
        let other = seen(1, of: photo(1), at: 0.5625)
        let far = seen(0, of: photo(2), at: -0.5)
        func standIn(_ position: Float, of number: Int64) -> Reference {
            let portrait = mirrored(99, of: number, at: position)
            return Reference(
                id: portrait.id, person: portrait.person, encodings: portrait.encodings,
                isPortrait: false)
        }
        #expect(names(recognised([own, other, far], references)) == [7, nil, 7])
        // As a portrait it would bring the other face within the limit.
        let said = references + [standIn(0.25, of: 7)]
        #expect(names(recognised([own, other, far], said)) == [7, nil, 7])
        let stranger = references + [standIn(-0.984375, of: 50)]
        let match = recognised([far], stranger)[0]
        // Sure it is no longer.
        #expect(match.named?.person == person(7) && match.band == .likely)
    }

    @Test("Strict naming leaves open what balanced naming files")
    func strict() {
        let references = [mirrored(1, of: 7, at: 0)] + crowd
        let faces = [seen(0, of: photo(1), at: 0.4375), seen(0, of: photo(2), at: 0.875)]
        #expect(names(recognised(faces, references)) == [7, nil])
        var strict = settings
        strict.naming = .strict
        #expect(
            names(recognise(faces: faces, references: references, settings: strict)) == [nil, nil])
    }

    @Test(
        "Two people who share a portrait, and a crowd alone in its photos, have no certain others")
    func nothingCertain() {
        let shared = [mirrored(1, of: 7, at: 0), mirrored(2, of: 8, at: 0)]
        let faces = (1...8).map { seen(0, of: photo(UInt8($0)), at: 0.0625 * Float($0)) }
        #expect(recognised(faces, shared).allSatisfy { $0.named == nil })
        let alone = recognised(faces, [mirrored(1, of: 7, at: 0)])
        #expect(alone.allSatisfy { $0.named?.person == person(7) })
    }

    @Test("Faces of one cluster are judged together, by the mean of their distances")
    func together() {
        let references = [mirrored(1, of: 7, at: 0)] + crowd
        let near = seen(0, of: photo(1), at: 0.5)
        // On the other side, so that they do not compete when apart.
        let far = seen(0, of: photo(2), at: -0.59375)
        let tooFar = seen(0, of: photo(3), at: 0.6875)
        #expect(names(recognised([near, far], references)) == [7, nil])
        let both = recognised([near, far], references, clusters: [[near, far]])
        #expect(names(both) == [7, 7])
        #expect(both.allSatisfy { $0.named?.distance == 0.546875 && $0.band == .likely })
        #expect(both.map { $0.evidence?.ownDistance } == [0.5, 0.59375])
        #expect(both.allSatisfy { $0.evidence?.faceCount == 2 })
        let all = recognised(
            [near, far, tooFar], references, clusters: [[near, far, tooFar]])
        #expect(names(all) == [nil, nil, nil] && all.allSatisfy { $0.reason == .tooFar })
    }

    @Test("The next person must be clearly farther, else it is hard to tell")
    func margin() {
        let references = [mirrored(1, of: 7, at: 0), mirrored(2, of: 8, at: 0.9375)] + crowd
        let close = recognised([seen(0, at: 0.453125)], references)[0]
        #expect(close.reason == .hardToTell && close.band == .ask && close.named == nil)
        #expect(close.nearest?.person == person(7) && close.runnerUp?.person == person(8))
        #expect(names(recognised([seen(0, at: 0.4375)], references)) == [7])
    }

    @Test("A face as far from a person as a look-alike's portrait has no name")
    func lookAlike() throws {
        let references = [mirrored(1, of: 7, at: 0), mirrored(2, of: 8, at: 0.375)] + crowd
        let match = recognised([seen(0, at: -0.4375)], references)[0]
        #expect(match.reason == .lookAlike && match.named == nil && match.band == .ask)
        #expect(match.evidence?.lookAlike == person(8) && match.evidence?.limit == 0.375)
        let near = recognised([seen(0, at: -0.3125)], references)[0]
        #expect(near.named?.person == person(7) && near.band == .sure)
        let pair = try #require(lookAlikes(among: references, settings: settings).first)
        #expect(pair.one.person == person(7) && pair.other.person == person(8))
        #expect(pair.distance == 0.375)
    }

    @Test("Twins, the same portrait under two names, are never named and always asked about")
    func twins() {
        let references = [mirrored(1, of: 7, at: 0), mirrored(2, of: 8, at: 0)] + crowd
        for position in [Float(0), 0.25, 0.5] {
            let match = recognised([seen(0, at: position)], references)[0]
            #expect(match.named == nil && match.band == .ask)
        }
        #expect(lookAlikes(among: references, settings: settings).map(\.distance) == [0])
    }

    @Test("Another face that is not the person's competes, and wins if it is clearly nearer")
    func rival() throws {
        let references = [mirrored(1, of: 7, at: 0)]
        let face = seen(0, of: photo(1), at: 0.4375)
        let stranger = seen(0, of: photo(2), at: 0.8125)
        #expect(names(recognised([face], references)) == [7])
        let match = recognised([face, stranger], references)[0]
        #expect(match.named == nil && match.reason == .stranger && match.band == .ask)
        let rival = try #require(match.evidence?.rival)
        #expect(rival.face == stranger.id && rival.faceCount == 1)
        #expect(abs(rival.distance - 0.375) < 1e-6)
        // A face that is not clearly nearer than the person does not.
        let other = seen(0, of: photo(2), at: 0.96875)
        #expect(names(recognised([face, other], references)) == [7, nil])
        // A face that may be the person does not either.
        let own = seen(0, of: photo(2), at: 0.5)
        #expect(names(recognised([face, own], references)) == [7, 7])
    }

    @Test("Strangers compete in the same way when many people are known")
    func rivalAmongMany() {
        let references = [mirrored(1, of: 7, at: 0)] + crowd
        let face = seen(0, of: photo(1), at: 0.4375)
        for (position, expected) in [(Float(0.875), Int64(7)), (0.8125, nil)] {
            let stranger = seen(0, of: photo(2), at: position)
            #expect(names(recognised([face, stranger], references)) == [expected, nil])
        }
    }

    @Test("A stranger's many photos explain each other, once for all of them")
    func strangersCluster() throws {
        let references = [mirrored(1, of: 7, at: 0)]
        let strangers = (1...4).map { seen(0, of: photo(UInt8($0)), at: 0.78125) }
        let face = seen(0, of: photo(9), at: 0.46875)
        let match = recognised(strangers + [face], references, clusters: [strangers])[4]
        #expect(match.reason == .stranger && match.evidence?.rival?.faceCount == 4)
        // Once decided to be the person's, they do not compete.
        let said = strangers.map { FaceDecision.isPerson($0.id, person(7)) }
        #expect(names(recognised(strangers + [face], references, said))[4] == 7)
    }

    @Test("Near the limit that a look-alike sets a match is only likely")
    func likelyBesideLookAlike() {
        let references = [mirrored(1, of: 7, at: 0), mirrored(2, of: 8, at: 0.375)] + crowd
        let match = recognised([seen(0, at: -0.359375)], references)[0]
        #expect(match.named?.person == person(7) && match.band == .likely)
    }

    @Test("A person who is twice in one photo still keeps all other photos")
    func twiceInPhoto() {
        let references = [mirrored(1, of: 7, at: 0)] + crowd
        let near = [seen(0, of: photo(1), at: 0.125), seen(0, of: photo(2), at: 0.125)]
        let onTheWall = [seen(1, of: photo(2), at: 0.5), seen(0, of: photo(3), at: 0.5)]
        let matches = recognised(near + onTheWall, references, clusters: [near, onTheWall])
        #expect(names(matches) == [7, 7, nil, 7])
        #expect(matches[2].reason == .personTaken)
    }

    @Test("If two clusters share a photo, the one beyond the tolerance is not the person")
    func oncePerPhoto() {
        let references = [mirrored(1, of: 7, at: 0)] + crowd
        let near = [seen(0, of: photo(1), at: 0.125), seen(0, of: photo(2), at: 0.125)]
        let far = [seen(1, of: photo(2), at: 0.53125), seen(1, of: photo(3), at: 0.53125)]
        let matches = recognised(near + far, references, clusters: [near, far])
        #expect(names(matches) == [7, 7, nil, nil])
        #expect(matches.suffix(2).allSatisfy { $0.reason == .photoMate })
        #expect(names(recognised(far, references, clusters: [far])) == [7, 7])
    }

    @Test("Without people, with one photo, or with no faces, every face has a match")
    func bareEvents() {
        #expect(recognised([], [mirrored(1, of: 7, at: 0)]).isEmpty)
        let nobody = recognised([seen(0, at: 0), seen(1, at: 0)], [])
        #expect(nobody.allSatisfy { $0.reason == .nobodyKnown && $0.band == .no })
        let strangers = recognised([seen(0, at: 5), seen(1, at: 6)], [mirrored(1, of: 7, at: 0)])
        #expect(strangers.allSatisfy { $0.reason == .tooFar && $0.band == .no })
    }

    @Test("With only sure matches wanted, sure ones are filed and likely ones asked about")
    func onlySure() {
        let references = [mirrored(1, of: 7, at: 0)] + crowd
        let faces = [seen(0, of: photo(1), at: 0.5), seen(0, of: photo(2), at: 0.5546875)]
        let matches = recognised(faces, references, onlySure: true)
        #expect(names(matches) == [7, nil])
        #expect(matches[1].reason == .notSure && matches[1].band == .ask)
        #expect(matches[1].nearest?.person == person(7))
    }

    @Test("A decided face leaves its cluster; nothing automatic overrules it")
    func decisions() {
        let references = [mirrored(1, of: 7, at: 0), mirrored(2, of: 8, at: 4)] + crowd
        let faces = [-0.5, 0.25, 0.25].enumerated().map { index, position in
            seen(0, of: photo(UInt8(index + 1)), at: Float(position))
        }
        func outcome(_ decision: FaceDecision) -> [Match] {
            recognised(faces, references, [decision], clusters: [faces])
        }
        let other = outcome(.isPerson(faces[0].id, person(8)))
        #expect(names(other) == [8, 7, 7] && other[0].reason == .decided)
        #expect(other[1].evidence?.faceCount == 2)
        let isNot = outcome(.isNotPerson(faces[0].id, person(7)))
        #expect(names(isNot) == [nil, 7, 7] && isNot[0].nearest?.person == person(8))
        let ignored = outcome(.ignore(faces[0].id))
        #expect(names(ignored) == [nil, 7, 7] && ignored[0].reason == .ignored)
        let unknown = outcome(.isPerson(faces[0].id, person(99)))
        #expect(unknown[0].named == Candidate(person: person(99), reference: .none, distance: 0))
    }

    @Test("A face decided to be another person's competes with the portraits")
    func decidedRival() {
        let references = [mirrored(1, of: 7, at: 0), mirrored(2, of: 8, at: 4)] + crowd
        let faces = [seen(0, of: photo(1), at: 0.5), seen(0, of: photo(2), at: 0.375)]
        #expect(names(recognised(faces, references)) == [7, 7])
        let other = recognised(faces, references, [.isPerson(faces[0].id, person(8))])
        #expect(names(other) == [8, nil] && other[1].reason == .stranger)
        #expect(
            names(recognised(faces, references, [.isPerson(faces[0].id, person(7))])) == [7, 7])
    }

    @Test("A decided person has no other face of the photo, nor of a cluster beyond the tolerance")
    func decidedInPhoto() {
        let references = [mirrored(1, of: 7, at: 0)] + crowd
        let far = seen(0, of: photo(1), at: 4)
        for (position, expected) in [(Float(0.53125), nil), (0.25, Int64(7))] {
            let near = [seen(1, of: photo(1), at: position), seen(0, of: photo(2), at: position)]
            let matches = recognised(
                [far] + near, references, [.isPerson(far.id, person(7))], clusters: [near])
            #expect(names(matches) == [7, nil, expected] && matches[1].reason == .personTaken)
        }
    }

    @Test("Wrong pictures among many portraits of one person are not used")
    func strays() {
        let right = (0..<6).map { mirrored(Int64($0), of: 7, at: 0.125 * Float($0)) }
        let wrong = (0..<6).map { mirrored(Int64(10 + $0), of: 7, at: 4, axis: 20 + $0) }
        #expect((right + wrong).strays.map(\.id) == wrong.map(\.id))
        let stranger = seen(0, at: 4, axis: 20)
        #expect(names(recognised([stranger], right + wrong + crowd)) == [nil])
        #expect(names(recognised([seen(0, at: 0.5)], right + wrong + crowd)) == [7])
        // Two of each do not show which is wrong.
        #expect((right.prefix(2) + wrong.prefix(2)).map(\.self).strays.isEmpty)
        let halves = (0..<5).map { mirrored(Int64(20 + $0), of: 7, at: 4 + 0.125 * Float($0)) }
        #expect((right + halves).strays.isEmpty)
    }

    @Test("Of 500 portraits of one person, half of them wrong, the right half is used")
    func manyStrays() {
        var random = SplitMix64(seed: 1)
        let right = (0..<250).map { number in
            mirrored(Int64(number), of: 7, at: Float.random(in: -0.25...0.25, using: &random))
        }
        // Of many people, a few pictures of each.
        let wrong = (0..<250).map { number in
            mirrored(Int64(1000 + number), of: 7, at: 4, axis: 20 + number / 3)
        }
        let references = (right + wrong).shuffled(using: &random)
        #expect(references.strays.map(\.id) == wrong.map(\.id))
        let faces = [seen(0, of: photo(1), at: 0.5), seen(0, of: photo(2), at: 4, axis: 30)]
        #expect(names(recognised(faces, references + crowd)) == [7, nil])
    }

    @Test("A face takes the name of a like face at the same place of a near-duplicate")
    func sharedName() {
        let references = [mirrored(1, of: 7, at: 0)] + crowd
        let copies = [NearDuplicate(photo(1), photo(2))]
        let named = seen(0, of: photo(1), at: 0.25)
        let blurred = seen(0, of: photo(2), at: 0.75)
        let matches = recognised([named, blurred], references, copies: copies)
        #expect(names(matches) == [7, 7])
        #expect(matches[1].reason == .sameInCopy && matches[1].band == .sure)
        #expect(matches[1].named?.distance == 0.75 && matches[1].evidence?.copy == named.id)
        #expect(names(recognised([named, blurred], references)) == [7, nil])
        // No: elsewhere, unlike, or the person is there already.
        let elsewhere = seen(3, of: photo(2), at: 0.75)
        #expect(names(recognised([named, elsewhere], references, copies: copies)) == [7, nil])
        let unlike = seen(0, of: photo(2), at: 0.9375)
        #expect(names(recognised([named, unlike], references, copies: copies)) == [7, nil])
        // Unless the copy is too blurred to be alike.
        for (blurred, expected) in [(photo(2), Int64(7)), (photo(1), nil)] {
            let pair = [NearDuplicate(photo(1), photo(2), blurred: blurred)]
            #expect(names(recognised([named, unlike], references, copies: pair)) == [7, expected])
        }
        let there = seen(5, of: photo(2), at: 0.125)
        #expect(
            names(recognised([named, blurred, there], references, copies: copies)) == [7, nil, 7])
        let said = recognised(
            [named, blurred], references, [.isNotPerson(blurred.id, person(7))], copies: copies)
        #expect(names(said) == [7, nil])
    }

    @Test("A shared name is not passed on, and a sure copy makes a likely face sure")
    func sharedOnce() {
        let references = [mirrored(1, of: 7, at: 0)] + crowd
        let faces = [
            seen(0, of: photo(1), at: 0.25), seen(0, of: photo(2), at: 0.75),
            seen(0, of: photo(3), at: 1.25),
        ]
        let chain = [NearDuplicate(photo(1), photo(2)), NearDuplicate(photo(3), photo(2))]
        #expect(names(recognised(faces, references, copies: chain)) == [7, 7, nil])
        let likely = [seen(0, of: photo(1), at: 0.25), seen(0, of: photo(2), at: 0.5546875)]
        let pair = [NearDuplicate(photo(2), photo(1))]
        #expect(recognised(likely, references).map(\.band) == [.sure, .likely])
        let both = recognised(likely, references, copies: pair, onlySure: true)
        #expect(names(both) == [7, 7] && both[1].band == .sure)
    }

    @Test("A photo has the people of its near-duplicate whose faces were missed in it")
    func copiedNames() {
        let references = [mirrored(1, of: 7, at: 0), mirrored(2, of: 8, at: 4)] + crowd
        let faces = [
            seen(0, of: photo(1), at: 0.25), seen(3, of: photo(1), at: 4),
            seen(3, of: photo(2), at: 9),
        ]
        let copies = [
            NearDuplicate(photo(1), photo(2)), NearDuplicate(photo(3), photo(1)),
        ]
        let matches = recognised(faces, references, copies: copies)
        let copied = FaceCore.copiedNames(
            matches: matches, faces: faces, nearDuplicates: NearDuplicates(copies))
        // In photo 2 somebody else's face was found where person 8 is.
        #expect(
            copied == [
                CopiedName(photo: photo(2), person: person(7), source: faces[0].id, band: .sure),
                CopiedName(photo: photo(3), person: person(7), source: faces[0].id, band: .sure),
                CopiedName(photo: photo(3), person: person(8), source: faces[1].id, band: .sure),
            ])
    }
}

/// A face whose mirrored encoding stands at `position`; its plain one lies far off, so that
/// comparing it by mistake shows.
func seen(_ number: Int, of photo: ContentHash = photo(1), at position: Float, axis: Int = 0)
    -> Face
{
    Face(
        id: FaceID(photo: photo, number: number),
        box: FaceBox(left: Double(number) / 10, top: 0, width: 0.05, height: 0.05), confidence: 1,
        encodings: FaceEncodings(
            plain: encoding(50, axis: 126), mirrorMean: encoding(position, axis: axis)))
}

func mirrored(_ id: Int64, of number: Int64, at position: Float, axis: Int = 0) -> Reference {
    Reference(
        id: ReferenceID(rawValue: id), person: person(number),
        encodings: FaceEncodings(
            plain: encoding(-50, axis: 125), mirrorMean: encoding(position, axis: axis)))
}
