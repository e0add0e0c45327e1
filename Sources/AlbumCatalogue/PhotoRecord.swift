public import FaceCore

/// Why a photo or portrait could not be read properly.
public struct Failure: Hashable, Sendable {
    public let code: FailureCode
    /// For people: one sentence.
    public let reason: String

    public init(code: FailureCode, reason: String) {
        self.code = code
        self.reason = reason
    }
}

/// A face, and how it was found.
public struct RecordedFace: Hashable, Sendable {
    public let face: Face
    public let detector: DetectorKind
    /// Height of its box in pixels of the full upright photo, above 0.
    public let heightInPixels: Double?
    /// No unit, at least 0, larger is sharper.
    public let sharpness: Double?

    public init(
        face: Face, detector: DetectorKind, heightInPixels: Double? = nil,
        sharpness: Double? = nil
    ) {
        self.face = face
        self.detector = detector
        self.heightInPixels = heightInPixels
        self.sharpness = sharpness
    }
}

/// All facts about one photo, by its content.
public struct PhotoRecord: Hashable, Sendable {
    public let hash: ContentHash
    /// At least 0.
    public let byteCount: Int64
    /// `nil` when unknown.
    public let format: PhotoFormat?
    public let condition: PhotoCondition
    /// What is wrong with it; an ``/FaceCore/PhotoCondition/analysed`` photo may have one too.
    public let failure: Failure?
    /// In pixels of the upright photo, at least 1; `nil` when it could not be read.
    public let width: Int?
    /// In pixels of the upright photo, at least 1; `nil` when it could not be read.
    public let height: Int?
    public let taken: TimeTaken?
    public let camera: String?
    /// Its faces, in ``/FaceCore/FaceID`` order.
    public let recordedFaces: [RecordedFace]

    /// - Precondition: every face is one of this photo, each number once.
    public init(
        hash: ContentHash, byteCount: Int64, format: PhotoFormat? = nil,
        condition: PhotoCondition, failure: Failure? = nil, width: Int? = nil, height: Int? = nil,
        taken: TimeTaken? = nil, camera: String? = nil, recordedFaces: [RecordedFace] = []
    ) {
        precondition(recordedFaces.allSatisfy { $0.face.id.photo == hash }, "a foreign face")
        self.hash = hash
        self.byteCount = byteCount
        self.format = format
        self.condition = condition
        self.failure = failure
        self.width = width
        self.height = height
        self.taken = taken
        self.camera = camera
        self.recordedFaces = recordedFaces.sorted { $0.face.id < $1.face.id }
    }

    /// The faces alone, in ``/FaceCore/FaceID`` order.
    public var faces: [Face] { recordedFaces.map(\.face) }
}

/// What was learnt from a photo's picture as a whole.
public struct PictureAnalysis: Hashable, Sendable {
    /// Of the measures; another version's are made again.
    public let version: Int
    /// `nil` for a picture that cannot be read, or of which too little exists.
    public let features: PictureFeatures?

    public init(version: Int, features: PictureFeatures?) {
        self.version = version
        self.features = features
    }
}
