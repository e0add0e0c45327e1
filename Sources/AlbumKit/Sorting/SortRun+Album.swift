internal import PhotoIndex
internal import FileLedger
internal import AlbumCatalogue
internal import FaceCore
internal import SystemPackage

/// What the album gets, and what is written into it.
extension SortRun {
    func places(_ judgement: RecognitionResult) -> [ContentHash: Set<Place>] {
        let people = judgement.people
        let folders = settings.isUnknownFlat ? [:] : judgement.clusters.folders()
        return Dictionary(
            uniqueKeysWithValues: judgement.photos.map { photo in
                (
                    photo.hash,
                    FaceCore.places(
                        condition: photo.condition, faceCount: people.faceCount(of: photo),
                        people: people[photo.hash], clusters: folders[photo.hash] ?? [],
                        groupSize: settings.groupSize)
                )
            })
    }

    func makePlan(
        photos: [PhotoRecord], places: [ContentHash: Set<Place>], originals: Originals,
        audit: AlbumAudit
    ) throws -> SortPlan {
        summary.leftToUserCount = audit.leftToUser.count
        let album = sort.album.path
        let disk = self.disk
        let plan = try SortPlan(
            SortPlan.Input(
                album: album, photos: photos, originals: originals.ofPhoto,
                order: originals.order(of: photos),
                places: places, present: audit.present,
                leftToUser: audit.leftToUser, folders: PlaceFolders(people: catalogue.people()),
                link: settings.link, traits: workspace.traits, prunes: sort.request.prunes,
                namesOnDisk: { folder in
                    let path = album.pushing(folder)
                    guard try disk.statusIfPresent(of: path) != nil else { return [] }
                    return try disk.entries(of: path).map(\.name)
                },
                holds: { path, hash, byteCount in
                    let path = album.pushing(path)
                    guard let status = try disk.statusIfPresent(of: path),
                        status.kind == .file, status.byteCount == byteCount
                    else { return false }
                    return try ContentHasher.hash(fileAt: path, disk: disk).hash == hash
                }))
        summary.heldPhotoCount = plan.heldPhotoCount
        summary.renames += plan.renames
        if plan.outOfReachCount > 0 {
            summary.notes.append(
                "\(plan.outOfReachCount) known photos could not be placed, because their originals "
                    + "are out of reach. Connect them, then sort again.")
        }
        return plan
    }

    func write(_ plan: SortPlan, of originals: Originals) throws {
        guard !plan.acts.isEmpty else { return try recordUnwritten([]) }
        try checkSpace(for: plan)
        var unwritten: [FailedFile] = []
        var plan = plan
        var open = plan.acts
        let journal = try log.journal(people: catalogue.people(), sources: catalogue.sources())
        let writer = AlbumWriter(
            album: sort.album, journal: journal, traits: workspace.traits, disk: disk)
        let total = open.count
        var done = 0
        // A name may be taken between planning and writing; a few rounds always find another.
        for _ in 0..<5 where !open.isEmpty {
            let acts = open
            let outcomes = try writer.perform(acts.map(\.act)) { [interruption] in
                interruption.isRequested
            } recorded: { performed in
                try record(performed, of: acts)
                done += performed.count { $0.index != nil }
                onEvent(.writing(done: min(done, total), total: total))
            }
            open = []
            for (planned, outcome) in zip(acts, outcomes) {
                if case .failed(let failure) = outcome {
                    let file = failed(planned, failure, originals)
                    // It may have been enough for one of its places.
                    if !unwritten.contains(file) { unwritten.append(file) }
                } else if let again = try settle(planned, outcome, plan: &plan) {
                    open.append(again)
                }
            }
            if interruption.isRequested { break }
        }
        // A person's folder that nothing is left in goes with the last photo, and so does a cluster's
        // and then `unknown`.
        try EmptiedFolders(plan.acts.map(\.act)).remove(
            AlbumFiles(album: sort.album, disk: disk))
        try stopIfInterrupted()
        for failure in unwritten.map(PhotoFailure.init) {
            summary.failures.append(failure)
            onEvent(.failed(failure))
        }
        try recordUnwritten(unwritten)
    }

    func failed(
        _ planned: PlannedAct, _ failure: ActFailure, _ originals: Originals
    ) -> FailedFile {
        var original: Original?
        if let source = planned.act.origin {
            original = originals.ofPhoto[planned.photo]?.first { $0.path == source }
        }
        return FailedFile(
            source: original?.source, path: original?.name ?? planned.act.path,
            code: .notWritten,
            reason: "could not be put into the album: \(failure.sentence)",
            remedy: "Nothing was lost: the original is as it was. Run 'facesort sort' again.")
    }

    /// Records what could not be written, replacing the earlier list.
    func recordUnwritten(_ files: [FailedFile]) throws {
        let before = try catalogue.failedFiles().filter { $0.code == .notWritten }
        guard Set(before) != Set(files) else { return }
        try catalogue.replaceFailed(.notWritten, in: nil, with: files)
    }

    func checkSpace(for plan: SortPlan) throws {
        let needed = plan.byteCount(link: settings.link)
        let free = try disk.freeSpace(at: sort.album.path)
        guard let shortage = DiskSpace.shortage(of: needed, free: free) else { return }
        throw AlbumError(
            .diskFull, sort.request.album.string, shortage,
            remedy: "Nothing was copied; what was learnt about the photos is kept. Make room, "
                + "choose another disk with --to, or use --link hard on the photos' own disk.")
    }

    func record(_ performed: [PerformedAct], of acts: [PlannedAct]) throws {
        var placed: [PlacedFile] = []
        var removed: [FilePath] = []
        for done in performed {
            guard let index = done.index else { continue }
            let planned = acts[index]
            switch done.act.effect {
            case .adds:
                summary.copiedFileCount += 1
                summary.copiedByteCount += done.act.byteCount ?? 0
            case .moves: summary.movedFileCount += 1
            case .removes: summary.removedFileCount += 1
            case .setsAside: summary.prunedFileCount += 1
            // Photos are copied into an album, never taken.
            case .brings, .makesFolder: continue
            }
            if let old = done.act.old { removed.append(old) }
            if let new = done.act.new {
                let stamp = FileStamp(
                    byteCount: done.status?.byteCount ?? 0, modified: done.status?.modified ?? 0)
                placed.append(
                    PlacedFile(
                        path: new, place: planned.place, photo: planned.photo, stamp: stamp,
                        state: .present, run: log.id))
            }
            if let note = done.note, !summary.notes.contains(note) { summary.notes.append(note) }
        }
        try catalogue.record(
            placed: placed, removed: removed, journal: workspace.journalLength(of: log.id))
    }

    /// - Returns: the act to try instead, if any.
    func settle(_ planned: PlannedAct, _ outcome: ActOutcome, plan: inout SortPlan) throws
        -> PlannedAct?
    {
        switch outcome {
        case .done, .notReached, .failed: return nil
        case .conflict(holdsSameBytes: true): return nil
        case .conflict(holdsSameBytes: false): return try plan.renamed(planned)
        case .kept(let reason):
            switch reason {
            case .missing, .changed: summary.leftToUserCount += 1
            default: summary.heldPhotoCount += 1
            }
            return nil
        }
    }
}

extension PlannedChange {
    init(_ act: Act) {
        let kind: Kind =
            switch act.effect {
            case .adds, .makesFolder: .copy
            case .moves, .brings: .move
            case .removes: .remove
            case .setsAside: .prune
            }
        let from = act.new == nil ? nil : act.origin ?? act.old
        self.init(kind: kind, path: act.path.string, from: from?.string)
    }
}
