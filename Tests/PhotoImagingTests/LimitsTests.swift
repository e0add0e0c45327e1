import Foundation
import PhotoImaging
import SystemPackage
import TestSupport
import Testing

@Suite struct LimitsTests {
    @Test("A picture above the limit on pixels is refused from its header")
    func tooManyPixels() throws {
        var jpeg = try Pictures.noise(width: 16, height: 16).jpegData()
        let frame = try #require(jpeg.indices.first { jpeg[$0...].starts(with: [0xFF, 0xC0]) })
        for side in [65000, 65535] {
            let half = [UInt8(side >> 8), UInt8(side & 255)]
            jpeg.replaceSubrange(frame + 5..<frame + 9, with: half + half)
            let error = #expect(throws: ImageError.self) { try PhotoSource(bytes: jpeg) }
            #expect(error?.code == .tooLarge)
        }
        for (width, height) in [(65000, 65000), (200_000_001, 1), (1, 0x7FFF_FFFF)] {
            var png = PNGFile(width: 1, height: 1) { _, _ in [0, 0, 0] }.bytes
            let size = [width, height].flatMap { side in
                [24, 16, 8, 0].map { UInt8(side >> $0 & 255) }
            }
            let header = size + [8, 2, 0, 0, 0]
            png.replaceSubrange(8..<33, with: PNGFile.chunk("IHDR", header))
            let error = #expect(throws: ImageError.self) { try PhotoSource(bytes: png) }
            #expect(error?.code == .tooLarge)
        }
        var heic = try Pictures.noise(width: 64, height: 64).heicData()
        let sizes = heic.indices.filter { heic[$0...].starts(with: "ispe".utf8) }
        for position in sizes {
            heic.replaceSubrange(
                position + 8..<position + 16, with: [0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30])
        }
        let error = #expect(throws: ImageError.self) { try PhotoSource(bytes: heic) }
        #expect(error?.code == .tooLarge)
    }

    @Test("A file above the limit on bytes is refused without being read")
    func tooManyBytes() throws {
        try withFile([]) { path in
            let file = try FileDescriptor.open(path, .writeOnly)
            // Sparse: the file takes no room.
            try file.writeAll(toAbsoluteOffset: Int64(PhotoSource.maximumByteCount), [0])
            try file.close()
            let error = #expect(throws: ImageError.self) { try PhotoSource(path: path) }
            #expect(error?.code == .tooLarge)
            #expect(error?.reason == "the file is larger than 1 GB")
        }
    }

    @Test("A file is read by its content, whatever its name")
    func misnamed() throws {
        let bytes = try Pictures.noise(width: 20, height: 10).pngData()
        try withFile(bytes, name: "holiday.jpg") { path in
            let photo = try PhotoSource(path: path)
            #expect(photo.format == .png)
            #expect(photo.bytes == bytes)
        }
    }

    @Test("A file that is no photo is refused with a sentence on what it is")
    func noPhoto() throws {
        let cases: [([UInt8], String)] = [
            ([], "the file is empty"),
            (Array(repeating: 0, count: 5000), "the file holds nothing but zeros"),
            (Array("Dear diary".utf8), "its content is not a JPEG, PNG or HEIC picture"),
            (
                Array("RIFF\0\0\0\0WEBPVP8 ".utf8),
                "its content is a WebP picture, which is not read"
            ),
        ]
        for (bytes, reason) in cases {
            let error = #expect(throws: ImageError.self) { try PhotoSource(bytes: bytes) }
            #expect(error == ImageError(code: .notAPhoto, reason: reason))
        }
    }

    @Test("Random bytes after any signature are refused", arguments: 1...50)
    func random(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let noise = (0..<3000).map { _ in UInt8(generator.next() & 255) }
        let signatures: [[UInt8]] = [
            [], [0xFF, 0xD8, 0xFF], [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A],
            [0, 0, 0, 24] + Array("ftypheic\0\0\0\0mif1heic".utf8),
        ]
        for signature in signatures {
            #expect(throws: ImageError.self) {
                _ = try PhotoSource(bytes: signature + noise).pixels()
            }
        }
    }

    @Test("A missing file, and a folder, are not accessible")
    func notAccessible() throws {
        try withFile([]) { path in
            for path in [path.removingLastComponent(), path.appending("x")] {
                let error = #expect(throws: ImageError.self) { try PhotoSource(path: path) }
                #expect(error?.code == .notAccessible)
                #expect(error?.reason.hasPrefix("the file cannot be read (") == true)
            }
        }
    }

    /// Gives `body` a file in a folder of its own, removed afterwards.
    private func withFile(
        _ bytes: [UInt8], name: String = "file", _ body: (FilePath) throws -> Void
    ) throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "facesort-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: name)
        try Data(bytes).write(to: file)
        try body(FilePath(file.path))
    }
}
