/// The EXIF blocks of a file, in the order in which they are to be believed.
///
/// Each begins with its TIFF header, or with the name that JPEG puts before it. How many there are
/// and how long they get is bounded, whatever a file says.
enum ExifBlocks {
    /// How many are looked at; programs that write more than two are not known.
    static let maximumCount = 16
    /// What cameras write is a tenth of this, thumbnails and maker notes included.
    static let maximumByteCount = 1_000_000

    /// The EXIF segments before the picture's data.
    ///
    /// One that does not begin with a TIFF header carries on the one before: a segment holds no
    /// more than 65,533 bytes.
    static func ofJPEG(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var blocks: [ArraySlice<UInt8>] = []
        for segment in JPEGSegments(bytes) where segment.marker == 0xE1 {
            guard let content = contentOfExif(segment.content) else { continue }
            let isContinued = Exif.isBigEndian(content) == nil && Exif.withoutName(content) == nil
            if isContinued, let last = blocks.indices.last {
                // Held by nothing else, or each segment would copy what is there.
                blocks[last] += content.prefix(max(0, maximumByteCount - blocks[last].count))
            } else if blocks.count < maximumCount {
                blocks.append(content)
            } else {
                break
            }
        }
        return blocks
    }

    /// What comes behind the name; some cameras repeat the segment's header before it.
    private static func contentOfExif(_ content: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        for skipped in 0...min(4, content.count) {
            if let block = Exif.withoutName(content.dropFirst(skipped)) { return block }
        }
        return nil
    }

    /// The `eXIf` chunks, wherever they lie, and after them those that programs from before there
    /// was such a chunk wrote as text.
    static func ofPNG(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var chunks: [ArraySlice<UInt8>] = []
        var profiles: [ArraySlice<UInt8>] = []
        for chunk in PNGChunks(bytes) {
            if chunk.type.elementsEqual("eXIf".utf8) {
                if chunks.count < maximumCount { chunks.append(chunk.content) }
            } else if chunks.count + profiles.count < maximumCount,
                let profile = PNGProfile(chunk.type, chunk.content)
            {
                // Counted also when it holds something else, as inflating takes time.
                profiles.append(profile.content(maximumByteCount: maximumByteCount)[...])
            }
        }
        return chunks + profiles
    }

    /// The items that a HEIC file calls Exif, those of the picture that it shows first.
    ///
    /// An item begins with the distance from its fifth byte to the TIFF header; where that is wrong
    /// or left out the header follows at once.
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
