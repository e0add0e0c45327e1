struct Pair: Hashable {
    let one: Int
    let other: Int

    init(_ one: Int, _ other: Int) {
        self.one = min(one, other)
        self.other = max(one, other)
    }
}

enum Standing<Person: Hashable & Sendable>: Hashable, Sendable {
    case open, person(Person), notAGuest, ignored

    func named(_ name: (Person) -> String) -> FaceVerdict.Standing {
        switch self {
        case .open: .open
        case .person(let person): .person(name(person))
        case .notAGuest: .notAGuest
        case .ignored: .ignored
        }
    }
}

struct DecidedFace: Sendable {
    let photo: ContentHash
    /// From its last mention.
    var box: FaceBox
    var standing = Standing<Int>.open
    var excluded: Set<Int> = []
    var isPortrait = false
    var isDrawn = false
}

/// The state while answers are applied one after the other.
struct Replay {
    private struct Entry {
        var name: String
        var portraitNames: Set<String>
        var mergedInto: Int?
    }

    private var entries: [Entry] = []
    /// By ``nameKey(_:)``.
    private var entryNamed: [String: Int] = [:]
    /// Who last had a name that is free now.
    private var entryOnceNamed: [String: Int] = [:]
    private var claimedPortraitNames: Set<String> = []
    private var faces: [DecidedFace] = []
    private var facesOfPhoto: [ContentHash: [Int]] = [:]
    private(set) var together: [[Int]] = []
    private(set) var apart: Set<Pair> = []

    mutating func apply(_ saying: Statement) {
        switch saying {
        case .isPerson(let keys, let name):
            let person = person(named: name)
            for face in keys.map({ self.face(at: $0) }) {
                faces[face].standing = .person(person)
                faces[face].excluded.remove(person)
            }
        case .isNotPerson(let keys, let name):
            let person = person(named: name)
            for face in keys.map({ self.face(at: $0) }) {
                faces[face].excluded.insert(person)
                guard case .person(let own) = faces[face].standing, root(own) == person else {
                    continue
                }
                faces[face].standing = .open
                faces[face].isPortrait = false
            }
        case .notAGuest(let keys): settle(keys, as: .notAGuest)
        case .ignore(let keys): settle(keys, as: .ignored)
        case .same(let keys):
            let own = Set(keys.map { face(at: $0) })
            apart = apart.filter { !(own.contains($0.one) && own.contains($0.other)) }
            together.append(own.sorted())
        case .different(let keys, let others):
            let own = Set(keys.map { face(at: $0) })
            let rest = Set(others.map { face(at: $0) }).subtracting(own)
            for one in own { for other in rest { apart.insert(Pair(one, other)) } }
            together = together.flatMap { group in
                rest.isDisjoint(with: group)
                    ? [group] : [group.filter(own.contains), group.filter { !own.contains($0) }]
            }
        case .drawn(let key): faces[face(at: key)].isDrawn = true
        case .portrait(let keys):
            for key in keys { faces[face(at: key)].isPortrait = true }
        case .undecided(let keys):
            for face in keys.map({ self.face(at: $0) }) {
                faces[face].standing = .open
                faces[face].excluded = []
                faces[face].isPortrait = false
            }
        case .rename(let name, let other): rename(person(named: name), to: other)
        case .merge(let name, let other): merge(person(named: name), into: person(named: other))
        case .withdraw: break
        }
    }

    /// The current name for each name ever used, by ``nameKey(_:)``.
    var namesNow: [String: String] {
        entryOnceNamed.merging(entryNamed) { _, now in now }.mapValues { entries[root($0)].name }
    }

    /// Without people who were merged into others; indices as in ``decidedFaces``.
    var livingPeople: [DecisionBook.Person] {
        entries.filter { $0.mergedInto == nil }
            .map { DecisionBook.Person(name: $0.name, portraitNames: $0.portraitNames) }
    }

    /// The faces, with people as indices of ``livingPeople``.
    var decidedFaces: [DecidedFace] {
        var place = 0
        var indices: [Int: Int] = [:]
        for entry in entries.indices where entries[entry].mergedInto == nil {
            indices[entry] = place
            place += 1
        }
        func living(_ entry: Int) -> Int { indices[root(entry)]! }  // A root is merged into nobody.
        return faces.map { face in
            var face = face
            face.excluded = Set(face.excluded.map(living))
            if case .person(let person) = face.standing {
                face.standing = .person(living(person))
                face.excluded.remove(living(person))
            }
            return face
        }
    }

    private mutating func settle(_ keys: [FaceKey], as standing: Standing<Int>) {
        for face in keys.map({ self.face(at: $0) }) {
            faces[face].standing = standing
            faces[face].isPortrait = false
        }
    }

    private mutating func face(at key: FaceKey) -> Int {
        let known = facesOfPhoto[key.photo] ?? []
        let equal = known.first { faces[$0].box == key.box }
        let nearest = known.map { (overlap: faces[$0].box.overlap(with: key.box), face: $0) }
            .filter { $0.overlap >= FaceKey.sameFaceOverlap }
            .max { ($0.overlap, $1.face) < ($1.overlap, $0.face) }
        if let face = equal ?? nearest?.face {
            faces[face].box = key.box
            return face
        }
        faces.append(DecidedFace(photo: key.photo, box: key.box))
        facesOfPhoto[key.photo, default: []].append(faces.count - 1)
        return faces.count - 1
    }

    private mutating func person(named name: String) -> Int {
        if let known = entryNamed[nameKey(name)] { return root(known) }
        // Portraits with the name are theirs, unless a renamed person had them.
        let isNew = claimedPortraitNames.insert(nameKey(name)).inserted
        entries.append(Entry(name: name, portraitNames: isNew ? [name] : []))
        entryNamed[nameKey(name)] = entries.count - 1
        return entries.count - 1
    }

    private mutating func rename(_ person: Int, to name: String) {
        let key = nameKey(name)
        if let other = entryNamed[key], root(other) != person {
            return merge(person, into: root(other))
        }
        entryNamed[nameKey(entries[person].name)] = nil
        entryOnceNamed[nameKey(entries[person].name)] = person
        entries[person].name = name
        entryNamed[key] = person
    }

    private mutating func merge(_ person: Int, into other: Int) {
        guard person != other else { return }
        entries[person].mergedInto = other
        entries[other].portraitNames.formUnion(entries[person].portraitNames)
    }

    private func root(_ person: Int) -> Int {
        var person = person
        while let next = entries[person].mergedInto { person = next }
        return person
    }
}
