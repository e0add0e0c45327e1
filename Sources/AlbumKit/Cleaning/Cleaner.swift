package import AlbumCatalogue
internal import FaceAnalysis
package import FaceCore
package import Foundation
internal import PhotoImaging
internal import SystemPackage

/// Moves photos that are not worth keeping into a bin, to be looked through there.
///
/// Nothing is deleted: what was moved lies in the bin under its own name, and `undo` brings it back.
/// Safe to repeat, and to kill at any moment: the same request carries on.
public struct Cleaner: Sendable {
    let request: CleanRequest
    let environment: [String: String]
    let now: @Sendable () -> Date
    let disk: Disk

    /// - Parameter environment: `FACESORT_MODELS`, `XDG_DATA_HOME` and `HOME` say where the model
    ///   files are.
    public init(_ request: CleanRequest, environment: [String: String]) {
        self.init(request, environment: environment, now: { Date() }, disk: Disk())
    }

    package init(
        _ request: CleanRequest, environment: [String: String],
        now: @escaping @Sendable () -> Date, disk: Disk
    ) {
        self.request = request
        self.environment = environment
        self.now = now
        self.disk = disk
    }

    /// Looks at the photos and says what goes; moves it when ``CleanRequest/applies``.
    ///
    /// What is learnt about the photos is kept in the bin's own state, or in the album's, so that
    /// the next command on the same photos has little to do.
    ///
    /// - Parameters:
    ///   - interruption: after a request the photos in hand are finished, then it stops.
    ///   - onEvent: called in order, from one thread at a time.
    /// - Returns: also when photos failed; see ``CleanSummary/failures``.
    /// - Throws: an ``AlbumError``; `.interrupted` after an interruption.
    public func run(
        interruption: Interruption, onEvent: @escaping @Sendable (CleanEvent) -> Void
    ) async throws(AlbumError) -> CleanSummary {
        do {
            let validated = try CleanValidation(request, disk: disk)
            let files = try ModelFiles(
                folder: ModelFiles.locate(explicit: request.models, environment: environment))
            let space = try files.space(engine: request.engine)
            let run = try CleanRun(
                validated, models: files, space: space, now: now, disk: disk,
                interruption: interruption, onEvent: onEvent)
            return try await run.perform()
        } catch {
            throw AlbumError(error, album: request.bin)
        }
    }
}

/// One run of ``Cleaner``, from the opened workspaces to the summary.
private final class CleanRun {
    private let clean: CleanValidation
    private let models: ModelFiles
    private let space: EncodingSpace
    private let now: @Sendable () -> Date
    private let disk: Disk
    private let interruption: Interruption
    private let onEvent: @Sendable (CleanEvent) -> Void
    /// Where files are moved to, and what was moved is written down.
    private let bin: Workspace
    /// Where what is known of the photos is kept: the album, or the bin itself.
    private let knowledge: Workspace
    private let settings: SortSettings
    private let log: RunLog
    private var summary = CleanSummary()

    private var catalogue: Catalogue { knowledge.catalogue }

    init(
        _ clean: CleanValidation, models: ModelFiles, space: EncodingSpace,
        now: @escaping @Sendable () -> Date, disk: Disk, interruption: Interruption,
        onEvent: @escaping @Sendable (CleanEvent) -> Void
    ) throws {
        self.clean = clean
        self.models = models
        self.space = space
        self.now = now
        self.disk = disk
        self.interruption = interruption
        self.onEvent = onEvent
        let bin = try Workspace(clean.bin, access: .write(command: "clean"), disk: disk)
        self.bin = bin
        guard try !bin.catalogue.runs().contains(where: { $0.command == "sort" }) else {
            throw AlbumError(
                .foreignFolder, clean.request.bin.string, "is an album of sorted photos",
                remedy: "Nothing was moved. Choose another folder with --to.")
        }
        knowledge =
            try clean.album.map {
                try Workspace($0, access: .write(command: "clean"), disk: disk)
            } ?? bin
        var settings = try knowledge.catalogue.settingsOfMatches()
        if let search = clean.request.search { settings.search = search }
        self.settings = settings
        log = try RunLog(
            bin, command: "clean",
            settings: JSONText.encoded(
                CleanSettings(
                    filters: clean.request.filters.sorted(), sidecars: clean.request.sidecars)),
            isRehearsal: !clean.request.applies, now: now)
    }

    func perform() async throws -> CleanSummary {
        defer {
            knowledge.close()
            bin.close()
        }
        let start = now()
        summary.isApplied = clean.request.applies
        summary.bin = clean.request.bin.string
        summary.filters = clean.request.filters.sorted()
        summary.notes = bin.notes
        try catalogue.setEncodingSpace(space)
        let pool = WorkerPool(
            count: clean.jobs, models: LazyModels(models, engine: clean.request.engine),
            search: settings.search)
        try await learnPeople(pool)
        let sources = try self.sources()
        let inventory = try takeInventory(of: sources)
        try await index(inventory, pool)
        let files = try self.files(of: sources, inventory)
        let plan = try makePlan(files)
        let movement = try CleanMovement(
            plan.verdicts, staying: staying(files, plan), bin: bin,
            sidecars: clean.request.sidecars, disk: disk)
        summary.groups = plan.groups
        summary.moves = movement.moves
        summary.keptSidecarCount = movement.keptSidecarCount
        if clean.request.applies { try move(movement) }
        summary.seconds = now().timeIntervalSince(start)
        summary.run = try log.finish(.finished, summary: nil)
        return summary
    }

    // MARK: What is known

    private func learnPeople(_ pool: WorkerPool) async throws {
        guard let people = clean.people else { return }
        let source = try catalogue.rememberSource(.people, at: people)
        let learner = PeopleLearner(
            catalogue: catalogue, pool: pool, book: knowledge.book, traits: knowledge.traits,
            alreadyListed: clean.listedPeople, disk: disk)
        let result = try await learner.learn(from: [source]) { [interruption] in
            !interruption.isRequested
        } progress: { [onEvent] done, total in
            onEvent(.learning(done: done, total: total))
        }
        try stopIfInterrupted()
        summary.portraitTroubles =
            PeopleHealth(
                people: result.people, portraits: try catalogue.portraits(), matches: [],
                settings: settings.match
            ).troubles(empty: result.empty, unusable: result.unusable)
    }

    /// The folders whose photos are meant: PHOTOS themselves, or those of the album they lie in.
    private func sources() throws -> [Source] {
        guard clean.album != nil else {
            return try clean.photos.map { try catalogue.rememberSource(.photos, at: $0) }
        }
        let known = try catalogue.sources().filter { $0.kind == .photos }
        let found = try zip(clean.request.photos, clean.photos).map { given, path in
            guard let source = known.first(where: { path.starts(with: $0.path) }) else {
                throw AlbumError(
                    .setting, given.string,
                    "is not among the photos of '\(clean.request.album?.string ?? "")'",
                    remedy: "Nothing was moved. Sort them into the album first, or leave --album "
                        + "away.")
            }
            return source
        }
        return found.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    private func takeInventory(of sources: [Source]) throws -> PhotoInventory {
        let people = try catalogue.sources().filter { $0.kind == .people }.map(\.path)
        let inventory = try PhotoInventory(
            of: sources, excluding: people + [clean.bin.path], search: settings.search,
            catalogue: catalogue, disk: disk)
        for (source, paths) in inventory.vanished where !paths.isEmpty {
            try catalogue.forget(files: paths, in: source)
        }
        summary.notes += inventory.notes
        summary.failures = inventory.failures
        for failure in inventory.failures { onEvent(.failed(failure)) }
        onEvent(
            .overview(
                CleanOverview(
                    photoCount: inventory.photoCount, newPhotoCount: inventory.candidates.count,
                    expectedSeconds: inventory.candidates.isEmpty
                        ? nil : AnalysisCost.seconds(for: inventory.candidates, jobs: clean.jobs),
                    notes: summary.notes)))
        return inventory
    }

    private func index(_ inventory: PhotoInventory, _ pool: WorkerPool) async throws {
        let indexer = Indexer(
            catalogue: catalogue, pool: pool, places: knowledge.book.places, disk: disk)
        let total = inventory.candidates.count
        let result = try await indexer.index(inventory) { [interruption] in
            !interruption.isRequested
        } progress: { [onEvent] done in
            onEvent(.analysing(done: done, total: total))
        }
        try stopIfInterrupted()
        summary.analysedCount = result.analysedCount
        for failure in result.failures { report(failure) }
    }

    /// The photo files that are meant, in stable order.
    private func files(
        of sources: [Source], _ inventory: PhotoInventory
    ) throws -> [CleanFile] {
        var seen: Set<FilePath> = []
        var files: [CleanFile] = []
        for source in sources {
            guard let base = inventory.bases[source.id] else { continue }
            for file in try catalogue.photoFiles(in: source.id) {
                let path = base.pushing(file.path)
                guard clean.photos.contains(where: { path.starts(with: $0) }),
                    seen.insert(path).inserted
                else { continue }
                files.append(
                    CleanFile(
                        photo: file.photo, path: path, name: file.path,
                        byteCount: file.stamp.byteCount))
            }
        }
        summary.photoCount = files.count
        return files
    }

    // MARK: What goes

    private func makePlan(_ files: [CleanFile]) throws -> CleanPlan {
        let present = Set(files.map(\.photo))
        let filters = clean.request.filters
        let needsPeople = filters.contains(.noKnown) || clean.album != nil
        let judgement =
            try needsPeople
            ? Reconsideration(knowledge, settings: settings.match).judgement() : nil
        let records = try (judgement?.photos ?? catalogue.photos()).filter {
            present.contains($0.hash)
        }
        let features = Dictionary(
            uniqueKeysWithValues: try catalogue.pictures(version: PictureFeatures.version)
                .map { ($0.photo, $0.features) })
        let photos = records.map { CleanablePhoto($0, features[$0.hash]) }
        let groups = duplicateGroups(among: photos)
        let scores = sharpnessScores(of: photos, groups: groups)
        let byHash = Dictionary(uniqueKeysWithValues: records.map { ($0.hash, $0) })
        for file in files {
            if let failure = byHash[file.photo]?.failure {
                report(
                    PhotoFailure(
                        path: file.name.string, code: failure.code,
                        reason: byHash[file.photo]?.condition == .unreadable
                            ? "cannot be read: \(failure.reason)"
                            : "is damaged: \(failure.reason)",
                        remedy: byHash[file.photo]?.condition == .analysed
                            ? "What is there of it was judged." : "It stays where it is."))
            }
            guard let score = scores[file.photo] else { continue }
            summary.sharpness.append(
                CleanSummary.Sharpness(
                    photo: file.name.string, sharpness: Double(score.sharpness),
                    isBlurred: score.isBlurred, isOfFaces: score.basis == .faces))
        }
        // Which of two people of theirs it is may be open: it is one of them.
        let undecided = Set(
            (judgement?.recognition.matches ?? []).filter { $0.reason == .hardToTell }
                .map(\.face.photo))
        return CleanPlan(
            CleanPlan.Input(
                files: files, photos: byHash, groups: groups, sharpness: scores,
                faceCount: { judgement?.people.faceCount(of: $0) ?? $0.recordedFaces.count },
                isKnownPersonIn: {
                    judgement?.people[$0].isEmpty == false || undecided.contains($0)
                }, filters: filters))
    }

    private func staying(_ files: [CleanFile], _ plan: CleanPlan) -> [FilePath] {
        let going = Set(plan.verdicts.map(\.file))
        return files.filter { !going.contains($0) }.map(\.path)
    }

    // MARK: Moving

    private func move(_ movement: CleanMovement) throws {
        var movement = movement
        try movement.checkSpace(bin: clean.request.bin)
        let total = movement.fileCount
        var done = 0
        let perform = { [self] (acts: [Act]) throws -> [ActOutcome] in
            let journal = try log.journal(people: [], sources: [])
            let outcomes = try AlbumWriter(
                album: clean.bin, journal: journal, traits: bin.traits, disk: disk
            ).perform(acts) { [interruption] in
                interruption.isRequested
            } recorded: { performed in
                done += performed.count { $0.index != nil }
                onEvent(.moving(done: min(done, total), total: total))
            }
            try stopIfInterrupted()
            return outcomes
        }
        for (name, failure) in try movement.movePhotos(perform) {
            report(
                PhotoFailure(
                    path: name, code: "notMoved",
                    reason: "could not be moved: \(failure.sentence)",
                    remedy: "It is where it was. Run the same command again."))
        }
        let brought = try log.isResumed || total > 0 ? movement.brought(by: log.id) : []
        for (name, failure) in try movement.moveSidecars(of: brought, perform) {
            report(
                PhotoFailure(
                    path: name, code: "notMoved",
                    reason: "could not be moved after its photo: \(failure.sentence)",
                    remedy: "It is where it was."))
        }
        summary.moves = movement.moves
    }

    private func report(_ failure: PhotoFailure) {
        summary.failures.append(failure)
        onEvent(.failed(failure))
    }

    private func stopIfInterrupted() throws {
        guard interruption.isRequested else { return }
        _ = try log.finish(.interrupted, summary: nil)
        throw AlbumError(
            .interrupted, clean.request.bin.string, "is not finished: it was interrupted",
            remedy: "What was learnt and moved is kept. Run the same command again to carry on, or "
                + "'facesort undo \(clean.request.bin.string)' to bring everything back.")
    }
}

/// What a run was asked for; another request is another run.
private struct CleanSettings: Encodable {
    let filters: [CleanFilter]
    let sidecars: SidecarRule
}

extension CleanablePhoto {
    /// - Parameter features: of its picture, as far as they are known.
    package init(_ record: PhotoRecord, _ features: PictureFeatures?) {
        self.init(
            photo: record.hash, width: record.width ?? 1, height: record.height ?? 1,
            byteCount: record.byteCount, taken: record.taken, features: features,
            faces: record.recordedFaces.map {
                CleanableFace(
                    box: $0.face.box, encodings: $0.face.encodings, sharpness: $0.sharpness,
                    heightInPixels: $0.heightInPixels)
            }, isWhole: record.failure == nil)
    }
}
