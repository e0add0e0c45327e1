public import PhotoIndex
package import FileLedger
public import FaceCore
package import Foundation
internal import SystemPackage

/// The main job: brings an album up to date with photos and people.
///
/// Safe to repeat, and to kill at any moment: the next run with the same request carries on.
public struct Sorter: Sendable {
    let request: SortRequest
    let environment: [String: String]
    let now: @Sendable () -> Date
    let disk: Disk

    /// `FACESORT_MODELS`, `XDG_DATA_HOME` and `HOME` of `environment` say where the model files are.
    public init(_ request: SortRequest, environment: [String: String]) {
        self.init(request, environment: environment, now: { Date() }, disk: Disk())
    }

    package init(
        _ request: SortRequest, environment: [String: String], now: @escaping @Sendable () -> Date,
        disk: Disk
    ) {
        self.request = request
        self.environment = environment
        self.now = now
        self.disk = disk
    }

    /// Sorts.
    ///
    /// - Parameters:
    ///   - interruption: after a request the photos in hand are finished, then it stops.
    ///   - onEvent: called in order, from one thread at a time.
    /// - Returns: also when photos failed; see ``SortSummary/failures``.
    /// - Throws: an ``AlbumError``; `.interrupted` after an interruption. What was done till then
    ///   is kept, and the same request carries on.
    public func run(
        interruption: Interruption, onEvent: @escaping @Sendable (RunEvent) -> Void
    ) async throws(AlbumError) -> SortSummary {
        do {
            let validated = try SortValidation(request, disk: disk)
            let models = try RunModels(
                explicit: request.models, engine: request.engine, environment: environment,
                knowledge: validated.album, workerCount: validated.jobs)
            let run = try SortRun(
                validated, models: models, now: now, disk: disk, interruption: interruption,
                onEvent: onEvent)
            return try await run.perform()
        } catch {
            throw AlbumError(error, album: request.album)
        }
    }
}
