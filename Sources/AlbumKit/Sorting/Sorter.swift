internal import AlbumCatalogue
internal import FaceAnalysis
internal import FaceCore
package import Foundation
internal import SystemPackage

/// The main job: brings an album up to date with photos and people.
///
/// Safe to repeat, and to kill at any moment: the next run with the same request carries on.
public struct Sorter: Sendable {
    let request: SortRequest
    let environment: [String: String]
    let now: @Sendable () -> Date
    let disk: Disk

    /// - Parameter environment: `FACESORT_MODELS`, `XDG_DATA_HOME` and `HOME` say where the model
    ///   files are.
    public init(_ request: SortRequest, environment: [String: String]) {
        self.init(request, environment: environment, now: { Date() }, disk: Disk())
    }

    package init(
        _ request: SortRequest, environment: [String: String], now: @escaping @Sendable () -> Date,
        disk: Disk
    ) {
        self.request = request
        self.environment = environment
        self.now = now
        self.disk = disk
    }

    /// Sorts.
    ///
    /// - Parameters:
    ///   - interruption: after a request the photos in hand are finished, then it stops.
    ///   - onEvent: called in order, from one thread at a time.
    /// - Returns: also when photos failed; see ``SortSummary/failures``.
    /// - Throws: an ``AlbumError``; `.interrupted` after an interruption. What was done till then
    ///   is kept, and the same request carries on.
    public func run(
        interruption: Interruption, onEvent: @escaping @Sendable (SortEvent) -> Void
    ) async throws(AlbumError) -> SortSummary {
        do {
            let validated = try SortValidation(request, disk: disk)
            let models = try RunModels(
                explicit: request.models, engine: request.engine, environment: environment,
                knowledge: validated.album, workerCount: validated.jobs)
            let run = try SortRun(
                validated, models: models, now: now, disk: disk, interruption: interruption,
                onEvent: onEvent)
            return try await run.perform()
        } catch {
            throw AlbumError(error, album: request.album)
        }
    }
}

/// One run of ``Sorter``, from the opened workspace to the summary.
private final class SortRun {
    private let sort: SortValidation
    private let models: RunModels
    private let now: @Sendable () -> Date
    private let disk: Disk
    private let interruption: Interruption
    private let onEvent: @Sendable (SortEvent) -> Void
    private let workspace: Workspace
    private let settings: SortSettings
    private let log: RunLog
    private let start: Date
    private var summary = SortSummary()

    private var catalogue: Catalogue { workspace.catalogue }

    init(
        _ sort: SortValidation, models: RunModels, now: @escaping @Sendable () -> Date, disk: Disk,
        interruption: Interruption,
        onEvent: @escaping @Sendable (SortEvent) -> Void
    ) throws {
        self.sort = sort
        self.models = models
        self.now = now
        self.disk = disk
        self.interruption = interruption
        self.onEvent = onEvent
        start = now()
        workspace = try Workspace(
            sort.album, access: sort.request.isDryRun ? .rehearsal : .write(command: "sort"),
            disk: disk)
        settings = try sort.settings(after: workspace.catalogue.runs())
        log = try RunLog(
            workspace, command: "sort", settings: JSONText.encoded(settings),
            isRehearsal: sort.request.isDryRun, now: now)
    }

    func perform() async throws -> SortSummary {
        defer { workspace.close() }
        try models.agree(with: catalogue)
        try rememberSources()
        let pool = WorkerPool(
            count: sort.jobs, models: models.loaded, search: settings.search)
        let people = try await learnPeople(pool)
        let inventory = try takeInventory()
        try tellOverview(inventory, people: people)
        try await index(inventory, pool)
        let (judgement, audit) = try judge()
        let originals = try Originals(inventory, catalogue: catalogue)
        let places = self.places(judgement)
        let plan = try makePlan(
            photos: judgement.photos, places: places, originals: originals, audit: audit)
        if sort.request.isDryRun {
            summary.changes = plan.acts.map { PlannedChange($0.act) }
        } else {
            try write(plan, of: originals)
        }
        let shown = sort.request.isDryRun ? places : try catalogue.placesOfPhotos()
        try summarise(judgement, places: shown, originals: originals, inventory: inventory)
        summarise(judgement.clusters, places: shown)
        try judgePortraits(people, judgement.recognition.matches)
        summary.seconds = now().timeIntervalSince(start)
        summary.run = try log.finish(.finished, summary: JSONText.encoded(summary))
        return summary
    }

    // MARK: Sources and people

    private func rememberSources() throws {
        for path in sort.photos { _ = try catalogue.rememberSource(.photos, at: path) }
        if let people = sort.people { _ = try catalogue.rememberSource(.people, at: people) }
        guard try catalogue.sources().contains(where: { $0.kind == .photos }) else {
            throw AlbumError(
                .setting, sort.request.album.string, "remembers no photos yet",
                remedy: "Nothing was done. Name the folder with the photos: 'facesort sort PHOTOS "
                    + "--to \(sort.request.album.string)'.")
        }
    }

    private func learnPeople(_ pool: WorkerPool) async throws -> PeopleLearner.Result {
        let sources = try catalogue.sources().filter { $0.kind == .people }
        let reachable = try sources.filter { try disk.statusIfPresent(of: $0.path) != nil }
        for source in sources where !reachable.contains(source) {
            summary.notes.append(
                "The people in '\(source.path.string)' are out of reach; what was learnt of them "
                    + "still counts.")
        }
        summary.renames += try DecidedPeople(
            book: workspace.book, catalogue: catalogue, traits: workspace.traits
        ).rename()
        let learner = PeopleLearner(
            catalogue: catalogue, pool: pool, book: workspace.book, traits: workspace.traits,
            alreadyListed: sort.listedPeople, disk: disk)
        var result = try await learner.learn(from: reachable) { [interruption] in
            !interruption.isRequested
        } progress: { [onEvent] done, total in
            onEvent(.learning(done: done, total: total))
        }
        try stopIfInterrupted()
        if reachable.isEmpty { result.people = try catalogue.people() }
        summary.renames += result.renames
        summary.notes += result.notes
        try judgePortraits(result, [])
        return result
    }

    /// - Parameter matches: what the portraits led to; none as long as that is not known.
    private func judgePortraits(_ people: PeopleLearner.Result, _ matches: [Match]) throws {
        summary.portraitTroubles =
            PeopleHealth(
                people: people.people, portraits: try catalogue.portraits(), matches: matches,
                settings: settings.match
            ).troubles(empty: people.empty, unusable: people.unusable)
    }

    // MARK: Photos

    private func takeInventory() throws -> PhotoInventory {
        let sources = try catalogue.sources()
        let inventory = try PhotoInventory(
            of: sources.filter { $0.kind == .photos },
            excluding: sources.filter { $0.kind == .people }.map(\.path),
            search: settings.search, catalogue: catalogue, disk: disk)
        for (source, paths) in inventory.vanished where !paths.isEmpty {
            try catalogue.forget(files: paths, in: source)
        }
        return inventory
    }

    private func tellOverview(_ inventory: PhotoInventory, people: PeopleLearner.Result) throws {
        summary.notes += workspace.notes + inventory.notes
        for failure in inventory.failures { onEvent(.failed(failure)) }
        let portraits = try catalogue.portraits()
        onEvent(
            .overview(
                SortOverview(
                    photoCount: inventory.photoCount, newPhotoCount: inventory.candidates.count,
                    newByteCount: inventory.candidates.reduce(0) { $0 + $1.stamp.byteCount },
                    personCount: Set(portraits.map(\.person)).count,
                    portraitCount: portraits.count, portraitTroubles: summary.portraitTroubles,
                    expectedSeconds: AnalysisCost.seconds(for: inventory, jobs: sort.jobs),
                    isResumed: log.isResumed, settings: settings, notes: summary.notes)))
    }

    private func index(_ inventory: PhotoInventory, _ pool: WorkerPool) async throws {
        if !inventory.candidates.isEmpty { try log.begin() }
        let places = workspace.book.places
        let indexer = Indexer(catalogue: catalogue, pool: pool, places: places, disk: disk)
        let total = inventory.candidates.count
        let result: Indexer.Result
        do {
            result = try await indexer.index(inventory) { [interruption] in
                !interruption.isRequested
            } progress: { [onEvent] done in
                onEvent(.analysing(done: done, total: total))
            }
        } catch let error as ModelError {
            // Found missing only when they were needed: it is carried on once they are there.
            _ = try? log.finish(.interrupted, summary: nil)
            throw error
        }
        try catalogue.recordFailed(inventory, result, isWhole: !interruption.isRequested)
        try stopIfInterrupted()
        summary.analysedCount = result.analysedCount
        summary.failures = inventory.failures + result.failures
        for failure in result.failures { onEvent(.failed(failure)) }
        try recordSkipped(inventory, result.skipped)
        let paths = PhotoPaths(catalogue, album: sort.album, bases: inventory.bases)
        try await SeenFaces(catalogue: catalogue, pool: pool, disk: disk).update(
            places, paths: paths.all(of:)
        ) { [interruption] in
            !interruption.isRequested
        }
        try stopIfInterrupted()
    }

    private func recordSkipped(_ inventory: PhotoInventory, _ found: [SkippedFile]) throws {
        let before = Dictionary(grouping: try catalogue.skippedFiles(), by: \.source)
        let more = Dictionary(grouping: found, by: \.source)
        for (source, files) in inventory.skipped {
            let all = (files + (more[source] ?? []) + (inventory.machineFolders[source] ?? []))
                .sorted { $0.path.bytes.lexicographicallyPrecedes($1.path.bytes) }
            if all != before[source] ?? [] { try catalogue.replaceSkipped(in: source, with: all) }
        }
    }

    /// Who is who, after what the user said by moving files of the album was taken down.
    private func judge() throws -> (Judgement, AlbumAudit) {
        let placed = try catalogue.placedFiles()
        var audit = try AlbumAudit(
            of: placed, album: sort.album.path, traits: workspace.traits, disk: disk)
        if !sort.request.isDryRun { try workspace.checkPlace() }
        var reconsideration = try Reconsideration(workspace, settings: settings.match)
        var judgement = try reconsideration.judgement()
        let moves = try HandMoves(
            of: audit.missing, ours: Set(audit.present.map(\.path)), people: catalogue.people(),
            album: sort.album.path, disk: disk)
        if !moves.isEmpty {
            let said = moves.sayings(judgement, isSupposed: sort.request.isDryRun)
            if !said.sayings.isEmpty {
                try workspace.decide(said.sayings, at: now())
                reconsideration = try Reconsideration(workspace, settings: settings.match)
                judgement = try reconsideration.judgement()
            }
            summary.notes += said.notes
            try adopt(moves, judgement, &audit)
        }
        try reconsideration.record(judgement, as: (settings: log.settings, begin: log.begin))
        if !audit.changed.isEmpty { try catalogue.record(placed: audit.changed) }
        summary.notes += judgement.notes
        return (judgement, audit)
    }

    /// Takes files as ours that the user moved to where they belong, and writes that down for undo.
    private func adopt(
        _ moves: HandMoves, _ judgement: Judgement, _ audit: inout AlbumAudit
    ) throws {
        let people = try catalogue.people()
        let adopted = moves.adopted(judgement, people: people, run: log.id)
        guard !adopted.isEmpty else { return }
        if !sort.request.isDryRun {
            // The folder was made by the user; when a run is undone it is not left empty.
            let folders = Set(adopted.map { $0.to.path.removingLastComponent() })
                .intersection(moves.namings.map(\.folder))
            try log.journal(people: people, sources: catalogue.sources()).adopt(
                folders.sorted { $0.string < $1.string }.map { (.makeFolder($0), nil) }
                    + adopted.map { from, to, status in
                        (.move(from: from.path, to: to.path, hash: to.photo), status)
                    })
        }
        audit.adopt(adopted.map { ($0.from, $0.to) })
        try catalogue.record(
            placed: adopted.map(\.to),
            removed: adopted.map(\.from).filter(\.place.isOfStrangers).map(\.path),
            journal: workspace.journalLength(of: log.id))
    }

    // MARK: The album

    private func places(_ judgement: Judgement) -> [ContentHash: Set<Place>] {
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

    private func makePlan(
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

    private func write(_ plan: SortPlan, of originals: Originals) throws {
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
                    // For one of its places may have been enough.
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

    private func failed(
        _ planned: PlannedAct, _ failure: ActFailure, _ originals: Originals
    ) -> FailedFile {
        var original: Original?
        if case .copy(let source, _, _, _, _) = planned.act {
            original = originals.ofPhoto[planned.photo]?.first { $0.path == source }
        }
        return FailedFile(
            source: original?.source, path: original?.name ?? planned.act.path,
            code: FailedFile.notWritten,
            reason: "could not be put into the album: \(failure.sentence)",
            remedy: "Nothing was lost: the original is as it was. Run 'facesort sort' again.")
    }

    /// What could not be written, in place of what could not be before.
    private func recordUnwritten(_ files: [FailedFile]) throws {
        let before = try catalogue.failedFiles().filter { $0.code == FailedFile.notWritten }
        guard Set(before) != Set(files) else { return }
        try catalogue.replaceFailed(FailedFile.notWritten, in: nil, with: files)
    }

    private func checkSpace(for plan: SortPlan) throws {
        let needed = plan.byteCount(link: settings.link)
        let free = try disk.freeSpace(at: sort.album.path)
        guard let shortage = DiskSpace.shortage(of: needed, free: free) else { return }
        throw AlbumError(
            .diskFull, sort.request.album.string, shortage,
            remedy: "Nothing was copied; what was learnt about the photos is kept. Make room, "
                + "choose another disk with --to, or use --link hard on the photos' own disk.")
    }

    private func record(_ performed: [PerformedAct], of acts: [PlannedAct]) throws {
        var placed: [PlacedFile] = []
        var removed: [FilePath] = []
        for done in performed {
            guard let index = done.index else { continue }
            let planned = acts[index]
            switch done.act {
            case .copy(_, let to, let hash, let byteCount, _):
                summary.copiedFileCount += 1
                summary.copiedByteCount += byteCount
                placed.append(file(at: to, hash, planned, done))
            case .move(let from, let to, let hash):
                summary.movedFileCount += 1
                removed.append(from)
                placed.append(file(at: to, hash, planned, done))
            case .remove(let path, _, _):
                summary.removedFileCount += 1
                removed.append(path)
            case .removeAside(let path, _):
                summary.prunedFileCount += 1
                removed.append(path)
            // Photos are copied into an album, never taken.
            case .bring, .makeFolder: break
            }
            if let note = done.note, !summary.notes.contains(note) { summary.notes.append(note) }
        }
        try catalogue.record(
            placed: placed, removed: removed, journal: workspace.journalLength(of: log.id))
    }

    private func file(
        at path: FilePath, _ hash: ContentHash, _ planned: PlannedAct, _ done: PerformedAct
    ) -> PlacedFile {
        let stamp = FileStamp(
            byteCount: done.status?.byteCount ?? 0, modified: done.status?.modified ?? 0)
        return PlacedFile(
            path: path, place: planned.place, photo: hash, stamp: stamp, state: .present,
            run: log.id)
    }

    /// - Returns: the act to try instead, if any.
    private func settle(_ planned: PlannedAct, _ outcome: ActOutcome, plan: inout SortPlan) throws
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

    // MARK: The summary

    private func summarise(
        _ judgement: Judgement, places: [ContentHash: Set<Place>], originals: Originals,
        inventory: PhotoInventory
    ) throws {
        let photos = judgement.photos
        let overview = AlbumOverview(
            photos: photos, matches: judgement.recognition.matches,
            people: try catalogue.people(), places: places,
            isPresent: { originals.ofPhoto[$0] != nil })
        overview.fill(&summary)
        summary.isDryRun = sort.request.isDryRun
        summary.album = sort.request.album.string
        summary.settings = settings
        summary.questionCount = judgement.questions.count
        summary.decisions = workspace.decisionCount
        summary.skipped = Dictionary(
            grouping: try catalogue.skippedFiles().filter { inventory.bases[$0.source] != nil },
            by: \.kind
        ).mapValues(\.count)
        summary.copies = originals.copies
        let damaged = photos.compactMap { photo -> PhotoFailure? in
            guard let name = originals.ofPhoto[photo.hash]?.first?.name else { return nil }
            return PhotoFailure(photo, path: name)
        }
        summary.failures += damaged.sorted { $0.path < $1.path }
        for failure in damaged { onEvent(.failed(failure)) }
    }

    private func summarise(_ clusters: AlbumClusters, places: [ContentHash: Set<Place>]) {
        let folders = PlaceFolders(people: [])
        let shown = Set(places.values.joined())
        summary.strangers = clusters.shown.filter(\.getsFolder)
            .map { cluster in
                let place = Place.cluster(cluster.number)
                return SortSummary.Stranger(
                    name: cluster.number.name, photoCount: cluster.photoCount,
                    folder: shown.contains(place) ? folders.path(of: place)?.string : nil)
            }
            .sorted { ($1.photoCount, $0.name) < ($0.photoCount, $1.name) }
    }

    private func stopIfInterrupted() throws {
        guard interruption.isRequested else { return }
        _ = try log.finish(.interrupted, summary: nil)
        throw AlbumError(
            .interrupted, sort.request.album.string, "is not finished: it was interrupted",
            remedy: "What was done is kept. Run the same command again to carry on, or 'facesort "
                + "undo \(sort.request.album.string)' to take it back.")
    }
}

extension PlannedChange {
    fileprivate init(_ act: Act) {
        switch act {
        case .copy(let source, let to, _, _, _):
            self.init(kind: .copy, path: to.string, from: source.string)
        case .move(let from, let to, _), .bring(let from, let to, _, _):
            self.init(kind: .move, path: to.string, from: from.string)
        case .remove(let path, _, _): self.init(kind: .remove, path: path.string, from: nil)
        case .removeAside(let path, _): self.init(kind: .prune, path: path.string, from: nil)
        case .makeFolder(let path): self.init(kind: .copy, path: path.string, from: nil)
        }
    }
}
