/// The EXIF blocks of a file, the most trusted first.
///
/// Each begins with its TIFF header, or with the name that JPEG puts before it. Their number and
/// length are bounded, whatever a file says.
enum ExifBlocks {
    /// How many are read; no known program writes more than two.
    static let maximumCount = 16
    /// What cameras write is a tenth of this, thumbnails and maker notes included.
    static let maximumByteCount = 1_000_000

    /// The EXIF segments before the picture's data.
    ///
    /// A segment holds at most 65,533 bytes, so one without a TIFF header continues the previous
    /// one.
    static func ofJPEG(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var blocks: [ArraySlice<UInt8>] = []
        for segment in JPEGSegments(bytes) where segment.marker == 0xE1 {
            guard let content = contentOfExif(segment.content) else { continue }
            let isContinued = Exif.isBigEndian(content) == nil && Exif.withoutName(content) == nil
            if isContinued, let last = blocks.indices.last {
                // No second reference, or each segment would copy all before.
                blocks[last] += content.prefix(max(0, maximumByteCount - blocks[last].count))
            } else if blocks.count < maximumCount {
                blocks.append(content)
            } else {
                break
            }
        }
        return blocks
    }

    /// The content after the name; some cameras repeat the segment's header before it.
    private static func contentOfExif(_ content: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        for skipped in 0...min(4, content.count) {
            if let block = Exif.withoutName(content.dropFirst(skipped)) { return block }
        }
        return nil
    }

    /// The `eXIf` chunks, wherever they lie, and then the text chunks of programs older than
    /// `eXIf`.
    static func ofPNG(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var chunks: [ArraySlice<UInt8>] = []
        var profiles: [ArraySlice<UInt8>] = []
        for chunk in PNGChunks(bytes) {
            if chunk.type.elementsEqual("eXIf".utf8) {
                if chunks.count < maximumCount { chunks.append(chunk.content) }
            } else if chunks.count + profiles.count < maximumCount,
                let profile = PNGProfile(chunk.type, chunk.content)
            {
                // Counted even if it holds something else: inflating takes time.
                profiles.append(profile.content(maximumByteCount: maximumByteCount)[...])
            }
        }
        return chunks + profiles
    }

    /// The items that a HEIC file calls Exif; those of the main picture come first.
    ///
    /// An item begins with the distance from its fifth byte to the TIFF header; if that is wrong or
    /// missing, the header follows at once.
    static func ofHEIC(_ container: HEIFContainer, _ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        container.exifItems.prefix(maximumCount).map { item in
            let content = container.content(
                of: item, in: bytes, maximumByteCount: maximumByteCount)[...]
            let distance = content.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            let starts = [content.dropFirst(4).dropFirst(distance), content.dropFirst(4), content]
            return starts.first { Exif($0) != nil } ?? []
        }
    }
}
