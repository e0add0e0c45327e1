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
            "groups", title: "Groups without a name", tab: .review,
            [
                "heading": groups.isEmpty
                    ? "No groups left" : "\(counted(groups.count, "group")) without a name",
                "lead": groups.isEmpty
                    ? "Everybody who is in several photos is named or left out."
                    : "The most useful one to name comes first.",
                "hasGroups": !groups.isEmpty, "groups": groups.map(\.pageValues),
                "hasSingles": !singles.isEmpty, "singles": section.items.map(\.pageValues),
                "hasLeftOut": !leftOut.isEmpty,
                "leftOut": leftOut.prefix(Self.facesOnPage).map(\.pageValues),
                "pages": orNothing(section.values([:])),
            ], notice: result(query, back: .groups))
    }

    private static let facesOnPage = 200

    private func noGroupsLeft(_ notice: Notice?) -> Reply {
        frame(
            "message", title: "No groups left", tab: .review,
            [
                "heading": "No groups left",
                "lead": "Everybody who is in several photos is named or left out. People who "
                    + "appear only once stay in ‘unknown’.",
                "kept": false,
                "ways": [
                    ["href": "/plan", "label": "See what sorting will do", "main": true],
                    ["href": "/", "label": "Back to the overview", "main": false],
                ],
            ], notice: notice)
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
        let next = try review.groups().first
        return frame(
            "message", title: "Group \(number.rawValue)", tab: .review,
            [
                "heading": "This group is not here any more",
                "lead": "Its faces were named, left out or put with others.",
                "kept": orNothing(typed),
                "ways": [
                    next.map { ["href": Route.group($0.number).path, "label": "The next group"] },
                    ["href": "/", "label": "Back to the overview"],
                ].compactMap { $0 }.enumerated().map { index, way in
                    way.merging(["main": index == 0]) { $1 } as Values
                },
            ], notice: notice, status: notice == nil ? .notFound : .conflict)
    }

    private func groupPage(
        _ page: ReviewGroupPage, notice: Notice?, sent: Form = Form(), fault: Fault? = nil
    ) throws(AlbumError) -> Reply {
        let out = Set(sent.tokens("out") ?? [])
        let rest = sent["rest"].flatMap(ReviewAnswer.Rest.init(rawValue:)) ?? .stayUnnamed
        let all = page.closeLook + page.faces
        func face(_ face: ReviewFace) -> Values {
            face.pageValues(.takingOut, isTicked: out.contains(face.id))
        }
        let values: Values = [
            "number": page.group.number.rawValue, "revision": review.revision,
            "from": "group-\(page.group.number.rawValue)",
            "photos": counted(page.group.photoCount, "photo"),
            "mayBeSeveral": page.group.mayBeSeveral,
            "all": all.map(\.id.rawValue),
            "steps": orNothing(
                page.position.map { ["position": $0, "count": page.groupCount] as Values }),
            "typed": sent["name"] ?? "", "fault": orNothing(fault?.ofField),
            "names": try review.people().map(\.name),
            "rests": ReviewAnswer.Rest.allCases.map { choice -> Values in
                [
                    "value": choice.rawValue, "label": words(for: choice),
                    "isChosen": choice == rest,
                ]
            },
            "hasSimilar": !page.similar.isEmpty,
            "similar": page.similar.enumerated().map { index, similar in
                self.values(of: similar, key: index + 1)
            },
            "shown": orNothing(all.first?.pageValues),
            "hasCloseLook": !page.closeLook.isEmpty,
            "closeLookWords": page.closeLook.count == 1
                ? "this one is" : "these \(grouped(page.closeLook.count)) are",
            "closeLook": page.closeLook.map(face), "faces": page.faces.map(face),
        ]
        return frame(
            "group", title: "Who is this? Person \(page.group.number.rawValue)", tab: .review,
            values, notice: fault?.notice ?? notice, status: fault?.status ?? .ok)
    }

    private func words(for rest: ReviewAnswer.Rest) -> String {
        switch rest {
        case .stayUnnamed: "stay without a name"
        case .areOnePerson: "are one other person"
        case .areNotGuests: "are not guests"
        }
    }

    private func values(of similar: ReviewGroupPage.Similar, key: Int) -> Values {
        let who: Values =
            switch similar.who {
            case .person(let person):
                [
                    "value": "p" + person.id.rawValue, "name": person.name,
                    "detail": counted(person.photoCount, "photo"),
                    "picture": orNothing(person.picture),
                ]
            case .group(let group):
                [
                    "value": "c\(group.number.rawValue)", "name": "Person \(group.number.rawValue)",
                    "detail": "no name yet, \(counted(group.photoCount, "photo"))",
                    "picture": orNothing(group.faces.first.map { Route.facePicture($0.id).path }),
                ]
            }
        return who.merging(["key": key, "distance": rounded(similar.distance)]) { $1 }
    }

    // MARK: The form

    func takeGroup(_ form: Form, _ number: ClusterNumber) throws(AlbumError) -> Reply {
        guard let revision = form["revision"].flatMap(Int.init),
            let faces = form.tokens("face"), !faces.isEmpty, let out = form.tokens("out"),
            let rest = form["rest"].map(ReviewAnswer.Rest.init(rawValue:)) ?? .stayUnnamed
        else { return notOurs }
        let next = try next(after: number)
        if form["do"] == "later" {
            review.putOff(number)
            return goOn(to: next.map(Route.group) ?? .start, after: nil)
        }
        let answer: ReviewAnswer
        switch groupAnswer(form, faces: faces, out: out, rest: rest) {
        case .success(let said): answer = said
        case .failure(.notOurs): return notOurs
        case .failure(.fault(let fault)):
            return try groupAgain(number, form, fault: fault)
        }
        do {
            let receipt = try review.answer(answer, seen: revision)
            let following = try self.next(after: number, preferring: next)
            return goOn(to: following.map(Route.group) ?? .start, after: receipt)
        } catch {
            return try groupAgain(number, form, fault: fault(error))
        }
    }

    private enum Refusal: Error {
        case notOurs
        case fault(Fault)
    }

    private func groupAnswer(
        _ form: Form, faces: [ReviewToken], out: [ReviewToken], rest: ReviewAnswer.Rest
    ) -> Result<ReviewAnswer, Refusal> {
        let kept = faces.filter { !out.contains($0) }
        guard !kept.isEmpty else {
            return .failure(
                .fault(
                    Fault(
                        notice: Notice(
                            kind: .bad, strong: "Not saved: every face is taken out.",
                            text: "Put back those that belong together, or press ‘Later’."),
                        status: .cannotBeUsed, ofField: nil)))
        }
        switch form["do"] {
        case nil: break
        case "no-guest": return .success(.areNotGuests(kept))
        case "ignore": return .success(.ignore(kept))
        default: return .failure(.notOurs)
        }
        if let same = form["same"] {
            guard let who = who(same) else { return .failure(.notOurs) }
            return .success(.group(faces, out: out, rest: rest, are: who))
        }
        guard let name = form.words("name") else {
            return .failure(.fault(.missing("Type a name, then save.")))
        }
        return .success(.group(faces, out: out, rest: rest, are: .name(name)))
    }

    /// `p` and a person's id, or `c` and a group's number.
    private func who(_ value: String) -> ReviewAnswer.Who? {
        switch value.first {
        case "p": ReviewToken(rawValue: String(value.dropFirst())).map { .person($0) }
        case "c": Route.number(value.dropFirst()).map { .group($0) }
        default: nil
        }
    }

    /// The form again, as it was sent, with what is known now.
    private func groupAgain(_ number: ClusterNumber, _ form: Form, fault: Fault)
        throws(AlbumError) -> Reply
    {
        guard let page = try review.group(number) else {
            return try groupIsGone(number, notice: fault.notice, typed: form.words("name"))
        }
        return try groupPage(page, notice: nil, sent: form, fault: fault)
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
