public import PhotoIndex
public import FaceCore

/// A face on a page.
public struct ReviewFace: Hashable, Sendable, Identifiable {
    public let id: ReviewToken
    public let photo: ReviewPhoto
    public let box: FaceBox
}

/// Someone with a name, on a page.
public struct ReviewPerson: Hashable, Sendable, Identifiable {
    public let id: ReviewToken
    public let name: String
    /// In how many photos they are, as far as is known now.
    public let photoCount: Int
    /// A face that shows them well; `nil` when there is none in the photos.
    public let face: ReviewFace?
    /// A portrait that shows them; `nil` when there is none with a face.
    public let portrait: ReviewToken?
}

/// A group on a page: a cluster of faces without a name.
public struct ReviewGroup: Hashable, Sendable, Identifiable {
    public var id: ClusterNumber { number }
    public let number: ClusterNumber
    public let photoCount: Int
    /// The faces that show it best: up to five.
    public let faces: [ReviewFace]
    /// Whether its faces are so different that it may be two people.
    public let mayBeSeveral: Bool
}

/// A doubtful match: are these faces that person?
public struct ReviewQuestion: Hashable, Sendable {
    public struct Candidate: Hashable, Sendable {
        public let person: ReviewPerson
        /// The portrait that the face is nearest to; `nil` when ``face`` is.
        public let portrait: ReviewToken?
        /// The face of a photo that the face in question is nearest to; `nil` when ``portrait`` is.
        public let face: ReviewFace?
        public let distance: Float
    }

    /// Asked about together, the clearest first; one answer is true of all of them, or of most.
    public let faces: [ReviewFace]
    public let nearest: Candidate
    public let runnerUp: Candidate?
    /// Whether the photos lie in the person's folder until it is answered.
    public let isFiled: Bool
    /// Whether it is one of the few that together bring most of the photos that all questions are
    /// expected to bring.
    public internal(set) var isFirst: Bool
}

/// What the host sees first.
public struct ReviewStart: Sendable {
    public let photoCount: Int
    public let faceCount: Int
    public let namedFaceCount: Int
    public let doubtfulFaceCount: Int
    /// Without a name, not doubtful, and not left out.
    public let unnamedFaceCount: Int
    /// Not guests, or ignored.
    public let leftOutFaceCount: Int
    public let personCount: Int
    /// In how many photos the ``groups`` are.
    public let groupPhotoCount: Int
    /// The groups of three photos or more that are still to be named, the largest first.
    public let groups: [ReviewGroup]
    /// The group with which to begin: naming it helps most with the others.
    public let firstToName: ClusterNumber?
    /// The most valuable first; those the host postponed come last.
    public let questions: [ReviewQuestion]
    public let portraitTroubles: [PortraitTrouble]
    public let photosWithoutFaces: [ReviewPhoto]
    public let failures: [PhotoFailure]
}

/// One group, to be named.
public struct ReviewGroupPage: Sendable {
    public struct Similar: Hashable, Sendable {
        public enum Who: Hashable, Sendable {
            case person(ReviewPerson)
            case group(ReviewGroup)
        }

        public let who: Who
        public let distance: Float
    }

    public let group: ReviewGroup
    /// Those that are least like the others: to be looked at first.
    public let closeLook: [ReviewFace]
    /// The others, the most typical first.
    public let faces: [ReviewFace]
    /// Who else it might be: up to three, the nearest first.
    public let similar: [Similar]
    /// Of the groups to be named, which one this is, from 1; `nil` when it is none of them.
    public let position: Int?
    public let groupCount: Int
    /// The next of them.
    public let next: ClusterNumber?
}

/// One person, with all photos.
public struct ReviewPersonPage: Sendable {
    public struct Appearance: Hashable, Sendable {
        public let face: ReviewFace
        /// To the nearest reference; `nil` when a person said who it is.
        public let distance: Float?
        public let runnerUp: String?
        public let runnerUpDistance: Float?
    }

    public struct Portrait: Hashable, Sendable {
        /// `nil` for a face of a photo.
        public let portrait: ReviewToken?
        /// `nil` for a portrait of PEOPLE.
        public let face: ReviewFace?
        /// Relative to PEOPLE, or the photo's name.
        public let name: String
        /// A word or two: `Good`, `Soft`, `No face found`.
        public let health: String
        public let isSound: Bool
        /// How many faces it is the nearest portrait of.
        public let matchCount: Int
    }

    public let person: ReviewPerson
    /// Farthest from the portraits, or nearly somebody else's: to be looked at first.
    public let doubtful: [Appearance]
    /// The surest first.
    public let sure: [Appearance]
    /// Photos in which a face was drawn that could not be looked at yet.
    public let drawn: [ReviewFace]
    public let portraits: [Portrait]
    /// With whom they are in most photos.
    public let oftenWith: String?
}

/// One photo with all its faces.
public struct ReviewPhotoPage: Sendable {
    public struct Labelled: Hashable, Sendable {
        public let face: ReviewFace
        /// The person's name, `Person 7` for a group, or `no name yet`.
        public let label: String
        public let person: ReviewToken?
        public let group: ClusterNumber?
    }

    public let photo: ReviewPhoto
    /// From left to right.
    public let faces: [Labelled]
}

/// What the host says on a page.
public enum ReviewAnswer: Sendable {
    /// Who the faces are that were taken out of a group.
    public enum Rest: String, Hashable, Sendable, CaseIterable {
        case stayUnnamed, areOnePerson, areNotGuests
    }

    public enum Who: Hashable, Sendable {
        /// As typed; a name that nobody has makes a person.
        case name(String)
        case person(ReviewToken)
        case group(ClusterNumber)
    }

    /// The faces of a group but those taken out are somebody.
    case group([ReviewToken], out: [ReviewToken], rest: Rest, are: Who)
    case areNotGuests([ReviewToken])
    case ignore([ReviewToken])
    /// Faces are somebody, whoever they were taken for.
    case are([ReviewToken], Who)
    case areNot([ReviewToken], person: ReviewToken)
    /// Of a person's faces these are one other person's, whose name is not known.
    case areSomeoneElse([ReviewToken], person: ReviewToken)
    case areGoodPortraits([ReviewToken])
    case rename(ReviewToken, to: String)
    case merge(ReviewToken, into: Who)
    /// A face that no search found; the box as fractions of the upright photo.
    case draw(photo: ReviewToken, box: FaceBox, is: Who, isPortrait: Bool)
    case withdraw(Int)
}

/// What an answer did.
public struct ReviewReceipt: Hashable, Sendable {
    /// The number for withdrawing it; `nil` when nothing had to be recorded.
    public let number: Int?
    /// The new state: "21 faces are Claire now. 1 was taken out and stays without a name."
    public let sentence: String
}
