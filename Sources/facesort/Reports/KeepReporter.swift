import AlbumKit

/// Tells what `keep` is doing, as text for a person; for a program only its summary counts.
final class KeepReporter: Sendable {
    private let study: StudyReporter

    init(output: OutputOptions) {
        study = StudyReporter(output: output)
    }

    /// Shows one event, from any thread.
    func show(_ event: KeepEvent) {
        switch event {
        case .study(let event): study.show(event)
        case .hashing(let done, let total):
            study.show("Reading labels", done, of: total, unit: "files")
        case .moving(let done, let total):
            study.show("Moving", done, of: total, unit: "files")
        case .failed(let failure): study.show(failure)
        }
    }

    /// Takes the progress line away, before the summary or an error.
    func finish() { study.finish() }

    /// The summary: a line of JSON for a program, or what a person likes to read.
    func show(_ summary: some Encodable, text: () -> String) throws {
        try study.show(summary, text: text)
    }
}
