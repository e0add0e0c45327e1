internal import Synchronization

/// A message at the top of a page: what an answer did, or why it was refused.
struct Notice: TemplateFields, Sendable {
    /// A form that takes back what the notice reports; sent to ``Route/undo``. For the template
    /// `undo`.
    struct Undo: TemplateFields, Sendable {
        let label: String
        let fields: [PairView]

        init(_ label: String = "Undo", _ fields: [(name: String, value: String)]) {
            self.label = label
            self.fields = fields.map { PairView(name: $0.name, value: $0.value) }
        }
    }

    /// Whether it needs a look: an answer was refused, or something went wrong.
    var isBad = false
    /// Whether it needs another press.
    var isQuestion = false
    var strong: String
    var text = ""
    var undo: Undo?
}

/// A whole page, around the text of its own template.
struct FrameView: TemplateView {
    struct Way: TemplateFields {
        let href: String
        let label: String
        let isHere: Bool
    }

    let title: String
    let subject: String
    let ways: [Way]
    let renewal: Int?
    let watched: String?
    let notice: Notice?
    let body: String
}

extension PageSite {
    /// A whole page.
    ///
    /// - Parameters:
    ///   - place: the entry of the navigation that the page belongs to.
    ///   - renewalSeconds: after this many seconds a browser without script loads the page again.
    ///   - watched: what ``PageSite/progress`` says while the page is up to date; script asks for it.
    func frame(
        _ view: some TemplateView, title: String, at place: Route, notice: Notice? = nil,
        status: Reply.Status = .ok, renewalSeconds: Int? = nil, watched: String? = nil
    ) -> Reply {
        .page(
            Templates.render(
                FrameView(
                    title: title, subject: subject,
                    ways: ways.map { way in
                        FrameView.Way(
                            href: way.route.path, label: way.label, isHere: way.route == place)
                    }, renewal: renewalSeconds, watched: watched, notice: notice,
                    body: Templates.render(view))),
            status: status)
    }
}

/// What the last answers did, so that the page after an answer can show it.
final class Receipts<Told: Sendable>: Sendable {
    /// More than one, because a user may go back to an earlier page.
    private let keptCount = 50

    private struct Kept {
        var first = 1
        var all: [Told] = []
    }
    private let kept = Mutex(Kept())

    /// - Returns: the key by which ``told(_:)`` finds it.
    func keep(_ told: Told) -> Int {
        kept.withLock { kept in
            kept.all.append(told)
            if kept.all.count > keptCount {
                kept.all.removeFirst()
                kept.first += 1
            }
            return kept.first + kept.all.count - 1
        }
    }

    func told(_ name: String) -> Told? {
        guard let number = Int(name) else { return nil }
        return kept.withLock { kept in
            let index = number.subtractingReportingOverflow(kept.first)
            guard !index.overflow, kept.all.indices.contains(index.partialValue) else {
                return nil
            }
            return kept.all[index.partialValue]
        }
    }
}
