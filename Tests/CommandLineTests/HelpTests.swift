import Foundation
import Testing

@Suite("Help")
struct HelpTests {
    static let commands = [
        "", "sort", "review", "faces", "groups", "people", "why", "clean", "keep",
        "keep label", "keep train", "keep apply", "keep check", "rename", "undo", "status",
        "check", "models",
    ]

    @Test("Each command's help is the text kept in Snapshots", arguments: commands)
    func snapshot(command: String) throws {
        let folder = try TestFolder()
        let run = try FacesortProgram.run(
            command.split(separator: " ").map(String.init) + ["--help"], in: folder)
        #expect(run.status == 0)
        #expect(run.errors.isEmpty)
        let file = Snapshots.file(
            command.isEmpty ? "facesort" : command.replacingOccurrences(of: " ", with: "-"))
        if Snapshots.areUpdated { try Data(run.output.utf8).write(to: file) }
        #expect(run.output == (try String(contentsOf: file, encoding: .utf8)))
    }

    @Test("'facesort help sort' shows the help of sort, in the same order")
    func helpCommand() throws {
        let run = try FacesortProgram.run(["help", "sort"], in: try TestFolder())
        #expect(run.status == 0)
        #expect(run.output.hasPrefix("OVERVIEW: Sort photos into one folder per person"))
        #expect(run.output.hasSuffix("64 wrong usage   130 interrupted\n"))
    }

    @Test("Each command's help ends with examples and exit statuses", arguments: commands)
    func footer(command: String) throws {
        let folder = try TestFolder()
        let run = try FacesortProgram.run(
            command.split(separator: " ").map(String.init) + ["--help"], in: folder)
        let usage = try #require(run.output.range(of: "USAGE:"))
        let example = try #require(run.output.range(of: "EXAMPLE"))
        let status = try #require(run.output.range(of: "EXIT STATUS:"))
        #expect(usage.lowerBound < example.lowerBound)
        #expect(example.lowerBound < status.lowerBound)
    }

    @Test("Without a command the help is shown")
    func noCommand() throws {
        let run = try FacesortProgram.run([], in: try TestFolder())
        #expect(run.status == 0)
        #expect(run.output.contains("SUBCOMMANDS:"))
    }

    @Test("'--version' prints the version alone")
    func version() throws {
        let run = try FacesortProgram.run(["--version"], in: try TestFolder())
        #expect(run.status == 0)
        #expect(run.output.wholeMatch(of: /[0-9]+\.[0-9]+\.[0-9]+\n/) != nil)
    }
}

/// The help texts as they should be; `FACESORT_UPDATE_SNAPSHOTS=1` writes them again.
enum Snapshots {
    static let areUpdated =
        ProcessInfo.processInfo.environment["FACESORT_UPDATE_SNAPSHOTS"] == "1"

    static func file(_ name: String) -> URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Snapshots/\(name).txt")
    }
}
