import FaceCore
import TestSupport
import Testing

/// One more photo changes nobody unrelated, in events of 200 photos with several groups of people.
@Suite(.slow) struct OneMorePhotoTests {
    private static let groupCount = 5
    private static let peopleCount = 60

    private static func group(_ number: Int) -> [Int] {
        (0..<peopleCount).filter { $0 % groupCount == number }
    }

    /// A third of each group is known.
    private static func event(seed: Int, apart: Float) -> SeededParty {
        var party = SeededParty(
            seed: seed, people: peopleCount, groups: groupCount, apart: apart)
        for number in 0..<groupCount {
            for person in group(number).prefix(4) { party.addPortraits(of: person) }
        }
        for photo in 0..<200 { party.addPhotos(1, of: group(photo % groupCount)) }
        return party
    }

    @Test("Groups far from each other: no face of another group changes at all", arguments: 1...8)
    func otherGroups(seed: Int) {
        let before = Self.event(seed: seed, apart: 0.7)
        let matches = Dictionary(
            uniqueKeysWithValues: before.matches().map { ($0.face, $0) })
        for number in 0..<Self.groupCount {
            var after = before
            after.addPhoto(of: Self.group(number).shuffledPrefix(3, seed: seed))
            for match in after.matches() {
                guard let person = after.truth[match.face], person % Self.groupCount != number
                else { continue }
                #expect(match == matches[match.face])
            }
        }
    }

    @Test("Within a group nobody changes who is in no photo with the new faces, nor within reach")
    func sameGroup() {
        var (unrelatedCount, changedCount) = (0, 0)
        for seed in 1...12 {
            let before = Self.event(seed: seed, apart: 0)
            let matches = Dictionary(
                uniqueKeysWithValues: before.matches().map { ($0.face, $0) })
            var after = before
            let new = Self.group(0).shuffledPrefix(3, seed: seed)
            after.addPhoto(of: new)
            let unrelated = after.unrelated(to: after.faces.suffix(new.count))
            unrelatedCount += unrelated.count
            for match in after.matches() {
                guard let old = matches[match.face] else { continue }
                let isSame = match.named == old.named && match.band == old.band
                if unrelated.contains(match.face) { #expect(isSame, "\(old), \(match)") }
                if !isSame { changedCount += 1 }
            }
        }
        // The photos do say something about those whom they are about.
        #expect(unrelatedCount > 12 * 50 && changedCount > 0, "\(unrelatedCount), \(changedCount)")
    }
}

extension SeededParty {
    /// How far a face may be from a person, or from another face, to have a say.
    private static let reach = MatchSettings().tolerance + MatchSettings.askReach

    /// The faces of people of whom no face is in a photo with, or within reach of, the new ones, and
    /// who are within reach of no known person within reach of the new ones.
    fileprivate func unrelated(to new: some Collection<Face>) -> Set<FaceID> {
        func isNear(_ one: FaceEncodings, _ other: FaceEncodings) -> Bool {
            one.mirrorMean.distance(to: other.mirrorMean) <= Self.reach
        }
        let concerned = references.filter { reference in
            new.contains { isNear(reference.encodings, $0.encodings) }
        }
        var related = Set(new.compactMap { truth[$0.id] })
        let photos = Set(faces.filter { related.contains(truth[$0.id] ?? -1) }.map(\.id.photo))
        for face in faces {
            guard let person = truth[face.id] else { continue }
            if photos.contains(face.id.photo)
                || new.contains(where: { isNear($0.encodings, face.encodings) })
                || concerned.contains(where: { isNear($0.encodings, face.encodings) })
            {
                related.insert(person)
            }
        }
        return Set(faces.map(\.id).filter { truth[$0].map { !related.contains($0) } ?? false })
    }
}

extension [Int] {
    fileprivate func shuffledPrefix(_ count: Int, seed: Int) -> [Int] {
        var random = SplitMix64(seed: UInt64(900 + seed))
        return Array(shuffled(using: &random).prefix(count))
    }
}
