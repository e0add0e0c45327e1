public import FaceCore
public import SystemPackage

/// Someone with a name, and their folder in the album.
public struct Person: Hashable, Sendable, Identifiable {
    public let id: PersonID
    /// As the user wrote it; unique.
    public let name: String
    /// The name of their folder in the album; unique.
    public let folder: String
    /// Whether they have portraits now.
    public let isListed: Bool
}

/// The face of a portrait that stands for its person.
public struct PortraitFace: Hashable, Sendable {
    public let box: FaceBox
    /// The detector's score; see ``/FaceCore/Face/confidence``.
    public let confidence: Float
    public let encodings: FaceEncodings
    /// Height of its box in pixels of the full upright portrait, above 0.
    public let heightInPixels: Double
    public let detector: DetectorKind
    /// Variance of the Laplacian over the aligned face; `nil` from an older facesort.
    public let sharpness: Double?

    public init(
        box: FaceBox, confidence: Float, encodings: FaceEncodings, heightInPixels: Double,
        detector: DetectorKind, sharpness: Double? = nil
    ) {
        self.box = box
        self.confidence = confidence
        self.encodings = encodings
        self.heightInPixels = heightInPixels
        self.detector = detector
        self.sharpness = sharpness
    }
}

/// What was learnt from one portrait, by its content.
public struct PortraitAnalysis: Hashable, Sendable {
    public let hash: ContentHash
    /// In pixels of the upright portrait, at least 1; `nil` when it could not be read.
    public let width: Int?
    /// In pixels of the upright portrait, at least 1; `nil` when it could not be read.
    public let height: Int?
    /// How many faces were found.
    public let faceCount: Int
    /// The face that stands for the person; `nil` when there is none.
    public let chosen: PortraitFace?
    public let failure: Failure?

    public init(
        hash: ContentHash, width: Int? = nil, height: Int? = nil, faceCount: Int,
        chosen: PortraitFace? = nil, failure: Failure? = nil
    ) {
        self.hash = hash
        self.width = width
        self.height = height
        self.faceCount = faceCount
        self.chosen = chosen
        self.failure = failure
    }
}

/// One file of a source of portraits.
public struct PortraitFile: Hashable, Sendable {
    public let source: SourceID
    /// Relative to the source; any bytes.
    public let path: FilePath
    public let stamp: FileStamp
    public let hash: ContentHash

    public init(source: SourceID, path: FilePath, stamp: FileStamp, hash: ContentHash) {
        self.source = source
        self.path = path
        self.stamp = stamp
        self.hash = hash
    }
}

/// A person by the portraits: what ``Catalogue/replacePeople(_:in:)`` takes.
public struct ListedPerson: Hashable, Sendable {
    public let name: String
    /// The name of their folder in the album.
    public let folder: String
    public let portraits: [PortraitFile]

    public init(name: String, folder: String, portraits: [PortraitFile]) {
        self.name = name
        self.folder = folder
        self.portraits = portraits
    }
}

/// A face of a photo that stands for its person.
public struct FaceReference: Hashable, Sendable, Identifiable {
    public let id: ReferenceID
    public let person: PersonID
    public let face: FaceKey
}

/// A current portrait, its person, and what was learnt from it.
public struct Portrait: Hashable, Sendable {
    public let file: PortraitFile
    public let person: PersonID
    /// The same for every file of this person with the same content.
    public let reference: ReferenceID
    public let outcome: PortraitAnalysis
}
