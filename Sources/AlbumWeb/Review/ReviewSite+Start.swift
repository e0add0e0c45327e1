internal import FaceCore
internal import AlbumKit

// The first page, and the doubtful matches.
extension ReviewSite {
    func startPage(_ query: Form) throws(AlbumError) -> Reply {
        let start = try review.start()
        let people = try review.people()
        let isSettled = start.groups.isEmpty && start.questions.isEmpty
        let notice = result(query, back: .start)
        let mosaic = mosaic(start, people)
        var page: Values = [
            "heading": heading(start), "lead": lead(start),
            "firstGroup": orNothing(start.firstToName?.rawValue),
            "questionsToCheck": start.questions.isEmpty
                ? false
                : [
                    "label": "Check \(grouped(start.questions.count)) doubtful",
                    "isMain": start.groups.isEmpty,
                ] as Values,
            "isSettled": isSettled, "share": orNothing(share(start)),
            "isReconsidering": review.isReconsidering,
            "hasMosaic": !mosaic.isEmpty, "mosaic": mosaic,
            "mosaicLink": start.groups.first.map { Route.group($0.number).path } ?? "/people",
            "mosaicLabel": start.groups.first.map {
                "Name the largest group, \(counted($0.photoCount, "photo"))"
            } ?? "Look at the people",
            "hasGroups": !start.groups.isEmpty,
            "groups": start.groups.prefix(Self.groupsOnStart).map(\.pageValues),
            "allGroups": start.groups.count == 1
                ? "All groups" : "All \(grouped(start.groups.count)) groups",
            "question": orNothing(
                start.questions.first.map {
                    values(
                        of: $0,
                        place:
                            "1 of \(counted(start.questions.count, "doubtful match", "doubtful matches"))."
                    )
                }),
            "last": false,
        ]
        page.merge(troubles(start, people)) { $1 }
        if notice == nil, let receipt = review.lastReceipt, let number = receipt.number {
            page["last"] =
                [
                    "revision": review.revision, "number": number, "sentence": receipt.sentence,
                ] as Values
        }
        return frame(
            "start", title: "Review", tab: .review, page, notice: notice,
            watched: review.isReconsidering ? "review" : nil)
    }

    private static let groupsOnStart = 4

    private func heading(_ start: ReviewStart) -> String {
        if !start.groups.isEmpty {
            return start.groups.count == 1
                ? "1 person still has no name"
                : "\(grouped(start.groups.count)) people still have no name"
        }
        if !start.questions.isEmpty {
            return start.questions.count == 1
                ? "1 match is doubtful" : "\(grouped(start.questions.count)) matches are doubtful"
        }
        return start.personCount > 0 ? "Everyone has a name" : "There is nobody to name"
    }

    private func lead(_ start: ReviewStart) -> String {
        let photos = counted(start.photoCount, "photo")
        if !start.groups.isEmpty {
            let minutes = max(
                1, (start.groups.count * Self.secondsPerGroup + 59) / 60)
            return "They are in \(grouped(start.groupPhotoCount)) of your \(photos). About "
                + "\(counted(minutes, "minute")), the group that helps most first."
        }
        if !start.questions.isEmpty {
            return "Everybody in three photos or more has a name. The doubtful photos are in "
                + "no person’s folder until you answer."
        }
        return "\(counted(start.personCount, "person", "people")), \(photos), nothing left to "
            + "check. Your answers are kept even if you sort again with other settings."
    }

    /// The time that looking at a group and typing a name takes, from timed visits.
    private static let secondsPerGroup = 20

    /// The faces at the top of the page, as addresses of pictures.
    private func mosaic(_ start: ReviewStart, _ people: [ReviewPerson]) -> [String] {
        if let group = start.groups.first {
            return group.faces.prefix(5).map { Route.facePicture($0.id).path }
        }
        return people.sorted { $0.photoCount > $1.photoCount }.compactMap(\.picture).prefix(5)
            .map { $0 }
    }

    private func share(_ start: ReviewStart) -> Values? {
        guard start.faceCount > 0 else { return nil }
        func percent(_ count: Int) -> Int {
            count == 0 ? 0 : max(1, count * 100 / start.faceCount)
        }
        func text(_ count: Int) -> Any { count == 0 ? false : grouped(count) }
        return [
            "namedShare": percent(start.namedFaceCount),
            "doubtfulShare": percent(start.doubtfulFaceCount),
            "named": grouped(start.namedFaceCount), "doubtful": text(start.doubtfulFaceCount),
            "unnamed": text(start.unnamedFaceCount), "leftOut": text(start.leftOutFaceCount),
            "said": "\(grouped(start.namedFaceCount)) of \(counted(start.faceCount, "face")) have "
                + "a name, \(grouped(start.doubtfulFaceCount)) are doubtful, "
                + "\(grouped(start.unnamedFaceCount)) have no name",
        ]
    }

    private func troubles(_ start: ReviewStart, _ people: [ReviewPerson]) -> Values {
        let byName = Dictionary(people.map { ($0.name, $0) }) { first, _ in first }
        let portraits = start.portraitTroubles.map { trouble -> Values in
            let person = byName[trouble.person]
            return [
                "person": trouble.person, "sentence": trouble.sentence, "remedy": trouble.remedy,
                "picture": orNothing(person?.picture),
                "link": orNothing(person.map { Route.person($0.id).path }),
            ]
        }
        let failures = start.failures.map { failure -> Values in
            [
                "name": failure.path.split(separator: "/").last.map(String.init) ?? failure.path,
                "reason": failure.reason, "remedy": failure.remedy,
            ]
        }
        let photos = start.photosWithoutFaces
        return [
            "hasTroubles": !(portraits.isEmpty && failures.isEmpty && photos.isEmpty),
            "portraits": orNothing(list(portraits)), "failures": orNothing(list(failures)),
            "faceless": photos.isEmpty
                ? false
                : [
                    "count": grouped(photos.count),
                    "photos": photos.prefix(Self.photosOnStart).map {
                        ["id": $0.id.rawValue, "name": $0.name]
                    },
                    "all": "Look through \(counted(photos.count, "photo"))",
                ] as Values,
        ]
    }

    private static let photosOnStart = 6
    private static let troublesOnStart = 3

    private func list(_ items: [Values]) -> Values? {
        guard !items.isEmpty else { return nil }
        let rest = Array(items.dropFirst(Self.troublesOnStart))
        return [
            "count": grouped(items.count), "first": Array(items.prefix(Self.troublesOnStart)),
            "hasRest": !rest.isEmpty, "rest": rest,
        ]
    }

    // MARK: Doubtful matches

    func doubtsPage(_ query: Form) throws(AlbumError) -> Reply {
        try doubtsPage(notice: result(query, back: .doubts), status: .ok)
    }

    private func doubtsPage(notice: Notice?, status: Reply.Status) throws(AlbumError) -> Reply {
        let questions = try review.questions()
        return frame(
            "doubts", title: "Doubtful matches", tab: .review,
            [
                "left": questions.isEmpty ? "" : "\(grouped(questions.count)) to check",
                "question": orNothing(questions.first.map { values(of: $0, place: nil) }),
            ], notice: notice, status: status)
    }

    func takeDoubt(_ form: Form) throws(AlbumError) -> Reply {
        guard let revision = form["revision"].flatMap(Int.init),
            let faces = form.tokens("face"), let first = faces.first,
            let person = form.token("person")
        else { return notOurs }
        do {
            let receipt: ReviewReceipt
            switch form["answer"] {
            case "yes": receipt = try review.answer(.are(faces, .person(person)), seen: revision)
            case "no": receipt = try review.answer(.areNot(faces, person: person), seen: revision)
            case "runner-up":
                guard let other = form.token("runner-up") else { return notOurs }
                receipt = try review.answer(.are(faces, .person(other)), seen: revision)
            case "later":
                review.putOff(first)
                return .goOn(to: Route.doubts.path)
            default: return notOurs
            }
            return goOn(to: .doubts, after: receipt)
        } catch {
            let fault = fault(error)
            return try doubtsPage(notice: fault.notice, status: fault.status)
        }
    }

    private func values(of question: ReviewQuestion, place: String?) -> Values {
        let name = question.nearest.person.name
        let others = question.faces.dropFirst()
        let filed =
            question.isFiled
            ? "Until you answer, \(others.isEmpty ? "this photo is" : "these photos are") in "
                + "\(name)’s folder."
            : "Until you answer, \(others.isEmpty ? "this photo is" : "these photos are") in "
                + "no person’s folder."
        return [
            "name": name, "shortName": shortened(name),
            "place": [place, filed].compactMap { $0 }.joined(separator: " "),
            "revision": review.revision, "person": question.nearest.person.id.rawValue,
            "asked": question.faces.map { ["id": $0.id.rawValue] },
            "first": orNothing(
                question.faces.first.map { face -> Values in
                    let more: Values = [
                        "others": others.isEmpty
                            ? false : counted(others.count, "other like it", "others like it")
                    ]
                    return face.pageValues.merging(more) { $1 }
                }),
            "nearest": values(of: question.nearest),
            "runnerUp": orNothing(question.runnerUp.map { values(of: $0) }),
            "hasMore": !others.isEmpty,
            "more": others.prefix(Self.facesBesideQuestion).map(\.pageValues),
            "reason": reason(question),
        ]
    }

    private static let facesBesideQuestion = 12

    private func values(of candidate: ReviewQuestion.Candidate) -> Values {
        let shown =
            candidate.portrait.map { Route.portraitPicture($0).path }
            ?? candidate.face.map { Route.facePicture($0.id).path } ?? candidate.person.picture
        let isPortrait = candidate.portrait != nil || candidate.face == nil
        return [
            "person": candidate.person.id.rawValue, "name": candidate.person.name,
            "shortName": shortened(candidate.person.name), "picture": orNothing(shown),
            "kind": isPortrait ? "portrait" : "photo",
            "kindName": isPortrait ? "Portrait" : "A face",
            "distance": rounded(candidate.distance),
        ]
    }

    private func reason(_ question: ReviewQuestion) -> String {
        let near = "\(rounded(question.nearest.distance)) apart; smaller means more alike."
        guard let runnerUp = question.runnerUp else { return near }
        let gap = runnerUp.distance - question.nearest.distance
        return near
            + (gap < 0
                ? " \(runnerUp.person.name) is even nearer by the faces alone."
                : " \(runnerUp.person.name) is \(rounded(gap)) behind.")
    }
}
