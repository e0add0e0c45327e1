internal import FaceCore
internal import SystemPackage

/// Files on their way into a bin: where each goes, and how that is done so that nothing is lost.
struct CleanMovement {
    private let bin: Workspace
    private let rule: SidecarRule
    private let disk: Disk
    private var planned: [Planned] = []
    private var taken: [FilePath.Component: TakenNames] = [:]
    private let staying: [FilePath]
    let keptSidecarCount: Int

    private struct Planned {
        let verdict: CleanPlan.Verdict
        /// Relative to the bin.
        var to: FilePath
        let sidecars: [FilePath.Component]
        var isGone = true

        var act: Act {
            .bring(
                from: verdict.file.path, to: to, hash: verdict.file.photo,
                byteCount: verdict.file.byteCount)
        }
    }

    /// - Parameters:
    ///   - verdicts: what goes, in stable order.
    ///   - staying: absolute paths of the photos that stay.
    init(
        _ verdicts: [CleanPlan.Verdict], staying: [FilePath], bin: Workspace, sidecars: SidecarRule,
        disk: Disk
    ) throws {
        self.bin = bin
        self.staying = staying
        self.disk = disk
        rule = sidecars
        let beside = try Sidecars(of: verdicts.map(\.file.path), staying: staying, disk: disk)
        keptSidecarCount = sidecars == .move ? beside.keptCount : beside.count
        for verdict in verdicts {
            let to = try claim(
                verdict.file.path.lastComponent ?? "photo", in: folder(of: verdict.filter))
            planned.append(
                Planned(
                    verdict: verdict, to: to,
                    sidecars: sidecars == .move ? beside.ofPhoto[verdict.file.path] ?? [] : []))
        }
    }

    /// What goes, or went.
    var moves: [CleanSummary.Move] {
        planned.filter(\.isGone).map { move in
            CleanSummary.Move(
                photo: move.verdict.file.name.string, filter: move.verdict.filter,
                reason: move.verdict.reason, to: move.to.string,
                byteCount: move.verdict.file.byteCount, sidecars: move.sidecars.map(\.string))
        }
    }

    var fileCount: Int { planned.reduce(0) { $0 + 1 + $1.sidecars.count } }

    /// - Throws: `.diskFull` when files of other disks would not fit on the bin's.
    func checkSpace(bin given: FilePath) throws {
        let device = try disk.status(of: bin.folder.path).identity.device
        let needed = planned.reduce(Int64(0)) { sum, move in
            let status = try? disk.status(of: move.verdict.file.path)
            return status?.identity.device == device ? sum : sum + move.verdict.file.byteCount
        }
        let free = try disk.freeSpace(at: bin.folder.path)
        // A little must stay for the catalogue and the journal.
        guard needed > 0, needed + 16_000_000 > free else { return }
        throw AlbumError(
            .diskFull, given.string,
            "needs \(ByteText.rounded(needed)) and its disk has \(ByteText.rounded(free)) left",
            remedy: "Nothing was moved; what was learnt about the photos is kept. Make room, or "
                + "choose a folder on the photos' own disk with --to.")
    }

    /// Moves the photos.
    ///
    /// - Returns: those that stay though they should go, by the names the user knows.
    mutating func movePhotos(
        _ perform: ([Act]) throws -> [ActOutcome]
    ) throws -> [(name: String, failure: ActFailure)] {
        var failures: [(String, ActFailure)] = []
        var open = Array(planned.indices)
        // A name may be taken between planning and moving; a few rounds always find another.
        for _ in 0..<5 where !open.isEmpty {
            let outcomes = try perform(open.map { planned[$0].act })
            var again: [Int] = []
            for (index, outcome) in zip(open, outcomes) {
                switch outcome {
                case .done: continue
                case .conflict:
                    let to = planned[index].to
                    planned[index].to = try claim(
                        to.lastComponent ?? "photo", in: folder(of: planned[index].verdict.filter))
                    again.append(index)
                case .failed(let failure):
                    planned[index].isGone = false
                    failures.append((planned[index].verdict.file.name.string, failure))
                case .kept, .notReached: planned[index].isGone = false
                }
            }
            open = again
        }
        for index in open { planned[index].isGone = false }
        return failures
    }

    /// What a run brought so far, also before it was killed: where it lay and where it lies.
    func brought(by run: String) throws -> [(from: FilePath, to: FilePath)] {
        try Journal.replay(bin.folder, disk: disk).compactMap { file in
            guard file.run == run, let source = file.source else { return nil }
            return (source, file.path)
        }
    }

    /// Moves the files beside photos that are gone.
    mutating func moveSidecars(
        of brought: [(from: FilePath, to: FilePath)],
        _ perform: ([Act]) throws -> [ActOutcome]
    ) throws -> [(name: String, failure: ActFailure)] {
        guard rule == .move, !brought.isEmpty else { return [] }
        // A photo that could not be moved stays too, and is nobody's file beside it.
        let stayed = planned.filter { !$0.isGone }.map(\.verdict.file.path)
        let beside = try Sidecars(
            of: brought.map(\.from), staying: staying + stayed, disk: disk)
        var acts: [Act] = []
        for (from, to) in brought {
            guard let old = from.lastComponent, let new = to.lastComponent,
                let folder = to.components.first
            else { continue }
            for name in beside.ofPhoto[from] ?? [] {
                let path = from.removingLastComponent().appending(name)
                // It may have gone since the folder was listed.
                guard try disk.statusIfPresent(of: path) != nil else { continue }
                let content = try disk.hash(of: path)
                acts.append(
                    .bring(
                        from: path,
                        to: try claim(Sidecars.name(name, of: old, now: new), in: folder),
                        hash: content.hash, byteCount: content.byteCount))
            }
        }
        guard !acts.isEmpty else { return [] }
        return zip(acts, try perform(acts)).compactMap { act, outcome in
            guard case .failed(let failure) = outcome, case .bring(let from, _, _, _) = act else {
                return nil
            }
            return (from.string, failure)
        }
    }

    private func folder(of filter: CleanFilter) -> FilePath.Component {
        FilePath.Component(filter.folder)!  // A plain word.
    }

    private mutating func claim(
        _ name: FilePath.Component, in folder: FilePath.Component
    ) throws -> FilePath {
        var names: TakenNames
        if let known = taken[folder] {
            names = known
        } else {
            names = TakenNames(traits: bin.traits)
            let path = bin.folder.path.appending(folder)
            if try disk.statusIfPresent(of: path)?.kind == .folder {
                for entry in try disk.entries(of: path) { names.insert(entry.name) }
            }
        }
        let claimed = names.claim(AlbumName.fitting(name, traits: bin.traits).name)
        taken[folder] = names
        return FilePath(root: nil, [folder, claimed])
    }
}
