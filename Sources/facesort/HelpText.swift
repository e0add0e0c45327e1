/// Arranges a command's help in reading order: what the command does, how to write it, its flags,
/// then an example and the exit status.
enum HelpText {
    /// The discussion of a command: `text`, its examples, and the exit statuses it can end with.
    ///
    /// - Parameter meanings: of the statuses that mean something special for this command.
    static func discussion(
        _ text: String, examples: [String], statuses: [ExitStatus] = [.done, .failed, .usage],
        meanings: [ExitStatus: String] = [:]
    ) -> String {
        let title = examples.count == 1 ? exampleTitle : examplesTitle
        return reflowed(text) + "\n\n" + title + "\n"
            + examples.map { "  " + $0 }.joined(separator: "\n")
            + "\n\n" + statusTitle + "\n" + lines(of: statuses, meanings)
    }

    /// Moves the examples and the exit statuses behind the flags. ArgumentParser prints a
    /// discussion before the usage and has no footer (1.8.2); once it has one, this can go.
    static func inReadingOrder(_ help: String) -> String {
        guard
            let start = [examplesTitle, exampleTitle].lazy.compactMap({ range(of: $0, in: help) })
                .first,
            let usage = range(of: "USAGE:", in: help), start < usage
        else { return trimmed(help[...]) + "\n" }
        let footer = trimmed(help[start..<usage])
        return trimmed(help[..<start]) + "\n\n" + trimmed(help[usage...]) + "\n\n" + footer + "\n"
    }

    private static let exampleTitle = "EXAMPLE:"
    private static let examplesTitle = "EXAMPLES:"
    private static let statusTitle = "EXIT STATUS:"
    private static let lineLength = 78

    /// Paragraphs as one line each, so that the terminal's width breaks them and not the source's.
    /// Indented lines stay lines.
    private static func reflowed(_ text: String) -> String {
        var paragraphs: [String] = [""]
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.isEmpty {
                paragraphs.append("")
            } else {
                let paragraph = paragraphs.removeLast()
                let gap = line.hasPrefix("  ") ? "\n" : " "
                paragraphs.append(paragraph.isEmpty ? String(line) : paragraph + gap + line)
            }
        }
        return paragraphs.joined(separator: "\n\n")
    }

    private static func lines(
        of statuses: [ExitStatus], _ meanings: [ExitStatus: String]
    ) -> String {
        var lines: [String] = []
        for status in statuses {
            let entry = "\(status.rawValue) \(meanings[status] ?? status.meaning)"
            if let last = lines.last, last.count + 3 + entry.count <= lineLength {
                lines[lines.count - 1] = last + "   " + entry
            } else {
                lines.append("  " + entry)
            }
        }
        return lines.joined(separator: "\n")
    }

    /// Where a line begins with `title`.
    private static func range(of title: String, in help: String) -> String.Index? {
        var index = help.startIndex
        while index < help.endIndex {
            if help[index...].hasPrefix(title) { return index }
            guard let newline = help[index...].firstIndex(of: "\n") else { return nil }
            index = help.index(after: newline)
        }
        return nil
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.last?.isNewline == true { text.removeLast() }
        return String(text)
    }
}
