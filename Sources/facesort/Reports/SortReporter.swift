import AlbumKit
import Synchronization

/// Reports what `sort` is doing, as text for a person or as lines of JSON for a program.
final class SortReporter: Sendable {
    private let album: String
    private let isJSON: Bool
    private let isQuiet: Bool
    private let isVerbose: Bool
    private let console = Console.standard
    private let progress: Progress
    /// When the last line of JSON about progress was printed.
    private let lastLine = Mutex<ContinuousClock.Instant?>(nil)
    private let shownNotes = Mutex<Set<String>>([])

    /// The shortest time between two lines of JSON that only say how far it is.
    private static let pause = Duration.milliseconds(200)

    init(album: String, output: OutputOptions) {
        self.album = album
        isJSON = output.json
        isQuiet = output.quiet
        isVerbose = output.verbose
        progress = Progress(console: .standard, isShown: !output.quiet && !output.json)
    }

    /// Shows one event, from any thread.
    func show(_ event: SortEvent) {
        if isJSON {
            printLine(event)
            return
        }
        switch event {
        case .learning(let done, let total):
            progress.show("Learning faces", done, of: total, unit: "portraits")
        case .overview(let overview):
            if !isQuiet { show(overview) }
        case .analysing(let done, let total):
            progress.show("Looking at photos", done, of: total, unit: "photos")
        case .writing(let done, let total):
            progress.show("Writing the album", done, of: total, unit: "files")
        case .failed(let failure):
            // Otherwise the summary lists it; with --quiet there is no summary.
            if isQuiet || isVerbose {
                console.message("facesort: warning: " + SummaryText.failure(failure, indent: ""))
            }
        }
    }

    /// Clears the progress line, before the summary or an error.
    func finish() {
        progress.finish()
    }

    /// Shows what was done.
    func show(_ summary: SortSummary) throws {
        if isJSON {
            console.result(try JSON.line(SummaryLine(summary: summary)))
        } else if !isQuiet {
            let shown = shownNotes.withLock { $0 }
            console.result(
                SummaryText(summary, album: album, isVerbose: isVerbose, shownNotes: shown).text)
        }
    }

    private func show(_ overview: SortOverview) {
        let notes = overview.notes
        shownNotes.withLock { $0.formUnion(notes) }
        console.message(OverviewText.sentence(overview))
        for note in notes { console.message("  " + visible(note)) }
    }

    private func printLine(_ event: SortEvent) {
        let line: String?
        switch event {
        case .learning(let done, let total): line = progressLine("learning", done, total)
        case .analysing(let done, let total): line = progressLine("analysing", done, total)
        case .writing(let done, let total): line = progressLine("writing", done, total)
        case .overview(let overview): line = try? JSON.line(OverviewLine(overview: overview))
        case .failed(let failure): line = try? JSON.line(FailureLine(failure: failure))
        }
        if let line { console.result(line) }
    }

    private func progressLine(_ event: String, _ done: Int, _ total: Int) -> String? {
        let now = ContinuousClock.now
        let isDue = lastLine.withLock { last in
            if let time = last, now - time < Self.pause, done < total { return false }
            last = now
            return true
        }
        return isDue ? try? JSON.line(ProgressLine(event: event, done: done, total: total)) : nil
    }
}

private struct ProgressLine: Encodable {
    let event: String
    let done: Int
    let total: Int
}

private struct OverviewLine: Encodable {
    let event = "overview"
    let overview: SortOverview
}

private struct FailureLine: Encodable {
    let event = "failed"
    let failure: PhotoFailure
}

private struct SummaryLine: Encodable {
    let event = "summary"
    let summary: SortSummary
}
