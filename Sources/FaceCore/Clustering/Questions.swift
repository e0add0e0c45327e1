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
/// - Returns: the most valuable first: the most faces, then the nearest, then by ``FaceID``.
public func questions(about matches: [Match], clusters: [Cluster]) -> [Question] {
    var asked = Dictionary(
        uniqueKeysWithValues: matches.filter { $0.band == .ask }.map { ($0.face, $0) })
    func question(_ faces: [FaceID]) -> Question? {
        let open = faces.sorted().compactMap { asked.removeValue(forKey: $0) }
        guard let first = open.first, let nearest = first.nearest else { return nil }
        return Question(faces: open.map(\.face), nearest: nearest, runnerUp: first.runnerUp)
    }
    let together = clusters.compactMap { question($0.faces) }
    let alone = asked.keys.sorted().compactMap { question([$0]) }
    return (together + alone).sorted {
        ($1.faces.count, $0.nearest.distance, $0.faces[0])
            < ($0.faces.count, $1.nearest.distance, $1.faces[0])
    }
}
