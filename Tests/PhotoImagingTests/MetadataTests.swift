import FaceCore
@testable import PhotoImaging
import TestSupport
import Testing

@Suite struct MetadataTests {
    @Test(
        "Time, subseconds, offset and camera are read in both byte orders, from JPEG and PNG",
        arguments: [false, true])
    func everything(isBigEndian: Bool) throws {
        var block = ExifBlock(orientation: 6, isBigEndian: isBigEndian)
        block.main[0x010F] = .text("Canon")
        block.main[0x0110] = .text("Canon EOS 5D Mark III")
        block.detail[0x9003] = .text("2024:05:01 12:33:10")
        block.detail[0x9011] = .text("-03:30")
        block.detail[0x9291] = .text("045")
        let expected = PhotoMetadata(
            orientation: 6,
            taken: TimeTaken("2024-05-01T12:33:10.045", offsetFromUTC: -12600),
            camera: "Canon EOS 5D Mark III")
        #expect(try metadata(block) == expected)
        var png = PNGFile(width: 3, height: 2) { _, _ in [1, 2, 3] }
        png.exif = block.bytes
        #expect(try PhotoSource(bytes: png.bytes).metadata == expected)
    }

    @Test("The time of the exposure comes before that of digitising and that of the last change")
    func order() throws {
        var block = ExifBlock()
        block.main[0x0132] = .text("2024:05:03 00:00:00")
        block.detail[0x9292] = .text("3")
        #expect(try metadata(block).taken?.wallClock == "2024-05-03T00:00:00")
        block.detail[0x9004] = .text("2024:05:02 00:00:00")
        block.detail[0x9012] = .text("+01:00")
        block.detail[0x9292] = .text("12")
        let digitised = TimeTaken("2024-05-02T00:00:00.12", offsetFromUTC: 3600)
        #expect(try metadata(block).taken == digitised)
        block.detail[0x9003] = .text("0000:00:00 00:00:00")
        #expect(try metadata(block).taken == digitised, "nonsense is passed over")
        block.detail[0x9003] = .text("2024:05:01 00:00:00")
        let exposed = TimeTaken("2024-05-01T00:00:00", offsetFromUTC: nil)
        #expect(try metadata(block).taken == exposed, "the offset of another time is not taken")
    }

    @Test(
        "An impossible time is no time",
        arguments: [
            "0000:00:00 00:00:00", "    :  :     :  :  ", "2024:02:30 10:00:00",
            "2023:02:29 10:00:00",
            "1900:02:29 10:00:00", "2024:13:01 10:00:00", "2024:00:10 10:00:00",
            "2024:05:00 10:00:00",
            "2024:05:01 25:00:00", "2024:05:01 10:60:00", "2024:05:01 10:00:61",
            "1700:05:01 10:00:00",
            "2024:05:01", "", "yesterday at noon today", "２０24:05:01 10:00",
        ])
    func nonsense(text: String) throws {
        var block = ExifBlock()
        block.detail[0x9003] = .text(text)
        #expect(try metadata(block).taken == nil)
    }

    @Test(
        "A time is read with any separators, blanks for zeros and the 24th hour of a new day",
        arguments: [
            ("2024:02:29 10:00:60", "2024-02-29T10:00:60"),
            ("2000-02-29T01:02:03", "2000-02-29T01:02:03"),
            ("2024/05/01 12.33.10", "2024-05-01T12:33:10"),
            ("2024:05:01 12:33:10Z", "2024-05-01T12:33:10"),
            ("2024-05-01T12:33:10", "2024-05-01T12:33:10"),
            ("2024-05-01_12-33-10", "2024-05-01T12:33:10"),
            (" 2024:05:01 12:33:10 \r\n", "2024-05-01T12:33:10"),
            ("2024:05:01  9:05:03", "2024-05-01T09:05:03"),
            ("2024: 5: 1  9: 5: 3", "2024-05-01T09:05:03"),
            ("2024:5:1 9:5:3", "2024-05-01T09:05:03"),
            ("2024:05:01 12:33", "2024-05-01T12:33:00"),
            ("2024:05:01 24:08:19", "2024-05-01T00:08:19"),
            ("2024:05:01 24:00:00", "2024-05-01T00:00:00"),
        ])
    func separators(text: String, wallClock: String) throws {
        var block = ExifBlock()
        block.detail[0x9003] = .text(text)
        #expect(try metadata(block).taken?.wallClock == wallClock)
    }

    @Test(
        "An offset is a number of seconds, and nonsense is none",
        arguments: [
            ("+02:00", 7200), ("-0330", -12600), ("Z", 0), ("+00:00", 0), ("+14:00", 50400),
            ("+5:00", nil),
            ("+15:00", nil), ("+02:60", nil), ("02:00", nil), ("   :  ", nil), ("", nil),
        ] as [(String, Int?)])
    func offset(text: String, seconds: Int?) throws {
        var block = ExifBlock()
        block.detail[0x9003] = .text("2024:05:01 12:33:10")
        block.detail[0x9011] = .text(text)
        let taken = try #require(try metadata(block).taken)
        #expect(taken.offsetFromUTC == seconds)
    }

    @Test("Fraction and offset after the time count, unless they have their own texts")
    func behindTime() throws {
        var block = ExifBlock()
        block.detail[0x9003] = .text("2024-05-01T12:33:10.25+02:00")
        let inOne = TimeTaken("2024-05-01T12:33:10.25", offsetFromUTC: 7200)
        #expect(try metadata(block).taken == inOne)
        block.detail[0x9003] = .text("2024:05:01 12:33:10,5Z")
        let short = TimeTaken("2024-05-01T12:33:10.5", offsetFromUTC: 0)
        #expect(try metadata(block).taken == short)
        block.detail[0x9011] = .text("-01:00")
        block.detail[0x9291] = .text("045")
        let apart = TimeTaken("2024-05-01T12:33:10.045", offsetFromUTC: -3600)
        #expect(try metadata(block).taken == apart)
    }

    @Test(
        "The maker is not repeated before the model",
        arguments: [
            ("Canon", "Canon EOS 5D", "Canon EOS 5D"),
            ("NIKON CORPORATION", "NIKON D90", "NIKON D90"),
            ("Apple", "iPhone 15", "Apple iPhone 15"), ("  SONY  ", "DSC-RX100 ", "SONY DSC-RX100"),
            ("", "X100", "X100"), ("FUJIFILM", "", "FUJIFILM"), ("", "", nil),
            ("A\u{1B}[2J", "", nil),
        ] as [(String, String, String?)])
    func camera(make: String, model: String, camera: String?) throws {
        var block = ExifBlock()
        block.main[0x010F] = .text(make)
        block.main[0x0110] = .text(model)
        #expect(try metadata(block).camera == camera)
    }

    @Test("EXIF cut at any byte gives what is left and nothing false")
    func cutShort() throws {
        var block = ExifBlock(orientation: 3)
        block.main[0x0110] = .text("Camera 1")
        block.detail[0x9003] = .text("2024:05:01 12:33:10")
        let whole = try metadata(block)
        for byteCount in 0..<block.bytes.count {
            let read = try metadata(Array(block.bytes[..<byteCount]))
            #expect(read.orientation == 1 || read.orientation == 3)
            #expect(read.taken == nil || read.taken == whole.taken)
            #expect(read.camera.map { "Camera 1".hasPrefix($0) } ?? true)
        }
    }

    @Test("Directories that point at themselves or beyond the block end the reading")
    func hostile() throws {
        // The exposure's directory is the first directory; a text lies beyond the block.
        var block = ExifBlock(orientation: 8)
        block.main[0x8769] = .long(8)
        #expect(try metadata(block).orientation == 8)
        for offset in [0, 1, 7, 0x7FFF_FFFF, 0xFFFF_FFFF] {
            block.main[0x8769] = .long(offset)
            #expect(try metadata(block).orientation == 8)
            var bytes = block.bytes
            bytes.replaceSubrange(4..<8, with: (0..<4).map { UInt8(offset >> (8 * $0) & 255) })
            #expect(try metadata(bytes).taken == nil)
        }
        // Texts and counts of 4 GB.
        let huge: [UInt8] =
            [0x49, 0x49, 42, 0, 8, 0, 0, 0, 255, 255, 0x0F, 1, 2, 0]
            + [255, 255, 255, 255, 255, 255, 255, 255, 0x12, 1, 3, 0, 0, 0, 0, 0, 6, 0, 0, 0]
        #expect(try metadata(huge) == PhotoMetadata(orientation: 1, taken: nil, camera: nil))
    }

    private func metadata(_ block: ExifBlock) throws -> PhotoMetadata {
        try metadata(block.bytes)
    }

    private func metadata(_ exif: [UInt8]) throws -> PhotoMetadata {
        var options = JPEGOptions()
        options.exif = exif
        let bytes = try PixelBuffer(width: 8, height: 8).jpegData(options)
        return try PhotoSource(bytes: bytes).metadata
    }
}
