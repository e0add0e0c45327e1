import FaceCore
import TestSupport

extension MadeEvent {
    /// A seeded event of parties of 1,000 faces each: 66 people, three in ten times a family of
    /// three look-alikes (.45 apart), in photos of one to eight. Of the first parties twenty people
    /// each are known.
    static func ofFamilies(faceCount: Int, knownCount: Int, seed: Int) -> MadeEvent {
        var random = SplitMix64(ofMadeEvent: 555 + seed)
        var event = MadeEvent(number: 77_000_001 + seed * 1_000_000)
        for party in 0..<faceCount / 1000 {
            let centres = familiesOfParty(&random)
            let known = 20 * party < knownCount ? 20 : 0
            func number(_ person: Int) -> Int { party * 1000 + person + 1 }
            for person in 0..<known {
                event.addPortrait(
                    number(person), of: number(person),
                    event.picture(near: centres[person], &random))
            }
            let before = event.faces.count
            while event.faces.count < before + 1000 {
                let size = [1, 1, 1, 2, 2, 3, 4, 5, 6, 8][Int.random(in: 0..<10, using: &random)]
                var there: [Int] = []
                while there.count < size {
                    let person = Int.random(in: 0..<peopleOfParty, using: &random)
                    if !there.contains(person) { there.append(person) }
                }
                event.addPhoto(
                    of: there.map { (number($0), event.picture(near: centres[$0], &random)) })
            }
        }
        return event
    }

    private static let peopleOfParty = 66

    private static func familiesOfParty(_ random: inout SplitMix64) -> [[Float]] {
        let people = NormalVectors(decay: 26)
        var centres: [[Float]] = []
        while centres.count < peopleOfParty {
            let middle = people.vector(0.45, &random)
            let size = Int.random(in: 0..<10, using: &random) < 3 ? 3 : 1
            for _ in 0..<size { centres.append(sum(middle, people.vector(0.32, &random))) }
        }
        centres.removeLast(centres.count - peopleOfParty)
        return centres.shuffled(using: &random)
    }
}
