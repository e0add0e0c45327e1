/// The detector that found a face, or the hand that drew it.
public enum DetectorKind: String, Hashable, Sendable, Codable, CaseIterable {
    /// dlib's frontal face detector: quick; upright frontal faces.
    case hog
    /// dlib's convolutional network: slow; finds tilted and half turned faces too.
    case cnn
    /// A person said that there is a face.
    case hand
}
