import PhotoImaging
import TestSupport
import Testing

@Suite struct OrientationTests {
    /// How much a lossy format may change a patch of one colour, of 255.
    static let lossyTolerance = 6

    @Test("A JPEG stands upright whatever its orientation", arguments: 1...8)
    func jpeg(orientation: Int) throws {
        let upright = try Pictures.patches(width: 64, height: 48)
        var options = JPEGOptions()
        options.quality = 100
        options.isColourHalved = false
        options.exif = ExifBlock(orientation: orientation).bytes
        let bytes = try Pictures.stored(upright, orientation: orientation).jpegData(options)
        let photo = try PhotoSource(bytes: bytes)
        #expect(photo.format == .jpeg)
        #expect((photo.uprightWidth, photo.uprightHeight) == (64, 48))
        #expect(photo.metadata.orientation == orientation)
        let pixels = try photo.pixels()
        let difference = Pictures.largestDifference(pixels, upright)
        #expect(difference <= Self.lossyTolerance)
    }

    @Test("A PNG stands upright whatever its orientation, pixel by pixel", arguments: 1...8)
    func png(orientation: Int) throws {
        let upright = try Pictures.noise(width: 37, height: 21)
        let photo = try PhotoSource(bytes: png(upright, orientation: orientation))
        #expect((photo.uprightWidth, photo.uprightHeight) == (37, 21))
        let pixels = try photo.pixels()
        let difference = Pictures.largestDifference(pixels, upright)
        #expect(difference == 0)
    }

    @Test("Reducing and turning at once is the same as one after the other", arguments: 1...8)
    func reduced(orientation: Int) throws {
        let upright = try Pictures.noise(width: 61, height: 40)
        let expected = try upright.reduced(maximumSide: 23)
        let photo = try PhotoSource(bytes: png(upright, orientation: orientation))
        let pixels = try photo.pixels(maximumSide: 23)
        #expect((pixels.width, pixels.height) == (23, 15))
        let difference = Pictures.largestDifference(pixels, expected)
        #expect(difference == 0)
    }

    @Test("A HEIC is turned by its own container, and only once", arguments: 1...8)
    func heic(orientation: Int) throws {
        let upright = try Pictures.patches(width: 128, height: 64)
        // Cameras write the orientation twice, in the container and in EXIF.
        let bytes = try Pictures.stored(upright, orientation: orientation).heicData(
            quality: 100, orientation: orientation,
            exif: ExifBlock(orientation: orientation).bytes)
        let photo = try PhotoSource(bytes: bytes)
        #expect(photo.format == .heic)
        #expect((photo.uprightWidth, photo.uprightHeight) == (128, 64))
        #expect(photo.metadata.orientation == 1)
        let pixels = try photo.pixels()
        let difference = Pictures.largestDifference(pixels, upright)
        #expect(difference <= 2 * Self.lossyTolerance)
    }

    @Test("An orientation outside 1...8 changes nothing", arguments: [0, 9, 42, 65535])
    func nonsense(orientation: Int) throws {
        let picture = try Pictures.noise(width: 20, height: 10)
        let photo = try PhotoSource(bytes: png(picture, storedAs: orientation))
        #expect(photo.metadata.orientation == 1)
        let pixels = try photo.pixels()
        let difference = Pictures.largestDifference(pixels, picture)
        #expect(difference == 0)
    }

    /// `upright` as a PNG that has to be turned.
    private func png(_ upright: borrowing PixelBuffer, orientation: Int) throws -> [UInt8] {
        try png(Pictures.stored(upright, orientation: orientation), storedAs: orientation)
    }

    private func png(_ picture: borrowing PixelBuffer, storedAs orientation: Int) throws -> [UInt8]
    {
        let plain = try picture.pngData()
        // The chunk goes right after the header: signature 8, IHDR 25 bytes.
        let exif = PNGFile.chunk("eXIf", ExifBlock(orientation: orientation).bytes)
        return plain[..<33] + exif + plain[33...]
    }
}
