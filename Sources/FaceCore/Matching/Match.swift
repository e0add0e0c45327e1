/// How sure a match is; see ``MatchSettings`` for the numbers.
public enum Band: String, Hashable, Sendable, Codable, CodingKeyRepresentable, CaseIterable {
    /// Filed: near, and clear of everybody else: see ``MatchSettings/sureLead``.
    case sure
    /// Filed by the rule, but not sure.
    case likely
    /// Not filed, but someone is within the tolerance + ``MatchSettings/askReach`` and not far
    /// beyond their own limit: worth a question.
    case ask
    /// Not filed, and nobody is near.
    case no
}

/// A person compared with a face, by the nearest of their references.
public struct Candidate: Hashable, Sendable {
    public let person: PersonID
    /// The reference that is nearest to the face.
    public let reference: ReferenceID
    /// The distance that decides: from the face to ``reference``, for a person with several half way
    /// to the mean of all; for faces judged together, the mean of theirs.
    public let distance: Float

    public init(person: PersonID, reference: ReferenceID, distance: Float) {
        self.person = person
        self.reference = reference
        self.distance = distance
    }
}

/// Why a face has the name it has, or none.
public enum MatchReason: String, Hashable, Sendable, Codable {
    /// The nearest person lies within the limit, and nothing speaks against it.
    case withinLimit
    /// The nearest person went to another face of the photo, which fits better; this is next.
    case nextBest
    /// Too far for a name by itself, but a near-duplicate of the photo has it at the same place.
    case sameInCopy
    /// A person said so.
    case decided
    /// A person said that this face does not matter.
    case ignored
    /// A person said that whoever it is gets no folder.
    case notAGuest
    /// A person said that another face, which has the name, is somebody else.
    case toldApart
    /// Even the nearest person is beyond the limit.
    case tooFar
    /// The nearest person's portraits are nearer to another person's than the face is to them.
    case lookAlike
    /// A face that is certainly not the nearest person's is as near to their portraits.
    case certainOther
    /// Another face of the same photo is about as near as the nearest person.
    case photoMate
    /// Two people are about equally near.
    case hardToTell
    /// Another face of the event, not the nearest person's, is about as near or nearer.
    case stranger
    /// The nearest person's other faces are less like it than strangers are like the person.
    case unlike
    /// Somebody is within the limit, but is another face of the same photo.
    case personTaken
    /// The match is only likely, and only sure ones are filed.
    case notSure
    /// Nobody is known to compare with.
    case nobodyKnown
}

extension MatchReason {
    /// Whether a person decided on the face itself.
    public var isDecided: Bool { self == .decided || self == .ignored || self == .notAGuest }
}

/// What ``MatchRule/evidence`` weighed besides the distances of the candidates.
public struct Evidence: Hashable, Sendable {
    /// A face of the event that competes with a person for another face.
    public struct Rival: Hashable, Sendable {
        /// The first of the faces that were judged together with it.
        public let face: FaceID
        /// How many they are.
        public let faceCount: Int
        /// The mean distance (root mean square) of the two sets of faces.
        public let distance: Float

        public init(face: FaceID, faceCount: Int, distance: Float) {
            self.face = face
            self.faceCount = faceCount
            self.distance = distance
        }
    }

    /// The number of faces judged together as one person's, this one included.
    public let faceCount: Int
    /// This face's own distance to the first candidate.
    public let ownDistance: Float
    /// The largest distance that would have given the first candidate's name.
    public let limit: Float
    /// The look-alike of the first candidate that lowers the limit.
    public let lookAlike: PersonID?
    /// The face nearer than the first candidate allows; for a face with a name, and by
    /// ``MatchReason/certainOther``, the one that lowers the limit.
    public let rival: Rival?
    /// The named face at the same place of a near-duplicate.
    public let copy: FaceID?

    public init(
        faceCount: Int, ownDistance: Float, limit: Float, lookAlike: PersonID? = nil,
        rival: Rival? = nil, copy: FaceID? = nil
    ) {
        self.faceCount = faceCount
        self.ownDistance = ownDistance
        self.limit = limit
        self.lookAlike = lookAlike
        self.rival = rival
        self.copy = copy
    }
}

/// The verdict on one face.
public struct Match: Hashable, Sendable {
    public let face: FaceID
    /// The recognised person with distance and reference; `nil` when the face has no name. For a
    /// decided face any distance is possible.
    public let named: Candidate?
    /// The nearest person, whether named or not; `nil` when nobody is known.
    public let nearest: Candidate?
    /// The nearest person other than ``named`` (or other than ``nearest`` when nobody is named).
    public let runnerUp: Candidate?
    public let band: Band
    public let reason: MatchReason
    /// `nil` by ``MatchRule/nearest``, for a face with a decision, and where nobody is known.
    public let evidence: Evidence?

    public init(
        face: FaceID, named: Candidate?, nearest: Candidate?, runnerUp: Candidate?, band: Band,
        reason: MatchReason, evidence: Evidence? = nil
    ) {
        self.face = face
        self.named = named
        self.nearest = nearest
        self.runnerUp = runnerUp
        self.band = band
        self.reason = reason
        self.evidence = evidence
    }
}
