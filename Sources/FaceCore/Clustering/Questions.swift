/// Faces that may be one person, asked about together: one answer is true for all of them, or for
/// most.
public struct Question: Hashable, Sendable {
    /// In ``FaceID`` order, at least one.
    public let faces: [FaceID]
    /// Who it may be, by the face that is nearest to them.
    public let nearest: Candidate
    /// Who else it may be.
    public let runnerUp: Candidate?
    /// Whether a face lies within the person's limit, or so little beyond it that most such
    /// questions are answered with yes.
    public let isClose: Bool
    /// How many photos the question is expected to bring to the person, by how often questions are
    /// answered with yes; above 0.
    public let gain: Float

    public init(
        faces: [FaceID], nearest: Candidate, runnerUp: Candidate?, isClose: Bool, gain: Float
    ) {
        self.faces = faces
        self.nearest = nearest
        self.runnerUp = runnerUp
        self.isClose = isClose
        self.gain = gain
    }
}

/// The questions for a person: one for each cluster and each person whom faces of it may be.
///
/// A photo that surely shows the person already, by another face, has nothing to gain. Where all
/// photos of a question do, it is none.
///
/// - Parameters:
///   - matches: what ``recognise(faces:references:decisions:ties:clusters:nearDuplicates:settings:)``
///     made of the event.
///   - clusters: of the faces without a name, as far as the event alone can tell; a face in none is
///     asked about with its tight cluster, or alone.
///   - tight: the clusters given to `recognise`.
///   - isSurelyThere: whether a photo surely shows a person; as the matches say when `nil`.
/// - Returns: the most valuable first: those close to the person's limit before the others; then by
///   ``Question/gain``, then the nearest, then by ``FaceID``.
public func questions(
    about matches: [Match], clusters: [Cluster], tight: [Cluster] = [],
    isSurelyThere: ((PersonID, ContentHash) -> Bool)? = nil
) -> [Question] {
    var group: [FaceID: Int] = [:]
    for (number, cluster) in (tight + clusters).enumerated() {
        for face in cluster.faces { group[face] = number }
    }
    let sure = SureAppearances(matches)
    let asked = matches.filter { $0.band == .ask && $0.nearest != nil }
    let together = Dictionary(grouping: asked) { match in
        Asked(
            group: group[match.face], face: group[match.face] == nil ? match.face : nil,
            person: match.nearest?.person)
    }
    let questions = together.values.compactMap { matches in
        question(about: matches) {
            isSurelyThere?($0, $1) ?? sure.contains($0, in: $1)
        }
    }
    func rank(_ question: Question) -> (Int, Float, Float, FaceID) {
        (
            question.isClose ? 0 : 1, -question.gain, question.nearest.distance, question.faces[0]
        )
    }
    return questions.sorted { rank($0) < rank($1) }
}

extension [Question] {
    /// How many of the first questions are to be answered first: as many as bring seven tenths of
    /// what all bring.
    public var countToAnswerFirst: Int {
        let wanted = 0.7 * reduce(0) { $0 + $1.gain }
        var (count, gain) = (0, Float(0))
        while count < self.count, gain < wanted {
            gain += self[count].gain
            count += 1
        }
        return count
    }
}

/// What makes two faces part of one question.
private struct Asked: Hashable {
    let group: Int?
    /// Of a face in no cluster.
    let face: FaceID?
    let person: PersonID?
}

private func question(
    about matches: [Match], isSurelyThere: (PersonID, ContentHash) -> Bool
) -> Question? {
    let first = matches.min { one, other in
        let (left, right) = (one.nearest?.distance ?? 0, other.nearest?.distance ?? 0)
        return (left, one.face) < (right, other.face)
    }
    guard let first, let nearest = first.nearest else { return nil }
    var chances: [ContentHash: Float] = [:]
    for match in matches where !isSurelyThere(nearest.person, match.face.photo) {
        let chance = match.isCloseToLimit ? chanceNearLimit : chanceBeyond
        chances[match.face.photo] = max(chance, chances[match.face.photo] ?? 0)
    }
    guard !chances.isEmpty else { return nil }
    return Question(
        faces: matches.map(\.face).sorted(), nearest: nearest, runnerUp: first.runnerUp,
        isClose: matches.contains(where: \.isCloseToLimit),
        // Sorted, because the sum of the same numbers may depend on their order.
        gain: chances.values.sorted().reduce(0, +))
}

extension Match {
    fileprivate var isCloseToLimit: Bool {
        guard let nearest, let limit = evidence?.limit else { return false }
        return nearest.distance - limit <= closeToLimit
    }
}

/// Which photos surely show whom.
private struct SureAppearances {
    private var photos: [PersonID: Set<ContentHash>] = [:]

    init(_ matches: [Match]) {
        for match in matches where match.band == .sure {
            guard let person = match.named?.person else { continue }
            photos[person, default: []].insert(match.face.photo)
        }
    }

    func contains(_ person: PersonID, in photo: ContentHash) -> Bool {
        photos[person]?.contains(photo) == true
    }
}

/// Up to this distance beyond the limit, a third of a tolerance's margin of error, most questions
/// are answered with yes.
private let closeToLimit: Float = 0.02
/// How many of the faces asked about are the person's: on the labelled event .51 up to
/// ``closeToLimit`` and .31 to .48 beyond, with 8 to 18 people known. In crowds of strangers fewer
/// are, but there too those near the limit are the likelier ones.
private let chanceNearLimit: Float = 0.5
private let chanceBeyond: Float = 0.4
