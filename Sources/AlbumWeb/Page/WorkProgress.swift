internal import FaceCore

/// The progress of work that goes on while pages are shown.
struct WorkProgress: Sendable {
    enum Step: Sendable { case learning, analysing, writing }

    var step: Step?
    var done = 0
    var total = 0
    let start = ContinuousClock.now

    var sentence: String {
        let what: String
        switch step {
        case nil: return "Looking at what there is"
        case .learning: what = "portraits"
        case .analysing: what = "new photos"
        case .writing: what = "files"
        }
        let count = "\(grouped(done)) of \(grouped(total)) \(what)"
        let passed = (ContinuousClock.now - start) / Duration.seconds(1)
        guard done > 0, done < total, passed > 1 else { return count }
        let left = passed / Double(done) * Double(total - done)
        return count + " · about \(lasting(seconds: left)) left"
    }

    var view: ProgressView {
        ProgressView(sentence: sentence, total: total > 0 ? total : nil, done: done)
    }

    /// For script.
    ///
    /// - Parameter state: the word that the page with this progress watches for.
    func reply(state: String) -> Reply {
        Self.reply([
            ("state", "\"\(state)\""), ("done", "\(done)"), ("total", "\(total)"),
            ("sentence", "\"\(sentence)\""),
        ])
    }

    /// For script, when no work is going on.
    static func rest(state: String) -> Reply { reply([("state", "\"\(state)\"")]) }

    /// It has only numbers and our own words, so nothing needs escaping.
    private static func reply(_ fields: [(String, String)]) -> Reply {
        let text = fields.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",")
        return Reply(type: "application/json", bytes: Array("{\(text)}".utf8))
    }
}

/// How far work is.
struct ProgressView: TemplateFields {
    let sentence: String
    let total: Int?
    let done: Int
}

/// Work with a button that stops it, for the template `running`.
struct RunningView: TemplateFields {
    let heading: String
    /// Takes the form that stops the work.
    let action: String
    let safety: String
    let progress: ProgressView
}
