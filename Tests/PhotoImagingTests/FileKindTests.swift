import PhotoImaging
import TestSupport
import Testing

@Suite struct FileKindTests {
    static let tiff: [UInt8] = [0x49, 0x49, 42, 0, 8, 0, 0, 0, 0, 0]

    static func brands(_ main: String, _ others: String...) -> [UInt8] {
        let length = UInt8(16 + 4 * others.count)
        return [0, 0, 0, length] + Array("ftyp\(main)\0\0\0\0\(others.joined())".utf8) + [1, 2, 3]
    }

    @Test(
        "A file's first bytes decide its kind, whatever its name",
        arguments: [
            ([0xFF, 0xD8, 0xFF, 0xE0], "txt", .photo(.jpeg)),
            ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "jpg", .photo(.png)),
            (brands("heic", "mif1", "heic"), "jpg", .photo(.heic)),
            (brands("mif1", "mif1", "heic"), "", .photo(.heic)),
            (brands("mif1"), "heif", .photo(.heic)),
            (brands("msf1", "hevc"), "heif", .photo(.heic)),
            (brands("avif", "mif1", "avif"), "heic", .otherPicture("AVIF")),
            (brands("mif1", "avif"), "jpg", .otherPicture("AVIF")),
            (brands("crx ", "isom"), "cr3", .raw),
            (brands("qt  "), "jpg", .video), (brands("isom", "mp42"), "", .video),
            (brands("M4V "), "m4v", .video), (brands("3gp4"), "3gp", .video),
            (Array("RIFF1234WEBPVP8 ".utf8), "jpg", .otherPicture("WebP")),
            (Array("RIFF1234AVI LIST".utf8), "jpg", .video),
            (Array("GIF89a".utf8), "jpg", .otherPicture("GIF")),
            (tiff, "tif", .otherPicture("TIFF")), (tiff, "jpg", .otherPicture("TIFF")),
            (tiff, "NEF", .raw), (tiff, "dng", .raw), (tiff, "arw", .raw),
            ([0x49, 0x49, 42, 0, 16, 0, 0, 0, 0x43, 0x52, 2, 0], "jpg", .raw),
            ([0x49, 0x49, 0x55, 0, 8], "", .raw), (Array("IIRO".utf8), "orf", .raw),
            (Array("FUJIFILMCCD-RAW 0201".utf8), "jpg", .raw),
            (
                Array("BM".utf8) + [9, 9, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0], "jpg",
                .otherPicture("BMP")
            ),
            ([0x1A, 0x45, 0xDF, 0xA3], "jpg", .video), ([0, 0, 1, 0xBA], "", .video),
            ([0, 0, 0, 8] + Array("moov".utf8), "", .video),
            (Array("moustache".utf8), "mov", .video), (Array("????".utf8), "MTS", .video),
            (Array("????".utf8), "CR2", .raw), (Array("????".utf8), "jpg", .unrecognised),
            ([], "jpg", .unrecognised), ([0xFF], "png", .unrecognised),
            (Array("BM".utf8), "", .unrecognised),
            (Array("RIFF".utf8), "", .unrecognised),
            ([0, 0, 0, 0] + Array("ftyp".utf8), "", .video),
        ] as [([UInt8], String, FileKind)])
    func kinds(bytes: [UInt8], fileExtension: String, kind: FileKind) {
        #expect(FileKind.of(firstBytes: bytes, fileExtension: fileExtension) == kind)
    }

    @Test(
        "A transport stream is a video by its pattern, with and without time stamps",
        arguments: [(0, 188), (4, 192)])
    func transportStream(first: Int, step: Int) {
        var bytes = [UInt8](repeating: 9, count: 900)
        for position in stride(from: first, to: bytes.count, by: step) { bytes[position] = 0x47 }
        #expect(FileKind.of(firstBytes: bytes, fileExtension: "") == .video)
        bytes[first + step] = 0
        #expect(FileKind.of(firstBytes: bytes, fileExtension: "") == .unrecognised)
    }

    @Test("Every seed is recognised, as any collection and in any place")
    func seeds() throws {
        for seed in try PictureSeed.all() {
            let shifted = ([1, 2, 3] + seed.bytes).dropFirst(3)
            let kind = FileKind.of(firstBytes: shifted, fileExtension: "txt")
            #expect(seed.name.hasPrefix("jpeg") == (kind == .photo(.jpeg)))
            #expect(seed.name.hasPrefix("png") == (kind == .photo(.png)))
            #expect(seed.name.hasPrefix("heic") == (kind == .photo(.heic)))
        }
    }

    @Test("A name claims to be a photo in any case")
    func claims() {
        for name in ["jpg", "JPG", "jpeg", "Jpe", "jfif", "png", "HEIC", "heif", "hif"] {
            #expect(FileKind.claimsToBePhoto(fileExtension: name))
        }
        for name in ["", "webp", "gif", "nef", "mov", "txt", "jpg2"] {
            #expect(!FileKind.claimsToBePhoto(fileExtension: name))
        }
    }
}
