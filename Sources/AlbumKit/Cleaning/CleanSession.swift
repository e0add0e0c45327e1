internal import PhotoIndex
internal import FileLedger
internal import FaceCore
internal import Foundation
internal import SystemPackage

/// The photos and the bin of one request, from the opened workspaces to what was moved: what the
/// command and the page share.
///
/// Holds the bin until ``close()``, and an album as long as photos are looked at.
final class CleanSession {
    /// What the photos are judged by, and what else was found.
    struct Look {
        let facts: CleanFacts
        let studied: Survey.Result
        let failures: [PhotoFailure]
    }

    let clean: CleanValidation
    /// Where files are moved to, and what was moved is written down.
    private(set) var bin: Workspace
    private var choices: ChoiceJournal
    private let study: Survey
    let run: RunContext

    init(_ request: CleanRequest, _ run: RunContext) throws {
        self.run = run
        clean = try CleanValidation(request, disk: run.disk)
        let models = try RunModels(
            clean.study, workspace: clean.bin, environment: run.environment)
        bin = try Bin.open(
            clean.bin, given: request.bin, command: clean.study.command, disk: run.disk)
        choices = try ChoiceJournal(clean.bin, disk: run.disk)
        study = try Survey(clean.study, models: models, workspace: bin, run: run)
    }

    deinit { close() }

    func close() {
        study.close()
        bin.close()
    }

    // MARK: What goes

    /// Looks at the photos, as far as they are not known; once.
    func look(stopIfInterrupted: () throws -> Void) async throws -> Look {
        defer { study.close() }
        let notes = bin.notes.map(\.sentence) + choices.notes
        let studied = try await study.perform(
            notes: notes, excluding: [clean.bin.path], stopIfInterrupted: stopIfInterrupted)
        let present = Set(studied.files.map(\.photo))
        let needsPeople =
            clean.request.filters.contains(.noKnown) || clean.study.album != nil
        let judgement = try needsPeople ? study.judgement() : nil
        let records = try (judgement?.photos ?? study.catalogue.photos()).filter {
            present.contains($0.hash)
        }
        let photos = Dictionary(uniqueKeysWithValues: records.map { ($0.hash, $0) })
        let movable = Set(studied.movable.map(\.photo))
        let judged = records.filter { movable.contains($0.hash) }
        let facts = CleanFacts(
            files: studied.movable, fixed: studied.fixed, records: judged,
            compared: try study.cleanable(judged), judgement: judgement)
        let failures = studied.files.compactMap { $0.failure(photos[$0.photo]) }
        for failure in failures { run.onEvent(.failed(failure)) }
        return Look(facts: facts, studied: studied, failures: studied.failures + failures)
    }

    func plan(_ facts: CleanFacts) -> CleanPlan {
        CleanPlan(facts, filters: clean.request.filters) { [choices] photo, filter in
            choices.verdict(for: photo, about: Choice.Subject(filter))
        }
    }

    func movement(_ plan: CleanPlan, of facts: CleanFacts) throws -> BinMovement {
        let going = Set(plan.verdicts.map(\.file))
        return try BinMovement(
            plan.verdicts.map {
                BinMovement.Going(
                    file: $0.file, folder: $0.filter.folder, staying: $0.staying?.path)
            },
            staying: facts.files.filter { !going.contains($0) }.map(\.path) + facts.fixed, bin: bin,
            sidecars: clean.request.sidecars)
    }

    /// What goes, or went.
    func moves(_ movement: BinMovement, _ plan: CleanPlan) -> [CleanSummary.Move] {
        movement.moves.map { move in
            let verdict = plan.verdicts[move.number]
            return CleanSummary.Move(
                photo: verdict.file.name.string, filter: verdict.filter, reason: verdict.reason,
                to: move.to.string, byteCount: verdict.file.byteCount,
                sidecars: move.sidecars.map(\.string))
        }
    }

    func summary(
        _ look: Look, _ facts: CleanFacts, _ plan: CleanPlan, _ movement: BinMovement
    ) -> CleanSummary {
        let filters = clean.request.filters
        var summary = CleanSummary()
        summary.bin = clean.request.bin.string
        summary.filters = filters.sorted()
        summary.photoCount = facts.files.count
        summary.analysedCount = look.studied.analysedCount
        summary.failures = look.failures
        summary.portraitTroubles = look.studied.portraitTroubles
        summary.notes = look.studied.notes
        summary.sharpness = facts.files.compactMap { file in
            facts.sharpness[file.photo].map { score in
                CleanSummary.Sharpness(
                    photo: file.name.string, sharpness: Double(score.sharpness),
                    isBlurred: score.isBlurred, isOfFaces: score.basis == .faces)
            }
        }
        summary.groups = (plan.groups[.duplicates] ?? []).enumerated().map { number, group in
            CleanSummary.Group(
                number: number + 1,
                members: group.rows.map { row in
                    CleanSummary.Group.Member(
                        photo: row.file.name.string, isKept: row.isKept, reason: row.reason)
                })
        }
        summary.keptByYouCount = plan.chosenCount(.keep, filters: filters)
        summary.sortedOutByYouCount = plan.chosenCount(.discard, filters: filters)
        summary.moves = moves(movement, plan)
        summary.keptSidecarCount = movement.keptSidecarCount
        return summary
    }

    // MARK: Choosing

    /// What was chosen as far as a filter is concerned, also for photos that are not among these.
    func verdicts(_ filter: CleanFilter) -> [ContentHash: Choice.Verdict] {
        choices.verdicts(about: Choice.Subject(filter))
    }

    /// Records choices, all or none.
    func choose(
        _ verdicts: [(photo: ContentHash, choice: Choice.Verdict)], _ filter: CleanFilter
    ) throws(FileError) {
        try choices.append(verdicts, about: Choice.Subject(filter), at: run.now)
    }

    // MARK: Moving

    /// The record of a run that moves files.
    func log(isRehearsal: Bool) throws -> RunLog {
        try RunLog(
            bin, command: clean.study.command,
            settings: JSONText.encoded(
                CleanSettings(
                    filters: clean.request.filters.sorted(), sidecars: clean.request.sidecars)),
            isRehearsal: isRehearsal, now: run.environment.now)
    }

    /// Opens the bin again after a move that failed half-way: opening settles unfinished acts.
    func reopen() throws {
        bin.close()
        bin = try Workspace(
            clean.bin, access: .write(command: clean.study.command), disk: run.disk)
        choices = try ChoiceJournal(clean.bin, disk: run.disk)
    }

    /// Those of `files` that are no longer where they were.
    func gone(of files: [SurveyedFile]) throws(FileError) -> Set<SurveyedFile> {
        var gone: Set<SurveyedFile> = []
        for file in files where try run.disk.statusIfPresent(of: file.path) == nil {
            gone.insert(file)
        }
        return gone
    }
}

/// What a run was asked to do; a different request is a different run.
private struct CleanSettings: Encodable {
    let filters: [CleanFilter]
    let sidecars: SidecarRule
}
