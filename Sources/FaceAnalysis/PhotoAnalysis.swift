public import FaceCore

/// One face of an analysed photo, not yet numbered or recorded.
public struct AnalysedFace: Hashable, Sendable {
    public let box: FaceBox
    /// The detector's score; no unit, larger is surer, comparable within one ``detector`` only; 0 for
    /// a drawn face.
    public let confidence: Float
    public let detector: DetectorKind
    public let encodings: FaceEncodings
    /// Height of the box in pixels of the upright photo at its full size.
    public let heightInPixels: Double
    /// Variance of the Laplacian over the aligned grey face, in squared grey levels; below about
    /// 20 the face is blurred or tiny, above 100 it is crisp.
    public let sharpness: Float
}

/// What was found in one photo.
public struct PhotoAnalysis: Hashable, Sendable {
    /// In ``/FaceCore/FaceBox`` order: a face's index is its number in the photo.
    public let faces: [AnalysedFace]
    /// How much of the picture could be decoded, 0...1; 1 for a sound photo.
    public let decodedFraction: Double
    /// What is wrong with the file, as part of a sentence; `nil` for a sound photo.
    public let damage: String?
    /// Longer side, in pixels, of the picture searched for faces; 0 when less than
    /// ``FaceAnalyser/leastDecodedFraction`` exists and nothing was searched.
    public let searchedSide: Int
    /// What the picture is like as a whole; `nil` when less than
    /// ``FaceAnalyser/leastDecodedFraction`` exists.
    public let pictureFeatures: PictureFeatures?
}
