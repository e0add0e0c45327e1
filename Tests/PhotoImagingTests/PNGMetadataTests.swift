@testable import PhotoImaging
import TestSupport
import Testing

/// EXIF in PNG, wherever programs put it (issue 15). The expected values come from exiftool 12.57
/// and Pillow 13; if they differ, the `eXIf` chunk counts, as in browsers.
@Suite struct PNGMetadataTests {
    struct Variant: Sendable, CustomTestStringConvertible {
        let name: String
        let chunks: [UInt8]
        var isBehindPicture = false
        var orientation = 6

        var testDescription: String { name }
    }

    static let block = ExifVariantTests.block
    static let named = Array("Exif\0\0".utf8) + block

    /// As ImageMagick writes it: a name, the byte count, and two digits for each byte.
    static func profile(_ content: [UInt8], name: String = "exif", count: Int? = nil) -> [UInt8] {
        let digits = content.flatMap {
            (String($0 >> 4, radix: 16) + String($0 & 15, radix: 16)).utf8
        }
        let lines = stride(from: 0, to: digits.count, by: 72).flatMap {
            digits[$0..<min($0 + 72, digits.count)] + [0x0A]
        }
        return Array("\n\(name)\n    \(count ?? content.count)\n".utf8) + lines
    }

    static func text(_ keyword: String, _ content: [UInt8]) -> [UInt8] {
        PNGFile.chunk("tEXt", keyword.utf8 + [0] + content)
    }

    static func compressed(_ keyword: String, _ content: [UInt8]) -> [UInt8] {
        PNGFile.chunk("zTXt", keyword.utf8 + [0, 0] + PNGFile.stored(content))
    }

    static let chunk = PNGFile.chunk("eXIf", block)
    static let upright = PNGFile.chunk("eXIf", ExifBlock(orientation: 1).bytes)
    static let variants: [Variant] = [
        Variant(name: "before the picture", chunks: chunk),
        Variant(name: "behind the picture", chunks: chunk, isBehindPicture: true),
        Variant(name: "with JPEG's name", chunks: PNGFile.chunk("eXIf", named)),
        Variant(name: "with a wrong check sum", chunks: chunk.dropLast() + [chunk.last! ^ 255]),
        Variant(name: "as text", chunks: text("Raw profile type exif", profile(block))),
        Variant(
            name: "as text behind the picture",
            chunks: text("Raw profile type exif", profile(named)), isBehindPicture: true),
        Variant(
            name: "as compressed text", chunks: compressed("Raw profile type exif", profile(block))
        ),
        Variant(
            name: "as international text",
            chunks: PNGFile.chunk(
                "iTXt",
                "Raw profile type exif\0\0\0en\0Rohprofil\0".utf8 + profile(block))),
        Variant(
            name: "as compressed international text",
            chunks: PNGFile.chunk(
                "iTXt",
                "Raw profile type exif\0\u{1}\0\0\0".utf8 + PNGFile.stored(profile(block)))),
        Variant(
            name: "as text of the old name",
            chunks: text("Raw profile type APP1", profile(named, name: "generic profile"))),
        Variant(
            name: "as compressed text of the old name",
            chunks: compressed("Raw profile type APP1", profile(named, name: "generic profile"))),
        Variant(
            name: "as text with a wrong count",
            chunks: text("Raw profile type exif", profile(block, count: 9999))),
        Variant(
            name: "an empty chunk before it", chunks: PNGFile.chunk("eXIf", []) + chunk),
        Variant(
            name: "upright in the chunk, turned in the text",
            chunks: text("Raw profile type exif", profile(block)) + upright, orientation: 1),
        Variant(name: "another chunk after it", chunks: chunk + upright),
    ]

    @Test("EXIF of a PNG is found wherever exiftool or Pillow find it", arguments: variants)
    func variant(variant: Variant) throws {
        let png = PNGFile(width: 16, height: 8) { x, y in [x, y, 0] }.bytes
        // The end takes 12 bytes, the signature and the header 33.
        let place = variant.isBehindPicture ? png.count - 12 : 33
        let photo = try PhotoSource(bytes: png[..<place] + variant.chunks + png[place...])
        #expect(photo.metadata.orientation == variant.orientation)
        #expect(photo.metadata.taken?.wallClock == "2020-02-02T02:02:02")
        #expect(photo.metadata.camera == "Phone")
        let damage = try photo.pixels().damage
        #expect(damage == nil)
    }

    @Test(
        "Text without EXIF, or that only claims it, is ignored",
        arguments: [
            text("Raw profile type APP1", profile(Array("http://ns.adobe.com/xap/1.0/\0".utf8))),
            text("Raw profile type exif", []), text("Raw profile type exif", [0x0A, 0x0A, 0x0A]),
            text("Raw profile type exif", Array("\nexif\n 4\nxyz".utf8)),
            text("Comment", profile(block)), PNGFile.chunk("zTXt", []),
            PNGFile.chunk("zTXt", Array("Raw profile type exif".utf8)),
            PNGFile.chunk("zTXt", "Raw profile type exif\0\0".utf8 + [1, 2, 3, 4]),
            PNGFile.chunk("iTXt", Array("Raw profile type exif\0\u{1}".utf8)),
        ])
    func nothing(chunk: [UInt8]) throws {
        let png = PNGFile(width: 16, height: 8) { x, y in [x, y, 0] }.bytes
        let photo = try PhotoSource(bytes: png[..<33] + chunk + png[33...])
        #expect(photo.metadata == PhotoMetadata(orientation: 1, taken: nil, camera: nil))
    }

    @Test("The size of inflated text is bounded", .slow)
    func bomb() throws {
        // Deflate's fixed codes: one digit, then 258 more of them in every 13 bits.
        var (stream, bits, bitCount): ([UInt8], Int, Int) = ([0x78, 0x01], 0, 0)
        func write(_ code: [Int]) {
            for bit in code {
                bits |= bit << bitCount
                bitCount += 1
                if bitCount == 8 {
                    stream.append(UInt8(bits))
                    (bits, bitCount) = (0, 0)
                }
            }
        }
        write([1, 1, 0])
        write([0, 1, 1, 0, 0, 0, 0, 0])
        for _ in 0..<400_000 { write([1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0]) }
        let text = PNGFile.chunk("zTXt", "Raw profile type exif\0\0".utf8 + stream)
        let png = PNGFile(width: 16, height: 8) { x, y in [x, y, 0] }.bytes
        // 6 GB if nothing stops it.
        let texts = (0..<60).flatMap { _ in text }
        let start = ThreadTime.now
        let photo = try PhotoSource(bytes: png[..<33] + texts + png[33...])
        #expect(ThreadTime.now - start < .seconds(10))
        #expect(photo.metadata.taken == nil)
    }
}
