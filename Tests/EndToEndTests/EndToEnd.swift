import Foundation
import Testing

/// The built program on whole events, from the command line to the files in the album.
///
/// One after the other: they measure times and use all processor cores already.
@Suite("End to end", .serialized, .timeLimit(.minutes(20)))
enum EndToEnd {}

/// Runs a tool that is not the program under test, and requires that it goes well.
@discardableResult
func run(
    _ tool: String, _ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation
) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [tool] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let text = String(decoding: bytes, as: UTF8.self)
    try #require(
        process.terminationStatus == 0, "'\(tool)' failed: \(text)",
        sourceLocation: sourceLocation)
    return text
}
