internal import FaceCore
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
                if case .move(let from, let to, _) = entry.act {
                    defer { waiting.formUnion([from, to]) }
                    guard waiting.isDisjoint(with: [from, to]) else { continue }
                }
                try settling.settleUndo(entry)
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

private struct JournalSettlement {
    let files: AlbumFiles
    let run: String
    let origins: Origins
    var lines: [JournalLine] = []
    var found: [PerformedAct] = []
    var reverted: [RevertedAct] = []
    var cleared: [FilePath] = []
    var folders = ChangedFolders()
    private var disk: Disk { files.disk }

    init(files: AlbumFiles, run: String, origins: Origins) {
        self.files = files
        self.run = run
        self.origins = origins
    }

    mutating func settle(_ entry: JournalRecord.Entry) throws(FileError) {
        let isDone: Bool
        switch entry.act {
        case .copy(let source, let to, let hash, _, _):
            isDone = try isPlaced(to, source: source, hash: hash)
            try clearTemporary(entry.number, beside: to)
            if !isDone && entry.isPlacing { try clearPlaceholder(to) }
        case .move(let from, let to, let hash):
            isDone = try finishMove(from, to, hash)
            if !isDone && entry.isPlacing { try clearPlaceholder(to) }
        case .bring(let from, let to, let hash, _):
            isDone = try settleBringing(from, to, hash)
            try clearTemporary(entry.number, beside: to)
            if !isDone && entry.isPlacing { try clearPlaceholder(to) }
        case .remove(let path, _, _): isDone = try !files.isPresent(path)
        case .removeAside(let path, let hash):
            guard let aside = entry.aside else { return }
            isDone = try finishMove(path, aside, hash)
            if !isDone && entry.isPlacing { try clearPlaceholder(aside) }
        case .makeFolder(let path):
            let status = try disk.statusIfPresent(
                of: files.absolute(path), followingLinks: false)
            isDone = status?.kind == .folder
        }
        guard isDone else {
            lines.append(Journal.line(.dropped, entry.number))
            return
        }
        flush(entry)
        let performed = PerformedAct(
            index: nil, number: entry.number, act: entry.act,
            status: try status(after: entry.act), aside: entry.aside, note: nil)
        found.append(performed)
        lines.append(Journal.done(performed))
    }

    /// Undoing does the act first, then writes the line; so an act whose result is gone was undone.
    mutating func settleUndo(_ entry: JournalRecord.Entry) throws(FileError) {
        let path: FilePath
        let hash: ContentHash
        switch entry.act {
        case .copy(_, let to, _, _, _), .makeFolder(let to):
            if try !files.isPresent(to) { revert(entry, nil) }
            return
        case .bring(let from, let to, let expected, _):
            // Files outside are left alone unless this machine's user named their folder.
            guard origins.allow(from) else { return }
            try clearTemporary(entry.number, beside: from)
            if case .matches(let own, let leadsTo) = files.verdict(to, hash: expected) {
                // While our file is still there, nothing was undone, or only its removal is
                // missing.
                if files.reasonToKeep(own, leadsTo: leadsTo, original: from, hash: expected) != nil
                {
                    if entry.isPlacingBack { try clearPlaceholder(from) }
                    return
                }
                try disk.remove(files.absolute(to))
                folders.insert(files.absolute(to).folder)
            }
            (path, hash) = (from, expected)
        case .move(let from, let to, let expected):
            if try files.isPresent(to) {
                guard try finishMove(to, from, expected) else {
                    if entry.isPlacingBack { try clearPlaceholder(from) }
                    return
                }
                revert(entry, try disk.status(of: files.absolute(from), followingLinks: false))
                return
            }
            (path, hash) = (from, expected)
        case .remove(let removed, let expected, _):
            try clearTemporary(entry.number, beside: removed)
            (path, hash) = (removed, expected)
        case .removeAside(let removed, let expected):
            try clearTemporary(entry.number, beside: removed)
            if let aside = entry.aside, try files.isPresent(aside) {
                _ = try finishMove(aside, removed, expected)
            }
            (path, hash) = (removed, expected)
        }
        switch files.verdict(path, hash: hash) {
        case .matches(let status, _): revert(entry, status)
        case .changed where entry.isPlacingBack: try clearPlaceholder(path)
        case .changed, .missing, .danglingLink: break
        case .unreadable(let error): throw error
        }
    }

    /// What a killed run did or undid last may not be durable yet.
    private mutating func flush(_ entry: JournalRecord.Entry, isReverted: Bool = false) {
        let (old, new): (FilePath, FilePath) =
            switch entry.act {
            case .copy(_, let path, _, _, _), .remove(let path, _, _), .makeFolder(let path):
                (path, path)
            case .bring(let from, let to, _, _), .move(let from, let to, _): (from, to)
            case .removeAside(let path, _): (path, entry.aside ?? path)
            }
        folders.insert(
            movedFrom: files.absolute(isReverted ? new : old),
            to: files.absolute(isReverted ? old : new))
    }

    private mutating func revert(_ entry: JournalRecord.Entry, _ status: FileStatus?) {
        flush(entry, isReverted: true)
        reverted.append(RevertedAct(act: entry.act, status: status))
        lines.append(Journal.line(.reverted, entry.number))
    }

    private func isPlaced(
        _ path: FilePath, source: FilePath, hash: ContentHash
    ) throws(FileError) -> Bool {
        let place = files.absolute(path)
        let status = try disk.statusIfPresent(of: place, followingLinks: false)
        if status?.kind == .symbolicLink { return try disk.linkTarget(of: place) == source }
        switch files.verdict(path, hash: hash) {
        case .matches: return true
        case .missing, .changed, .danglingLink: return false
        case .unreadable(let error): throw error
        }
    }

    /// Settles a move from elsewhere, perhaps by copying: where both files exist, the user's stays.
    ///
    /// - Returns: whether the file lies at its new path only.
    private mutating func settleBringing(
        _ from: FilePath, _ to: FilePath, _ hash: ContentHash
    ) throws(FileError) -> Bool {
        switch files.verdict(to, hash: hash) {
        case .matches: break
        case .missing, .changed, .danglingLink: return false
        case .unreadable(let error): throw error
        }
        // When a file may belong to anybody, its existence is not checked.
        guard origins.allow(from) else { return true }
        switch files.verdict(from, hash: hash) {
        case .matches:
            try disk.remove(files.absolute(to))
            folders.insert(files.absolute(to).folder)
            return false
        // On a disk out of reach it may exist as well, which loses nothing.
        case .missing, .changed, .danglingLink, .unreadable: return true
        }
    }

    /// - Returns: whether the file lies at its new path only. If it had to be linked there and
    ///   still has both names, the old one is removed.
    private mutating func finishMove(
        _ from: FilePath, _ to: FilePath, _ hash: ContentHash
    ) throws(FileError) -> Bool {
        let place = files.absolute(to)
        guard let new = try disk.statusIfPresent(of: place, followingLinks: false) else {
            return false
        }
        let old = try disk.statusIfPresent(of: files.absolute(from), followingLinks: false)
        if let old {
            guard old.identity == new.identity, old.linkCount > 1 else { return false }
            try disk.remove(files.absolute(from))
            folders.insert(movedFrom: files.absolute(from), to: place)
            return true
        }
        switch files.verdict(to, hash: hash) {
        case .matches, .danglingLink: return true
        case .missing, .changed: return false
        case .unreadable(let error): throw error
        }
    }

    private mutating func clearTemporary(
        _ number: Int, beside path: FilePath
    ) throws(FileError) {
        let temporary = files.temporary(run, number, beside: path)
        guard try disk.removeIfPresent(temporary), let name = temporary.lastComponent else {
            return
        }
        cleared.append(path.removingLastComponent().appending(name))
        folders.insert(temporary.folder)
    }

    private mutating func clearPlaceholder(_ path: FilePath) throws(FileError) {
        guard try files.removePlaceholder(path) else { return }
        cleared.append(path)
        folders.insert(files.absolute(path).folder)
    }

    private func status(after act: Act) throws(FileError) -> FileStatus? {
        switch act {
        case .copy(_, let to, _, _, _), .bring(_, let to, _, _), .move(_, let to, _):
            try disk.statusIfPresent(of: files.absolute(to), followingLinks: false)
        case .remove, .removeAside, .makeFolder: nil
        }
    }
}
