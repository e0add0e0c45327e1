internal import FaceCore
internal import AlbumKit

// Lists of photos that stay or go, and the forms sent from them.

/// A photo that stays or goes.
struct PhotoTile {
    let photo: ReviewPhoto
    let path: String
    let byteCount: Int64
    let isKept: Bool
    let reason: String
    /// Whether it is another file of a photo that has a tile already; it has no switch of its own.
    let isCopy: Bool
    /// The list that it is in, for the link to the photo's own page.
    let list: any PhotoList
    /// A remark beside the reason.
    var other: String?
    /// What the switch says while it is on.
    var on = "Keep"
}

/// A photo with a switch, for the template `tile`.
struct TileView: TemplateFields {
    let photo: PhotoView
    let key: String
    let place: String
    let path: String
    /// What the switch says while it is on; `nil` without a switch.
    let on: String?
    let isKept: Bool
    let reason: String
    let other: String?
    let details: String

    /// - Parameter number: its position in its group; it tells copies apart.
    init(_ tile: PhotoTile, number: Int) {
        photo = PhotoView(tile.photo)
        key = tile.isCopy ? "\(photo.id)-\(number)" : photo.id
        place = "?tab=\(tile.list.word)"
        path = tile.path
        on = tile.isCopy ? nil : tile.on
        isKept = tile.isKept
        reason = tile.reason
        other = tile.other
        details = [
            "\(photo.width) × \(photo.height)", tile.photo.taken?.clock ?? "no time",
            byteSize(tile.byteCount),
        ].joined(separator: " · ")
    }
}

/// The bar below a list: the button that moves, and what it moves.
struct TrayView: TemplateFields {
    let revision: Int
    let main: String?
    let words: String
    /// Whether there are choices to take back.
    let suggested: Bool

    init(_ overview: any MovingOverview, bin: String, isOneOfMany: Bool, hasChoices: Bool) {
        revision = overview.revision
        let count = overview.goingCount
        main = count == 0 ? nil : "Move \(counted(count, "photo"))"
        words =
            count == 0
            ? "Nothing goes."
            : byteSize(overview.goingByteCount) + (isOneOfMany ? " from all lists" : "")
                + " · to ‘\(bin)’, can be undone"
        suggested = hasChoices
    }
}

/// What a form says about the photos of a list.
struct Choices {
    /// The photos that the form was about.
    let shown: [ReviewToken]
    /// The photos whose switch was changed on the page.
    let changes: [(photo: ReviewToken, isKept: Bool)]

    init?(_ form: Form) {
        guard let shown = form.tokens("photo"), let before = form.tokens("kept"),
            let now = form.tokens("keep")
        else { return nil }
        self.shown = shown
        changes = shown.filter { before.contains($0) != now.contains($0) }
            .map { (photo: $0, isKept: now.contains($0)) }
    }
}

extension Notice {
    /// Why a press on ‘Move’ moved nothing.
    static func choicesHaveChanged(_ goingCount: Int) -> Notice {
        Notice(
            isQuestion: true, strong: "Nothing was moved yet.",
            text: "Your choices had changed since the page was loaded, and are saved. "
                + (goingCount == 0
                    ? "Now nothing goes."
                    : "Now \(counted(goingCount, "photo")) \(goingCount == 1 ? "goes" : "go"): "
                        + "press ‘Move’ again."))
    }

    /// - Parameter list: the word for the list in the form that makes the choices again.
    static func takenBack(
        _ taken: [(photo: ReviewToken, isKept: Bool)], of list: String
    ) -> Notice {
        Notice(
            strong: "\(counted(taken.count, "choice")) \(taken.count == 1 ? "is" : "are") taken "
                + "back.",
            text: "Everything is as suggested.",
            undo: Notice.Undo(
                "Undo",
                [("choices", list)]
                    + taken.map { ($0.isKept ? "keep" : "out", $0.photo.rawValue) }))
    }
}

extension Receipts<Notice> {
    /// The query for the list after a form: its page, and the message to show.
    func query(_ form: Form, _ notice: Notice?) -> String {
        let page = form["page"].flatMap(Int.init).map { "page=\($0)" }
        let done = notice.map { "done=\(keep($0))" }
        let query = [page, done].compactMap { $0 }.joined(separator: "&")
        return query.isEmpty ? "" : "?" + query
    }
}
