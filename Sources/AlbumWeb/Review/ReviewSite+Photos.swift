internal import AlbumKit
internal import FaceCore

// Whole photos, and faces that no search found.
extension ReviewSite {
    func photoPage(_ id: ReviewToken, _ query: Form) throws(AlbumError) -> Reply {
        try photoPage(id, query, notice: result(query, back: .photo(id)))
    }

    /// - Parameters:
    ///   - query: of the page, or the form that was sent from it.
    ///   - fault: why the form was refused.
    private func photoPage(
        _ id: ReviewToken, _ query: Form, notice: Notice?, fault: Fault? = nil
    ) throws(AlbumError) -> Reply {
        guard let page = try review.photo(id) else { return nowhere }
        let asked = query.token("face")
        let back = query["from"].flatMap(place)
        let values: Values = [
            "photo": id.rawValue, "photoWidth": page.photo.width, "photoHeight": page.photo.height,
            "caption": page.photo.caption, "hasOutline": asked != nil,
            "outlines": page.faces.map { labelled in
                outline(
                    of: labelled.face.box,
                    kind: asked == nil || labelled.face.id == asked ? nil : "other")
            },
            "faceCount": counted(page.faces.count, "face"),
            "faces": page.faces.map { labelled -> Values in
                [
                    "label": labelled.label, "isAsked": labelled.face.id == asked,
                    "link": orNothing(
                        labelled.person.map { Route.person($0).path }
                            ?? labelled.group.map { Route.group($0).path }),
                ]
            },
            "back": orNothing(back?.path), "for": orNothing(personAsked(back)),
            "revision": review.revision, "names": try review.people().map(\.name),
            "nameless": page.faces.filter { $0.person == nil || $0.face.id == asked }
                .map { labelled -> Values in
                    let isAsked = labelled.face.id == asked
                    return [
                        "question": labelled.person == nil
                            ? "Who is this?" : "Not \(labelled.label)? Who is this?",
                        "id": labelled.face.id.rawValue, "isAsked": isAsked,
                        "from": orNothing(query["from"]),
                        "typed": isAsked ? query["name"] ?? "" : "",
                        "fault": orNothing(isAsked ? fault?.ofField : nil),
                    ]
                },
        ]
        return frame(
            "photo", title: page.photo.name, tab: .review, values,
            notice: fault?.notice ?? notice, status: fault?.status ?? .ok)
    }

    /// Takes a name for one face of a photo.
    func takeFace(_ form: Form, _ id: ReviewToken) throws(AlbumError) -> Reply {
        guard let revision = form["revision"].flatMap(Int.init), let face = form.token("face")
        else { return notOurs }
        guard let name = form.words("name") else {
            return try photoPage(
                id, form, notice: nil, fault: .missing("Type who it is, then save."))
        }
        do {
            let receipt = try review.answer(.are([face], .name(name)), seen: revision)
            return goOn(to: .photo(id), after: receipt)
        } catch {
            return try photoPage(id, form, notice: nil, fault: fault(error))
        }
    }

    /// Where a link came from: `doubts`, `group-7`, or `person-` with an id.
    private func place(_ word: String) -> Route? {
        if word == "doubts" { return .doubts }
        let parts = word.split(separator: "-")
        guard parts.count == 2 else { return nil }
        return Route(path: "/\(parts[0])/\(parts[1])")
    }

    private func personAsked(_ back: Route?) -> String? {
        if case .person(let id) = back { return id.rawValue }
        return nil
    }

    private static let photosOnPage = 200

    func missedPage(_ query: Form) throws(AlbumError) -> Reply {
        let person = try query.token("for").flatMap { id throws(AlbumError) in
            try review.person(id)?.person
        }
        let photos = try review.photosWithoutFaces()
        let section = Section(photos, page: query["page"], size: Self.photosOnPage)
        let name = person.map { "of \($0.name)" } ?? ""
        return frame(
            "missed", title: "Missed faces", tab: person == nil ? .review : .people,
            [
                "heading": person.map { "Where is \($0.name)?" } ?? "Is someone in these photos?",
                "lead": photos.isEmpty
                    ? "A face was found in every photo."
                    : "No face was found in \(counted(photos.count, "photo")). Choose the one "
                        + "with a face \(name.isEmpty ? "in it" : name).",
                "for": orNothing(person?.id.rawValue), "hasPhotos": !photos.isEmpty,
                "photos": section.items.map { photo -> Values in
                    ["id": photo.id.rawValue, "name": photo.name]
                },
                "pages": orNothing(section.values([:])),
                "back": person.map { Route.person($0.id).path } ?? "/",
            ])
    }

    // MARK: Drawing

    func drawPage(_ id: ReviewToken, _ query: Form) throws(AlbumError) -> Reply {
        guard let page = try review.photo(id) else { return nowhere }
        let name = try query.token("for").flatMap { id throws(AlbumError) in
            try review.person(id)?.person.name
        }
        return try drawPage(page, person: query.token("for"), typed: name ?? "")
    }

    /// Sizes to choose instead of drawing: the width of a face as a fraction of the photo's width.
    private static let sizes: [(value: String, label: String)] = [
        ("0.05", "small"), ("0.1", "medium"), ("0.2", "large"), ("0.35", "very large"),
    ]

    private func drawPage(
        _ page: ReviewPhotoPage, person: ReviewToken?, typed: String, sent: Form = Form(),
        fault: Fault? = nil
    ) throws(AlbumError) -> Reply {
        let photo = page.photo
        let shown = shownSize(of: photo)
        let new = box(sent, in: photo)
        let size = sent["size"] ?? "0.1"
        let values: Values = [
            "photo": photo.id.rawValue, "revision": review.revision,
            "for": orNothing(person?.rawValue),
            "newBox": new.map { sides(of: $0).joined(separator: " ") } ?? "",
            "shownWidth": shown.width, "shownHeight": shown.height,
            "outlines": page.faces.map { outline(of: $0.face.box, kind: "other") }
                + (new.map { [outline(of: $0, kind: "new")] } ?? []),
            "caption": photo.caption,
            "found": page.faces.isEmpty
                ? false : page.faces.map(\.label).joined(separator: ", "),
            "typed": sent["name"] ?? typed, "fault": orNothing(fault?.ofField),
            "names": try review.people().map(\.name),
            "sizes": Self.sizes.map { choice -> Values in
                [
                    "value": choice.value, "label": choice.label, "isChosen": choice.value == size,
                ]
            },
            "isPortrait": sent["portrait"] != nil,
            "back": person.map { Route.person($0).path } ?? Route.photo(photo.id).path,
        ]
        return frame(
            "draw", title: "Add a missed face", tab: .people, values, notice: fault?.notice,
            status: fault?.status ?? .ok)
    }

    /// The size in which the photo is sent; a press on it arrives in these pixels.
    private func shownSize(of photo: ReviewPhoto) -> (width: Int, height: Int) {
        let scale = min(1, Double(PictureSide.medium) / Double(max(photo.width, photo.height, 1)))
        return (
            max(1, Int((Double(photo.width) * scale).rounded())),
            max(1, Int((Double(photo.height) * scale).rounded()))
        )
    }

    /// The face that was drawn, or the one around the point that was pressed.
    private func box(_ form: Form, in photo: ReviewPhoto) -> FaceBox? {
        let drawn = (form["box"] ?? "").split(separator: " ").compactMap { Double($0) }
        if drawn.count == 4 {
            return inside(
                FaceBox(left: drawn[0], top: drawn[1], width: drawn[2], height: drawn[3]))
        }
        let shown = shownSize(of: photo)
        guard let x = form["centre.x"].flatMap(Double.init),
            let y = form["centre.y"].flatMap(Double.init),
            let size = Self.sizes.first(where: { $0.value == form["size"] })
                .flatMap({ Double($0.value) })
        else { return nil }
        let height = size * Double(photo.width) / Double(max(1, photo.height))
        return inside(
            FaceBox(
                left: x / Double(shown.width) - size / 2,
                top: y / Double(shown.height) - height / 2, width: size, height: height))
    }

    /// The part of `box` inside the photo; `nil` when no face could be there.
    private func inside(_ box: FaceBox) -> FaceBox? {
        guard [box.left, box.top, box.width, box.height].allSatisfy(\.isFinite) else { return nil }
        let left = max(0, box.left)
        let top = max(0, box.top)
        let cut = FaceBox(
            left: left, top: top, width: min(1, box.right) - left,
            height: min(1, box.bottom) - top)
        return cut.width >= Self.smallestFace && cut.height >= Self.smallestFace ? cut : nil
    }

    /// The smallest side of a face, as a fraction of the photo's; a press without a pull gives
    /// less.
    private static let smallestFace = 0.004

    func takeDrawn(_ form: Form, _ id: ReviewToken) throws(AlbumError) -> Reply {
        guard let revision = form["revision"].flatMap(Int.init) else { return notOurs }
        guard let page = try review.photo(id) else { return nowhere }
        let person = form.token("for")
        func again(_ fault: Fault) throws(AlbumError) -> Reply {
            try drawPage(page, person: person, typed: "", sent: form, fault: fault)
        }
        guard let box = box(form, in: page.photo) else {
            return try again(
                Fault(
                    notice: Notice(
                        kind: .bad, strong: "Not saved: there is no box yet.",
                        text: "Draw one around the face, or press on the middle of it."),
                    status: .cannotBeUsed, ofField: nil))
        }
        guard let name = form.words("name") else {
            return try again(.missing("Type who it is, then save."))
        }
        do {
            let receipt = try review.answer(
                .draw(photo: id, box: box, is: .name(name), isPortrait: form["portrait"] != nil),
                seen: revision)
            return goOn(to: person.map(Route.person) ?? .photo(id), after: receipt)
        } catch {
            return try again(fault(error))
        }
    }
}

extension Optional {
    /// `flatMap` for a closure with typed throws; the library's loses the type (Swift 6.3).
    fileprivate func flatMap<Result, Failure>(
        _ transform: (Wrapped) throws(Failure) -> Result?
    ) throws(Failure) -> Result? {
        guard let self else { return nil }
        return try transform(self)
    }
}
