internal import AlbumKit

/// The pages on which photos are looked through before they are moved into a bin.
struct CleanDesk: Desk {
    let look: CleanLook
    let moving: CleanMoving
    let receipts = Receipts<Notice>()

    let command = "facesort clean"
    var subject: String { look.photosName }
    let ways: [(route: Route, label: String)] = []

    init(_ look: CleanLook) {
        self.look = look
        moving = CleanMoving(look)
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

    var progress: Reply {
        if case .moving(let progress) = moving.state { return progress.reply(state: "moving") }
        return WorkProgress.rest(state: "rest")
    }

    func finish() async { await moving.finish() }

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
        let photo = tile.photo
        let id = photo.id.rawValue
        return [
            "id": id, "key": tile.isCopy ? "\(id)-\(number)" : id,
            "place": "?tab=\(filter.folder)",
            "width": photo.width, "height": photo.height,
            "name": photo.name, "path": tile.path, "caption": photo.caption,
            "choice": tile.isCopy
                ? false : ["isOn": tile.isKept, "on": "Keep", "off": "Sort out"] as Values,
            "isKept": tile.isKept, "reason": CleanWords.onPage(tile.reason),
            "other": orNothing(tile.otherReason.map(CleanWords.goesAllTheSame)),
            "details": [
                "\(photo.width) × \(photo.height)", clock(photo.taken) ?? "no time",
                ByteText.rounded(tile.byteCount),
            ].joined(separator: " · "),
        ]
    }

    private func tray(_ overview: CleanOverview, _ filter: CleanFilter) -> Values {
        let isOneOfMany = look.filters.count > 1
        return [
            "revision": overview.revision,
            "main": overview.goingCount == 0
                ? false : "Move \(counted(overview.goingCount, "photo"))",
            "words": overview.goingCount == 0
                ? "Nothing goes."
                : ByteText.rounded(overview.goingByteCount)
                    + (isOneOfMany ? " from all lists" : "")
                    + " · to ‘\(look.binName)’, can be undone",
            "suggested": (overview.chosenCounts[filter] ?? 0) > 0,
        ]
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
        guard let shown = form.tokens("photo"), let before = form.tokens("kept"),
            let now = form.tokens("keep")
        else { return notOurs }
        let changes = shown.filter { before.contains($0) != now.contains($0) }
            .map { (photo: $0, isKept: now.contains($0)) }
        let known = Set(look.groups(filter).flatMap(\.tiles).map(\.photo.id))
        guard changes.allSatisfy({ known.contains($0.photo) }) else { return nowhere }
        switch form["do"] {
        case nil, "save":
            guard !shown.isEmpty else { return notOurs }
            try look.choose(changes, filter)
            return goOn(filter, form, nil)
        case "suggested": return try takeBack(form, filter)
        case "move":
            guard let revision = form["revision"].flatMap(Int.init) else { return notOurs }
            try look.choose(changes, filter)
            // What was never shown is not moved.
            guard changes.isEmpty, revision == look.overview.revision else {
                return goOn(filter, form, hasChanged)
            }
            return startMove()
        default: return notOurs
        }
    }

    private var hasChanged: Notice {
        let count = look.overview.goingCount
        return Notice(
            kind: .ask, strong: "Nothing was moved yet.",
            text: "Your choices had changed since the page was loaded, and are saved. "
                + (count == 0
                    ? "Now nothing goes."
                    : "Now \(counted(count, "photo")) \(count == 1 ? "goes" : "go"): press ‘Move’ "
                        + "again."))
    }

    private func takeBack(_ form: Form, _ filter: CleanFilter) throws(AlbumError) -> Reply {
        let taken = try look.takeBack(filter)
        guard !taken.isEmpty else { return goOn(filter, form, nil) }
        let count = "\(counted(taken.count, "choice"))"
        return goOn(
            filter, form,
            Notice(
                strong: "\(count) \(taken.count == 1 ? "is" : "are") taken back.",
                text: "All is as suggested.",
                undo: Notice.Undo(
                    fields: [("choices", filter.folder)]
                        + taken.map { ($0.isKept ? "keep" : "out", $0.photo.rawValue) })))
    }

    private func goOn(_ filter: CleanFilter, _ form: Form, _ notice: Notice?) -> Reply {
        let page = form["page"].flatMap(Int.init).map { "page=\($0)" }
        let done = notice.map { "done=\(receipts.keep($0))" }
        let query = [page, done].compactMap { $0 }.joined(separator: "&")
        return .goOn(to: Route.clean(filter).path + (query.isEmpty ? "" : "?" + query))
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

/// Lists beside each other, as links above a page.
struct Tabs {
    struct Entry {
        let route: Route
        let label: String
        let count: Int
        let isHere: Bool
    }

    private let entries: [Entry]

    init(_ entries: [Entry]) {
        self.entries = entries
    }

    /// For the template `tabs`; one list alone needs none.
    var values: Values {
        [
            "isShown": entries.count > 1,
            "all": entries.map { entry -> Values in
                [
                    "href": entry.route.path, "label": entry.label,
                    "count": grouped(entry.count), "isHere": entry.isHere,
                ]
            },
        ]
    }
}
