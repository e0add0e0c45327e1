public import FaceCore

extension PictureFeatures {
    /// Which measures these are: kept with them, so that those of another version are taken anew.
    public static let version = 2

    /// The longer side, in pixels, of the picture that is measured. Blur that cannot be seen at
    /// this size is not seen on a screen; smaller pictures are measured as they are.
    public static let measuredSide = PictureBlur.measuredSide

    /// Measures a picture of any size.
    ///
    /// Of a damaged picture the missing rows are measured as the grey that stands for them.
    ///
    /// - Throws: ``ImageError`` `.outOfMemory`.
    /// - Complexity: O(pixels).
    public init(of picture: borrowing PixelBuffer) throws(ImageError) {
        let plane = GreyPlane(try picture.reduced(maximumSide: Self.measuredSide))
        let side = Self.side
        // In whole grey levels, so that rounding is not taken for a slope.
        let hashed = plane.areaMeans(columns: 9, rows: 8).map { $0.rounded() }
        var hash: UInt64 = 0
        for row in 0..<8 {
            for column in 0..<8 {
                let isBrighter = hashed[9 * row + column + 1] > hashed[9 * row + column]
                hash = hash << 1 | (isBrighter ? 1 : 0)
            }
        }
        let exposure = plane.exposure
        let features = PictureFeatures(
            greys: plane.areaMeans(columns: side, rows: side).map { UInt8($0.rounded()) },
            differenceHash: hash, sharpness: plane.laplacianVariance,
            brightness: exposure.mean, darkFraction: exposure.dark,
            brightFraction: exposure.bright,
            thumbnail: plane.areaMeans(columns: Self.thumbnailSide, rows: Self.thumbnailSide)
                .map { UInt8($0.rounded()) },
            blur: PictureBlur(plane))
        self = features!  // No nil: there are as many greys as are asked for.
    }
}
