internal import PhotoIndex
internal import FileLedger
internal import AlbumCatalogue
internal import FaceCore
internal import Foundation
internal import SystemPackage

/// Which runs `undo` undoes.
public enum UndoSelection: Sendable, Hashable {
    /// The last one that is not undone yet.
    case last
    /// All, the last one first.
    case all
    case run(Int)
}

extension Album {
    /// Undoes what runs wrote, moved or removed, where nobody changed it since.
    ///
    /// A copy is removed only when its original exists, so that no photo is lost. What was left is
    /// listed with its reason. May be killed and repeated.
    ///
    /// A dry run is the real one on a rehearsed disk, so both say the same.
    ///
    /// With `allowsForeign` files may be put outside the workspace into folders that no run of this
    /// machine took files from.
    ///
    /// - Throws: ``AlbumError`` `.unknownRun` when there is nothing to undo; `.foreignFolder` when
    ///   files would be put where that was not allowed; `.damagedAlbum` when nothing of the journal
    ///   can be read.
    public func undo(
        _ selection: UndoSelection, isDryRun: Bool = false, allowsForeign: Bool = false
    ) throws(AlbumError) -> UndoSummary {
        do {
            let workspace = try Workspace(
                folder,
                access: isDryRun
                    ? .rehearsal : .write(command: "undo", allowsForeign: allowsForeign),
                disk: isDryRun ? disk.rehearsing() : disk)
            defer { workspace.close() }
            return try UndoRuns(
                workspace: workspace, album: path,
                foreign: isDryRun ? .show : allowsForeign ? .allow : .refuse
            ).undo(selection)
        } catch {
            throw AlbumError(error, album: path)
        }
    }
}

/// Undoes runs in a workspace that is open for writing.
struct UndoRuns {
    /// What becomes of files that would go to folders which no run of this machine took files from.
    enum Foreign {
        /// Nothing at all is undone.
        case refuse
        case allow
        /// They are only listed, on a rehearsed disk.
        case show
    }

    let workspace: Workspace
    let album: FilePath
    var foreign = Foreign.refuse

    /// The chosen runs, the last one first.
    private func chosen(
        _ selection: UndoSelection, of records: [JournalRecord]
    ) throws -> [RunHeader] {
        // What an undone run left, because an original was out of reach, can be tried once more.
        let runs = records.reversed().filter {
            ($0.state != .undone || $0.entries.contains(where: \.isInEffect)) && !$0.isIllegible
        }
        let chosen =
            switch selection {
            case .last: (runs.first { $0.state != .undone } ?? runs.first).map { [$0] } ?? []
            case .all: runs
            case .run(let number): runs.filter { Int($0.header.run) == number }
            }
        guard chosen.isEmpty else { return chosen.map(\.header) }
        if case .run(let number) = selection {
            throw AlbumError(
                .unknownRun, album.string, "has no run \(number) that could be undone",
                remedy: "Nothing was changed. 'facesort status' lists the runs.")
        }
        if let lost = records.first(where: \.isIllegible) {
            throw AlbumError(
                .damagedAlbum, album.string,
                "has a journal of which nothing can be read: '\(lost.header.run).jsonl'",
                remedy:
                    "Nothing was changed. What that run did cannot be taken back; its files are "
                    + "where it put them.")
        }
        throw AlbumError(
            .unknownRun, album.string, "has no run that could be undone",
            remedy: "Nothing was changed.")
    }

    func undo(_ selection: UndoSelection) throws -> UndoSummary {
        let records = try Journal.records(workspace.folder, workspace.disk)
        let runs = try chosen(selection, of: records)
        if foreign == .refuse { try refuseForeign(runs, records) }
        var summary = Summary()
        for record in records where record.isIllegible { summary.addIllegible(record.header.run) }
        for run in runs {
            let origins = origins(of: run, allowsForeign: foreign == .allow)
            summary.add(try undo(run), of: run, origins)
        }
        return summary.result(of: runs)
    }

    private func origins(of run: RunHeader, allowsForeign: Bool) -> Origins {
        Origins(
            of: run, in: workspace.folder, allowsForeign: allowsForeign, disk: workspace.disk)
    }

    /// - Throws: ``AlbumError`` `.foreignFolder`, which names where files would be put.
    private func refuseForeign(_ runs: [RunHeader], _ records: [JournalRecord]) throws {
        let targets = records.filter { runs.contains($0.header) }
            .flatMap { record in
                let origins = origins(of: record.header, allowsForeign: false)
                return record.entries.filter(\.isInEffect).compactMap { entry -> FilePath? in
                    guard entry.act.effect == .brings, let from = entry.act.old else { return nil }
                    return origins.allow(from) ? nil : from
                }
            }
        guard !targets.isEmpty else { return }
        let shown = targets.prefix(20).map { "  '\($0)'\n" }.joined()
        let more = targets.count > 20 ? "  and \(targets.count - 20) more\n" : ""
        throw AlbumError(
            .foreignFolder, album.string,
            "would put \(targets.count == 1 ? "a file" : "\(targets.count) files") outside of it, "
                + "where no run of this user on this machine took \(targets.count == 1 ? "it" : "them") "
                + "from",
            remedy:
                "Nothing was changed. It may come from somebody else, or from another disk or an "
                + "earlier version. It would write:\n\(shown)\(more)"
                + "If you trust it, run 'facesort undo' with --foreign.")
    }

    private func undo(_ run: RunHeader) throws -> UndoReport {
        let catalogue = workspace.catalogue
        let paths = try PhotoPaths(catalogue, album: workspace.folder, disk: workspace.disk)
        let report = try Undo.undo(
            workspace.folder, run: run.run, traits: workspace.traits,
            allowsForeign: foreign != .refuse, disk: workspace.disk
        ) { photo in
            (try? paths.originals(catalogue.files(of: photo))) ?? []
        } reverted: { acts in
            try record(acts, of: run.run)
        }
        let forgotten = try catalogue.placedFiles()
            .filter { $0.run == run.run && $0.state == .deletedByUser }
        try catalogue.record(placed: [], removed: forgotten.map(\.path))
        let length = try workspace.journalLength(of: run.run)
        if try catalogue.runs().contains(where: { $0.id == run.run }) {
            try catalogue.finish(
                run: run.run, at: Date().formatted(.iso8601), state: .undone, journal: length)
        } else if let length {
            try catalogue.take([length])
        }
        return report
    }

    private func record(_ acts: [RevertedAct], of run: String) throws {
        guard !workspace.holdsPhotos else { return }
        let catalogue = workspace.catalogue
        let folders = try PlaceFolders(people: catalogue.people())
        var placed: [PlacedFile] = []
        var removed: [FilePath] = []
        func comeBack(
            _ path: FilePath, _ hash: ContentHash, _ act: RevertedAct, from place: Place? = nil
        ) {
            guard let place = place ?? folders.place(of: path), let status = act.status
            else { return }
            placed.append(
                PlacedFile(
                    path: path, place: place, photo: hash,
                    stamp: FileStamp(byteCount: status.byteCount, modified: status.modified),
                    state: .present, run: run))
        }
        for act in acts {
            if let new = act.act.new { removed.append(new) }
            guard let old = act.act.old, !old.isAbsolute, let hash = act.act.content else {
                continue
            }
            // A person's folder has the new name still, so the path says nothing.
            let place = try act.act.new.flatMap {
                try PlaceFolders.placeOfStrangers(old) ?? catalogue.placedFile(at: $0)?.place
            }
            comeBack(old, hash, act, from: place)
        }
        try catalogue.record(
            placed: placed, removed: removed, journal: workspace.journalLength(of: run))
    }
}

/// The result of undoing several runs.
private struct Summary {
    private var removed = 0
    private var restored = 0
    private var moved = 0
    private var returns: [UndoSummary.Return] = []
    private var left: [UndoSummary.LeftFile] = []

    mutating func add(_ report: UndoReport, of run: RunHeader, _ origins: Origins) {
        for act in report.reverted {
            switch act.act.effect {
            case .adds: removed += 1
            case .brings, .moves:
                moved += 1
                guard let old = act.act.old else { continue }
                returns.append(
                    UndoSummary.Return(
                        path: act.act.path.string, to: old.string,
                        isForeign: act.act.effect == .brings && !origins.allow(old)))
            case .removes, .setsAside: restored += 1
            case .makesFolder: break
            }
        }
        left += report.left.map {
            UndoSummary.LeftFile(path: $0.act.path.string, reason: $0.reason)
        }
        left += report.damage.map { UndoSummary.LeftFile($0, of: run.run) }
    }

    /// Names a journal of which nothing can be read, whatever was chosen.
    mutating func addIllegible(_ run: String) {
        left.append(
            UndoSummary.LeftFile(
                path: ".facesort/journal/\(run).jsonl",
                reason: "nothing in it can be read, so what that run did cannot be taken back"))
    }

    func result(of runs: [RunHeader]) -> UndoSummary {
        UndoSummary(
            runs: runs.compactMap { Int($0.run) }, removedFileCount: removed,
            restoredFileCount: restored, movedFileCount: moved, returns: returns, left: left)
    }
}

extension UndoSummary.LeftFile {
    /// A line that cannot be read, so that its act cannot be undone.
    init(_ line: DamagedLine, of run: String) {
        let journal = "'.facesort/journal/\(run).jsonl'"
        self.init(
            path: line.subject ?? ".facesort/journal/\(run).jsonl",
            reason: line.number == 1
                ? "the first line of \(journal) is damaged; what the others say was taken back"
                : "line \(line.number) of \(journal) is damaged, so what it says cannot be taken back"
        )
    }
}
