internal import CImageCodecs
public import PhotoImaging

/// How a JPEG is written; the plain case is `PixelBuffer.jpegData(quality:)`.
public struct JPEGOptions: Sendable {
    public enum Colour: Sendable {
        case full, grey
        /// Inverted with an Adobe marker, as programs for print write it.
        case cmyk
    }

    /// 1...100.
    public var quality = 90
    public var colour = Colour.full
    public var isProgressive = false
    /// Whether colour is kept at half the resolution.
    public var isColourHalved = true
    /// A restart marker after this many rows of blocks; 0 for none.
    public var rowsPerRestart = 0
    /// A TIFF block to write as EXIF.
    public var exif: [UInt8] = []

    public init() {}
}

// What only tests and sample photos write.
extension PixelBuffer {
    /// The picture as a JPEG file with all options.
    public func jpegData(_ options: JPEGOptions) throws(ImageError) -> [UInt8] {
        let colour =
            switch options.colour {
            case .full: CIMAGE_COLOUR
            case .grey: CIMAGE_GREY
            case .cmyk: CIMAGE_CMYK
            }
        return try encoded { (pixels, encoded, error) in
            options.exif.withUnsafeBytes { exif in
                var settings = cimage_jpeg_options(
                    quality: Int32(options.quality), colour: Int32(colour),
                    is_progressive: options.isProgressive ? 1 : 0,
                    colour_subsampling: options.isColourHalved ? 2 : 1,
                    restart_rows: Int32(options.rowsPerRestart), exif: exif.baseAddress,
                    exif_count: exif.count)
                return cimage_encode_jpeg(
                    pixels, size, bytesPerRow, &settings, &encoded, &error)
            }
        }
    }

    /// The picture as a PNG file, without loss.
    public func pngData() throws(ImageError) -> [UInt8] {
        try encoded { (pixels, encoded, error) in
            cimage_encode_png(pixels, size, bytesPerRow, &encoded, &error)
        }
    }

    /// The picture as a HEIC file of the given quality, 1...100.
    ///
    /// `orientation`, 1...8, says how to turn the stored picture, in HEIC's own terms; `exif` is a
    /// TIFF block, or empty.
    ///
    /// - Throws: `.unsupported` where libheif has no encoder.
    public func heicData(
        quality: Int = 90, orientation: Int = 1, exif: [UInt8] = []
    ) throws(ImageError) -> [UInt8] {
        try encoded { (pixels, encoded, error) in
            exif.withUnsafeBytes { exif in
                cimage_encode_heic(
                    pixels, size, bytesPerRow, Int32(quality), Int32(orientation),
                    exif.baseAddress, exif.count, &encoded, &error)
            }
        }
    }

    private var size: cimage_size { cimage_size(width: Int32(width), height: Int32(height)) }

    private func encoded(
        _ encode: (UnsafeRawPointer?, inout cimage_encoded, inout cimage_error) -> Int32
    ) throws(ImageError) -> [UInt8] {
        var encoded = cimage_encoded()
        var error = cimage_error()
        let status = withUnsafeBytes { encode($0.baseAddress, &encoded, &error) }
        guard Int(status) == CIMAGE_OK else {
            let message = Swift.withUnsafeBytes(of: error.message) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            throw ImageError(
                code: Int(status) == CIMAGE_UNSUPPORTED ? .unsupported : .failed,
                reason: "the picture cannot be written (\(message))")
        }
        defer { cimage_release(&encoded) }
        return [UInt8](UnsafeRawBufferPointer(start: encoded.bytes, count: encoded.byte_count))
    }
}
