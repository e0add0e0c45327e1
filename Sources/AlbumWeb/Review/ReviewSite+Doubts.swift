internal import FaceCore
internal import AlbumKit

// The doubtful matches, one after the other.
extension ReviewSite {
    func doubtsPage(_ query: Form, at route: Route) throws(AlbumError) -> Reply {
        try doubtsPage(at: route, notice: result(query, back: route), status: .ok)
    }

    /// One question of those to be answered first, or at ``Route/moreDoubts`` of all.
    private func doubtsPage(
        at route: Route, notice: Notice?, status: Reply.Status, sent: Form = Form()
    ) throws(AlbumError) -> Reply {
        let all = try review.questions()
        let here = route == .doubts ? all.filter(\.isFirst) : all
        let more = all.count - here.count
        let left = "\(grouped(here.count)) to check"
        return frame(
            DoubtsView(
                left: here.isEmpty ? "" : more == 0 ? left : left + ", \(grouped(more)) more after",
                question: here.first.map { question in
                    QuestionView(
                        question, at: route, place: nil, review.revision,
                        out: question.faces.map(\.id) == sent.tokens("face")
                            ? Set(sent.tokens("out") ?? []) : [])
                },
                more: here.isEmpty && more > 0
                    ? counted(more, "doubtful match", "doubtful matches") : nil),
            title: "Doubtful matches", at: .start, notice: notice, status: status)
    }

    func takeDoubt(_ form: Form, at route: Route) throws(AlbumError) -> Reply {
        guard form["revision"].flatMap(Int.init) != nil, let faces = form.tokens("face"),
            let first = faces.first, let person = form.token("person")
        else { return notOurs }
        let sent: SentAnswer
        switch form["answer"] {
        case "yes": sent = answer(faces, but: form, are: person)
        case "no": sent = .answer(.areNot(faces, person: person))
        case "runner-up":
            sent = form.token("runner-up").map { answer(faces, but: form, are: $0) } ?? .notOurs
        case "later":
            review.putOff(first)
            return .goOn(to: route.path)
        default: return notOurs
        }
        return try take(sent, form) { _ in
            route
        } again: { fault throws(AlbumError) in
            try doubtsPage(at: route, notice: fault.notice, status: fault.status, sent: form)
        }
    }

    /// The faces are a person's, except those that `form` takes out: they are not.
    private func answer(
        _ faces: [ReviewToken], but form: Form, are person: ReviewToken
    ) -> SentAnswer {
        guard form["out"] != nil else { return .answer(.are(faces, .person(person))) }
        guard let out = form.tokens("out"), Set(out).isSubset(of: faces) else { return .notOurs }
        if Set(out) == Set(faces) { return .answer(.areNot(faces, person: person)) }
        return .answer(.group(faces, out: out, rest: .stayUnnamed, are: .person(person)))
    }
}

struct DoubtsView: TemplateView {
    let left: String
    let question: QuestionView?
    /// How many questions wait behind those that are all answered.
    let more: String?
}

/// A doubtful match, with a form that answers it, for the template `question`.
struct QuestionView: TemplateFields {
    struct Candidate: TemplateFields {
        let person: String
        let name: String
        let shortName: String
        let picture: String?
        let kind: String
        let kindName: String
        let distance: String

        init(_ candidate: ReviewQuestion.Candidate) {
            person = candidate.person.id.rawValue
            name = candidate.person.name
            shortName = shortened(name)
            picture =
                candidate.portrait.map { Route.portraitPicture($0).path }
                ?? candidate.face.map { Route.facePicture($0.id).path } ?? candidate.person.picture
            let isPortrait = candidate.portrait != nil || candidate.face == nil
            kind = isPortrait ? "portrait" : "photo"
            kindName = isPortrait ? "Portrait" : "A face"
            distance = rounded(candidate.distance)
        }
    }

    /// Where it is answered.
    let action: String
    /// The name of that page in links.
    let from: String
    let place: String
    let revision: Int
    let asked: [String]
    let first: FaceView?
    /// How many others are like the first.
    let others: String?
    let nearest: Candidate
    let runnerUp: Candidate?
    /// All of several faces.
    let several: [MarkedFaceView]
    let reason: String

    /// - Parameters:
    ///   - route: where it is answered.
    ///   - place: which of the questions it is, as a sentence.
    ///   - out: the faces that are taken out.
    init(
        _ question: ReviewQuestion, at route: Route, place: String?, _ revision: Int,
        out: Set<ReviewToken> = []
    ) {
        action = route.path
        from = String(route.path.dropFirst())
        nearest = Candidate(question.nearest)
        runnerUp = question.runnerUp.map(Candidate.init)
        let rest = question.faces.dropFirst()
        let filed =
            "Until you answer, \(rest.isEmpty ? "this photo is" : "these photos are") in "
            + (question.isFiled ? "\(nearest.name)’s folder." : "no person’s folder.")
        self.place = [place, filed].compactMap { $0 }.joined(separator: " ")
        self.revision = revision
        asked = question.faces.map(\.id.rawValue)
        first = question.faces.first.map { FaceView($0, isOutlined: true) }
        others = rest.isEmpty ? nil : counted(rest.count, "other like it", "others like it")
        several =
            rest.isEmpty
            ? []
            : question.faces.map { face in
                MarkedFaceView(
                    face: FaceView(face), marking: .takingOut, isTicked: out.contains(face.id))
            }
        reason = Self.reason(question)
    }

    private static func reason(_ question: ReviewQuestion) -> String {
        let near = "\(rounded(question.nearest.distance)) apart; smaller means more alike."
        guard let runnerUp = question.runnerUp else { return near }
        let gap = runnerUp.distance - question.nearest.distance
        return near
            + (gap < 0
                ? " \(runnerUp.person.name) is even nearer by the faces alone."
                : " \(runnerUp.person.name) is \(rounded(gap)) behind.")
    }
}
