internal import CImageCodecs
public import FaceCore
public import SystemPackage

/// One photo's bytes, recognised and measured; its picture is decoded on demand.
public struct PhotoSource: Sendable {
    /// The largest file, in bytes, that is read.
    public static let maximumByteCount = 1_000_000_000
    /// The largest picture, in pixels, that is decoded.
    public static let maximumPixelCount = Int(CIMAGE_MAXIMUM_PIXELS)

    public let format: PhotoFormat
    /// The picture's width in pixels, upright.
    public let uprightWidth: Int
    /// The picture's height in pixels, upright.
    public let uprightHeight: Int
    public let metadata: PhotoMetadata
    /// The whole file.
    public let bytes: [UInt8]

    /// Recognises and measures a picture from its file's bytes, without allocating its size.
    ///
    /// - Throws: ``ImageError`` with any code but `notAccessible`.
    public init(bytes: [UInt8]) throws(ImageError) {
        try Self.check(byteCount: bytes.count)
        let kind = FileKind.of(firstBytes: bytes.prefix(FileKind.probeLength), fileExtension: "")
        guard case .photo(let format) = kind else {
            throw ImageError(code: .notAPhoto, reason: Self.reasonForNoPhoto(bytes, kind))
        }
        let container = format == .heic ? HEIFContainer(bytes) : nil
        let readable = container?.readable(bytes) ?? bytes[...]
        var size = cimage_size()
        try throwing { error in
            readable.withUnsafeBytes {
                cimage_probe(format.codec, $0.baseAddress, $0.count, &size, &error)
            }
        }
        metadata =
            switch format {
            case .jpeg: Exif.metadata(of: ExifBlocks.ofJPEG(bytes))
            case .png: Exif.metadata(of: ExifBlocks.ofPNG(bytes))
            case .heic: Self.metadataOfHEIC(container ?? HEIFContainer(bytes), bytes)
            }
        let isTurned = metadata.orientation > 4
        uprightWidth = Int(isTurned ? size.height : size.width)
        uprightHeight = Int(isTurned ? size.width : size.height)
        self.format = format
        self.bytes = bytes
    }

    /// Reads the file at `path` and continues as ``init(bytes:)``.
    ///
    /// - Throws: ``ImageError``, also `notAccessible`.
    public init(path: FilePath) throws(ImageError) {
        try self.init(bytes: Self.contents(of: path))
    }

    /// The picture, upright, its longer side at most `maximumSide` pixels; never enlarged.
    ///
    /// Reduced by area: every pixel is the mean of those it stands for. A JPEG is decoded at a
    /// half, quarter or eighth if that is enough, which takes a fraction of the time.
    ///
    /// - Parameter maximumSide: at least 1; `nil` for the full size.
    /// - Returns: for a damaged or short JPEG, ``PixelBuffer/damage`` is set and missing rows are
    ///   mid-grey.
    /// - Throws: ``ImageError`` `.unreadable`, `.endsEarly`, `.unsupported` or `.outOfMemory`.
    public func pixels(maximumSide: Int? = nil) throws(ImageError) -> PixelBuffer {
        let (width, height) = reducedSize(
            width: uprightWidth, height: uprightHeight, maximumSide: maximumSide)
        var buffer = try PixelBuffer(uninitialisedWidth: width, height: height)
        let isTurned = metadata.orientation > 4
        var target = cimage_target(
            pixels: nil, stride: buffer.bytesPerRow,
            size: cimage_size(
                width: Int32(isTurned ? height : width), height: Int32(isTurned ? width : height)),
            orientation: Int32(metadata.orientation))
        var outcome = cimage_outcome()
        let container = format == .heic ? HEIFContainer(bytes) : nil
        let readable = container?.readable(bytes) ?? bytes[...]
        try buffer.write { (destination, error) in
            target.pixels = destination
            return readable.withUnsafeBytes {
                cimage_decode(
                    format.codec, $0.baseAddress, $0.count, &target, &outcome, &error)
            }
        }
        if container?.endsBehindItems == true { outcome.ends_early = 1 }
        buffer.decodedFraction = Double(outcome.rows) / Double(outcome.total_rows)
        buffer.damage = Self.damage(outcome)
        return buffer
    }

    private static func check(byteCount: Int) throws(ImageError) {
        guard byteCount > 0 else {
            throw ImageError(code: .notAPhoto, reason: "the file is empty")
        }
        guard byteCount <= maximumByteCount else {
            throw ImageError.tooLargeFile
        }
    }

    private static func contents(of path: FilePath) throws(ImageError) -> [UInt8] {
        do {
            let file = try FileDescriptor.open(path, .readOnly)
            defer { try? file.close() }
            // A folder can be opened; only reading from it fails.
            _ = try withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) {
                try file.read(fromAbsoluteOffset: 0, into: $0)
            }
            let byteCount = Int(try file.seek(offset: 0, from: .end))
            try check(byteCount: byteCount)
            return try [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
                while count < byteCount {
                    let rest = UnsafeMutableRawBufferPointer(
                        rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
                    let read = try file.read(fromAbsoluteOffset: Int64(count), into: rest)
                    if read == 0 { break }
                    count += read
                }
            }
        } catch let error as ImageError {
            throw error
        } catch let error as Errno {
            throw ImageError(
                code: .notAccessible, reason: "the file cannot be read (\(error.description))")
        } catch {
            throw ImageError(code: .notAccessible, reason: "the file cannot be read (\(error))")
        }
    }

    private static func reasonForNoPhoto(_ bytes: [UInt8], _ kind: FileKind) -> String {
        switch kind {
        case .otherPicture(let name): "its content is a \(name) picture, which is not read"
        case .video: "its content is a video"
        case .raw: "its content is a RAW picture, which is not read"
        case .photo, .unrecognised:
            bytes.allSatisfy { $0 == 0 }
                ? "the file holds nothing but zeros"
                : "its content is not a JPEG, PNG or HEIC picture"
        }
    }

    /// libheif turns the picture itself, so the orientation in EXIF must not be applied again.
    private static func metadataOfHEIC(
        _ container: HEIFContainer, _ bytes: [UInt8]
    ) -> PhotoMetadata {
        let metadata = Exif.metadata(of: ExifBlocks.ofHEIC(container, bytes))
        return PhotoMetadata(orientation: 1, taken: metadata.taken, camera: metadata.camera)
    }

    private static func damage(_ outcome: cimage_outcome) -> String? {
        let rows = "\(outcome.rows) of \(outcome.total_rows) rows"
        let hasAllRows = outcome.rows == outcome.total_rows
        if outcome.ends_early != 0 {
            if outcome.lacks_detail != 0 { return "the picture ends early (it lacks detail)" }
            return hasAllRows
                ? "the file ends early, after the picture's last row"
                : "the picture ends early (\(rows))"
        }
        if outcome.is_corrupt != 0 {
            return hasAllRows
                ? "parts of the picture are damaged"
                : "the picture is damaged after \(rows)"
        }
        return nil
    }
}

/// A size of the same shape with a longer side of at most `maximumSide`; never enlarged.
func reducedSize(width: Int, height: Int, maximumSide: Int?) -> (width: Int, height: Int) {
    precondition(maximumSide ?? 1 >= 1, "a picture has at least one pixel")
    let longerSide = max(width, height)
    guard let maximumSide, maximumSide < longerSide else { return (width, height) }
    func reduced(_ side: Int) -> Int {
        max(1, (side * maximumSide + longerSide / 2) / longerSide)
    }
    return (reduced(width), reduced(height))
}

extension PhotoFormat {
    fileprivate var codec: Int32 {
        switch self {
        case .jpeg: Int32(CIMAGE_JPEG)
        case .png: Int32(CIMAGE_PNG)
        case .heic: Int32(CIMAGE_HEIC)
        }
    }
}
