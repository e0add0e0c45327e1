import Foundation
import Testing

/// What a run of the built program printed, and how it ended.
struct ProgramRun {
    let status: Int32
    let output: String
    let errors: String

    /// The one JSON document on standard output.
    func document() throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: Data(output.utf8))
        return try #require(value as? [String: Any])
    }

    /// The JSON lines on standard output.
    func lines() throws -> [[String: Any]] {
        try output.split(separator: "\n").map { line in
            let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
            return try #require(value as? [String: Any])
        }
    }

    /// The error as a JSON object on standard error.
    func error() throws -> [String: String] {
        let value = try JSONSerialization.jsonObject(with: Data(errors.utf8))
        return try #require(value as? [String: String])
    }
}

/// The built program, as a user starts it.
enum FacesortProgram {
    /// Beside the tests, where the build puts both; `FACESORT_BINARY` names another one.
    static let path: String = {
        if let path = ProcessInfo.processInfo.environment["FACESORT_BINARY"] { return path }
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        while folder.path != "/" {
            let program = folder.appendingPathComponent("facesort").path
            var isFolder: ObjCBool = false
            if FileManager.default.fileExists(atPath: program, isDirectory: &isFolder),
                !isFolder.boolValue
            {
                return program
            }
            folder.deleteLastPathComponent()
        }
        return "facesort"
    }()

    /// The model files, found as the program finds them; the tests give it another home folder.
    static let models: String = {
        let variables = ProcessInfo.processInfo.environment
        if let folder = variables["FACESORT_MODELS"] { return folder }
        let data =
            variables["XDG_DATA_HOME"]
            ?? (variables["HOME"] ?? NSHomeDirectory()) + "/.local/share"
        return data + "/facesort/models"
    }()

    /// Runs the program in `folder`, which is also its home folder.
    ///
    /// - Parameter environment: added to what a test needs; `nil` takes a variable away.
    static func run(
        _ arguments: [String], in folder: TestFolder, environment: [String: String?] = [:]
    ) throws -> ProgramRun {
        try run(path, arguments, in: folder, environment: environment)
    }

    /// Runs `script` in a shell that finds `facesort`, for bytes and pipes that only a shell has.
    static func shell(_ script: String, in folder: TestFolder) throws -> ProgramRun {
        try run("/bin/sh", ["-c", script], in: folder, environment: [:])
    }

    /// Starts the program, waits until it prints a line with the first of `signs`, sends `signal`,
    /// waits for the next sign, and so on to its end. Its two streams come as one
    /// ``ProgramRun/output``.
    static func run(
        _ arguments: [String], in folder: TestFolder, sending signal: Int32, at signs: [String]
    ) throws -> ProgramRun {
        let process = try prepared(path, arguments, in: folder, environment: [:])
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        var text = Data()
        var awaited = signs[...]
        while true {
            let part = output.fileHandleForReading.availableData
            if part.isEmpty { break }
            text.append(part)
            let seen = String(decoding: text, as: UTF8.self)
            if let sign = awaited.first, seen.contains(sign) {
                awaited.removeFirst()
                kill(process.processIdentifier, signal)
            }
        }
        process.waitUntilExit()
        #expect(awaited.isEmpty, "the program never printed \(awaited)")
        return ProgramRun(
            status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
            errors: "")
    }

    /// Runs `script` in a shell on a terminal of `columns` cells; ``ProgramRun/output`` is what the
    /// terminal shows.
    static func terminal(
        _ script: String, in folder: TestFolder, columns: Int
    ) throws -> ProgramRun {
        let line = "stty cols \(columns); \(script)"
        // It copies what is shown to its own output, too; the file is not wanted.
        #if os(Linux)
            let arguments = ["-qec", line, "/dev/null"]
        #else
            let arguments = ["-q", "/dev/null", "/bin/sh", "-c", line]
        #endif
        return try run("/usr/bin/script", arguments, in: folder, environment: ["TERM": "xterm"])
    }

    private static func run(
        _ executable: String, _ arguments: [String], in folder: TestFolder,
        environment: [String: String?]
    ) throws -> ProgramRun {
        let process = try prepared(executable, arguments, in: folder, environment: environment)
        let output = try folder.openForWriting("output of a run")
        let errors = try folder.openForWriting("errors of a run")
        process.standardOutput = output.handle
        process.standardError = errors.handle
        try process.run()
        process.waitUntilExit()
        return ProgramRun(
            status: process.terminationStatus, output: try output.text(),
            errors: try errors.text())
    }

    private static func prepared(
        _ executable: String, _ arguments: [String], in folder: TestFolder,
        environment: [String: String?]
    ) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.currentDirectoryURL = folder.url
        process.standardInput = FileHandle.nullDevice
        var variables = ProcessInfo.processInfo.environment
        let program = URL(fileURLWithPath: path).deletingLastPathComponent().path
        variables["PATH"] = program + ":" + (variables["PATH"] ?? "/usr/bin:/bin")
        variables["HOME"] = folder.path
        variables["XDG_DATA_HOME"] = nil
        variables["FACESORT_MODELS"] = models
        // Help is broken into lines by the width of the terminal.
        variables["COLUMNS"] = "80"
        for (name, value) in environment { variables[name] = value }
        process.environment = variables
        return process
    }
}
