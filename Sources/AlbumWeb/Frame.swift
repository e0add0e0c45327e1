internal import AlbumKit
internal import Synchronization

/// Which entry of the navigation a page belongs to.
enum Tab: Sendable { case review, people, sort }

/// What stands above a page: what an answer did, or why it was not taken.
struct Notice: Sendable {
    enum Kind: String, Sendable { case result = "", ask, bad }

    var kind = Kind.result
    var strong: String
    var text = ""
    /// The answer that can be taken back from here, and the page to see then.
    var undo: (answer: Int, back: Route)?
    var way: (href: String, label: String)?
}

extension ReviewDesk {
    /// A whole page.
    func frame(
        _ template: String, title: String, tab: Tab, _ values: Values, notice: Notice? = nil,
        status: Reply.Status = .ok, renewalSeconds: Int? = nil, watched: String? = nil
    ) -> Reply {
        .page(
            Templates.render(
                "frame",
                [
                    "title": title, "album": review.albumName,
                    "onReview": tab == .review, "onPeople": tab == .people, "onSort": tab == .sort,
                    "renewal": orNothing(renewalSeconds), "watched": orNothing(watched),
                    "notice": orNothing(notice.map(self.values)),
                    "body": Templates.render(template, values),
                ]), status: status)
    }

    private func values(of notice: Notice) -> Values {
        [
            "kind": orNothing(notice.kind == .result ? nil : notice.kind.rawValue),
            "role": notice.kind == .bad ? "alert" : "status",
            "strong": notice.strong, "text": notice.text,
            "undo": orNothing(
                notice.undo.map { undo -> Values in
                    [
                        "revision": review.revision, "number": undo.answer,
                        "back": undo.back.path,
                    ]
                }),
            "way": orNothing(notice.way.map { ["href": $0.href, "label": $0.label] }),
        ]
    }

    /// What the answer did that led here; nothing when another one was given since.
    func result(_ query: Form, back: Route) -> Notice? {
        guard let told = query["done"].flatMap(receipts.told) else { return nil }
        let isLast = review.lastReceipt?.number == told.receipt.number
        return Notice(
            strong: told.receipt.sentence,
            text: told.withdrawn.map { "This counts no longer: \($0)" } ?? "",
            undo: isLast ? told.receipt.number.map { ($0, back) } : nil)
    }

    /// Goes on to `route`, which tells then what `receipt` says.
    ///
    /// - Parameter withdrawn: the sentence of the answer that it took back.
    func goOn(to route: Route, after receipt: ReviewReceipt?, withdrawn: String? = nil) -> Reply {
        let done = receipt.map { receipts.keep(Receipts.Told(receipt: $0, withdrawn: withdrawn)) }
        return .goOn(to: route.path + (done.map { "?done=\($0)" } ?? ""))
    }
}

/// What the last answers did, so that the page after one can tell it.
final class Receipts: Sendable {
    /// Of the pages before, one may be looked at once more.
    private static let keptCount = 50

    struct Told: Sendable {
        let receipt: ReviewReceipt
        let withdrawn: String?
    }

    private struct Kept {
        var first = 1
        var all: [Told] = []
    }
    private let kept = Mutex(Kept())

    /// - Returns: what ``told(_:)`` finds it by.
    func keep(_ told: Told) -> Int {
        kept.withLock { kept in
            kept.all.append(told)
            if kept.all.count > Self.keptCount {
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

/// Why an answer was not taken, as the form says it that was sent.
struct Fault: Sendable {
    let notice: Notice
    let status: Reply.Status
    /// Beside the field, when it is about what was typed there.
    let ofField: String?

    /// A field that has to be filled first.
    static func missing(_ words: String) -> Fault {
        Fault(
            notice: Notice(kind: .bad, strong: "Not saved.", text: words), status: .cannotBeUsed,
            ofField: words)
    }
}

extension ReviewDesk {
    func fault(_ error: AlbumError) -> Fault {
        let kept = "Nothing is lost: what you typed and marked is still here."
        let said = sentence(of: error)
        switch error.code {
        case .stale:
            return Fault(
                notice: Notice(
                    kind: .bad, strong: "Your answer was not saved.", text: said + " " + kept),
                status: .conflict, ofField: nil)
        case .inUse:
            return Fault(
                notice: Notice(
                    kind: .bad, strong: "Not saved: the album is in use.",
                    text: said + " Wait until it is done, then save again. " + kept),
                status: .conflict, ofField: nil)
        case .setting, .personName, .unknownPerson:
            return Fault(
                notice: Notice(kind: .bad, strong: "Not saved: " + said, text: error.remedy),
                status: .cannotBeUsed, ofField: said)
        default:
            return Fault(
                notice: Notice(
                    kind: .bad, strong: "Not saved: " + said, text: error.remedy + " " + kept),
                status: .failed, ofField: nil)
        }
    }

    /// What happened, without the path of the album or of a file in it.
    func sentence(of error: AlbumError) -> String {
        let subject = error.subject.split(separator: "/").last.map(String.init) ?? ""
        let name = error.code == .personName ? "‘\(subject)’" : subject
        let text = subject.isEmpty ? error.reason : "\(name) \(error.reason)"
        let first = text.prefix(1).uppercased() + text.dropFirst()
        return first.hasSuffix(".") ? first : first + "."
    }
}
