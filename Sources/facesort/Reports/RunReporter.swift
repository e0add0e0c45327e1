internal import FaceCore
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
        default:
            if let step = event.step {
                progress.show(step.title, step.done, of: step.total, unit: step.unit)
            }
        }
    }

    /// Runs `work` and shows how far it is; a signal ends it after the photos in hand.
    func run<Summary>(
        _ work: (Interruption, @escaping @Sendable (RunEvent) -> Void) async throws -> Summary
    ) async throws -> Summary {
        let interruption = Interruption()
        let signals = StopSignals(
            interruption,
            message: "Finishing the photos in hand ... (press again to stop at once)")
        defer { withExtendedLifetime(signals) {} }
        return try await watch { try await work(interruption, $0) }
    }

    /// Shows how far `work` is, and clears the progress line at its end.
    func watch<Result>(
        _ work: (@escaping @Sendable (RunEvent) -> Void) async throws -> Result
    ) async throws -> Result {
        defer { progress.finish() }
        return try await work { [self] in show($0) }
    }

    /// Shows the summary: a line of JSON for a program, or text for a person.
    ///
    /// - Throws: ``ExitStatus/somePhotosFailed`` when there are `failures`.
    func show(
        _ summary: some Encodable, failures: [PhotoFailure] = [], text: () -> String
    ) throws {
        if output.json {
            console.result(
                detail == .events
                    ? try JSON.line(SummaryLine(summary: summary)) : try JSON.line(summary))
        } else if !output.quiet {
            console.result(text())
        }
        if !failures.isEmpty { throw ExitStatus.somePhotosFailed }
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
        default: event.step.flatMap(line)
        }
    }

    private func line(_ step: Step) -> String? {
        let now = ContinuousClock.now
        let isDue = lastLine.withLock { last in
            if let time = last, now - time < Self.pause, step.done < step.total { return false }
            last = now
            return true
        }
        return isDue ? try? JSON.line(step) : nil
    }
}

/// How far a step of a run is, as programs read it and as a person does.
private struct Step: Encodable {
    let event: String
    let done: Int
    let total: Int
    let title: String
    /// What is counted, in the plural.
    let unit: String

    private enum CodingKeys: CodingKey { case event, done, total }

    init(_ event: String, _ title: String, _ unit: String, _ done: Int, _ total: Int) {
        (self.event, self.title, self.unit, self.done, self.total) = (
            event, title, unit, done, total
        )
    }
}

extension RunEvent {
    /// `nil` for what is not counted.
    fileprivate var step: Step? {
        switch self {
        case .overview, .failed: nil
        case .learning(let done, let all):
            Step("learning", "Learning faces", "portraits", done, all)
        case .analysing(let done, let all):
            Step("analysing", "Looking at photos", "photos", done, all)
        case .encoding(let done, let all):
            Step("encoding", "Encoding faces again", "photos", done, all)
        case .labelling(let done, let all):
            Step("labelling", "Naming what they show", "photos", done, all)
        case .hashing(let done, let all): Step("hashing", "Reading labels", "files", done, all)
        case .writing(let done, let all): Step("writing", "Writing the album", "files", done, all)
        case .moving(let done, let all): Step("moving", "Moving", "files", done, all)
        case .renaming(let done, let all): Step("renaming", "Renaming", "files", done, all)
        }
    }
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
