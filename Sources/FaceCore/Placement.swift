/// Where a photo goes.
public enum Place: Hashable, Sendable {
    case person(PersonID)
    case group
    case unknown
    case unreadable
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
/// `groupSize` faces, known or not; `unknown` when nobody is recognised.
///
/// - Parameters:
///   - faceCount: every face found, with a name or without.
///   - people: the recognised people.
///   - groupSize: at least 1; the photos with so many faces are group photos.
/// - Returns: never empty, so no photo is lost; an unreadable photo has no place but its own.
public func places(
    condition: PhotoCondition, faceCount: Int, people: Set<PersonID>, groupSize: Int
) -> Set<Place> {
    switch condition {
    case .unreadable: return [.unreadable]
    case .tooDamaged: return [.unknown]
    case .analysed: break
    }
    var places = Set(people.map(Place.person))
    if faceCount >= groupSize { places.insert(.group) }
    if people.isEmpty { places.insert(.unknown) }
    return places
}
