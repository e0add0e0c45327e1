import FaceCore
import TestSupport
import Testing

@Suite struct NearDuplicateTests {
    private func picture(
        _ number: UInt8, aspect: Double = 1.5, sharpness: Float = 1, _ grey: (Int, Int) -> Double
    ) -> ComparedPicture {
        let side = PictureFeatures.side
        let greys = (0..<side * side).map { index in
            UInt8(min(255, max(0, grey(index % side, index / side))))
        }
        return ComparedPicture(
            photo: photo(number), aspect: aspect,
            features: PictureFeatures(
                greys: greys, differenceHash: 0, sharpness: sharpness, brightness: 0.5,
                darkFraction: 0, brightFraction: 0,
                thumbnail: [UInt8](repeating: 0, count: 4096), blur: noEdges)!)
    }

    private func scene(_ seed: Int) -> (Int, Int) -> Double {
        var random = SplitMix64(seed: UInt64(seed))
        let greys = (0..<64).map { _ in Double.random(in: 30...220, using: &random) }
        return { x, y in greys[y / 3 * 8 + x / 3] }
    }

    private func pairs(_ pictures: [ComparedPicture]) -> [NearDuplicate] {
        nearDuplicates(among: pictures, likeness: .sharesNames).pairs
    }

    @Test("A picture is like itself brightened, and with a little noise; not like another")
    func alike() {
        let one = scene(1)
        var random = SplitMix64(seed: 9)
        let noise = (0..<576).map { _ in Double.random(in: -6...6, using: &random) }
        let pictures = [
            picture(1, one), picture(2) { one($0, $1) * 0.8 + 20 },
            picture(3) { one($0, $1) + noise[24 * $1 + $0] }, picture(4, scene(2)),
        ]
        let expected = [
            NearDuplicate(photo(1), photo(2)), NearDuplicate(photo(1), photo(3)),
            NearDuplicate(photo(2), photo(3)),
        ]
        #expect(pairs(pictures) == expected)
        #expect(pairs(pictures.reversed()) == expected)
    }

    @Test("Of a sharp and a much less sharp copy the latter is called blurred")
    func blurred() {
        let one = scene(1)
        func blurred(_ first: Float, _ second: Float) -> ContentHash? {
            pairs([
                picture(1, sharpness: first, one), picture(2, sharpness: second, one),
            ])[0].blurred
        }
        #expect(blurred(100, 24) == photo(2))
        #expect(blurred(24, 100) == photo(1))
        #expect(blurred(100, 26) == nil && blurred(0, 0) == nil)
    }

    @Test("Pictures of different shapes are not alike, nor are nearly uniform ones")
    func apart() {
        #expect(pairs([picture(1, scene(1)), picture(2, aspect: 1.56, scene(1))]).isEmpty)
        #expect(pairs([picture(1, scene(1)), picture(2, aspect: 1.53, scene(1))]).count == 1)
        #expect(pairs([picture(1) { _, _ in 90 }, picture(2) { _, _ in 90 }]).isEmpty)
        let faint: (Int, Int) -> Double = { x, _ in x < 12 ? 90 : 96 }
        #expect(pairs([picture(1, faint), picture(2, faint)]).isEmpty)
        #expect(pairs([]).isEmpty)
    }

    @Test("Features with the wrong number of greys are refused")
    func refused() {
        for count in [0, 575, 577] {
            let features = PictureFeatures(
                greys: [UInt8](repeating: 0, count: count), differenceHash: 0, sharpness: 0,
                brightness: 0, darkFraction: 0, brightFraction: 0,
                thumbnail: [UInt8](repeating: 0, count: 4096), blur: noEdges)
            #expect(features == nil)
        }
    }
}
