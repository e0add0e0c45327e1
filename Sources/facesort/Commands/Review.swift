import AlbumKit
import AlbumWeb
import ArgumentParser
import Foundation

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

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The port to serve the pages at (default: one that is free).", valueName: "port"))
    var port: Int?

    @Flag(help: "Open the pages in the browser.")
    var open = false

    @OptionGroup var output: OutputOptions

    private struct Document: Encodable {
        let url: String
    }

    func validate() throws {
        guard let port, !(1...65535).contains(port) else { return }
        throw ValidationError(
            "'--port \(port)' cannot be used: it must be between 1 and 65535, such as 8080.")
    }

    func run() async throws {
        let album = try Album(at: album.path)
        let review = try AlbumKit.Review(of: album, environment: Environment.variables)
        let server = ReviewServer(
            review: review, album: album, port: port, environment: Environment.variables)
        let interruption = Interruption()
        let signals = StopSignals(
            interruption, message: "Ending the visit ... (press again to stop at once)")
        try await server.run(until: interruption) { [open, output] url in
            Self.tell(url, output)
            if open, !Self.openInBrowser(url) {
                Console.standard.message(
                    "facesort: warning: no browser could be opened. Open the address yourself.")
            }
        }
        withExtendedLifetime(signals) {}
    }

    private static func tell(_ url: String, _ output: OutputOptions) {
        if output.json {
            // A document with one string can always be encoded.
            Console.standard.result((try? JSON.line(Document(url: url))) ?? "")
        } else {
            // Also with '--quiet': without it the pages could not be opened.
            Console.standard.message("Open \(url)")
            if !output.quiet { Console.standard.message("  Ctrl-C ends the visit.") }
        }
    }

    /// Starts the browser without a shell, so that nothing in `url` could be a command.
    private static func openInBrowser(_ url: String) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        #if os(macOS)
            process.arguments = ["open", url]
        #else
            guard
                (Environment.variables["PATH"] ?? "").split(separator: ":")
                    .contains(where: { access("\($0)/xdg-open", X_OK) == 0 })
            else { return false }
            process.arguments = ["xdg-open", url]
        #endif
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        return (try? process.run()) != nil
    }
}
