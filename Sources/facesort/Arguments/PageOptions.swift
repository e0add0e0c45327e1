import AlbumKit
import AlbumWeb
import ArgumentParser
import Foundation

/// Where pages are served, and a visit to them.
struct PageOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The port to serve the pages at (default: one that is free).", valueName: "port"))
    var port: Int?

    @Flag(help: "Open the pages in the browser.")
    var open = false

    func validate() throws {
        guard let port, !(1...65535).contains(port) else { return }
        throw ValidationError(
            "'--port \(port)' cannot be used: it must be between 1 and 65535, such as 8080.")
    }

    private struct Document: Encodable {
        let url: String
    }

    /// Serves pages until `interruption` is requested.
    func visit(
        _ server: PageServer, _ output: OutputOptions, until interruption: Interruption
    ) async throws {
        try await server.run(until: interruption) { [open] url in
            Self.tell(url, output)
            if open, !Self.openInBrowser(url) {
                Console.standard.message(
                    "facesort: warning: no browser could be opened. Open the address yourself.")
            }
        }
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
