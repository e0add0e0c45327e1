import TestSupport
import Testing

@testable import FaceCore

@Suite struct ClusteringTests {
    private func positions(_ positions: [Float], photos: [UInt8]? = nil) -> [Face] {
        positions.enumerated().map { index, position in
            seen(index, of: photo(photos?[index] ?? UInt8(index + 1)), at: position)
        }
    }

    private func sizes(_ faces: [Face], upTo linkage: Float) -> [Int] {
        clusters(of: faces, upTo: linkage).map(\.faces.count)
    }

    @Test("Faces are joined as long as they are near enough on average")
    func average() {
        // 0, 0.25 | 0.5: the mean square of 0.5 and 0.25 is 0.395 squared.
        #expect(sizes(positions([0, 0.25, 0.5]), upTo: 0.39) == [2])
        #expect(sizes(positions([0, 0.25, 0.5]), upTo: 0.4) == [3])
        #expect(sizes(positions([0, 4, 9]), upTo: 1) == [])
        #expect(clusters(of: [], upTo: 1).isEmpty)
        #expect(sizes(positions([0, 0]), upTo: 0) == [2])
        #expect(sizes(positions([0, 0]), upTo: -1) == [])
    }

    @Test("Two faces of one photo never share a cluster, however alike they are")
    func oneFacePerPhoto() {
        #expect(sizes(positions([0, 0], photos: [1, 1]), upTo: 1) == [])
        let three = positions([0, 0.0625, 0.25], photos: [1, 2, 1])
        #expect(clusters(of: three, upTo: 1).map(\.faces) == [[three[0].id, three[1].id]])
    }

    @Test("A chain of faces, each near the next, is not one cluster")
    func chain() {
        let chain = positions((0..<40).map { Float($0) * 0.25 })
        for cluster in clusters(of: chain, upTo: 0.36) { #expect(cluster.faces.count <= 3) }
    }

    @Test("The order of the faces does not change the clusters", arguments: 1...20)
    func order(seed: Int) {
        let faces = SyntheticEvent(seed: seed).faces
        let expected = clusters(of: faces, upTo: 0.45)
        #expect(!expected.isEmpty)
        var random = SplitMix64(seed: UInt64(seed))
        for _ in 0..<3 {
            #expect(clusters(of: faces.shuffled(using: &random), upTo: 0.45) == expected)
        }
    }

    @Test("The clusters are those of joining the nearest two again and again", arguments: 1...12)
    func oracle(seed: Int) {
        let faces = SyntheticEvent(seed: seed, photos: 8 + seed).faces
        for linkage in [Float(0.3), 0.36, 0.48, 0.7] {
            #expect(
                clusters(of: faces, upTo: linkage).map(\.faces)
                    == plainClusters(of: faces, upTo: Double(linkage)))
        }
    }

    private func plainClusters(of faces: [Face], upTo linkage: Double) -> [[FaceID]] {
        let faces = faces.sorted { $0.id < $1.id }
        let squares = faces.map { one in
            faces.map { other in
                one.id.photo == other.id.photo
                    ? Double.infinity : squaredDistance(one.encodings, other.encodings)
            }
        }
        var groups = faces.indices.map { [$0] }
        func link(_ one: [Int], _ other: [Int]) -> Double {
            let sum = one.reduce(0.0) { sum, face in
                other.reduce(sum) { $0 + squares[face][$1] }
            }
            return (sum / Double(one.count * other.count)).squareRoot()
        }
        while true {
            var best: (link: Double, one: Int, other: Int)?
            for one in groups.indices {
                for other in groups.indices where other > one {
                    let link = link(groups[one], groups[other])
                    if link < best?.link ?? .infinity { best = (link, one, other) }
                }
            }
            guard let best, best.link <= linkage else { break }
            groups[best.one] += groups[best.other]
            groups.remove(at: best.other)
        }
        return groups.filter { $0.count > 1 }.map { $0.map { faces[$0].id }.sorted() }
    }
}

@Suite struct NearPairTests {
    private func table(
        _ count: Int, dimension: Int, directions: Int, _ random: inout SplitMix64
    ) -> VectorTable {
        VectorTable(
            dimension: dimension,
            (0..<count).map { _ in
                (0..<dimension).map { index in
                    index < directions ? Float.random(in: -0.2...0.2, using: &random) : 0.01
                }
            })
    }

    private func plainPairs(
        _ one: VectorTable, _ other: VectorTable, within radii: [Float], isSame: Bool
    ) -> [NearPair] {
        one.withView { mine in
            other.withView { theirs in
                (0..<one.count).flatMap { first in
                    ((isSame ? first + 1 : 0)..<other.count).compactMap { second -> NearPair? in
                        let distance = mine.distance(first, to: second, of: theirs)
                        guard distance <= radii[first] else { return nil }
                        return NearPair(
                            first: Int32(first), second: Int32(second), distance: distance)
                    }
                }
            }
        }
    }

    @Test(
        "The quick search finds exactly the pairs that comparing all finds", .slow,
        arguments: [40, 70, 128], [Float(0.3), 0.6])
    func sameTable(directions: Int, radius: Float) {
        var random = SplitMix64(seed: UInt64(directions))
        let table = table(1500, dimension: 128, directions: directions, &random)
        #expect(table.count * table.count > VectorTable.fewestPairsToProject)
        let radii = [Float](repeating: radius, count: table.count)
        let expected = plainPairs(table, table, within: radii, isSame: true)
        #expect(table.nearPairs(within: radius) == expected)
        if directions == 40, radius > 0.5 { #expect(!expected.isEmpty) }
    }

    @Test("Each vector is searched within its own radius", arguments: 1...4)
    func twoTables(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let asked = table(701, dimension: 128, directions: 30, &random)
        let searched = table(1503, dimension: 128, directions: 30, &random)
        let radii = (0..<asked.count).map { _ in Float.random(in: -0.1...0.7, using: &random) }
        let expected = plainPairs(asked, searched, within: radii, isSame: false)
        #expect(!expected.isEmpty)
        #expect(asked.nearPairs(to: searched, within: radii) == expected)
    }

    @Test("Equal vectors, few vectors and none are searched too")
    func odd() {
        let same = VectorTable(
            dimension: 128, Array(repeating: [Float](repeating: 0.5, count: 128), count: 1100))
        #expect(same.nearPairs(within: 0).count == 1100 * 1099 / 2)
        let none = VectorTable(dimension: 128, [])
        #expect(none.nearPairs(within: 1).isEmpty)
        #expect(same.nearPairs(to: none, within: Array(repeating: 1, count: 1100)).isEmpty)
    }
}
