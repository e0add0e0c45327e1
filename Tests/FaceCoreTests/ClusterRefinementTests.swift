import TestSupport
import Testing

@testable import FaceCore

@Suite struct SettlingTests {
    /// As in an event of 100,000 faces.
    private let limits = ClusterParameters.standard.limits(faceCount: 100_000)

    /// Pictures of one person: `position` along the first axis, otherwise about .28 from the middle
    /// in fifty directions.
    private func pictures(
        _ count: Int, at position: Float, _ random: inout SplitMix64
    ) -> [[Float]] {
        (0..<count).map { _ in
            var vector = [Float](repeating: 0, count: FaceEncoding.dimension)
            vector[0] = position
            for axis in 10..<60 { vector[axis] = Float.random(in: -0.07...0.07, using: &random) }
            return vector
        }
    }

    private func settled(
        _ groups: [[Int]], _ vectors: [[Float]], photos: [Int32]? = nil
    ) -> [[Int]] {
        var settling = ClusterRefinement(
            groups, of: VectorTable(dimension: FaceEncoding.dimension, vectors),
            apart: photos ?? vectors.indices.map(Int32.init),
            weights: vectors.map { _ in 1 }, limits: limits, parameters: .standard)
        return settling.settled()
    }

    @Test("A wrong face goes where it belongs, and two parts of a person join")
    func wrongFace() {
        var random = SplitMix64(seed: 1)
        // 15 and 15 faces of one person, one wrong among the first, and 5 of somebody else.
        let vectors =
            pictures(15, at: 0, &random) + pictures(1, at: 0.65, &random)
            + pictures(15, at: 0, &random) + pictures(5, at: 0.7, &random)
        var photos = vectors.indices.map(Int32.init)
        photos[15] = photos[16]
        let groups = settled(
            [Array(0..<16), Array(16..<31), Array(31..<36)], vectors, photos: photos)
        #expect(groups == [Array(0..<15) + Array(16..<31), [15] + Array(31..<36)])
    }

    @Test("Siblings stay two people, however near their pictures are", arguments: 1...10)
    func siblings(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let vectors = pictures(40, at: 0, &random) + pictures(40, at: 0.33, &random)
        let groups = settled([Array(0..<40), Array(40..<80)], vectors)
        #expect(groups.count { $0.count > 30 } == 2)
    }

    @Test("Clusters that share many photos stay two people")
    func twins() {
        var random = SplitMix64(seed: 3)
        let vectors = pictures(40, at: 0, &random) + pictures(40, at: 0.02, &random)
        let photos = vectors.indices.map { Int32($0 % 70) }
        let groups = settled([Array(0..<40), Array(40..<80)], vectors, photos: photos)
        // Ten photos show both.
        #expect(groups.count { $0.count >= 10 } == 2)
        for group in groups { #expect(Set(group.map { photos[$0] }).count == group.count) }
    }

    @Test("A face takes the place of a farther one of its photo")
    func onePlace() {
        var random = SplitMix64(seed: 4)
        var vectors = pictures(10, at: 0, &random)
        vectors.append(vectors[0])
        vectors[0][1] = 0.3
        var photos = vectors.indices.map(Int32.init)
        photos[10] = photos[0]
        let groups = settled([Array(0..<10), [10]], vectors, photos: photos)
        #expect(groups == [[0], Array(1..<11)])
    }
}
