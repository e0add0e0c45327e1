import PhotoImaging
import TestSupport
import Testing

/// HEIC as phones and programs write it, which old versions of libheif refuse (issue 15).
@Suite struct HEIFContainerTests {
    static let block = ExifVariantTests.block

    /// Encoded once: that takes time.
    static let picture = Result {
        try HEIFFile.picture(in: Pictures.patches(width: 64, height: 64).heicData(quality: 100))
    }

    static func box(_ type: String, _ count: Int) -> [UInt8] {
        HEIFFile.box(type, Array(repeating: 7, count: count))
    }

    static let video = HEIFFile.box("ftyp", Array("mp42\0\0\0\0mp42isom".utf8)) + box("mdat", 500)

    static let trailers: [[UInt8]] = [
        Array("/>\n</x:xmpmeta>\n<?xpacket end='w'?>".utf8),
        Array("MotionPhoto_Data".utf8) + video,
        [0, 0, 1, 10] + Array("Image_UTC_Data1714557600000SEFHk\0\0\0SEFT".utf8),
        [13, 10, 0], Array(repeating: 0, count: 7), Array(repeating: 0, count: 200), [0xFF],
        Array(repeating: 0xFF, count: 300), HEIFFile.box("mpvd", video), video,
        HEIFFile.box("meta", [0, 0, 0, 0]), box("uuid", 40),
    ]

    @Test("Bytes after the boxes of a HEIC are no part of the picture", arguments: trailers)
    func trailer(trailer: [UInt8]) throws {
        let picture = try Pictures.patches(width: 64, height: 64)
        let plain = try picture.heicData(quality: 100, exif: Self.block)
        let photo = try PhotoSource(bytes: plain + trailer)
        #expect(photo.bytes == plain + trailer)
        #expect(photo.metadata.taken?.wallClock == "2020-02-02T02:02:02")
        let pixels = try photo.pixels()
        let expected = try PhotoSource(bytes: plain).pixels()
        let difference = Pictures.largestDifference(pixels, expected)
        #expect(difference == 0)
        #expect(pixels.damage == nil)
    }

    struct Variant: Sendable, CustomTestStringConvertible {
        let name: String
        var references: [(type: String, from: Int, to: [Int])] = [("cdsc", 3, [1])]
        var items: @Sendable (HEIFFile.Item) -> [Int: HEIFFile.Item] = { [1: $0] }

        var testDescription: String { name }
    }

    static let gain = "urn:com:apple:photo:2020:aux:hdrgainmap"
    static let depth = "urn:mpeg:hevc:2015:auxid:2"
    static let variants: [Variant] = [
        Variant(name: "plain"),
        Variant(
            name: "a gain map", references: [("auxl", 2, [1]), ("cdsc", 3, [1])],
            items: { [1: $0, 2: $0.auxiliary(gain)] }),
        Variant(
            name: "a gain map of picture and tone map",
            references: [("dimg", 4, [1, 2]), ("auxl", 2, [1, 4]), ("cdsc", 3, [1])],
            items: withToneMap),
        Variant(
            name: "EXIF of picture and tone map",
            references: [("dimg", 4, [1, 2]), ("auxl", 2, [1]), ("cdsc", 3, [1, 4])],
            items: withToneMap),
        Variant(
            name: "a depth map of the tone map", references: [("auxl", 2, [4]), ("cdsc", 3, [1])],
            items: {
                var items = withToneMap($0)
                items[2] = $0.auxiliary(depth)
                return items
            }),
        Variant(
            name: "EXIF of the tone map", references: [("cdsc", 3, [4])], items: withToneMap),
        Variant(
            name: "a thumbnail of picture and tone map",
            references: [("thmb", 2, [1, 4]), ("cdsc", 3, [1])], items: withToneMap),
        Variant(
            name: "a thumbnail of nothing", references: [("thmb", 2, [9]), ("cdsc", 3, [1])],
            items: { [1: $0, 2: $0] }),
        Variant(name: "EXIF of nothing", references: []),
        Variant(
            name: "EXIF of another picture first",
            references: [("cdsc", 2, [5]), ("cdsc", 3, [1])],
            items: {
                var other = ExifBlock()
                other.main[0x0110] = .text("Other")
                other.detail[0x9003] = .text("1999:01:01 00:00:00")
                return [1: $0, 2: .exif(other.bytes), 5: $0]
            }),
    ]

    /// The picture, its gain map, and both together.
    static let withToneMap: @Sendable (HEIFFile.Item) -> [Int: HEIFFile.Item] = { picture in
        [
            1: picture, 2: picture.auxiliary(gain),
            4: HEIFFile.Item(type: "tmap", content: Array(repeating: 0, count: 62)),
        ]
    }

    @Test(
        "A HEIC shows its picture and its time, whatever else it holds", arguments: variants,
        [false, true])
    func variant(variant: Variant, isInside: Bool) throws {
        let picture = try Self.picture.get()
        var file = HEIFFile(items: variant.items(picture))
        file.items[3] = .exif(Self.block)
        (file.references, file.isInside) = (variant.references, isInside)
        let photo = try PhotoSource(bytes: file.bytes)
        #expect(photo.metadata.taken?.wallClock == "2020-02-02T02:02:02")
        #expect(photo.metadata.camera == "Phone")
        #expect(photo.metadata.orientation == 1)
        let pixels = try photo.pixels()
        let expected = try Pictures.patches(width: 64, height: 64)
        let difference = Pictures.largestDifference(pixels, expected)
        #expect(difference <= 2 * OrientationTests.lossyTolerance)
        #expect(pixels.damage == nil)
    }

    static let beginnings: [[UInt8]] = {
        let named = Array("Exif\0\0".utf8) + block
        return [
            [0, 0, 0, 0] + block, [0, 0, 0, 0] + named, [0, 0, 0, 255] + named,
            [0, 0, 0, 3, 9, 9, 9] + block, block, named,
        ]
    }()

    @Test("EXIF of a HEIC is read however its start is given", arguments: beginnings)
    func beginning(content: [UInt8]) throws {
        var file = HEIFFile(items: [1: try Self.picture.get()])
        file.items[3] = HEIFFile.Item(type: "Exif", content: content)
        file.references = [("cdsc", 3, [1])]
        #expect(try PhotoSource(bytes: file.bytes).metadata.camera == "Phone")
    }

    @Test("A last box that claims too many bytes costs nothing, and is reported")
    func longBox() throws {
        var bytes = HEIFFile(items: [1: try Self.picture.get()]).bytes
        let place = try #require(bytes.indices.first { bytes[$0...].starts(with: "mdat".utf8) })
        bytes[place - 2] += 1
        let pixels = try PhotoSource(bytes: bytes).pixels()
        #expect(pixels.damage == "the file ends early, after the picture's last row")
        #expect(pixels.decodedFraction == 1)
        let error = #expect(throws: ImageError.self) { try PhotoSource(bytes: bytes.dropLast()) }
        #expect(error?.code == .endsEarly)
    }

    @Test("An item after the last box makes a HEIC count as cut short", arguments: 1...12)
    func itemBehind(count: Int) throws {
        // The box of the data ends before its last bytes.
        var bytes = HEIFFile(items: [1: try Self.picture.get()]).bytes
        let place = try #require(bytes.indices.first { bytes[$0...].starts(with: "mdat".utf8) })
        let length = bytes.count - (place - 4) - count
        (bytes[place - 2], bytes[place - 1]) = (UInt8(length >> 8), UInt8(length & 255))
        let error = #expect(throws: ImageError.self) {
            _ = try PhotoSource(bytes: bytes).pixels()
        }
        #expect(error != nil)
    }

    @Test("A list of items with changed bytes is read or refused", arguments: 1...20)
    func changedList(seed: UInt64) throws {
        var file = HEIFFile(items: Self.withToneMap(try Self.picture.get()))
        file.items[3] = .exif(Self.block)
        file.references = [("auxl", 2, [1, 4]), ("cdsc", 3, [1, 4])]
        let bytes = file.bytes
        let end = try #require(bytes.indices.first { bytes[$0...].starts(with: "mdat".utf8) })
        var random = SplitMix64(seed: seed)
        for _ in 0..<50 {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                changed[Int.random(in: 0..<end, using: &random)] = .random(
                    in: 0...255, using: &random)
            }
            do {
                _ = try PhotoSource(bytes: changed)
            } catch {
                #expect(!error.reason.isEmpty)
            }
        }
    }
}
