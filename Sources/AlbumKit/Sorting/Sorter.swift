public import FaceCore
public import PhotoIndex

/// The main job: brings an album up to date with photos and people.
///
/// Safe to repeat, and to kill at any moment: the next run with the same request carries on.
public struct Sorter: Sendable {
    private let request: SortRequest
    private let environment: RunEnvironment

    public init(_ request: SortRequest, environment: RunEnvironment) {
        self.request = request
        self.environment = environment
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
        try await withAlbumErrors(of: request.album) {
            try await SortRun(request, RunContext(environment, interruption, onEvent)).perform()
        }
    }
}
