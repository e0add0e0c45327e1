internal import CImageCodecs

/// How a JPEG is written; the plain case is ``PixelBuffer/jpegData(quality:)``.
package struct JPEGOptions: Sendable {
    package enum Colour: Sendable {
        case full, grey
        /// Inverted with an Adobe marker, as programs for print write it.
        case cmyk
    }

    /// 1...100.
    package var quality = 90
    package var colour = Colour.full
    package var isProgressive = false
    /// Whether colour is kept at half the resolution.
    package var isColourHalved = true
    /// A restart marker after this many rows of blocks; 0 for none.
    package var rowsPerRestart = 0
    /// A TIFF block to write as EXIF.
    package var exif: [UInt8] = []

    package init() {}
}

extension PixelBuffer {
    /// The picture as a JPEG file of the given quality, 1...100; colour at half the resolution.
    ///
    /// - Throws: ``ImageError`` `.outOfMemory`, or `.unsupported` above 65,500 pixels a side.
    public func jpegData(quality: Int = 90) throws(ImageError) -> [UInt8] {
        var options = JPEGOptions()
        options.quality = quality
        return try jpegData(options)
    }

    /// The picture as a JPEG file with all options.
    package func jpegData(_ options: JPEGOptions) throws(ImageError) -> [UInt8] {
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
    ///
    /// - Throws: ``ImageError`` `.outOfMemory`.
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
    /// - Throws: ``ImageError`` `.unsupported` where libheif has no encoder.
    package func heicData(
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
        try withUnsafeBytes { (pixels) throws(ImageError) in
            try throwing { error in encode(pixels.baseAddress, &encoded, &error) }
        }
        defer { cimage_release(&encoded) }
        return [UInt8](UnsafeRawBufferPointer(start: encoded.bytes, count: encoded.byte_count))
    }
}
