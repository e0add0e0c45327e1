import FaceCore
import Foundation
import TestSupport

/// A seeded event full of strangers who look alike: twelve communities of 35 people, in four of
/// which people are hard to tell apart.
struct CrowdRecipe {
    /// What the distances of .55 in a dense community, .70 in another, and .78 between two
    /// communities, each +- .08, are between.
    enum Reading: String, CaseIterable {
        /// Two people, as their mean pictures are: what judges a rule.
        case people
        /// Two pictures, in which people are nearer to each other.
        case pictures
    }

    var reading = Reading.people
    var portraitCount = 1

    private static let communityCount = 12
    private static let denseCount = 4
    private static let peopleCount = 35
    private static let photoCount = 300

    /// - Parameter seed: 1 and above.
    func event(seed: Int) -> MadeEvent {
        var random = SplitMix64(ofMadeEvent: 7000 + seed)
        var event = MadeEvent(number: 1_000_000 * (seed + 1))
        var centres = centres(&random)
        // Two people of each community are known.
        let known = (0..<Self.communityCount).flatMap { community in
            Array(0..<Self.peopleCount).shuffled(using: &random).prefix(2).map { (community, $0) }
        }
        for (community, person) in [known[0], known[2 * Self.communityCount - 1]] {
            let twin = Self.twin(of: person, in: community, known, &centres, &random)
            event.twins.insert(Self.number(community, twin))
        }
        for (index, (community, person)) in known.enumerated() {
            for portrait in 0..<portraitCount {
                event.addPortrait(
                    10 * index + portrait + 1, of: Self.number(community, person),
                    event.picture(near: centres[community][person], &random))
            }
        }
        let orders = (0..<Self.communityCount).map { _ in
            Array(0..<Self.peopleCount).shuffled(using: &random)
        }
        for _ in 0..<Self.photoCount {
            let community = Int.random(in: 0..<Self.communityCount, using: &random)
            var there = Self.people(orders[community], &random)
            // One photo in fifty shows somebody twice.
            if Double.random(in: 0..<1, using: &random) < 0.02 { there.append(there[0]) }
            event.addPhoto(
                of: there.map {
                    (
                        Self.number(community, $0),
                        event.picture(near: centres[community][$0], &random)
                    )
                })
        }
        return event
    }

    private static func number(_ community: Int, _ person: Int) -> Int {
        community * 1000 + person + 1
    }

    private func centres(_ random: inout SplitMix64) -> [[[Float]]] {
        let ofPictures: Float = reading == .people ? 0 : 0.38 * 0.38
        let between = 0.78 * 0.78 - ofPictures
        return (0..<Self.communityCount).map { community in
            let isDense = community < Self.denseCount
            let own = (isDense ? 0.55 * 0.55 : 0.70 * 0.70) - ofPictures
            let people = NormalVectors(decay: isDense ? 12 : 26)
            let middle = NormalVectors(decay: 90)
                .vector(max(0, (between - own) / 2).squareRoot(), &random)
            return (0..<Self.peopleCount).map { _ in
                sum(middle, people.vector((own / 2).squareRoot(), &random))
            }
        }
    }

    /// Makes somebody unknown the twin of somebody known, .30 +- .06 apart.
    private static func twin(
        of person: Int, in community: Int, _ known: [(Int, Int)], _ centres: inout [[[Float]]],
        _ random: inout SplitMix64
    ) -> Int {
        var twin = Int.random(in: 0..<peopleCount, using: &random)
        while known.contains(where: { $0 == (community, twin) }) {
            twin = Int.random(in: 0..<peopleCount, using: &random)
        }
        let distance = 0.30 + 0.06 * random.normal()
        let line = NormalVectors(decay: 14).vector(1, &random)
        let length = line.reduce(0) { $0 + $1 * $1 }.squareRoot()
        centres[community][twin] = sum(
            centres[community][person], line.map { $0 / length * distance })
        return twin
    }

    /// Three photos in ten show one person, two show two, the others 3 to 20, eight on average;
    /// who is there follows Zipf's law.
    private static func people(_ order: [Int], _ random: inout SplitMix64) -> [Int] {
        let kind = Double.random(in: 0..<1, using: &random)
        var count = 1
        if kind >= 0.5 {
            repeat {
                count = 3 + Int(-log(1 - Double.random(in: 0..<1, using: &random)) * 5.3)
            } while count > 20
        } else if kind >= 0.3 {
            count = 2
        }
        var sums: [Double] = []
        for rank in 1...order.count { sums.append((sums.last ?? 0) + 1 / Double(rank)) }
        var there: [Int] = []
        while there.count < min(count, order.count) {
            let drawn = Double.random(in: 0..<(sums.last ?? 1), using: &random)
            let own = order[sums.firstIndex { $0 > drawn } ?? 0]
            if !there.contains(own) { there.append(own) }
        }
        return there
    }
}
