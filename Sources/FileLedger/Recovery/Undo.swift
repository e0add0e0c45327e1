package import FaceCore
package import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

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
        disk: Disk = Disk(), otherOriginals: (ContentHash) -> [FilePath] = { _ in [] },
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
                origins: origins, journal: journal)
            var failure: FileError?
            do throws(FileError) {
                for entry in entries[start..<end] {
                    if isCancelled() { break }
                    try undoing.undo(entry, otherOriginals)
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

private struct Undoing {
    let files: AlbumFiles
    let run: String
    let method: RenameMethod
    /// The run that each file in the album now belongs to.
    let owners: [FilePath: String]
    let origins: Origins
    let journal: Journal
    var lines: [JournalLine] = []
    var reverted: [RevertedAct] = []
    var left: [LeftAct] = []
    var folders = ChangedFolders()
    private var disk: Disk { files.disk }

    /// The result of undoing one act.
    private enum Result {
        case reverted(FileStatus?)
        case left(String)
    }

    mutating func undo(
        _ entry: JournalRecord.Entry, _ otherOriginals: (ContentHash) -> [FilePath]
    ) throws(FileError) {
        let result: Result
        switch entry.act {
        case .copy(let source, let to, let hash, _, _):
            result = try undoCopy(source, to, hash, [source] + otherOriginals(hash))
        case .bring(let from, let to, let hash, let byteCount):
            result = try giveBack(entry, to, at: from, hash, byteCount)
        case .move(let from, let to, let hash):
            result = try moveBack(entry, from: to, to: from, hash)
        case .remove(let path, let hash, let original):
            result = try restore(entry, path, hash, [original] + otherOriginals(hash))
        case .removeAside(let path, let hash):
            result =
                if let aside = entry.aside, try files.isPresent(aside) {
                    try moveBack(entry, from: aside, to: path, hash)
                } else {
                    try restore(entry, path, hash, otherOriginals(hash))
                }
        case .makeFolder(let path): result = try removeFolder(path)
        }
        switch result {
        case .reverted(let status):
            lines.append(Journal.line(.reverted, entry.number))
            reverted.append(RevertedAct(act: entry.act, status: status))
        case .left(let reason): left.append(LeftAct(act: entry.act, reason: reason))
        }
    }

    private mutating func undoCopy(
        _ source: FilePath, _ to: FilePath, _ hash: ContentHash, _ originals: [FilePath]
    ) throws(FileError) -> Result {
        if case .link(let folder) = try files.check(folderOf: to) {
            return .left(KeptReason.folderIsLink(folder).sentence)
        }
        if let owner = owners[to], owner != run { return .left("run '\(owner)' wrote it again") }
        let place = files.absolute(to)
        guard let own = try disk.statusIfPresent(of: place, followingLinks: false) else {
            return .reverted(nil)
        }
        if own.kind == .symbolicLink {
            guard try disk.linkTarget(of: place) == source else {
                return .left(KeptReason.changed.sentence)
            }
        } else {
            switch files.verdict(to, hash: hash) {
            case .matches(let own, let leadsTo):
                let reasons = originals.map {
                    files.reasonToKeep(own, leadsTo: leadsTo, original: $0, hash: hash)
                }
                // The reason about the path that the run itself copied from says most.
                if let reason = reasons.contains(nil) ? nil : reasons[0] {
                    return .left(reason.sentence)
                }
            case .missing: return .reverted(nil)
            case .changed, .danglingLink: return .left(KeptReason.changed.sentence)
            case .unreadable(let error): return .left(KeptReason.unreadable(error).sentence)
            }
        }
        try disk.remove(place)
        folders.insert(place.folder)
        return .reverted(nil)
    }

    private mutating func moveBack(
        _ entry: JournalRecord.Entry, from: FilePath, to: FilePath, _ hash: ContentHash
    ) throws(FileError) -> Result {
        for path in [from, to] {
            if case .link(let folder) = try files.check(folderOf: path) {
                return .left(KeptReason.folderIsLink(folder).sentence)
            }
        }
        switch files.verdict(from, hash: hash) {
        case .matches, .danglingLink: break
        case .missing:
            if case .matches(let status, _) = files.verdict(to, hash: hash) {
                return .reverted(status)
            }
            return .left(KeptReason.missing.sentence)
        case .changed: return .left(KeptReason.changed.sentence)
        case .unreadable(let error): return .left(KeptReason.unreadable(error).sentence)
        }
        guard try !files.isPresent(to) else { return .left("'\(to)' is something else now") }
        return try place(entry, files.absolute(from), at: to)
    }

    /// Moves the user's file back to where it was, on any disk.
    private mutating func giveBack(
        _ entry: JournalRecord.Entry, _ path: FilePath, at original: FilePath, _ hash: ContentHash,
        _ byteCount: Int64
    ) throws(FileError) -> Result {
        if case .link(let folder) = try files.check(folderOf: path) {
            return .left(KeptReason.folderIsLink(folder).sentence)
        }
        guard origins.allow(original) else {
            return .left("no run on this machine took it from '\(original)'")
        }
        let own: FileStatus
        let identity: FileIdentity
        switch files.verdict(path, hash: hash) {
        case .matches(let status, let leadsTo): (own, identity) = (status, leadsTo)
        case .missing:
            if case .matches(let status, _) = files.verdict(original, hash: hash) {
                return .reverted(status)
            }
            return .left(KeptReason.missing.sentence)
        case .changed, .danglingLink: return .left(KeptReason.changed.sentence)
        case .unreadable(let error): return .left(KeptReason.unreadable(error).sentence)
        }
        do throws(FileError) {
            if let there = try disk.statusIfPresent(of: original, followingLinks: false) {
                let reason = files.reasonToKeep(
                    own, leadsTo: identity, original: original, hash: hash)
                guard reason == nil else { return .left("another file is where it was") }
                // Somebody has already put the same photo back.
                try disk.remove(files.absolute(path))
                folders.insert(files.absolute(path).folder)
                return .reverted(there)
            }
            try disk.makeFolders(original.folder)
            do throws(FileError) {
                return try place(entry, files.absolute(path), at: original)
            } catch  where error.errno == EXDEV {
                return try giveBackAcross(entry, path, at: original, hash, byteCount)
            }
        } catch {
            guard [EACCES, EPERM, EROFS].contains(error.errno) else { throw error }
            return .left("its folder does not take it back: \(error.sentence)")
        }
    }

    /// Between two disks: ours is removed only when the user's is durable and has its name.
    private mutating func giveBackAcross(
        _ entry: JournalRecord.Entry, _ path: FilePath, at original: FilePath, _ hash: ContentHash,
        _ byteCount: Int64
    ) throws(FileError) -> Result {
        let temporary = files.temporary(run, entry.number, beside: original)
        do throws(CopyFailure) {
            _ = try files.make(
                temporary, from: files.absolute(path), hash: hash, byteCount: byteCount, link: .copy
            )
        } catch {
            switch error {
            case .failed(let failure): return .left(failure.sentence)
            case .disk(let error): throw error
            }
        }
        do {
            try disk.synchronise(temporary)
            // That other disk may treat names differently from the album's.
            try journal.append([Journal.placing(.placingBack, [entry.number])])
            do {
                try disk.rename(temporary, to: original, method: .noReplace)
            } catch  where [EINVAL, ENOSYS, ENOTSUP].contains(error.errno) {
                try disk.rename(temporary, to: original, method: .placeholder)
            }
            try disk.synchroniseFolder(original.folder)
        } catch {
            try? disk.remove(temporary)
            throw error
        }
        try disk.remove(files.absolute(path))
        folders.insert(files.absolute(path).folder)
        return .reverted(try disk.status(of: original, followingLinks: false))
    }

    private mutating func restore(
        _ entry: JournalRecord.Entry, _ path: FilePath, _ hash: ContentHash,
        _ originals: [FilePath]
    ) throws(FileError) -> Result {
        if case .link(let folder) = try files.check(folderOf: path) {
            return .left(KeptReason.folderIsLink(folder).sentence)
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
            try makeFolder(of: path)
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
    private mutating func place(
        _ entry: JournalRecord.Entry, _ file: FilePath, at path: FilePath
    ) throws(FileError) -> Result {
        try makeFolder(of: path)
        if method == .placeholder {
            try journal.append([Journal.placing(.placingBack, [entry.number])])
        }
        let target = files.absolute(path)
        try disk.rename(file, to: target, method: method)
        folders.insert(movedFrom: file, to: target)
        return .reverted(try disk.status(of: target, followingLinks: false))
    }

    private func makeFolder(of path: FilePath) throws(FileError) {
        try files.makeFolders(for: path)
    }

    private mutating func removeFolder(_ path: FilePath) throws(FileError) -> Result {
        let place = files.absolute(path)
        guard let status = try disk.statusIfPresent(of: place, followingLinks: false) else {
            return .reverted(nil)
        }
        guard status.kind == .folder else { return .left("it is no folder any more") }
        guard try disk.entries(of: place).isEmpty else { return .left("it holds other files") }
        try disk.removeFolder(place)
        folders.insert(place.folder)
        return .reverted(nil)
    }
}
