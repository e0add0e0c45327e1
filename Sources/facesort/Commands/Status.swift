import AlbumKit
import ArgumentParser

struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what is in an album, where it came from and what was done.",
        discussion: HelpText.discussion(
            """
            It lists every photo that could not be read as it should be, with the reason, and with
            '--skipped' the files beside the photos that facesort does not sort.
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
        if output.json {
            Console.standard.result(try JSON.document(status))
        } else {
            Console.standard.result(
                skipped
                    ? skippedList(status) : StatusText(status, album: album.path.string).text)
        }
    }

    private func skippedList(_ status: AlbumStatus) -> String {
        guard !status.skippedFiles.isEmpty else { return "Every file was sorted.\n" }
        var columns = Columns([.left, .left])
        for file in status.skippedFiles { columns.add(file.kind, file.path) }
        return columns.text
    }
}
