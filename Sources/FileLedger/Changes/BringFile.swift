internal import CFileSystem
package import FaceCore
package import SystemPackage

extension Act {
    /// Moves the user's file at the absolute path `from`, perhaps on another disk, to `to`, if it
    /// still has the content `hash`.
    package static func bring(
        from: FilePath, to: FilePath, hash: ContentHash, byteCount: Int64
    ) -> Act {
        Act(BringFile(from: from, to: to, hash: hash, byteCount: byteCount))
    }
}

struct BringFile: FileChange {
    static let name = "bring"

    let from: FilePath
    let to: FilePath
    let hash: ContentHash
    let byteCount: Int64

    var effect: Act.Effect { .brings }
    var path: FilePath { to }
    var old: FilePath? { from }
    var new: FilePath? { to }
    var content: ContentHash? { hash }
    var length: Int64? { byteCount }
    var origin: FilePath? { from }

    var isWithinAlbum: Bool {
        from.isAbsolute && !from.hasParentSteps && to.isAlbumPath
            && Act.byteCounts.contains(byteCount)
    }
}

// Doing.
extension BringFile {
    func obstacle(_ item: inout Item, _ group: inout Group, _ writer: AlbumWriter)
        throws(FileError) -> ActOutcome?
    {
        if let refusal = try writer.refusal(to, &group) { return .failed(.refused(refusal)) }
        if let failure = reasonToLeave(writer) { return .failed(failure) }
        return try writer.conflict(to, hash: hash, byteCount: nil)
    }

    private func reasonToLeave(_ writer: AlbumWriter) -> ActFailure? {
        let disk = writer.disk
        if let failure = writer.standIns.reasonNotToMove(from, disk) { return failure }
        do throws(FileError) {
            switch try disk.statusIfPresent(of: from, followingLinks: false)?.kind {
            case nil: return .sourceMissing
            case .symbolicLink: return .sourceIsLink
            case .file: return try disk.hash(of: from).hash == hash ? nil : .sourceChanged
            case .folder, .other: return .sourceChanged
            }
        } catch {
            return error.isMissing ? .sourceMissing : .sourceUnreadable(error)
        }
    }

    func place(_ item: Item, _ folders: inout ChangedFolders, _ writer: AlbumWriter) throws(Stop) {
        let (disk, method) = (writer.disk, writer.traits.renameMethod)
        let place = writer.files.absolute(to)
        if let failure = writer.standIns.reasonNotToMove(from, disk) {
            throw .settled(.failed(failure))
        }
        do throws(FileError) {
            try disk.rename(from, to: place, method: method)
        } catch {
            guard error.errno == EXDEV else { throw stop(error) }
            try placeAcross(item, writer)
            return folders.insert(movedFrom: from, to: place)
        }
        if let failure = writer.standIns.failure(after: from, disk), isPutBack(place, writer) {
            throw .settled(.failed(failure))
        }
        folders.insert(movedFrom: from, to: place)
    }

    /// - Returns: whether it lies there again; else it is in the bin, and undo brings it back.
    private func isPutBack(_ place: FilePath, _ writer: AlbumWriter) -> Bool {
        do throws(FileError) {
            try writer.disk.rename(place, to: from, method: writer.traits.renameMethod)
            return true
        } catch {
            return false
        }
    }

    /// Between two disks: the original is removed only when its copy is durable and has its name.
    private func placeAcross(_ item: Item, _ writer: AlbumWriter) throws(Stop) {
        let (files, disk, method) = (writer.files, writer.disk, writer.traits.renameMethod)
        let temporary = writer.temporary(of: item)
        let place = files.absolute(to)
        do throws(FileError) {
            // The renaming that failed may have left the file that reserved the name.
            if method == .placeholder { _ = try files.removePlaceholder(to) }
        } catch {
            throw .refused(error)
        }
        do throws(CopyFailure) {
            _ = try files.make(temporary, from: from, hash: hash, byteCount: byteCount, link: .copy)
        } catch {
            throw Stop(error)
        }
        do throws(FileError) {
            try disk.synchronise(temporary)
            try disk.rename(temporary, to: place, method: method)
            try disk.synchroniseFolder(place.folder)
        } catch {
            throw .refused(error, clearing: temporary)
        }
        let reason = reasonToLeave(writer)
        do throws(FileError) {
            switch reason {
            case nil: try disk.remove(from)
            case .sourceMissing: break
            case .some: try disk.remove(place)
            }
        } catch {
            let stop = stop(error)
            // After a failure of the disk the next recovery checks whether the copy is the only one.
            guard stop.outcome != nil, reasonToLeave(writer) == nil else { throw stop }
            do throws(FileError) {
                try disk.removeIfPresent(place)
            } catch {
                throw .broken(error)
            }
            throw stop
        }
        if let reason, reason != .sourceMissing { throw .settled(.failed(reason)) }
    }

    /// When the user's folder does not release a file, only that file stays.
    private func stop(_ error: FileError) -> Stop {
        [EACCES, EPERM, EROFS, EBUSY].contains(error.errno)
            ? .settled(.failed(.sourceFixed(error))) : .refused(error)
    }
}

// Recovering.
extension BringFile {
    /// Where both files exist, the user's stays.
    ///
    /// - Returns: whether the file lies at its new path only.
    func isDone(_ entry: Entry, _ settlement: inout JournalSettlement) throws(FileError) -> Bool {
        let isHere = try isHereOnly(&settlement)
        try settlement.clearTemporary(entry.number, beside: to)
        return isHere
    }

    private func isHereOnly(_ settlement: inout JournalSettlement) throws(FileError) -> Bool {
        guard try settlement.holds(to, hash) else { return false }
        // When a file may belong to anybody, its existence is not checked.
        guard settlement.origins.allow(from) else { return true }
        switch settlement.files.verdict(from, hash: hash) {
        case .matches:
            try settlement.remove(to)
            return false
        // On a disk out of reach it may exist as well, which loses nothing.
        case .missing, .changed, .danglingLink, .unreadable: return true
        }
    }

    func settleUndo(_ entry: Entry, _ settlement: inout JournalSettlement) throws(FileError) {
        // Files outside are left alone unless this machine's user named their folder.
        guard settlement.origins.allow(from) else { return }
        try settlement.clearTemporary(entry.number, beside: from)
        let files = settlement.files
        if case .matches(let own, let leadsTo) = files.verdict(to, hash: hash) {
            // While our file is still there, nothing was undone, or only its removal is missing.
            if files.reasonToKeep(own, leadsTo: leadsTo, original: from, hash: hash) != nil {
                if entry.isPlacingBack { try settlement.clearPlaceholder(from) }
                return
            }
            try settlement.remove(to)
        }
        try settlement.revertIfBack(entry, at: from, hash)
    }
}

// Undoing: the user's file goes back to where it was, on any disk.
extension BringFile {
    func undo(_ entry: Entry, _ undoing: inout Undoing) throws(FileError) -> Undoing.Result {
        let (files, disk) = (undoing.files, undoing.disk)
        if case .link(let folder) = try files.check(folderOf: to) {
            return .left(KeptReason.folderIsLink(folder))
        }
        guard undoing.origins.allow(from) else {
            return .left("no run on this machine took it from '\(from)'")
        }
        let own: FileStatus
        let identity: FileIdentity
        switch files.verdict(to, hash: hash) {
        case .matches(let status, let leadsTo): (own, identity) = (status, leadsTo)
        case .missing:
            if case .matches(let status, _) = files.verdict(from, hash: hash) {
                return .reverted(status)
            }
            return .left(KeptReason.missing)
        case .changed, .danglingLink: return .left(KeptReason.changed)
        case .unreadable(let error): return .left(KeptReason.unreadable(error))
        }
        do throws(FileError) {
            if let there = try disk.statusIfPresent(of: from, followingLinks: false) {
                let reason = files.reasonToKeep(own, leadsTo: identity, original: from, hash: hash)
                guard reason == nil else { return .left("another file is where it was") }
                // Somebody has already put the same photo back.
                _ = try undoing.remove(to)
                return .reverted(there)
            }
            try disk.makeFolders(from.folder)
            do throws(FileError) {
                return try undoing.place(entry, files.absolute(to), at: from)
            } catch  where error.errno == EXDEV {
                return try undoAcross(entry, &undoing)
            }
        } catch {
            guard [EACCES, EPERM, EROFS].contains(error.errno) else { throw error }
            return .left("its folder does not take it back: \(error.sentence)")
        }
    }

    /// Between two disks: ours is removed only when the user's is durable and has its name.
    private func undoAcross(_ entry: Entry, _ undoing: inout Undoing) throws(FileError)
        -> Undoing.Result
    {
        let (files, disk) = (undoing.files, undoing.disk)
        let temporary = files.temporary(undoing.run, entry.number, beside: from)
        do throws(CopyFailure) {
            _ = try files.make(
                temporary, from: files.absolute(to), hash: hash, byteCount: byteCount, link: .copy)
        } catch {
            switch error {
            case .failed(let failure): return .left(failure.sentence)
            case .disk(let error): throw error
            }
        }
        do {
            try disk.synchronise(temporary)
            // That other disk may treat names differently from the album's.
            try undoing.journal.append([Journal.placing(.placingBack, [entry.number])])
            do {
                try disk.rename(temporary, to: from, method: .noReplace)
            } catch  where [EINVAL, ENOSYS, ENOTSUP].contains(error.errno) {
                try disk.rename(temporary, to: from, method: .placeholder)
            }
            try disk.synchroniseFolder(from.folder)
        } catch {
            try? disk.remove(temporary)
            throw error
        }
        _ = try undoing.remove(to)
        return .reverted(try disk.status(of: from, followingLinks: false))
    }
}
