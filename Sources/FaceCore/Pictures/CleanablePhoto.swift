/// What cleaning knows about a photo.
///
/// Exact copies, equal in content, are one photo: the caller decides which of its files stays.
public struct CleanablePhoto: Hashable, Sendable {
    public let photo: ContentHash
    /// In pixels of the upright photo, at least 1.
    public let width: Int
    /// In pixels of the upright photo, at least 1.
    public let height: Int
    public let byteCount: Int64
    /// Of its content; `nil` when unknown.
    public let format: PhotoFormat?
    public let taken: TimeTaken?
    /// The camera's model.
    public let camera: String?
    /// `nil` when the picture cannot be read.
    public let features: PictureFeatures?
    public let faces: [CleanableFace]
    /// Whether no part of it is missing.
    public let isWhole: Bool

    public init(
        photo: ContentHash, width: Int, height: Int, byteCount: Int64, format: PhotoFormat? = nil,
        taken: TimeTaken? = nil, camera: String? = nil, features: PictureFeatures?,
        faces: [CleanableFace] = [], isWhole: Bool = true
    ) {
        self.photo = photo
        self.width = width
        self.height = height
        self.byteCount = byteCount
        self.format = format
        self.taken = taken
        self.camera = camera
        self.features = features
        self.faces = faces
        self.isWhole = isWhole
    }

    var pixelCount: Int { width * height }
    var aspect: Double { Double(width) / Double(height) }
}

/// What cleaning knows about a face.
public struct CleanableFace: Hashable, Sendable {
    public let box: FaceBox
    /// `nil` when unknown.
    public let encodings: FaceEncodings?
    /// Variance of the Laplacian over the aligned face, in squared grey levels.
    public let sharpness: Double?
    /// Height of the box in pixels of the upright photo at its full size.
    public let heightInPixels: Double?

    public init(
        box: FaceBox, encodings: FaceEncodings? = nil, sharpness: Double? = nil,
        heightInPixels: Double? = nil
    ) {
        self.box = box
        self.encodings = encodings
        self.sharpness = sharpness
        self.heightInPixels = heightInPixels
    }
}
