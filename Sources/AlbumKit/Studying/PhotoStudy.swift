package import AlbumCatalogue
internal import FaceAnalysis
package import FaceCore
internal import PhotoImaging
internal import SystemPackage

/// A photo file that a command is about, and where it lies.
struct StudiedFile: Hashable {
    let photo: ContentHash
    let source: SourceID
    /// Relative to the source.
    let sourcePath: FilePath
    /// Absolute.
    let path: FilePath
    /// Relative to the PHOTOS folder; what the user is told.
    let name: FilePath
    /// Which one of PHOTOS it lies in.
    let root: Int
    let byteCount: Int64
    /// Whether only a link leads to it: it is looked at, and neither moved nor renamed.
    let isLinked: Bool

    /// The folder among PHOTOS that it lies in, or the one that holds it when it was named itself.
    var rootFolder: FilePath {
        var folder = path
        for _ in name.components { folder.removeLastComponent() }
        return folder
    }

    /// What is wrong with its photo; `nil` when nothing is.
    func failure(_ record: PhotoRecord?) -> PhotoFailure? {
        guard let record, let failure = record.failure else { return nil }
        return PhotoFailure(
            path: name.string, code: failure.code,
            reason: record.condition == .unreadable
                ? "cannot be read: \(failure.reason)" : "is damaged: \(failure.reason)",
            remedy: record.condition == .analysed
                ? "What is there of it was judged." : "It stays where it is.")
    }
}

/// Looks at the photos that a command is about, as far as they are not known, and answers what is
/// known of them.
///
/// What is learnt is kept in the album's catalogue, or in that of the command's own workspace, so
/// that the next command on the same photos has little to do.
final class PhotoStudy {
    /// What a study found beside what the catalogue knows now.
    struct Result {
        /// Each file once, in stable order: as PHOTOS were named, then bytewise by path.
        var files: [StudiedFile] = []
        /// Likewise, and each file by every name that it has among them.
        var names: [StudiedFile] = []
        /// Those that lie among PHOTOS themselves, and may go from there.
        var movable: [StudiedFile] { files.filter { !$0.isLinked } }
        /// Where the others lie, absolute: linked ones, and further names of the same files.
        var fixed: [FilePath] {
            let movable = Set(movable)
            return names.filter { !movable.contains($0) }.map(\.path)
        }
        /// The folder that a reachable source's paths are relative to.
        var bases: [SourceID: FilePath] = [:]
        var analysedCount = 0
        /// Files in PHOTOS that are no photos.
        var otherFileCount = 0
        var failures: [PhotoFailure] = []
        var portraitTroubles: [PortraitTrouble] = []
        /// Each a sentence.
        var notes: [String] = []
    }

    /// Where what is known of the photos is kept: the album, or the command's own workspace.
    let knowledge: Workspace
    let settings: SortSettings
    private let study: StudyValidation
    private let models: RunModels
    private let pool: WorkerPool
    private let excluded: [FilePath]
    private let disk: Disk
    private let interruption: Interruption
    private let onEvent: @Sendable (StudyEvent) -> Void
    var catalogue: Catalogue { knowledge.catalogue }

    /// - Parameters:
    ///   - workspace: of the command; it stays the caller's to close. When it is a rehearsal, so is
    ///     what is learnt for an album, whose photos need not be those that are looked at.
    ///   - excluded: folders among the photos that hold none of them.
    ///   - interruption: after a request the photos in hand are finished, then it stops.
    init(
        _ study: StudyValidation, models: RunModels, workspace: Workspace, command: String,
        excluding excluded: [FilePath], disk: Disk, interruption: Interruption,
        onEvent: @escaping @Sendable (StudyEvent) -> Void
    ) throws {
        self.study = study
        self.models = models
        self.excluded = excluded
        self.disk = disk
        self.interruption = interruption
        self.onEvent = onEvent
        knowledge =
            try study.album.map {
                try Workspace(
                    $0, access: workspace.isRehearsal ? .rehearsal : .write(command: command),
                    disk: disk)
            } ?? workspace
        var settings = try knowledge.catalogue.settingsOfMatches()
        if let search = study.request.search { settings.search = search }
        self.settings = settings
        pool = WorkerPool(
            count: study.jobs, models: models.loaded, search: settings.search)
    }

    /// Gives the album back.
    func close() {
        if study.album != nil { knowledge.close() }
    }

    /// Learns the people, reads what is new of the photos and lists them.
    ///
    /// - Parameters:
    ///   - notes: of the command itself, to be told with those of the photos.
    ///   - stopIfInterrupted: asked after each part; it throws when the command shall end.
    func perform(
        notes: [String], stopIfInterrupted: () throws -> Void
    ) async throws -> Result {
        var result = Result(notes: notes)
        try models.agree(with: catalogue)
        try await learnPeople(&result)
        try stopIfInterrupted()
        let sources = try self.sources()
        let inventory = try takeInventory(of: sources, &result)
        try await index(inventory, &result)
        try stopIfInterrupted()
        result.bases = inventory.bases
        result.names = try names(of: sources, inventory)
        result.files = inventory.shared.distinct(result.names) {
            SharedFiles.Name(source: $0.source, path: $0.sourcePath)
        }
        return result
    }

    // MARK: Answers

    /// Who is in the photos, by portraits and by what a person said.
    func judgement() throws -> Judgement {
        try Reconsideration(knowledge, settings: settings.match).judgement()
    }

    /// The photos as they are compared, measured and rated.
    func cleanable(_ photos: [PhotoRecord]) throws -> [CleanablePhoto] {
        let features = try catalogue.pictureFeatures(version: PictureFeatures.version)
        return photos.map { CleanablePhoto($0, features[$0.hash]) }
    }

    /// What the photos of `files` show; those without a label are looked at first, as long as
    /// nobody interrupts.
    ///
    /// - Parameter others: photos without a file here; their labels are told as far as they are known.
    /// - Returns: `nil` when the network's file is not among the models.
    func labels(
        of files: [StudiedFile], and others: Set<ContentHash> = []
    ) async throws -> [ContentHash: PhotoLabel]? {
        let indexer = try LabelIndexer(
            models: models.folder, catalogue: catalogue, pool: pool, disk: disk)
        guard let indexer else { return nil }
        let paths = Dictionary(grouping: files, by: \.photo).mapValues { $0.map(\.path) }
        let sound = try catalogue.photos().filter {
            $0.condition == .analysed && (paths[$0.hash] != nil || others.contains($0.hash))
        }
        return try await indexer.labels(of: sound.map(\.hash)) {
            paths[$0] ?? []
        } mayContinue: { [interruption] in
            !interruption.isRequested
        } progress: { [onEvent] done, total in
            onEvent(.labelling(done: done, total: total))
        }
    }

    // MARK: Looking

    private func learnPeople(_ study: inout Result) async throws {
        guard let people = self.study.people else { return }
        let source = try catalogue.rememberSource(.people, at: people)
        let learner = PeopleLearner(
            catalogue: catalogue, pool: pool, book: knowledge.book, traits: knowledge.traits,
            alreadyListed: self.study.listedPeople, disk: disk)
        let result = try await learner.learn(from: [source]) { [interruption] in
            !interruption.isRequested
        } progress: { [onEvent] done, total in
            onEvent(.learning(done: done, total: total))
        }
        study.notes += result.notes
        study.portraitTroubles =
            PeopleHealth(
                people: result.people, portraits: try catalogue.portraits(), matches: [],
                settings: settings.match
            ).troubles(empty: result.empty, unusable: result.unusable)
    }

    /// The folders whose photos are meant: PHOTOS themselves, or those of the album they lie in.
    private func sources() throws -> [Source] {
        guard let album = study.request.album, !knowledge.isRehearsal else {
            return try study.photos.map { try catalogue.rememberSource(.photos, at: $0) }
        }
        let known = try catalogue.sources().filter { $0.kind == .photos }
        let found = try zip(study.request.photos, study.photos).map { given, path in
            guard let source = known.first(where: { path.starts(with: $0.path) }) else {
                throw AlbumError(
                    .setting, given.string, "is not among the photos of '\(album.string)'",
                    remedy: "Nothing was done. Sort them into the album first, or leave --album "
                        + "away.")
            }
            return source
        }
        return found.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    private func takeInventory(
        of sources: [Source], _ result: inout Result
    ) throws -> PhotoInventory {
        let people = try catalogue.sources().filter { $0.kind == .people }.map(\.path)
        let inventory = try PhotoInventory(
            of: sources, excluding: people + excluded, search: settings.search,
            catalogue: catalogue, disk: disk)
        for (source, paths) in inventory.vanished where !paths.isEmpty {
            try catalogue.forget(files: paths, in: source)
        }
        result.notes += inventory.notes + linkedNote(inventory)
        result.failures = inventory.failures
        result.otherFileCount = inventory.skipped.values.reduce(0) { $0 + $1.count }
        for failure in inventory.failures { onEvent(.failed(failure)) }
        onEvent(
            .overview(
                StudyOverview(
                    photoCount: inventory.photoCount, newPhotoCount: inventory.candidates.count,
                    expectedSeconds: AnalysisCost.seconds(for: inventory, jobs: study.jobs),
                    notes: result.notes)))
        return inventory
    }

    private func index(
        _ inventory: PhotoInventory, _ study: inout Result
    ) async throws {
        let indexer = Indexer(
            catalogue: catalogue, pool: pool, places: knowledge.book.places, disk: disk)
        let total = inventory.candidates.count
        let result = try await indexer.index(inventory) { [interruption] in
            !interruption.isRequested
        } progress: { [onEvent] done in
            onEvent(.analysing(done: done, total: total))
        }
        study.analysedCount = result.analysedCount
        study.otherFileCount += result.skipped.count
        study.failures += result.failures
        for failure in result.failures { onEvent(.failed(failure)) }
        try catalogue.recordFailed(
            inventory, result, isWhole: !interruption.isRequested)
    }

    /// What is said of photos that only links lead to; nothing when there are none.
    private func linkedNote(_ inventory: PhotoInventory) -> [String] {
        guard inventory.shared.hasLinks else { return [] }
        let linked = inventory.shared.distinct(inventory.names, by: \.self).filter { name in
            guard let base = inventory.bases[name.source] else { return false }
            let path = base.pushing(name.path)
            return inventory.shared.isLinked(name.path, in: name.source)
                && study.photos.contains { path.starts(with: $0) }
        }.map(\.path)
        guard !linked.isEmpty else { return [] }
        return [
            "Only links lead to \(named(linked)): looked at, and neither moved nor renamed."
        ]
    }

    private func names(of sources: [Source], _ inventory: PhotoInventory) throws -> [StudiedFile] {
        var seen: Set<FilePath> = []
        var files: [StudiedFile] = []
        for source in sources {
            guard let base = inventory.bases[source.id] else { continue }
            for file in try catalogue.photoFiles(in: source.id) {
                let path = base.pushing(file.path)
                guard let root = study.photos.firstIndex(where: { path.starts(with: $0) }),
                    seen.insert(path).inserted
                else { continue }
                // A single file is its own root.
                let relative = path.relative(to: study.photos[root]) ?? FilePath()
                let name =
                    relative.isEmpty
                    ? path.lastComponent.map { FilePath(root: nil, [$0]) } ?? path : relative
                files.append(
                    StudiedFile(
                        photo: file.photo, source: source.id, sourcePath: file.path, path: path,
                        name: name, root: root, byteCount: file.stamp.byteCount,
                        isLinked: inventory.shared.isLinked(file.path, in: source.id)))
            }
        }
        return files
    }
}

extension CleanablePhoto {
    /// - Parameter features: of its picture, as far as they are known.
    package init(_ record: PhotoRecord, _ features: PictureFeatures?) {
        self.init(
            photo: record.hash, width: record.width ?? 1, height: record.height ?? 1,
            byteCount: record.byteCount, format: record.format, taken: record.taken,
            camera: record.camera, features: features,
            faces: record.recordedFaces.map {
                CleanableFace(
                    box: $0.face.box, encodings: $0.face.encodings, sharpness: $0.sharpness,
                    heightInPixels: $0.heightInPixels)
            }, isWhole: record.failure == nil)
    }
}
