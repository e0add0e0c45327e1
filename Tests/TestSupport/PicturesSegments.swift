/// The parts of a JPEG as programs write them, rightly and wrongly.
public enum JPEGFile {
    /// A segment with its length.
    public static func segment(_ marker: UInt8, _ content: [UInt8]) -> [UInt8] {
        let length = content.count + 2
        return [0xFF, marker, UInt8(length >> 8), UInt8(length & 255)] + content
    }

    /// A segment with EXIF, after the name that says so.
    public static func exif(_ block: [UInt8], name: String = "Exif\0\0") -> [UInt8] {
        segment(0xE1, name.utf8 + block)
    }

    /// `jpeg` with `bytes` right after the mark of its beginning.
    public static func adding(_ bytes: [UInt8], to jpeg: [UInt8]) -> [UInt8] {
        jpeg[..<2] + bytes + jpeg[2...]
    }
}
