import FaceCore
import TestSupport
import Testing

/// Events as albums have them now and then, and what their hosts want of each.
@Suite struct HardEventTests {
    @Test("Everybody known: nearly all are named, hardly anybody wrongly", arguments: 1...5)
    func everybodyKnown(seed: Int) {
        var party = SeededParty(seed: seed, people: 12)
        for person in party.people { party.addPortraits(of: person) }
        party.addPhotos(60, of: party.people)
        let tally = party.tally(party.matches())
        #expect(tally.precision >= 0.98 && tally.recall >= 0.8, "\(tally)")
        #expect(tally.wrongAndSure == 0)
    }

    @Test("Nobody known: no name and no question, but everybody is in a cluster of their own")
    func nobodyKnown() {
        var party = SeededParty(seed: 1, people: 8)
        party.addPhotos(60, of: party.people)
        let matches = party.matches()
        #expect(matches.allSatisfy { $0.reason == .nobodyKnown && $0.band == .no })
        #expect(matches.allSatisfy { $0.named == nil && $0.nearest == nil })
        #expect(questions(about: matches, clusters: []).isEmpty)
        let found = clusters(
            ofUnnamed: party.faces.map { UnnamedFace(face: $0, isClear: true) })
        for cluster in found {
            #expect(Set(cluster.faces.map { party.truth[$0] }).count == 1)
        }
        let inClusters = found.reduce(0) { $0 + $1.faces.count }
        #expect(inClusters * 10 >= party.faces.count * 9, "\(inClusters) of \(party.faces.count)")
    }

    @Test("One photo: its known people are named, the stranger is not", arguments: 1...20)
    func onePhoto(seed: Int) {
        var party = SeededParty(seed: seed, people: 3)
        party.addPortraits(of: 0)
        party.addPortraits(of: 1)
        party.addPhoto(of: [2, 1, 0])
        let matches = party.matches()
        for match in matches {
            guard let named = match.named else { continue }
            #expect(named.person == party.truth[match.face].map(SeededParty.id))
        }
        #expect(!matches.allSatisfy { $0.named == nil })
        var empty = SeededParty(seed: seed, people: 1)
        empty.addPortraits(of: 0)
        #expect(empty.matches().isEmpty)
    }

    @Test("One person alone in every photo has the name in nearly all", arguments: 1...5)
    func alwaysAlone(seed: Int) {
        var party = SeededParty(seed: seed, people: 2)
        party.addPortraits(of: 0)
        for _ in 0..<40 { party.addPhoto(of: [0]) }
        let tally = party.tally(party.matches())
        #expect(tally.recall >= 0.9 && tally.wrong == 0, "\(tally)")
        // A stranger who is always alone as well: nothing tells but the distance.
        for _ in 0..<40 { party.addPhoto(of: [1]) }
        let both = party.tally(party.matches())
        #expect(both.recall >= 0.9 && both.wrong == 0, "\(both)")
    }

    @Test("Of twins one is known: where both are, the other has no name", arguments: 1...10)
    func twins(seed: Int) {
        var party = SeededParty(seed: seed, people: 10)
        party.makeTwin(1, of: 0, distance: 0.3)
        party.addPortraits(of: 0)
        party.addPortraits(of: 2)
        for _ in 0..<10 {
            party.addPhoto(of: [0, 1])
            party.addPhoto(of: [0, 3, 4])
            party.addPhoto(of: [1, 5])
        }
        let matches = party.matches()
        let known = SeededParty.id(0)
        for (_, own) in Dictionary(grouping: matches, by: \.face.photo) {
            #expect(own.count { $0.named?.person == known } <= 1)
        }
        // The host hands out what is sure, so none of the twin's is: those in doubt wait.
        let ofTwin = matches.filter { party.truth[$0.face] == 1 }
        #expect(!ofTwin.contains { $0.band == .sure }, "\(ofTwin.filter { $0.band == .sure })")
        let asked = matches.count { $0.band == .ask && $0.nearest?.person == known }
        #expect(asked > 0)
        #expect(!matches.contains { $0.named?.person == SeededParty.id(2) })
    }

    @Test("A mirror in every picture: the person has the name once in each", arguments: 1...5)
    func mirror(seed: Int) {
        var party = SeededParty(seed: seed, people: 8)
        party.addPortraits(of: 0)
        for number in 0..<30 { party.addPhoto(of: [0, 2 + number % 6], withMirror: true) }
        let matches = party.matches()
        let photos = Dictionary(grouping: matches, by: \.face.photo)
        let named = photos.values.count { own in own.contains { $0.named != nil } }
        #expect(named >= 24, "\(named) of 30")
        for own in photos.values { #expect(own.count { $0.named != nil } <= 1) }
        #expect(party.tally(matches).wrong == 0)
    }

    @Test("A photo wall in every picture takes no names, and has none", arguments: 1...5)
    func photoWall(seed: Int) {
        func event(withWall: Bool) -> SeededParty {
            var party = SeededParty(seed: seed, people: 12)
            for person in 0..<4 { party.addPortraits(of: person) }
            let wall = withWall ? [6, 7, 8] : []
            for number in 0..<40 { party.addPhoto(of: [number % 4, 4 + number % 2] + wall) }
            return party
        }
        let (bare, walled) = (event(withWall: false), event(withWall: true))
        let (without, with) = (bare.tally(bare.matches()), walled.tally(walled.matches()))
        #expect(with.wrong == 0)
        #expect(with.recall >= without.recall - 0.1, "\(with.recall), \(without.recall)")
        for match in walled.matches() where (6...8).contains(walled.truth[match.face] ?? 0) {
            #expect(match.named == nil)
        }
    }

    @Test(
        "Somebody's picture on the wall beside themselves: they keep their names", arguments: 1...5)
    func ownPictureOnTheWall(seed: Int) {
        var party = SeededParty(seed: seed, people: 10)
        for person in 0..<3 { party.addPortraits(of: person) }
        // Person 0 hangs on the wall behind everybody.
        for number in 0..<40 { party.addPhoto(of: [0, number % 3, 3 + number % 7]) }
        let tally = party.tally(party.matches())
        #expect(tally.wrong == 0)
        for person in 1...2 {
            let own = party.matches().filter { party.truth[$0.face] == person }
            let named = own.count { $0.named?.person == SeededParty.id(person) }
            #expect(named * 10 >= own.count * 8, "\(named) of \(own.count)")
        }
    }

    @Test(
        "Of 500 portraits half are another's: neither name is sure, and others are not hurt", .slow)
    func mixedPortraits() {
        var party = SeededParty(seed: 3, people: 8)
        party.addPortraits(250, of: 0)
        party.addPortraits(250, of: 0, pictured: 1)
        party.addPortraits(of: 2)
        party.addPortraits(of: 3)
        party.addPhotos(60, of: party.people)
        let matches = party.matches()
        for match in matches where match.named?.person == SeededParty.id(0) {
            #expect([0, 1].contains(party.truth[match.face]), "somebody else has the name")
            #expect(match.band != .sure, "\(match)")
        }
        for person in 2...3 {
            let own = matches.filter { party.truth[$0.face] == person }
            let named = own.count { $0.named?.person == SeededParty.id(person) }
            #expect(named * 10 >= own.count * 7, "\(named) of \(own.count)")
        }
        // With a few of another's among many the portraits are their owner's.
        var few = SeededParty(seed: 3, people: 8)
        few.addPortraits(250, of: 0)
        few.addPortraits(50, of: 0, pictured: 1)
        few.addPhotos(60, of: few.people)
        let tally = few.tally(few.matches())
        #expect(tally.recall >= 0.9 && tally.wrong == 0, "\(tally)")
    }

    @Test("Two people with the same portrait: neither has a name, and they are asked about")
    func sharedPortrait() {
        var party = SeededParty(seed: 5, people: 8)
        let shared = party.picture(of: 0)
        party.addPortrait(shared, of: 0)
        party.addPortrait(shared, of: 1)
        party.addPortraits(of: 2)
        party.addPhotos(50, of: party.people)
        let matches = party.matches()
        let both = [SeededParty.id(0), SeededParty.id(1)]
        #expect(!matches.contains { $0.named.map { both.contains($0.person) } ?? false })
        let own = matches.filter { party.truth[$0.face] == 0 }
        #expect(own.count { $0.band == .ask } * 10 >= own.count * 8)
        for match in own where match.band == .ask {
            // The host chooses between the two.
            let offered = [match.nearest?.person, match.runnerUp?.person].compactMap { $0 }
            #expect(Set(offered) == Set(both))
        }
        let other = matches.filter { party.truth[$0.face] == 2 }
        #expect(other.count { $0.named?.person == SeededParty.id(2) } * 10 >= other.count * 8)
    }
}
