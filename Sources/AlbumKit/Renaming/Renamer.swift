internal import AlbumCatalogue
public import FaceCore
internal import FileLedger
public import PhotoIndex
internal import PhotoLearning
internal import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Gives photos names that say what is known of them, in place or as copies.
///
/// Nothing is overwritten and nothing deleted; `undo` gives the old names back. Safe to repeat, and
/// to kill at any moment: the same request carries on. Done again it changes nothing.
public struct Renamer: Sendable {
    private let request: RenameRequest
    private let environment: RunEnvironment

    public init(_ request: RenameRequest, environment: RunEnvironment) {
        self.request = request
        self.environment = environment
    }

    /// Looks at the photos and says what they would be called; renames them when
    /// ``RenameRequest/applies``.
    ///
    /// What is learnt about the photos is kept in `.facesort` beside them or beside the copies, or
    /// in the album, so that the next command on the same photos has little to do.
    ///
    /// - Parameters:
    ///   - interruption: after a request the photos in hand are finished, then it stops.
    ///   - onEvent: called in order, from one thread at a time.
    /// - Returns: also when photos failed; see ``RenameSummary/failures``.
    /// - Throws: an ``AlbumError``; `.interrupted` after an interruption.
    public func run(
        interruption: Interruption, onEvent: @escaping @Sendable (RunEvent) -> Void
    ) async throws(AlbumError) -> RenameSummary {
        try await withAlbumErrors(of: RenameRun.subject(of: request)) {
            try await RenameRun(
                request, RunContext(environment, interruption, onEvent)
            ).perform()
        }
    }
}

/// One run of ``Renamer``, from the opened workspaces to the summary.
final class RenameRun {
    static let command = "rename"

    private let rename: RenameValidation
    private let run: RunContext
    /// Whose names change, and where that is written down.
    private let workspace: Workspace
    private let study: Survey
    private let history: NameHistory
    private let log: RunLog
    private var summary = RenameSummary()
    private var isIncomplete = false

    private var disk: Disk { run.disk }

    init(_ request: RenameRequest, _ run: RunContext) throws {
        self.run = run
        rename = try RenameValidation(request, disk: run.disk)
        let models = try RunModels(
            rename.study, workspace: rename.workspace, environment: run.environment)
        workspace = try Self.open(rename, run.disk)
        study = try Survey(rename.study, models: models, workspace: workspace, run: run)
        // Before the log closes what was killed.
        history = try NameHistory(rename.workspace, disk: run.disk)
        log = try RunLog(
            workspace, command: Self.command,
            settings: JSONText.encoded(
                RenameSettings(template: request.template.text, isCopy: rename.isCopy)),
            // A ZIP file needs no undo: it is one file, and complete.
            isRehearsal: !request.applies || rename.archive != nil, now: run.environment.now)
    }

    /// With an album beside them the photos' folder is not written to before names change.
    private static func open(_ rename: RenameValidation, _ disk: Disk) throws -> Workspace {
        guard rename.writesWorkspace else {
            return try Workspace(rename.workspace, access: .rehearsal, disk: disk)
        }
        do {
            try rename.workspace.prepareForPhotos(disk: disk)
            return try Workspace(rename.workspace, access: .write(command: command), disk: disk)
        } catch let error as FileError where error.isRefusal {
            if rename.archive != nil {
                return try Workspace(rename.workspace, access: .rehearsal, disk: disk)
            }
            guard !rename.isCopy else { throw error }
            throw AlbumError(
                .readOnly, rename.given.string, "cannot be written to: \(error.sentence)",
                remedy:
                    "Nothing was renamed. --to DIR and --zip FILE write renamed copies and leave "
                    + "the originals.", underlying: error)
        }
    }

    func perform() async throws -> RenameSummary {
        defer {
            study.close()
            workspace.close()
        }
        let start = run.now
        summary.isApplied = rename.request.applies
        summary.folder = rename.given.string
        summary.isCopy = rename.isCopy
        summary.isArchive = rename.archive != nil
        let studied = try await study.perform(
            notes: workspace.notes.map(\.sentence),
            excluding: rename.isCopy && rename.archive == nil ? [rename.workspace.path] : [],
            stopIfInterrupted: stopIfInterrupted)
        summary.photoCount = studied.files.count
        summary.analysedCount = studied.analysedCount
        summary.otherFileCount = studied.otherFileCount
        summary.failures = studied.failures
        summary.portraitTroubles = studied.portraitTroubles
        summary.notes = studied.notes
        let labels = try await labels(of: studied.files)
        let names = try names(files(studied), labels)
        if let file = rename.archive {
            try pack(names, into: file)
        } else {
            try give(names, studied)
        }
        summary.seconds = run.now.timeIntervalSince(start)
        // With a file that could not be renamed the run is not over: the next one goes by the names
        // that it began with, so that what lies beside a photo still finds it.
        summary.run = try log.finish(isIncomplete ? .interrupted : .finished, summary: nil)
        return summary
    }

    // MARK: Names

    /// The files in the order of the paths that they had before their first renaming; in place every
    /// name that a file has is one to be changed.
    private func files(_ studied: Survey.Result) -> [SurveyedFile] {
        (rename.isCopy ? studied.files : studied.names).map { ($0.root, origin(of: $0).bytes, $0) }
            .sorted { $0.0 != $1.0 ? $0.0 < $1.0 : $0.1.lexicographicallyPrecedes($1.1) }
            .map(\.2)
    }

    /// Before its first renaming, relative to PHOTOS.
    private func origin(of file: SurveyedFile) -> FilePath {
        rename.isCopy ? file.name : history.origin(of: file.name, file.photo)
    }

    /// What the photos show, when the names shall say so.
    private func labels(of files: [SurveyedFile]) async throws -> [ContentHash: PhotoLabel] {
        let isInNames = rename.request.template.fields.contains(.label)
        guard isInNames || rename.request.wantsLabels else { return [:] }
        let labels = try await study.labels(of: files)
        try stopIfInterrupted()
        if labels == nil {
            summary.hints.append(
                "\(isInNames ? "{label} is" : "Labels are") left out: '\(LabelNetworkFile.name)' is "
                    + "not among the models; 'facesort models' says where it is to be had.")
        }
        return labels ?? [:]
    }

    /// What the photos shall be called, and what is known of each.
    private struct Names {
        var wishes: [RenameMovement.Wish]
        let staying: [SurveyedFile]
        let values: RenameValues
        let photos: [ContentHash: PhotoRecord]
    }

    private func names(
        _ files: [SurveyedFile], _ labels: [ContentHash: PhotoLabel]
    ) throws -> Names {
        let people = try study.catalogue.people()
        let judgement =
            people.isEmpty
            ? nil : try study.judgement()
        let present = Set(files.map(\.photo))
        let photos = try (judgement?.photos ?? study.catalogue.photos()).filter {
            present.contains($0.hash)
        }
        let byHash = Dictionary(uniqueKeysWithValues: photos.map { ($0.hash, $0) })
        // Those without a time come last; files of equal times stay in the order of their paths.
        let ordered = files.enumerated().map { ($1, byHash[$1.photo]?.taken?.text, $0) }
            .sorted { ($0.1 ?? "~", $0.2) < ($1.1 ?? "~", $1.2) }.map(\.0)
        let (named, staying) = try told(ordered, byHash)
        let values = RenameValues(
            people: Dictionary(uniqueKeysWithValues: people.map { ($0.id, $0.name) }),
            judgement: judgement, burst: try bursts(photos, ordered), labels: labels,
            photoCount: named.count)
        var wishes = named.enumerated().compactMap { index, file -> RenameMovement.Wish? in
            byHash[file.photo].map { wish(file, $0, number: index + 1, values) }
        }
        // On the way out of a read-only medium what cannot be read comes along as it is.
        if rename.isCopy { wishes += staying.map(Self.unchanged) }
        hint(knowsPeople: !people.isEmpty)
        return Names(wishes: wishes, staying: staying, values: values, photos: byHash)
    }

    /// - Parameter places: of each wish, where the photo lies now and its name.
    private func pictures(
        _ names: Names, _ places: [(now: FilePath, name: FilePath)]
    ) -> [RenameSummary.Picture] {
        zip(names.wishes, places).map { wish, place in
            let photo = names.photos[wish.file.photo]
            let isSeen = photo?.condition == .analysed
            return RenameSummary.Picture(
                photo: wish.file.name.string, name: place.name.string,
                people: photo.map(names.values.people(in:)) ?? [],
                kind: isSeen ? photo.map(names.values.kind(of:)) : nil,
                label: names.values.label(of: wish.file.photo)?.name,
                labelProbability: names.values.label(of: wish.file.photo).map {
                    Double($0.probability)
                }, path: place.now,
                content: wish.file.photo)
        }
    }

    /// Divides the files into those that get a name and those that keep theirs, with the reason.
    private func told(
        _ files: [SurveyedFile], _ photos: [ContentHash: PhotoRecord]
    ) throws -> (named: [SurveyedFile], staying: [SurveyedFile]) {
        var named: [SurveyedFile] = []
        var staying: [SurveyedFile] = []
        let check = AlbumFiles(album: rename.workspace, disk: disk)
        let linked =
            try rename.isCopy
            ? nil
            : LinkedPhotos(among: files.map(\.path), in: rename.workspace.path, disk: disk)
        summary.links = linked?.notes ?? []
        for file in files {
            let photo = photos[file.photo]
            let isSeen = photo?.condition == .analysed
            if let failure = photo?.failure {
                report(
                    PhotoFailure(
                        path: file.name.string, code: failure.code,
                        reason: "is damaged: \(failure.reason)",
                        remedy: isSeen
                            ? "It is named by what could be read." : "It keeps its name."))
            }
            let folder = try rename.isCopy ? .ready : check.check(folderOf: file.name)
            if case .link = folder {
                report(
                    PhotoFailure(
                        path: file.name.string, code: .notRenamed,
                        reason: "lies behind a link to another folder",
                        remedy: "It keeps its name. Rename the photos of that folder itself."))
                staying.append(file)
            } else if linked?.staying.contains(file.path) == true {
                staying.append(file)
            } else if isSeen {
                named.append(file)
            } else {
                staying.append(file)
            }
        }
        return (named, staying)
    }

    private func bursts(
        _ photos: [PhotoRecord], _ files: [SurveyedFile]
    ) throws -> [ContentHash: Int] {
        guard rename.request.template.fields.contains(.burst) else { return [:] }
        let groups = duplicateGroups(among: try study.cleanable(photos))
        return RenameValues.bursts(of: groups, in: files.map(\.photo))
    }

    private func wish(
        _ file: SurveyedFile, _ photo: PhotoRecord, number: Int, _ values: RenameValues
    ) -> RenameMovement.Wish {
        let template = rename.request.template
        let name = PhotoFileName(file.path.lastComponent?.bytes ?? [], format: photo.format)
        let original = PhotoFileName(origin(of: file).lastComponent?.bytes ?? [], format: nil)
        let found = values.values(of: photo, number: number, original: original.stem)
        for field in Set(template.fields) where (found[field] ?? []).isEmpty {
            summary.missing[field, default: 0] += 1
        }
        return RenameMovement.Wish(
            file: file, stem: template.stem(found) ?? original.stem, suffix: name.suffix)
    }

    private static func unchanged(_ file: SurveyedFile) -> RenameMovement.Wish {
        let name = PhotoFileName(file.path.lastComponent?.bytes ?? [], format: nil)
        return RenameMovement.Wish(file: file, stem: name.stem, suffix: name.suffix)
    }

    private func hint(knowsPeople: Bool) {
        let fields = rename.request.template.fields
        if fields.contains(.people), !knowsPeople {
            summary.hints.append(
                "Nobody is known, so {people} is left out. Name a folder of portraits with "
                    + "--people, or an album of these photos with --album.")
        }
    }

    // MARK: Renaming

    private func give(_ names: Names, _ studied: Survey.Result) throws {
        var movement = try RenameMovement(
            names.wishes, staying: rename.isCopy ? [] : names.staying.map(\.path),
            in: rename.workspace, isCopy: rename.isCopy, history: history,
            traits: workspace.traits, disk: disk)
        if rename.request.applies {
            try apply(&movement)
            try record(movement, studied)
        }
        summary.renames = movement.renames
        summary.pictures = pictures(names, movement.places)
    }

    private func pack(_ names: Names, into file: FilePath) throws {
        var archive = try RenameArchive(names.wishes, disk: disk)
        if rename.request.applies {
            try archive.checkSpace(zip: file, given: rename.given)
            let total = archive.fileCount
            let failures = try archive.pack(into: file) { [run] done in
                run.onEvent(.renaming(done: done, total: total))
            } isCancelled: { [run] in
                run.interruption.isRequested
            }
            for (name, reason) in failures ?? [] { reportUnwritten(name, reason) }
            try stopIfInterrupted()
        }
        summary.renames = archive.renames
        summary.pictures = pictures(names, archive.places)
    }

    private func reportUnwritten(_ name: String, _ reason: String) {
        report(
            PhotoFailure(
                path: name, code: rename.isCopy ? .notCopied : .notRenamed,
                reason: "could not be \(rename.isCopy ? "copied" : "renamed"): \(reason)",
                remedy: "It is as it was. Run the same command again."))
    }

    private func apply(_ movement: inout RenameMovement) throws {
        try movement.checkSpace(given: rename.given)
        let total = movement.fileCount
        var done = 0
        let failures = try movement.perform { [self] acts in
            let journal = try log.journal()
            let outcomes = try AlbumWriter(
                album: rename.workspace, journal: journal, traits: workspace.traits, disk: disk
            ).perform(acts) { [run] in
                run.interruption.isRequested
            } recorded: { performed in
                done += performed.count { $0.index != nil }
                run.onEvent(.renaming(done: min(done, total), total: total))
            }
            try stopIfInterrupted()
            return outcomes
        }
        isIncomplete = !failures.isEmpty
        for (name, reason) in failures { reportUnwritten(name, reason) }
    }

    /// So that the next command need not read the photos to know them again.
    private func record(_ movement: RenameMovement, _ studied: Survey.Result) throws {
        let renamed = movement.renamed
        guard !renamed.isEmpty else { return }
        for (source, files) in Dictionary(grouping: renamed, by: \.file.source) {
            guard let base = studied.bases[source] else { continue }
            let stamps = try Dictionary(
                uniqueKeysWithValues: study.catalogue.photoFiles(in: source)
                    .map { ($0.path, $0.stamp) })
            try study.catalogue.forget(files: files.map(\.file.sourcePath), in: source)
            try study.catalogue.record(
                files: files.compactMap { file, to in
                    guard let path = to.relative(to: base), let stamp = stamps[file.sourcePath]
                    else { return nil }
                    return PhotoFile(source: source, path: path, stamp: stamp, photo: file.photo)
                })
        }
    }

    private func report(_ failure: PhotoFailure) {
        summary.failures.append(failure)
        run.onEvent(.failed(failure))
    }

    private func stopIfInterrupted() throws {
        guard run.interruption.isRequested else { return }
        _ = try log.finish(.interrupted, summary: nil)
        throw AlbumError(
            .interrupted, rename.given.string, "is not finished: it was interrupted",
            remedy: rename.archive != nil
                ? "What was learnt about the photos is kept. Run the same command again."
                : "What was learnt and renamed is kept. Run the same command again to carry on, or "
                    + "'facesort undo \(rename.given.string)' to take it back.")
    }

    /// The subject of an error that names none.
    static func subject(of request: RenameRequest) -> FilePath {
        switch request.destination {
        case .photos: request.study.photos.first ?? "."
        case .folder(let path), .zip(let path): path
        }
    }
}

/// What a run was asked to do; a different request is a different run.
private struct RenameSettings: Encodable {
    let template: String
    let isCopy: Bool
}

extension FileError {
    /// The folder may not be written to.
    fileprivate var isRefusal: Bool {
        intruder == nil && (isReadOnly || errno == EACCES || errno == EPERM)
    }
}
