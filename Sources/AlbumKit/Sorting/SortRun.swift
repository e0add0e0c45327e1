internal import PhotoIndex
internal import FileLedger
internal import AlbumCatalogue
internal import FaceAnalysis
internal import FaceCore
internal import Foundation
internal import SystemPackage

/// One run of ``Sorter``, from the opened workspace to the summary.
final class SortRun {
    let sort: SortValidation
    private let run: RunContext
    let workspace: Workspace
    private let survey: Survey
    let log: RunLog
    private let start: Date
    var summary = SortSummary()

    var catalogue: Catalogue { workspace.catalogue }
    var settings: SortSettings { survey.settings }
    var disk: Disk { run.disk }
    var interruption: Interruption { run.interruption }
    var onEvent: @Sendable (RunEvent) -> Void { run.onEvent }

    init(_ request: SortRequest, _ run: RunContext) throws {
        self.run = run
        sort = try SortValidation(request, disk: run.disk)
        let models = try RunModels(
            sort.study, workspace: sort.album, environment: run.environment)
        start = run.now
        workspace = try Workspace(
            sort.album, access: request.isDryRun ? .rehearsal : .write(command: "sort"),
            disk: run.disk)
        let settings = try sort.settings(after: workspace.catalogue.runs())
        survey = try Survey(
            sort.study, models: models, workspace: workspace, settings: settings, run: run)
        log = try RunLog(
            workspace, command: "sort", settings: JSONText.encoded(settings),
            isRehearsal: request.isDryRun, now: run.environment.now)
    }

    func perform() async throws -> SortSummary {
        defer { workspace.close() }
        try rememberSources()
        let people = try await learnPeople()
        let inventory = try survey.takeInventory(
            of: catalogue.sources().filter { $0.kind == .photos })
        summary.notes += workspace.notes.map(\.sentence) + inventory.notes
        survey.report(
            inventory, portraits: try catalogue.portraits(), troubles: summary.portraitTroubles,
            notes: summary.notes, isResumed: log.isResumed)
        let (judgement, audit) = try judge(try await index(inventory))
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
        summary.portraitTroubles = try survey.troubles(
            of: people, matches: judgement.recognition.matches)
        summary.seconds = run.now.timeIntervalSince(start)
        summary.run = try log.finish(.finished, summary: JSONText.encoded(summary))
        return summary
    }

    // MARK: Sources and people

    func rememberSources() throws {
        for path in sort.study.photos { _ = try catalogue.rememberSource(.photos, at: path) }
        if let people = sort.study.people { _ = try catalogue.rememberSource(.people, at: people) }
        guard try catalogue.sources().contains(where: { $0.kind == .photos }) else {
            throw AlbumError(
                .setting, sort.request.album.string, "remembers no photos yet",
                remedy: "Nothing was done. Name the folder with the photos: 'facesort sort PHOTOS "
                    + "--to \(sort.request.album.string)'.")
        }
    }

    func learnPeople() async throws -> PeopleLearner.Result {
        let sources = try catalogue.sources().filter { $0.kind == .people }
        let reachable = try sources.filter { try disk.statusIfPresent(of: $0.path) != nil }
        for source in sources where !reachable.contains(source) {
            summary.notes.append(
                "The people in '\(source.path.string)' are out of reach; what was learnt of them "
                    + "still counts.")
        }
        summary.renames += try DecidedPeople(workspace).rename()
        var result = try await survey.learnPeople(from: reachable)
        try stopIfInterrupted()
        if reachable.isEmpty { result.people = try catalogue.people() }
        summary.renames += result.renames
        summary.notes += result.notes
        summary.portraitTroubles = try survey.troubles(of: result)
        return result
    }

    // MARK: Photos

    /// - Returns: all photos that the catalogue knows; `nil` when they must be read again.
    func index(_ inventory: PhotoInventory) async throws -> [PhotoRecord]? {
        if !inventory.candidates.isEmpty { try log.begin() }
        let result: Survey.Indexed
        do {
            result = try await survey.index(inventory)
        } catch let error as ModelError {
            // They were found missing only when needed: the run continues once they exist.
            _ = try? log.finish(.interrupted, summary: nil)
            throw error
        }
        try stopIfInterrupted()
        summary.analysedCount = result.analysedCount
        summary.failures = survey.failures(inventory.failed + result.failed)
        try recordSkipped(inventory, result.skipped)
        let paths = PhotoPaths(catalogue, album: sort.album, bases: inventory.bases)
        let photos = try await survey.updateDrawnFaces(paths: paths.all(of:))
        try stopIfInterrupted()
        return photos
    }

    func recordSkipped(_ inventory: PhotoInventory, _ found: [SkippedFile]) throws {
        let before = Dictionary(grouping: try catalogue.skippedFiles(), by: \.source)
        let more = Dictionary(grouping: found, by: \.source)
        for (source, files) in inventory.skipped {
            let all = (files + (more[source] ?? []) + (inventory.machineFolders[source] ?? []))
                .sorted { $0.path.bytes.lexicographicallyPrecedes($1.path.bytes) }
            if all != before[source] ?? [] { try catalogue.replaceSkipped(in: source, with: all) }
        }
    }

    /// Determines who is who, after recording what the user said by moving files of the album.
    func judge(_ photos: [PhotoRecord]?) throws -> (RecognitionResult, AlbumAudit) {
        let placed = try catalogue.placedFiles()
        var audit = try AlbumAudit(
            of: placed, album: sort.album.path, traits: workspace.traits, disk: disk)
        if !sort.request.isDryRun { try workspace.checkPlace() }
        var reconsideration = try AlbumRecognition(workspace, settings: settings.match)
        var judgement = try reconsideration.judgement(of: photos)
        let moves = try UserMoves(
            of: audit.missing, ours: Set(audit.present.map(\.path)), people: catalogue.people(),
            album: sort.album.path, disk: disk)
        if !moves.isEmpty {
            let said = moves.sayings(judgement, isSupposed: sort.request.isDryRun)
            if !said.sayings.isEmpty {
                try workspace.decide(said.sayings, at: run.now)
                reconsideration = try AlbumRecognition(workspace, settings: settings.match)
                judgement = try reconsideration.judgement(after: judgement)
            }
            summary.notes += said.notes
            try adopt(moves, judgement, &audit)
        }
        summary.notes += try NewerRule(catalogue)?.note(on: judgement) ?? []
        try reconsideration.record(judgement, as: (settings: log.settings, begin: log.begin))
        if !audit.changed.isEmpty { try catalogue.record(placed: audit.changed) }
        summary.notes += judgement.notes
        return (judgement, audit)
    }

    /// Takes files as ours that the user moved to where they belong, and writes that down for undo.
    func adopt(
        _ moves: UserMoves, _ judgement: RecognitionResult, _ audit: inout AlbumAudit
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

    // MARK: The summary

    func summarise(
        _ judgement: RecognitionResult, places: [ContentHash: Set<Place>], originals: Originals,
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

    func summarise(_ clusters: AlbumClusters, places: [ContentHash: Set<Place>]) {
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

    func stopIfInterrupted() throws {
        guard interruption.isRequested else { return }
        _ = try log.finish(.interrupted, summary: nil)
        throw AlbumError(
            .interrupted, sort.request.album.string, "is not finished: it was interrupted",
            remedy: "What was done is kept. Run the same command again to carry on, or 'facesort "
                + "undo \(sort.request.album.string)' to take it back.")
    }
}
