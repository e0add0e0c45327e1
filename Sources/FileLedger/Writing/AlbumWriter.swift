internal import FaceCore
internal import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Changes an album so that it can be killed at any moment: no half-written file ever has a final
/// name, nothing is overwritten, and the journal knows what was in progress.
package struct AlbumWriter {
    let journal: Journal
    let files: AlbumFiles
    let traits: FileSystemTraits
    let standIns: StandInFiles
    var disk: Disk { files.disk }

    /// `standIns` are the files that stay for those that are brought.
    package init(
        album: AlbumFolder, journal: Journal, traits: FileSystemTraits,
        standIns: StandInFiles = StandInFiles(), disk: Disk = Disk()
    ) {
        self.standIns = standIns
        self.journal = journal
        self.traits = traits
        files = AlbumFiles(album: album, disk: disk)
    }

    /// Does the acts in order. Folders that files need are made and journalled first.
    ///
    /// Neighbouring acts of one kind are done in groups of up to 64; an act never overtakes an
    /// earlier one of another kind.
    ///
    /// - Parameters:
    ///   - isCancelled: called between files; what was begun is completed.
    ///   - recorded: called after each group with what was done, once that is durable.
    /// - Returns: one outcome for each act, in the same order.
    /// - Throws: ``FileError`` when the disk is full, read-only or broken, after what was begun is
    ///   completed or cleared as far as the disk allows; errors of `recorded`.
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

    /// One act in progress.
    struct Item {
        let index: Int?
        let act: Act
        var number = 0
        var aside: FilePath?
        var note: String?
        var outcome: ActOutcome?
        /// The temporary file is made, or the final step may begin.
        var isReady = false
        /// The final step is done.
        var isPlaced = false
        /// The disk failed during it: the next recovery determines the result.
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

    struct Group {
        var items: [Item]
        /// The disk failed: what was begun is completed, and nothing else starts.
        var failure: FileError?
        var folders = ChangedFolders()
        /// Checks by folder; forgotten when a folder was made.
        var checks: [FilePath: AlbumFiles.FolderCheck] = [:]
        /// Folders that the file system does not accept.
        var refusals: [FilePath: FileError] = [:]
    }

    func run(_ group: inout Group, _ kind: Act.Kind, _ isCancelled: () -> Bool) throws {
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

// After writing: make it durable and journal it.
extension AlbumWriter {
    func complete(_ group: inout Group) throws(FileError) {
        do {
            try files.synchronise(group.folders)
        } catch {
            // The names may not be durable; the next recovery checks.
            throw group.failure ?? error
        }
        // In an album that is gone, a file that was not found was neither placed nor cleared. The
        // whole group stays open until a recovery checks where the album then is.
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

    func status(after act: Act) throws(FileError) -> FileStatus? {
        switch act {
        case .copy(_, let to, _, _, _), .bring(_, let to, _, _), .move(_, let to, _):
            try disk.statusIfPresent(of: files.absolute(to), followingLinks: false)
        case .remove, .removeAside, .makeFolder: nil
        }
    }
}
