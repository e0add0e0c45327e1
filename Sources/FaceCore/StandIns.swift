/// A face of a photo that a person named.
public struct NamedFace: Hashable, Sendable {
    public let face: Face
    public let person: PersonID
    /// Whether other faces may be told by it; see ``FaceQuality``.
    public let isClear: Bool
    /// Whether it was said to stand for its person, however poor it is.
    public let isPortrait: Bool

    public init(face: Face, person: PersonID, isClear: Bool, isPortrait: Bool) {
        self.face = face
        self.person = person
        self.isClear = isClear
        self.isPortrait = isPortrait
    }
}

/// The faces of photos that stand for their people as portraits do.
///
/// Of each person's named faces those that were said to, and of the clear ones the most typical:
/// with the least mean distance to the person's other clear faces.
///
/// - Parameters:
///   - named: in any order.
///   - most: how many typical ones for each person.
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
            // Copies of a face have one sum.
            (face: face, sum: sums[face.face.encodings.mirrorMean] ?? 0)
        }.sorted { ($0.sum, $0.face.face.id) < ($1.sum, $1.face.face.id) }.prefix(most)
        let chosen = Set(typical.map(\.face.face.id))
        return own.filter { $0.isPortrait || chosen.contains($0.face.id) }
    }
}

/// How many of a person's named faces stand for them beside the portraits.
public let standInCount = 30
