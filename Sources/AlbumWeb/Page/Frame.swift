internal import AlbumKit
internal import Synchronization

/// A message at the top of a page: what an answer did, or why it was refused.
struct Notice: Sendable {
    enum Kind: String, Sendable { case result = "", ask, bad }

    /// A form that takes back what the notice reports; sent to ``Route/undo``.
    struct Undo: Sendable {
        var label = "Undo"
        var fields: [(name: String, value: String)]
    }

    var kind = Kind.result
    var strong: String
    var text = ""
    var undo: Undo?
    var way: (href: String, label: String)?
}

extension PageSite {
    /// A whole page.
    ///
    /// - Parameters:
    ///   - place: the entry of the navigation that the page belongs to.
    ///   - renewalSeconds: after this many seconds a browser without script loads the page again.
    ///   - watched: what ``PageSite/progress`` says while the page is up to date; script asks for it.
    func frame(
        _ template: String, title: String, at place: Route, _ values: Values,
        notice: Notice? = nil, status: Reply.Status = .ok, renewalSeconds: Int? = nil,
        watched: String? = nil
    ) -> Reply {
        .page(
            Templates.render(
                "frame",
                [
                    "title": title, "subject": subject, "hasWays": !ways.isEmpty,
                    "ways": ways.map { way -> Values in
                        [
                            "href": way.route.path, "label": way.label,
                            "isHere": way.route == place,
                        ]
                    },
                    "renewal": orNothing(renewalSeconds), "watched": orNothing(watched),
                    "notice": orNothing(notice?.values),
                    "body": Templates.render(template, values),
                ]), status: status)
    }
}

extension Notice {
    fileprivate var values: Values {
        [
            "kind": orNothing(kind == .result ? nil : kind.rawValue),
            "role": kind == .bad ? "alert" : "status", "strong": strong, "text": text,
            "undo": orNothing(undo?.values),
            "way": orNothing(way.map { ["href": $0.href, "label": $0.label] }),
        ]
    }
}

extension Notice.Undo {
    /// For the template `undo`.
    var values: Values {
        ["label": label, "fields": fields.map { ["name": $0.name, "value": $0.value] as Values }]
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
