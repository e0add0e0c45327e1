/// A face of a photo that a person named.
public struct NamedFace: Hashable, Sendable {
    public let face: Face
    public let person: PersonID
    /// Whether it can identify other faces; see ``FaceQuality``.
    public let isClear: Bool
    /// Whether it was said to serve as a portrait, however poor it is.
    public let isPortrait: Bool

    public init(face: Face, person: PersonID, isClear: Bool, isPortrait: Bool) {
        self.face = face
        self.person = person
        self.isClear = isClear
        self.isPortrait = isPortrait
    }
}

/// The faces of photos that serve as portraits of their people.
///
/// For each person: the named faces that were said to, and the most typical of the clear ones:
/// those with the least mean distance to the person's other clear faces.
///
/// - Parameters:
///   - named: in any order.
///   - most: how many typical ones per person.
/// - Returns: by person, then by ``FaceID``.
public func standIns(among named: [NamedFace], upTo most: Int = standInCount) -> [NamedFace] {
    let ofPerson = Dictionary(grouping: named, by: \.person)
    return ofPerson.keys.sorted().flatMap { person -> [NamedFace] in
        let own = ofPerson[person]!.sorted { $0.face.id < $1.face.id }  // The key came from there.
        let clear = own.filter(\.isClear)
        var sums: [FaceEncoding: Float] = [:]
        for encoding in clear.map(\.face.encodings.mirrorMean) where sums[encoding] == nil {
            sums[encoding] = clear.reduce(0) {
                $0 + $1.face.encodings.mirrorMean.distance(to: encoding)
            }
        }
        let typical = clear.map { face in
            // Copies of a face share one sum.
            (face: face, sum: sums[face.face.encodings.mirrorMean] ?? 0)
        }.sorted { ($0.sum, $0.face.face.id) < ($1.sum, $1.face.face.id) }.prefix(most)
        let chosen = Set(typical.map(\.face.face.id))
        return own.filter { $0.isPortrait || chosen.contains($0.face.id) }
    }
}

/// How many of a person's named faces serve as portraits, too.
public let standInCount = 30
