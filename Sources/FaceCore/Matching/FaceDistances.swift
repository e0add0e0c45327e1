/// How far each face of an event is from each known person.
struct FaceDistances {
    let peopleCount: Int
    /// Face by face, for each person in order.
    private let distances: [Float]

    init(_ faces: [Face], to known: KnownPeople) {
        let table = VectorTable(faces.lazy.map(\.encodings.mirrorMean))
        let references = VectorTable(known.people.lazy.flatMap { $0.references.map(\.encoding) })
        let people = known.people
        let meanWeight = known.meanWeight
        peopleCount = people.count
        var distances: [Float] = []
        distances.reserveCapacity(faces.count * people.count)
        table.withView { table in
            references.withView { references in
                for face in 0..<faces.count {
                    var next = 0
                    for person in people {
                        let start = next
                        next += person.references.count
                        distances.append(
                            ReferenceDistance.combined(person, meanWeight: meanWeight) {
                                table.distance(face, to: start + $0, of: references)
                            }.distance)
                    }
                }
            }
        }
        self.distances = distances
    }

    func distance(of face: Int, to person: Int) -> Float { distances[face * peopleCount + person] }

    /// The mean over some faces of their distances to a person.
    func mean(of faces: [Int], to person: Int) -> Float {
        guard faces.count > 1 else { return distance(of: faces[0], to: person) }
        return faces.reduce(0) { $0 + distance(of: $1, to: person) } / Float(faces.count)
    }
}

/// The distance to a person with several references.
enum ReferenceDistance {
    /// How much the mean counts for a person without portraits, who may have thirty named faces:
    /// the nearest of so many is near by chance.
    static let standInWeight: Float = 0.7

    /// Half way between the nearest reference and the mean of all: of the portraits alone or with
    /// the person's named faces, whichever is less.
    @inline(__always)
    static func combined(
        _ person: KnownPeople.Entry, meanWeight: Float, _ distance: (Int) -> Float
    ) -> (distance: Float, nearest: Int) {
        var (least, nearest, sum) = (Float.infinity, 0, Float(0))
        var ofPortraits = Float.infinity
        for index in person.references.indices {
            let distance = distance(index)
            sum += distance
            if distance < least { (least, nearest) = (distance, index) }
            if index + 1 == person.portraitCount {
                ofPortraits = least + meanWeight * (sum / Float(index + 1) - least)
            }
        }
        let weight = person.portraitCount == 0 && meanWeight > 0 ? standInWeight : meanWeight
        let all = least + weight * (sum / Float(person.references.count) - least)
        return (min(ofPortraits, all), nearest)
    }
}
