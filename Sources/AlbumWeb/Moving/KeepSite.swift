internal import AlbumKit

/// The pages on which a user looks through judged photos before some are moved.
struct KeepSite: MoveSite {
    let look: KeepReview
    let moving: Moving
    let dropped: DroppedPhotos
    let receipts = Receipts<Notice>()

    let command = "facesort keep apply"
    let lists: [KeepBands.Band] = [.discard, .look, .keep]

    init(_ look: KeepReview) {
        self.look = look
        moving = Moving(look)
        dropped = DroppedPhotos(look)
    }

    func otherPage(_ route: Route) -> Reply { route == .dropped ? droppedPage() : nowhere }

    func picture(_ route: Route, _ query: Form) -> Reply {
        photoPicture(route, query) { look.picture(ofPhoto: $0, side: $1) ?? dropped.picture($0) }
    }

    func finish() async {
        await dropped.finish()
        await moving.finish()
    }

    func groups(_ band: KeepBands.Band) -> [[PhotoTile]] {
        look.tiles(band).map { [tile($0, band)] }
    }

    func groupsOnPage(_ band: KeepBands.Band) -> Int { Self.photosOnPage }

    func listPage(_ band: KeepBands.Band, _ query: Form) -> Reply {
        let overview = look.overview
        let tiles = look.tiles(band)
        let section = Section(tiles, page: query["page"], size: groupsOnPage(band))
        let route = band.route
        return frame(
            "clean", title: "Keep or discard", at: route,
            [
                "action": route.path, "page": (section.before ?? 0) + 1, "command": command,
                "heading": KeepWords.heading(band, count: tiles.count),
                "lead": tiles.isEmpty
                    ? emptyLead(overview) : KeepWords.lead(band, bin: look.binName),
                "tabs": tabs(at: route).values, "hasGroups": false, "hasPhotos": !tiles.isEmpty,
                "photos": section.items.enumerated().map { number, one in
                    tile(one, band).values(number: number)
                },
                "pages": orNothing(section.values(["action": route.path])),
                "tray": Tray(
                    overview: overview, bin: look.binName, isOneOfMany: true,
                    hasChoices: overview.chosenCount > 0
                ).values,
                "hasKeys": !tiles.isEmpty, "notes": look.notes,
                "failures": orNothing(troubles(look.failures)),
            ], notice: query["done"].flatMap(receipts.told))
    }

    /// The tabs of the lists and of the page that takes files.
    func tabs(at place: Route) -> Tabs {
        let overview = look.overview
        let lists = lists.map { list in
            Tabs.Entry(
                route: list.route, label: KeepWords.label(list),
                count: overview.counts[list] ?? 0, isHere: place == list.route)
        }
        return Tabs(
            lists + [
                Tabs.Entry(
                    route: .dropped, label: "From elsewhere", count: dropped.photos.count,
                    isHere: place == .dropped)
            ])
    }

    private func tile(_ tile: KeepTile, _ band: KeepBands.Band) -> PhotoTile {
        PhotoTile(
            photo: tile.photo, path: tile.path, byteCount: tile.byteCount, isKept: tile.isKept,
            reason: KeepWords.reason(tile.band, tile.probability, tile.isOwnChoice),
            isCopy: tile.isCopy, list: band,
            on: band == .look ? "Stays" : "Keep")
    }
}
