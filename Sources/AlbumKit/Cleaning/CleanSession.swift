internal import AlbumCatalogue
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
        let studied: PhotoStudy.Result
        let failures: [PhotoFailure]
    }

    let clean: CleanValidation
    /// Where files are moved to, and what was moved is written down.
    private(set) var bin: Workspace
    private var choices: ChoiceJournal
    private let study: PhotoStudy
    private let now: @Sendable () -> Date
    private let disk: Disk
    private let onEvent: @Sendable (CleanEvent) -> Void

    init(
        _ clean: CleanValidation, engine: StudyEngine, now: @escaping @Sendable () -> Date,
        disk: Disk, interruption: Interruption, onEvent: @escaping @Sendable (CleanEvent) -> Void
    ) throws {
        self.clean = clean
        self.now = now
        self.disk = disk
        self.onEvent = onEvent
        bin = try Workspace(clean.bin, access: .write(command: "clean"), disk: disk)
        guard try !bin.catalogue.runs().contains(where: { $0.command == "sort" }) else {
            throw AlbumError(
                .foreignFolder, clean.request.bin.string, "is an album of sorted photos",
                remedy: "Nothing was moved. Choose another folder with --to.")
        }
        choices = try ChoiceJournal(clean.bin, disk: disk)
        study = try PhotoStudy(
            clean.study, engine: engine, workspace: bin, command: "clean",
            excluding: [clean.bin.path], disk: disk, interruption: interruption
        ) { onEvent(.study($0)) }
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
        var notes = bin.notes
        let damaged = choices.damagedLines.count
        if damaged > 0 {
            notes.append(
                "\(counted(damaged, "line")) of '.facesort/choices.jsonl' cannot be read: what was "
                    + "chosen there does not count.")
        }
        let studied = try await study.perform(notes: notes, stopIfInterrupted: stopIfInterrupted)
        let present = Set(studied.files.map(\.photo))
        let needsPeople =
            clean.request.filters.contains(.noKnown) || clean.study.album != nil
        let judgement = try needsPeople ? study.judgement() : nil
        let records = try (judgement?.photos ?? study.catalogue.photos()).filter {
            present.contains($0.hash)
        }
        let facts = CleanFacts(
            files: studied.files, records: records, compared: try study.cleanable(records),
            judgement: judgement)
        let failures = facts.files.compactMap { failure(of: $0, facts) }
        for failure in failures { onEvent(.failed(failure)) }
        return Look(facts: facts, studied: studied, failures: studied.failures + failures)
    }

    private func failure(of file: StudiedFile, _ facts: CleanFacts) -> PhotoFailure? {
        guard let photo = facts.photos[file.photo], let failure = photo.failure else { return nil }
        return PhotoFailure(
            path: file.name.string, code: failure.code,
            reason: photo.condition == .unreadable
                ? "cannot be read: \(failure.reason)" : "is damaged: \(failure.reason)",
            remedy: photo.condition == .analysed
                ? "What is there of it was judged." : "It stays where it is.")
    }

    func plan(_ facts: CleanFacts) -> CleanPlan {
        CleanPlan(facts, filters: clean.request.filters) { [choices] photo, filter in
            choices.verdict(for: photo, about: Choice.Subject(filter))
        }
    }

    func movement(_ plan: CleanPlan, of facts: CleanFacts) throws -> CleanMovement {
        let going = Set(plan.verdicts.map(\.file))
        return try CleanMovement(
            plan.verdicts, staying: facts.files.filter { !going.contains($0) }.map(\.path),
            bin: bin, sidecars: clean.request.sidecars, disk: disk)
    }

    func summary(
        _ look: Look, _ facts: CleanFacts, _ plan: CleanPlan, _ movement: CleanMovement
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
        summary.moves = movement.moves
        summary.keptSidecarCount = movement.keptSidecarCount
        return summary
    }

    // MARK: Choosing

    /// What was chosen as far as a filter is concerned, also for photos that are not among these.
    func verdicts(_ filter: CleanFilter) -> [ContentHash: Choice.Verdict] {
        choices.verdicts(about: Choice.Subject(filter))
    }

    /// Writes choices down, all or none.
    func choose(
        _ verdicts: [(photo: ContentHash, choice: Choice.Verdict)], _ filter: CleanFilter
    ) throws(FileError) {
        try choices.append(verdicts, about: Choice.Subject(filter), at: now())
    }

    // MARK: Moving

    /// The record of a run that moves files.
    func log(isRehearsal: Bool) throws -> RunLog {
        try RunLog(
            bin, command: "clean",
            settings: JSONText.encoded(
                CleanSettings(
                    filters: clean.request.filters.sorted(), sidecars: clean.request.sidecars)),
            isRehearsal: isRehearsal, now: now)
    }

    /// Moves the files, those of an interrupted run whose record is carried on among them.
    ///
    /// - Parameters:
    ///   - movement: says afterwards what went.
    ///   - stopIfInterrupted: asked after each part; it throws when the move shall end.
    ///   - progress: how many files are moved, and of how many.
    /// - Returns: what stays though it should go.
    func move(
        _ movement: inout CleanMovement, _ log: RunLog, interruption: Interruption,
        stopIfInterrupted: () throws -> Void, progress: (Int, Int) -> Void
    ) throws -> [PhotoFailure] {
        try movement.checkSpace(bin: clean.request.bin)
        let total = movement.fileCount
        var done = 0
        func perform(_ acts: [Act]) throws -> [ActOutcome] {
            let journal = try log.journal(people: [], sources: [])
            let outcomes = try AlbumWriter(
                album: clean.bin, journal: journal, traits: bin.traits, disk: disk
            ).perform(acts) {
                interruption.isRequested
            } recorded: { performed in
                done += performed.count { $0.index != nil }
                progress(min(done, total), total)
            }
            try stopIfInterrupted()
            return outcomes
        }
        var failures = try movement.movePhotos(perform).map { name, failure in
            PhotoFailure(
                path: name, code: "notMoved", reason: "could not be moved: \(failure.sentence)",
                remedy: "It is where it was. Run the same command again.")
        }
        for failure in failures { onEvent(.failed(failure)) }
        let brought = try log.isResumed || total > 0 ? movement.brought(by: log.id) : []
        for (name, failure) in try movement.moveSidecars(of: brought, perform) {
            let failure = PhotoFailure(
                path: name, code: "notMoved",
                reason: "could not be moved after its photo: \(failure.sentence)",
                remedy: "It is where it was.")
            failures.append(failure)
            onEvent(.failed(failure))
        }
        return failures
    }

    /// Takes a run back.
    func undo(run: Int) throws -> UndoSummary {
        try UndoRuns(bin, album: clean.request.bin).undo(.run(run))
    }

    /// Opens the bin anew after a move that failed half-way: opening settles what was under way.
    func reopen() throws {
        bin.close()
        bin = try Workspace(clean.bin, access: .write(command: "clean"), disk: disk)
        choices = try ChoiceJournal(clean.bin, disk: disk)
    }

    /// Those of `files` that do not lie where they were any more.
    func gone(of files: [StudiedFile]) throws(FileError) -> Set<StudiedFile> {
        var gone: Set<StudiedFile> = []
        for file in files where try disk.statusIfPresent(of: file.path) == nil {
            gone.insert(file)
        }
        return gone
    }
}

/// What a run was asked for; another request is another run.
private struct CleanSettings: Encodable {
    let filters: [CleanFilter]
    let sidecars: SidecarRule
}
