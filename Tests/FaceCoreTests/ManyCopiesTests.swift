import TestSupport
import Testing

@testable import FaceCore

/// Issue 15: what is kept of many copies of one picture grows with their number, not its square,
/// and says the same as all pairs of them would.
@Suite struct ManyCopiesTests {
    @Test("The groups are those of comparing every photo with every other", arguments: 1...12)
    func groups(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let photos = cleanablePhotos(&random)
        let groups = duplicateGroups(among: photos)
        #expect(groups == PlainGroups(photos).groups())
        #expect(groups.contains { $0.members.count > 4 })
    }

    /// A few pictures, each many times: equal, darker, turned, moved, of all sizes and times.
    private func cleanablePhotos(_ random: inout SplitMix64) -> [CleanablePhoto] {
        let scenes = (0..<3).map { _ in PatchedScene(Int.random(in: 0..<1000, using: &random)) }
        let looks = (0..<7).map { _ in
            let scene = scenes.randomElement(using: &random)!
            let (shift, gain) = (
                [0, 0, 0.02, 0.08].randomElement(using: &random)!,
                [1, 1, 0.8].randomElement(using: &random)!
            )
            let turn = Int.random(in: 0..<3, using: &random)
            return features { x, y in
                let (x, y) = turn == 0 ? (x, y) : turn == 1 ? (y, 1 - x) : (1 - x, 1 - y)
                return gain * scene.grey(x + shift, y)
            }
        }
        let face = CleanableFace(
            box: FaceBox(left: 0.4, top: 0.4, width: 0.1, height: 0.1), encodings: encodings(0),
            sharpness: 80, heightInPixels: 120)
        return (0..<40).map { number in
            let sides = [(1200, 900), (1200, 900), (1000, 900), (600, 450)]
                .randomElement(using: &random)!
            let second = Int.random(in: 0..<30, using: &random)
            return CleanablePhoto(
                photo: photo(UInt8(number)), width: sides.0, height: sides.1,
                byteCount: [400_000, 500_000].randomElement(using: &random)!,
                taken: second < 15
                    ? "2024-05-01T12:00:\(second < 10 ? "0" : "")\(second)" : nil,
                features: looks.randomElement(using: &random)!,
                faces: Int.random(in: 0..<4, using: &random) == 0 ? [face] : [],
                isWhole: Int.random(in: 0..<6, using: &random) > 0)
        }
    }

    private func pictures(_ random: inout SplitMix64, count: Int) -> [ComparedPicture] {
        let side = PictureFeatures.side
        let scenes = (0..<3).map { _ in
            (0..<side * side).map { _ in Double.random(in: 30...220, using: &random) }
        }
        let looks = (0..<12).map { _ in
            scenes.randomElement(using: &random)!.map { grey in
                UInt8(grey + [0, 14, 22].randomElement(using: &random)!)
            }
        }
        return (0..<count).map { number in
            let features = PictureFeatures(
                greys: looks.randomElement(using: &random)!, differenceHash: 0,
                sharpness: [100, 100, 20].randomElement(using: &random)!, brightness: 0.5,
                darkFraction: 0, brightFraction: 0,
                thumbnail: [UInt8](repeating: 0, count: 4096), blur: noEdges)!
            return ComparedPicture(
                photo: photo(UInt8(number)),
                aspect: [1.5, 1.5, 1.53, 1.6].randomElement(using: &random)!, features: features)
        }
    }

    @Test("Near-duplicates are the same as by comparing every two", arguments: 1...12)
    func nearDuplicatePairs(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let all = pictures(&random, count: 40)
        func pairs(_ pictures: [ComparedPicture]) -> [NearDuplicate] {
            nearDuplicates(among: pictures, likeness: .sharesNames).pairs
        }
        let expected = all.indices.flatMap { first in
            all[(first + 1)...].flatMap { pairs([all[first], $0]) }
        }
        #expect(expected.count > 20)
        #expect(pairs(all.shuffled(using: &random)) == expected)
    }

    @Test("Copies share names and clusters as all their pairs would", arguments: 1...20)
    func consumers(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let copies = nearDuplicates(
            among: pictures(&random, count: 40), likeness: .sharesNames)
        let asPairs = NearDuplicates(copies.pairs)
        #expect(asPairs.pairs == copies.pairs && asPairs != copies)
        let event = SyntheticEvent(seed: seed, photos: 40, decides: true)
        // If a picture occurs several times, some faces are found everywhere, and equal.
        let faces = event.faces.map { face in
            let other = event.faces.first { other in
                other.id.number == face.id.number
                    && copies.pictures[other.id.photo] == copies.pictures[face.id.photo]
            }
            return Bool.random(using: &random) ? face.with(other?.encodings) : face
        }
        func matches(_ copies: NearDuplicates) -> [Match] {
            recognise(
                faces: faces, references: event.references, decisions: event.decisions,
                nearDuplicates: copies, settings: MatchSettings())
        }
        let found = matches(copies)
        #expect(found == matches(asPairs))
        #expect(
            copiedNames(matches: found, faces: faces, nearDuplicates: copies)
                == copiedNames(matches: found, faces: faces, nearDuplicates: asPairs))
        let unnamed = faces.map {
            UnnamedFace(face: $0, isClear: Bool.random(using: &random))
        }
        #expect(
            clusters(ofUnnamed: unnamed, nearDuplicates: copies)
                == clusters(ofUnnamed: unnamed, nearDuplicates: asPairs))
    }

    @Test("However few pairs are kept at a time, the clusters are the same", arguments: 1...10)
    func fewPairs(seed: Int) {
        let event = SyntheticEvent(seed: seed, people: 6, photos: 60)
        let table = VectorTable(event.faces.lazy.map(\.encodings.mirrorMean))
        let labels = event.faces.photoNumbers
        func clusters(mostPairs: Int?) -> [[Int]] {
            var agglomeration = Agglomeration(of: table, apart: labels, mostPairs: mostPairs)
            agglomeration.join(upTo: 0.57)
            return agglomeration.clusters
        }
        let expected = clusters(mostPairs: nil)
        #expect(expected.contains { $0.count > 9 })
        for most in [150, 500] { #expect(clusters(mostPairs: most) == expected) }
    }

    @Test("Faces that are all equal are one cluster, without keeping a pair")
    func equalFaces() {
        let faces = (0..<200).map { number in
            face(number % 2, of: photo(UInt8(number / 2)), at: 1)
        }
        let table = VectorTable(faces.lazy.map(\.encodings.mirrorMean))
        var agglomeration = Agglomeration(of: table, apart: faces.photoNumbers, mostPairs: 0)
        agglomeration.join(upTo: 0.4)
        // Two of each photo, so not one person's.
        #expect(agglomeration.clusters.map(\.count) == [100, 100])
    }

    @Test("Of too many pairs each vector keeps a share, those that follow it next")
    func chained() {
        let same = VectorTable(
            dimension: 128, Array(repeating: [Float](repeating: 0.5, count: 128), count: 1100))
        let few = VectorTable(dimension: 128, (0..<30).map { same[$0] }.map(Array.init))
        for table in [same, few] {
            let pairs = table.chainedPairs(within: 0.1, atMost: 3 * table.count)
            let expected = (0..<table.count).flatMap { first in
                (first + 1..<min(table.count, first + 4)).map {
                    NearPair(first: Int32(first), second: Int32($0), distance: 0)
                }
            }
            #expect(pairs == expected)
            let all = table.count * (table.count - 1) / 2
            #expect(table.chainedPairs(within: 0.1, atMost: all).count == all)
            let radii = [Float](repeating: 0.1, count: table.count)
            #expect(table.nearPairs(within: radii, atMost: all - 1) == nil)
            #expect(table.nearPairs(within: radii, atMost: all)?.count == all)
        }
    }

    @Test("Memory for equal pictures grows with their number, for alike ones with the limit")
    func kept() {
        var random = SplitMix64(seed: 1)
        let scene = (0..<576).map { _ in UInt8.random(in: 40...200, using: &random) }
        func kept(_ count: Int, noise: UInt8) -> Int {
            let pictures = (0..<count).map { number in
                let greys = scene.map { $0 + UInt8.random(in: 0...noise, using: &random) }
                let features = PictureFeatures(
                    greys: greys, differenceHash: 0, sharpness: 1, brightness: 0.5,
                    darkFraction: 0, brightFraction: 0,
                    thumbnail: [UInt8](repeating: 0, count: 4096), blur: noEdges)!
                return ComparedPicture(photo: hash(number), aspect: 1, features: features)
            }
            return nearDuplicates(among: pictures, likeness: .sharesNames).keptCount
        }
        #expect(kept(3000, noise: 0) == 3000)
        // A link is kept at both its ends.
        #expect(kept(40, noise: 6) == 40 + 40 * 39)
        #expect(kept(3000, noise: 6) <= 3000 + 2 * VectorTable.mostPairs(among: 3000))
        let photos = (0..<2000).map { number in
            CleanablePhoto(
                photo: hash(number), width: 1200, height: 900, byteCount: 9,
                features: features(PatchedScene(1).grey))
        }
        #expect(DuplicateLinks(photos, .default).count < 10)
        #expect(duplicateGroups(among: photos).map(\.members.count) == [2000])
    }

    private func hash(_ number: Int) -> ContentHash {
        let bytes = withUnsafeBytes(of: UInt64(number).bigEndian) { Array($0) }
        return ContentHash(bytes: bytes + [UInt8](repeating: 7, count: 24))!
    }
}

extension Face {
    fileprivate func with(_ encodings: FaceEncodings?) -> Face {
        Face(id: id, box: box, confidence: confidence, encodings: encodings ?? self.encodings)
    }
}

/// Groups of duplicates by definition: from all pairs of photos.
private struct PlainGroups {
    private let photos: [CleanablePhoto]
    private let settings = DuplicateSettings.default
    /// For each photo its possible duplicates, and the turn of each.
    private var neighbours: [[(photo: Int, pair: DuplicateCandidate)]]

    init(_ photos: [CleanablePhoto]) {
        self.photos = photos.sorted { $0.photo < $1.photo }
        neighbours = photos.map { _ in [] }
        let candidates = Set(duplicateCandidates(among: self.photos, settings: settings))
            .union(takenTogether(self.photos, settings))
        for pair in candidates.sorted() {
            guard let one = ComparedPhoto(self.photos[pair.first]),
                let other = ComparedPhoto(self.photos[pair.second]),
                one.coarseCorrelation(with: other, pair.turn)
                    >= settings.leastCorrelation(isOfOneBurst: isOfOneBurst(pair))
            else { continue }
            neighbours[pair.first].append((pair.second, pair))
            neighbours[pair.second].append((pair.first, pair))
        }
    }

    private func isOfOneBurst(_ pair: DuplicateCandidate) -> Bool {
        let times = [pair.first, pair.second].map { photos[$0].taken?.seconds }
        return settings.isOfOneBurst(times[0], times[1], pair.turn)
    }

    private func relation(_ pair: DuplicateCandidate) -> DuplicateRelation? {
        let one = ComparedPhoto(photos[pair.first])!
        let other = ComparedPhoto(photos[pair.second])!
        return one.relation(
            to: other, pair.turn, (one.pyramid!, other.pyramid!),
            isOfOneBurst: isOfOneBurst(pair), settings: settings)
    }

    private func duplicates(of photo: Int, among left: Set<Int>) -> [Int] {
        let found = neighbours[photo].filter { left.contains($0.photo) && relation($0.pair) != nil }
        return Set(found.map(\.photo)).sorted()
    }

    private func best(of members: [Int]) -> Int {
        let best = bestPhoto(of: members.map { photos[$0] })
        return members.first { photos[$0].photo == best }!
    }

    func groups() -> [DuplicateGroup] {
        var left = Set(photos.indices.filter { !neighbours[$0].isEmpty })
        var groups: [DuplicateGroup] = []
        let order = left.sorted { (neighbours[$1].count, $0) < (neighbours[$0].count, $1) }
        for start in order where left.contains(start) {
            var (best, members) = (start, duplicates(of: start, among: left))
            var tried: Set<Int> = []
            while tried.insert(best).inserted {
                let better = self.best(of: members + [best])
                let others = duplicates(of: better, among: left)
                guard !tried.contains(better), others.count >= members.count else { break }
                (best, members) = (better, others)
            }
            guard !members.isEmpty else {
                left.remove(start)
                continue
            }
            groups.append(group(best, members))
            left.subtract(members + [best])
        }
        return groups.sorted { $0.members[0].photo < $1.members[0].photo }
    }

    private func group(_ best: Int, _ members: [Int]) -> DuplicateGroup {
        let quality = PhotoQuality(photos[best])
        func reason(_ other: Int) -> KeepingReason {
            quality.reason(against: PhotoQuality(photos[other]), settings)
        }
        let others = members.map { member in
            DuplicateGroup.Member(
                photo: photos[member].photo,
                relation: neighbours[best].filter { $0.photo == member }
                    .compactMap { relation($0.pair) }[0],
                reason: reason(member))
        }
        let kept = DuplicateGroup.Member(
            photo: photos[best].photo, relation: nil, reason: reason(self.best(of: members)))
        return DuplicateGroup(members: [kept] + others)
    }
}
