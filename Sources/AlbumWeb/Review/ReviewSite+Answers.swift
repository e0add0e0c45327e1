internal import AlbumKit

// What the review's pages say about answers.
extension ReviewSite {
    /// What an answer did.
    struct AnswerResult: Sendable {
        let receipt: ReviewReceipt
        /// The sentence of the answer that was taken back.
        let withdrawn: String?
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
        Notice.Undo(
            "Undo",
            [
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

    /// Takes the answer of a form, then goes on.
    ///
    /// - Parameters:
    ///   - next: where to go on.
    ///   - again: the page with the form as it was sent, and with what is wrong.
    func take(
        _ sent: SentAnswer, _ form: Form, next: (ReviewAnswer) throws(AlbumError) -> Route,
        again: (Fault) throws(AlbumError) -> Reply
    ) throws(AlbumError) -> Reply {
        guard let revision = form["revision"].flatMap(Int.init) else { return notOurs }
        switch sent {
        case .notOurs: return notOurs
        case .fault(let fault): return try again(fault)
        case .answer(let answer):
            do {
                let receipt = try review.answer(answer, seen: revision)
                return goOn(to: try next(answer), after: receipt)
            } catch {
                return try again(fault(error))
            }
        }
    }
}

/// What a form says.
enum SentAnswer {
    case answer(ReviewAnswer)
    case fault(Fault)
    /// None of our pages sends it.
    case notOurs
}

/// Why an answer was refused, as the page with its form says it.
struct Fault: Sendable {
    let notice: Notice
    let status: Reply.Status
    /// Shown beside the field, when the fault is in what was typed there.
    let ofField: String?

    init(
        _ strong: String, _ text: String, status: Reply.Status = .cannotBeUsed,
        ofField: String? = nil
    ) {
        notice = Notice(isBad: true, strong: strong, text: text)
        self.status = status
        self.ofField = ofField
    }

    /// A field must be filled first.
    static func missing(_ words: String) -> Fault { Fault("Not saved.", words, ofField: words) }
}

extension ReviewSite {
    func fault(_ error: AlbumError) -> Fault {
        let kept = "Nothing is lost: what you typed and marked is still here."
        let said = sentence(of: error)
        return switch error.code {
        case .stale: Fault("Your answer was not saved.", said + " " + kept, status: .conflict)
        case .inUse:
            Fault(
                "Not saved: the album is in use.",
                said + " Wait until it is done, then save again. " + kept, status: .conflict)
        case .setting, .personName, .unknownPerson:
            Fault("Not saved: " + said, error.remedy, ofField: said)
        default: Fault("Not saved: " + said, error.remedy + " " + kept, status: .failed)
        }
    }
}
