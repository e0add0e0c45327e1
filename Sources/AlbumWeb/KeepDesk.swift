internal import AlbumKit

/// The pages on which photos are looked through by what was learnt, before some are moved.
struct KeepDesk: MovingDesk {
    let look: KeepLook
    let moving: Moving
    let dropped: DroppedPhotos
    let receipts = Receipts<Notice>()

    let command = "facesort keep apply"
    var subject: String { look.photosName }
    let ways: [(route: Route, label: String)] = []

    /// In the order of the tabs.
    static let bands: [KeepBands.Band] = [.discard, .look, .keep]

    init(_ look: KeepLook) {
        self.look = look
        moving = Moving(look)
        dropped = DroppedPhotos(look)
    }

    func page(_ route: Route, _ query: Form) -> Reply {
        switch route {
        case .start: listPage(.discard, query)
        case .judged(let band): listPage(band, query)
        case .photo(let id): photoPage(id, query)
        case .move: movePage()
        case .dropped: droppedPage()
        default: nowhere
        }
    }

    func take(_ form: Form, at route: Route) -> Reply {
        do {
            switch route {
            case .judged(let band): return try takeChoices(form, band)
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
        let picture = look.picture(ofPhoto: id, side: side) ?? dropped.picture(id)
        return picture.map(Reply.picture) ?? nowhere
    }

    func finish() async {
        await dropped.finish()
        await moving.finish()
    }

    // MARK: Lists

    private func listPage(_ band: KeepBands.Band, _ query: Form) -> Reply {
        if case .moving = moving.state { return .goOn(to: Route.move.path) }
        let overview = look.overview
        let tiles = look.tiles(band)
        let section = Section(tiles, page: query["page"], size: CleanDesk.photosOnPage)
        let route = Route.judged(band)
        return frame(
            "clean", title: "Keep or discard", at: route,
            [
                "action": route.path, "page": (section.before ?? 0) + 1, "command": command,
                "heading": KeepWords.heading(band, count: tiles.count),
                "lead": tiles.isEmpty
                    ? "\(counted(overview.photoCount, "photo")) looked at."
                    : KeepWords.lead(band, bin: look.binName),
                "tabs": tabs(at: route).values, "hasGroups": false, "hasPhotos": !tiles.isEmpty,
                "photos": section.items.enumerated().map { number, tile in
                    values(of: tile, number: number, in: band)
                },
                "pages": orNothing(section.values(["action": route.path])),
                "tray": Tray(
                    revision: overview.revision, goingCount: overview.goingCount,
                    goingByteCount: overview.goingByteCount, bin: look.binName, isOneOfMany: true,
                    hasChoices: overview.chosenCount > 0
                ).values,
                "hasKeys": !tiles.isEmpty, "notes": look.notes,
                "failures": orNothing(troubles(look.failures)),
            ], notice: query["done"].flatMap(receipts.told))
    }

    /// The lists, and the page that takes files.
    func tabs(at place: Route) -> Tabs {
        let overview = look.overview
        let lists = Self.bands.map { band in
            Tabs.Entry(
                route: .judged(band), label: KeepWords.label(band),
                count: overview.counts[band] ?? 0, isHere: place == .judged(band))
        }
        return Tabs(
            lists + [
                Tabs.Entry(
                    route: .dropped, label: "From elsewhere", count: dropped.photos.count,
                    isHere: place == .dropped)
            ])
    }

    /// - Parameter number: of the tile on its page.
    private func values(
        of tile: KeepTile, number: Int, in band: KeepBands.Band
    ) -> Values {
        PhotoTile(
            photo: tile.photo, path: tile.path, byteCount: tile.byteCount, isKept: tile.isKept,
            reason: KeepWords.reason(tile.band, tile.probability, tile.isOwnChoice),
            copyNumber: tile.isCopy ? number : nil,
            tab: band.rawValue, on: band == .look ? "Stays" : "Keep"
        ).values
    }

    // MARK: One photo

    private func photoPage(_ id: ReviewToken, _ query: Form) -> Reply {
        let band = query["tab"].flatMap(KeepBands.Band.init) ?? .discard
        let all = look.tiles(band)
        let tiles = all.filter { !$0.isCopy }
        guard let index = tiles.firstIndex(where: { $0.photo.id == id }) else { return nowhere }
        func link(_ index: Int) -> Any {
            guard tiles.indices.contains(index) else { return false }
            return Route.photo(tiles[index].photo.id).path + "?tab=\(band.rawValue)"
        }
        let tile = tiles[index]
        let place = all.firstIndex { $0.photo.id == id } ?? 0
        return frame(
            "shot", title: tile.photo.name, at: .judged(band),
            [
                "photo": id.rawValue, "width": tile.photo.width, "height": tile.photo.height,
                "caption": tile.photo.caption,
                "reason": KeepWords.reason(tile.band, tile.probability, tile.isOwnChoice),
                "before": link(index - 1), "after": link(index + 1),
                "back": Route.judged(band).path
                    + "?page=\(place / CleanDesk.photosOnPage + 1)#keep-\(id.rawValue)",
            ])
    }

    // MARK: Choices

    private func takeChoices(_ form: Form, _ band: KeepBands.Band) throws(AlbumError) -> Reply {
        guard let choices = Choices(form) else { return notOurs }
        let known = Set(look.tiles(band).map(\.photo.id))
        guard choices.changes.allSatisfy({ known.contains($0.photo) }) else { return nowhere }
        switch form["do"] {
        case nil, "save":
            guard !choices.shown.isEmpty else { return notOurs }
            try look.choose(choices.changes)
            return goOn(band, form, nil)
        case "suggested":
            let taken = try look.takeBack(band)
            return goOn(
                band, form, taken.isEmpty ? nil : .takenBack(taken, of: band.rawValue))
        case "move":
            guard let revision = form["revision"].flatMap(Int.init) else { return notOurs }
            try look.choose(choices.changes)
            // What was never shown is not moved.
            guard choices.changes.isEmpty, revision == look.overview.revision else {
                return goOn(band, form, .choicesHaveChanged(look.overview.goingCount))
            }
            return startMove()
        default: return notOurs
        }
    }

    private func goOn(_ band: KeepBands.Band, _ form: Form, _ notice: Notice?) -> Reply {
        .goOn(to: Route.judged(band).path + receipts.query(form, notice))
    }

    /// Says choices again that were taken back, or moves a run's photos back.
    private func takeUndo(_ form: Form) throws(AlbumError) -> Reply {
        if let run = form["run"].flatMap(Int.init) {
            try moving.undo(run: run)
            return .goOn(to: Route.move.path)
        }
        guard let band = form["choices"].flatMap(KeepBands.Band.init),
            let kept = form.tokens("keep"), let out = form.tokens("out")
        else { return notOurs }
        let known = Set(look.tiles(band).map(\.photo.id))
        let choices = (kept.map { ($0, true) } + out.map { ($0, false) })
            .filter { known.contains($0.0) }
        try look.choose(choices.map { (photo: $0.0, isKept: $0.1) })
        return goOn(band, form, nil)
    }
}
