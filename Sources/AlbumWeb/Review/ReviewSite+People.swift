internal import FaceCore
internal import AlbumKit

// People with a name.
extension ReviewSite {
    func peoplePage(_ query: Form) throws(AlbumError) -> Reply {
        let people = try review.people()
        return frame(
            PeopleView(
                heading: people.isEmpty
                    ? "Nobody has a name yet" : counted(people.count, "person", "people"),
                lead: people.isEmpty
                    ? "Name the groups; everybody you name appears here."
                    : "Choose somebody to see all their photos and to correct mistakes.",
                people: people.map(PeopleView.Person.init)),
            title: "People", at: .people, notice: result(query, back: .people))
    }

    func personPage(_ id: ReviewToken, _ query: Form) throws(AlbumError) -> Reply {
        guard let page = try review.person(id) else { return nowhere }
        return try personPage(
            page, notice: result(query, back: .person(id)), section: query["page"])
    }

    /// Pictures load lazily, but a page with more faces than this is slow to lay out on a phone.
    private static let facesOnPage = 200

    private func personPage(
        _ page: ReviewPersonPage, notice: Notice?, section: String? = nil, sent: Form = Form(),
        fault: Fault? = nil
    ) throws(AlbumError) -> Reply {
        let person = page.person
        let ticked = Set(sent.tokens("face") ?? [])
        let sure = Section(page.sure, page: section, size: Self.facesOnPage)
        let what = sent["do"]
        func tool(_ name: String, _ field: String, otherwise: String) -> PersonView.Tool {
            guard what == name else { return .init(isOpen: false, typed: otherwise, fault: nil) }
            return .init(isOpen: true, typed: sent[field] ?? "", fault: fault?.ofField)
        }
        func marked(
            _ appearance: ReviewPersonPage.Appearance, caption: String? = nil,
            under: MarkedFaceView.Under? = nil
        ) -> MarkedFaceView {
            MarkedFaceView(
                face: FaceView(appearance.face, caption: caption), marking: .selecting,
                isTicked: ticked.contains(appearance.face.id), under: under)
        }
        let view = PersonView(
            id: person.id.rawValue, name: person.name, shortName: shortened(person.name),
            revision: review.revision, from: "person-\(person.id.rawValue)",
            picture: person.picture, lead: lead(page),
            names: try review.people().map(\.name).filter { $0 != person.name },
            rename: tool("rename", "name", otherwise: person.name),
            merge: tool("merge", "same", otherwise: ""),
            doubtfulCount: grouped(page.doubtful.count),
            doubtful: page.doubtful.map { marked($0, under: under($0)) },
            portraits: page.portraits.map(PersonView.Portrait.init),
            drawn: page.drawn.map { FaceView($0) },
            sureWords: page.doubtful.isEmpty
                ? counted(page.sure.count, "photo") : "\(grouped(page.sure.count)) sure",
            sure: sure.items.map { marked($0, caption: caption(of: $0)) }, pages: sure.pages,
            who: sent["who"] ?? "", whoFault: what == "split" && fault?.ofField != nil)
        return frame(
            view, title: person.name, at: .people, notice: fault?.notice ?? notice,
            status: fault?.status ?? .ok)
    }

    private func lead(_ page: ReviewPersonPage) -> String {
        guard !page.sure.isEmpty || !page.doubtful.isEmpty else {
            return "No photos yet. Perhaps nobody photographed them, or their photos are in a "
                + "group without a name."
        }
        var text = counted(page.person.photoCount, "photo")
        if !page.doubtful.isEmpty { text += ", \(grouped(page.doubtful.count)) of them doubtful" }
        text += "."
        if let other = page.oftenWith { text += " Most often with \(other)." }
        return text
    }

    private func under(_ appearance: ReviewPersonPage.Appearance) -> MarkedFaceView.Under {
        .init(
            distance: appearance.distance.map(rounded) ?? "", next: appearance.runnerUp,
            nextDistance: appearance.runnerUpDistance.map(rounded))
    }

    private func caption(of appearance: ReviewPersonPage.Appearance) -> String {
        appearance.face.photo.caption
            + (appearance.distance.map { " · \(rounded($0)) from the nearest portrait" }
                ?? " · said by you")
    }

    // MARK: Forms

    func takePerson(_ form: Form, _ id: ReviewToken) throws(AlbumError) -> Reply {
        guard let faces = form.tokens("face") else { return notOurs }
        return try take(personAnswer(form, id, faces: faces), form) { answer throws(AlbumError) in
            try stillThere(id, after: answer)
        } again: { fault throws(AlbumError) in
            try personAgain(id, form, fault: fault)
        }
    }

    private func personAnswer(_ form: Form, _ id: ReviewToken, faces: [ReviewToken])
        throws(AlbumError) -> SentAnswer
    {
        if let value = form["is"] ?? form["not"] {
            guard let face = ReviewToken(rawValue: value) else { return .notOurs }
            return .answer(
                form["is"] != nil ? .are([face], .person(id)) : .areNot([face], person: id))
        }
        let what = form["do"]
        switch what {
        case "rename":
            guard let name = form.words("name") else {
                return .fault(.missing("Type the new name, then save."))
            }
            return .answer(.rename(id, to: name))
        case "merge":
            guard let name = form.words("same") else {
                return .fault(.missing("Type the other name, then save."))
            }
            guard let other = try review.people().first(where: { $0.name == name }) else {
                return .fault(
                    .missing(
                        "Nobody is called ‘\(name)’. Choose a name from the list, or use "
                            + "‘Rename’."))
            }
            return .answer(.merge(id, into: .person(other.id)))
        case "split", "not", "portrait":
            guard !faces.isEmpty else { return .fault(.missing("Select the photos first.")) }
            if what == "not" { return .answer(.areNot(faces, person: id)) }
            if what == "portrait" { return .answer(.areGoodPortraits(faces)) }
            return .answer(
                form.words("who").map { .are(faces, .name($0)) }
                    ?? .areSomeoneElse(faces, person: id))
        default: return .notOurs
        }
    }

    /// Where to go on: a merged person is another one now, and a new name may change the id.
    private func stillThere(_ id: ReviewToken, after answer: ReviewAnswer) throws(AlbumError)
        -> Route
    {
        switch answer {
        case .merge(_, into: .person(let other)): return .person(other)
        case .rename(_, let name):
            let renamed = try review.people().first { $0.name == name }
            return renamed.map { .person($0.id) } ?? .people
        default: return try review.person(id) == nil ? .people : .person(id)
        }
    }

    private func personAgain(_ id: ReviewToken, _ form: Form, fault: Fault) throws(AlbumError)
        -> Reply
    {
        guard let page = try review.person(id) else {
            return frame(
                MessageView(
                    heading: "This person is not here any more",
                    lead: "They were merged or renamed meanwhile.",
                    kept: form.words("name") ?? form.words("same") ?? form.words("who"),
                    ways: [.init(href: "/people", label: "All people", main: true)]),
                title: "Person", at: .people, notice: fault.notice, status: fault.status)
        }
        return try personPage(page, notice: nil, sent: form, fault: fault)
    }
}

struct PeopleView: TemplateView {
    struct Person: TemplateFields {
        let id: String
        let name: String
        let photos: String
        let picture: String?

        init(_ person: ReviewPerson) {
            id = person.id.rawValue
            name = person.name
            photos = counted(person.photoCount, "photo")
            picture = person.picture
        }
    }

    let heading: String
    let lead: String
    let people: [Person]
}

struct PersonView: TemplateView {
    /// A form that opens on a press.
    struct Tool: TemplateFields {
        let isOpen: Bool
        let typed: String
        let fault: String?
    }

    struct Portrait: TemplateFields {
        let file: String
        let health: String
        let badge: String
        let picture: String?
        let matches: String

        init(_ portrait: ReviewPersonPage.Portrait) {
            file = portrait.name
            health = portrait.health
            badge = portrait.isSound ? "yes" : "ask"
            picture =
                portrait.portrait.map { Route.portraitPicture($0).path }
                ?? portrait.face.map { Route.facePicture($0.id).path }
            matches = counted(portrait.matchCount, "match", "matches")
        }
    }

    let id: String
    let name: String
    let shortName: String
    let revision: Int
    let from: String
    let picture: String?
    let lead: String
    let names: [String]
    let rename: Tool
    let merge: Tool
    let doubtfulCount: String
    let doubtful: [MarkedFaceView]
    let portraits: [Portrait]
    let drawn: [FaceView]
    let sureWords: String
    let sure: [MarkedFaceView]
    let pages: PagesView?
    let who: String
    let whoFault: Bool
}
