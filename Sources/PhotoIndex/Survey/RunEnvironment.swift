package import AlbumCatalogue
package import FileLedger
package import FaceCore
package import Foundation

/// What a run works with beside its request: where the model files are, the clock and the disk.
public struct RunEnvironment: Sendable {
    /// `FACESORT_MODELS`, `XDG_DATA_HOME` and `HOME` say where the model files are.
    public let variables: [String: String]
    package let now: @Sendable () -> Date
    package let disk: Disk

    public init(_ variables: [String: String]) {
        self.init(variables, disk: Disk())
    }

    package init(
        _ variables: [String: String], now: @escaping @Sendable () -> Date = { Date() },
        disk: Disk = Disk()
    ) {
        self.variables = variables
        self.now = now
        self.disk = disk
    }
}

/// A run under way: what it works with, how it is stopped, and who hears how far it is.
package struct RunContext: Sendable {
    package let environment: RunEnvironment
    /// After a request the photos in hand are finished, then a step ends.
    package let interruption: Interruption
    /// Called in order, from one thread at a time.
    package let onEvent: @Sendable (RunEvent) -> Void
    /// What the user reads about a file that could not be read.
    let describe: @Sendable (UnreadFile) -> FailedFile

    package init(
        _ environment: RunEnvironment, _ interruption: Interruption,
        describe: @escaping @Sendable (UnreadFile) -> FailedFile,
        onEvent: @escaping @Sendable (RunEvent) -> Void
    ) {
        self.environment = environment
        self.interruption = interruption
        self.describe = describe
        self.onEvent = onEvent
    }

    package var disk: Disk { environment.disk }
    /// The time, by the clock of the run.
    package var now: Date { environment.now() }

    package func mayContinue() -> Bool { !interruption.isRequested }
}
