public import FaceCore
public import PhotoIndex
package import FileLedger
package import Foundation
internal import SystemPackage

/// Moves photos that are not worth keeping into a bin, to be looked through there.
///
/// Nothing is deleted: what was moved lies in the bin under its own name, and `undo` brings it back.
/// Safe to repeat, and to kill at any moment: the same request carries on.
public struct Cleaner: Sendable {
    let request: CleanRequest
    let environment: [String: String]
    let now: @Sendable () -> Date
    let disk: Disk

    /// `FACESORT_MODELS`, `XDG_DATA_HOME` and `HOME` of `environment` say where the model files are.
    public init(_ request: CleanRequest, environment: [String: String]) {
        self.init(request, environment: environment, now: { Date() }, disk: Disk())
    }

    package init(
        _ request: CleanRequest, environment: [String: String],
        now: @escaping @Sendable () -> Date, disk: Disk
    ) {
        self.request = request
        self.environment = environment
        self.now = now
        self.disk = disk
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
        do {
            let validated = try CleanValidation(request, disk: disk)
            let models = try RunModels(
                validated.study, environment: environment, workspace: validated.bin)
            let run = try CleanRun(
                validated, models: models, now: now, disk: disk, interruption: interruption,
                onEvent: onEvent)
            return try await run.perform()
        } catch {
            throw AlbumError(error, album: request.bin)
        }
    }
}

/// One run of ``Cleaner``, from the opened workspaces to the summary.
private final class CleanRun {
    private let session: CleanSession
    private let now: @Sendable () -> Date
    private let interruption: Interruption
    private let onEvent: @Sendable (RunEvent) -> Void
    private let log: RunLog

    init(
        _ clean: CleanValidation, models: RunModels, now: @escaping @Sendable () -> Date,
        disk: Disk, interruption: Interruption, onEvent: @escaping @Sendable (RunEvent) -> Void
    ) throws {
        self.now = now
        self.interruption = interruption
        self.onEvent = onEvent
        session = try CleanSession(
            clean, models: models, now: now, disk: disk, interruption: interruption,
            onEvent: onEvent)
        log = try session.log(isRehearsal: !clean.request.applies)
    }

    func perform() async throws -> CleanSummary {
        defer { session.close() }
        let request = session.clean.request
        let start = now()
        let look = try await session.look(stopIfInterrupted: stopIfInterrupted)
        let plan = session.plan(look.facts)
        var movement = try session.movement(plan, of: look.facts)
        var summary = session.summary(look, look.facts, plan, movement)
        summary.isApplied = request.applies
        if request.applies {
            summary.failures += try session.move(&movement, log, interruption: interruption) {
                [onEvent] in onEvent(.moving(done: $0, total: $1))
            }
            summary.moves = session.moves(movement, plan)
        }
        summary.seconds = now().timeIntervalSince(start)
        summary.run = try log.finish(.finished, summary: nil)
        return summary
    }

    private func stopIfInterrupted() throws {
        try Bin.stop(log, session.clean.request.bin, ifRequested: interruption)
    }
}
