import AlbumKit
import ArgumentParser

struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what is in an album, where it came from and what was done.",
        discussion: HelpText.discussion(
            """
            It lists every photo that could not be read as it should be, or could not be put into the
            album, with the reason, until a later run succeeds. With '--skipped' it lists everything
            that was not sorted: videos, RAW, folders that a system keeps for itself, and what could
            not be read or written.
            """,
            examples: [
                "facesort status ~/Desktop/Party",
                "facesort status ~/Desktop/Party --skipped",
            ]))

    @Argument(help: "An album made by 'facesort sort'.")
    var album: PathArgument

    @Flag(help: "List the files that are not sorted: videos, RAW and the like.")
    var skipped = false

    @OptionGroup var output: OutputOptions

    func run() throws {
        let status = try Album(at: album.path).status()
        try output.answer(status) {
            skipped
                ? skippedList(status) : StatusText(status: status, album: album.path.string).text
        }
    }

    private func skippedList(_ status: AlbumStatus) -> String {
        let failures = status.failures.filter { $0.isUnread || $0.isUnwritten }
        guard !(status.skippedFiles.isEmpty && failures.isEmpty) else {
            return "Every file was sorted.\n"
        }
        var columns = Columns([.left, .left])
        for file in status.skippedFiles { columns.add(file.kind, file.path) }
        for failure in failures {
            columns.add("could not be " + (failure.isUnread ? "read" : "written"), failure.path)
        }
        return columns.text
    }
}
