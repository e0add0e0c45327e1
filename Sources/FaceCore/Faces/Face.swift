/// Identifies a face: its photo, by content, and the face's number in it.
public struct FaceID: Hashable, Sendable, Comparable {
    public let photo: ContentHash
    /// 0 for the first face of the photo in ``FaceBox`` order.
    public let number: Int

    public init(photo: ContentHash, number: Int) {
        self.photo = photo
        self.number = number
    }

    public static func < (left: Self, right: Self) -> Bool {
        left.photo == right.photo ? left.number < right.number : left.photo < right.photo
    }
}

/// One detected face of one photo.
public struct Face: Hashable, Sendable, Identifiable {
    public let id: FaceID
    public let box: FaceBox
    /// The detector's score; no unit, larger is surer, 0 is the detector's own threshold.
    public let confidence: Float
    public let encodings: FaceEncodings

    public init(id: FaceID, box: FaceBox, confidence: Float, encodings: FaceEncodings) {
        self.id = id
        self.box = box
        self.confidence = confidence
        self.encodings = encodings
    }
}
