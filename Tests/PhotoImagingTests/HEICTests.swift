import PhotoImaging
import TestSupport
import Testing

@Suite struct HEICTests {
    @Test("A HEIC shows its picture, reduced as asked, and when it was taken")
    func whole() throws {
        let picture = try Pictures.patches(width: 192, height: 128)
        var exif = ExifBlock()
        exif.main[0x0110] = .text("Phone 3")
        exif.detail[0x9003] = .text("2023:12:31 23:59:59")
        let photo = try PhotoSource(bytes: picture.heicData(quality: 100, exif: exif.bytes))
        #expect(photo.metadata.taken?.wallClock == "2023-12-31T23:59:59")
        #expect(photo.metadata.camera == "Phone 3")
        let pixels = try photo.pixels(maximumSide: 12)
        let expected = try picture.reduced(maximumSide: 12)
        let difference = Pictures.largestDifference(pixels, expected)
        #expect(difference <= 12)
        #expect(pixels.damage == nil)
        #expect(pixels.decodedFraction == 1)
    }

    @Test("A HEIC that ends early is refused wherever it ends")
    func cutShort() throws {
        let bytes = try Pictures.noise(width: 64, height: 64).heicData(quality: 50)
        for byteCount in stride(from: 12, to: bytes.count, by: 23) {
            let error = #expect(throws: ImageError.self) {
                _ = try PhotoSource(bytes: Array(bytes[..<byteCount])).pixels()
            }
            #expect(error?.code == .endsEarly)
        }
    }
}
