import PhotoImaging
import SystemPackage
import TestSupport

/// The picture at `path`, upright.
func decode(_ path: String) throws -> Raster {
    let pixels = try PhotoSource(path: FilePath(path)).pixels()
    var raster = Raster(width: pixels.width, height: pixels.height)
    let rowLength = pixels.width * 3
    pixels.withUnsafeBytes { bytes in
        for y in 0..<pixels.height {
            let row = bytes[(y * pixels.bytesPerRow)...].prefix(rowLength)
            raster.samples.replaceSubrange((y * rowLength)..<((y + 1) * rowLength), with: row)
        }
    }
    return raster
}

/// `raster` as a JPEG file of the given quality, 1...100.
func jpeg(_ raster: Raster, quality: Int) throws -> [UInt8] {
    try pixels(raster).jpegData(quality: quality)
}

/// `raster` as a HEIC file with `exif`, or nil where libheif was built without an encoder.
func heic(_ raster: Raster, exif: Exif) throws -> [UInt8]? {
    do {
        return try pixels(raster).heicData(quality: 80, exif: exif.tiff)
    } catch let error as ImageError where error.code == .unsupported {
        return nil
    }
}

private func pixels(_ raster: Raster) throws -> PixelBuffer {
    var pixels = try PixelBuffer(width: raster.width, height: raster.height)
    let bytesPerRow = pixels.bytesPerRow
    let rowLength = raster.width * 3
    pixels.withUnsafeMutableBytes { bytes in
        raster.samples.withUnsafeBytes { samples in
            for y in 0..<raster.height {
                let row = UnsafeRawBufferPointer(
                    rebasing: samples[(y * rowLength)...].prefix(rowLength))
                UnsafeMutableRawBufferPointer(rebasing: bytes[(y * bytesPerRow)...]).copyMemory(
                    from: row)
            }
        }
    }
    return pixels
}
