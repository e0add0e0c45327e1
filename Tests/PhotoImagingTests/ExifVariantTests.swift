import Foundation
@testable import PhotoImaging
import TestSupport
import Testing

/// EXIF as cameras and programs wrongly write it, inside a JPEG (issue 15).
///
/// The expected values come from exiftool 12.57, Pillow 13 and Chromium. A fact counts when one of
/// them finds it; where they differ, what most of them show.
@Suite struct ExifVariantTests {
    struct Variant: Sendable, CustomTestStringConvertible {
        let name: String
        /// The bytes between the mark of the JPEG's beginning and the rest.
        let bytes: [UInt8]
        var orientation = 6
        var hasTime = true
        var camera: String? = "Phone"

        var testDescription: String { name }
    }

    /// Six, a time and a camera.
    static let block = block { _ in }

    static func block(_ change: (inout ExifBlock) -> Void) -> [UInt8] {
        var block = ExifBlock(orientation: 6)
        block.main[0x0110] = .text("Phone")
        block.detail[0x9003] = .text("2020:02:02 02:02:02")
        change(&block)
        return block.bytes
    }

    static func orientation(_ type: Int, _ count: Int, _ bytes: [UInt8]) -> [UInt8] {
        JPEGFile.exif(
            block { $0.main[0x0112] = .other(type: type, count: count, bytes: bytes) })
    }

    static let betweenSegments: [Variant] = {
        let six = JPEGFile.exif(block)
        let jfif = JPEGFile.segment(0xE0, Array("JFIF\0\u{1}\u{1}\0\0\u{1}\0\u{1}\0\0".utf8))
        let short = jfif[..<2] + [0, 14] + jfif[4...]
        return [
            Variant(name: "nothing", bytes: jfif + six),
            Variant(name: "one byte", bytes: jfif + [0x0A] + six),
            Variant(name: "seven bytes", bytes: jfif + Array(repeating: 0x0A, count: 7) + six),
            Variant(name: "0xFF and a zero", bytes: jfif + [0xFF, 0] + six),
            Variant(name: "0xFF that fill", bytes: jfif + [0xFF, 0xFF, 0xFF] + six),
            Variant(name: "100,000 zeros", bytes: jfif + Array(repeating: 0, count: 100_000) + six),
            Variant(name: "a comment", bytes: jfif + JPEGFile.segment(0xFE, [0x78]) + six),
            Variant(name: "bytes behind EXIF", bytes: jfif + six + [0x0A, 0x0A]),
            Variant(name: "a segment longer than it says", bytes: short + six),
            Variant(name: "a segment of length 1", bytes: [0xFF, 0xE2, 0, 1] + six),
            Variant(name: "a restart marker", bytes: [0xFF, 0xD0] + six),
            Variant(name: "a marker without meaning", bytes: [0xFF, 0x01] + six),
            Variant(
                name: "an unknown segment and bytes",
                bytes: JPEGFile.segment(0xE5, [1, 2, 3]) + [0x7A, 0x7A] + six),
            Variant(
                name: "EXIF of length 0", bytes: six[..<2] + [0, 0] + six[4...], orientation: 1,
                hasTime: false, camera: nil),
        ]
    }()

    static let names: [Variant] =
        [
            "Exif\0\u{7F}", "exif\0\0", "EXIF\0\0", "abcdExif\0\0", "Exif\0\0Exif\0\0",
        ].map { Variant(name: $0.debugDescription, bytes: JPEGFile.exif(block, name: $0)) }
        + ["", "Exif", "abcdeExif\0\0"].map {
            Variant(
                name: $0.debugDescription, bytes: JPEGFile.exif(block, name: $0), orientation: 1,
                hasTime: false, camera: nil)
        }

    static let severalBlocks: [Variant] = {
        let six = JPEGFile.exif(block)
        let xmp = JPEGFile.segment(0xE1, Array("http://ns.adobe.com/xap/1.0/\0<x/>".utf8))
        let long = block { $0.start = 70_000 }
        let continued = JPEGFile.exif(Array(long[65_000...]))
        return [
            Variant(name: "XMP first", bytes: xmp + six),
            Variant(name: "an empty one first", bytes: JPEGFile.exif([]) + six),
            Variant(
                name: "zeros first", bytes: JPEGFile.exif(Array(repeating: 0, count: 32)) + six),
            Variant(
                name: "one without orientation first",
                bytes: JPEGFile.exif(ExifBlock().bytes) + six),
            Variant(
                name: "nonsense first",
                bytes: JPEGFile.exif(
                    block {
                        $0.main[0x0112] = .short(99)
                        $0.detail[0x9003] = .text("0000:00:00 00:00:00")
                    }) + six),
            Variant(
                name: "another after it",
                bytes: six
                    + JPEGFile.exif(
                        block {
                            ($0.main[0x0112], $0.main[0x0110]) = (.short(1), .text("Other"))
                            $0.detail[0x9003] = .text("1999:01:01 00:00:00")
                        })),
            Variant(
                name: "an upright one before it",
                bytes: JPEGFile.exif(ExifBlock(orientation: 1).bytes) + six, orientation: 1),
            Variant(
                name: "one in two segments",
                bytes: JPEGFile.exif(Array(long[..<65_000])) + continued),
            Variant(
                name: "one in two segments with a comment between",
                bytes: JPEGFile.exif(Array(long[..<65_000])) + JPEGFile.segment(0xFE, [1])
                    + continued),
        ]
    }()

    static let numbers: [Variant] =
        [
            ("a byte", orientation(1, 1, [6])), ("a digit", orientation(2, 2, [0x36, 0])),
            ("long", orientation(4, 1, [6, 0, 0, 0])),
            ("a fraction", orientation(5, 1, [12, 0, 0, 0, 2, 0, 0, 0])),
            ("a signed byte", orientation(6, 1, [6])), ("anything", orientation(7, 1, [6])),
            ("signed", orientation(8, 1, [6, 0])),
            ("signed long", orientation(9, 1, [6, 0, 0, 0])),
            ("a float", orientation(11, 1, [0, 0, 0xC0, 0x40])),
            ("a double", orientation(12, 1, [0, 0, 0, 0, 0, 0, 0x18, 0x40])),
            ("a directory", orientation(13, 1, [6, 0, 0, 0])),
            ("two numbers", orientation(3, 2, [6, 0, 0, 0])),
            ("six numbers", orientation(3, 6, [6, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0])),
        ].map { Variant(name: "orientation is \($0.0)", bytes: $0.1) }
        + [
            ("0 of a type", orientation(3, 0, [6, 0])), ("type 0", orientation(0, 1, [6])),
            ("beyond the block", orientation(3, 0x7FFF_FFFF, [6, 0])),
            ("not a number", orientation(11, 1, [0, 0, 0xC0, 0x7F])),
            ("a third", orientation(5, 1, [1, 0, 0, 0, 3, 0, 0, 0])),
            ("divided by zero", orientation(5, 1, [6, 0, 0, 0, 0, 0, 0, 0])),
        ].map { Variant(name: "orientation is \($0.0)", bytes: $0.1, orientation: 1) }

    static let directories: [Variant] = [
        Variant(
            name: "big endian",
            bytes: JPEGFile.exif(
                block {
                    $0.isBigEndian = true
                })),
        Variant(name: "at an odd place", bytes: JPEGFile.exif(block { $0.start = 9 })),
        Variant(name: "at 100", bytes: JPEGFile.exif(block { $0.start = 100 })),
        Variant(name: "43 for 42", bytes: JPEGFile.exif(block { $0.magic = 43 })),
        Variant(name: "42 the wrong way round", bytes: JPEGFile.exif(block { $0.magic = 42 << 8 })),
        Variant(
            name: "the time in the first directory",
            bytes: JPEGFile.exif(
                block {
                    $0.main[0x9003] = $0.detail[0x9003]
                    $0.detail = [:]
                })),
        Variant(
            name: "orientation in the second directory",
            bytes: JPEGFile.exif(
                block {
                    $0.detail[0x0112] = $0.main[0x0112]
                    $0.main[0x0112] = nil
                })),
        Variant(
            name: "another orientation in the second directory",
            bytes: JPEGFile.exif(block { $0.detail[0x0112] = .short(1) })),
        Variant(
            name: "more entries than there are",
            bytes: JPEGFile.exif(Array(block[..<8]) + [200, 0] + block[10...])),
        Variant(
            name: "maker note, GPS and type beyond everything",
            bytes: JPEGFile.exif(
                block {
                    let far: [UInt8] = [0xFF, 0xFF, 0xFF, 0x7F]
                    $0.main[0x0100] = .other(type: 0, count: 0, bytes: [])
                    $0.main[0x8825] = .long(0x7FFF_FFFF)
                    $0.detail[0x927C] = .other(type: 7, count: 5_000_000, bytes: far)
                })),
        Variant(
            name: "the time without a zero behind it",
            bytes: JPEGFile.exif(
                block {
                    let time = Array("2020:02:02 02:02:02".utf8)
                    $0.detail[0x9003] = .other(type: 2, count: 19, bytes: time)
                })),
        Variant(
            name: "the time as bytes",
            bytes: JPEGFile.exif(
                block {
                    let time = Array("2020:02:02 02:02:02\0".utf8)
                    $0.detail[0x9003] = .other(type: 7, count: 20, bytes: time)
                })),
        Variant(
            name: "a segment that is cut", bytes: JPEGFile.exif(Array(block.dropLast(10))),
            hasTime: false),
    ]

    @Test(
        "EXIF is found and read wherever exiftool, libjpeg or Pillow do so",
        arguments: betweenSegments + names + severalBlocks + numbers + directories)
    func variant(variant: Variant) throws {
        let jpeg = try Pictures.noise(width: 16, height: 8).jpegData()
        let photo = try PhotoSource(bytes: JPEGFile.adding(variant.bytes, to: jpeg))
        #expect(photo.metadata.orientation == variant.orientation)
        #expect(
            photo.metadata.taken?.wallClock == (variant.hasTime ? "2020-02-02T02:02:02" : nil))
        #expect(photo.metadata.camera == variant.camera)
        let isTurned = variant.orientation == 6
        #expect((photo.uprightWidth, photo.uprightHeight) == (isTurned ? (8, 16) : (16, 8)))
        // Bytes between the segments do not damage the picture.
        let damage = try photo.pixels().damage
        #expect(damage == nil)
    }

    @Test("EXIF counts before the picture's data, not after them")
    func place() throws {
        let jpeg = try Pictures.noise(width: 16, height: 8).jpegData()
        let data = try #require(jpeg.indices.first { jpeg[$0...].starts(with: [0xFF, 0xDA]) })
        let exif = JPEGFile.exif(Self.block)
        let before = try PhotoSource(bytes: Array(jpeg[..<data] + exif + jpeg[data...]))
        #expect(before.metadata.orientation == 6)
        let behind = try PhotoSource(bytes: jpeg + exif)
        #expect(behind.metadata == PhotoMetadata(orientation: 1, taken: nil, camera: nil))
    }

    static let hostile: [String: [UInt8]] = [
        "zeros": [0], "filling": [0xFF], "no markers": [0xFF, 0],
        "restart markers": [0xFF, 0xD0], "empty segments": [0xFF, 0xE1, 0, 2],
        "EXIF without end": JPEGFile.exif([0x49, 0x49, 42, 0, 8, 0, 0, 0]),
        "EXIF that carries on": JPEGFile.exif([1, 2, 3]),
        "EXIF full of times": JPEGFile.exif(
            [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0x15, 0x40]
                + (0..<5400).flatMap { _ in [0x90, 0x03, 0, 2, 0, 0, 0, 200, 0, 0, 0, 8] }),
    ]

    @Test(
        "100 MB of anything between segments take at most seconds", .slow, arguments: hostile.keys)
    func bounded(name: String) throws {
        var filling = try #require(Self.hostile[name])
        while filling.count < 100_000_000 { filling += filling }
        let jpeg = try Pictures.noise(width: 16, height: 8).jpegData()
        let bytes = JPEGFile.adding(JPEGFile.segment(0xFE, []) + filling, to: jpeg)
        let start = ThreadTime.now
        let photo = try PhotoSource(bytes: bytes)
        // A tenth of this on an idle machine; quadratic work would take hours.
        #expect(ThreadTime.now - start < .seconds(10))
        #expect(photo.metadata.orientation == 1)
        #expect(photo.metadata.taken == nil)
    }
}

/// The time that the processor spent in this thread, however busy the machine is.
enum ThreadTime {
    static var now: Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
