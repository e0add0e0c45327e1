internal import PhotoIndex
internal import FaceCore

/// Who every face is as far as is known now: the last comparison, with everything said since added.
struct ReviewState: Sendable {
    enum Standing: Hashable, Sendable {
        /// An index of ``ReviewState/people``.
        case person(Int, isDecided: Bool)
        case group(ClusterNumber)
        /// Without a name, and like no other face.
        case alone
        /// Not a guest, or ignored.
        case leftOut
    }

    struct KnownPerson: Sendable {
        let name: String
        let token: ReviewToken
        /// Indices of faces.
        fileprivate(set) var faces: [Int] = []
        /// Every photo with the person, those included in which the face was not found.
        fileprivate(set) var photos: Set<Int> = []
        /// Indices of portraits.
        fileprivate(set) var portraits: [Int] = []
        /// Faces whose places are known and which no search found.
        fileprivate(set) var unfound: [FaceKey] = []
    }

    let facts: ReviewFacts
    let book: DecisionBook
    /// By index of the face.
    private(set) var standing: [Standing]
    private(set) var people: [KnownPerson] = []
    private(set) var personOfToken: [ReviewToken: Int] = [:]
    /// The faces of each group, at least one; in the order of the facts.
    private(set) var groups: [ClusterNumber: [Int]] = [:]
    let decided: DecidedFaces
    /// How many faces of each group were marked as no guest's.
    private var noGuestCount: [ClusterNumber: Int] = [:]
    private var personOfName: [String: Int] = [:]
    private var personOfID: [PersonID: Int] = [:]

    init(_ facts: ReviewFacts, _ book: DecisionBook) {
        self.facts = facts
        self.book = book
        decided = book.decisions(on: facts.faces.map(\.face))
        standing = Array(repeating: .alone, count: facts.faces.count)
        for person in facts.people {
            personOfID[person.id] = self.person(named: book.name(ofOneOnceCalled: person.name))
        }
        for person in book.people { _ = self.person(named: person.name) }
        takeStandings()
        takeWhatHasNoFace()
        takePortraits()
    }

    // MARK: Looking up

    func person(_ id: PersonID) -> Int? { personOfID[id] }

    /// - Parameter name: in any case.
    func person(called name: String) -> Int? { personOfName[name.folded] }

    /// The place that something was said about and where no search found a face.
    func unfound(_ token: ReviewToken) -> FaceKey? {
        decided.unfound.first { ReviewToken($0.key) == token }?.key
    }

    /// The faces of a group; groups decided to be the same count as one.
    func faces(of group: ClusterNumber) -> [Int] { groups[group] ?? [] }

    /// Whether a group is worth a name of its own; smaller ones are shown as single faces.
    func isToBeNamed(_ group: ClusterNumber) -> Bool {
        faces(of: group).count >= AlbumClusters.fewestPhotosOfFolder
    }

    /// Whether somebody is in the photos, has portraits, or was spoken of.
    func isShown(_ person: Int) -> Bool {
        let known = people[person]
        return !known.photos.isEmpty || !known.portraits.isEmpty
            || book.people.contains { $0.name == known.name }
    }

    /// The match of a face, unless an answer contradicts it.
    func openMatch(_ face: Int) -> Match? {
        let known = facts.faces[face]
        guard decided.verdicts[known.face.id].map({ $0.standing == .open }) ?? true else {
            return nil
        }
        return known.match
    }

    func isExcluded(_ person: Int, from face: Int) -> Bool {
        decided.verdicts[facts.faces[face].face.id]?.excluded.contains(people[person].name) == true
    }

    // MARK: Putting together

    private mutating func person(named name: String) -> Int {
        if let known = personOfName[name.folded] { return known }
        people.append(KnownPerson(name: name, token: ReviewToken(person: name)))
        personOfName[name.folded] = people.count - 1
        personOfToken[people[people.count - 1].token] = people.count - 1
        return people.count - 1
    }

    private mutating func takeStandings() {
        let number = numbersAfterMerging()
        for (index, face) in facts.faces.enumerated() {
            standing[index] = standing(of: index, face, number)
            if decided.verdicts[face.face.id]?.standing == .notAGuest, let group = face.cluster {
                noGuestCount[number[group] ?? group, default: 0] += 1
            }
            switch standing[index] {
            case .person(let person, _):
                people[person].faces.append(index)
                people[person].photos.insert(face.photo)
            case .group(let group): groups[group, default: []].append(index)
            case .alone, .leftOut: break
            }
        }
        for (group, own) in groups {
            let noGuests = noGuestCount[group, default: 0]
            guard AlbumClusters.isOfNoGuest(noGuests, of: noGuests + own.count) else { continue }
            for face in own { standing[face] = .leftOut }
            groups[group] = nil
        }
    }

    private mutating func standing(
        of index: Int, _ face: ReviewFacts.KnownFace, _ number: [ClusterNumber: ClusterNumber]
    ) -> Standing {
        let verdict = decided.verdicts[face.face.id]
        switch verdict?.standing {
        case .person(let name): return .person(person(named: name), isDecided: true)
        case .notAGuest, .ignored: return .leftOut
        case .open, nil: break
        }
        if let person = recognised(face) { return .person(person, isDecided: false) }
        if let group = face.cluster { return .group(number[group] ?? group) }
        return .alone
    }

    /// Who a face was recognised as, unless an answer excludes that person.
    private func recognised(_ face: ReviewFacts.KnownFace) -> Int? {
        guard let named = face.match?.named, let person = personOfID[named.person],
            decided.verdicts[face.face.id]?.excluded.contains(people[person].name) != true
        else { return nil }
        return person
    }

    /// The group of a face; that of before, which a face with a name keeps, does not count.
    private func presentGroup(_ face: ReviewFacts.KnownFace) -> ClusterNumber? {
        switch decided.verdicts[face.face.id]?.standing {
        case .person, .ignored: nil
        case .open where recognised(face) != nil, nil where recognised(face) != nil: nil
        case .open, .notAGuest, nil: face.cluster
        }
    }

    /// The groups that were decided to be one, by the lowest of their numbers.
    private func numbersAfterMerging() -> [ClusterNumber: ClusterNumber] {
        var number: [ClusterNumber: ClusterNumber] = [:]
        func root(_ group: ClusterNumber) -> ClusterNumber {
            var group = group
            while let next = number[group] { group = next }
            return group
        }
        for faces in decided.ties.together {
            let own = Set(
                faces.compactMap { facts.faceOfID[$0].flatMap { presentGroup(facts.faces[$0]) } }
                    .map(root))
            guard let first = own.min() else { continue }
            for other in own where other != first { number[other] = first }
        }
        return Dictionary(uniqueKeysWithValues: number.keys.map { ($0, root($0)) })
    }

    private mutating func takeWhatHasNoFace() {
        for name in facts.copiedNames {
            guard let person = personOfID[name.person], let photo = facts.photoOfHash[name.photo]
            else { continue }
            people[person].photos.insert(photo)
        }
        for (key, verdict) in decided.unfound {
            guard let name = verdict.person, let photo = facts.photoOfHash[key.photo] else {
                continue
            }
            let person = person(named: name)
            people[person].photos.insert(photo)
            people[person].unfound.append(key)
        }
    }

    private mutating func takePortraits() {
        for (index, portrait) in facts.portraits.enumerated() {
            guard let person = personOfID[portrait.portrait.person] else { continue }
            people[person].portraits.append(index)
        }
    }
}
