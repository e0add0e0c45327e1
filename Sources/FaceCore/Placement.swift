/// Where a photo goes.
public enum Place: Hashable, Sendable {
    case person(PersonID)
    case group
    case unknown
    /// The folder in `unknown` of a cluster: a stranger of several photos.
    case cluster(ClusterNumber)
    case unreadable
    /// The further names of photos of which there are several files: a photo lies in its places
    /// once, under its first name, and whoever looks for another finds that here.
    case copies
}

extension Place {
    /// The album's own folders, which no person may have.
    public static let folderNames = ["group", "unknown", "unreadable", "copies"]
}

extension Place: Comparable {
    /// People by their number, then `group`, `unknown`, clusters by their number, `unreadable`,
    /// `copies`: a fixed order of writing.
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

    /// Whether it is `unknown` or a folder in it: where photos go in which nobody is recognised.
    public var isOfStrangers: Bool {
        switch self {
        case .unknown, .cluster: true
        case .person, .group, .unreadable, .copies: false
        }
    }
}

/// What could be seen of a photo, as far as its places depend on it.
public enum PhotoCondition: Hashable, Sendable {
    /// Its picture, or at least half of a damaged one, was searched for faces.
    case analysed
    /// It ends early, and too little of it is there to be judged.
    case tooDamaged
    /// It claims to be a photo and cannot be read at all.
    case unreadable
}

/// The places of one photo: every recognised person; `group` as well when it has at least
/// `groupSize` faces, known or not; when nobody is recognised, the folders of the strangers in it
/// that have one, else `unknown`.
///
/// - Parameters:
///   - faceCount: every face found, with a name or without.
///   - people: the recognised people.
///   - clusters: the clusters with a folder that have a face in the photo.
///   - groupSize: at least 1; the photos with so many faces are group photos.
/// - Returns: never empty, so no photo is lost; an unreadable photo has no place but its own.
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
