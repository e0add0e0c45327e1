internal import FaceCore
internal import AlbumKit

/// The page on which photos are labelled one by one as worth keeping or not.
struct KeepLabelSite: PageSite {
    let labelling: KeepLabelling

    let command = "facesort keep label"
    var subject: String { labelling.photosName }
    let ways: [(route: Route, label: String)] = []

    func page(_ route: Route, _ query: Form) -> Reply {
        switch route {
        case .start:
            let before = query.token("after").flatMap { labelling.photo($0)?.photo }
            return labelling.next(after: before).map(photoPage) ?? endPage
        case .photo(let id): return labelling.photo(id).map(photoPage) ?? nowhere
        default: return nowhere
        }
    }

    func take(_ form: Form, at route: Route) -> Reply {
        do {
            switch route {
            case .photo(let id):
                return try labelling.photo(id).map { photo throws(AlbumError) in
                    try takeLabel(form, of: photo)
                } ?? nowhere
            case .undo: return try takeUndo(form)
            default: return nowhere
            }
        } catch {
            return failure(error)
        }
    }

    func picture(_ route: Route, _ query: Form) -> Reply {
        photoPicture(route, query, labelling.picture(ofPhoto:side:))
    }

    var progress: Reply { WorkProgress.rest(state: "rest") }

    func finish() async {}

    // MARK: Pages

    private func photoPage(_ photo: KeepLabelling.Photo) -> Reply {
        let counts = labelling.counts
        let said: String? =
            switch labelling.choice(for: photo.photo) {
            case .keep: "Kept"
            case .discard: "Discarded"
            case .none: nil
            }
        return frame(
            LabelView(
                id: photo.id.rawValue, name: photo.name, time: photo.taken.map(moment),
                width: photo.width, height: photo.height, said: said, counts: words(counts),
                done: counts.keep + counts.discard, all: counts.all,
                enough: counts.suffice && counts.open > 0
                    ? "Enough to learn from: \(howToLearn) More labels make it better." : nil,
                takeBack: takeBack,
                next: labelling.next(after: photo.photo).flatMap {
                    $0 == photo ? nil : $0.id.rawValue
                }),
            title: photo.name, at: .start)
    }

    private var endPage: Reply {
        let counts = labelling.counts
        guard counts.all > 0 else { return end("There is no photo to label", lead: "") }
        let all = counts.all == 1 ? "The only photo is" : "All \(grouped(counts.all)) photos are"
        return end(
            "\(all) labelled",
            lead: "\(grouped(counts.keep)) kept, \(grouped(counts.discard)) discarded. "
                + (counts.suffice ? howToLearn : whatIsMissing(counts)))
    }

    private func end(_ heading: String, lead: String) -> Reply {
        frame(
            LabelledView(
                heading: heading, lead: lead, takeBack: takeBack,
                failures: TroublesView(labelling.failures), notes: labelling.notes),
            title: heading, at: .start)
    }

    /// "12 kept, 5 discarded, 300 to go"
    private func words(_ counts: KeepLabelling.Counts) -> String {
        "\(grouped(counts.keep)) kept, \(grouped(counts.discard)) discarded, "
            + "\(grouped(counts.open)) to go"
    }

    /// How to go on; without paths, which pages never show.
    private var howToLearn: String {
        "‘facesort keep train’ with the same photos and --to learns from them, in another terminal "
            + "or after Ctrl-C."
    }

    private func whatIsMissing(_ counts: KeepLabelling.Counts) -> String {
        let least = KeepLabelling.leastCount
        let missing = [(least - counts.keep, "to keep"), (least - counts.discard, "to discard")]
            .filter { $0.0 > 0 }.map { "\(grouped($0.0)) more \($0.1)" }
        return "Learning needs \(grouped(least)) of each kind: label "
            + missing.joined(separator: " and ") + ", among other photos. "
            + "What you labelled elsewhere counts too."
    }

    // MARK: Answers

    private func takeLabel(
        _ form: Form, of photo: KeepLabelling.Photo
    ) throws(AlbumError) -> Reply {
        switch form["do"] {
        case "keep": try labelling.choose(.keep, for: photo.photo)
        case "discard": try labelling.choose(.discard, for: photo.photo)
        case "later": break
        default: return notOurs
        }
        return .goOn(to: "/?after=\(photo.id.rawValue)")
    }

    /// A form that takes the last answer back; it names the photo, so that sending it twice takes
    /// back only one answer.
    private var takeBack: Notice.Undo? {
        labelling.last.map { photo in
            Notice.Undo("Undo", [("photo", photo.id.rawValue)])
        }
    }

    /// Takes the last answer back and shows its photo again.
    private func takeUndo(_ form: Form) throws(AlbumError) -> Reply {
        guard let id = form.token("photo") else { return notOurs }
        guard let photo = labelling.photo(id) else { return nowhere }
        try labelling.undoLast(of: photo.photo)
        return .goOn(to: Route.photo(id).path)
    }
}

/// A photo to label.
struct LabelView: TemplateView {
    let id: String
    let name: String
    let time: String?
    let width: Int
    let height: Int
    let said: String?
    let counts: String
    let done: Int
    let all: Int
    let enough: String?
    let takeBack: Notice.Undo?
    let next: String?
}

/// No photo is left to label.
struct LabelledView: TemplateView {
    let heading: String
    let lead: String
    let takeBack: Notice.Undo?
    let failures: TroublesView?
    let notes: [String]
}
