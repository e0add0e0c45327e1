internal import FaceCore

/// Links to the lists, above a page, for the template `tabs`.
struct TabsView: TemplateFields {
    struct Entry: TemplateFields {
        let href: String
        let label: String
        let count: String
        let isHere: Bool
        /// How many bytes a file may have that is dropped there.
        let drop: Int?

        init(_ route: Route, _ label: String, count: Int, isHere: Bool) {
            href = route.path
            self.label = label
            self.count = grouped(count)
            self.isHere = isHere
            drop = route.takesFiles ? PageResponder.maximumFileByteCount : nil
        }
    }

    /// A single list needs no tabs.
    let isShown: Bool
    let all: [Entry]

    init(_ entries: [Entry]) {
        isShown = entries.count > 1
        all = entries
    }
}
