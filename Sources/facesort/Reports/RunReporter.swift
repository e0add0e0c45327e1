internal import PhotoIndex
import AlbumKit
import Synchronization

/// Reports what a command is doing, as text for a person or as JSON for a program.
final class RunReporter: Sendable {
    /// What a program gets beside the summary.
    enum Detail { case summary, events }

    private let output: OutputOptions
    private let detail: Detail
    private let console = Console.standard
    private let progress: Progress
    /// When the last line of JSON about progress was printed.
    private let lastLine = Mutex<ContinuousClock.Instant?>(nil)
    /// What a person has read already.
    private let notes = Mutex<Set<String>>([])

    /// The shortest time between two lines of JSON that only say how far it is.
    private static let pause = Duration.milliseconds(200)

    init(output: OutputOptions, detail: Detail = .summary) {
        self.output = output
        self.detail = detail
        progress = Progress(console: .standard, isShown: !output.quiet && !output.json)
    }

    /// The notes that were shown before the summary.
    var shownNotes: Set<String> { notes.withLock { $0 } }

    /// Shows one event, from any thread.
    func show(_ event: RunEvent) {
        guard !output.json else {
            if detail == .events, let line = line(event) { console.result(line) }
            return
        }
        switch event {
        case .overview(let overview): if !output.quiet { show(overview) }
        case .failed(let failure):
            // Otherwise the summary lists it; with --quiet there is no summary.
            if output.quiet || output.verbose {
                console.message("facesort: warning: " + SummaryText.failure(failure, indent: ""))
            }
        case .learning(let done, let total):
            progress.show("Learning faces", done, of: total, unit: "portraits")
        case .analysing(let done, let total):
            progress.show("Looking at photos", done, of: total, unit: "photos")
        case .labelling(let done, let total):
            progress.show("Naming what they show", done, of: total, unit: "photos")
        case .hashing(let done, let total):
            progress.show("Reading labels", done, of: total, unit: "files")
        case .writing(let done, let total):
            progress.show("Writing the album", done, of: total, unit: "files")
        case .moving(let done, let total):
            progress.show("Moving", done, of: total, unit: "files")
        case .renaming(let done, let total):
            progress.show("Renaming", done, of: total, unit: "files")
        }
    }

    /// Clears the progress line, before the summary or an error.
    func finish() { progress.finish() }

    /// Shows the summary: a line of JSON for a program, or text for a person.
    func show(_ summary: some Encodable, text: () -> String) throws {
        if output.json {
            console.result(
                detail == .events
                    ? try JSON.line(SummaryLine(summary: summary)) : try JSON.line(summary))
        } else if !output.quiet {
            console.result(text())
        }
    }

    private func show(_ overview: SurveyOverview) {
        notes.withLock { $0.formUnion(overview.notes) }
        console.message(
            detail == .events
                ? OverviewText.sentence(overview) : OverviewText.photos(overview))
        for note in overview.notes { console.message("  " + visible(note)) }
    }

    private func line(_ event: RunEvent) -> String? {
        switch event {
        case .overview(let overview): try? JSON.line(OverviewLine(overview: overview))
        case .failed(let failure): try? JSON.line(FailureLine(failure: failure))
        case .learning(let done, let total): progressLine("learning", done, total)
        case .analysing(let done, let total): progressLine("analysing", done, total)
        case .labelling(let done, let total): progressLine("labelling", done, total)
        case .hashing(let done, let total): progressLine("hashing", done, total)
        case .writing(let done, let total): progressLine("writing", done, total)
        case .moving(let done, let total): progressLine("moving", done, total)
        case .renaming(let done, let total): progressLine("renaming", done, total)
        }
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
    let overview: SurveyOverview
}

private struct FailureLine: Encodable {
    let event = "failed"
    let failure: PhotoFailure
}

private struct SummaryLine<Summary: Encodable>: Encodable {
    let event = "summary"
    let summary: Summary
}
