internal import AlbumCatalogue
internal import FaceCore
internal import PhotoIndex
internal import SystemPackage

/// The result of `work`; whatever it throws as an error that a user can act on.
///
/// - Parameter album: what the work is on, as the user wrote it.
func withAlbumErrors<Result>(
    of album: FilePath, _ work: () throws -> Result
) throws(AlbumError) -> Result {
    do {
        return try work()
    } catch {
        throw AlbumError(error, album: album)
    }
}

/// The same for work that waits.
func withAlbumErrors<Result>(
    of album: FilePath, _ work: () async throws -> Result
) async throws(AlbumError) -> Result {
    do {
        return try await work()
    } catch {
        throw AlbumError(error, album: album)
    }
}

extension RunContext {
    init(
        _ environment: RunEnvironment, _ interruption: Interruption,
        _ onEvent: @escaping @Sendable (RunEvent) -> Void
    ) {
        self.init(
            environment, interruption, describe: { FailedFile($0) }, onEvent: onEvent)
    }
}
