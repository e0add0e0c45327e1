internal import AlbumCatalogue
internal import FaceCore
package import Foundation
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
            let engine = try StudyEngine(request.study, environment: environment)
            let run = try CleanRun(
                validated, engine: engine, now: now, disk: disk, interruption: interruption,
                onEvent: onEvent)
            return try await run.perform()
        } catch {
            throw AlbumError(error, album: request.bin)
        }
    }
}

/// One run of ``Cleaner``, from the opened workspaces to the summary.
private final class CleanRun {
    private let clean: CleanValidation
    private let now: @Sendable () -> Date
    private let disk: Disk
    private let interruption: Interruption
    private let onEvent: @Sendable (CleanEvent) -> Void
    /// Where files are moved to, and what was moved is written down.
    private let bin: Workspace
    private let study: PhotoStudy
    private let log: RunLog
    private var summary = CleanSummary()

    init(
        _ clean: CleanValidation, engine: StudyEngine, now: @escaping @Sendable () -> Date,
        disk: Disk, interruption: Interruption, onEvent: @escaping @Sendable (CleanEvent) -> Void
    ) throws {
        self.clean = clean
        self.now = now
        self.disk = disk
        self.interruption = interruption
        self.onEvent = onEvent
        bin = try Bin.open(clean.bin, given: clean.request.bin, command: "clean", disk: disk)
        study = try PhotoStudy(
            clean.study, engine: engine, workspace: bin, command: "clean",
            excluding: [clean.bin.path], disk: disk, interruption: interruption
        ) { onEvent(.study($0)) }
        log = try RunLog(
            bin, command: "clean",
            settings: JSONText.encoded(
                CleanSettings(
                    filters: clean.request.filters.sorted(), sidecars: clean.request.sidecars)),
            isRehearsal: !clean.request.applies, now: now)
    }

    func perform() async throws -> CleanSummary {
        defer {
            study.close()
            bin.close()
        }
        let start = now()
        summary.isApplied = clean.request.applies
        summary.bin = clean.request.bin.string
        summary.filters = clean.request.filters.sorted()
        let studied = try await study.perform(
            notes: bin.notes,
            stopIfInterrupted: {
                try Bin.stop(log, clean.request.bin, ifRequested: interruption)
            })
        summary.photoCount = studied.files.count
        summary.analysedCount = studied.analysedCount
        summary.failures = studied.failures
        summary.portraitTroubles = studied.portraitTroubles
        summary.notes = studied.notes
        let plan = try makePlan(studied.files)
        var movement = try BinMovement(
            plan.verdicts.map { BinMovement.Going(file: $0.file, folder: $0.filter.folder) },
            staying: staying(studied.files, plan), bin: bin, sidecars: clean.request.sidecars,
            disk: disk)
        summary.groups = plan.groups
        summary.keptSidecarCount = movement.keptSidecarCount
        if clean.request.applies {
            try movement.carryOut(
                into: clean.request.bin, log: log, interruption: interruption, report: report
            ) { [onEvent] done, total in
                onEvent(.moving(done: done, total: total))
            }
        }
        summary.moves = moves(movement, plan)
        summary.seconds = now().timeIntervalSince(start)
        summary.run = try log.finish(.finished, summary: nil)
        return summary
    }

    // MARK: What goes

    private func makePlan(_ files: [StudiedFile]) throws -> CleanPlan {
        let present = Set(files.map(\.photo))
        let filters = clean.request.filters
        let needsPeople = filters.contains(.noKnown) || clean.study.album != nil
        let judgement = try needsPeople ? study.judgement() : nil
        let records = try (judgement?.photos ?? study.catalogue.photos()).filter {
            present.contains($0.hash)
        }
        let photos = try study.cleanable(records)
        let groups = duplicateGroups(among: photos)
        let scores = sharpnessScores(of: photos, groups: groups)
        let byHash = Dictionary(uniqueKeysWithValues: records.map { ($0.hash, $0) })
        for file in files {
            if let failure = file.failure(byHash[file.photo]) { report(failure) }
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

    private func staying(_ files: [StudiedFile], _ plan: CleanPlan) -> [FilePath] {
        let going = Set(plan.verdicts.map(\.file))
        return files.filter { !going.contains($0) }.map(\.path)
    }

    private func moves(_ movement: BinMovement, _ plan: CleanPlan) -> [CleanSummary.Move] {
        movement.moves.map { move in
            let verdict = plan.verdicts[move.number]
            return CleanSummary.Move(
                photo: verdict.file.name.string, filter: verdict.filter, reason: verdict.reason,
                to: move.to.string, byteCount: verdict.file.byteCount,
                sidecars: move.sidecars.map(\.string))
        }
    }

    private func report(_ failure: PhotoFailure) {
        summary.failures.append(failure)
        onEvent(.failed(failure))
    }
}

/// What a run was asked for; another request is another run.
private struct CleanSettings: Encodable {
    let filters: [CleanFilter]
    let sidecars: SidecarRule
}
