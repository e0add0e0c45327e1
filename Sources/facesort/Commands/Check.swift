internal import FaceCore
import AlbumKit
import ArgumentParser

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check that an album is whole: every file, the journal and the catalogue.",
        discussion: HelpText.discussion(
            """
            Every file that facesort wrote is read and compared with what was written. Nothing is
            changed; your own files in the album are counted and left alone. Problems give exit
            status 1.
            """,
            examples: ["facesort check ~/Desktop/Party"],
            statuses: [.done, .failed, .inUse, .usage, .interrupted]))

    @Argument(help: "An album made by 'facesort sort'.")
    var album: PathArgument

    @OptionGroup var output: OutputOptions

    func run() throws {
        let report = try checked(Album(at: album.path))
        try output.answer(report, isShown: !output.quiet || !report.problems.isEmpty) {
            text(of: report)
        }
        if !report.problems.isEmpty { throw ExitStatus.failed }
    }

    private func checked(_ album: Album) throws -> CheckReport {
        let progress = Progress(console: .standard, isShown: !output.quiet && !output.json)
        defer { progress.finish() }
        let interruption = Interruption()
        let signals = StopSignals(
            interruption, message: "Finishing the file in hand ... (press again to stop at once)")
        return try withExtendedLifetime(signals) {
            try album.check(interruption: interruption) { done, total in
                progress.show("Checking", done, of: total, unit: "files")
            }
        }
    }

    private func text(of report: CheckReport) -> String {
        let files = counted(report.checkedFileCount, "file")
        var text: String
        if report.problems.isEmpty {
            text =
                report.checkedFileCount == 0
                ? "There are no files to check.\n"
                : "\(files) checked: \(report.checkedFileCount == 1 ? "it is" : "all are") "
                    + "as facesort wrote \(report.checkedFileCount == 1 ? "it" : "them").\n"
        } else {
            text = "\(files) checked, \(counted(report.problems.count, "problem")) found:\n"
            for problem in report.problems {
                text += "  \(quoted(problem.subject)): \(visible(problem.sentence))\n"
            }
        }
        if report.foreignFileCount > 0 {
            text +=
                "\(counted(report.foreignFileCount, "file")) of your own "
                + "\(report.foreignFileCount == 1 ? "was" : "were") left alone.\n"
        }
        return text
    }
}
