internal import CImageCodecs

extension PixelBuffer {
    /// The picture as a JPEG file of the given quality, 1...100; colour at half the resolution.
    ///
    /// - Throws: ``ImageError`` `.outOfMemory`, or `.unsupported` above 65,500 pixels a side.
    public func jpegData(quality: Int = 90) throws(ImageError) -> [UInt8] {
        let size = cimage_size(width: Int32(width), height: Int32(height))
        var options = cimage_jpeg_options(
            quality: Int32(quality), colour: Int32(CIMAGE_COLOUR), is_progressive: 0,
            colour_subsampling: 2, restart_rows: 0, exif: nil, exif_count: 0)
        var encoded = cimage_encoded()
        try withUnsafeBytes { (pixels) throws(ImageError) in
            try throwing { error in
                cimage_encode_jpeg(
                    pixels.baseAddress, size, bytesPerRow, &options, &encoded, &error)
            }
        }
        defer { cimage_release(&encoded) }
        return [UInt8](UnsafeRawBufferPointer(start: encoded.bytes, count: encoded.byte_count))
    }
}
