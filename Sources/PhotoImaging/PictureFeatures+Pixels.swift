public import FaceCore

extension PictureFeatures {
    /// The version of these measures, kept with them: those of another version are taken again.
    public static let version = 2

    /// The longer side, in pixels, of the measured picture. Blur that is invisible at this size is
    /// invisible on a screen; smaller pictures are measured as they are.
    public static let measuredSide = PictureBlur.measuredSide

    /// Measures a picture of any size.
    ///
    /// In a damaged picture the missing rows are measured as the grey that fills them.
    ///
    /// - Throws: ``ImageError`` `.outOfMemory`.
    /// - Complexity: O(pixels).
    public init(of picture: borrowing PixelBuffer) throws(ImageError) {
        let plane = GreyPlane(try picture.reduced(maximumSide: Self.measuredSide))
        let side = Self.side
        // In whole grey levels, so that rounding makes no slope.
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
        self = features!  // No nil: the number of greys is right.
    }
}
