/// How sure a match is; see ``MatchSettings`` for the numbers.
public enum Band: String, Hashable, Sendable, Codable, CaseIterable {
    /// Filed, well within the limit and clear of the next person.
    case sure
    /// Filed by the rule, and not sure.
    case likely
    /// Not filed, though someone is nearly near enough: worth a question.
    case ask
    /// Not filed, and nobody is near.
    case no
}

/// A person whom a face was compared with, by the nearest of their references.
public struct Candidate: Hashable, Sendable {
    public let person: PersonID
    public let reference: ReferenceID
    /// Euclidean distance between face and reference.
    public let distance: Float

    public init(person: PersonID, reference: ReferenceID, distance: Float) {
        self.person = person
        self.reference = reference
        self.distance = distance
    }
}

/// Why a face has the name it has, or none.
public enum MatchReason: String, Hashable, Sendable, Codable {
    /// The nearest person lies within the limit.
    case withinLimit
    /// The nearest person went to another face of the photo, which fits better; this one is next.
    case nextBest
    /// A person said so.
    case decided
    /// A person said that this face does not matter.
    case ignored
    /// Even the nearest person is beyond the limit.
    case tooFar
    /// Somebody is within the limit, but that person is another face of the same photo.
    case personTaken
    /// Nobody is known to compare with.
    case nobodyKnown
}

/// The verdict on one face.
public struct Match: Hashable, Sendable {
    public let face: FaceID
    /// The recognised person with distance and reference, or `nil` when the face has no name.
    /// The distance of a decided face may be any.
    public let named: Candidate?
    /// The nearest person, whether named or not; `nil` when nobody is known.
    public let nearest: Candidate?
    /// The nearest person other than ``named`` (or other than ``nearest`` when nobody is named).
    public let runnerUp: Candidate?
    public let band: Band
    public let reason: MatchReason

    public init(
        face: FaceID, named: Candidate?, nearest: Candidate?, runnerUp: Candidate?, band: Band,
        reason: MatchReason
    ) {
        self.face = face
        self.named = named
        self.nearest = nearest
        self.runnerUp = runnerUp
        self.band = band
        self.reason = reason
    }
}

/// By which rule faces are matched.
public enum MatchRule: String, Hashable, Sendable, Codable, CaseIterable {
    /// dlib's plain rule: the nearest reference within the tolerance, on plain encodings.
    case nearest
}

/// What ``recognise(faces:references:decisions:clusters:settings:)`` goes by.
public struct MatchSettings: Hashable, Sendable, Codable {
    /// Tutorials with dlib's encodings use 0.5; dlib's own default is 0.6, lower is stricter.
    public static let defaultTolerance: Float = 0.5
    /// What a sure match must be nearer than the limit. A twelfth of the gap between the mean
    /// distance of one person's pictures (.40) and two people's (.76) is about this.
    public static let sureReserve: Float = 0.02
    /// How much farther the next person must be for a match to be sure: half the standard
    /// deviation (.09) of the distances between pictures of one person.
    public static let sureMargin: Float = 0.04
    /// How far beyond the limit a face is still worth a question.
    public static let askReach: Float = 0.06

    public var rule: MatchRule
    /// The largest distance at which two single pictures count as one person; above 0, finite.
    public var tolerance: Float

    public init(rule: MatchRule = .nearest, tolerance: Float = Self.defaultTolerance) {
        self.rule = rule
        self.tolerance = tolerance
    }

    /// The largest distance that the rule allows.
    public var limit: Float {
        switch rule {
        case .nearest: tolerance
        }
    }
}
