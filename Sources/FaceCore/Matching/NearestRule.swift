/// ``MatchRule/nearest``, photo by photo.
///
/// - Parameter faces: in ``FaceID`` order.
func matchesByNearest(
    faces: [Face], _ references: [Reference], decided: DecisionIndex, settings: MatchSettings
) -> [Match] {
    let known = KnownPeople(references, rule: .nearest)
    let limits = Dictionary(
        uniqueKeysWithValues: zip(
            known.people.map(\.id), known.limits(upTo: settings.tolerance).map(\.distance)))
    return faces.chunked { $0.id.photo == $1.id.photo }.flatMap {
        PhotoByNearest(
            faces: $0, candidates: $0.map { known.candidates(for: $0.encodings) }, limits: limits,
            decided: decided, settings: settings
        ).matches()
    }
}

/// The faces of one photo and how near everybody is to each.
private struct PhotoByNearest {
    let faces: [Face]
    /// For each face everybody's nearest reference.
    let candidates: [[Candidate]]
    /// Everybody's limit.
    let limits: [PersonID: Float]
    let decided: DecisionIndex
    let settings: MatchSettings

    func matches() -> [Match] {
        let taken = Set(faces.compactMap { decided.person[$0.id] })
        let costs: [[Double?]] = zip(faces, candidates).map { face, candidates in
            candidates.map { candidate in
                guard
                    decided.person[face.id] == nil, decided.leftOut[face.id] == nil,
                    !taken.contains(candidate.person),
                    !decided.excludes(candidate.person, from: face.id),
                    candidate.distance <= settings.limit
                else { return nil }
                // A face exactly at the limit still counts, hence the tiny extra.
                return Double(candidate.distance) - Double(settings.limit) - 1e-9
            }
        }
        let assignment = optimalAssignment(costs: costs)
        return faces.indices.map { match(of: $0, assigned: assignment[$0]) }
    }

    private func match(of index: Int, assigned: Int?) -> Match {
        let face = faces[index].id
        if let match = decided.match(of: face, among: candidates[index]) { return match }
        let open = candidates[index].filter { !decided.excludes($0.person, from: face) }
        if let assigned {
            let named = candidates[index][assigned]
            let isNearest = open.allSatisfy { $0.distance >= named.distance }
            return match(
                face, named: named, among: open, reason: isNearest ? .withinLimit : .nextBest)
        }
        let isWithin = open.contains { $0.distance <= settings.limit }
        let reason: MatchReason =
            open.isEmpty ? .nobodyKnown : isWithin ? .personTaken : .tooFar
        return match(face, named: nil, among: open, reason: reason)
    }

    private func match(
        _ face: FaceID, named: Candidate?, among candidates: [Candidate], reason: MatchReason
    ) -> Match {
        let nearest = candidates.min { $0.distance < $1.distance }
        let first = named ?? nearest
        let runnerUp = candidates.filter { $0.person != first?.person }
            .min { $0.distance < $1.distance }
        return Match(
            face: face, named: named, nearest: nearest, runnerUp: runnerUp,
            band: band(named: named, nearest: nearest, runnerUp: runnerUp, reason), reason: reason)
    }

    private func band(
        named: Candidate?, nearest: Candidate?, runnerUp: Candidate?, _ reason: MatchReason
    ) -> Band {
        guard reason != .nobodyKnown else { return .no }
        guard let named else { return settings.bandWithoutName(nearest: nearest?.distance) }
        let isNear = named.distance <= limits[named.person] ?? 0
        let isClear =
            runnerUp.map { $0.distance - named.distance >= MatchSettings.margin } ?? true
        return isNear && isClear ? .sure : .likely
    }
}
