internal import FaceCore
internal import PhotoIndex
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

    /// Whether any of it was asked for.
    var isGiven: Bool { port != nil || open }

    /// Serves pages until a signal ends the visit.
    ///
    /// - Parameters:
    ///   - message: shown at the first signal.
    ///   - body: prepares what the pages show, and hands their server over to the visit.
    func serve(
        _ output: OutputOptions,
        message: String = "Finishing what is in hand ... (press again to stop at once)",
        _ body: (Interruption, _ visit: (PageServer) async throws -> Void) async throws -> Void
    ) async throws {
        let interruption = Interruption()
        // One for the look and the visit: a second source for a signal gets nothing once the first
        // was cancelled (libdispatch of Swift 6.3 on Linux).
        let signals = StopSignals(interruption, message: message)
        defer { withExtendedLifetime(signals) {} }
        try await body(interruption) { server in
            try await server.run(until: interruption) { [open] url in
                Self.tell(url, output)
                if open, !Self.openInBrowser(server, url) {
                    Console.standard.message(
                        "facesort: warning: no browser could be opened. Open the address yourself.")
                }
            }
        }
    }

    private static func tell(_ url: String, _ output: OutputOptions) {
        if output.json {
            // A document with one string can always be encoded.
            Console.standard.result((try? JSON.line(["url": url])) ?? "")
        } else {
            // With '--quiet' as well: without the address the pages cannot be opened.
            Console.standard.message("Open \(url)")
            if !output.quiet { Console.standard.message("  Ctrl-C ends the visit.") }
        }
    }

    /// Starts the browser without a shell, so that nothing in an address could be a command.
    ///
    /// The address on the terminal lets in anybody who has it, and every user of the computer can
    /// read the arguments of a program, so that address is never an argument.
    private static func openInBrowser(_ server: PageServer, _ url: String) -> Bool {
        #if os(macOS)
            // The script goes through standard input, which nobody else can read.
            return started("osascript", [], input: "open location \"\(url)\"\n")
        #else
            guard
                (RunEnvironment.current.variables["PATH"] ?? "").split(separator: ":")
                    .contains(where: { access("\($0)/xdg-open", X_OK) == 0 }),
                let address = server.addressForOneVisit()
            else { return false }
            return started("xdg-open", [address], input: nil)
        #endif
    }

    private static func started(_ program: String, _ arguments: [String], input: String?) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        let pipe = input.map { _ in Pipe() }
        process.standardInput = pipe ?? FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        if let input, let pipe {
            try? pipe.fileHandleForWriting.write(contentsOf: Data(input.utf8))
            try? pipe.fileHandleForWriting.close()
        }
        return true
    }
}
