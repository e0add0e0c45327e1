/// The faces of an event that are certainly not a person's: in a photo everybody but the face
/// nearest to the person.
///
/// They tell how crowded a person's neighbourhood is: as near as one of them is, a stranger may be.
struct CertainOthers {
    struct Other {
        let distance: Float
        /// An index of a face.
        let face: Int
    }

    /// For each person the certain other that ends their limit; `nil` when none is near enough.
    let nearest: [Other?]
    private let leastLimit: Float

    /// - Parameters:
    ///   - photos: the number of each face's photo; the faces of one photo follow each other.
    ///   - limits: only nearer ones count.
    init(
        _ faces: [Face], photos: [Int32], distances: FaceDistances, limits: [Float],
        known: KnownPeople, decided: DecisionIndex, _ parameters: EvidenceParameters
    ) {
        leastLimit = parameters.leastLimit
        var found = [[Other]](repeating: [], count: limits.count)
        var start = 0
        var otherCount = 0
        while start < faces.count {
            var end = start + 1
            while end < faces.count, photos[end] == photos[start] { end += 1 }
            defer { start = end }
            guard end - start > 1 else { continue }
            otherCount += end - start - 1
            let isDecided = (start..<end).map { decided.isAbout(faces[$0].id) }
            for person in limits.indices {
                let id = known.people[person].id
                var nearest = -1
                for face in start..<end {
                    if isDecided[face - start], decided.person[faces[face].id] != id,
                        decided.cannotBe(id, faces[face].id)
                    {
                        continue
                    }
                    if nearest < 0
                        || distances.distance(of: face, to: person)
                            < distances.distance(of: nearest, to: person)
                    {
                        nearest = face
                    }
                }
                guard nearest >= 0 else { continue }
                let least = distances.distance(of: nearest, to: person)
                for face in start..<end where face != nearest {
                    let distance = distances.distance(of: face, to: person)
                    guard distance < limits[person], distance >= least,
                        !isDecided[face - start] || decided.person[faces[face].id] != id,
                        faces[face].encodings.mirrorMean.distance(
                            to: faces[nearest].encodings.mirrorMean) > parameters.twice
                    else { continue }
                    found[person].append(Other(distance: distance, face: face))
                }
            }
        }
        let rank = otherCount / parameters.facesPerAccident
        nearest = found.map { others in
            guard others.count > rank else { return nil }
            return others.sorted { ($0.distance, $0.face) < ($1.distance, $1.face) }[rank]
        }
    }

    /// `min(limit, d(x, p))`, but never below ``EvidenceParameters/leastLimit``.
    func lowering(_ limits: [PersonLimit]) -> [PersonLimit] {
        zip(limits, nearest).map { limit, other in
            guard let other else { return limit }
            let distance = max(other.distance, leastLimit)
            guard distance < limit.distance else { return limit }
            return PersonLimit(distance: distance, lookAlike: nil, certainOther: other.face)
        }
    }
}
