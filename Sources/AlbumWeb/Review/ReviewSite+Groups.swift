internal import AlbumKit
internal import FaceCore

// Groups of faces without a name.
extension ReviewSite {
    func groupsPage(_ query: Form) throws(AlbumError) -> Reply {
        let groups = try review.groups()
        let singles = try review.singleFaces()
        let leftOut = try review.leftOutFaces()
        guard !groups.isEmpty || !singles.isEmpty || !leftOut.isEmpty else {
            return noGroupsLeft(result(query, back: .groups))
        }
        let section = Section(singles, page: query["page"], size: Self.facesOnPage)
        return frame(
            GroupsView(
                heading: groups.isEmpty
                    ? "No groups left" : "\(counted(groups.count, "group")) without a name",
                lead: groups.isEmpty
                    ? "Everybody who is in several photos is named or left out."
                    : "The most useful one to name comes first.",
                groups: groups.map(LotView.init), singles: section.items.map { FaceView($0) },
                leftOut: leftOut.prefix(Self.facesOnPage).map { FaceView($0) },
                pages: section.pages),
            title: "Groups without a name", at: .start, notice: result(query, back: .groups))
    }

    private static let facesOnPage = 200

    private func noGroupsLeft(_ notice: Notice?) -> Reply {
        frame(
            MessageView(
                heading: "No groups left",
                lead: "Everybody who is in several photos is named or left out. People who "
                    + "appear only once stay in ‘unknown’.",
                ways: [
                    .init(href: "/plan", label: "See what sorting will do", main: true),
                    .init(href: "/", label: "Back to the overview"),
                ]),
            title: "No groups left", at: .start, notice: notice)
    }

    func groupPage(_ number: ClusterNumber, _ query: Form) throws(AlbumError) -> Reply {
        guard let page = try review.group(number) else {
            // It was named meanwhile: a key was pressed twice, or another tab was quicker.
            return try groupIsGone(number, notice: result(query, back: .start), typed: nil)
        }
        return try groupPage(page, notice: result(query, back: .group(number)))
    }

    private func groupIsGone(_ number: ClusterNumber, notice: Notice?, typed: String?)
        throws(AlbumError) -> Reply
    {
        let next = try review.groups().first.map {
            MessageView.Way(href: Route.group($0.number).path, label: "The next group", main: true)
        }
        let back = MessageView.Way(href: "/", label: "Back to the overview", main: next == nil)
        return frame(
            MessageView(
                heading: "This group is not here any more",
                lead: "Its faces were named, left out or put with others.", kept: typed,
                ways: [next, back].compactMap { $0 }),
            title: "Group \(number.rawValue)", at: .start, notice: notice,
            status: notice == nil ? .notFound : .conflict)
    }

    private func groupPage(
        _ page: ReviewGroupPage, notice: Notice?, sent: Form = Form(), fault: Fault? = nil
    ) throws(AlbumError) -> Reply {
        let out = Set(sent.tokens("out") ?? [])
        let rest = sent["rest"].flatMap(ReviewAnswer.Rest.init(rawValue:)) ?? .stayUnnamed
        let all = page.closeLook + page.faces
        func marked(_ faces: [ReviewFace]) -> [MarkedFaceView] {
            faces.map { face in
                MarkedFaceView(
                    face: FaceView(face), marking: .takingOut, isTicked: out.contains(face.id))
            }
        }
        let group = page.group
        let view = GroupView(
            number: group.number.rawValue, revision: review.revision,
            from: "group-\(group.number.rawValue)", photos: counted(group.photoCount, "photo"),
            mayBeSeveral: group.mayBeSeveral, all: all.map(\.id.rawValue),
            position: page.position, groupCount: page.groupCount,
            typed: sent["name"] ?? "", fault: fault?.ofField,
            names: try review.people().map(\.name),
            rests: ReviewAnswer.Rest.allCases.map { choice in
                ChoiceView(
                    value: choice.rawValue, label: words(for: choice), isChosen: choice == rest)
            },
            similar: page.similar.enumerated().map { .init($0.element, key: $0.offset + 1) },
            shown: all.first.map { FaceView($0, isOutlined: true) },
            closeLookWords: page.closeLook.count == 1
                ? "this one is" : "these \(grouped(page.closeLook.count)) are",
            closeLook: marked(page.closeLook), faces: marked(page.faces))
        return frame(
            view, title: "Who is this? Person \(group.number.rawValue)", at: .start,
            notice: fault?.notice ?? notice, status: fault?.status ?? .ok)
    }

    private func words(for rest: ReviewAnswer.Rest) -> String {
        switch rest {
        case .stayUnnamed: "stay without a name"
        case .areOnePerson: "are one other person"
        case .areNotGuests: "are not guests"
        }
    }

    // MARK: The form

    func takeGroup(_ form: Form, _ number: ClusterNumber) throws(AlbumError) -> Reply {
        guard form["revision"].flatMap(Int.init) != nil, let faces = form.tokens("face"),
            !faces.isEmpty, let out = form.tokens("out"),
            let rest = form["rest"].map(ReviewAnswer.Rest.init(rawValue:)) ?? .stayUnnamed
        else { return notOurs }
        let next = try next(after: number)
        if form["do"] == "later" {
            review.putOff(number)
            return goOn(to: next.map(Route.group) ?? .start, after: nil)
        }
        return try take(groupAnswer(form, faces: faces, out: out, rest: rest), form) {
            _ throws(AlbumError) in
            try self.next(after: number, preferring: next).map(Route.group) ?? .start
        } again: { fault throws(AlbumError) in
            guard let page = try review.group(number) else {
                return try groupIsGone(number, notice: fault.notice, typed: form.words("name"))
            }
            return try groupPage(page, notice: nil, sent: form, fault: fault)
        }
    }

    private func groupAnswer(
        _ form: Form, faces: [ReviewToken], out: [ReviewToken], rest: ReviewAnswer.Rest
    ) -> SentAnswer {
        let kept = faces.filter { !out.contains($0) }
        guard !kept.isEmpty else {
            return .fault(
                Fault(
                    "Not saved: every face is taken out.",
                    "Put back those that belong together, or press ‘Later’."))
        }
        switch form["do"] {
        case nil: break
        case "no-guest": return .answer(.areNotGuests(kept))
        case "ignore": return .answer(.ignore(kept))
        default: return .notOurs
        }
        if let same = form["same"] {
            guard let who = who(same) else { return .notOurs }
            return .answer(.group(faces, out: out, rest: rest, are: who))
        }
        guard let name = form.words("name") else {
            return .fault(.missing("Type a name, then save."))
        }
        return .answer(.group(faces, out: out, rest: rest, are: .name(name)))
    }

    /// `p` and a person's id, or `c` and a group's number.
    private func who(_ value: String) -> ReviewAnswer.Who? {
        switch value.first {
        case "p": ReviewToken(rawValue: String(value.dropFirst())).map { .person($0) }
        case "c": Route.number(value.dropFirst()).map { .group($0) }
        default: nil
        }
    }

    /// The group to name after `number`.
    private func next(after number: ClusterNumber, preferring next: ClusterNumber? = nil)
        throws(AlbumError) -> ClusterNumber?
    {
        let groups = try review.groups().map(\.number)
        if let next, groups.contains(next) { return next }
        if let index = groups.firstIndex(of: number), index + 1 < groups.count {
            return groups[index + 1]
        }
        return groups.first { $0 != number }
    }
}

struct GroupsView: TemplateView {
    let heading: String
    let lead: String
    let groups: [LotView]
    let singles: [FaceView]
    let leftOut: [FaceView]
    let pages: PagesView?
}

struct GroupView: TemplateView {
    /// Who else it might be.
    struct Similar: TemplateFields {
        let value: String
        let name: String
        let detail: String
        let picture: String?
        let key: Int
        let distance: String

        init(_ similar: ReviewGroupPage.Similar, key: Int) {
            switch similar.who {
            case .person(let person):
                value = "p" + person.id.rawValue
                name = person.name
                detail = counted(person.photoCount, "photo")
                picture = person.picture
            case .group(let group):
                value = "c\(group.number.rawValue)"
                name = "Person \(group.number.rawValue)"
                detail = "no name yet, \(counted(group.photoCount, "photo"))"
                picture = group.faces.first.map { Route.facePicture($0.id).path }
            }
            self.key = key
            distance = rounded(similar.distance)
        }
    }

    let number: Int
    let revision: Int
    let from: String
    let photos: String
    let mayBeSeveral: Bool
    let all: [String]
    let position: Int?
    let groupCount: Int
    let typed: String
    let fault: String?
    let names: [String]
    let rests: [ChoiceView]
    let similar: [Similar]
    let shown: FaceView?
    let closeLookWords: String
    let closeLook: [MarkedFaceView]
    let faces: [MarkedFaceView]
}
