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
        let route = filter.route
        let tabs = Tabs(
            look.filters.map { one in
                Tabs.Entry(
                    route: one.route, label: CleanWords.label(one),
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
                : section.items.flatMap { self.values(of: $0.tiles, filter) },
            "pages": orNothing(section.values(["action": route.path])),
            "tray": tray(overview, filter),
            "hasKeys": !groups.isEmpty,
            "notes": look.summary.notes, "failures": orNothing(troubles(look.summary.failures)),
        ]
        return frame(
            "clean", title: "Clean up", at: route, values,
            notice: query["done"].flatMap(receipts.told))
    }

    private func values(of group: CleanGroup, _ filter: CleanFilter) -> Values {
        [
            "id": group.id.rawValue, "heading": CleanWords.heading(group),
            "note": orNothing(group.tiles[0].photo.taken.map(moment)),
            "tiles": values(of: group.tiles, filter),
        ]
    }

    private func values(of tiles: [CleanTile], _ filter: CleanFilter) -> [Values] {
        tiles.enumerated().map { number, one in tile(one, filter).values(number: number) }
    }

    private func tile(_ tile: CleanTile, _ filter: CleanFilter) -> PhotoTile {
        PhotoTile(
            photo: tile.photo, path: tile.path, byteCount: tile.byteCount, isKept: tile.isKept,
            reason: CleanWords.onPage(tile.reason), isCopy: tile.isCopy, list: filter,
            other: tile.otherReason.map(CleanWords.goesAllTheSame))
    }

    private func tray(_ overview: CleanOverview, _ filter: CleanFilter) -> Values {
        Tray(
            overview: overview, bin: look.binName, isOneOfMany: look.filters.count > 1,
            hasChoices: (overview.chosenCounts[filter] ?? 0) > 0
        ).values
    }
}
