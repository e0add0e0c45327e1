internal import PhotoIndex
internal import Synchronization
internal import SystemPackage

/// An open bin and what is known of the photos that may go into it: what the pages of a look are
/// made from.
protocol HeldBin {
    /// What is shown, as things stand.
    associatedtype Pages: Sendable

    var bin: Workspace { get }

    /// - Parameter revision: 1 at first; grows with every change and every move.
    func pages(revision: Int) -> Pages
    /// Takes up which files are there, after some were moved.
    mutating func refresh() throws
    /// Opens the bin again after a move that failed half-way: opening settles unfinished acts.
    mutating func reopen() throws
    /// Closes the bin.
    func close()
}

/// The bin behind the pages of ``CleaningReview`` and ``KeepReview``: allows one operation on it at
/// a time, while pages stay available.
///
/// May be used from any thread; every verb blocks until it is done. While photos are moved the pages
/// are as they were before, and nothing else is done.
final class BinReview<Held: HeldBin>: Sendable {
    private struct Shown {
        var pages: Held.Pages
        var revision: Int
        var isMoving = false
    }

    private let given: FilePath
    /// Its holder may write.
    private let held: Mutex<Held>
    private let shown: Mutex<Shown>

    /// - Parameter given: the bin as the user wrote it.
    init(_ held: sending Held, given: FilePath) {
        self.given = given
        shown = Mutex(Shown(pages: held.pages(revision: 1), revision: 1))
        self.held = Mutex(held)
    }

    /// Gives the bin back.
    func close() { held.withLock { $0.close() } }

    var pages: Held.Pages { shown.withLock { $0.pages } }

    /// Changes what counts, and shows it.
    ///
    /// - Throws: `.inUse` while photos are moved, and what `work` throws; what was shown stays then.
    func change(_ work: (inout Held) throws -> Void) throws(AlbumError) {
        guard !shown.withLock({ $0.isMoving }) else { throw busy }
        try withAlbumErrors(of: given) {
            try held.withLock { held in
                try work(&held)
                show(held)
            }
        }
    }

    /// Moves photos into the bin.
    ///
    /// - Throws: `.inUse` while photos are moved already, and what `work` throws.
    func move<Moved: Sendable>(
        _ work: (inout Held) throws -> Moved
    ) throws(AlbumError) -> Moved {
        try occupy { held in
            do {
                return try work(&held)
            } catch {
                // What was under way is settled by opening the bin.
                try? held.reopen()
                throw error
            }
        }
    }

    /// Undoes a run's moves, where nobody changed the files since.
    ///
    /// - Throws: `.unknownRun` when there is nothing to take back, `.inUse` while photos are moved.
    func undo(run: Int) throws(AlbumError) -> UndoSummary {
        try occupy { held in try UndoRuns(workspace: held.bin, album: given).undo(.run(run)) }
    }

    /// The last run that was begun, whether or not it was finished.
    var lastRun: Int? {
        held.withLock { held in
            try? held.bin.catalogue.runs().last.flatMap { Int($0.id) }
        }
    }

    private func occupy<Outcome: Sendable>(
        _ work: (inout Held) throws -> Outcome
    ) throws(AlbumError) -> Outcome {
        try claim()
        defer { shown.withLock { $0.isMoving = false } }
        return try withAlbumErrors(of: given) {
            try held.withLock { held in
                defer { try? refresh(&held) }
                return try work(&held)
            }
        }
    }

    private func claim() throws(AlbumError) {
        let isFree = shown.withLock { shown in
            defer { shown.isMoving = true }
            return !shown.isMoving
        }
        guard isFree else { throw busy }
    }

    private var busy: AlbumError {
        AlbumError(
            .inUse, given.folderName, "is being filled", remedy: "Wait until all photos are moved.")
    }

    private func refresh(_ held: inout Held) throws {
        try held.refresh()
        show(held)
    }

    private func show(_ held: Held) {
        // Only the holder of the bin shows something.
        let revision = shown.withLock { $0.revision } + 1
        let pages = held.pages(revision: revision)
        shown.withLock { shown in
            shown.pages = pages
            shown.revision = revision
        }
    }
}
