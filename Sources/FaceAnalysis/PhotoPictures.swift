internal import FaceCore
import PhotoImaging

/// One photo's picture at the sizes that its analysis needs; each is decoded once, on first use.
final class PhotoPictures {
    /// A picture and how it relates to the photo.
    final class Picture {
        let pixels: PixelBuffer

        init(_ pixels: consuming PixelBuffer) {
            self.pixels = pixels
        }

        var longerSide: Int { max(pixels.width, pixels.height) }
    }

    /// The picture that is searched as a whole: the longer side at least `coarseSide`, if the photo
    /// has that many pixels.
    let coarse: Picture

    private let photo: PhotoSource
    private let detailSide: Int
    private var decodedDetail: Picture?

    /// - Parameters:
    ///   - coarseSide: least longer side, in pixels, of the picture searched as a whole.
    ///   - detailSide: longest side, in pixels, of the picture for small faces; more than
    ///     `coarseSide`.
    /// - Throws: ``/PhotoImaging/ImageError`` when it cannot be decoded.
    init(
        _ photo: PhotoSource, coarseSide: Int, detailSide: Int
    ) throws(ImageError) {
        self.photo = photo
        self.detailSide = detailSide
        let fullSide = max(photo.uprightWidth, photo.uprightHeight)
        if fullSide < 2 * coarseSide {
            // Scaled decoding would be too small: the whole picture is decoded either way.
            coarse = Picture(try photo.pixels(maximumSide: detailSide))
            decodedDetail = coarse
        } else {
            coarse = Picture(try photo.pixels(maximumSide: coarseSide))
        }
    }

    /// The photo at its full size, or at `detailSide` if that is less.
    ///
    /// - Throws: ``/PhotoImaging/ImageError`` when it cannot be decoded.
    func detail() throws(ImageError) -> Picture {
        if let decodedDetail { return decodedDetail }
        let decoded = Picture(try photo.pixels(maximumSide: detailSide))
        decodedDetail = decoded
        return decoded
    }

    /// Longer side of ``detail()``, in pixels; does not decode it.
    var detailLongerSide: Int {
        min(detailSide, max(photo.uprightWidth, photo.uprightHeight))
    }

    /// What the picture is like as a whole; `nil` when less than
    /// ``FaceAnalyser/leastDecodedFraction`` of it exists.
    ///
    /// - Throws: ``/PhotoImaging/ImageError`` `.outOfMemory`.
    func features() throws(ImageError) -> PictureFeatures? {
        guard coarse.pixels.decodedFraction >= FaceAnalyser.leastDecodedFraction else { return nil }
        return try PictureFeatures(of: coarse.pixels)
    }
}
