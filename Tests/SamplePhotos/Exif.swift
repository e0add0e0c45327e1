/// What a camera would have written into a photo.
struct Exif {
    /// The wall-clock time as EXIF writes it: `2024:06:15 18:30:00`.
    let taken: String
    /// The offset from UTC as EXIF writes it: `+02:00`.
    let offset: String
    /// 1...8; how the stored picture must be turned to be upright.
    let orientation: Int

    /// `jpeg` with these facts as its first segment.
    ///
    /// - Precondition: `jpeg` begins as a JPEG does and has no EXIF of its own.
    func inserted(into jpeg: [UInt8]) -> [UInt8] {
        precondition(jpeg.starts(with: [0xff, 0xd8]))
        let body = Array("Exif\0\0".utf8) + tiff
        let length = body.count + 2
        let marker: [UInt8] = [0xff, 0xe1, UInt8(length >> 8), UInt8(length & 255)]
        return Array(jpeg[..<2]) + marker + body + Array(jpeg[2...])
    }

    /// The facts as a TIFF block of two directories: the picture's (orientation, camera) and EXIF's
    /// own (the time).
    var tiff: [UInt8] {
        let headerLength: UInt32 = 8
        let pictureFields = 4
        let exifOffset = headerLength + Self.length(ofDirectoryWith: pictureFields)
        let exifFields = 2
        var texts = Texts(start: exifOffset + Self.length(ofDirectoryWith: exifFields))
        var picture: [[UInt8]] = []
        picture.append(texts.field(tag: 0x010f, "facesort"))
        picture.append(texts.field(tag: 0x0110, "sample-photos"))
        picture.append(Self.field(tag: 0x0112, type: 3, count: 1, value: UInt32(orientation)))
        picture.append(Self.field(tag: 0x8769, type: 4, count: 1, value: exifOffset))
        var exif: [[UInt8]] = []
        exif.append(texts.field(tag: 0x9003, taken))
        exif.append(texts.field(tag: 0x9011, offset))
        return [0x49, 0x49, 0x2a, 0] + Self.bytes(headerLength)
            + Self.directory(picture) + Self.directory(exif) + texts.bytes
    }

    private static func directory(_ fields: [[UInt8]]) -> [UInt8] {
        [UInt8(fields.count), 0] + fields.flatMap { $0 } + bytes(0)
    }

    private static func length(ofDirectoryWith fieldCount: Int) -> UInt32 {
        UInt32(2 + 12 * fieldCount + 4)
    }

    /// One entry of a directory; a short value stands in the first bytes, which little endian does.
    fileprivate static func field(tag: UInt16, type: UInt8, count: UInt32, value: UInt32)
        -> [UInt8]
    {
        [UInt8(tag & 255), UInt8(tag >> 8), type, 0] + bytes(count) + bytes(value)
    }

    fileprivate static func bytes(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}

/// The texts of the fields, which lie behind the directories.
private struct Texts {
    private(set) var bytes: [UInt8] = []
    private let start: UInt32

    init(start: UInt32) {
        self.start = start
    }

    /// Keeps `text` and gives the field that points to it.
    ///
    /// - Precondition: it has four bytes or more; shorter ones would stand in the field itself.
    mutating func field(tag: UInt16, _ text: String) -> [UInt8] {
        let ended = Array(text.utf8) + [0]
        precondition(ended.count > 4)
        let offset = start + UInt32(bytes.count)
        bytes += ended
        if bytes.count % 2 == 1 { bytes.append(0) }
        return Exif.field(tag: tag, type: 2, count: UInt32(ended.count), value: offset)
    }
}
