package import FileLedger
package import AlbumCatalogue
package import Foundation
package import SystemPackage

/// The record of one run: in the catalogue from its first change on, in a journal from its first
/// file on. A run that changes nothing leaves no trace.
///
/// A run that was killed or interrupted continues under its own number when the next one has the
/// same command and settings; else it is closed unchanged.
package final class RunLog {
    /// Four digits, counted from `0001`.
    package let id: String
    /// Compared to tell whether a run may be carried on.
    package let settings: String
    package let isResumed: Bool
    private let workspace: Workspace
    private let command: String
    private let isRehearsal: Bool
    private let now: @Sendable () -> Date
    /// The run's journal, if this one carries on with it.
    private let earlier: JournalSummary?
    private var hasBegun = false
    private var opened: Journal?

    private static let greatestNumber = 1_000_000_000

    package init(
        _ workspace: Workspace, command: String, settings: String, isRehearsal: Bool,
        now: @escaping @Sendable () -> Date
    ) throws {
        self.workspace = workspace
        self.command = command
        self.settings = settings
        self.isRehearsal = isRehearsal
        self.now = now
        let journals = try Journal.runs(workspace.folder, disk: workspace.disk)
        let runs = try workspace.catalogue.runs()
        let last = runs.last
        let journal = journals.first { $0.header.run == last?.id }
        // A killed undoing left the run itself unchanged in the catalogue.
        let isUndone = journal?.state == .undoing || journal?.state == .undone
        // This run must not continue with files that somebody else's run took.
        let isForeign =
            journal.map {
                $0.bringsFiles
                    && workspace.disk.marks.origins(
                        of: $0.header, in: workspace.folder, disk: workspace.disk
                    ).isEmpty
            } ?? false
        if !isRehearsal, let last, last.state == .running || last.state == .interrupted,
            last.command == command, Self.areSame(last.settings, settings, of: command),
            !isUndone, !isForeign
        {
            id = last.id
            isResumed = true
            earlier = journal
        } else {
            let numbers = (runs.map(\.id) + journals.map(\.header.run)).compactMap { Int($0) }
                // Others are no numbers of our runs, and have no successor.
                .filter { (0..<Self.greatestNumber).contains($0) }
            id = String(format: "%04d", (numbers.max() ?? 0) + 1)
            isResumed = false
            earlier = nil
        }
        if !isRehearsal { try closeOthers(runs, journals) }
    }

    /// Whether a run with the settings `one` may be carried on with `other`: an older facesort wrote
    /// fewer settings of a sort, and its rule was an older one, which nobody chose.
    private static func areSame(_ one: String, _ other: String, of command: String) -> Bool {
        guard one != other, command == "sort" else { return one == other }
        guard var before = JSONText.decoded(SortSettings.self, from: one),
            let now = JSONText.decoded(SortSettings.self, from: other)
        else { return false }
        before.match.version = now.match.version
        return before == now
    }

    /// Closes killed runs that are not continued.
    private func closeOthers(_ runs: [RunRecord], _ journals: [JournalSummary]) throws {
        for journal in journals
        where journal.state == .open && journal.header.run != id && !journal.isIllegible {
            try Journal.resume(workspace.folder, run: journal.header.run, disk: workspace.disk)
                .end(.interrupted)
            if let length = try workspace.journalLength(of: journal.header.run) {
                try workspace.catalogue.take([length])
            }
        }
        for run in runs where run.state == .running && run.id != id {
            try workspace.catalogue.finish(run: run.id, at: timestamp, state: .interrupted)
        }
    }

    private var timestamp: String { now().formatted(.iso8601) }

    /// Makes sure that the catalogue has the run.
    @discardableResult
    package func begin() throws -> String {
        if !hasBegun {
            try workspace.catalogue.begin(
                RunRecord(
                    id: id, command: command, started: timestamp, finished: nil, state: .running,
                    settings: settings, summary: nil))
            hasBegun = true
        }
        return id
    }

    /// The run's journal, begun at the first call. By then the catalogue is durable: the acts that
    /// are journalled next depend on it.
    ///
    /// - Parameter origins: absolute folders of the user's that files are brought from.
    package func journal(
        people: [Person] = [], sources: [Source] = [], origins: [FilePath] = []
    ) throws -> Journal {
        try begin()
        try workspace.catalogue.flush()
        if let opened { return opened }
        let folder = workspace.folder
        let journal: Journal
        if earlier != nil {
            journal = try Journal.resume(
                folder, run: id, origins: origins, disk: workspace.disk)
        } else {
            let photos = sources.filter { $0.kind == .photos }
            let kept = JournalSettings(
                sort: JSONText.decoded(SortSettings.self, from: settings) ?? SortSettings(),
                photoSourceCount: photos.count,
                people: Dictionary(
                    people.map { ($0.name, $0.folder) }, uniquingKeysWith: { first, _ in first }))
            journal = try Journal.begin(
                folder, run: id, command: command, started: timestamp,
                settings: JSONText.encoded(kept),
                sources: (photos + sources.filter { $0.kind != .photos }).map(\.path),
                origins: origins, disk: workspace.disk)
        }
        opened = journal
        return journal
    }

    /// Ends the run.
    ///
    /// - Returns: its number, or `nil` when it changed nothing.
    package func finish(_ state: RunRecord.State, summary: String?) throws -> Int? {
        // A run that was killed after its last change must still be ended.
        guard hasBegun || isResumed, !isRehearsal else { return nil }
        if isResumed, opened == nil, let earlier, earlier.state != .finished {
            opened = try Journal.resume(workspace.folder, run: id, disk: workspace.disk)
        }
        try opened?.end(state == .interrupted ? .interrupted : .finished)
        try workspace.catalogue.finish(
            run: id, at: timestamp, state: state, summary: summary,
            journal: workspace.journalLength(of: id))
        return Int(id)
    }
}
