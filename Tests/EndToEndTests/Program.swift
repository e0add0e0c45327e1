import Foundation
import SystemPackage
import Testing
import TestSupport

/// How a program ended and what it printed.
struct ProgramRun {
    /// The exit status; for a program that a signal ended, 128 and the signal, as a shell has it.
    let status: Int32
    let output: String
    let errors: String
    let duration: Duration

    /// The object of the last line of `--json`, or of the whole document.
    func document() throws -> [String: Any] {
        let whole = try? JSONSerialization.jsonObject(with: Data(output.utf8))
        if let document = whole as? [String: Any] { return document }
        let last = try #require(output.split(separator: "\n").last, "\(errors)")
        let line = try JSONSerialization.jsonObject(with: Data(last.utf8))
        return try #require(line as? [String: Any])
    }

    /// What `sort --json` says at its end.
    func summary() throws -> [String: Any] {
        try #require(try document()["summary"] as? [String: Any], "\(output)\(errors)")
    }
}

/// The built program as a user starts it; every test of this target talks to it only.
struct Program {
    /// Beside the tests, where the build puts both; `FACESORT_BINARY` names another one.
    static let path = ProcessInfo.processInfo.environment["FACESORT_BINARY"] ?? beside("facesort")

    /// The program that composes the sample event, built with the one under test.
    static let samplePhotos = FilePath(path).removingLastComponent()
        .appending("sample-photos").string

    private static func beside(_ name: String) -> String {
        var folder = FilePath(CommandLine.arguments[0]).removingLastComponent()
        while !folder.isEmpty, folder != "/" {
            let program = folder.appending(name).string
            var isFolder: ObjCBool = false
            if FileManager.default.fileExists(atPath: program, isDirectory: &isFolder),
                !isFolder.boolValue
            {
                return program
            }
            folder.removeLastComponent()
        }
        return name
    }

    /// The model files, found as the program finds them; the tests give it another home folder.
    static let models: String = {
        let variables = ProcessInfo.processInfo.environment
        if let folder = variables["FACESORT_MODELS"] { return folder }
        let data =
            variables["XDG_DATA_HOME"]
            ?? (variables["HOME"] ?? NSHomeDirectory()) + "/.local/share"
        return data + "/facesort/models"
    }()

    /// The folder it is started in, which is also its home.
    let folder: FilePath
    /// The program with what comes before its arguments, such as an emulator.
    var command = [Program.path]
    var environment: [String: String] = [:]

    init(in folder: FilePath) { self.folder = folder }

    /// Runs it to its end.
    func run(_ arguments: String...) throws -> ProgramRun { try run(arguments) }

    func run(_ arguments: [String]) throws -> ProgramRun {
        try start(arguments).ended()
    }

    /// Runs it and requires the exit status `status`.
    @discardableResult
    func run(
        _ arguments: [String], expecting status: Int32,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> ProgramRun {
        let run = try run(arguments)
        try #require(
            run.status == status, "\(arguments): \(run.output)\(run.errors)",
            sourceLocation: sourceLocation)
        return run
    }

    /// Starts it.
    func start(_ arguments: [String]) throws -> StartedProgram {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = command.dropFirst() + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder.string)
        process.standardInput = FileHandle.nullDevice
        var variables = ProcessInfo.processInfo.environment
        variables["HOME"] = folder.string
        variables["XDG_DATA_HOME"] = nil
        variables["FACESORT_MODELS"] = Self.models
        variables.merge(environment) { _, new in new }
        process.environment = variables
        return try StartedProgram(process)
    }
}

/// A running program.
final class StartedProgram {
    private let process: Process
    private let prints = try! TemporaryFolder()  // A test without a folder cannot go on anyway.
    private let start: ContinuousClock.Instant

    fileprivate init(_ process: Process) throws {
        self.process = process
        process.standardOutput = try Self.file(prints.appending("output"))
        process.standardError = try Self.file(prints.appending("errors"))
        start = .now
        try process.run()
    }

    private static func file(_ path: FilePath) throws -> FileHandle {
        try Data().write(to: URL(fileURLWithPath: path.string))
        return try FileHandle(forWritingTo: URL(fileURLWithPath: path.string))
    }

    var isRunning: Bool { process.isRunning }

    /// The system's number for it.
    var processIdentifier: Int32 { process.processIdentifier }

    /// What it has printed on standard output so far.
    var output: String { text("output") }

    private func text(_ name: String) -> String {
        let bytes = FileManager.default.contents(atPath: prints.appending(name).string)
        return String(decoding: bytes ?? Data(), as: UTF8.self)
    }

    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Waits until `condition` holds.
    ///
    /// - Returns: whether it came to hold before the program ended.
    func reached(_ condition: () throws -> Bool) rethrows -> Bool {
        while process.isRunning {
            if try condition() { return true }
            usleep(500)
        }
        return false
    }

    /// Waits until `moment` after the start, or the end of the program.
    ///
    /// - Returns: whether it still runs then.
    func lasts(until moment: Duration) -> Bool {
        reached { ContinuousClock.now - start >= moment }
    }

    /// Waits for its end.
    func ended() -> ProgramRun {
        process.waitUntilExit()
        let duration = ContinuousClock.now - start
        let status = process.terminationStatus
        return ProgramRun(
            status: process.terminationReason == .uncaughtSignal ? 128 + status : status,
            output: text("output"), errors: text("errors"), duration: duration)
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }
}
