// Three jobs: `fuzz-state KIND COUNT FIRST` tries so many inputs, in processes that may die of it;
// `fuzz-state trial KIND COUNT FIRST` is such a process; `fuzz-state show KIND COUNT FIRST` tells what
// was tried and what came of it.
import Foundation
import StateFuzzing

/// Ends with 1, and says what the one input did that is not right.
func fail(_ story: [String]) -> Never {
    FileHandle.standardOutput.write(Data((story.joined(separator: "\n") + "\n").utf8))
    exit(1)
}

/// Says which input is tried, so that it is known when the process does not survive it.
func note(_ seed: UInt64, _ story: [String]) {
    guard let path = ProcessInfo.processInfo.environment["FUZZ_STATE_NOTE"] else { return }
    try? Data("\(seed)\n\(story.joined(separator: "\n"))\n".utf8)
        .write(to: URL(filePath: path))
}

func tryInputs(_ kind: StateKind, count: UInt64, first: UInt64) async throws {
    var fuzzer = try await StateFuzzer()
    let supervisor = getppid()
    // Nobody waits for what is found any more.
    for seed in first..<first + count where getppid() == supervisor {
        // Whoever hangs is ended by the system.
        alarm(30)
        let trial = try await fuzzer.trial(kind, seed: seed) { note(seed, $0) }
        let story = trial.story + trial.faults.map { "FAULT: \($0)" }
        if isShown {
            print(story.joined(separator: "\n"))
        } else if !trial.faults.isEmpty {
            fail(story)
        }
    }
}

/// Tries inputs in processes of their own; goes on behind one that was not right.
///
/// - Returns: how many were not.
func superviseInputs(_ kind: StateKind, count: UInt64, first: UInt64) throws -> Int {
    let notes = FileManager.default.temporaryDirectory
        .appending(path: "fuzz-state-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: notes) }
    var (next, faults) = (first, 0)
    while next < first + count {
        let process = Process()
        process.executableURL = URL(filePath: CommandLine.arguments[0])
        process.arguments = ["trial", kind.rawValue, "\(first + count - next)", "\(next)"]
        process.environment = ProcessInfo.processInfo.environment
            .merging(["FUZZ_STATE_NOTE": notes.path]) { $1 }
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus != 0 || process.terminationReason != .exit else { break }
        faults += 1
        let noted = String(decoding: (try? Data(contentsOf: notes)) ?? Data(), as: UTF8.self)
        guard let seed = noted.split(separator: "\n").first.flatMap({ UInt64($0) }) else { break }
        if process.terminationReason != .exit {
            print(noted + "FAULT: ended by signal \(process.terminationStatus)")
        }
        print("fuzz-state: \(kind) \(seed) is not right\n")
        next = seed + 1
    }
    return faults
}

var arguments = CommandLine.arguments.dropFirst()
let isShown = arguments.first == "show"
let isTrial = isShown || arguments.first == "trial"
if isTrial { arguments.removeFirst() }
let words = Array(arguments)
guard words.count == 3, let kind = StateKind(rawValue: words[0]), let count = UInt64(words[1]),
    let first = UInt64(words[2])
else {
    print("usage: fuzz-state KIND COUNT FIRST; kinds: \(StateKind.allCases.map(\.rawValue))")
    exit(64)
}
if isTrial {
    try await tryInputs(kind, count: count, first: first)
} else {
    exit(try superviseInputs(kind, count: count, first: first) == 0 ? 0 : 1)
}
