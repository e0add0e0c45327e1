internal import AlbumKit

/// The pages on which photos are looked through before they are moved into a bin.
struct CleanDesk: MovingDesk {
    let look: CleanLook
    let moving: Moving
    let receipts = Receipts<Notice>()

    let command = "facesort clean"
    var subject: String { look.photosName }
    let ways: [(route: Route, label: String)] = []

    init(_ look: CleanLook) {
        self.look = look
        moving = Moving(look)
    }

    func page(_ route: Route, _ query: Form) -> Reply {
        switch route {
        case .start: listPage(look.filters[0], query)
        case .clean(let filter): look.filters.contains(filter) ? listPage(filter, query) : nowhere
        case .photo(let id): photoPage(id, query)
        case .move: movePage()
        default: nowhere
        }
    }

    func take(_ form: Form, at route: Route) -> Reply {
        do {
            switch route {
            case .clean(let filter):
                return look.filters.contains(filter) ? try takeChoices(form, filter) : nowhere
            case .move: return takeMove(form)
            case .undo: return try takeUndo(form)
            default: return nowhere
            }
        } catch {
            return failure(error)
        }
    }

    func picture(_ route: Route, _ query: Form) -> Reply {
        guard case .photoPicture(let id) = route, let side = PictureSide.photo(query["size"])
        else { return nowhere }
        return look.picture(ofPhoto: id, side: side).map(Reply.picture) ?? nowhere
    }

    // MARK: Lists

    static let groupsOnPage = 20
    /// Photos that are looked at one by one fill a page as groups of three do.
    static let photosOnPage = 60

    private func listPage(_ filter: CleanFilter, _ query: Form) -> Reply {
        if case .moving = moving.state { return .goOn(to: Route.move.path) }
        let overview = look.overview
        let groups = look.groups(filter)
        let isSideBySide = filter == .duplicates
        let section = Section(
            groups, page: query["page"],
            size: isSideBySide ? Self.groupsOnPage : Self.photosOnPage)
        let route = Route.clean(filter)
        let tabs = Tabs(
            look.filters.map { one in
                Tabs.Entry(
                    route: .clean(one), label: CleanWords.label(one),
                    count: overview.groupCounts[one] ?? 0, isHere: one == filter)
            })
        let values: Values = [
            "action": route.path, "page": (section.before ?? 0) + 1, "command": command,
            "heading": CleanWords.heading(filter, count: groups.count),
            "lead": groups.isEmpty
                ? emptyLead(overview)
                : CleanWords.lead(filter, bin: look.binName),
            "tabs": tabs.values,
            "hasGroups": isSideBySide && !groups.isEmpty,
            "groups": isSideBySide
                ? section.items.map { self.values(of: $0, filter) } : [Values](),
            "hasPhotos": !isSideBySide && !groups.isEmpty,
            "photos": isSideBySide
                ? [Values]()
                : section.items.flatMap { group in
                    group.tiles.enumerated().map { tile(of: $1, number: $0, filter) }
                },
            "pages": orNothing(section.values(["action": route.path])),
            "tray": tray(overview, filter),
            "hasKeys": !groups.isEmpty,
            "notes": look.summary.notes, "failures": orNothing(troubles(look.summary.failures)),
        ]
        return frame(
            "clean", title: "Clean up", at: route, values,
            notice: query["done"].flatMap(receipts.told))
    }

    private func emptyLead(_ overview: CleanOverview) -> String {
        "\(counted(overview.photoCount, "photo")) looked at."
    }

    private func values(of group: CleanGroup, _ filter: CleanFilter) -> Values {
        [
            "id": group.id.rawValue, "heading": CleanWords.heading(group),
            "note": orNothing(moment(group.tiles[0].photo.taken)),
            "tiles": group.tiles.enumerated().map { tile(of: $1, number: $0, filter) },
        ]
    }

    /// - Parameter number: of the tile in its group.
    private func tile(of tile: CleanTile, number: Int, _ filter: CleanFilter) -> Values {
        PhotoTile(
            photo: tile.photo, path: tile.path, byteCount: tile.byteCount, isKept: tile.isKept,
            reason: CleanWords.onPage(tile.reason), copyNumber: tile.isCopy ? number : nil,
            tab: filter.folder, other: tile.otherReason.map(CleanWords.goesAllTheSame)
        ).values
    }

    private func tray(_ overview: CleanOverview, _ filter: CleanFilter) -> Values {
        Tray(
            revision: overview.revision, goingCount: overview.goingCount,
            goingByteCount: overview.goingByteCount, bin: look.binName,
            isOneOfMany: look.filters.count > 1,
            hasChoices: (overview.chosenCounts[filter] ?? 0) > 0
        ).values
    }

    // MARK: One photo

    private func photoPage(_ id: ReviewToken, _ query: Form) -> Reply {
        let filter = look.filters.first { $0.folder == query["tab"] } ?? look.filters[0]
        let tiles = look.groups(filter).flatMap(\.tiles).filter { !$0.isCopy }
        guard let index = tiles.firstIndex(where: { $0.photo.id == id }) else { return nowhere }
        func link(_ index: Int) -> Any {
            guard tiles.indices.contains(index) else { return false }
            return Route.photo(tiles[index].photo.id).path + "?tab=\(filter.folder)"
        }
        let tile = tiles[index]
        return frame(
            "shot", title: tile.photo.name, at: .clean(filter),
            [
                "photo": id.rawValue, "width": tile.photo.width, "height": tile.photo.height,
                "caption": tile.photo.caption, "reason": CleanWords.onPage(tile.reason),
                "before": link(index - 1), "after": link(index + 1),
                "back": Route.clean(filter).path
                    + "?page=\(page(of: id, filter))#keep-\(id.rawValue)",
            ])
    }

    /// The page of a list on which a photo is.
    private func page(of id: ReviewToken, _ filter: CleanFilter) -> Int {
        let groups = look.groups(filter)
        let index = groups.firstIndex { $0.tiles.contains { $0.photo.id == id } } ?? 0
        return index / (filter == .duplicates ? Self.groupsOnPage : Self.photosOnPage) + 1
    }

    // MARK: Choices

    private func takeChoices(_ form: Form, _ filter: CleanFilter) throws(AlbumError) -> Reply {
        guard let choices = Choices(form) else { return notOurs }
        let changes = choices.changes
        let known = Set(look.groups(filter).flatMap(\.tiles).map(\.photo.id))
        guard changes.allSatisfy({ known.contains($0.photo) }) else { return nowhere }
        switch form["do"] {
        case nil, "save":
            guard !choices.shown.isEmpty else { return notOurs }
            try look.choose(changes, filter)
            return goOn(filter, form, nil)
        case "suggested": return try takeBack(form, filter)
        case "move":
            guard let revision = form["revision"].flatMap(Int.init) else { return notOurs }
            try look.choose(changes, filter)
            // What was never shown is not moved.
            guard changes.isEmpty, revision == look.overview.revision else {
                return goOn(filter, form, .choicesHaveChanged(look.overview.goingCount))
            }
            return startMove()
        default: return notOurs
        }
    }

    private func takeBack(_ form: Form, _ filter: CleanFilter) throws(AlbumError) -> Reply {
        let taken = try look.takeBack(filter)
        guard !taken.isEmpty else { return goOn(filter, form, nil) }
        return goOn(filter, form, .takenBack(taken, of: filter.folder))
    }

    private func goOn(_ filter: CleanFilter, _ form: Form, _ notice: Notice?) -> Reply {
        .goOn(to: Route.clean(filter).path + receipts.query(form, notice))
    }

    /// Says choices again that were taken back, or moves a run's photos back.
    private func takeUndo(_ form: Form) throws(AlbumError) -> Reply {
        if let run = form["run"].flatMap(Int.init) {
            try moving.undo(run: run)
            return .goOn(to: Route.move.path)
        }
        guard let filter = look.filters.first(where: { $0.folder == form["choices"] }),
            let kept = form.tokens("keep"), let out = form.tokens("out")
        else { return notOurs }
        let known = Set(look.groups(filter).flatMap(\.tiles).map(\.photo.id))
        let choices = (kept.map { ($0, true) } + out.map { ($0, false) })
            .filter { known.contains($0.0) }
        try look.choose(choices.map { (photo: $0.0, isKept: $0.1) }, filter)
        return goOn(filter, form, nil)
    }
}
