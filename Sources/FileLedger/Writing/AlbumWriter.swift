internal import CFileSystem
internal import FaceCore
internal import SystemPackage

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
    /// `isCancelled` is called between files; what was begun is completed. `recorded` is called after
    /// each group with what was done, once that is durable.
    ///
    /// - Returns: one outcome for each act, in the same order.
    /// - Throws: ``FileError`` when the disk is full, read-only or broken, after what was begun is
    ///   completed or cleared as far as the disk allows; errors of `recorded`.
    package func perform(
        _ acts: [Act], isCancelled: () -> Bool = { false },
        recorded: ([PerformedAct]) throws -> Void = { _ in }
    ) throws -> [ActOutcome] {
        precondition(acts.allSatisfy(\.change.isWithinAlbum), "an act leads out of the album")
        var outcomes = [ActOutcome](repeating: .notReached, count: acts.count)
        var start = 0
        while start < acts.count, !isCancelled() {
            let first = acts[start].change
            let end = acts.endOfGroup(from: start, traits: traits) { $0.change.isKind(of: first) }
            var group = Group(items: (start..<end).map { Item(index: $0, act: acts[$0]) })
            try run(&group, isCancelled)
            for item in group.items {
                if let index = item.index, case .settled(let outcome) = item.state {
                    outcomes[index] = outcome
                }
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
        /// Where a file that is set aside goes, relative to the album.
        var aside: FilePath?
        var note: String?
        var state = State.waiting

        enum State {
            case waiting
            /// Its final step may begin: what has to be written before is written.
            case ready
            /// The final step is done; the next flush makes it durable.
            case placed
            /// The disk failed during it: the next recovery determines the result.
            case unclear
            case settled(ActOutcome)
        }

        /// The name that it takes; `nil` when it takes none.
        var target: FilePath? { aside ?? act.new }
        var isWaiting: Bool { if case .waiting = state { true } else { false } }
        var isReady: Bool { if case .ready = state { true } else { false } }
        var performed: PerformedAct? {
            if case .settled(.done(let performed)) = state { performed } else { nil }
        }

        func done(_ status: FileStatus? = nil) -> ActOutcome {
            .done(
                PerformedAct(
                    index: index, number: number, act: act, status: status, aside: aside,
                    note: note))
        }
    }

    /// Why an act ends before its final step is done.
    enum Stop: Error {
        case settled(ActOutcome)
        /// The disk refused a step, perhaps for a reason of this act alone.
        case refused(FileError, clearing: FilePath? = nil)
        /// The disk itself failed.
        case broken(FileError)

        init(_ failure: CopyFailure) {
            switch failure {
            case .failed(let failure): self = .settled(.failed(failure))
            case .disk(let error): self = .broken(error)
            }
        }

        /// What it means for the act; `nil` when the disk failed.
        var outcome: ActOutcome? {
            switch self {
            case .settled(let outcome): outcome
            case .broken: nil
            case .refused(let error, _):
                if error.isTaken {
                    .conflict(holdsSameBytes: false)
                } else if error.isNameRefused || (error.isMissing && error.operation != .remove) {
                    // For a name that it does not accept, FAT reports that it does not exist.
                    .failed(.refused(error))
                } else {
                    nil
                }
            }
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

    func run(_ group: inout Group, _ isCancelled: () -> Bool) throws {
        try prepare(&group)
        try intend(&group)
        stage(&group, isCancelled)
        announcePlaceholders(&group)
        place(&group, isCancelled)
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
        for index in group.items.indices where group.items[index].number > 0 {
            let item = group.items[index]
            switch item.state {
            case .unclear, .settled(.done): break
            case .waiting, .ready, .settled: lines.append(Journal.line(.dropped, item.number))
            case .placed:
                let outcome = item.done(try files.status(after: item.act))
                group.items[index].state = .settled(outcome)
                if case .done(let performed) = outcome { lines.append(Journal.done(performed)) }
            }
        }
        do {
            try journal.append(lines)
        } catch {
            throw group.failure ?? error
        }
    }
}
