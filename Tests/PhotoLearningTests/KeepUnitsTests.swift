import TestSupport
import Testing

@testable import FaceCore
@testable import PhotoLearning

@Suite struct KeepUnitsTests {
    /// A group of duplicates, in the form the search gives it.
    static func group(_ photos: [ContentHash]) -> DuplicateGroup {
        DuplicateGroup(
            members: photos.enumerated().map { number, photo in
                DuplicateGroup.Member(
                    photo: photo, relation: number == 0 ? nil : .burst, reason: .same)
            })
    }

    private func splits(_ units: KeepUnits, _ isKept: [Bool]) -> [KeepUnits.Split] {
        [units.lastFifth, units.everyFifthStretch, units.fifthOfEither(isKept)]
    }

    @Test("A row is finite, whatever a catalogue says about the picture")
    func finiteRow() throws {
        let photo = KeepOwner(count: 1, seed: 1).photos[0]
        let old = try #require(photo.photo.features)
        let blur = try #require(PictureBlur(radius: 0, cells: old.blur.cells))
        let features = try #require(
            PictureFeatures(
                greys: old.greys, differenceHash: old.differenceHash, sharpness: old.sharpness,
                brightness: old.brightness, darkFraction: old.darkFraction,
                brightFraction: old.brightFraction, thumbnail: old.thumbnail,
                blur: blur))
        let strange = KeepPhoto(
            photo: CleanablePhoto(
                photo: photo.photo.photo, width: 4000, height: 3000, byteCount: 1, taken: nil,
                features: features), name: photo.name, knownCount: 0)
        let row = try #require(
            KeepFeatures.rows(of: [strange], groups: [])[photo.photo.photo])
        #expect(row.count == KeepFeatures.dimension)
        #expect(row.allSatisfy { $0.isFinite })
    }

    @Test(
        "No group of duplicates and no two photos taken within seconds are on both sides", .slow,
        arguments: UInt64(1)...10)
    func momentsStayTogether(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        // Ten photos at two-second intervals, then a pause of a minute.
        var owner = KeepOwner(count: 300, seed: seed, seconds: 2)
        owner.photos = owner.photos.enumerated().map { number, photo in
            let time = number * 2 + number / 10 * 60
            let text =
                "2026-05-01T1\(time / 3600):\(time / 600 % 6)\(time / 60 % 10):"
                + "\(time / 10 % 6)\(time % 10)"
            let old = photo.photo
            return KeepPhoto(
                photo: CleanablePhoto(
                    photo: old.photo, width: 1, height: 1, byteCount: 1,
                    taken: number % 7 == 0 ? nil : TimeTaken(text), features: nil),
                name: photo.name, knownCount: 0)
        }
        // Of neighbouring moments, here and there.
        let groups = stride(from: 0, to: 300, by: 60).map { start in
            [start + Int.random(in: 0..<10, using: &random)]
                + [start + Int.random(in: 10..<20, using: &random)]
        }
        let units = KeepUnits(
            owner.photos, groups: groups.map { Self.group($0.map { owner.photos[$0].photo.photo }) }
        )
        let labels = (0..<300).map { _ in Bool.random(using: &random) }
        let folds = units.folds
        #expect(Set(folds) == [0, 1, 2, 3, 4])
        let dated = (0..<300).filter { $0 % 7 != 0 }
        for split in splits(units, labels) {
            #expect((split.learnt + split.heldOut).sorted() == Array(0..<300))
            let heldOut = Set(split.heldOut)
            for group in groups {
                #expect(Set(group.map(heldOut.contains)).count == 1)
                #expect(Set(group.map { folds[$0] }).count == 1)
            }
            for (one, next) in zip(dated, dated.dropFirst()) where one / 10 == next / 10 {
                #expect(heldOut.contains(one) == heldOut.contains(next))
                #expect(folds[one] == folds[next])
            }
        }
    }

    @Test("About a fifth is held out, the last by time")
    func lastFifth() {
        let owner = KeepOwner(count: 100, seed: 1)
        let units = KeepUnits(owner.photos, groups: [])
        #expect(units.lastFifth.heldOut == Array(80..<100))
        #expect(units.everyFifthStretch.heldOut.count == 20)
        let labels = (0..<100).map { $0 < 70 }
        let either = units.fifthOfEither(labels).heldOut
        #expect((13...16).contains(either.count { labels[$0] }))
        #expect((5...8).contains(either.count { !labels[$0] }))
    }

    @Test("A photographer who never pauses does not hold all photos together")
    func noPause() {
        let owner = KeepOwner(count: 200, seed: 1, seconds: 3)
        let units = KeepUnits(owner.photos, groups: [])
        #expect(units.all.count == 200 && units.lastFifth.heldOut.count == 40)
    }
}
