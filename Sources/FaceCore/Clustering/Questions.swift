/// Faces that may be one person, asked about together: one answer is true for all of them.
public struct Question: Hashable, Sendable {
    /// In ``FaceID`` order, at least one.
    public let faces: [FaceID]
    /// Who it may be.
    public let nearest: Candidate
    /// Who else it may be.
    public let runnerUp: Candidate?

    public init(faces: [FaceID], nearest: Candidate, runnerUp: Candidate?) {
        self.faces = faces
        self.nearest = nearest
        self.runnerUp = runnerUp
    }
}

/// The questions for a person: one for each cluster in which a face is worth one, and one for each
/// other such face.
///
/// - Parameters:
///   - matches: what ``recognise(faces:references:decisions:ties:clusters:nearDuplicates:settings:)``
///     made of the event.
///   - clusters: the same as given to it.
/// - Returns: the most valuable first: those close to the person's limit before the others, of which
///   few are answered with yes; then the most faces, then the nearest, then by ``FaceID``.
public func questions(about matches: [Match], clusters: [Cluster]) -> [Question] {
    var asked = Dictionary(
        uniqueKeysWithValues: matches.filter { $0.band == .ask }.map { ($0.face, $0) })
    var isClose: Set<FaceID> = []
    func question(_ faces: [FaceID]) -> Question? {
        let open = faces.sorted().compactMap { asked.removeValue(forKey: $0) }
        guard let first = open.first, let nearest = first.nearest else { return nil }
        let limit = first.evidence?.limit ?? .infinity
        if nearest.distance - limit <= closeToLimit { isClose.insert(first.face) }
        return Question(faces: open.map(\.face), nearest: nearest, runnerUp: first.runnerUp)
    }
    let together = clusters.compactMap { question($0.faces) }
    let alone = asked.keys.sorted().compactMap { question([$0]) }
    func rank(_ question: Question) -> (Int, Int, Float, FaceID) {
        (
            isClose.contains(question.faces[0]) ? 0 : 1, -question.faces.count,
            question.nearest.distance, question.faces[0]
        )
    }
    return (together + alone).sorted { rank($0) < rank($1) }
}

/// Up to this distance beyond the limit, a third of a tolerance's margin of error, most questions
/// are answered with yes.
private let closeToLimit: Float = 0.02
