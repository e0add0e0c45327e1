import StateFuzzing
import TestSupport
import Testing

/// Some inputs of each kind, always the same; `make fuzz` tries 100,000 of each.
@Suite("State from somebody else", .serialized, .timeLimit(.minutes(10)))
struct StateFuzzTests {
    static let count: UInt64 = 60

    @Test(
        "Whatever the state says, nothing of others is touched and nothing is lost", .slow,
        arguments: StateKind.allCases)
    func hostileState(kind: StateKind) async throws {
        var fuzzer = try await StateFuzzer()
        for seed in 0..<Self.count {
            let trial = try await fuzzer.trial(kind, seed: seed)
            #expect(trial.faults.isEmpty, "\(trial.story.joined(separator: "\n"))")
        }
    }
}
