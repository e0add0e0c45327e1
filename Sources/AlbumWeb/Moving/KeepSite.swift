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
        let tiles = look.tiles(band)
        let section = Section(tiles, page: query["page"], size: groupsOnPage(band))
        return frame(
            band, query, title: "Keep or discard",
            heading: KeepWords.heading(band, count: tiles.count),
            lead: KeepWords.lead(band, bin: look.binName), tabs: tabs(at: band.route),
            section: section,
            photos: section.items.enumerated().map { number, one in
                TileView(tile(one, band), number: number)
            },
            hasChoices: look.overview.chosenCount > 0, notes: look.notes, failures: look.failures)
    }

    /// The tabs of the lists and of the page that takes files.
    func tabs(at place: Route) -> TabsView {
        let overview = look.overview
        let lists = lists.map { list in
            TabsView.Entry(
                list.route, KeepWords.label(list), count: overview.counts[list] ?? 0,
                isHere: place == list.route)
        }
        let dropped = TabsView.Entry(
            .dropped, "From elsewhere", count: dropped.photos.count, isHere: place == .dropped)
        return TabsView(lists + [dropped])
    }

    private func tile(_ tile: KeepTile, _ band: KeepBands.Band) -> PhotoTile {
        PhotoTile(
            photo: tile.photo, path: tile.path, byteCount: tile.byteCount, isKept: tile.isKept,
            reason: KeepWords.reason(tile.band, tile.probability, tile.isOwnChoice),
            isCopy: tile.isCopy, list: band,
            on: band == .look ? "Stays" : "Keep")
    }
}
