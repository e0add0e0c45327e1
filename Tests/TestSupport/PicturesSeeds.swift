import PhotoImaging

/// A small file, a seed for fuzzing or for a test to read again.
public struct PictureSeed: Sendable, CustomStringConvertible {
    public let name: String
    public let bytes: [UInt8]

    public var description: String { name }

    /// Files of every format, kind and orientation, sound and cut short; the same at every call.
    ///
    /// - Throws: `ImageError`, `.unsupported` where libheif has no encoder.
    public static func all() throws -> [PictureSeed] {
        try made.get()
    }

    /// Made once: encoding a HEIC takes time.
    private static let made = Result {
        try jpegs() + pngs() + heics() + unusual()
    }

    private static func jpegs() throws -> [PictureSeed] {
        let upright = try Pictures.patches(width: 40, height: 24)
        var seeds: [PictureSeed] = []
        func add(_ name: String, _ change: (inout JPEGOptions) -> Void) throws {
            var options = JPEGOptions()
            change(&options)
            seeds.append(PictureSeed(name: "jpeg-\(name)", bytes: try upright.jpegData(options)))
        }
        for orientation in 1...8 {
            try add("orientation-\(orientation)") {
                $0.exif = exif(orientation: orientation, isBigEndian: orientation % 2 == 0)
                $0.isProgressive = orientation > 6
            }
        }
        try add("grey") { $0.colour = .grey }
        try add("cmyk") { $0.colour = .cmyk }
        try add("full-colour") { $0.isColourHalved = false }
        try add("restarts") { $0.rowsPerRestart = 1 }
        try add("progressive") { $0.isProgressive = true }
        try add("progressive-grey") { ($0.isProgressive, $0.colour) = (true, .grey) }
        try add("progressive-cmyk") { ($0.isProgressive, $0.colour) = (true, .cmyk) }
        try add("progressive-restarts") { ($0.isProgressive, $0.rowsPerRestart) = (true, 1) }
        try add("lowest-quality") { $0.quality = 1 }
        let tall = try Pictures.noise(width: 16, height: 64)
        for name in ["grey", "restarts", "progressive"] {
            var options = JPEGOptions()
            options.colour = name == "grey" ? .grey : .full
            options.rowsPerRestart = name == "restarts" ? 1 : 0
            options.isProgressive = name == "progressive"
            let bytes = try tall.jpegData(options)
            let cut = Array(bytes.prefix(bytes.count * 3 / 4))
            seeds.append(PictureSeed(name: "jpeg-\(name)-cut", bytes: cut))
        }
        return seeds
    }

    private static func pngs() throws -> [PictureSeed] {
        var seeds: [PictureSeed] = []
        for orientation in 1...8 {
            var file = PNGFile(width: 11, height: 7) { x, y in [x * 20, y * 30, 90] }
            file.exif = exif(orientation: orientation, isBigEndian: orientation % 2 == 1)
            seeds.append(PictureSeed(name: "png-orientation-\(orientation)", bytes: file.bytes))
        }
        for colour in PNGFile.Colour.allCases {
            for depth in colour.depths {
                let largest = 1 << depth - 1
                var file = PNGFile(width: 9, height: 10) { x, y in
                    (0..<colour.channelCount).map { (x + y + $0) * 7 % (largest + 1) }
                }
                (file.colour, file.depth) = (colour, depth)
                if colour == .palette {
                    file.palette = (0..<(1 << depth) * 3).map { UInt8($0 * 5 % 256) }
                    file.transparency = [0, 128]
                }
                if colour == .grey { file.transparency = [0, 1] }
                file.isInterlaced = depth % 3 == 1
                seeds.append(PictureSeed(name: "png-\(colour)-\(depth)", bytes: file.bytes))
            }
        }
        seeds.append(
            PictureSeed(
                name: "png-compressed", bytes: try Pictures.noise(width: 8, height: 8).pngData()))
        return seeds
    }

    private static func heics() throws -> [PictureSeed] {
        let picture = try Pictures.patches(width: 64, height: 64)
        return try (1...8).map { orientation in
            PictureSeed(
                name: "heic-orientation-\(orientation)",
                bytes: try picture.heicData(
                    quality: 40, orientation: orientation,
                    exif: exif(orientation: orientation, isBigEndian: orientation > 4)))
        }
    }

    /// EXIF where few programs put it, and what phones put around a HEIC's picture.
    private static func unusual() throws -> [PictureSeed] {
        let block = exif(orientation: 6, isBigEndian: false)
        let jpeg = try Pictures.patches(width: 40, height: 24).jpegData()
        let segments =
            JPEGFile.exif([]) + [0, 0xFF, 0] + JPEGFile.exif(Array(block[..<40]))
            + JPEGFile.exif(Array(block[40...]))
        let png = PNGFile(width: 11, height: 7) { x, y in [x * 20, y * 30, 90] }.bytes
        let digits = block.flatMap {
            (String($0 >> 4, radix: 16) + String($0 & 15, radix: 16)).utf8
        }
        let profile = Array("\nexif\n \(block.count)\n".utf8) + digits
        let keyword = Array("Raw profile type exif\0".utf8)
        let text = PNGFile.chunk("zTXt", keyword + [0] + PNGFile.stored(profile))
        let plain = PNGFile.chunk("iTXt", keyword + [0, 0, 0, 0] + profile)
        let picture = HEIFFile.picture(
            in: try Pictures.patches(width: 64, height: 64).heicData(quality: 40))
        var file = HEIFFile(items: [
            1: picture, 2: picture.auxiliary("urn:com:apple:photo:2020:aux:hdrgainmap"),
            3: .exif(block), 4: HEIFFile.Item(type: "tmap", content: [0, 0, 0, 0]),
        ])
        file.references = [
            ("dimg", 4, [1, 2]), ("auxl", 2, [1, 4]), ("cdsc", 3, [1, 4]),
        ]
        let inFile = file.bytes
        file.isInside = true
        return [
            PictureSeed(name: "jpeg-segments", bytes: JPEGFile.adding(segments, to: jpeg)),
            PictureSeed(name: "png-texts", bytes: png[..<33] + text + plain + png[33...]),
            PictureSeed(name: "heic-tone-map", bytes: inFile),
            PictureSeed(name: "heic-tone-map-inside", bytes: file.bytes),
            PictureSeed(name: "heic-trailer", bytes: inFile + "MotionPhoto_Data".utf8),
        ]
    }

    private static func exif(orientation: Int, isBigEndian: Bool) -> [UInt8] {
        var block = ExifBlock(orientation: orientation, isBigEndian: isBigEndian)
        block.main[0x010F] = .text("Maker")
        block.main[0x0110] = .text("Model 1")
        block.main[0x0132] = .text("2024:05:01 12:33:10")
        block.detail[0x9003] = .text("2024:05:01 12:33:10")
        block.detail[0x9011] = .text("+02:00")
        block.detail[0x9291] = .text("045")
        return block.bytes
    }
}
