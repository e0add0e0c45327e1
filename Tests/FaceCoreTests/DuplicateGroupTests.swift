import TestSupport
import Testing

@testable import FaceCore

/// Pictures made of patches, as through a camera: a plane of greys, seen from any place.
struct PatchedScene {
    /// From -0.5 to 1.5, so that a camera can move.
    private var greys = [Double](repeating: 120, count: side * side)
    private static let side = 400

    init(_ seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        for _ in 0..<60 {
            let (left, top) = (
                Int.random(in: 0..<380, using: &random), Int.random(in: 0..<380, using: &random)
            )
            let right = min(Self.side, left + Int.random(in: 20...80, using: &random))
            let bottom = min(Self.side, top + Int.random(in: 20...80, using: &random))
            let grey = Double.random(in: 30...220, using: &random)
            for y in top..<bottom {
                for x in left..<right { greys[y * Self.side + x] = grey }
            }
        }
    }

    func grey(_ x: Double, _ y: Double) -> Double {
        let column = min(Self.side - 1, max(0, Int((x + 0.5) * Double(Self.side) / 2)))
        let row = min(Self.side - 1, max(0, Int((y + 0.5) * Double(Self.side) / 2)))
        return greys[row * Self.side + column]
    }
}

func features(
    radius: Float? = 1, cells: [UInt8]? = nil, _ grey: (Double, Double) -> Double
) -> PictureFeatures {
    func means(_ side: Int) -> [UInt8] {
        (0..<side * side).map { index in
            var sum = 0.0
            for sample in 0..<4 {
                let x = Double(index % side) + (Double(sample % 2) + 0.5) / 2
                let y = Double(index / side) + (Double(sample / 2) + 0.5) / 2
                sum += grey(x / Double(side), y / Double(side))
            }
            return UInt8(min(255, max(0, sum / 4)))
        }
    }
    return PictureFeatures(
        greys: means(PictureFeatures.side), differenceHash: 0, sharpness: 1, brightness: 0.5,
        darkFraction: 0, brightFraction: 0, thumbnail: means(PictureFeatures.thumbnailSide),
        blur: PictureBlur(radius: radius, cells: cells ?? noEdges.cells)!)!
}

func cleanable(
    _ number: UInt8, width: Int = 1200, height: Int = 900, byteCount: Int64 = 500_000,
    format: PhotoFormat? = nil, taken: TimeTaken? = nil, camera: String? = nil, radius: Float? = 1,
    faces: [CleanableFace] = [], isWhole: Bool = true,
    _ grey: (Double, Double) -> Double
) -> CleanablePhoto {
    CleanablePhoto(
        photo: photo(number), width: width, height: height, byteCount: byteCount, format: format,
        taken: taken, camera: camera, features: features(radius: radius, grey), faces: faces,
        isWhole: isWhole)
}

@Suite struct DuplicateGroupTests {
    private let scene = PatchedScene(1)

    private func clearFace(_ position: Float, left: Double = 0.4) -> CleanableFace {
        CleanableFace(
            box: FaceBox(left: left, top: 0.4, width: 0.1, height: 0.1),
            encodings: encodings(position), sharpness: 80, heightInPixels: 120)
    }

    private func numbers(_ groups: [DuplicateGroup]) -> [[UInt8]] {
        groups.map { $0.members.map { $0.photo.bytes[0] } }
    }

    @Test("A picture resized, brightened, turned by quarters and lightly cropped is one group")
    func copies() {
        let scene = scene
        let photos = [
            cleanable(1, scene.grey),
            cleanable(2, width: 600, height: 450, byteCount: 90_000, scene.grey),
            cleanable(3, byteCount: 400_000) { 0.8 * scene.grey($0, $1) + 30 },
            cleanable(4, width: 900, height: 1200, byteCount: 490_000) { scene.grey($1, 1 - $0) },
            cleanable(5, byteCount: 480_000) { scene.grey(1 - $0, 1 - $1) },
            cleanable(6, width: 1130, height: 850, byteCount: 450_000) {
                scene.grey(0.04 + 0.93 * $0, 0.03 + 0.94 * $1)
            },
            cleanable(7, PatchedScene(2).grey),
        ]
        let groups = duplicateGroups(among: photos)
        #expect(numbers(groups) == [[1, 2, 3, 4, 5, 6]])
        let members = groups[0].members
        #expect(
            members.map(\.relation) == [nil, .resized, .recompressed, .turned, .turned, .cropped])
        #expect(members[0].isBest && !members[1].isBest)
        #expect(members[1].reason == .larger(4))
        #expect(members[2].reason == .lessCompressed(1.25))
    }

    @Test("Neither the order of the photos nor of their hashes changes who is together")
    func order() {
        let photos = (0..<24).map { number in
            let scene = PatchedScene(number / 3)
            let shift = Double(number % 3) / 100
            return cleanable(UInt8(100 + number)) { scene.grey($0 + shift, $1 - shift) }
        }
        let expected = duplicateGroups(among: photos)
        #expect(expected.count == 8 && expected.allSatisfy { $0.members.count == 3 })
        var random = SplitMix64(seed: 3)
        for _ in 0..<3 {
            #expect(duplicateGroups(among: photos.shuffled(using: &random)) == expected)
        }
    }

    @Test("Something else at one place of the same background is another picture")
    func sameBackground() {
        let scene = scene
        let other = cleanable(2) { x, y in
            (0.4..<0.52).contains(x) && (0.4..<0.55).contains(y)
                ? 255 - scene.grey(x, y) : scene.grey(x, y)
        }
        #expect(duplicateGroups(among: [cleanable(1, scene.grey), other]).isEmpty)
    }

    @Test("A clear face of somebody else at the same place is another picture")
    func otherFace() {
        func groups(_ position: Float, sharpness: Double = 80) -> Int {
            var other = clearFace(position)
            other = CleanableFace(
                box: other.box, encodings: other.encodings, sharpness: sharpness,
                heightInPixels: 120)
            return duplicateGroups(among: [
                cleanable(1, faces: [clearFace(0)], scene.grey),
                cleanable(2, faces: [other], scene.grey),
            ]).count
        }
        #expect(groups(0.5) == 1 && groups(0.8) == 0)
        #expect(groups(0.8, sharpness: 5) == 1)
    }

    @Test("A burst is taken within seconds, with the same faces in like places")
    func burst() {
        let scene = scene
        func groups(
            _ time: String, position: Float = 0.3, left: Double = 0.45
        ) -> [DuplicateGroup] {
            duplicateGroups(among: [
                cleanable(1, taken: "2024-05-01T12:00:00", faces: [clearFace(0)], scene.grey),
                cleanable(
                    2, taken: TimeTaken("2024-05-01T" + time),
                    faces: [clearFace(position, left: left)]
                ) { x, y in
                    (0.4..<0.6).contains(x) && (0.3..<0.6).contains(y)
                        ? 200 - 0.4 * scene.grey(x, y) : scene.grey(x, y)
                },
            ])
        }
        #expect(groups("12:00:02.5").first?.members[1].relation == .burst)
        #expect(groups("12:04:00").isEmpty)
        #expect(groups("12:00:02", position: 0.7).isEmpty)
        #expect(groups("12:00:02", left: 0.8).isEmpty)
    }

    @Test("Likeness is not passed on: each member resembles the best itself")
    func noChain() {
        // A camera that keeps turning: each picture is like the next, the last unlike the first.
        let photos = (0..<12).map { step in
            cleanable(UInt8(step + 1)) { x, y in scene.grey(x + 0.05 * Double(step), y) }
        }
        let groups = duplicateGroups(among: photos)
        #expect(groups.count > 1)
        for group in groups {
            for member in group.members.dropFirst() {
                let pair = photos.filter {
                    $0.photo == member.photo || $0.photo == group.members[0].photo
                }
                #expect(duplicateGroups(among: pair).count == 1)
            }
        }
    }

    @Test("The best: whole, with sharper faces, with more faces, larger, less compressed")
    func best() {
        func kept(_ one: CleanablePhoto, _ other: CleanablePhoto) -> (UInt8, KeepingReason)? {
            duplicateGroups(among: [one, other]).first.map {
                ($0.members[0].photo.bytes[0], $0.members[1].reason)
            }
        }
        let plain = cleanable(1, scene.grey)
        #expect(kept(plain, cleanable(2, scene.grey))! == (1, .same))
        #expect(
            kept(cleanable(1, isWhole: false, scene.grey), cleanable(2, scene.grey))! == (2, .whole)
        )
        #expect(
            kept(plain, cleanable(2, width: 2400, height: 1800, scene.grey))! == (2, .larger(4)))
        #expect(kept(plain, cleanable(2, radius: 2, scene.grey))! == (1, .sharper(2)))
        #expect(kept(plain, cleanable(2, faces: [clearFace(0)], scene.grey))! == (2, .moreFaces(1)))
        #expect(
            kept(plain, cleanable(2, byteCount: 1_000_000, scene.grey))! == (2, .lessCompressed(2)))
    }

    @Test("The camera's file stays rather than a larger one made from it in another format")
    func conversion() {
        func kept(_ photos: [CleanablePhoto]) -> (UInt8, [KeepingReason])? {
            duplicateGroups(among: photos).first.map {
                ($0.members[0].photo.bytes[0], $0.members.dropFirst().map(\.reason))
            }
        }
        func photo(
            _ number: UInt8, _ format: PhotoFormat, _ byteCount: Int64, isOfCamera: Bool
        ) -> CleanablePhoto {
            cleanable(
                number, byteCount: byteCount, format: format,
                taken: isOfCamera ? "2024-05-01T12:00:00" : nil,
                camera: isOfCamera ? "iPhone 15" : nil, scene.grey)
        }
        let heic = photo(9, .heic, 200_000, isOfCamera: true)
        let png = photo(1, .png, 2_000_000, isOfCamera: false)
        let jpeg = photo(2, .jpeg, 900_000, isOfCamera: false)
        #expect(kept([heic, png, jpeg])! == (9, [.moreOfCamera, .moreOfCamera]))
        // Among equals the smaller hash decides; within one format the bytes do.
        #expect(kept([png, jpeg])! == (1, [.same]))
        let smaller = photo(3, .jpeg, 300_000, isOfCamera: true)
        #expect(kept([jpeg, smaller])! == (2, [.lessCompressed(3)]))
        #expect(kept([png, smaller, heic])! == (3, [.moreOfCamera, .same]))
    }

    @Test("Uniform and unreadable pictures are like no other; no pictures make no group")
    func nothing() {
        let flat = [cleanable(1) { _, _ in 90 }, cleanable(2) { _, _ in 90 }]
        #expect(duplicateGroups(among: flat).isEmpty)
        let unreadable = [1, 2].map {
            CleanablePhoto(
                photo: photo($0), width: 10, height: 10, byteCount: 5, features: nil,
                isWhole: false)
        }
        #expect(duplicateGroups(among: unreadable).isEmpty)
        #expect(duplicateGroups(among: []).isEmpty)
    }

    @Test("The index finds every pair that comparing all in all turns finds", .slow)
    func oracle() {
        let photos = (0..<60).map { number -> CleanablePhoto in
            let scene = PatchedScene(number / 3)
            let isTall = number % 3 == 1
            return cleanable(
                UInt8(number), width: isTall ? 900 : 1200, height: isTall ? 1200 : 900
            ) { x, y in
                switch number % 3 {
                case 0: scene.grey(x, y)
                case 1: scene.grey(y, 1 - x)
                default: scene.grey(0.97 - 0.95 * x, 0.98 - 0.96 * y)
                }
            }
        }
        let settings = DuplicateSettings.default
        let compared = photos.map { ComparedPhoto($0)! }
        let pyramids = compared.map { $0.pyramid! }
        let found = Set(duplicateCandidates(among: photos, settings: settings))
        var pairs = 0
        for first in photos.indices {
            for second in photos.indices where second > first {
                for turn in QuarterTurn.allCases {
                    let relation = compared[first].relation(
                        to: compared[second], turn,
                        (pyramids[first], pyramids[second]), isOfOneBurst: false,
                        settings: settings)
                    guard relation != nil else { continue }
                    pairs += 1
                    #expect(
                        found.contains(
                            DuplicateCandidate(first: first, second: second, turn: turn)))
                }
            }
        }
        // Of 60; the index does not decide which of the harder ones are duplicates.
        #expect(pairs >= 54)
    }

    @Test("Wall clocks are read with leap days and parts of seconds")
    func clock() {
        let seconds: [TimeTaken: Double] = [
            "1970-01-01T00:00:00": 0, "2024-02-29T23:59:59.5": 1_709_251_199.5,
            "2024-03-01T00:00:00": 1_709_251_200,
        ]
        for (time, expected) in seconds { #expect(time.seconds == expected) }
    }

    @Test("A time is a date and a clock's, or none")
    func times() {
        let time = TimeTaken("2024-02-29T23:59:58.045", offsetFromUTC: -3600)
        #expect(time?.date == "2024-02-29" && time?.clock == "23:59:58")
        #expect(time?.wallClock == "2024-02-29T23:59:58")
        #expect(time?.month == 2 && time?.day == 29 && time?.secondOfDay == 86_398)
        #expect(time?.text == "2024-02-29T23:59:58.045" && time?.offsetFromUTC == -3600)
        for text in [
            "", "2024-05-01", "2024-13-01T00:00:00", "2024-00-01T00:00:00", "2024-05-00T00:00:00",
            "2024-05-32T00:00:00", "2024-05-01T12:00", "2024-05-01T24:00:00", "2024-05-01T12:60:00",
            "2024-05-01T12:00:61", "2024-05-01T12:00:00.", "2024-05-01T12:00:00,5",
            "2024-05-01T12:00:00.5x", "2024-05-01T12:00:00Z", "2024-05-01 12:00:00",
            "+024-05-01T12:00:00", "2024-05-01T12:00:0٣",
        ] {
            #expect(TimeTaken(text) == nil, "\(text)")
        }
    }
}
