import TestSupport
import Testing

@testable import FaceCore

@Suite struct UnnamedClusterTests {
    /// A face at a known place, of its own photo or of the given one.
    private func face(
        _ number: UInt8, at position: Float, axis: Int = 0, of other: UInt8? = nil,
        isClear: Bool = true
    ) -> UnnamedFace {
        UnnamedFace(
            face: seen(Int(number), of: photo(other ?? number), at: position, axis: axis),
            isClear: isClear)
    }

    private func sizes(_ faces: [UnnamedFace], _ copies: [NearDuplicate] = []) -> [Int] {
        clusters(ofUnnamed: faces, nearDuplicates: NearDuplicates(copies)).map(\.faces.count)
    }

    @Test("The order of the faces and of the near-duplicates does not matter", arguments: 1...10)
    func order(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let faces = SyntheticEvent(seed: seed, photos: 60).faces.map {
            UnnamedFace(face: $0, isClear: Int.random(in: 0..<5, using: &random) > 0)
        }
        let copies = (0..<40).map { _ in
            NearDuplicate(
                photo(.random(in: 0..<60, using: &random)),
                photo(.random(in: 0..<60, using: &random)))
        }.filter { $0.first != $0.second }
        let expected = clusters(ofUnnamed: faces, nearDuplicates: NearDuplicates(copies))
        #expect(!expected.isEmpty)
        for _ in 0..<3 {
            #expect(
                clusters(
                    ofUnnamed: faces.shuffled(using: &random),
                    nearDuplicates: NearDuplicates(copies.shuffled(using: &random))) == expected)
        }
    }

    @Test("No cluster has two faces of one photo, and no face is in two", arguments: 1...20)
    func cannotLink(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let faces = SyntheticEvent(seed: seed, photos: 50).faces.map {
            UnnamedFace(face: $0, isClear: Bool.random(using: &random))
        }
        let copies = (0..<60).map { _ in
            NearDuplicate(
                photo(.random(in: 0..<50, using: &random)),
                photo(.random(in: 0..<50, using: &random)), blurred: photo(1))
        }.filter { $0.first != $0.second }
        let found = clusters(ofUnnamed: faces, nearDuplicates: NearDuplicates(copies))
        for cluster in found {
            #expect(Set(cluster.faces.map(\.photo)).count == cluster.faces.count)
            #expect(cluster.faces == cluster.faces.sorted() && cluster.faces.count > 1)
        }
        let all = found.flatMap(\.faces)
        #expect(Set(all).count == all.count)
    }

    @Test(
        "A face half way between two people does not join them, clear or not",
        arguments: [
            true, false,
        ])
    func bridge(isClear: Bool) {
        let one = (1...5).map { face($0, at: 0) }
        let other = (6...10).map { face($0, at: 0.76) }
        let between = face(11, at: 0.38, isClear: isClear)
        #expect(sizes(one + other + [between]).sorted() == [5, 6])
        // A whole chain of them is no bridge either.
        let chain = (12...17).map { face($0, at: Float($0 - 11) * 0.1, isClear: isClear) }
        let ofOne = Set(one.map(\.face.id))
        let ofOther = Set(other.map(\.face.id))
        for cluster in clusters(ofUnnamed: one + other + chain) {
            #expect(
                ofOne.isDisjoint(with: cluster.faces) || ofOther.isDisjoint(with: cluster.faces))
        }
    }

    @Test(
        "An unclear face goes to the nearest cluster without its photo, and moves none"
    )
    func unclear() {
        let clear = [face(1, at: 0), face(2, at: 0.1), face(3, at: 2), face(4, at: 2.1)]
        let poor = face(5, at: 0.3, isClear: false)
        let found = clusters(ofUnnamed: clear + [poor])
        #expect(found.map(\.faces.count) == [3, 2])
        #expect(found[0].faces.contains(poor.face.id))
        // If the poor one counted, the next would be within reach of the cluster.
        let next = face(6, at: 0.66, isClear: false)
        #expect(sizes(clear + [poor, next]).sorted() == [2, 3])
        let taken = face(7, at: 0.05, of: 1, isClear: false)
        #expect(sizes(clear + [taken]).sorted() == [2, 2])
    }

    @Test("Unclear faces like no clear one are clustered among themselves, more strictly")
    func unclearAlone() {
        let near = [face(1, at: 0, isClear: false), face(2, at: 0.3, isClear: false)]
        #expect(sizes(near) == [2])
        let far = [face(1, at: 0, isClear: false), face(2, at: 0.45, isClear: false)]
        #expect(sizes(far) == [])
        #expect(sizes([face(1, at: 0), face(2, at: 0.45)]) == [2])
    }

    @Test("A face alone joins the one at its place in a near-duplicate; none is passed on")
    func copies() {
        func at(_ photoNumber: UInt8, _ position: Float, place: Int = 0) -> UnnamedFace {
            UnnamedFace(
                face: seen(place, of: photo(photoNumber), at: position), isClear: true)
        }
        let person = [at(1, 0), at(2, 0.1), at(3, 0.2)]
        let blurred = at(4, 0.8)
        let copy = NearDuplicate(photo(3), photo(4))
        #expect(sizes(person + [blurred]) == [3])
        #expect(sizes(person + [blurred], [copy]) == [4])
        // Somebody else is there, unless the picture is too blurred to tell.
        let other = at(4, 0.9)
        #expect(sizes(person + [other], [copy]) == [3])
        let tooBlurred = NearDuplicate(photo(3), photo(4), blurred: photo(4))
        #expect(sizes(person + [other], [tooBlurred]) == [4])
        // At another place, or with a face of that photo already in the cluster.
        #expect(sizes(person + [at(4, 0.8, place: 3)], [copy]) == [3])
        let shared = [at(1, 0), at(2, 0.1), at(3, 0.2), at(4, 0.05, place: 3), blurred]
        #expect(sizes(shared, [copy]) == [4])
    }

    @Test("New faces join the existing clusters, which stay as they are", arguments: 1...10)
    func added(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let faces = SyntheticEvent(seed: seed, photos: 80).faces.map {
            UnnamedFace(face: $0, isClear: Int.random(in: 0..<8, using: &random) > 0)
        }
        let late = Set(faces.map(\.face.id.photo).shuffled(using: &random).prefix(6))
        let old = faces.filter { !late.contains($0.face.id.photo) }
        let new = Set(faces.map(\.face.id)).subtracting(old.map(\.face.id))
        let before = clusters(ofUnnamed: old)
        let after = clusters(ofUnnamed: faces, keeping: before, new: new)
        for cluster in before {
            let holders = after.filter { !Set($0.faces).isDisjoint(with: cluster.faces) }
            #expect(holders.count == 1)
            #expect(holders[0].faces.filter { !new.contains($0) } == cluster.faces)
        }
        for cluster in after {
            #expect(Set(cluster.faces.map(\.photo)).count == cluster.faces.count)
        }
        // Most go where clustering all again puts them.
        let anew = clusters(ofUnnamed: faces)
        #expect(
            after.flatMap(\.faces).filter(new.contains).count * 2
                >= anew.flatMap(\.faces).filter(new.contains).count)
        #expect(clusters(ofUnnamed: old, keeping: before, new: []) == before)
    }

    @Test("The more faces have no name, the lower the limit")
    func limits() {
        let parameters = ClusterParameters.standard
        func limits(_ faceCount: Int) -> ClusterParameters.Limits {
            parameters.limits(faceCount: faceCount)
        }
        #expect(limits(0) == limits(500))
        #expect(limits(500).few == parameters.linkage)
        #expect(limits(500).many == parameters.linkage)
        #expect(limits(1000).few < limits(500).few)
        #expect(limits(1000).few < limits(1000).many)
        let large = limits(100_000)
        #expect(abs(large.few - parameters.largeFewLinkage) < 1e-6)
        #expect(abs(large.many - parameters.largeLinkage) < 1e-6)
        #expect(limits(1_000_000) == large)
    }

    @Test("Where other faces of the photos are near, faces must be nearer to be one person's")
    func crowdedNeighbourhood() {
        let pair = [face(1, at: 0), face(2, at: 0.46875)]
        // Beside each of the two, somebody else in the same photo.
        func clustered(beside distance: Float) -> Int {
            let mates = [
                face(30, at: -distance, of: 1), face(31, at: 0.46875 + distance, of: 2),
            ]
            let near = Neighbourhoods(of: (pair + mates).map(\.face), clusters: [])
            return clusters(ofUnnamed: pair, neighbourhoods: near).count
        }
        #expect(clustered(beside: 0.8) == 1)
        #expect(clustered(beside: 0.45) == 0)
        // So near that it may be the same person twice: a mirror says nothing.
        #expect(clustered(beside: 0.3) == 1)
    }

    @Test("A link with weights is the mean over all pairs of the weighted squared distances")
    func weightedLinks() {
        var random = SplitMix64(seed: 5)
        let vectors = (0..<9).map { _ in randomEncoding(&random) }
        let weights = (0..<9).map { _ in Float.random(in: 0.9...1.6, using: &random) }
        var joined = Agglomeration(
            of: VectorTable(vectors), apart: (0..<9).map { [Int32($0)] }, weights: weights)
        joined.merge([0, 1, 2, 3])
        joined.merge([4, 5, 6, 7, 8])
        let links = joined.links(of: [0], among: [4], upTo: 9)
        var sum = 0.0
        for one in 0..<4 {
            for other in 4..<9 {
                let distance = Double(vectors[one].distance(to: vectors[other]))
                sum += Double(weights[one] * weights[other]) * distance * distance
            }
        }
        #expect(abs(Double(links[0].squared) - sum / 20) < 1e-4)
    }

    @Test("Hundreds of people, most of them seen once, are told apart")
    func crowd() {
        var random = SplitMix64(seed: 1)
        func vector(_ spread: Float) -> [Float] {
            var vector = [Float](repeating: 0, count: FaceEncoding.dimension)
            for index in 0..<80 {
                vector[index] = Float.random(in: -spread...spread, using: &random)
            }
            return vector
        }
        var faces: [UnnamedFace] = []
        var truth: [FaceID: Int] = [:]
        for person in 0..<300 {
            let centre = vector(0.1)
            // 200 are seen once, the others in up to a dozen photos.
            for number in 0..<(person < 200 ? 1 : Int.random(in: 2...12, using: &random)) {
                let encoding = FaceEncoding(
                    components: zip(centre, vector(0.055)).map { $0 + $1 })!
                let hash = ContentHash(
                    bytes: [UInt8(person / 256), UInt8(person % 256), UInt8(number)]
                        + [UInt8](repeating: 7, count: 29))!
                let id = FaceID(photo: hash, number: 0)
                truth[id] = person
                faces.append(
                    UnnamedFace(
                        face: Face(
                            id: id, box: FaceBox(left: 0, top: 0, width: 0.1, height: 0.1),
                            confidence: 1,
                            encodings: FaceEncodings(plain: encoding, mirrorMean: encoding)),
                        isClear: true))
            }
        }
        let found = clusters(ofUnnamed: faces)
        let mixed = found.count { cluster in Set(cluster.faces.map { truth[$0] }).count > 1 }
        #expect(mixed <= 1)
        #expect((97...105).contains(found.count))
    }
}

@Suite struct ClusterNumberTests {
    private func faces(_ numbers: ClosedRange<UInt8>) -> [FaceID] {
        numbers.map { FaceID(photo: photo($0), number: 0) }
    }

    private func number(_ value: Int) -> ClusterNumber { ClusterNumber(rawValue: value) }

    @Test("A cluster's name has two digits or more, and is read back")
    func names() {
        #expect(number(1).name == "person-01" && number(112).name == "person-112")
        for value in [1, 9, 10, 99, 100, 4711] {
            #expect(ClusterNumber(name: number(value).name) == number(value))
        }
        for name in ["person-1", "person-00", "person--3", "person-", "Person-01", "person-01 (2)"]
        {
            #expect(ClusterNumber(name: name) == nil)
        }
    }

    @Test("At first the largest has the first number")
    func first() {
        let clusters = [Cluster(faces: faces(1...2)), Cluster(faces: faces(3...6))]
        let found = numbered(clusters, before: [:], last: 0)
        #expect(found.map(\.number.rawValue) == [1, 2])
        #expect(found.map(\.photoCount) == [4, 2])
    }

    @Test("Numbers stay, whichever grows, and no number is given twice")
    func kept() {
        let small = faces(1...2)
        let large = faces(3...6)
        let before = Dictionary(
            uniqueKeysWithValues: large.map { ($0, Set([number(1)])) }
                + small.map { ($0, Set([number(2)])) })
        let grown = small + faces(10...19)
        let found = numbered(
            [Cluster(faces: grown), Cluster(faces: large), Cluster(faces: faces(20...23))],
            before: before, last: 5)
        #expect(found.map(\.number.rawValue) == [1, 2, 6])
        #expect(found.map(\.faces.count) == [4, 12, 4])
    }

    @Test("The largest part of a split cluster keeps the number, and so does the larger of two")
    func splitAndMerged() {
        let before = Dictionary(
            uniqueKeysWithValues: faces(1...7).map { ($0, Set([number(3)])) }
                + faces(8...9).map { ($0, Set([number(4)])) })
        let split = numbered(
            [Cluster(faces: faces(1...3)), Cluster(faces: faces(4...7))], before: before, last: 4)
        #expect(split.map(\.number.rawValue) == [3, 5])
        #expect(split[0].faces == faces(4...7))
        let merged = numbered([Cluster(faces: faces(1...9))], before: before, last: 4)
        #expect(merged.map(\.number.rawValue) == [3])
    }
}
