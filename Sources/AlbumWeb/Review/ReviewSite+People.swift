internal import FaceCore
internal import AlbumKit

// People with a name.
extension ReviewSite {
    func peoplePage(_ query: Form) throws(AlbumError) -> Reply {
        let people = try review.people()
        return frame(
            "people", title: "People", tab: .people,
            [
                "heading": people.isEmpty
                    ? "Nobody has a name yet" : counted(people.count, "person", "people"),
                "lead": people.isEmpty
                    ? "Name the groups; everybody you name appears here."
                    : "Choose somebody to see all their photos and to correct mistakes.",
                "hasPeople": !people.isEmpty,
                "people": people.map { person -> Values in
                    [
                        "id": person.id.rawValue, "name": person.name,
                        "photos": counted(person.photoCount, "photo"),
                        "picture": orNothing(person.picture),
                    ]
                },
            ], notice: result(query, back: .people))
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
        func open(_ name: String, _ field: String, otherwise: String) -> Values {
            [
                "isOpen": what == name, "typed": what == name ? sent[field] ?? "" : otherwise,
                "fault": orNothing(what == name ? fault?.ofField : nil),
            ]
        }
        let values: Values = [
            "id": person.id.rawValue, "name": person.name, "shortName": shortened(person.name),
            "revision": review.revision, "from": "person-\(person.id.rawValue)",
            "picture": orNothing(person.picture), "lead": lead(page),
            "names": try review.people().map(\.name).filter { $0 != person.name },
            "rename": open("rename", "name", otherwise: person.name),
            "merge": open("merge", "same", otherwise: ""),
            "hasDoubtful": !page.doubtful.isEmpty, "doubtfulCount": grouped(page.doubtful.count),
            "doubtful": page.doubtful.map { appearance in
                appearance.face.pageValues(
                    .selecting, isTicked: ticked.contains(appearance.face.id),
                    under: under(appearance))
            },
            "hasPortraits": !page.portraits.isEmpty, "portraits": page.portraits.map(self.values),
            "hasDrawn": !page.drawn.isEmpty,
            "drawn": page.drawn.map(\.pageValues),
            "hasSure": !page.sure.isEmpty,
            "sureWords": page.doubtful.isEmpty
                ? counted(page.sure.count, "photo") : "\(grouped(page.sure.count)) sure",
            "sure": sure.items.map { appearance -> Values in
                let caption: Values = ["caption": caption(of: appearance)]
                return appearance.face.pageValues(
                    .selecting, isTicked: ticked.contains(appearance.face.id)
                ).merging(caption) { $1 }
            },
            "pages": orNothing(sure.values(["person": person.id.rawValue])),
            "who": sent["who"] ?? "", "whoFault": what == "split" && fault?.ofField != nil,
            "isEmpty": page.sure.isEmpty && page.doubtful.isEmpty,
        ]
        return frame(
            "person", title: person.name, tab: .people, values, notice: fault?.notice ?? notice,
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

    private func under(_ appearance: ReviewPersonPage.Appearance) -> Values {
        [
            "distance": orNothing(appearance.distance.map(rounded)),
            "next": orNothing(
                appearance.runnerUp.map { name -> Values in
                    [
                        "name": name,
                        "distance": orNothing(appearance.runnerUpDistance.map(rounded)),
                    ]
                }),
        ]
    }

    private func caption(of appearance: ReviewPersonPage.Appearance) -> String {
        appearance.face.photo.caption
            + (appearance.distance.map { " · \(rounded($0)) from the nearest portrait" }
                ?? " · said by you")
    }

    private func values(of portrait: ReviewPersonPage.Portrait) -> Values {
        let shown =
            portrait.portrait.map { Route.portraitPicture($0).path }
            ?? portrait.face.map { Route.facePicture($0.id).path }
        return [
            "file": portrait.name, "health": portrait.health,
            "badge": portrait.isSound ? "yes" : "ask", "picture": orNothing(shown),
            "matches": counted(portrait.matchCount, "match", "matches"),
        ]
    }

    // MARK: Forms

    func takePerson(_ form: Form, _ id: ReviewToken) throws(AlbumError) -> Reply {
        guard let revision = form["revision"].flatMap(Int.init), let faces = form.tokens("face")
        else { return notOurs }
        let asked: ReviewAnswer
        switch try personAnswer(form, id, faces: faces) {
        case .success(let answer): asked = answer
        case .failure(.notOurs): return notOurs
        case .failure(.fault(let fault)): return try personAgain(id, form, fault: fault)
        }
        do {
            let receipt = try review.answer(asked, seen: revision)
            return goOn(to: try stillThere(id, after: asked), after: receipt)
        } catch {
            return try personAgain(id, form, fault: fault(error))
        }
    }

    private enum Refusal: Error {
        case notOurs
        case fault(Fault)
    }

    private func personAnswer(_ form: Form, _ id: ReviewToken, faces: [ReviewToken])
        throws(AlbumError) -> Result<ReviewAnswer, Refusal>
    {
        if let value = form["is"] ?? form["not"] {
            guard let face = ReviewToken(rawValue: value) else { return .failure(.notOurs) }
            return .success(
                form["is"] != nil ? .are([face], .person(id)) : .areNot([face], person: id))
        }
        switch form["do"] {
        case "rename":
            guard let name = form.words("name") else {
                return .failure(.fault(.missing("Type the new name, then save.")))
            }
            return .success(.rename(id, to: name))
        case "merge":
            guard let name = form.words("same") else {
                return .failure(.fault(.missing("Type the other name, then save.")))
            }
            guard let other = try review.people().first(where: { $0.name == name }) else {
                return .failure(
                    .fault(
                        .missing(
                            "Nobody is called ‘\(name)’. Choose a name from the list, or use "
                                + "‘Rename’.")))
            }
            return .success(.merge(id, into: .person(other.id)))
        case "split", "not", "portrait":
            guard !faces.isEmpty else {
                return .failure(.fault(.missing("Select the photos first.")))
            }
        default: return .failure(.notOurs)
        }
        switch form["do"] {
        case "not": return .success(.areNot(faces, person: id))
        case "portrait": return .success(.areGoodPortraits(faces))
        default:
            return .success(
                form.words("who").map { .are(faces, .name($0)) }
                    ?? .areSomeoneElse(faces, person: id))
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
                "message", title: "Person", tab: .people,
                [
                    "heading": "This person is not here any more",
                    "lead": "They were merged or renamed meanwhile.",
                    "kept": orNothing(
                        form.words("name") ?? form.words("same") ?? form.words("who")),
                    "ways": [["href": "/people", "label": "All people", "main": true]],
                ], notice: fault.notice, status: fault.status)
        }
        return try personPage(page, notice: nil, sent: form, fault: fault)
    }
}
