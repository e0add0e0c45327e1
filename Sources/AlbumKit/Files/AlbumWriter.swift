internal import FaceCore
internal import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Changes an album so that it can be killed at any moment: no half-written file ever bears a final
/// name, nothing is overwritten, and the journal knows what was under way.
package struct AlbumWriter {
    private let journal: Journal
    private let files: AlbumFiles
    private let traits: FileSystemTraits
    private let standIns: StandInFiles
    private var disk: Disk { files.disk }

    /// - Parameter standIns: what stays for files that are brought.
    package init(
        album: AlbumFolder, journal: Journal, traits: FileSystemTraits,
        standIns: StandInFiles = StandInFiles(), disk: Disk = Disk()
    ) {
        self.standIns = standIns
        self.journal = journal
        self.traits = traits
        files = AlbumFiles(album: album, disk: disk)
    }

    /// Does the acts in order. Folders that are missing for a file are made and journalled first.
    ///
    /// Neighbours of one kind are done in groups of up to 64; an act never comes before one of
    /// another kind that stands before it.
    ///
    /// - Parameters:
    ///   - isCancelled: asked between files; what was begun is completed.
    ///   - recorded: called after each group with what was done, when that is durable.
    /// - Returns: one outcome for each act, in the same order.
    /// - Throws: ``FileError`` when the disk is full, read-only or broken, after what was begun is
    ///   completed or cleared, as far as the disk lets us; or what `recorded` threw.
    package func perform(
        _ acts: [Act], isCancelled: () -> Bool = { false },
        recorded: ([PerformedAct]) throws -> Void = { _ in }
    ) throws -> [ActOutcome] {
        precondition(acts.allSatisfy(\.isWithinAlbum), "an act leads out of the album")
        var outcomes = [ActOutcome](repeating: .notReached, count: acts.count)
        var start = 0
        while start < acts.count, !isCancelled() {
            let kind = acts[start].kind
            let end = acts.endOfGroup(from: start, traits: traits) { $0.kind == kind }
            var group = Group(items: (start..<end).map { Item(index: $0, act: acts[$0]) })
            try run(&group, kind, isCancelled)
            for item in group.items {
                if let index = item.index, let outcome = item.outcome { outcomes[index] = outcome }
            }
            let performed = group.items.compactMap(\.performed)
            if !performed.isEmpty { try recorded(performed) }
            if let failure = group.failure { throw failure }
            start = end
        }
        return outcomes
    }

    /// One act on its way.
    private struct Item {
        let index: Int?
        let act: Act
        var number = 0
        var aside: FilePath?
        var note: String?
        var outcome: ActOutcome?
        /// The temporary file is made, or the final step may be taken.
        var isReady = false
        /// The final step was taken.
        var isPlaced = false
        /// The disk failed in the midst of it: the next recovery finds out what became of it.
        var isUnclear = false

        var performed: PerformedAct? {
            if case .done(let performed) = outcome { performed } else { nil }
        }

        mutating func settle(_ status: FileStatus? = nil) {
            outcome = .done(
                PerformedAct(
                    index: index, number: number, act: act, status: status, aside: aside,
                    note: note))
        }
    }

    private struct Group {
        var items: [Item]
        /// The disk failed: what is begun is completed, nothing else is.
        var failure: FileError?
        var folders = ChangedFolders()
        /// Checks by folder; forgotten when a folder was made.
        var checks: [FilePath: AlbumFiles.FolderCheck] = [:]
        /// Folders that the file system does not take.
        var refusals: [FilePath: FileError] = [:]
    }

    private func run(_ group: inout Group, _ kind: Act.Kind, _ isCancelled: () -> Bool) throws {
        try prepare(&group)
        try intend(&group)
        switch kind {
        case .copy: copy(&group, isCancelled)
        case .bring: bringEach(&group, isCancelled)
        case .move, .removeAside: moveEach(&group, isCancelled)
        case .remove: removeEach(&group, isCancelled)
        case .makeFolder: makeEach(&group)
        }
        try complete(&group)
    }
}

// Before: what can be done, in which folders.
extension AlbumWriter {
    private func prepare(_ group: inout Group) throws {
        var missing: [FilePath] = []
        var isListed: Set<FilePath> = []
        for index in group.items.indices {
            let act = group.items[index].act
            switch act {
            case .copy, .bring, .move, .makeFolder: break
            case .remove, .removeAside: continue
            }
            switch try check(act.path, &group) {
            case .ready: break
            case .missing(let folders):
                missing += folders.filter { isListed.insert($0).inserted }
            case .link(let folder): group.items[index].outcome = .failed(.folderIsLink(folder))
            case .blocked(let error): group.items[index].outcome = .failed(.refused(error))
            }
        }
        if !missing.isEmpty {
            try makeOnTheWay(missing, &group)
            group.checks = [:]
        }
        for index in group.items.indices where group.items[index].outcome == nil {
            var item = group.items[index]
            item.outcome = try obstacle(&item, &group)
            group.items[index] = item
        }
    }

    private func check(
        _ path: FilePath, _ group: inout Group
    ) throws(FileError) -> AlbumFiles.FolderCheck {
        let folder = path.folder
        if let check = group.checks[folder] { return check }
        let check = try files.check(folderOf: path)
        group.checks[folder] = check
        return check
    }

    /// Makes the folders that files of `group` need; they come first among its items.
    private func makeOnTheWay(_ folders: [FilePath], _ group: inout Group) throws {
        var making = Group(items: folders.map { Item(index: nil, act: .makeFolder($0)) })
        try intend(&making)
        makeEach(&making)
        try complete(&making)
        for item in making.items {
            if case .failed(.refused(let error)) = item.outcome {
                group.refusals[item.act.path] = error
            }
        }
        group.items.insert(contentsOf: making.items.filter { $0.performed != nil }, at: 0)
        group.failure = making.failure
    }

    /// - Returns: why the act cannot be begun.
    private func obstacle(_ item: inout Item, _ group: inout Group) throws -> ActOutcome? {
        guard group.failure == nil else { return .notReached }
        do throws(FileError) {
            switch item.act {
            case .copy(_, let to, let hash, let byteCount, _):
                if let refusal = try refusal(to, &group) { return .failed(.refused(refusal)) }
                return try conflict(to, hash: hash, byteCount: byteCount)
            case .bring(let from, let to, let hash, _):
                if let refusal = try refusal(to, &group) { return .failed(.refused(refusal)) }
                if let failure = reasonNotToBring(from, hash) { return .failed(failure) }
                return try conflict(to, hash: hash, byteCount: nil)
            case .move(let from, let to, let hash):
                if let refusal = try refusal(to, &group) { return .failed(.refused(refusal)) }
                if let reason = try reasonToKeep(from, hash, &group) { return .kept(reason) }
                return isSameName(from, to) ? nil : try conflict(to, hash: hash, byteCount: nil)
            case .remove(let path, _, _):
                if case .link(let folder) = try check(path, &group) {
                    return .kept(.folderIsLink(folder))
                }
                return nil
            case .removeAside(let path, let hash):
                if let reason = try reasonToKeep(path, hash, &group) { return .kept(reason) }
                item.aside = try asidePath(path)
                return nil
            case .makeFolder(let path):
                guard
                    let status = try disk.statusIfPresent(
                        of: files.absolute(path), followingLinks: false)
                else { return nil }
                guard status.kind == .folder else { return .conflict(holdsSameBytes: false) }
                item.settle()
                return item.outcome
            }
        } catch {
            guard error.isNameRefused || error.errno == EINVAL else { throw error }
            return .failed(.refused(error))
        }
    }

    /// Why the folder of `path` is still missing after it should have been made.
    private func refusal(_ path: FilePath, _ group: inout Group) throws(FileError) -> FileError? {
        switch try check(path, &group) {
        case .ready, .link: nil
        case .blocked(let error): error
        case .missing(let folders): folders.compactMap { group.refusals[$0] }.first
        }
    }

    private func conflict(
        _ path: FilePath, hash: ContentHash, byteCount: Int64?
    ) throws(FileError) -> ActOutcome? {
        let place = files.absolute(path)
        guard let found = try disk.statusIfPresent(of: place, followingLinks: false) else {
            return nil
        }
        guard found.kind == .file, byteCount == nil || found.byteCount == byteCount else {
            return .conflict(holdsSameBytes: false)
        }
        return .conflict(holdsSameBytes: (try? disk.hash(of: place).hash) == hash)
    }

    private func reasonToKeep(
        _ path: FilePath, _ hash: ContentHash, _ group: inout Group
    ) throws(FileError) -> KeptReason? {
        if case .link(let folder) = try check(path, &group) { return .folderIsLink(folder) }
        switch files.verdict(path, hash: hash) {
        case .matches, .danglingLink: return nil
        case .missing: return .missing
        case .changed: return .changed
        case .unreadable(let error): return .unreadable(error)
        }
    }

    private func reasonNotToBring(_ path: FilePath, _ hash: ContentHash) -> ActFailure? {
        if let failure = standIns.reasonNotToMove(path, disk) { return failure }
        do throws(FileError) {
            switch try disk.statusIfPresent(of: path, followingLinks: false)?.kind {
            case nil: return .sourceMissing
            case .symbolicLink: return .sourceIsLink
            case .file: return try disk.hash(of: path).hash == hash ? nil : .sourceChanged
            case .folder, .other: return .sourceChanged
            }
        } catch {
            return error.isMissing ? .sourceMissing : .sourceUnreadable(error)
        }
    }

    /// Whether two paths name one file because the file system ignores case or Unicode form.
    private func isSameName(_ one: FilePath, _ other: FilePath) -> Bool {
        AlbumName.collisionKey(one, traits: traits)
            == AlbumName.collisionKey(other, traits: traits)
    }

    private func asidePath(_ path: FilePath) throws(FileError) -> FilePath {
        let folder = FilePath().appending(AlbumFolder.stateName).appending("removed")
            .appending(journal.header.run)
        var aside = folder.joined(to: path)
        var number = 1
        // The same path may have been removed before, in an earlier part of a resumed run.
        while try files.isPresent(aside) {
            number += 1
            aside = folder.appending("\(number)").joined(to: path)
        }
        return aside
    }

    private func intend(_ group: inout Group) throws(FileError) {
        let open = group.items.indices.filter { group.items[$0].outcome == nil }
        guard !open.isEmpty else { return }
        let numbers = try journal.intend(
            open.map { (group.items[$0].act, group.items[$0].aside) })
        for (index, number) in zip(open, numbers) { group.items[index].number = number }
    }
}

// The acts themselves. Nothing is thrown: a failing disk ends the group, which is then completed.
extension AlbumWriter {
    private func copy(_ group: inout Group, _ isCancelled: () -> Bool) {
        writeTemporaries(&group, isCancelled)
        for index in group.items.indices where group.items[index].isReady {
            guard case .copy(_, let to, _, _, _) = group.items[index].act else { continue }
            let temporary = files.temporary(
                journal.header.run, group.items[index].number, beside: to)
            do throws(FileError) {
                // A link has no content of its own, and its original's is not ours to flush.
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

    private func writeTemporaries(_ group: inout Group, _ isCancelled: () -> Bool) {
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

    private func moveEach(_ group: inout Group, _ isCancelled: () -> Bool) {
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

    private func bringEach(_ group: inout Group, _ isCancelled: () -> Bool) {
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

    /// - Returns: whether it lies there again; else it is in the bin, from where undo brings it.
    private func putBack(_ place: FilePath, to from: FilePath) -> Bool {
        do throws(FileError) {
            try disk.rename(place, to: from, method: traits.renameMethod)
            return true
        } catch {
            return false
        }
    }

    /// Between two disks: the original goes only when its copy is durable and bears its name.
    private func bringAcross(_ group: inout Group, _ index: Int) {
        do throws(FileError) {
            // The renaming that did not go may have left what kept the name.
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
            // Else the next recovery finds out whether the copy is the only one.
            guard !group.items[index].isUnclear, reasonNotToBring(from, hash) == nil else { return }
            do throws(FileError) {
                try disk.removeIfPresent(place)
            } catch {
                group.items[index].isUnclear = true
                group.failure = group.failure ?? error
            }
        }
    }

    /// Where the user's folder does not let go of a file, only that file stays.
    private func failBringing(_ group: inout Group, _ index: Int, _ error: FileError) {
        guard [EACCES, EPERM, EROFS, EBUSY].contains(error.errno) else {
            return fail(&group, index, error, clearing: nil)
        }
        group.items[index].outcome = .failed(.sourceFixed(error))
    }

    private func move(from: FilePath, to: FilePath) throws(FileError) {
        if to.components.first == AlbumFolder.stateName {
            try files.makeFolders(for: to)
        }
        // On a disk that takes both names for one, the file lies there already.
        if isSameName(from, to), try files.isPresent(to) { return }
        try disk.rename(files.absolute(from), to: files.absolute(to), method: traits.renameMethod)
    }

    private func removeEach(_ group: inout Group, _ isCancelled: () -> Bool) {
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

    private func reasonToKeep(
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

    private func makeEach(_ group: inout Group) {
        for index in group.items.indices where group.items[index].outcome == nil {
            guard group.failure == nil else { return }
            let folder = files.absolute(group.items[index].act.path)
            do throws(FileError) {
                try disk.makeFolder(folder)
                group.items[index].isPlaced = true
                group.folders.insert(folder.folder)
            } catch  where error.isTaken && group.items[index].index == nil {
                // Somebody else made it meanwhile, which serves as well.
                group.items[index].outcome = .conflict(holdsSameBytes: false)
            } catch {
                fail(&group, index, error, clearing: nil)
            }
        }
    }

    /// Where only a placeholder can keep a name, the journal says first that nothing lay there; so
    /// an empty file that a crash leaves is known to be ours.
    private func announcePlaceholders(_ group: inout Group) {
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

    /// Takes an act out of its group because the copy that it needs was not made.
    private func fail(_ group: inout Group, _ index: Int, _ error: CopyFailure) {
        // It is gone for good before the journal says that nothing is left.
        group.folders.insert(files.absolute(group.items[index].act.path).folder)
        switch error {
        case .failed(let failure): group.items[index].outcome = .failed(failure)
        case .disk(let error):
            group.failure = error
            group.items[index].isUnclear = true
        }
    }

    /// Takes an act out of its group because the disk refused a step of it.
    private func fail(
        _ group: inout Group, _ index: Int, _ error: FileError, clearing temporary: FilePath?
    ) {
        group.items[index].isReady = false
        var failure: FileError?
        if error.isTaken {
            group.items[index].outcome = .conflict(holdsSameBytes: false)
        } else if error.isNameRefused || (error.isMissing && error.operation != .remove) {
            // FAT says of a name that it does not take that it is not there.
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

// After: durable, journalled.
extension AlbumWriter {
    private func complete(_ group: inout Group) throws(FileError) {
        do {
            try files.synchronise(group.folders)
        } catch {
            // Whether the names are durable is not known; the next recovery looks.
            throw group.failure ?? error
        }
        // What was not seen in an album that is gone was neither placed nor cleared: all of the group
        // stays open until a recovery looks where the album is then.
        try journal.checkPlace()
        var lines: [JournalLine] = []
        for index in group.items.indices
        where group.items[index].number > 0 && group.items[index].performed == nil {
            if group.items[index].isPlaced {
                group.items[index].settle(try status(after: group.items[index].act))
                if let performed = group.items[index].performed {
                    lines.append(Journal.done(performed))
                }
            } else if !group.items[index].isUnclear {
                lines.append(Journal.line(.dropped, group.items[index].number))
            }
        }
        do {
            try journal.append(lines)
        } catch {
            throw group.failure ?? error
        }
    }

    private func status(after act: Act) throws(FileError) -> FileStatus? {
        switch act {
        case .copy(_, let to, _, _, _), .bring(_, let to, _, _), .move(_, let to, _):
            try disk.statusIfPresent(of: files.absolute(to), followingLinks: false)
        case .remove, .removeAside, .makeFolder: nil
        }
    }
}
