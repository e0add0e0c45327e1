internal import FaceCore
internal import AlbumKit

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

    var values: Values {
        ["sentence": sentence, "total": total > 0 ? total : false, "done": done]
    }

    /// For the template `running`: with a button that stops it.
    func values(heading: String, stoppingAt route: Route, safety: String) -> Values {
        values.merging(["heading": heading, "action": route.path, "safety": safety]) { $1 }
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
