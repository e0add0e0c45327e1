public import FaceCore
internal import FileLedger
internal import Foundation
public import PhotoIndex
public import PhotoLearning
internal import SystemPackage

/// Learns from somebody's own choices which photos are worth keeping.
///
/// What is learnt lies in the bin's own state, in place of what was learnt before; the photos are
/// only read.
public struct KeepTrainer: Sendable {
    private let request: KeepRequest
    private let environment: RunEnvironment

    public init(_ request: KeepRequest, environment: RunEnvironment) {
        self.request = request
        self.environment = environment
    }

    /// - Throws: ``AlbumError`` `.labels` when there are too few to learn from; what was learnt
    ///   before stays then.
    public func run(
        interruption: Interruption, onEvent: @escaping @Sendable (RunEvent) -> Void
    ) async throws(AlbumError) -> KeepTrainingSummary {
        try await withAlbumErrors(of: request.bin) {
            try await learn(RunContext(environment, interruption, onEvent))
        }
    }

    private func learn(_ run: RunContext) async throws -> KeepTrainingSummary {
        let (start, disk) = (run.now, run.disk)
        // Said before hours are spent on photos.
        try checkLabels(disk)
        let study = try KeepSurvey(request, run)
        defer { study.close() }
        let journal = try ChoiceJournal(study.bin.folder, disk: disk)
        let verdicts = journal.verdicts(about: .worth)
        let photos = try await study.perform(
            among: Set(verdicts.keys), usesNetwork: true)
        let labelled = photos.labelled(verdicts)
        let model: KeepModel
        do throws(KeepError) {
            model = try KeepTraining(labelled, groups: photos.groups).learn()
        } catch {
            throw refusal(error, verdicts.count - labelled.count)
        }
        let file = KeepModelFile(
            model: model, learnt: start.formatted(.iso8601),
            labels: labelled.map {
                .init(photo: $0.photo.photo.photo, choice: $0.isKept ? .keep : .discard)
            }, knownPeopleCount: photos.knownPeopleCount)
        try file.write(to: study.bin.folder, disk: disk)
        return KeepTrainingSummary(
            bin: request.bin.string, photoCount: photos.study.files.count,
            analysedCount: photos.study.analysedCount,
            unusedLabelCount: verdicts.count - labelled.count,
            unusedReason: unusedReason(verdicts, photos), report: model.report,
            failures: photos.failures, portraitTroubles: photos.study.portraitTroubles,
            notes: photos.study.notes + journal.notes,
            seconds: run.now.timeIntervalSince(start))
    }

    /// - Throws: when there would be too few labels even if all of them were of photos among these.
    private func checkLabels(_ disk: Disk) throws {
        let bin = AlbumFolder(request.bin.absolute)
        try Bin.checkCondition(of: bin, given: request.bin, disk: disk)
        let verdicts = try ChoiceJournal(bin, disk: disk).verdicts(about: .worth).values
        let few = TooFewLabels(
            keepCount: verdicts.count { $0 == .keep },
            discardCount: verdicts.count { $0 == .discard })
        if let few { throw refusal(.tooFewLabels(few), 0) }
    }

    private func unusedReason(
        _ verdicts: [ContentHash: Choice.Verdict], _ photos: KeepSurvey.Photos
    ) -> String? {
        let unused = verdicts.keys.filter { photos.rows[$0] == nil }
        guard !unused.isEmpty else { return nil }
        let unreadable = unused.count { photos.records[$0] != nil }
        let elsewhere = unused.count - unreadable
        return enumerated(
            [
                elsewhere == 0
                    ? nil
                    : "\(counted(elsewhere, "label")) of photos that are not among these",
                unreadable == 0
                    ? nil : "\(counted(unreadable, "label")) of photos that cannot be read",
            ].compactMap(\.self))
    }

    private func refusal(_ error: KeepError, _ unusedCount: Int) -> AlbumError {
        guard case .tooFewLabels(let few) = error else {
            return AlbumError(
                .keepModel, request.bin.string, "could not learn: \(KeepSentences.text(error))",
                remedy: "Nothing was changed. Your labels are kept.", underlying: error)
        }
        let missing = enumerated(
            [
                few.missingKeepCount == 0
                    ? nil : "\(grouped(few.missingKeepCount)) more to keep",
                few.missingDiscardCount == 0
                    ? nil : "\(grouped(few.missingDiscardCount)) more to discard",
            ].compactMap(\.self))
        let unused =
            unusedCount == 0
            ? ""
            : " \(counted(unusedCount, "label")) of photos that are not among these, or cannot be "
                + "read, do not count."
        return AlbumError(
            .labels, request.bin.string,
            "has too few labels to learn from: \(grouped(few.keepCount)) to keep and "
                + "\(grouped(few.discardCount)) to discard",
            remedy: "Nothing was learnt. Label \(missing): with less, learning cannot be told from "
                + "luck.\(unused)", underlying: error)
    }
}

/// The result of `keep train`.
public struct KeepTrainingSummary: Sendable, Codable {
    public let bin: String
    public let photoCount: Int
    public let analysedCount: Int
    /// Labels that were not learnt from; ``unusedReason`` says why.
    public let unusedLabelCount: Int
    public let unusedReason: String?
    public let report: KeepReport
    public let failures: [PhotoFailure]
    public let portraitTroubles: [PortraitTrouble]
    /// Each a sentence.
    public let notes: [String]
    public let seconds: Double
}
