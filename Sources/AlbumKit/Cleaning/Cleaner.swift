public import FaceCore
public import PhotoIndex

/// Moves photos that are not worth keeping into a bin, to be looked through there.
///
/// Nothing is deleted: what was moved lies in the bin under its own name, and `undo` brings it back.
/// Safe to repeat, and to kill at any moment: the same request carries on.
public struct Cleaner: Sendable {
    private let request: CleanRequest
    private let environment: RunEnvironment

    public init(_ request: CleanRequest, environment: RunEnvironment) {
        self.request = request
        self.environment = environment
    }

    /// Looks at the photos and says what goes; moves it when ``CleanRequest/applies``.
    ///
    /// What is learnt about the photos is kept in the bin's own state, or in the album's, so that
    /// the next command on the same photos has little to do.
    ///
    /// - Parameters:
    ///   - interruption: after a request the photos in hand are finished, then it stops.
    ///   - onEvent: called in order, from one thread at a time.
    /// - Returns: also when photos failed; see ``CleanSummary/failures``.
    /// - Throws: an ``AlbumError``; `.interrupted` after an interruption.
    public func run(
        interruption: Interruption, onEvent: @escaping @Sendable (RunEvent) -> Void
    ) async throws(AlbumError) -> CleanSummary {
        try await withAlbumErrors(of: request.bin) {
            try await clean(RunContext(environment, interruption, onEvent))
        }
    }

    private func clean(_ run: RunContext) async throws -> CleanSummary {
        let session = try CleanSession(request, run)
        defer { session.close() }
        let log = try session.log(isRehearsal: !request.applies)
        let start = run.now
        let look = try await session.look {
            try Bin.stop(log, request.bin, ifRequested: run.interruption)
        }
        let plan = session.plan(look.facts)
        var movement = try session.movement(plan, of: look.facts)
        var summary = session.summary(look, look.facts, plan, movement)
        summary.isApplied = request.applies
        if request.applies {
            summary.failures += try movement.carryOut(into: request.bin, log: log, run: run)
            summary.moves = session.moves(movement, plan)
        }
        summary.seconds = run.now.timeIntervalSince(start)
        summary.run = try log.finish(.finished, summary: nil)
        return summary
    }
}
