internal import FaceCore
internal import SystemPackage

/// Undoes a group of acts. Each kind of change undoes itself (``FileChange``), with the steps below.
struct Undoing {
    let files: AlbumFiles
    let run: String
    let method: RenameMethod
    /// The run that each file in the album now belongs to.
    let owners: [FilePath: String]
    let origins: Origins
    let journal: Journal
    /// Where else files of a content may lie, absolute.
    let otherOriginals: (ContentHash) -> [FilePath]
    var lines: [JournalLine] = []
    var reverted: [RevertedAct] = []
    var left: [LeftAct] = []
    var folders = ChangedFolders()
    var disk: Disk { files.disk }

    /// The result of undoing one act.
    enum Result {
        case reverted(FileStatus?)
        case left(String)

        static func left(_ reason: KeptReason) -> Result { .left(reason.sentence) }
    }

    mutating func undo(_ entry: JournalRecord.Entry) throws(FileError) {
        switch try entry.act.change.undo(entry, &self) {
        case .reverted(let status):
            lines.append(Journal.line(.reverted, entry.number))
            reverted.append(RevertedAct(act: entry.act, status: status))
        case .left(let reason): left.append(LeftAct(act: entry.act, reason: reason))
        }
    }

    /// Why a file that a run added is not looked at any further; `nil` when it lies there and no
    /// later run wrote it.
    func reasonNotToRemove(_ path: FilePath) throws(FileError) -> Result? {
        if case .link(let folder) = try files.check(folderOf: path) {
            return .left(.folderIsLink(folder))
        }
        if let owner = owners[path], owner != run { return .left("run '\(owner)' wrote it again") }
        return try files.isPresent(path) ? nil : .reverted(nil)
    }

    /// Removes a file of ours.
    mutating func remove(_ path: FilePath) throws(FileError) -> Result {
        try disk.remove(files.absolute(path))
        folders.insert(files.absolute(path).folder)
        return .reverted(nil)
    }

    mutating func moveBack(
        _ entry: JournalRecord.Entry, from: FilePath, to: FilePath, _ hash: ContentHash
    ) throws(FileError) -> Result {
        for path in [from, to] {
            if case .link(let folder) = try files.check(folderOf: path) {
                return .left(.folderIsLink(folder))
            }
        }
        switch files.verdict(from, hash: hash) {
        case .matches, .danglingLink: break
        case .missing:
            if case .matches(let status, _) = files.verdict(to, hash: hash) {
                return .reverted(status)
            }
            return .left(.missing)
        case .changed: return .left(.changed)
        case .unreadable(let error): return .left(.unreadable(error))
        }
        guard try !files.isPresent(to) else { return .left("'\(to)' is something else now") }
        return try place(entry, files.absolute(from), at: to)
    }

    mutating func restore(
        _ entry: JournalRecord.Entry, _ path: FilePath, _ hash: ContentHash,
        _ originals: [FilePath]
    ) throws(FileError) -> Result {
        if case .link(let folder) = try files.check(folderOf: path) {
            return .left(.folderIsLink(folder))
        }
        if try files.isPresent(path) {
            if case .matches(let status, _) = files.verdict(path, hash: hash) {
                return .reverted(status)
            }
            return .left("another file is there now")
        }
        var reason = KeptReason.originalMissing.sentence
        for original in originals {
            let status: FileStatus?
            do {
                status = try disk.statusIfPresent(of: original)
            } catch {
                reason = KeptReason.originalUnreadable(error).sentence
                continue
            }
            guard let status, status.kind == .file else { continue }
            let temporary = files.temporary(run, entry.number, beside: path)
            try files.makeFolders(for: path)
            do throws(CopyFailure) {
                _ = try files.make(
                    temporary, from: original, hash: hash, byteCount: status.byteCount,
                    link: .copy)
            } catch {
                switch error {
                case .failed(let failure): reason = failure.sentence
                case .disk(let error): throw error
                }
                continue
            }
            do {
                try disk.synchronise(temporary)
                return try place(entry, temporary, at: path)
            } catch {
                try? disk.remove(temporary)
                throw error
            }
        }
        return .left(reason)
    }

    /// Gives the file at the absolute path `file` its old name.
    mutating func place(
        _ entry: JournalRecord.Entry, _ file: FilePath, at path: FilePath
    ) throws(FileError) -> Result {
        try files.makeFolders(for: path)
        if method == .placeholder {
            try journal.append([Journal.placing(.placingBack, [entry.number])])
        }
        let target = files.absolute(path)
        try disk.rename(file, to: target, method: method)
        folders.insert(movedFrom: file, to: target)
        return .reverted(try disk.status(of: target, followingLinks: false))
    }
}
