package import SystemPackage

/// What a crash left, and what became of it.
package struct Recovery: Hashable, Sendable {
    /// Acts that were done without being journalled as done; their `index` is `nil`.
    package private(set) var found: [PerformedAct] = []
    /// Acts that were undone without being journalled as undone.
    package private(set) var revertedFound: [RevertedAct] = []
    /// Our temporary files and placeholders that were removed, relative to the album; also those of
    /// earlier runs that are long over.
    package private(set) var cleared: [FilePath] = []
    /// Killed runs, in the order of their beginning: to be resumed or ended.
    package private(set) var openRuns: [RunHeader] = []
    /// Runs whose undoing was killed: to be undone again.
    package private(set) var openUndos: [RunHeader] = []

    /// Folders that the killed runs took files from; the runs would have removed them at the end if
    /// empty.
    package private(set) var emptied = EmptiedFolders([])

    /// Settles every act that a killed run left open, and removes what only that run can have made.
    /// It can itself be killed at any moment and repeated.
    ///
    /// - Precondition: the lock is held.
    package static func recover(
        _ album: AlbumFolder, allowsForeign: Bool = false, disk: Disk = Disk()
    ) throws(FileError) -> Recovery {
        var recovery = Recovery()
        var open: [(sequence: Int, path: FilePath)] = []
        var last = 0
        for path in try JournalFile.all(album, disk) {
            switch try JournalFile.header(path, disk) {
            case .cut:
                try disk.remove(path)
                continue
            case .sound(let header): last = header.sequence
            // What can be read of it counts; it stays, because it may be the only record of its
            // run.
            case .damaged: break
            }
            if try !isOver(path, disk) { open.append((last, path)) }
        }
        for item in open.sorted(by: { $0.sequence < $1.sequence }) {
            try recovery.settle(item.path.stem ?? "", album, allowsForeign, disk)
        }
        recovery.cleared += try Leftovers(AlbumFiles(album: album, disk: disk)).clear()
        return recovery
    }

    /// Whether the last line says so; the many journals of finished runs are not read whole.
    private static func isOver(_ path: FilePath, _ disk: Disk) throws(FileError) -> Bool {
        let tail = try disk.lastBytes(of: path, count: 4096)
        guard tail.last == JSONLines.newline else { return false }
        let start = tail.dropLast().lastIndex(of: JSONLines.newline).map { $0 + 1 } ?? 0
        guard let line = JournalLine(text: tail[start...].dropLast(), isSummed: nil)
        else { return false }
        return line.line == .end || line.line == .undone
    }

    /// Settles the acts of one run; also of a finished run when a damaged line hides their result.
    package mutating func settle(
        _ run: String, _ album: AlbumFolder, _ allowsForeign: Bool, _ disk: Disk
    ) throws(FileError) {
        guard try !JournalRecord(JournalFile.path(album, run: run), disk).isIllegible else {
            return
        }
        let (journal, record) = try Journal.open(album, run: run, disk: disk)
        var settling = JournalSettlement(
            files: AlbumFiles(album: album, disk: disk), run: record.header.run,
            origins: Origins(
                of: record.header, in: album, allowsForeign: allowsForeign, disk: disk))
        for entry in record.entries where entry.isUnsettled { try settling.settle(entry) }
        if record.undoState == .undoing {
            // From the last act backwards, in the order of undoing. While a later renaming is still
            // in effect, undoing an earlier one of the same names has not begun.
            var waiting: Set<FilePath> = []
            for entry in record.entries.reversed() where entry.isInEffect {
                if let new = entry.act.new, let old = entry.act.old, !old.isAbsolute {
                    defer { waiting.formUnion([old, new]) }
                    guard waiting.isDisjoint(with: [old, new]) else { continue }
                }
                try entry.act.change.settleUndo(entry, &settling)
            }
        }
        try settling.files.synchronise(settling.folders)
        try journal.checkPlace()
        try journal.append(settling.lines)
        found += settling.found
        revertedFound += settling.reverted
        cleared += settling.cleared
        switch record.state {
        case .open:
            openRuns.append(record.header)
            let acts = record.entries.filter(\.isInEffect).map(\.act)
            emptied.formUnion(EmptiedFolders(acts + settling.found.map(\.act)))
        case .undoing: openUndos.append(record.header)
        case .finished, .interrupted, .undone: break
        }
    }
}
