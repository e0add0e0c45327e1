internal import AlbumKit

/// Makes the pages and takes the forms, one after the other; knows nothing of sockets.
struct ReviewDesk: Sendable {
    let review: Review
    let sorting: AlbumSorting
    let receipts = Receipts()

    init(_ review: Review, sorting: AlbumSorting) {
        self.review = review
        self.sorting = sorting
    }

    /// What is seen at `route`.
    func page(_ route: Route, _ query: Form) -> Reply {
        do {
            switch route {
            case .start: return try startPage(query)
            case .doubts: return try doubtsPage(query)
            case .groups: return try groupsPage(query)
            case .group(let number): return try groupPage(number, query)
            case .people: return try peoplePage(query)
            case .person(let id): return try personPage(id, query)
            case .photo(let id): return try photoPage(id, query)
            case .missed: return try missedPage(query)
            case .draw(let id): return try drawPage(id, query)
            case .plan: return try planPage()
            case .sort: return try sortPage(query)
            default: return nowhere
            }
        } catch {
            return failure(error)
        }
    }

    /// What comes of a form sent to `route`.
    func take(_ form: Form, at route: Route) -> Reply {
        do {
            switch route {
            case .doubts: return try takeDoubt(form)
            case .group(let number): return try takeGroup(form, number)
            case .person(let id): return try takePerson(form, id)
            case .photo(let id): return try takeFace(form, id)
            case .draw(let id): return try takeDrawn(form, id)
            case .sort: return takeSort(form)
            case .undo: return try takeUndo(form)
            default: return nowhere
            }
        } catch {
            return failure(error)
        }
    }

    func picture(_ route: Route, _ query: Form) -> Reply {
        do {
            let bytes: [UInt8]?
            switch route {
            case .facePicture(let id):
                bytes = try review.picture(ofFace: id, side: PictureSide.face)
            case .portraitPicture(let id):
                bytes = try review.picture(ofPortrait: id, side: PictureSide.face)
            case .photoPicture(let id):
                guard let side = PictureSide.photo(query["size"]) else { return nowhere }
                bytes = try review.picture(ofPhoto: id, side: side)
            default: bytes = nil
            }
            return bytes.map(Reply.picture) ?? nowhere
        } catch {
            return failure(error)
        }
    }

    /// Waits for what is being done, after the last page.
    func finish() async { await sorting.finish() }

    var nowhere: Reply {
        message(
            "There is nothing here", "It may have been named, merged or sorted away meanwhile.",
            status: .notFound)
    }

    /// For a form that no page of ours sends.
    var notOurs: Reply {
        message("This form is not complete", "Nothing was changed.", status: .badRequest)
    }

    func failure(_ error: AlbumError) -> Reply {
        let isBusy = error.code == .inUse
        return message(
            isBusy ? "The album is in use" : "That did not work",
            sentence(of: error) + " " + error.remedy, status: isBusy ? .conflict : .failed)
    }

    func message(_ heading: String, _ lead: String, status: Reply.Status) -> Reply {
        frame(
            "message", title: heading, tab: .review,
            [
                "heading": heading, "lead": lead, "kept": false,
                "ways": [["href": "/", "label": "Back to the overview", "main": true]],
            ], status: status)
    }
}

/// How large pictures are sent, in pixels of the longer side.
enum PictureSide {
    /// Twice the width of a face on most screens, so that it is sharp on fine ones.
    static let face = 320
    /// Half a wide screen.
    static let medium = 1280

    static func photo(_ word: String?) -> Int? {
        switch word {
        case "small": 320
        case nil: medium
        // A whole wide screen.
        case "large": 2560
        default: nil
        }
    }
}
