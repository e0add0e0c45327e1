/// Someone with a name, as numbered in the catalogue; a rename keeps the number.
public struct PersonID: Hashable, Sendable, Comparable, Codable {
    public let rawValue: Int64

    public init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// Identifies a reference; stable as long as its portrait is.
public struct ReferenceID: Hashable, Sendable, Comparable, Codable {
    public let rawValue: Int64

    public init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// A face that was given for a person.
public struct Reference: Hashable, Sendable, Identifiable {
    public let id: ReferenceID
    public let person: PersonID
    public let encodings: FaceEncodings
    /// Whether it is a portrait, rather than a face of a photo that a person named.
    public let isPortrait: Bool

    public init(
        id: ReferenceID, person: PersonID, encodings: FaceEncodings, isPortrait: Bool = true
    ) {
        self.id = id
        self.person = person
        self.encodings = encodings
        self.isPortrait = isPortrait
    }
}

/// What a person said about a face. Nothing automatic overrules it.
public enum FaceDecision: Hashable, Sendable {
    /// The face is this person's.
    case isPerson(FaceID, PersonID)
    /// The face is not this person's, however near it lies.
    case isNotPerson(FaceID, PersonID)
    /// The face is of somebody who is not a guest: never matched.
    case notAGuest(FaceID)
    /// The face does not matter, or is no face: never matched.
    case ignore(FaceID)
}

/// Unnamed faces that seem to be one person.
public struct Cluster: Hashable, Sendable {
    public let faces: [FaceID]

    public init(faces: [FaceID]) {
        self.faces = faces
    }
}
