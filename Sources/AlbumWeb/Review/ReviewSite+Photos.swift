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
        let view = PhotoPageView(
            photo: PhotoView(page.photo), hasOutline: asked != nil,
            outlines: page.faces.map { labelled in
                OutlineView(
                    labelled.face.box,
                    kind: asked == nil || labelled.face.id == asked ? nil : "other")
            },
            faceCount: counted(page.faces.count, "face"),
            faces: page.faces.map { labelled in
                .init(
                    label: labelled.label, isAsked: labelled.face.id == asked,
                    link: labelled.person.map { Route.person($0).path }
                        ?? labelled.group.map { Route.group($0).path })
            },
            back: back?.path, for: personAsked(back), revision: review.revision,
            names: try review.people().map(\.name),
            nameless: page.faces.filter { $0.person == nil || $0.face.id == asked }
                .map { labelled in
                    let isAsked = labelled.face.id == asked
                    return .init(
                        question: labelled.person == nil
                            ? "Who is this?" : "Not \(labelled.label)? Who is this?",
                        id: labelled.face.id.rawValue, isAsked: isAsked, from: query["from"],
                        typed: isAsked ? query["name"] ?? "" : "",
                        fault: isAsked ? fault?.ofField : nil)
                })
        return frame(
            view, title: page.photo.name, at: .start, notice: fault?.notice ?? notice,
            status: fault?.status ?? .ok)
    }

    /// Takes a name for one face of a photo.
    func takeFace(_ form: Form, _ id: ReviewToken) throws(AlbumError) -> Reply {
        guard let face = form.token("face") else { return notOurs }
        let answer = form.words("name").map { SentAnswer.answer(.are([face], .name($0))) }
        return try take(answer ?? .fault(.missing("Type who it is, then save.")), form) { _ in
            .photo(id)
        } again: { fault throws(AlbumError) in
            try photoPage(id, form, notice: nil, fault: fault)
        }
    }

    /// Where a link came from: `doubts`, `more-doubts`, `group-7`, or `person-` with an id.
    private func place(_ word: String) -> Route? {
        if let route = [Route.doubts, .moreDoubts].first(where: { $0.path == "/" + word }) {
            return route
        }
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
        let person = try personLookedFor(query)
        let photos = try review.photosWithoutFaces()
        let section = Section(photos, page: query["page"], size: Self.photosOnPage)
        let name = person.map { "of \($0.name)" } ?? ""
        return frame(
            MissedView(
                heading: person.map { "Where is \($0.name)?" } ?? "Is someone in these photos?",
                lead: photos.isEmpty
                    ? "A face was found in every photo."
                    : "No face was found in \(counted(photos.count, "photo")). Choose the one "
                        + "with a face \(name.isEmpty ? "in it" : name).",
                for: person?.id.rawValue, photos: section.items.map(PhotoView.init),
                pages: section.pages, back: person.map { Route.person($0.id).path } ?? "/"),
            title: "Missed faces", at: person == nil ? .start : .people)
    }

    // MARK: Drawing

    func drawPage(_ id: ReviewToken, _ query: Form) throws(AlbumError) -> Reply {
        guard let page = try review.photo(id) else { return nowhere }
        let name = try personLookedFor(query)?.name
        return try drawPage(page, person: query.token("for"), typed: name ?? "")
    }

    private func personLookedFor(_ query: Form) throws(AlbumError) -> ReviewPerson? {
        guard let id = query.token("for") else { return nil }
        return try review.person(id)?.person
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
        let view = DrawView(
            photo: PhotoView(photo), revision: review.revision, for: person?.rawValue,
            newBox: new.map { sides(of: $0).joined(separator: " ") } ?? "",
            shownWidth: shown.width, shownHeight: shown.height,
            outlines: page.faces.map { OutlineView($0.face.box, kind: "other") }
                + (new.map { [OutlineView($0, kind: "new")] } ?? []),
            found: page.faces.isEmpty ? nil : page.faces.map(\.label).joined(separator: ", "),
            typed: sent["name"] ?? typed, fault: fault?.ofField,
            names: try review.people().map(\.name),
            sizes: Self.sizes.map { choice in
                ChoiceView(
                    value: choice.value, label: choice.label, isChosen: choice.value == size)
            },
            isPortrait: sent["portrait"] != nil,
            back: person.map { Route.person($0).path } ?? Route.photo(photo.id).path)
        return frame(
            view, title: "Add a missed face", at: .people, notice: fault?.notice,
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
        guard form["revision"].flatMap(Int.init) != nil else { return notOurs }
        guard let page = try review.photo(id) else { return nowhere }
        let person = form.token("for")
        return try take(drawnAnswer(form, on: page.photo), form) { _ in
            person.map(Route.person) ?? .photo(id)
        } again: { fault throws(AlbumError) in
            try drawPage(page, person: person, typed: "", sent: form, fault: fault)
        }
    }

    private func drawnAnswer(_ form: Form, on photo: ReviewPhoto) -> SentAnswer {
        guard let box = box(form, in: photo) else {
            return .fault(
                Fault(
                    "Not saved: there is no box yet.",
                    "Draw one around the face, or press on the middle of it."))
        }
        guard let name = form.words("name") else {
            return .fault(.missing("Type who it is, then save."))
        }
        return .answer(
            .draw(
                photo: photo.id, box: box, is: .name(name), isPortrait: form["portrait"] != nil))
    }
}

struct PhotoPageView: TemplateView {
    struct Face: TemplateFields {
        let label: String
        let isAsked: Bool
        let link: String?
    }

    /// A face that waits for a name.
    struct Nameless: TemplateFields {
        let question: String
        let id: String
        let isAsked: Bool
        let from: String?
        let typed: String
        let fault: String?
    }

    let photo: PhotoView
    let hasOutline: Bool
    let outlines: [OutlineView]
    let faceCount: String
    let faces: [Face]
    let back: String?
    let `for`: String?
    let revision: Int
    let names: [String]
    let nameless: [Nameless]
}

struct MissedView: TemplateView {
    let heading: String
    let lead: String
    let `for`: String?
    let photos: [PhotoView]
    let pages: PagesView?
    let back: String
}

struct DrawView: TemplateView {
    let photo: PhotoView
    let revision: Int
    let `for`: String?
    let newBox: String
    let shownWidth: Int
    let shownHeight: Int
    let outlines: [OutlineView]
    let found: String?
    let typed: String
    let fault: String?
    let names: [String]
    let sizes: [ChoiceView]
    let isPortrait: Bool
    let back: String
}
