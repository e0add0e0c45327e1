package import AlbumCatalogue
package import FaceCore
package import FileLedger
package import SystemPackage

/// The road that all commands share: learn the people, list the photos, look at what is new and
/// record it. Each step reports how far it is.
package final class Survey {
    package let workspace: Workspace
    package let settings: SortSettings
    package let pool: WorkerPool
    private let jobs: Int
    private let listedPeople: [FilePath: PeopleFolder]
    private let disk: Disk
    private let interruption: Interruption
    private let describe: (UnreadFile) -> FailedFile
    private let onEvent: @Sendable (RunEvent) -> Void

    private var catalogue: Catalogue { workspace.catalogue }

    /// - Parameters:
    ///   - workspace: where what is learnt is kept.
    ///   - listedPeople: folders of portraits that were listed already, by their paths.
    ///   - interruption: after a request the photos in hand are finished, then a step ends.
    ///   - describe: what the user reads about a file that could not be read.
    package init(
        _ workspace: Workspace, settings: SortSettings, models: RunModels, jobs: Int,
        listedPeople: [FilePath: PeopleFolder], disk: Disk, interruption: Interruption,
        describe: @escaping (UnreadFile) -> FailedFile,
        onEvent: @escaping @Sendable (RunEvent) -> Void
    ) {
        self.workspace = workspace
        self.settings = settings
        self.jobs = jobs
        self.listedPeople = listedPeople
        self.disk = disk
        self.interruption = interruption
        self.describe = describe
        self.onEvent = onEvent
        pool = WorkerPool(count: jobs, models: models.loaded, search: settings.search)
    }

    package func learnPeople(from sources: [Source]) async throws -> PeopleLearner.Result {
        let learner = PeopleLearner(
            catalogue: catalogue, pool: pool, book: workspace.book, traits: workspace.traits,
            alreadyListed: listedPeople, disk: disk)
        return try await learner.learn(from: sources) { [interruption] in
            !interruption.isRequested
        } progress: { [onEvent] done, total in
            onEvent(.learning(done: done, total: total))
        }
    }

    /// `matches` are the results of the portraits; none until they are known.
    package func troubles(
        of people: PeopleLearner.Result, matches: [Match] = []
    ) throws -> [PortraitTrouble] {
        PeopleHealth(
            people: people.people, portraits: try catalogue.portraits(), matches: matches,
            settings: settings.match
        ).troubles(empty: people.empty, unusable: people.unusable)
    }

    /// Lists the photos of `sources`; the catalogue forgets files that are gone.
    ///
    /// - Parameter excluded: folders among the photos that hold none of them.
    package func takeInventory(
        of sources: [Source], excluding excluded: [FilePath] = []
    ) throws -> PhotoInventory {
        let people = try catalogue.sources().filter { $0.kind == .people }.map(\.path)
        let inventory = try PhotoInventory(
            of: sources, excluding: people + excluded, search: settings.search,
            catalogue: catalogue, disk: disk)
        for (source, paths) in inventory.vanished where !paths.isEmpty {
            try catalogue.forget(files: paths, in: source)
        }
        return inventory
    }

    /// Reports what is known before the first photo is looked at.
    package func report(
        _ inventory: PhotoInventory, troubles: [PortraitTrouble], notes: [String],
        isResumed: Bool = false
    ) throws {
        for failure in failures(inventory.failed) { onEvent(.failed(failure)) }
        let portraits = try catalogue.portraits()
        onEvent(
            .overview(
                SurveyOverview(
                    photoCount: inventory.photoCount, newPhotoCount: inventory.candidates.count,
                    newByteCount: inventory.candidates.reduce(0) { $0 + $1.stamp.byteCount },
                    personCount: Set(portraits.map(\.person)).count,
                    portraitCount: portraits.count, portraitTroubles: troubles,
                    expectedSeconds: AnalysisCost.seconds(for: inventory, jobs: jobs),
                    isResumed: isResumed, settings: settings, notes: notes)))
    }

    /// Brings the faces that a person saw and no search found up to date with what was said.
    ///
    /// - Returns: all photos that the catalogue knows; `nil` when they must be read again.
    package func updateDrawnFaces(_ inventory: PhotoInventory) async throws -> [PhotoRecord]? {
        let paths = PhotoPaths(catalogue, album: workspace.folder, bases: inventory.bases)
        return try await DrawnFaces(catalogue: catalogue, pool: pool, disk: disk)
            .update(workspace.book.places, paths: paths.all(of:)) { [interruption] in
                !interruption.isRequested
            }
    }

    /// Looks at the photos that are new or changed, and records them.
    package func index(_ inventory: PhotoInventory) async throws -> Indexer.Result {
        let indexer = Indexer(
            catalogue: catalogue, pool: pool, places: workspace.book.places, disk: disk)
        let total = inventory.candidates.count
        let result = try await indexer.index(inventory) { [interruption] in
            !interruption.isRequested
        } progress: { [onEvent] done in
            onEvent(.analysing(done: done, total: total))
        }
        try catalogue.recordUnread(
            (inventory.failed + result.failed).map(describe), in: Array(inventory.bases.keys),
            isWhole: !interruption.isRequested)
        for failure in failures(result.failed) { onEvent(.failed(failure)) }
        return result
    }

    /// As the user reads them.
    package func failures(_ files: [UnreadFile]) -> [PhotoFailure] {
        files.map { PhotoFailure(describe($0)) }
    }
}
