internal import FaceCore
internal import AlbumKit

/// Links to the lists, above a page.
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

    /// For the template `tabs`; a single list needs no tabs.
    var values: Values {
        [
            "isShown": entries.count > 1,
            "all": entries.map { entry -> Values in
                [
                    "href": entry.route.path, "label": entry.label,
                    "count": grouped(entry.count), "isHere": entry.isHere,
                    "drop": entry.route.takesFiles
                        ? PageResponder.maximumFileByteCount : false,
                ]
            },
        ]
    }
}
