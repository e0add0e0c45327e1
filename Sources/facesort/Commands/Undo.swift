internal import FaceCore
import AlbumKit
import ArgumentParser

struct Undo: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take back what a run wrote.",
        discussion: HelpText.discussion(
            """
            Without RUN it takes back the last one. Only files that are still as facesort wrote
            them are touched; the others are listed and left. Originals are never touched.

            Files that 'clean' or 'keep' moved go back to where they were. If the folder comes from
            somebody else, from another machine or from an earlier version, facesort cannot know that
            they were there: it changes nothing and lists the places; --foreign puts the files there
            anyway.
            """,
            examples: [
                "facesort undo ~/Desktop/Party --dry-run",
                "facesort undo ~/Desktop/Party",
            ],
            statuses: [.done, .failed, .somePhotosFailed, .inUse, .usage],
            meanings: [.somePhotosFailed: "done, but some files were left"]))

    @Argument(help: "An album made by 'facesort sort'.")
    var folder: PathArgument

    @Argument(
        help: ArgumentHelp(
            "The number of a run, as 'facesort status' lists it (default: the last one).",
            valueName: "run"))
    var number: Int?

    @Flag(help: "Take back every run.")
    var all = false

    @Flag(help: "Say what would be done and change nothing.")
    var dryRun = false

    @Flag(help: "Also put files back to places that no run on this machine took them from.")
    var foreign = false

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if all && number != nil {
            throw ValidationError("'--all' takes back every run, so no RUN can be named beside it.")
        }
        try Validation.count(number, flag: "RUN", example: 1)
    }

    func run() throws {
        let selection: UndoSelection = all ? .all : number.map { .run($0) } ?? .last
        let summary = try Album(at: folder.path).undo(
            selection, isDryRun: dryRun, allowsForeign: foreign)
        try output.answer(summary, isShown: !output.quiet) { text(of: summary) }
        // A rehearsal leaves nothing.
        if !summary.left.isEmpty, !dryRun { throw ExitStatus.somePhotosFailed }
    }

    private func text(of summary: UndoSummary) -> String {
        let runs =
            (summary.runs.count == 1 ? "Run " : "Runs ") + enumerated(summary.runs.map(String.init))
        let verb = summary.runs.count == 1 ? "was" : "were"
        var text =
            "\(runs) of \(quoted(folder.path.string)) "
            + (dryRun ? "would be taken back; nothing was changed.\n" : "\(verb) taken back.\n")
        var columns = Columns([.right, .left])
        for (count, what) in [
            (summary.removedFileCount, "removed"), (summary.restoredFileCount, "put back"),
            (summary.movedFileCount, "moved back"), (summary.left.count, "left as you have them"),
        ] where count > 0 {
            columns.add(counted(count, "file"), what)
        }
        text += columns.text
        if dryRun || output.verbose { text += returns(of: summary) }
        return text + list(summary.left.map { "\(quoted($0.path)): \(visible($0.reason))" })
    }

    /// Where files go.
    private func returns(of summary: UndoSummary) -> String {
        guard !summary.returns.isEmpty else { return "" }
        return (dryRun ? "  Would go back:\n" : "  Went back:\n")
            + list(
                summary.returns.map { file in
                    "\(quoted(file.path)) to \(quoted(file.to))"
                        + (file.isForeign && !foreign ? " (only with --foreign)" : "")
                })
    }

    private func list(_ entries: [String]) -> String {
        SummaryText.list(
            entries.map { "    \($0)\n" }, limit: output.verbose ? .max : Self.listLimit,
            indent: "    ")
    }

    private static let listLimit = 20
}
