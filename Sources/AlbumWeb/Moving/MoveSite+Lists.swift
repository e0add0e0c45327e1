internal import FaceCore
internal import PhotoIndex
internal import AlbumKit

/// A list of photos, each of which stays or goes; it has a page and a tab of its own.
protocol PhotoList: Hashable, Sendable {
    var route: Route { get }
    /// What addresses and forms call it.
    var word: String { get }
}

// Lists, the page of one photo, and choices.
extension MoveSite {
    /// How many photos fill a page of single photos.
    static var photosOnPage: Int { 60 }

    var subject: String { look.photosName }
    var ways: [(route: Route, label: String)] { [] }

    func page(_ route: Route, _ query: Form) -> Reply {
        switch route {
        case .photo(let id): return photoPage(id, query)
        case .move: return movePage()
        default:
            guard let list = route == .start ? lists[0] : lists.first(where: { $0.route == route })
            else { return otherPage(route) }
            if case .moving = moving.state { return .goOn(to: Route.move.path) }
            return listPage(list, query)
        }
    }

    func take(_ form: Form, at route: Route) -> Reply {
        do {
            switch route {
            case .move: return takeMove(form)
            case .undo: return try takeUndo(form)
            default:
                guard let list = lists.first(where: { $0.route == route }) else { return nowhere }
                return try takeChoices(form, list)
            }
        } catch {
            return failure(error)
        }
    }

    func picture(_ route: Route, _ query: Form) -> Reply {
        photoPicture(route, query, look.picture(ofPhoto:side:))
    }

    func otherPage(_ route: Route) -> Reply { nowhere }

    private func list(_ word: String?) -> Look.List? { lists.first { $0.word == word } }

    /// The page of a list.
    ///
    /// - Parameters:
    ///   - section: the part of the list that is shown, as `groups` or as `photos`.
    ///   - lead: of a list with photos.
    ///   - hasChoices: whether there are choices about the list to take back.
    func frame<Group>(
        _ list: Look.List, _ query: Form, title: String, heading: String, lead: String,
        tabs: TabsView, section: Section<Group>, groups: [ListView.Group] = [],
        photos: [TileView] = [], hasChoices: Bool, notes: [String], failures: [PhotoFailure]
    ) -> Reply {
        let overview = look.overview
        let isEmpty = section.items.isEmpty
        return frame(
            ListView(
                action: list.route.path, page: section.number, command: command,
                heading: heading,
                lead: isEmpty ? "\(counted(overview.photoCount, "photo")) looked at." : lead,
                tabs: tabs, groups: groups, photos: photos, pages: section.pages,
                tray: TrayView(
                    overview, bin: look.binName, isOneOfMany: lists.count > 1,
                    hasChoices: hasChoices),
                hasKeys: !isEmpty, notes: notes, failures: TroublesView(failures)),
            title: title, at: list.route, notice: query["done"].flatMap(receipts.told))
    }

    // MARK: One photo

    private func photoPage(_ id: ReviewToken, _ query: Form) -> Reply {
        let list = list(query["tab"]) ?? lists[0]
        let groups = groups(list)
        let tiles = groups.joined().filter { !$0.isCopy }
        guard let index = tiles.firstIndex(where: { $0.photo.id == id }) else { return nowhere }
        func link(_ index: Int) -> String? {
            guard tiles.indices.contains(index) else { return nil }
            return Route.photo(tiles[index].photo.id).path + "?tab=\(list.word)"
        }
        let tile = tiles[index]
        let place = groups.firstIndex { $0.contains { $0.photo.id == id } } ?? 0
        return frame(
            ShotView(
                photo: PhotoView(tile.photo), reason: tile.reason, before: link(index - 1),
                after: link(index + 1),
                back: list.route.path
                    + "?page=\(place / groupsOnPage(list) + 1)#keep-\(id.rawValue)"),
            title: tile.photo.name, at: list.route)
    }

    // MARK: Choices

    private func takeChoices(_ form: Form, _ list: Look.List) throws(AlbumError) -> Reply {
        guard let choices = Choices(form) else { return notOurs }
        let changes = choices.changes
        let known = photos(list)
        guard changes.allSatisfy({ known.contains($0.photo) }) else { return nowhere }
        switch form["do"] {
        case nil, "save":
            guard !choices.shown.isEmpty else { return notOurs }
            try look.choose(changes, list)
            return goOn(list, form, nil)
        case "suggested":
            let taken = try look.takeBack(list)
            return goOn(list, form, taken.isEmpty ? nil : .takenBack(taken, of: list.word))
        case "move":
            guard let revision = form["revision"].flatMap(Int.init) else { return notOurs }
            try look.choose(changes, list)
            // A photo that was never shown is not moved.
            guard changes.isEmpty, revision == look.overview.revision else {
                return goOn(list, form, .choicesHaveChanged(look.overview.goingCount))
            }
            return startMove()
        default: return notOurs
        }
    }

    /// Makes choices again that were taken back, or moves a run's photos back.
    private func takeUndo(_ form: Form) throws(AlbumError) -> Reply {
        if let run = form["run"].flatMap(Int.init) {
            try moving.undo(run: run)
            return .goOn(to: Route.move.path)
        }
        guard let list = list(form["choices"]),
            let kept = form.tokens("keep"), let out = form.tokens("out")
        else { return notOurs }
        let known = photos(list)
        let choices = (kept.map { (photo: $0, isKept: true) } + out.map { ($0, false) })
            .filter { known.contains($0.photo) }
        try look.choose(choices, list)
        return goOn(list, form, nil)
    }

    private func photos(_ list: Look.List) -> Set<ReviewToken> {
        Set(groups(list).joined().map(\.photo.id))
    }

    private func goOn(_ list: Look.List, _ form: Form, _ notice: Notice?) -> Reply {
        .goOn(to: list.route.path + receipts.query(form, notice))
    }
}

/// A list of photos with switches, for `clean` and `keep apply`.
struct ListView: TemplateView {
    /// Photos side by side.
    struct Group: TemplateFields {
        let id: String
        let heading: String
        let note: String?
        let tiles: [TileView]
    }

    let action: String
    let page: Int
    let command: String
    let heading: String
    let lead: String
    let tabs: TabsView
    let groups: [Group]
    let photos: [TileView]
    let pages: PagesView?
    let tray: TrayView
    let hasKeys: Bool
    let notes: [String]
    let failures: TroublesView?
}

/// One photo of a list.
struct ShotView: TemplateView {
    let photo: PhotoView
    let reason: String
    let before: String?
    let after: String?
    let back: String
}
