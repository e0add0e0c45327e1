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
    /// For each person, whether most photos of theirs seem to show them twice: before a mirror, on
    /// a photo wall. Nobody there is certainly another.
    let isOftenTwice: [Bool]
    private let leastLimit: Float

    /// - Parameters:
    ///   - photoRanges: the faces of each photo.
    ///   - limits: only nearer ones count.
    init(
        _ faces: [Face], photoRanges: [Range<Int>], distances: FaceDistances, limits: [Float],
        known: KnownPeople, decided: DecisionIndex, _ parameters: EvidenceParameters
    ) {
        leastLimit = parameters.leastLimit
        var found = [[Other]](repeating: [], count: limits.count)
        var pairs = [(count: Int, sum: Float)](repeating: (0, 0), count: limits.count)
        var otherCount = 0
        for photo in photoRanges where photo.count > 1 {
            let start = photo.lowerBound
            otherCount += photo.count - 1
            let isDecided = photo.map { decided.isAbout(faces[$0].id) }
            for person in limits.indices {
                let id = known.people[person].id
                var nearest = -1
                for face in photo {
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
                for face in photo where face != nearest {
                    let distance = distances.distance(of: face, to: person)
                    guard distance < limits[person], distance >= least,
                        !isDecided[face - start] || decided.person[faces[face].id] != id
                    else { continue }
                    let apart = faces[face].encodings.mirrorMean.distance(
                        to: faces[nearest].encodings.mirrorMean)
                    pairs[person].count += 1
                    pairs[person].sum += apart
                    guard apart > parameters.twice else { continue }
                    found[person].append(Other(distance: distance, face: face))
                }
            }
        }
        let rank = otherCount / parameters.facesPerAccident
        let isOftenTwice = pairs.map { count, sum in
            count >= parameters.fewestTwice && sum / Float(count) <= parameters.twiceOnAverage
        }
        self.isOftenTwice = isOftenTwice
        nearest = found.indices.map { person in
            let others = found[person]
            guard others.count > rank, !isOftenTwice[person] else { return nil }
            return others.sorted { ($0.distance, $0.face) < ($1.distance, $1.face) }[rank]
        }
    }

    /// `min(limit, d(x, p))`, but never below ``EvidenceParameters/leastLimit``.
    func lowering(_ limits: [PersonLimit]) -> [PersonLimit] {
        limits.indices.map { person in
            var limit = limits[person]
            limit.isOftenTwice = isOftenTwice[person]
            guard let other = nearest[person] else { return limit }
            let distance = max(other.distance, leastLimit)
            guard distance < limit.distance else { return limit }
            return PersonLimit(distance: distance, lookAlike: nil, certainOther: other.face)
        }
    }
}
