import AlbumKit

/// Errors as text for a person (what, where, what to do) or as JSON for a program.
enum ErrorReport {
    static func show(_ error: AlbumError, asJSON: Bool) {
        if asJSON {
            showDocument(error.code.rawValue, error.subject, error.reason, error.remedy)
            return
        }
        let title = error.code == .interrupted ? "" : "error: "
        Console.standard.message(
            "facesort: \(title)\(sentence(error.subject, error.reason))\(indented(error.remedy))")
    }

    /// Shows the cause behind an error, for `--verbose`.
    static func showCause(of error: AlbumError) {
        guard let cause = error.underlying else { return }
        Console.standard.message("  Cause: \(visible(String(describing: cause)))")
    }

    /// Shows what is wrong with the command itself.
    ///
    /// - Parameters:
    ///   - message: the sentence alone.
    ///   - fullMessage: the sentence with usage, as ArgumentParser writes it.
    static func showUsage(_ message: String, fullMessage: String, asJSON: Bool) {
        let prefix = "Error: "
        let text =
            fullMessage.hasPrefix(prefix)
            ? String(fullMessage.dropFirst(prefix.count)) : fullMessage
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { visible(String($0)) }
        guard asJSON else {
            Console.standard.message("facesort: error: " + lines.joined(separator: "\n"))
            return
        }
        // The last line names the help to read.
        let remedy = lines.last.map { $0.drop { $0 == " " } } ?? ""
        showDocument("usage", "facesort", message, String(remedy))
    }

    /// "'Album' is not empty ..."; an error without a subject begins with its reason.
    static func sentence(_ subject: String, _ reason: String) -> String {
        subject.isEmpty ? visible(reason) : "\(quoted(subject)) \(visible(reason))"
    }

    /// `remedy` on a line of its own, or nothing.
    static func indented(_ remedy: String, by indent: String = "  ") -> String {
        remedy.isEmpty
            ? ""
            : remedy.split(separator: "\n").map { "\n" + indent + visible(String($0)) }.joined()
    }

    private static func showDocument(
        _ code: String, _ subject: String, _ reason: String, _ remedy: String
    ) {
        let document = ["code": code, "subject": subject, "reason": reason, "remedy": remedy]
        // Four strings can always be encoded.
        var text = (try? JSON.line(document)) ?? ""
        if text.last == "\n" { text.removeLast() }
        Console.standard.message(text)
    }
}
