/// Where a photo goes.
public enum Place: Hashable, Sendable {
    case person(PersonID)
    case group
    case unknown
    /// A cluster's folder in `unknown`: a stranger in several photos.
    case cluster(ClusterNumber)
    case unreadable
    /// The other names of photos that have several files: a photo lies in its places once, under
    /// its first name; its other names are here.
    case copies
}

extension Place {
    package static let groupFolder = "group"
    package static let unknownFolder = "unknown"
    package static let unreadableFolder = "unreadable"
    package static let copiesFolder = "copies"
    /// Of the folder with our state; no name of a file in the album begins like it.
    package static let stateFolder = ".facesort"

    /// The album's own folders: no names for people.
    package static let folderNames = [groupFolder, unknownFolder, unreadableFolder, copiesFolder]
}

extension Place: Comparable {
    /// People by number, then `group`, `unknown`, clusters by number, `unreadable`, `copies`: a
    /// fixed order of writing.
    public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    private var rank: (Int, Int64) {
        switch self {
        case .person(let id): (0, id.rawValue)
        case .group: (1, 0)
        case .unknown: (2, 0)
        case .cluster(let number): (3, Int64(number.rawValue))
        case .unreadable: (4, 0)
        case .copies: (5, 0)
        }
    }

    /// Whether it is `unknown` or a folder in it: for photos with no recognised person.
    public var isOfStrangers: Bool {
        switch self {
        case .unknown, .cluster: true
        case .person, .group, .unreadable, .copies: false
        }
    }
}

/// The condition of a photo, as far as its places depend on it.
public enum PhotoCondition: Hashable, Sendable {
    /// Its picture, or at least half of a damaged one, was searched for faces.
    case analysed
    /// It ends early, and too little of it is left to judge.
    case tooDamaged
    /// It claims to be a photo but cannot be read at all.
    case unreadable
}

/// The places of one photo: every recognised person; `group` as well when it has at least
/// `groupSize` faces, known or not. When nobody is recognised: the folders of its strangers that
/// have one, else `unknown`.
///
/// - Parameters:
///   - condition: whether the photo could be read.
///   - faceCount: every face found, with a name or without.
///   - people: the recognised people.
///   - clusters: clusters with a folder and a face in the photo.
///   - groupSize: at least 1; photos with this many faces are group photos.
/// - Returns: never empty, so no photo is lost; an unreadable photo has only its own place.
public func places(
    condition: PhotoCondition, faceCount: Int, people: Set<PersonID>,
    clusters: Set<ClusterNumber> = [], groupSize: Int
) -> Set<Place> {
    switch condition {
    case .unreadable: return [.unreadable]
    case .tooDamaged: return [.unknown]
    case .analysed: break
    }
    var places = Set(people.map(Place.person))
    if faceCount >= groupSize { places.insert(.group) }
    if people.isEmpty {
        places.formUnion(clusters.isEmpty ? [.unknown] : clusters.map(Place.cluster))
    }
    return places
}
