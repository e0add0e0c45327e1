internal import FaceCore
internal import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

// The acts themselves. They throw nothing: a failing disk ends the group, which is then completed.
extension AlbumWriter {
    func copy(_ group: inout Group, _ isCancelled: () -> Bool) {
        writeTemporaries(&group, isCancelled)
        for index in group.items.indices where group.items[index].isReady {
            guard case .copy(_, let to, _, _, _) = group.items[index].act else { continue }
            let temporary = files.temporary(
                journal.header.run, group.items[index].number, beside: to)
            do throws(FileError) {
                // A link has no content of its own, and flushing its original is not our task.
                if try disk.status(of: temporary, followingLinks: false).kind == .file {
                    try disk.synchronise(temporary)
                }
            } catch {
                fail(&group, index, error, clearing: temporary)
            }
        }
        announcePlaceholders(&group)
        for index in group.items.indices where group.items[index].isReady {
            guard case .copy(_, let to, _, _, _) = group.items[index].act else { continue }
            let temporary = files.temporary(
                journal.header.run, group.items[index].number, beside: to)
            do throws(FileError) {
                try disk.rename(temporary, to: files.absolute(to), method: traits.renameMethod)
                group.items[index].isPlaced = true
                group.folders.insert(temporary.folder)
            } catch {
                fail(&group, index, error, clearing: temporary)
            }
        }
    }

    func writeTemporaries(_ group: inout Group, _ isCancelled: () -> Bool) {
        for index in group.items.indices where group.items[index].outcome == nil {
            guard group.failure == nil, !isCancelled() else { return }
            guard
                case .copy(let source, let to, let hash, let byteCount, let link) =
                    group.items[index].act
            else { continue }
            let temporary = files.temporary(
                journal.header.run, group.items[index].number, beside: to)
            do throws(CopyFailure) {
                group.items[index].note = try files.make(
                    temporary, from: source, hash: hash, byteCount: byteCount, link: link)
                group.items[index].isReady = true
            } catch {
                fail(&group, index, error)
            }
        }
    }

    func moveEach(_ group: inout Group, _ isCancelled: () -> Bool) {
        for index in group.items.indices where group.items[index].outcome == nil {
            group.items[index].isReady = true
        }
        announcePlaceholders(&group)
        for index in group.items.indices where group.items[index].isReady {
            guard group.failure == nil, !isCancelled() else { return }
            let from: FilePath
            let to: FilePath
            switch group.items[index].act {
            case .move(let source, let target, _): (from, to) = (source, target)
            case .removeAside(let path, _):
                guard let aside = group.items[index].aside else { continue }
                (from, to) = (path, aside)
            case .copy, .bring, .remove, .makeFolder: continue
            }
            do throws(FileError) {
                try move(from: from, to: to)
                group.items[index].isPlaced = true
                group.folders.insert(movedFrom: files.absolute(from), to: files.absolute(to))
            } catch {
                fail(&group, index, error, clearing: nil)
            }
        }
    }

    func bringEach(_ group: inout Group, _ isCancelled: () -> Bool) {
        for index in group.items.indices where group.items[index].outcome == nil {
            group.items[index].isReady = true
        }
        announcePlaceholders(&group)
        for index in group.items.indices where group.items[index].isReady {
            guard group.failure == nil, !isCancelled() else { return }
            guard case .bring(let from, let to, _, _) = group.items[index].act else { continue }
            let place = files.absolute(to)
            if let failure = standIns.reasonNotToMove(from, disk) {
                group.items[index].outcome = .failed(failure)
                continue
            }
            do throws(FileError) {
                try disk.rename(from, to: place, method: traits.renameMethod)
                if let failure = standIns.failure(after: from, disk), putBack(place, to: from) {
                    group.items[index].outcome = .failed(failure)
                    continue
                }
                group.items[index].isPlaced = true
                group.folders.insert(movedFrom: from, to: place)
            } catch  where error.errno == EXDEV {
                bringAcross(&group, index)
            } catch {
                failBringing(&group, index, error)
            }
        }
    }

    /// - Returns: whether it lies there again; else it is in the bin, and undo brings it back.
    func putBack(_ place: FilePath, to from: FilePath) -> Bool {
        do throws(FileError) {
            try disk.rename(place, to: from, method: traits.renameMethod)
            return true
        } catch {
            return false
        }
    }

    /// Between two disks: the original is removed only when its copy is durable and has its name.
    func bringAcross(_ group: inout Group, _ index: Int) {
        do throws(FileError) {
            // The renaming that failed may have left the file that reserved the name.
            if traits.renameMethod == .placeholder {
                _ = try files.removePlaceholder(group.items[index].act.path)
            }
        } catch {
            return fail(&group, index, error, clearing: nil)
        }
        guard case .bring(let from, let to, let hash, let byteCount) = group.items[index].act
        else { return }
        let temporary = files.temporary(
            journal.header.run, group.items[index].number, beside: to)
        let place = files.absolute(to)
        do throws(CopyFailure) {
            _ = try files.make(
                temporary, from: from, hash: hash, byteCount: byteCount, link: .copy)
        } catch {
            return fail(&group, index, error)
        }
        do throws(FileError) {
            try disk.synchronise(temporary)
            try disk.rename(temporary, to: place, method: traits.renameMethod)
            try disk.synchroniseFolder(place.folder)
        } catch {
            return fail(&group, index, error, clearing: temporary)
        }
        do throws(FileError) {
            switch reasonNotToBring(from, hash) {
            case nil: try disk.remove(from)
            case .sourceMissing: break
            case let failure?:
                group.items[index].outcome = .failed(failure)
                return try disk.remove(place)
            }
            group.items[index].isPlaced = true
            group.folders.insert(movedFrom: from, to: place)
        } catch {
            failBringing(&group, index, error)
            // Otherwise the next recovery checks whether the copy is the only one.
            guard !group.items[index].isUnclear, reasonNotToBring(from, hash) == nil else { return }
            do throws(FileError) {
                try disk.removeIfPresent(place)
            } catch {
                group.items[index].isUnclear = true
                group.failure = group.failure ?? error
            }
        }
    }

    /// When the user's folder does not release a file, only that file stays.
    func failBringing(_ group: inout Group, _ index: Int, _ error: FileError) {
        guard [EACCES, EPERM, EROFS, EBUSY].contains(error.errno) else {
            return fail(&group, index, error, clearing: nil)
        }
        group.items[index].outcome = .failed(.sourceFixed(error))
    }

    func move(from: FilePath, to: FilePath) throws(FileError) {
        if to.components.first == AlbumFolder.stateName {
            try files.makeFolders(for: to)
        }
        // On a disk that takes both names for one, the file lies there already.
        if isSameName(from, to), try files.isPresent(to) { return }
        try disk.rename(files.absolute(from), to: files.absolute(to), method: traits.renameMethod)
    }

    func removeEach(_ group: inout Group, _ isCancelled: () -> Bool) {
        for index in group.items.indices where group.items[index].outcome == nil {
            guard group.failure == nil, !isCancelled() else { return }
            guard case .remove(let path, let hash, let original) = group.items[index].act else {
                continue
            }
            if let reason = reasonToKeep(path, hash, original) {
                group.items[index].outcome = .kept(reason)
                continue
            }
            do throws(FileError) {
                try disk.remove(files.absolute(path))
                group.items[index].isPlaced = true
                group.folders.insert(files.absolute(path).folder)
            } catch {
                fail(&group, index, error, clearing: nil)
            }
        }
    }

    func reasonToKeep(
        _ path: FilePath, _ hash: ContentHash, _ original: FilePath
    ) -> KeptReason? {
        switch files.verdict(path, hash: hash) {
        case .matches(let own, let leadsTo):
            files.reasonToKeep(own, leadsTo: leadsTo, original: original, hash: hash)
        case .danglingLink: .originalMissing
        case .missing: .missing
        case .changed: .changed
        case .unreadable(let error): .unreadable(error)
        }
    }

    func makeEach(_ group: inout Group) {
        for index in group.items.indices where group.items[index].outcome == nil {
            guard group.failure == nil else { return }
            let folder = files.absolute(group.items[index].act.path)
            do throws(FileError) {
                try disk.makeFolder(folder)
                group.items[index].isPlaced = true
                group.folders.insert(folder.folder)
            } catch  where error.isTaken && group.items[index].index == nil {
                // Somebody else made it meanwhile; that is fine.
                group.items[index].outcome = .conflict(holdsSameBytes: false)
            } catch {
                fail(&group, index, error, clearing: nil)
            }
        }
    }

    /// Where only a placeholder can reserve a name, the journal first says that nothing lay there;
    /// so an empty file left by a crash is known to be ours.
    func announcePlaceholders(_ group: inout Group) {
        guard traits.renameMethod == .placeholder else { return }
        let ready = group.items.indices.filter { group.items[$0].isReady }
        do throws(FileError) {
            var free: [Int] = []
            for index in ready {
                let item = group.items[index]
                if try !files.isPresent(item.aside ?? item.act.path) { free.append(item.number) }
            }
            if !free.isEmpty { try journal.append([Journal.placing(.placing, free)]) }
        } catch {
            for index in ready {
                let item = group.items[index]
                let temporary = files.temporary(
                    journal.header.run, item.number, beside: item.act.path)
                fail(&group, index, error, clearing: item.act.kind == .copy ? temporary : nil)
            }
        }
    }

    /// Removes an act from its group because the copy it needs was not made.
    func fail(_ group: inout Group, _ index: Int, _ error: CopyFailure) {
        // The file is durably gone before the journal says that nothing is left.
        group.folders.insert(files.absolute(group.items[index].act.path).folder)
        switch error {
        case .failed(let failure): group.items[index].outcome = .failed(failure)
        case .disk(let error):
            group.failure = error
            group.items[index].isUnclear = true
        }
    }

    /// Removes an act from its group because the disk refused one of its steps.
    func fail(
        _ group: inout Group, _ index: Int, _ error: FileError, clearing temporary: FilePath?
    ) {
        group.items[index].isReady = false
        var failure: FileError?
        if error.isTaken {
            group.items[index].outcome = .conflict(holdsSameBytes: false)
        } else if error.isNameRefused || (error.isMissing && error.operation != .remove) {
            // For a name that it does not accept, FAT reports that it does not exist.
            group.items[index].outcome = .failed(.refused(error))
        } else {
            failure = error
        }
        do throws(FileError) {
            if let temporary {
                try disk.removeIfPresent(temporary)
                group.folders.insert(temporary.folder)
            }
        } catch {
            failure = failure ?? error
        }
        if let failure {
            group.items[index].isUnclear = true
            group.failure = group.failure ?? failure
        }
    }
}
