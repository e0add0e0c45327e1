internal import PhotoIndex
internal import FileLedger
internal import AlbumCatalogue
internal import FaceCore
internal import PhotoLearning
internal import SystemPackage

/// The photos of a `keep` command, looked at and ready to be judged, and what was chosen for them.
final class KeepSurvey {
    /// What there is to judge.
    struct Photos {
        let study: Survey.Result
        /// What the catalogue knows of the photos that have files, and of those with labels:
        /// discarded photos lie in the bin by now, and are still what was learnt from.
        let records: [ContentHash: PhotoRecord]
        let known: [ContentHash: KeepPhoto]
        /// Of those whose pictures can be read.
        let rows: [ContentHash: [Double]]
        let groups: [DuplicateGroup]
        /// How many people have a name.
        let knownPeopleCount: Int

        /// What is wrong with files, in their order after those that could not be looked at.
        var failures: [PhotoFailure] {
            study.failures + study.files.compactMap { $0.failure(records[$0.photo]) }
        }

        /// How likely those of the photos that can be judged are to be kept; 0...1.
        func probabilities(_ model: KeepModel) throws(KeepError) -> [ContentHash: Double] {
            let judged = rows.filter {
                // A photo that the network did not see would be judged by zeros.
                !model.usesNetwork || known[$0.key]?.network != nil
            }.sorted { $0.key < $1.key }
            return Dictionary(
                uniqueKeysWithValues: zip(
                    judged.map(\.key), try model.probabilities(of: judged.map(\.value))))
        }

        /// Those with labels that can be learnt from.
        func labelled(_ verdicts: [ContentHash: Choice.Verdict]) -> [LabelledPhoto] {
            verdicts.sorted { $0.key < $1.key }.compactMap { hash, verdict in
                guard let photo = known[hash], let row = rows[hash] else { return nil }
                return LabelledPhoto(photo: photo, row: row, isKept: verdict == .keep)
            }
        }
    }

    private(set) var bin: Workspace
    private let study: Survey
    let request: KeepRequest
    let run: RunContext

    /// - Parameter isRehearsal: whether the bin, which is there, and an album are only read, and what
    ///   is learnt of the photos is forgotten with ``close()``.
    init(_ request: KeepRequest, isRehearsal: Bool = false, _ run: RunContext) throws {
        self.request = request
        self.run = run
        let folder = AlbumFolder(request.bin.absolute)
        let validated = try SurveyValidation(request.study, command: "keep", disk: run.disk)
        try Bin.check(folder, given: request.bin, for: validated, disk: run.disk)
        let models = try RunModels(validated, workspace: folder, environment: run.environment)
        bin =
            try isRehearsal
            ? Workspace(folder, access: .rehearsal, disk: run.disk)
            : Bin.open(folder, given: request.bin, command: "keep", disk: run.disk)
        study = try Survey(validated, models: models, workspace: bin, run: run)
    }

    /// Gives the workspaces back.
    func close() {
        study.close()
        bin.close()
    }

    /// Closes an album once the photos are known; the bin stays open.
    func letPhotosGo() { study.close() }

    /// Opens the bin again after a move that failed half-way: opening settles unfinished acts.
    func reopenBin() throws {
        bin.close()
        bin = try Bin.open(
            AlbumFolder(request.bin.absolute), given: request.bin, command: "keep", disk: run.disk)
    }

    /// Looks at the photos, as far as they are not known.
    ///
    /// - Parameters:
    ///   - others: photos that count although no file of theirs is among those: those with labels,
    ///     for one.
    ///   - usesNetwork: whether the label network's numbers are wanted; it is asked then, when its
    ///     file is among the models.
    func perform(
        among others: Set<ContentHash>, usesNetwork: Bool, log: RunLog? = nil
    ) async throws -> Photos {
        let stop = { [self] in try Bin.stop(log, request.bin, ifRequested: run.interruption) }
        let studied = try await study.perform(
            notes: bin.notes.map(\.sentence), excluding: [bin.folder.path], stopIfInterrupted: stop)
        let shown =
            try await usesNetwork
            ? study.labels(of: studied.files, and: others) : nil
        try stop()
        let judgement = try study.judgement()
        let present = Set(studied.files.map(\.photo)).union(others)
        let records = judgement.photos.filter { present.contains($0.hash) }
        let names = Dictionary(
            studied.files.map { ($0.photo, $0.name.string) }, uniquingKeysWith: { one, _ in one })
        let cleanable = try study.cleanable(records)
        let photos = cleanable.map { photo in
            KeepPhoto(
                photo: photo, name: names[photo.photo] ?? "",
                knownCount: judgement.people[photo.photo].count,
                network: shown?[photo.photo]?.features)
        }
        let groups = duplicateGroups(among: cleanable)
        return Photos(
            study: studied,
            records: Dictionary(uniqueKeysWithValues: records.map { ($0.hash, $0) }),
            known: Dictionary(uniqueKeysWithValues: photos.map { ($0.photo.photo, $0) }),
            rows: KeepFeatures.rows(of: photos, groups: groups), groups: groups,
            knownPeopleCount: try study.catalogue.people().count)
    }
}
