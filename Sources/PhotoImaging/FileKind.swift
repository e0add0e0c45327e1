public import FaceCore

/// A file's kind by its first bytes, whatever its name says.
///
/// The name decides only between things whose content looks alike (most RAW files are TIFF files)
/// and for videos without a mark of their own.
public enum FileKind: Hashable, Sendable {
    case photo(PhotoFormat)
    case video
    /// A camera's unprocessed picture.
    case raw
    /// A picture of a format not read, by name: "WebP", "GIF", "TIFF", "BMP", "AVIF"...
    case otherPicture(String)
    case unrecognised

    /// How many bytes of a file's beginning ``of(firstBytes:fileExtension:)`` can use.
    public static let probeLength = 512

    /// The kind of a file.
    ///
    /// - Parameters:
    ///   - firstBytes: the beginning of the file, of any length; only the first ``probeLength``
    ///     bytes count.
    ///   - fileExtension: the part after the last dot of its name, in any case; may be empty.
    public static func of(
        firstBytes: some Collection<UInt8>, fileExtension: String
    ) -> FileKind {
        let bytes = Array(firstBytes.prefix(probeLength))
        let fileExtension = fileExtension.lowercased()
        if let kind = kindByContent(bytes, fileExtension: fileExtension) { return kind }
        if rawExtensions.contains(fileExtension) { return .raw }
        // MPEG streams and the like have no reliable mark.
        if videoExtensions.contains(fileExtension) { return .video }
        return .unrecognised
    }

    /// Whether this file extension, in any case, is that of a photo format facesort reads.
    public static func claimsToBePhoto(fileExtension: String) -> Bool {
        photoExtensions.contains(fileExtension.lowercased())
    }

    private static let photoExtensions = Set(PhotoFormat.allCases.flatMap(\.fileExtensions))
    private static let rawExtensions: Set<String> = [
        "3fr", "ari", "arw", "cap", "cr2", "cr3", "crw", "dcr", "dng", "erf", "fff", "gpr", "iiq",
        "k25", "kdc", "mef", "mos", "mrw", "nef", "nrw", "orf", "pef", "ptx", "raf", "raw", "rw2",
        "rwl", "sr2", "srf", "srw", "x3f",
    ]
    private static let videoExtensions: Set<String> = [
        "3g2", "3gp", "asf", "avi", "flv", "m2ts", "m4v", "mkv", "mod", "mov", "mp4", "mpeg", "mpg",
        "mts", "ogv", "tod", "ts", "vob", "webm", "wmv",
    ]

    private static func kindByContent(_ bytes: [UInt8], fileExtension: String) -> FileKind? {
        func has(_ text: String, at position: Int = 0) -> Bool {
            bytes.dropFirst(position).starts(with: text.utf8)
        }
        func has(bytes expected: [UInt8]) -> Bool { bytes.starts(with: expected) }

        if has(bytes: [0xFF, 0xD8, 0xFF]) { return .photo(.jpeg) }
        if has(bytes: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return .photo(.png) }
        if has("ftyp", at: 4) { return kindByBrands(bytes, fileExtension: fileExtension) }
        if has("RIFF") {
            if has("WEBP", at: 8) { return .otherPicture("WebP") }
            if has("AVI ", at: 8) { return .video }
            return nil
        }
        if has("GIF87a") || has("GIF89a") { return .otherPicture("GIF") }
        if has("FUJIFILMCCD-RAW") || has("FOVb") || has(bytes: [0x00, 0x4D, 0x52, 0x4D]) {
            return .raw
        }
        if has("IIRO") || has("IIRS") || has("MMOR") || has(bytes: [0x49, 0x49, 0x55, 0x00]) {
            return .raw
        }
        if has("HEAPCCDR", at: 6) { return .raw }
        if has(bytes: [0x49, 0x49, 0x2A, 0x00]) || has(bytes: [0x4D, 0x4D, 0x00, 0x2A]) {
            let isRaw = has("CR", at: 8) || rawExtensions.contains(fileExtension)
            return isRaw ? .raw : .otherPicture("TIFF")
        }
        if has("BM") && bytes.count >= 18 && bytes[15...17].allSatisfy({ $0 == 0 }) {
            return .otherPicture("BMP")
        }
        if has("8BPS") { return .otherPicture("Photoshop") }
        if has(bytes: [0xFF, 0x0A])
            || has(bytes: [0, 0, 0, 0x0C, 0x4A, 0x58, 0x4C, 0x20, 0x0D, 0x0A])
        {
            return .otherPicture("JPEG XL")
        }
        if has(bytes: [0, 0, 0, 0x0C, 0x6A, 0x50, 0x20, 0x20, 0x0D, 0x0A]) {
            return .otherPicture("JPEG 2000")
        }
        if has(bytes: [0x1A, 0x45, 0xDF, 0xA3]) { return .video }  // Matroska, WebM
        if has(bytes: [0, 0, 1, 0xBA]) || has(bytes: [0, 0, 1, 0xB3]) { return .video }  // MPEG
        if has("FLV") || has("OggS") && fileExtension == "ogv" { return .video }
        if has(bytes: [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11]) { return .video }  // ASF
        if ["moov", "mdat", "wide", "free", "skip"].contains(where: { has($0, at: 4) }) {
            return .video  // QuickTime older than brands
        }
        if isTransportStream(bytes) { return .video }
        return nil
    }

    /// MPEG transport stream: a 0x47 every 188 bytes (192 with the time stamps of AVCHD).
    private static func isTransportStream(_ bytes: [UInt8]) -> Bool {
        [(first: 0, step: 188), (first: 4, step: 192)].contains { first, step in
            let places = stride(from: first, to: bytes.count, by: step)
            return bytes.count > first + 2 * step && places.allSatisfy { bytes[$0] == 0x47 }
        }
    }

    /// The kind of an ISO base media file, by its main brand and its compatible brands.
    private static func kindByBrands(_ bytes: [UInt8], fileExtension: String) -> FileKind {
        let length = bytes[0..<4].reduce(0) { $0 << 8 | Int($1) }
        let end = min(bytes.count, max(12, length))
        func brand(at position: Int) -> String {
            String(decoding: bytes.dropFirst(position).prefix(4), as: UTF8.self)
        }
        let main = brand(at: 8)
        let all = [main] + stride(from: 16, to: end - 3, by: 4).map(brand(at:))
        if main == "crx " { return .raw }
        let heic: Set<String> = ["heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs"]
        if heic.contains(main) { return .photo(.heic) }
        if main == "avif" || main == "avis" { return .otherPicture("AVIF") }
        if main == "mif1" || main == "msf1" || main == "mif2" {
            if all.contains(where: heic.contains) { return .photo(.heic) }
            return all.contains("avif") ? .otherPicture("AVIF") : .photo(.heic)
        }
        return .video
    }
}
