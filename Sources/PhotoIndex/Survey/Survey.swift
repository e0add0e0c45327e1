package import AlbumCatalogue
package import FaceCore
package import SystemPackage

/// The road that all commands share: learn the people, list the photos, look at what is new and
/// record it. Each step reports how far it is.
///
/// What is learnt is kept in the album's catalogue, or in that of the command's own workspace, so
/// that the next command on the same photos has little to do.
package final class Survey {
    /// Where knowledge of the photos is stored: the album, or the command's own workspace.
    package let workspace: Workspace
    package let settings: SortSettings
    let study: SurveyValidation
    /// The folder of the model files.
    let modelFolder: FilePath
    let run: RunContext
    let pool: WorkerPool

    package var catalogue: Catalogue { workspace.catalogue }

    /// For photos that are sorted. The caller closes the album's `workspace`.
    ///
    /// - Throws: an ``/AlbumCatalogue/CatalogueError`` `.otherSpace` when the encodings cannot be
    ///   compared with those that the workspace has.
    package init(
        _ study: SurveyValidation, models: RunModels, workspace: Workspace, settings: SortSettings,
        run: RunContext
    ) throws {
        self.workspace = workspace
        self.study = study
        self.run = run
        modelFolder = models.folder
        pool = WorkerPool(
            count: study.jobs, models: try models.models(for: workspace.catalogue),
            search: settings.search)
        var settings = settings
        settings.match.scalesLimits = try workspace.catalogue.hasBroughtEncoder()
        self.settings = settings
    }

    package func learnPeople(from sources: [Source]) async throws -> PeopleLearner.Result {
        try await PeopleLearner(
            book: workspace.book, workspace: workspace, pool: pool,
            alreadyListed: study.listedPeople
        ).learn(from: sources, mayContinue: run.mayContinue) { [run] done, total in
            run.onEvent(.learning(done: done, total: total))
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
            catalogue: catalogue, disk: run.disk)
        for (source, paths) in inventory.vanished where !paths.isEmpty {
            try catalogue.forget(files: paths, in: source)
        }
        return inventory
    }

    /// Reports what is known before the first photo is looked at.
    ///
    /// - Parameter portraits: of everybody the album knows; without an album that is sorted, none.
    package func report(
        _ inventory: PhotoInventory, portraits: [Portrait] = [], troubles: [PortraitTrouble],
        notes: [String], isResumed: Bool = false
    ) {
        for failure in failures(inventory.failed) { run.onEvent(.failed(failure)) }
        run.onEvent(
            .overview(
                SurveyOverview(
                    photoCount: inventory.photoCount, newPhotoCount: inventory.candidates.count,
                    newByteCount: inventory.candidates.reduce(0) { $0 + $1.stamp.byteCount },
                    personCount: Set(portraits.map(\.person)).count,
                    portraitCount: portraits.count, portraitTroubles: troubles,
                    expectedSeconds: AnalysisCost.seconds(for: inventory, jobs: study.jobs),
                    isResumed: isResumed, settings: settings, notes: notes)))
    }

    /// What indexing found beside the photos that are in the catalogue now.
    package struct Indexed {
        package var analysedCount = 0
        /// Files that the disk did not give.
        package var failed: [UnreadFile] = []
        package var skipped: [SkippedFile] = []
    }

    /// Looks at the photos that are new or changed, and records what each is.
    package func index(_ inventory: PhotoInventory) async throws -> Indexed {
        var result = Indexed()
        var done = 0
        // A copy may be finished before the photo it is a copy of is recorded.
        var copies: [PhotoFile] = []
        let catalogue = catalogue
        let reader = PhotoReader(
            known: inventory.knownInFull, searched: inventory.searched,
            drawn: Dictionary(
                grouping: workspace.book.places.filter(\.isFace), by: \.key.photo
            ).mapValues { $0.map(\.key.box) }, disk: run.disk)
        try await pool.run(inventory.candidates) { worker, candidate in
            try reader.read(candidate, on: worker)
        } mayContinue: {
            run.mayContinue()
        } consume: { _, outcome in
            switch outcome {
            case .analysed(let photo, let picture, let file):
                try catalogue.record(
                    photo, version: PhotoReader.version, search: pool.search, picture: picture,
                    file: file)
                result.analysedCount += 1
            case .measured(let picture, let file):
                try catalogue.record(picture, file: file)
            case .known(let file):
                copies.append(file)
            case .notAPhoto(let file):
                result.skipped.append(file)
            case .failed(let file):
                result.failed.append(file)
            }
            done += 1
            run.onEvent(.analysing(done: done, total: inventory.candidates.count))
        }
        try catalogue.record(files: copies)
        try catalogue.recordUnread(
            (inventory.failed + result.failed).map(run.describe), in: Array(inventory.bases.keys),
            isWhole: run.mayContinue())
        for failure in failures(result.failed) { run.onEvent(.failed(failure)) }
        return result
    }

    /// As the user reads them.
    package func failures(_ files: [UnreadFile]) -> [PhotoFailure] {
        files.map { PhotoFailure(run.describe($0)) }
    }
}
