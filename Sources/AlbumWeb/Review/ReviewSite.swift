internal import AlbumKit

/// The pages on which a host names groups, answers questions and sorts.
struct ReviewSite: PageSite {
    let review: Review
    let sorting: AlbumSorting
    let receipts = Receipts<AnswerResult>()

    let command = "facesort review"
    var subject: String { review.albumName }
    let ways: [(route: Route, label: String)] = [
        (.start, "Review"), (.people, "People"), (.plan, "Sort now"),
    ]

    func prepare(_ route: Route) async {
        if route == .plan { await preparePlan() }
    }

    func page(_ route: Route, _ query: Form) -> Reply {
        do {
            switch route {
            case .start: return try startPage(query)
            case .doubts, .moreDoubts: return try doubtsPage(query, at: route)
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

    func take(_ form: Form, at route: Route) -> Reply {
        do {
            switch route {
            case .doubts, .moreDoubts: return try takeDoubt(form, at: route)
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

    func finish() async { await sorting.finish() }
}
