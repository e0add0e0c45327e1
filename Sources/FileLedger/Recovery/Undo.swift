package import FaceCore
package import SystemPackage

/// An act that was undone.
package struct RevertedAct: Hashable, Sendable {
    package let act: Act
    /// The file now back in the album, after a removal or a move was undone; else `nil`.
    package let status: FileStatus?
}

/// An act that could not be undone.
package struct LeftAct: Hashable, Sendable {
    package let act: Act
    /// As in "'Anna/x.jpg' was left: …".
    package let reason: String
}

package struct UndoReport: Hashable, Sendable {
    package fileprivate(set) var reverted: [RevertedAct] = []
    package fileprivate(set) var left: [LeftAct] = []
    /// Unreadable lines of the journal, whose acts cannot be undone.
    package fileprivate(set) var damage: [DamagedLine] = []
    package fileprivate(set) var isCancelled = false
}

/// Undoes what a run did.
package enum Undo {
    /// Goes backwards through the journal and touches only files whose bytes still match.
    ///
    /// A copy is removed only when its photo exists elsewhere with equal bytes: at the original
    /// path, or at one of `otherOriginals`. A removed file is restored from there too. Undoing can
    /// be killed at any moment and repeated; then it tries again what it left.
    ///
    /// - Parameters:
    ///   - allowsForeign: whether files are put back outside the workspace into folders that no run
    ///     of this machine's user named; else they are left.
    ///   - otherOriginals: further absolute paths at which the photo may lie.
    ///   - isCancelled: called between files.
    ///   - reverted: called after each group with what was undone, once that is durable.
    /// - Precondition: the lock is held and the album recovered.
    /// - Throws: ``FileError`` when there is no such run or the disk fails; errors of `reverted`.
    package static func undo(
        _ album: AlbumFolder, run: String, traits: FileSystemTraits, allowsForeign: Bool = false,
        disk: Disk = Disk(), otherOriginals: @escaping (ContentHash) -> [FilePath] = { _ in [] },
        isCancelled: () -> Bool = { false },
        reverted: ([RevertedAct]) throws -> Void = { _ in }
    ) throws -> UndoReport {
        var owners: [FilePath: String] = [:]
        for file in try Journal.replay(album, disk: disk) { owners[file.path] = file.run }
        let (journal, record) = try settled(album, run, allowsForeign, disk)
        try journal.append([JournalLine(.undo)])
        let origins = Origins(
            of: record.header, in: album, allowsForeign: allowsForeign, disk: disk)
        let files = AlbumFiles(album: album, disk: disk)
        var report = UndoReport()
        let entries = Array(record.entries.filter(\.isInEffect).reversed())
        let acts = entries.map(\.act)
        var start = 0
        while start < entries.count, !isCancelled() {
            let end = acts.endOfGroup(from: start, traits: traits)
            var undoing = Undoing(
                files: files, run: run, method: traits.renameMethod, owners: owners,
                origins: origins, journal: journal, otherOriginals: otherOriginals)
            var failure: FileError?
            do throws(FileError) {
                for entry in entries[start..<end] {
                    if isCancelled() { break }
                    try undoing.undo(entry)
                }
            } catch {
                failure = error
            }
            try files.synchronise(undoing.folders)
            try journal.checkPlace()
            try journal.append(undoing.lines)
            report.reverted += undoing.reverted
            report.left += undoing.left
            if !undoing.reverted.isEmpty { try reverted(undoing.reverted) }
            if let failure { throw failure }
            start = end
        }
        report.damage = record.damage
        report.isCancelled = report.reverted.count + report.left.count < entries.count
        if !report.isCancelled {
            removeEmptyFolders(album.removed.appending(run), disk)
            try journal.append([JournalLine(.undone)])
        }
        return report
    }

    /// The run's journal, once the results that a damaged line hides are known.
    private static func settled(
        _ album: AlbumFolder, _ run: String, _ allowsForeign: Bool, _ disk: Disk
    ) throws(FileError) -> (Journal, JournalRecord) {
        let found = try Journal.open(album, run: run, disk: disk)
        guard !found.record.damage.isEmpty, found.record.entries.contains(where: \.isUnsettled)
        else { return found }
        var recovery = Recovery()
        try recovery.settle(run, album, allowsForeign, disk)
        return try Journal.open(album, run: run, disk: disk)
    }

    /// Tidies the folders of removed files; those not empty stay.
    private static func removeEmptyFolders(_ folder: FilePath, _ disk: Disk) {
        for entry in (try? disk.entries(of: folder)) ?? [] where entry.kind != .file {
            let path = folder.appending(entry.name)
            let status = try? disk.status(of: path, followingLinks: false)
            if status?.kind == .folder { removeEmptyFolders(path, disk) }
        }
        try? disk.removeFolder(folder)
    }
}
