internal import PhotoIndex
import AlbumKit
import AlbumWeb
import ArgumentParser

struct Review: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Name the groups of an album and check its matches, in the browser.",
        discussion: HelpText.discussion(
            """
            It serves pages to this computer only, and only to the browser that opens the address
            it prints. What you say there is kept with the album at once; files come and go when
            you press 'Sort now'. Ctrl-C ends it.
            """,
            examples: [
                "facesort review ~/Desktop/Party",
                "facesort review ~/Desktop/Party --open",
            ],
            statuses: [.done, .failed, .usage]))

    @Argument(help: "An album made by 'facesort sort'.")
    var album: PathArgument

    @OptionGroup var pages: PageOptions

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let album = try Album(at: album.path)
        let review = try AlbumKit.Review(of: album, environment: .current)
        let server = PageServer(
            review: review, album: album, port: pages.port,
            environment: RunEnvironment.current.variables)
        try await pages.serve(
            output, message: "Ending the visit ... (press again to stop at once)"
        ) { _, visit in
            try await visit(server)
        }
    }
}
