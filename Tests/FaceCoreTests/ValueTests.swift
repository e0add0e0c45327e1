import FaceCore
import Foundation
import TestSupport
import Testing

@Suite struct EncodingSpaceTests {
    @Test("Spaces can be compared when only the arithmetic differs")
    func comparable() {
        func space(
            _ alignment: String, _ aligner: String, _ encoder: String,
            _ arithmetic: EncodingSpace.Arithmetic
        ) -> EncodingSpace {
            EncodingSpace(
                alignment: alignment, alignerHash: aligner, encoderHash: encoder,
                arithmetic: arithmetic)
        }
        let f32 = space("cut", "a", "e", .f32)
        let bf16 = space("cut", "a", "e", .bf16)
        #expect(f32 != bf16 && f32.isComparable(with: bf16) && bf16.isComparable(with: f32))
        for other in [
            space("x", "a", "e", .f32), space("cut", "x", "e", .f32),
            space("cut", "a", "x", .f32),
        ] {
            #expect(!f32.isComparable(with: other) && !other.isComparable(with: bf16))
        }
    }

    @Test("A search includes itself, and the thorough all")
    func searches() {
        for depth in SearchDepth.allCases {
            #expect(depth.includes(depth))
            #expect(SearchDepth.thorough.includes(depth))
        }
        #expect(!SearchDepth.balanced.includes(.thorough))
    }
}

@Suite struct ContentHashTests {
    @Test("A hash is 32 bytes, and 64 hexadecimal digits in either case")
    func forms() throws {
        let text = "00ff10a9" + String(repeating: "3c", count: 28)
        let hash = try #require(ContentHash(hexadecimal: text))
        #expect(hash.bytes.prefix(4) == [0, 255, 16, 169])
        #expect(hash.hexadecimal == text)
        #expect(ContentHash(hexadecimal: text.uppercased()) == hash)
        #expect(ContentHash(bytes: hash.bytes) == hash)
    }

    @Test(
        "Anything but a hash is refused",
        arguments: [
            "", "00", String(repeating: "0", count: 63), String(repeating: "0", count: 65),
            String(repeating: "g", count: 64), String(repeating: "é", count: 32),
            " " + String(repeating: "0", count: 63),
        ])
    func refused(text: String) throws {
        #expect(ContentHash(hexadecimal: text) == nil)
        #expect(ContentHash(bytes: Array(text.utf8).prefix(31)) == nil)
        let json = try JSONEncoder().encode([text])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([ContentHash].self, from: json)
        }
    }

    @Test("Hashes are ordered by their digits, and written to JSON as digits")
    func order() throws {
        var random = SplitMix64(seed: 1)
        let hashes = (0..<50).map { _ in
            ContentHash(bytes: (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) })!
        }
        #expect(
            hashes.sorted().map(\.hexadecimal) == hashes.map(\.hexadecimal).sorted())
        let json = try JSONEncoder().encode(hashes)
        #expect(try JSONDecoder().decode([String].self, from: json) == hashes.map(\.hexadecimal))
        #expect(try JSONDecoder().decode([ContentHash].self, from: json) == hashes)
    }
}

@Suite struct FaceEncodingTests {
    /// Single precision keeps 24 bits; 128 squares of about 1e-3 are added.
    private let grain: Float = 1e-5

    @Test("Distance is a metric: 0 to itself, above 0 to others, the same both ways, no detours")
    func metric() {
        var random = SplitMix64(seed: 2)
        for _ in 0..<200 {
            let (a, b, c) = (
                randomEncoding(&random), randomEncoding(&random), randomEncoding(&random)
            )
            #expect(a.distance(to: a) == 0)
            #expect(a.distance(to: b) > 0)
            #expect(a.distance(to: b) == b.distance(to: a))
            #expect(a.distance(to: c) <= a.distance(to: b) + b.distance(to: c) + grain)
        }
    }

    @Test("Distance is the root of the sum of squares", arguments: 1...20)
    func oracle(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let a = randomEncoding(&random)
        let b = randomEncoding(&random)
        let expected = zip(a.components, b.components)
            .reduce(0.0) { $0 + pow(Double($1.0) - Double($1.1), 2) }.squareRoot()
        #expect(abs(Double(a.distance(to: b)) - expected) < Double(grain))
        #expect(encoding(3, axis: 5).distance(to: encoding(4, axis: 90)) == 5)
    }

    @Test("An encoding has 128 finite numbers")
    func refused() {
        for count in [0, 127, 129] {
            #expect(FaceEncoding(components: [Float](repeating: 0, count: count)) == nil)
        }
        for odd in [Float.nan, .infinity, -.infinity] {
            for place in [0, 64, 127] {
                var components = [Float](repeating: 0, count: 128)
                components[place] = odd
                #expect(FaceEncoding(components: components) == nil)
                let bytes = components.flatMap { component in
                    (0..<4).map { UInt8(component.bitPattern >> (8 * $0) & 255) }
                }
                #expect(FaceEncoding(bytes: bytes) == nil)
            }
        }
        for count in [0, 511, 513] {
            #expect(FaceEncoding(bytes: [UInt8](repeating: 0, count: count)) == nil)
        }
    }

    @Test("The bytes of an encoding are little-endian and lose no bit", arguments: 1...20)
    func bytes(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let encoding = randomEncoding(&random, spread: .greatestFiniteMagnitude / 2)
        #expect(FaceEncoding(bytes: encoding.bytes) == encoding)
        #expect(FaceCoreTests.encoding(1).bytes.prefix(8) == [0, 0, 0x80, 0x3F, 0, 0, 0, 0])
        #expect(encoding.bytes.count == 512)
    }
}

@Suite struct FaceBoxTests {
    private func box(_ random: inout SplitMix64) -> FaceBox {
        FaceBox(
            left: .random(in: -0.2...1, using: &random), top: .random(in: -0.2...1, using: &random),
            width: .random(in: 0.01...0.5, using: &random),
            height: .random(in: 0.01...0.5, using: &random))
    }

    @Test("Overlap is 0...1, the same both ways, 1 with itself and 0 apart", arguments: 1...20)
    func overlap(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let one = box(&random)
        let other = box(&random)
        let overlap = one.overlap(with: other)
        #expect((0...1).contains(overlap))
        #expect(abs(overlap - other.overlap(with: one)) < 1e-12)
        #expect(abs(one.overlap(with: one) - 1) < 1e-12)
        var away = one
        away.left += one.width
        #expect(one.overlap(with: away) < 1e-12)
    }

    @Test("A box half over its equal overlaps by a third; an empty box overlaps nothing")
    func known() {
        let one = FaceBox(left: 0, top: 0, width: 0.5, height: 0.5)
        let half = FaceBox(left: 0.25, top: 0, width: 0.5, height: 0.5)
        #expect(abs(one.overlap(with: half) - 1.0 / 3) < 1e-12)
        let empty = FaceBox(left: 0.1, top: 0.1, width: 0, height: 0)
        #expect(empty.overlap(with: one) == 0)
        #expect(empty.overlap(with: empty) == 0)
    }

    @Test("A box in pixels lies inside the picture, rounded to the nearest")
    func pixels() {
        let box = FaceBox(left: -0.1, top: 0.2504, width: 0.6, height: 2)
        let pixels = box.pixels(width: 1000, height: 2000)
        #expect(pixels == (left: 0, top: 501, right: 500, bottom: 2000))
    }

    @Test("Boxes are ordered from left to right, then from top to bottom")
    func order() {
        let boxes = [
            FaceBox(left: 0, top: 0, width: 1, height: 1),
            FaceBox(left: 0, top: 0, width: 1, height: 2),
            FaceBox(left: 0, top: 0.5, width: 0.1, height: 0.1),
            FaceBox(left: 0.1, top: 0, width: 0.1, height: 0.1),
        ]
        var random = SplitMix64(seed: 3)
        for _ in 0..<10 { #expect(boxes.shuffled(using: &random).sorted() == boxes) }
    }
}

@Suite struct PlacementTests {
    private static let people: [Set<PersonID>] = [
        [], [person(1)], [person(1), person(2)], [person(1), person(2), person(3)],
    ]

    @Test("Every photo has a place, and every recognised person has the photo", arguments: 0...6)
    func laws(faceCount: Int) {
        for people in Self.people where people.count <= faceCount {
            for groupSize in 1...4 {
                let places = places(
                    condition: .analysed, faceCount: faceCount, people: people,
                    groupSize: groupSize)
                #expect(!places.isEmpty)
                for person in people { #expect(places.contains(.person(person))) }
                #expect(places.contains(.group) == (faceCount >= groupSize))
                #expect(places.contains(.unknown) == people.isEmpty)
                #expect(!places.contains(.unreadable))
                let count = people.count + (faceCount >= groupSize ? 1 : 0)
                #expect(places.count == count + (people.isEmpty ? 1 : 0))
            }
        }
    }

    @Test("A group of strangers is in group and in unknown")
    func strangers() {
        let places = places(condition: .analysed, faceCount: 3, people: [], groupSize: 3)
        #expect(places == [.group, .unknown])
    }

    @Test("Photos too damaged to judge are in unknown, unreadable ones in unreadable")
    func conditions() {
        for people in Self.people {
            for faceCount in [0, 5] {
                #expect(
                    places(
                        condition: .tooDamaged, faceCount: faceCount, people: people, groupSize: 3)
                        == [.unknown])
                #expect(
                    places(
                        condition: .unreadable, faceCount: faceCount, people: people, groupSize: 3)
                        == [.unreadable])
            }
        }
    }
}

@Suite struct ScaleTests {
    @Test("For an encoder of another scale every limit grows with the tolerance")
    func limits() {
        var settings = MatchSettings(tolerance: 1)
        #expect(settings.scale == 1 && abs(settings.limit - 1.06) < 1e-6)
        settings.scalesLimits = true
        #expect(settings.scale == 2 && abs(settings.limit - 1.12) < 1e-6)
        #expect(settings.unscaled == MatchSettings())
        #expect(settings.tightClusteringVersion != MatchSettings().tightClusteringVersion)
        settings.rule = .nearest
        #expect(settings.limit == 1)
    }

    @Test("Settings are stored without the scale, which follows from the encoder")
    func stored() throws {
        var settings = MatchSettings(tolerance: 0.7)
        settings.scalesLimits = true
        let read = try JSONDecoder().decode(
            MatchSettings.self, from: JSONEncoder().encode(settings))
        #expect(!read.scalesLimits && read.tolerance == 0.7)
    }

    @Test("The smallest and the largest tolerance leave encodings finite", arguments: [1e-38, 900])
    func extremes(tolerance: Float) {
        var settings = MatchSettings(tolerance: tolerance)
        settings.scalesLimits = true
        let scaled = face(1, at: 900).scaled(by: 1 / settings.scale)
        #expect(scaled.encodings.plain.components.allSatisfy(\.isFinite))
    }
}
