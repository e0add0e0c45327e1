internal import FaceCore
internal import SystemPackage

/// Finds out which acts of a killed run were done or undone, and clears what was half done. Each kind
/// of change decides for itself (``FileChange``), with the steps below.
struct JournalSettlement {
    let files: AlbumFiles
    let run: String
    let origins: Origins
    var lines: [JournalLine] = []
    var found: [PerformedAct] = []
    var reverted: [RevertedAct] = []
    var cleared: [FilePath] = []
    var folders = ChangedFolders()
    var disk: Disk { files.disk }

    mutating func settle(_ entry: JournalRecord.Entry) throws(FileError) {
        guard try entry.act.change.isDone(entry, &self) else {
            if entry.isPlacing, let target = entry.aside ?? entry.act.new {
                try clearPlaceholder(target)
            }
            lines.append(Journal.line(.dropped, entry.number))
            return
        }
        flush(entry)
        let performed = PerformedAct(
            index: nil, number: entry.number, act: entry.act,
            status: try files.status(after: entry.act), aside: entry.aside, note: nil)
        found.append(performed)
        lines.append(Journal.done(performed))
    }

    /// What a killed run did or undid last may not be durable yet.
    private mutating func flush(_ entry: JournalRecord.Entry, isReverted: Bool = false) {
        let act = entry.act
        let (old, new) = (act.old ?? act.path, entry.aside ?? act.new ?? act.path)
        folders.insert(
            movedFrom: files.absolute(isReverted ? new : old),
            to: files.absolute(isReverted ? old : new))
    }

    /// Notes that an act was undone.
    mutating func revert(_ entry: JournalRecord.Entry, _ status: FileStatus?) {
        flush(entry, isReverted: true)
        reverted.append(RevertedAct(act: entry.act, status: status))
        lines.append(Journal.line(.reverted, entry.number))
    }

    /// Notes that an act was undone if the file lies at `path` again.
    mutating func revertIfBack(
        _ entry: JournalRecord.Entry, at path: FilePath, _ hash: ContentHash
    ) throws(FileError) {
        switch files.verdict(path, hash: hash) {
        case .matches(let status, _): revert(entry, status)
        case .changed where entry.isPlacingBack: try clearPlaceholder(path)
        case .changed, .missing, .danglingLink: break
        case .unreadable(let error): throw error
        }
    }

    /// Whether the file at `path` has the content `hash`.
    func holds(_ path: FilePath, _ hash: ContentHash) throws(FileError) -> Bool {
        switch files.verdict(path, hash: hash) {
        case .matches: return true
        case .missing, .changed, .danglingLink: return false
        case .unreadable(let error): throw error
        }
    }

    /// - Returns: whether the file lies at its new path only. If it had to be linked there and
    ///   still has both names, the old one is removed.
    mutating func finishMove(
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

    /// Removes a file of ours.
    mutating func remove(_ path: FilePath) throws(FileError) {
        try disk.remove(files.absolute(path))
        folders.insert(files.absolute(path).folder)
    }

    mutating func clearTemporary(_ number: Int, beside path: FilePath) throws(FileError) {
        let temporary = files.temporary(run, number, beside: path)
        guard try disk.removeIfPresent(temporary), let name = temporary.lastComponent else {
            return
        }
        cleared.append(path.removingLastComponent().appending(name))
        folders.insert(temporary.folder)
    }

    mutating func clearPlaceholder(_ path: FilePath) throws(FileError) {
        guard try files.removePlaceholder(path) else { return }
        cleared.append(path)
        folders.insert(files.absolute(path).folder)
    }
}
