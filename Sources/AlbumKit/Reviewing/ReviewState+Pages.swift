internal import PhotoIndex
internal import AlbumCatalogue
internal import FaceCore

// What the pages show, made from the state.

/// What comes later in a visit.
struct PutOff: Sendable {
    /// Those the host postponed, in that order.
    var groups: [ClusterNumber] = []
    var questions: [ReviewToken] = []
    /// The faces of the questions to be answered first, as the visit's first page with questions
    /// had them; `nil` before. So answering them comes to an end.
    private(set) var first: Set<ReviewToken>?

    mutating func put(_ group: ClusterNumber) {
        groups.removeAll { $0 == group }
        groups.append(group)
    }

    mutating func put(_ question: ReviewToken) {
        questions.removeAll { $0 == question }
        questions.append(question)
    }

    mutating func remember(_ shown: [ReviewQuestion]) {
        guard first == nil, !shown.isEmpty else { return }
        first = Set(shown.filter(\.isFirst).flatMap(\.faces).map(\.id))
    }
}

extension ReviewState {
    /// Beyond this distance from the mean of the others a face of a group is worth a closer look:
    /// half-way between the two faces of one person (.28 to the mean) and of two (.68).
    private static let closeLookDistance: Float = 0.45
    private static let mostCloseLooks = 6
    /// So far are the faces of one person from another group, or from a person's portraits, at most
    /// that the two are offered as the same.
    private static let similarDistance: Float = 0.62
    private static let mostSimilar = 3
    /// The mean distance of this many faces is close to that of all.
    private static let mostCompared = 12
    private static let facesOfTile = 5

    // MARK: Start

    func start(_ putOff: PutOff) -> ReviewStart {
        let groups = groupsToName(putOff)
        let questions = questions(putOff)
        let doubtful = questions.reduce(0) { $0 + $1.faces.count }
        let named = standing.count { if case .person = $0 { true } else { false } }
        let leftOut = standing.count { $0 == .leftOut }
        let bySize = groups.sorted { one, other in
            let (left, right) = (faces(of: one).count, faces(of: other).count)
            return left != right ? left > right : one < other
        }
        let inGroups = Set(groups.flatMap { faces(of: $0).map { facts.faces[$0].photo } })
        return ReviewStart(
            photoCount: facts.photos.count, faceCount: facts.faces.count, namedFaceCount: named,
            doubtfulFaceCount: doubtful,
            unnamedFaceCount: max(0, standing.count - named - leftOut - doubtful),
            leftOutFaceCount: leftOut,
            personCount: people.count { !$0.photos.isEmpty }, groupPhotoCount: inGroups.count,
            groups: bySize.map(tile),
            firstToName: groups.first, questions: questions,
            portraitTroubles: facts.portraitTroubles, photosWithoutFaces: photosWithoutFaces,
            failures: facts.photos.compactMap { PhotoFailure($0.record, path: $0.name) })
    }

    var photosWithoutFaces: [ReviewPhoto] {
        let drawn = Set(decided.unfound.map(\.key.photo))
        return facts.photos.filter {
            $0.faces.isEmpty && $0.record.condition == .analysed && !drawn.contains($0.record.hash)
        }.map(\.page)
    }

    // MARK: Groups

    /// In the order in which they are to be named: what helps most first, those put off last.
    func groupsToName(_ putOff: PutOff) -> [ClusterNumber] {
        let open = groups.filter { isToBeNamed($0.key) }
        let later = putOff.groups.filter { open[$0] != nil }
        let worth = open.mapValues { namingWorth(of: $0.map(encoding)) }
        return open.keys.filter { !later.contains($0) }
            .sorted { (worth[$1]!, $0) < (worth[$0]!, $1) } + later
    }

    var singleFaces: [ReviewFace] {
        bestFirst(
            facts.faces.indices.filter { face in
                switch standing[face] {
                case .group(let group): !isToBeNamed(group)
                case .alone: true
                case .person, .leftOut: false
                }
            })
    }

    var leftOutFaces: [ReviewFace] {
        bestFirst(facts.faces.indices.filter { standing[$0] == .leftOut })
    }

    /// Clear ones first, then the largest.
    private func bestFirst(_ faces: [Int]) -> [ReviewFace] {
        faces.sorted { one, other in
            let (left, right) = (facts.faces[one], facts.faces[other])
            return left.isClear != right.isClear
                ? left.isClear : (right.height, one) < (left.height, other)
        }.map(facts.page)
    }

    func tile(_ group: ClusterNumber) -> ReviewGroup {
        let typical = byLikeness(faces(of: group))
        let far = typical.count { $0.distance > Self.closeLookDistance }
        return ReviewGroup(
            number: group, photoCount: typical.count,
            faces: mostTelling(typical.map(\.face)).map(facts.page),
            mayBeSeveral: far > 1 && far * 4 >= typical.count)
    }

    /// Of the more typical half those that show most: clear ones, the largest first.
    private func mostTelling(_ typical: [Int]) -> [Int] {
        let clear = typical.filter { facts.faces[$0].isClear }
        let faces = clear.isEmpty ? typical : clear
        let half = faces.prefix(max(Self.facesOfTile, faces.count / 2))
        return Array(
            half.sorted { (facts.faces[$1].height, $0) < (facts.faces[$0].height, $1) }
                .prefix(Self.facesOfTile))
    }

    /// - Returns: `nil` when there is no such group any more.
    func page(_ group: ClusterNumber, _ putOff: PutOff) -> ReviewGroupPage? {
        let own = faces(of: group)
        guard !own.isEmpty else { return nil }
        let typical = byLikeness(own)
        let far = typical.suffix(Self.mostCloseLooks)
            .filter { $0.distance > Self.closeLookDistance }.map(\.face)
        let order = groupsToName(putOff)
        let position = order.firstIndex(of: group)
        let others = order.filter { $0 != group }
        return ReviewGroupPage(
            group: tile(group), closeLook: far.reversed().map(facts.page),
            faces: typical.map(\.face).filter { !far.contains($0) }.map(facts.page),
            similar: similar(to: typical.map(\.face), except: group),
            position: position.map { $0 + 1 }, groupCount: order.count,
            next: position.flatMap { order.dropFirst($0 + 1).first } ?? others.first)
    }

    /// The faces with their distances to the mean of the others, the most typical first.
    private func byLikeness(_ own: [Int]) -> [(face: Int, distance: Float)] {
        let distances = distancesToTheOthers(own.map { encoding($0) })
        return zip(own, distances).map { (face: $0, distance: $1) }
            .sorted { ($0.distance, $0.face) < ($1.distance, $1.face) }
    }

    private func encoding(_ face: Int) -> FaceEncoding {
        facts.faces[face].face.encodings.mirrorMean
    }

    /// People and groups that could be the same, the nearest first.
    private func similar(
        to typical: [Int], except group: ClusterNumber
    ) -> [ReviewGroupPage.Similar] {
        let own = typical.prefix(Self.mostCompared).map(encoding)
        let photos = Set(typical.map { facts.faces[$0].photo })
        func distance(_ others: [FaceEncoding]) -> Float? {
            guard !others.isEmpty else { return nil }
            var sum: Float = 0
            for one in own { for other in others { sum += one.distance(to: other) } }
            return sum / Float(own.count * others.count)
        }
        var found: [(distance: Float, who: ReviewGroupPage.Similar.Who)] = []
        for index in people.indices where isShown(index) {
            let excluded = typical.count { isExcluded(index, from: $0) }
            guard excluded * 2 < typical.count else { continue }
            if let distance = distance(Array(likeness(of: index).prefix(Self.mostCompared))),
                distance <= Self.similarDistance
            {
                found.append((distance, .person(page(index))))
            }
        }
        for (number, faces) in groups where number != group && faces.count > 1 {
            // Two who are in one photo are not one person; a few such photos may be wrong ones.
            let shared = faces.count { photos.contains(facts.faces[$0].photo) }
            guard shared * 4 <= faces.count else { continue }
            let others = faces.prefix(Self.mostCompared).map(encoding)
            if let distance = distance(Array(others)), distance <= Self.similarDistance {
                found.append((distance, .group(tile(number))))
            }
        }
        return found.sorted { $0.distance < $1.distance }.prefix(Self.mostSimilar)
            .map { ReviewGroupPage.Similar(who: $0.who, distance: $0.distance) }
    }

    /// What a person looks like: portraits, then faces that a person named, then recognised ones.
    private func likeness(of person: Int) -> [FaceEncoding] {
        let known = people[person]
        let portraits = known.portraits.compactMap {
            facts.portraits[$0].portrait.outcome.chosen?.encodings.mirrorMean
        }
        let faces = known.faces.filter { facts.faces[$0].isClear }
        let named = faces.filter { standing[$0] == .person(person, isDecided: true) }
        let recognised = faces.filter { standing[$0] != .person(person, isDecided: true) }
        return portraits + (named + recognised).map(encoding)
    }

    // MARK: People

    /// By name.
    var peoplePages: [ReviewPerson] {
        people.indices.filter(isShown).map(page)
            .sorted { ($0.name.folded, $0.id.rawValue) < ($1.name.folded, $1.id.rawValue) }
    }

    func page(_ person: Int) -> ReviewPerson {
        let known = people[person]
        let best = known.faces.max { one, other in
            let (left, right) = (showsWell(one, person), showsWell(other, person))
            return left != right ? left < right : one > other
        }
        let portrait = known.portraits.first {
            facts.portraits[$0].portrait.outcome.chosen != nil
        }
        return ReviewPerson(
            id: known.token, name: known.name, photoCount: known.photos.count,
            face: best.map(facts.page), portrait: portrait.map { facts.portraits[$0].token })
    }

    /// The larger, the better a face stands for its person on a page.
    private func showsWell(_ face: Int, _ person: Int) -> Double {
        let known = facts.faces[face]
        let sure = standing[face] == .person(person, isDecided: true) || known.match?.band == .sure
        return known.face.box.area + (known.isClear ? 10 : 0) + (sure ? 20 : 0)
    }

    func personPage(_ person: Int) -> ReviewPersonPage {
        let known = people[person]
        let appearances = known.faces.map { face -> (index: Int, ReviewPersonPage.Appearance) in
            let match = openMatch(face)
            let distance = match?.named?.distance
            return (
                face,
                ReviewPersonPage.Appearance(
                    face: facts.page(face), distance: distance,
                    runnerUp: match?.runnerUp.flatMap { self.person($0.person) }
                        .map { people[$0].name },
                    runnerUpDistance: match?.runnerUp?.distance)
            )
        }
        let isDoubtful = { (face: Int) in openMatch(face)?.band == .likely }
        func distance(_ appearance: ReviewPersonPage.Appearance) -> Float {
            appearance.distance ?? -1
        }
        let doubtful = appearances.filter { isDoubtful($0.index) }
            .sorted { (distance($1.1), $0.index) < (distance($0.1), $1.index) }
        let sure = appearances.filter { !isDoubtful($0.index) }
            .sorted { (distance($0.1), $0.index) < (distance($1.1), $1.index) }
        return ReviewPersonPage(
            person: page(person), doubtful: doubtful.map(\.1), sure: sure.map(\.1),
            drawn: known.unfound.compactMap { key in
                facts.photoOfHash[key.photo].map {
                    ReviewFace(
                        id: ReviewToken(key), photo: facts.photos[$0].page, box: key.box)
                }
            },
            portraits: portraits(of: person), oftenWith: oftenWith(person))
    }

    private func portraits(of person: Int) -> [ReviewPersonPage.Portrait] {
        let known = people[person]
        var counts: [ReferenceID: Int] = [:]
        for face in known.faces {
            if let reference = openMatch(face)?.named?.reference {
                counts[reference, default: 0] += 1
            }
        }
        let given = known.portraits.map { index in
            let portrait = facts.portraits[index]
            let path = portrait.portrait.file.path.string
            let trouble = facts.portraitTroubles.first {
                $0.portrait == path
                    && self.person(called: book.name(ofOneOnceCalled: $0.person)) == person
            }
            return ReviewPersonPage.Portrait(
                portrait: portrait.token, face: nil, name: path,
                health: trouble?.kind.health ?? "Good", isSound: trouble == nil,
                matchCount: counts[portrait.portrait.reference] ?? 0)
        }
        let faces = known.faces.filter {
            decided.verdicts[facts.faces[$0].face.id]?.isPortrait == true
        }.map { face in
            ReviewPersonPage.Portrait(
                portrait: nil, face: facts.page(face),
                name: facts.photos[facts.faces[face].photo].page.name, health: "Chosen by you",
                isSound: true, matchCount: 0)
        }
        return given + faces
    }

    private func oftenWith(_ person: Int) -> String? {
        var shared: [Int: Int] = [:]
        for (index, other) in people.enumerated() where index != person {
            let count = other.photos.intersection(people[person].photos).count
            if count > 1 { shared[index] = count }
        }
        return shared.max { ($0.value, $1.key) < ($1.value, $0.key) }.map { people[$0.key].name }
    }

    // MARK: Photos

    func page(ofPhoto photo: Int) -> ReviewPhotoPage {
        let known = facts.photos[photo]
        let found = known.faces.map { face in
            let (label, person, group): (String, ReviewToken?, ClusterNumber?) =
                switch standing[face] {
                case .person(let person, _): (people[person].name, people[person].token, nil)
                case .group(let group):
                    isToBeNamed(group)
                        ? ("Person \(group.rawValue)", nil, group) : ("no name yet", nil, nil)
                case .alone: ("no name yet", nil, nil)
                case .leftOut: ("left out", nil, nil)
                }
            return ReviewPhotoPage.Labelled(
                face: facts.page(face), label: label, person: person, group: group)
        }
        let drawn = decided.unfound.filter { $0.key.photo == known.record.hash }
            .map { key, verdict in
                ReviewPhotoPage.Labelled(
                    face: ReviewFace(id: ReviewToken(key), photo: known.page, box: key.box),
                    label: verdict.person ?? "no name yet",
                    person: verdict.person.flatMap { person(called: $0) }
                        .map { people[$0].token }, group: nil)
            }
        return ReviewPhotoPage(
            photo: known.page, faces: (found + drawn).sorted { $0.face.box < $1.face.box })
    }
}

extension PortraitTrouble.Kind {
    /// A word or two for a badge.
    fileprivate var health: String {
        switch self {
        case .noFace: "No face found"
        case .severalFaces: "Several faces"
        case .unreadable: "Cannot be read"
        case .lookAlike: "Like somebody else"
        case .outlier: "Unlike the others"
        case .noReference: "None can be used"
        case .tooSmall: "Small"
        case .tooBlurred: "Soft"
        case .thin: "Only one"
        case .crowded: "Strangers look alike"
        }
    }
}
