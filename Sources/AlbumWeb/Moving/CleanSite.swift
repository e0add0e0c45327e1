internal import AlbumKit

/// The pages on which photos are looked through before they are moved into a bin.
struct CleanSite: MoveSite {
    let look: CleaningReview
    let moving: Moving
    let receipts = Receipts<Notice>()

    let command = "facesort clean"
    var lists: [CleanFilter] { look.filters }

    init(_ look: CleaningReview) {
        self.look = look
        moving = Moving(look)
    }

    func groups(_ filter: CleanFilter) -> [[PhotoTile]] {
        look.groups(filter).map { group in group.tiles.map { tile($0, filter) } }
    }

    /// A page holds as many single photos as photos in groups of three.
    func groupsOnPage(_ filter: CleanFilter) -> Int {
        filter == .duplicates ? 20 : Self.photosOnPage
    }

    func listPage(_ filter: CleanFilter, _ query: Form) -> Reply {
        let overview = look.overview
        let groups = look.groups(filter)
        let isSideBySide = filter == .duplicates
        let section = Section(groups, page: query["page"], size: groupsOnPage(filter))
        return frame(
            filter, query, title: "Clean up",
            heading: CleanWords.heading(filter, count: groups.count),
            lead: CleanWords.lead(filter, bin: look.binName),
            tabs: TabsView(
                look.filters.map { one in
                    .init(
                        one.route, CleanWords.label(one), count: overview.groupCounts[one] ?? 0,
                        isHere: one == filter)
                }), section: section,
            groups: isSideBySide ? section.items.map { view(of: $0, filter) } : [],
            photos: isSideBySide ? [] : section.items.flatMap { views(of: $0.tiles, filter) },
            hasChoices: (overview.chosenCounts[filter] ?? 0) > 0, notes: look.summary.notes,
            failures: look.summary.failures)
    }

    private func view(of group: CleanGroup, _ filter: CleanFilter) -> ListView.Group {
        ListView.Group(
            id: group.id.rawValue, heading: CleanWords.heading(group),
            note: group.tiles[0].photo.taken.map(moment), tiles: views(of: group.tiles, filter))
    }

    private func views(of tiles: [CleanTile], _ filter: CleanFilter) -> [TileView] {
        tiles.enumerated().map { number, one in TileView(tile(one, filter), number: number) }
    }

    private func tile(_ tile: CleanTile, _ filter: CleanFilter) -> PhotoTile {
        PhotoTile(
            photo: tile.photo, path: tile.path, byteCount: tile.byteCount, isKept: tile.isKept,
            reason: CleanWords.onPage(tile.reason), isCopy: tile.isCopy, list: filter,
            other: tile.otherReason.map(CleanWords.goesAllTheSame))
    }
}
