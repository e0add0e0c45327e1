import PhotoImaging
import TestSupport
import Testing

@Suite struct PNGTests {
    struct Kind: Sendable, CustomTestStringConvertible {
        let colour: PNGFile.Colour
        let depth: Int
        let isInterlaced: Bool

        var testDescription: String {
            "\(colour), \(depth) bits\(isInterlaced ? ", interlaced" : "")"
        }

        static let all = PNGFile.Colour.allCases.flatMap { colour in
            colour.depths.flatMap { depth in
                [false, true].map { Kind(colour: colour, depth: depth, isInterlaced: $0) }
            }
        }
    }

    @Test("Every kind of PNG gives the pixels it stores, on white", arguments: Kind.all)
    func kinds(kind: Kind) throws {
        let largest = 1 << kind.depth - 1
        let sample: @Sendable (Int, Int) -> [Int] = { x, y in
            (0..<kind.colour.channelCount).map { (x * 3 + y * 5 + $0 * 11) * 1009 % (largest + 1) }
        }
        var file = PNGFile(width: 19, height: 13, sample: sample)
        (file.colour, file.depth) = (kind.colour, kind.depth)
        file.isInterlaced = kind.isInterlaced
        let palette = (0..<(largest + 1) * 3).map { UInt8($0 * 77 % 256) }
        if kind.colour == .palette { file.palette = palette }
        let pixels = try PhotoSource(bytes: file.bytes).pixels()
        #expect((pixels.width, pixels.height) == (19, 13))
        #expect(pixels.damage == nil)

        var largestDifference = 0.0
        for y in 0..<13 {
            for x in 0..<19 {
                let values = sample(x, y).map { Double($0) / Double(largest) * 255 }
                func onWhite(_ value: Double, _ alpha: Double) -> Double {
                    (value * alpha + 255 * (255 - alpha)) / 255
                }
                let expected: [Double] =
                    switch kind.colour {
                    case .grey: [values[0], values[0], values[0]]
                    case .full: values
                    case .palette: (0..<3).map { Double(palette[sample(x, y)[0] * 3 + $0]) }
                    case .greyWithAlpha: Array(repeating: onWhite(values[0], values[1]), count: 3)
                    case .fullWithAlpha: values[0..<3].map { onWhite($0, values[3]) }
                    }
                let pixel = pixels[x, y]
                for (value, channel) in zip(expected, [pixel.red, pixel.green, pixel.blue]) {
                    largestDifference = max(largestDifference, abs(value - Double(channel)))
                }
            }
        }
        // Rounding to 8 bits happens twice: of 16 bits, and on white.
        #expect(largestDifference <= 1.01)
    }

    @Test("Transparent palette colours and greys are white")
    func transparency() throws {
        var file = PNGFile(width: 2, height: 1) { x, _ in [x] }
        (file.colour, file.palette) = (.palette, [10, 20, 30, 40, 50, 60])
        file.transparency = [0]
        let pixels = try PhotoSource(bytes: file.bytes).pixels()
        #expect(pixels[0, 0] == (255, 255, 255))
        #expect(pixels[1, 0] == (40, 50, 60))

        var grey = PNGFile(width: 2, height: 1) { x, _ in [x == 0 ? 7 : 8] }
        (grey.colour, grey.transparency) = (.grey, [0, 7])
        let greyPixels = try PhotoSource(bytes: grey.bytes).pixels()
        #expect(greyPixels[0, 0] == (255, 255, 255))
        #expect(greyPixels[1, 0] == (8, 8, 8))
    }

    @Test(
        "A PNG that ends before its last row is refused wherever it ends",
        arguments: [false, true])
    func cutShort(isInterlaced: Bool) throws {
        var file = PNGFile(width: 12, height: 30) { x, y in [x * 20, y * 8, 100] }
        file.isInterlaced = isInterlaced
        let bytes = file.bytes
        // IEND takes 12 bytes, the check sums of the data and of their chunk 8 before it.
        for byteCount in 8..<bytes.count - 20 {
            let error = #expect(throws: ImageError.self) {
                _ = try PhotoSource(bytes: Array(bytes[..<byteCount])).pixels()
            }
            #expect(error?.code == .endsEarly)
            #expect(error?.reason == "the picture ends early")
        }
    }

    @Test("A PNG that ends after its last row is shown and is damaged")
    func endMissing() throws {
        let bytes = PNGFile(width: 12, height: 30) { x, y in [x * 20, y * 8, 100] }.bytes
        let pixels = try PhotoSource(bytes: Array(bytes.dropLast(12))).pixels()
        #expect(pixels.damage == "the file ends early, after the picture's last row")
        #expect(pixels.decodedFraction == 1)
    }

    @Test(
        "A PNG with a wrong check sum is shown; it is damaged when the sum is the picture's",
        arguments: [
            ("IDAT", "parts of the picture are damaged"),
            ("IEND", "parts of the picture are damaged"), ("eXIf", nil), ("tEXt", nil),
        ] as [(String, String?)])
    func wrongCheckSum(type: String, damage: String?) throws {
        let picture = try Pictures.noise(width: 40, height: 40)
        let plain = try picture.pngData()
        let chunks = [("eXIf", [1, 2]), ("tEXt", [65, 0, 66])].flatMap(PNGFile.chunk)
        var bytes = Array(plain[..<33] + chunks + plain[33...])
        let place = try #require(bytes.indices.first { bytes[$0...].starts(with: type.utf8) })
        let length = bytes[place - 4..<place].reduce(0) { $0 << 8 | Int($1) }
        bytes[place + 4 + length] ^= 0xFF
        let pixels = try PhotoSource(bytes: bytes).pixels()
        let difference = Pictures.largestDifference(pixels, picture)
        #expect(difference == 0)
        #expect(pixels.damage == damage)
    }

    @Test("A PNG whose data stream has a wrong sum is shown")
    func wrongSumOfData() throws {
        let file = PNGFile(width: 12, height: 30) { x, y in [x * 20, y * 8, 100] }
        let whole = file.bytes
        let place = try #require(whole.indices.first { whole[$0...].starts(with: "IDAT".utf8) })
        // The chunk's last four bytes; the end and the chunk's sum follow.
        var data = Array(whole[place + 4..<whole.count - 16])
        data[data.count - 1] ^= 0xFF
        let bytes =
            whole[..<(place - 4)] + PNGFile.chunk("IDAT", data) + whole[(whole.count - 12)...]
        let pixels = try PhotoSource(bytes: Array(bytes)).pixels()
        let difference = Pictures.largestDifference(pixels, try PhotoSource(bytes: whole).pixels())
        #expect(difference == 0)
    }

    @Test("A PNG whose data cannot be inflated is refused")
    func wrongData() throws {
        let whole = PNGFile(width: 12, height: 30) { x, y in [x * 20, y * 8, 100] }.bytes
        let place = try #require(whole.indices.first { whole[$0...].starts(with: "IDAT".utf8) })
        var bytes = whole
        // The length of the stored data, and its copy.
        bytes[place + 9] ^= 0xFF
        let error = #expect(throws: ImageError.self) { _ = try PhotoSource(bytes: bytes).pixels() }
        #expect(error?.code == .unreadable)
    }
}
