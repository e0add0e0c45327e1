import AlbumKit

/// Reports how far a command is with its photos, as text for a person; a program gets only the
/// summary.
final class StudyReporter: Sendable {
    private let output: OutputOptions
    private let console = Console.standard
    private let progress: Progress

    init(output: OutputOptions) {
        self.output = output
        progress = Progress(console: .standard, isShown: !output.quiet && !output.json)
    }

    /// Shows one event, from any thread.
    func show(_ event: StudyEvent) {
        switch event {
        case .learning(let done, let total):
            show("Learning faces", done, of: total, unit: "portraits")
        case .overview(let overview): show(overview)
        case .analysing(let done, let total):
            show("Looking at photos", done, of: total, unit: "photos")
        case .labelling(let done, let total):
            show("Naming what they show", done, of: total, unit: "photos")
        case .failed(let failure): show(failure)
        }
    }

    /// Likewise.
    func show(_ event: CleanEvent) {
        switch event {
        case .study(let event): show(event)
        case .moving(let done, let total): show("Moving", done, of: total, unit: "files")
        case .failed(let failure): show(failure)
        }
    }

    /// Likewise.
    func show(_ event: RenameEvent) {
        switch event {
        case .study(let event): show(event)
        case .renaming(let done, let total): show("Renaming", done, of: total, unit: "files")
        case .failed(let failure): show(failure)
        }
    }

    /// Likewise.
    func show(_ event: KeepEvent) {
        switch event {
        case .study(let event): show(event)
        case .hashing(let done, let total):
            show("Reading labels", done, of: total, unit: "files")
        case .moving(let done, let total): show("Moving", done, of: total, unit: "files")
        case .failed(let failure): show(failure)
        }
    }

    /// Like ``Progress/show(_:_:of:unit:)``.
    private func show(_ title: String, _ done: Int, of total: Int, unit: String) {
        progress.show(title, done, of: total, unit: unit)
    }

    /// Shown at once with `--quiet` or `--verbose`; otherwise the summary lists it.
    private func show(_ failure: PhotoFailure) {
        guard output.quiet || output.verbose, !output.json else { return }
        console.message("facesort: warning: " + SummaryText.failure(failure, indent: ""))
    }

    private func show(_ overview: StudyOverview) {
        guard !output.quiet, !output.json else { return }
        var text = counted(overview.photoCount, "photo")
        if overview.newPhotoCount < overview.photoCount, overview.newPhotoCount > 0 {
            text += " (\(grouped(overview.newPhotoCount)) new)"
        }
        if let seconds = overview.expectedSeconds {
            text += "; " + expected(seconds: seconds)
        } else {
            text += "; nothing new to look at"
        }
        console.message(text)
        for note in overview.notes { console.message("  " + visible(note)) }
    }

    /// Clears the progress line, before the summary or an error.
    func finish() { progress.finish() }

    /// Shows the summary: a line of JSON for a program, or text for a person.
    func show(_ summary: some Encodable, text: () -> String) throws {
        if output.json {
            console.result(try JSON.line(summary))
        } else if !output.quiet {
            console.result(text())
        }
    }
}
