internal import AlbumKit

/// Which entry of the navigation a page of the review belongs to.
enum Tab: Sendable {
    case review, people, sort

    fileprivate var route: Route {
        switch self {
        case .review: .start
        case .people: .people
        case .sort: .plan
        }
    }
}

// What the review's pages say about answers.
extension ReviewSite {
    /// What an answer did.
    struct AnswerResult: Sendable {
        let receipt: ReviewReceipt
        /// The sentence of the answer that was taken back.
        let withdrawn: String?
    }

    /// A whole page.
    func frame(
        _ template: String, title: String, tab: Tab, _ values: Values, notice: Notice? = nil,
        status: Reply.Status = .ok, renewalSeconds: Int? = nil, watched: String? = nil
    ) -> Reply {
        frame(
            template, title: title, at: tab.route, values, notice: notice, status: status,
            renewalSeconds: renewalSeconds, watched: watched)
    }

    /// What the answer that led here did; the undo button only while it is the last answer.
    func result(_ query: Form, back: Route) -> Notice? {
        guard let told = query["done"].flatMap(receipts.told) else { return nil }
        let isLast = review.lastReceipt?.number == told.receipt.number
        return Notice(
            strong: told.receipt.sentence,
            text: told.withdrawn.map { "This no longer counts: \($0)" } ?? "",
            undo: isLast ? told.receipt.number.map { undo($0, back: back) } : nil)
    }

    /// Takes back the answer with that number, then shows `back`.
    private func undo(_ answer: Int, back: Route) -> Notice.Undo {
        Notice.Undo(fields: [
            ("revision", String(review.revision)), ("answer", String(answer)),
            ("back", back.path),
        ])
    }

    /// Goes on to `route`, which then shows what `receipt` says.
    ///
    /// - Parameter withdrawn: the sentence of the answer that was taken back.
    func goOn(to route: Route, after receipt: ReviewReceipt?, withdrawn: String? = nil) -> Reply {
        let done = receipt.map { receipts.keep(AnswerResult(receipt: $0, withdrawn: withdrawn)) }
        return .goOn(to: route.path + (done.map { "?done=\($0)" } ?? ""))
    }
}

/// Why an answer was refused, as the page with its form says it.
struct Fault: Sendable {
    let notice: Notice
    let status: Reply.Status
    /// Shown beside the field, when the fault is in what was typed there.
    let ofField: String?

    /// A field must be filled first.
    static func missing(_ words: String) -> Fault {
        Fault(
            notice: Notice(kind: .bad, strong: "Not saved.", text: words), status: .cannotBeUsed,
            ofField: words)
    }
}

extension ReviewSite {
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
}
