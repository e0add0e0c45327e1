/// What a picture is like as a whole: enough to recognise copies of it, and whether it is sharp and
/// well exposed, without reading it again.
public struct PictureFeatures: Hashable, Sendable {
    /// The number of columns, and of rows, of ``greys``.
    public static let side = 24
    /// The number of columns, and of rows, of ``thumbnail``.
    public static let thumbnailSide = 64

    /// The upright picture as ``side`` x ``side`` mean grey levels, 0...255, top row first; the
    /// same number for every shape.
    public let greys: [UInt8]
    /// One bit for each of 8 x 8 places: whether the picture grows brighter to the right there, top
    /// row first, the first bit the highest. Resizing and compressing change few of them.
    ///
    /// Published as *dHash* (Krawetz 2013).
    public let differenceHash: UInt64
    /// Variance of the Laplacian of the grey picture at a longer side of 1000 pixels, in squared
    /// grey levels; larger is sharper.
    public let sharpness: Float
    /// Mean grey level as a fraction 0...1.
    public let brightness: Float
    /// The fraction 0...1 of the pixels that are nearly black, below 8 of 255.
    public let darkFraction: Float
    /// The fraction 0...1 of the pixels that are nearly white, above 247 of 255.
    public let brightFraction: Float
    /// The picture as ``thumbnailSide`` x ``thumbnailSide`` mean grey levels, like ``greys``: fine
    /// enough to lay two pictures over each other and to notice another face.
    public let thumbnail: [UInt8]
    /// How blurred the picture's edges are.
    public let blur: PictureBlur

    /// - Returns: `nil` unless there are ``side`` x ``side`` greys, and ``thumbnailSide`` x
    ///   ``thumbnailSide`` in the thumbnail.
    public init?(
        greys: [UInt8], differenceHash: UInt64, sharpness: Float, brightness: Float,
        darkFraction: Float, brightFraction: Float, thumbnail: [UInt8], blur: PictureBlur
    ) {
        guard greys.count == Self.side * Self.side,
            thumbnail.count == Self.thumbnailSide * Self.thumbnailSide
        else { return nil }
        self.greys = greys
        self.differenceHash = differenceHash
        self.sharpness = sharpness
        self.brightness = brightness
        self.darkFraction = darkFraction
        self.brightFraction = brightFraction
        self.thumbnail = thumbnail
        self.blur = blur
    }
}
