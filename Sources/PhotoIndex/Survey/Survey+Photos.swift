package import AlbumCatalogue
package import FaceCore
package import SystemPackage

/// A photo file that a command is about, and where it lies.
package struct SurveyedFile: Hashable {
    package let photo: ContentHash
    package let source: SourceID
    /// Relative to the source.
    package let sourcePath: FilePath
    /// Absolute.
    package let path: FilePath
    /// Relative to the PHOTOS folder; what the user reads.
    package let name: FilePath
    /// Which one of PHOTOS it lies in.
    package let root: Int
    package let byteCount: Int64
    /// Whether only a link leads to it: it is read, but neither moved nor renamed.
    package let isLinked: Bool

    /// The folder among PHOTOS that it lies in, or the one that holds it when it was named itself.
    package var rootFolder: FilePath {
        var folder = path
        for _ in name.components { folder.removeLastComponent() }
        return folder
    }

    /// What is wrong with its photo; `nil` when nothing is.
    package func failure(_ record: PhotoRecord?) -> PhotoFailure? {
        guard let record, let failure = record.failure else { return nil }
        return PhotoFailure(
            path: name.string, code: failure.code,
            reason: record.condition == .unreadable
                ? "cannot be read: \(failure.reason)" : "is damaged: \(failure.reason)",
            remedy: record.condition == .analysed
                ? "What is there of it was judged." : "It stays where it is.")
    }
}

// For commands about photos that are not sorted: what they read, and what is known of it.
extension Survey {
    /// What a study found beside what the catalogue knows now.
    package struct Result {
        /// Each file once, in stable order: in the order of PHOTOS, then bytewise by path.
        package var files: [SurveyedFile] = []
        /// The same, and each file by every name that it has among them.
        package var names: [SurveyedFile] = []
        /// Those that lie among PHOTOS themselves, and may be removed from there.
        package var movable: [SurveyedFile] { files.filter { !$0.isLinked } }
        /// Where the others lie, absolute: linked ones, and further names of the same files.
        package var fixed: [FilePath] {
            let movable = Set(movable)
            return names.filter { !movable.contains($0) }.map(\.path)
        }
        /// The folder that a reachable source's paths are relative to.
        package var bases: [SourceID: FilePath] = [:]
        package var analysedCount = 0
        /// Files in PHOTOS that are no photos.
        package var otherFileCount = 0
        package var failures: [PhotoFailure] = []
        package var portraitTroubles: [PortraitTrouble] = []
        /// Each a sentence.
        package var notes: [String] = []
    }

    /// For photos that are not sorted; the settings are those of the last sort. The caller closes the
    /// command's `workspace`. When it is a rehearsal, so is what is learnt for an album, whose photos
    /// need not be those that are read.
    package convenience init(
        _ study: SurveyValidation, models: RunModels, workspace: Workspace, run: RunContext
    ) throws {
        let knowledge =
            try study.album.map {
                try Workspace(
                    $0,
                    access: workspace.isRehearsal ? .rehearsal : .write(command: study.command),
                    disk: run.disk)
            } ?? workspace
        var settings = try knowledge.catalogue.settingsOfMatches()
        if let search = study.request.search { settings.search = search }
        try self.init(study, models: models, workspace: knowledge, settings: settings, run: run)
    }

    /// Closes the album.
    package func close() {
        if study.album != nil { workspace.close() }
    }

    /// Learns the people, reads what is new of the photos and lists them.
    ///
    /// - Parameters:
    ///   - notes: the command's own, reported with those of the photos.
    ///   - excluded: folders among the photos that hold none of them.
    ///   - stopIfInterrupted: called after each part; it throws when the command must end.
    package func perform(
        notes: [String], excluding excluded: [FilePath], stopIfInterrupted: () throws -> Void
    ) async throws -> Result {
        var result = Result(notes: notes)
        try await learnPeople(&result)
        try stopIfInterrupted()
        let sources = try self.sources()
        let inventory = try takeInventory(of: sources, excluding: excluded)
        result.notes += inventory.notes + linkedNote(inventory)
        result.failures = failures(inventory.failed)
        result.otherFileCount = inventory.skipped.values.reduce(0) { $0 + $1.count }
        report(inventory, troubles: result.portraitTroubles, notes: result.notes)
        let indexed = try await index(inventory)
        result.analysedCount = indexed.analysedCount
        result.otherFileCount += indexed.skipped.count
        result.failures += failures(indexed.failed)
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
    package func judgement() throws -> RecognitionResult {
        try AlbumRecognition(workspace, settings: settings.match).judgement()
    }

    /// The photos as they are compared, measured and rated.
    package func cleanable(_ photos: [PhotoRecord]) throws -> [CleanablePhoto] {
        let features = try catalogue.pictureFeatures(version: PictureFeatures.version)
        return photos.map { CleanablePhoto($0, features[$0.hash]) }
    }

    /// What the photos of `files` show; those without a label are read first, unless interrupted.
    /// Labels of `others`, photos without a file here, are included where known.
    ///
    /// - Returns: `nil` when the network's file is not among the models.
    package func labels(
        of files: [SurveyedFile], and others: Set<ContentHash> = []
    ) async throws -> [ContentHash: PhotoLabel]? {
        let indexer = try LabelIndexer(
            models: modelFolder, catalogue: catalogue, pool: pool, disk: run.disk)
        guard let indexer else { return nil }
        let paths = Dictionary(grouping: files, by: \.photo).mapValues { $0.map(\.path) }
        let sound = try catalogue.photos().filter {
            $0.condition == .analysed && (paths[$0.hash] != nil || others.contains($0.hash))
        }
        return try await indexer.labels(
            of: sound.map(\.hash), paths: { paths[$0] ?? [] }, mayContinue: run.mayContinue
        ) { [run] done, total in
            run.onEvent(.labelling(done: done, total: total))
        }
    }

    // MARK: Looking

    private func learnPeople(_ result: inout Result) async throws {
        guard let people = study.people else { return }
        let source = try catalogue.rememberSource(.people, at: people)
        let learnt = try await self.learnPeople(from: [source])
        result.notes += learnt.notes
        result.portraitTroubles = try troubles(of: learnt)
    }

    /// The folders whose photos are meant: PHOTOS themselves, or those of the album they lie in.
    private func sources() throws -> [Source] {
        guard let album = study.request.album, !workspace.isRehearsal else {
            return try study.photos.map { try catalogue.rememberSource(.photos, at: $0) }
        }
        let known = try catalogue.sources().filter { $0.kind == .photos }
        let found = try zip(study.request.photos, study.photos).map { given, path in
            guard let source = known.first(where: { path.starts(with: $0.path) }) else {
                throw SourceError.outsideAlbum(given, album: album)
            }
            return source
        }
        return found.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// What is said about photos that only links lead to; nothing when there are none.
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

    private func names(of sources: [Source], _ inventory: PhotoInventory) throws -> [SurveyedFile] {
        var seen: Set<FilePath> = []
        var files: [SurveyedFile] = []
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
                    SurveyedFile(
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
