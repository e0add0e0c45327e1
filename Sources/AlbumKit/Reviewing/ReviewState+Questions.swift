internal import PhotoIndex
internal import AlbumCatalogue
internal import FaceCore

// The doubtful matches, made from the state.

extension ReviewState {
    /// Those to be answered first, the others, and those put off.
    func questions(_ putOff: PutOff) -> [ReviewQuestion] {
        let open = facts.faces.indices.compactMap { face -> Match? in
            guard let match = openMatch(face), match.band == .ask, match.named == nil,
                let nearest = match.nearest, let person = person(nearest.person),
                !isExcluded(person, from: face), !isAnswered(face)
            else { return nil }
            return match
        }
        let sure = sureFaces
        let asked = FaceCore.questions(
            about: open,
            clusters: groups.sorted { $0.key < $1.key }.map { group in
                Cluster(faces: group.value.map { facts.faces[$0].face.id })
            },
            tight: facts.tightClusters
        ) { id, photo in
            guard let person = person(id), let photo = facts.photoOfHash[photo] else {
                return false
            }
            return facts.photos[photo].faces.contains { sure[$0] == person }
        }
        let firstCount = asked.countToAnswerFirst
        let pages = asked.enumerated().compactMap { index, question in
            page(question) { faces in
                putOff.first.map { first in faces.contains { first.contains($0.id) } }
                    ?? (index < firstCount)
            }
        }
        let later = Dictionary(
            uniqueKeysWithValues: putOff.questions.enumerated().map { ($0.element, $0.offset) })
        func place(_ question: ReviewQuestion) -> Int {
            question.faces.compactMap { later[$0.id] }.max().map { $0 + 1 } ?? 0
        }
        let placed = pages.map { question in
            var question = question
            if place(question) > 0 { question.isFirst = false }
            return question
        }
        func rank(_ index: Int) -> (Int, Int, Int) {
            (place(placed[index]), placed[index].isFirst ? 0 : 1, index)
        }
        return placed.indices.sorted { rank($0) < rank($1) }.map { placed[$0] }
    }

    /// For each face that surely shows a person, whom.
    private var sureFaces: [Int: Int] {
        var sure: [Int: Int] = [:]
        for (face, standing) in standing.enumerated() {
            guard case .person(let person, let isDecided) = standing,
                isDecided || facts.faces[face].match?.band == .sure
            else { continue }
            sure[face] = person
        }
        return sure
    }

    private func isAnswered(_ face: Int) -> Bool {
        switch standing[face] {
        case .person, .leftOut: true
        case .group, .alone: false
        }
    }

    private func page(
        _ question: Question, isFirst: ([ReviewFace]) -> Bool
    ) -> ReviewQuestion? {
        guard let nearest = candidate(question.nearest) else { return nil }
        let faces = question.faces.compactMap { facts.faceOfID[$0] }
        let clearFirst = faces.sorted { one, other in
            let (left, right) = (facts.faces[one], facts.faces[other])
            return left.isClear != right.isClear
                ? left.isClear : left.face.box.area > right.face.box.area
        }
        guard !clearFirst.isEmpty else { return nil }
        let runnerUp = question.runnerUp.flatMap(candidate)
        let shown = clearFirst.map(facts.page)
        return ReviewQuestion(
            faces: shown, nearest: nearest,
            runnerUp: runnerUp?.person.id == nearest.person.id ? nil : runnerUp, isFiled: false,
            isFirst: isFirst(shown))
    }

    private func candidate(_ candidate: Candidate) -> ReviewQuestion.Candidate? {
        person(candidate.person).map { person in
            ReviewQuestion.Candidate(
                person: page(person),
                portrait: facts.portraitOfReference[candidate.reference]
                    .map { facts.portraits[$0].token },
                face: nil, distance: candidate.distance)
        }
    }
}
