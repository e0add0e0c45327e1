internal import AlbumCatalogue
internal import FaceCore
internal import Foundation
internal import SystemPackage

/// Which runs `undo` takes back.
public enum UndoSelection: Sendable, Hashable {
    /// The last one that is not undone yet.
    case last
    /// All, the last one first.
    case all
    case run(Int)
}

extension Album {
    /// Takes back what runs wrote, moved or removed, as far as nobody changed it since.
    ///
    /// A copy is removed only when its original is there, so that no photo is lost. What was left
    /// is listed with its reason. May be killed and repeated.
    ///
    /// - Throws: ``AlbumError`` `.unknownRun` when there is nothing to undo.
    public func undo(_ selection: UndoSelection, isDryRun: Bool = false) throws(AlbumError)
        -> UndoSummary
    {
        do {
            if isDryRun { return try plannedUndo(selection) }
            let workspace = try Workspace(folder, access: .write(command: "undo"), disk: disk)
            defer { workspace.close() }
            return try UndoRuns(workspace, album: path).undo(selection)
        } catch {
            throw AlbumError(error, album: path)
        }
    }

    /// What undoing would touch, by the journals and the files as they are.
    private func plannedUndo(_ selection: UndoSelection) throws -> UndoSummary {
        let runs = try UndoRuns.chosen(selection, in: folder, album: path, disk: disk)
        let files = try Journal.replay(folder, disk: disk)
            .filter { file in runs.contains { $0.header.run == file.run } }
        var removable = 0
        var movable = 0
        var left: [UndoSummary.LeftFile] = []
        for file in files {
            let path = folder.path.pushing(file.path)
            guard try disk.statusIfPresent(of: path) != nil else { continue }
            if try ContentHasher.hash(fileAt: path, disk: disk).hash == file.hash {
                // What has no original is the user's own, renamed.
                if file.isBrought || file.source == nil { movable += 1 } else { removable += 1 }
            } else {
                left.append(
                    UndoSummary.LeftFile(
                        path: file.path.string, reason: "it was changed since it was written"))
            }
        }
        return UndoSummary(
            runs: runs.compactMap { Int($0.header.run) }, removedFileCount: removable,
            restoredFileCount: 0, movedFileCount: movable, left: left)
    }
}

/// Takes runs back in a workspace that is open for writing.
struct UndoRuns {
    let workspace: Workspace
    let album: FilePath

    init(_ workspace: Workspace, album: FilePath) {
        self.workspace = workspace
        self.album = album
    }

    /// The chosen runs, the last one first.
    static func chosen(
        _ selection: UndoSelection, in folder: AlbumFolder, album: FilePath, disk: Disk
    ) throws -> [JournalSummary] {
        // What an undone run left, because an original was out of reach, can be tried once more.
        let runs = try Journal.runs(folder, disk: disk).reversed()
            .filter { $0.state != .undone || $0.doneCount > 0 }
        let chosen: [JournalSummary] =
            switch selection {
            case .last: (runs.first { $0.state != .undone } ?? runs.first).map { [$0] } ?? []
            case .all: Array(runs)
            case .run(let number): runs.filter { Int($0.header.run) == number }
            }
        guard chosen.isEmpty else { return chosen }
        if case .run(let number) = selection {
            throw AlbumError(
                .unknownRun, album.string, "has no run \(number) that could be undone",
                remedy: "Nothing was changed. 'facesort status' lists the runs.")
        }
        throw AlbumError(
            .unknownRun, album.string, "has no run that could be undone",
            remedy: "Nothing was changed.")
    }

    func undo(_ selection: UndoSelection) throws -> UndoSummary {
        let runs = try Self.chosen(
            selection, in: workspace.folder, album: album, disk: workspace.disk)
        var removed = 0
        var restored = 0
        var moved = 0
        var left: [UndoSummary.LeftFile] = []
        for run in runs {
            let report = try undo(run.header)
            for act in report.reverted {
                switch act.act {
                case .copy: removed += 1
                case .bring, .move: moved += 1
                case .remove, .removeAside: restored += 1
                case .makeFolder: break
                }
            }
            left += report.left.map {
                UndoSummary.LeftFile(path: $0.act.path.string, reason: $0.reason)
            }
        }
        return UndoSummary(
            runs: runs.compactMap { Int($0.header.run) }, removedFileCount: removed,
            restoredFileCount: restored, movedFileCount: moved, left: left)
    }

    private func undo(_ run: RunHeader) throws -> UndoReport {
        let catalogue = workspace.catalogue
        let paths = try PhotoPaths(catalogue, album: workspace.folder, disk: workspace.disk)
        let report = try Undo.undo(
            workspace.folder, run: run.run, traits: workspace.traits, disk: workspace.disk
        ) { photo in
            (try? paths.originals(catalogue.files(of: photo))) ?? []
        } reverted: { acts in
            try record(acts, of: run.run)
        }
        let forgotten = try catalogue.placedFiles()
            .filter { $0.run == run.run && $0.state == .deletedByUser }
        try catalogue.record(placed: [], removed: forgotten.map(\.path))
        if try catalogue.runs().contains(where: { $0.id == run.run }) {
            try catalogue.finish(run: run.run, at: Date().formatted(.iso8601), state: .undone)
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
            switch act.act {
            case .copy(_, let to, _, _, _): removed.append(to)
            case .move(let from, let to, let hash):
                removed.append(to)
                // A person's folder has the new name still, so the path says nothing.
                comeBack(
                    from, hash, act,
                    from: try PlaceFolders.placeOfStrangers(from)
                        ?? catalogue.placedFile(at: to)?.place)
            case .remove(let path, let hash, _), .removeAside(let path, let hash):
                comeBack(path, hash, act)
            case .bring, .makeFolder: break
            }
        }
        try catalogue.record(placed: placed, removed: removed)
    }
}
