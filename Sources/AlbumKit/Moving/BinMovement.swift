internal import PhotoIndex
internal import FileLedger
internal import FaceCore
internal import SystemPackage

/// Files on their way into a bin: where each goes, and how that is done so that nothing is lost.
struct BinMovement {
    private let bin: Workspace
    private let rule: SidecarRule
    private var planned: [Move] = []
    private var taken: [FilePath.Component: TakenNames] = [:]
    private let staying: [FilePath]
    let keptSidecarCount: Int

    /// A file that goes.
    struct Going {
        let file: SurveyedFile
        /// The folder of the bin that it fills; a plain word.
        let folder: String
        /// What stays instead, absolute: if that is missing, the file itself stays.
        let staying: FilePath?
    }

    /// A file that goes, or went.
    struct Move {
        /// Its position among those that were to go.
        let number: Int
        fileprivate let going: Going
        /// Relative to the bin.
        fileprivate(set) var to: FilePath
        /// Names of the files beside it that go along.
        let sidecars: [FilePath.Component]
        fileprivate var isGone = true

        fileprivate var act: Act {
            .bring(
                from: going.file.path, to: to, hash: going.file.photo,
                byteCount: going.file.byteCount)
        }
    }

    /// - Parameters:
    ///   - all: what goes, in stable order.
    ///   - staying: absolute paths of the photos that stay.
    init(
        _ all: [Going], staying: [FilePath], bin: Workspace, sidecars: SidecarRule
    ) throws {
        self.bin = bin
        self.staying = staying
        rule = sidecars
        let beside = try Sidecars(of: all.map(\.file.path), staying: staying, disk: bin.disk)
        keptSidecarCount = sidecars == .move ? beside.keptCount : beside.count
        for (number, going) in all.enumerated() {
            let to = try claim(going.file.path.lastComponent ?? "photo", in: folder(of: going))
            planned.append(
                Move(
                    number: number, going: going, to: to,
                    sidecars: sidecars == .move ? beside.ofPhoto[going.file.path] ?? [] : []))
        }
    }

    /// What goes, or went.
    var moves: [Move] { planned.filter(\.isGone) }

    private var disk: Disk { bin.disk }

    /// The folders named by the user that files go from.
    private var origins: [FilePath] {
        Set(planned.map { $0.going.file.rootFolder }).sorted { $0.string < $1.string }
    }

    var fileCount: Int { planned.reduce(0) { $0 + 1 + $1.sidecars.count } }

    /// - Throws: `.diskFull` when files of other disks would not fit on the bin's.
    private func checkSpace(bin given: FilePath) throws {
        let device = try disk.status(of: bin.folder.path).identity.device
        let needed = planned.reduce(Int64(0)) { sum, move in
            let status = try? disk.status(of: move.going.file.path)
            return status?.identity.device == device ? sum : sum + move.going.file.byteCount
        }
        let free = try disk.freeSpace(at: bin.folder.path)
        guard let shortage = DiskSpace.shortage(of: needed, free: free) else { return }
        throw AlbumError(
            .diskFull, given.string, shortage,
            remedy: "Nothing was moved; what was learnt about the photos is kept. Make room, or "
                + "choose a folder on the photos' own disk with --to.")
    }

    /// Moves the photos, then what lies beside them, and reports how far it is.
    ///
    /// - Parameter given: the bin, as the user wrote it.
    /// - Returns: each file that stays although it should be moved; it is reported, too.
    mutating func carryOut(
        into given: FilePath, log: RunLog, run: RunContext
    ) throws -> [PhotoFailure] {
        try checkSpace(bin: given)
        let total = fileCount
        var done = 0
        let standIns = StandInFiles(
            Dictionary(
                planned.compactMap { move in
                    move.going.staying.map { (move.going.file.path, $0) }
                }, uniquingKeysWith: { first, _ in first }))
        let perform = { [bin, disk, origins] (acts: [Act]) throws -> [ActOutcome] in
            let journal = try log.journal(origins: origins)
            let outcomes = try AlbumWriter(
                album: bin.folder, journal: journal, traits: bin.traits, standIns: standIns,
                disk: disk
            ).perform(acts) {
                run.interruption.isRequested
            } recorded: { performed in
                done += performed.count { $0.index != nil }
                run.onEvent(.moving(done: min(done, total), total: total))
            }
            try Bin.stop(log, given, ifRequested: run.interruption)
            return outcomes
        }
        var failures: [PhotoFailure] = []
        func report(_ name: String, _ reason: String, _ remedy: String) {
            let failure = PhotoFailure(
                path: name, code: .notMoved, reason: reason, remedy: remedy)
            failures.append(failure)
            run.onEvent(.failed(failure))
        }
        for (name, failure) in try movePhotos(perform) {
            report(
                name, "could not be moved: \(failure.sentence)",
                "It is where it was. Run the same command again.")
        }
        let brought = try log.isResumed || total > 0 ? brought(by: log.id) : []
        for (name, failure) in try moveSidecars(of: brought, perform) {
            report(
                name, "could not be moved after its photo: \(failure.sentence)",
                "It is where it was.")
        }
        return failures
    }

    /// Moves the photos.
    ///
    /// - Returns: those that stay though they should go, by the names the user knows.
    private mutating func movePhotos(
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
                        to.lastComponent ?? "photo", in: folder(of: planned[index].going))
                    again.append(index)
                case .failed(let failure):
                    planned[index].isGone = false
                    failures.append((planned[index].going.file.name.string, failure))
                case .kept, .notReached: planned[index].isGone = false
                }
            }
            open = again
        }
        for index in open { planned[index].isGone = false }
        return failures
    }

    /// What a run has brought so far, also before it was killed: old and new paths.
    private func brought(by run: String) throws -> [(from: FilePath, to: FilePath)] {
        let origins = self.origins
        // A run that is carried on may have moved all its photos before it was killed.
        let journals = try Journal.records(bin.folder, disk)
        let before = journals.first { $0.header.run == run }
            .map { Origins(of: $0.header, in: bin.folder, allowsForeign: false, disk: disk) }
        return Journal.replay(journals).compactMap { file in
            // What lay elsewhere was no photo of this run, even if the journal says so.
            guard file.run == run, let source = file.source,
                origins.contains(where: { source.starts(with: $0) })
                    || before?.allow(source) == true
            else { return nil }
            return (source, file.path)
        }
    }

    /// Moves the files beside photos that are gone.
    private mutating func moveSidecars(
        of brought: [(from: FilePath, to: FilePath)],
        _ perform: ([Act]) throws -> [ActOutcome]
    ) throws -> [(name: String, failure: ActFailure)] {
        guard rule == .move, !brought.isEmpty else { return [] }
        // A photo that could not be moved stays too, and does not count as a file beside another.
        let stayed = planned.filter { !$0.isGone }.map(\.going.file.path)
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
            guard case .failed(let failure) = outcome, let from = act.origin else {
                return nil
            }
            return (from.string, failure)
        }
    }

    private func folder(of going: Going) -> FilePath.Component {
        FilePath.Component(going.folder)!  // A plain word.
    }

    private mutating func claim(
        _ name: FilePath.Component, in folder: FilePath.Component
    ) throws -> FilePath {
        if taken[folder] == nil { taken[folder] = try namesOnDisk(in: folder) }
        // In place: a copy for each of thousands of names takes longer than all else.
        let claimed = taken[folder]!.claim(AlbumName.fitting(name, traits: bin.traits).name)
        return FilePath(root: nil, [folder, claimed])
    }

    private func namesOnDisk(in folder: FilePath.Component) throws -> TakenNames {
        let path = bin.folder.path.appending(folder)
        let isThere = try disk.statusIfPresent(of: path)?.kind == .folder
        return TakenNames(
            isThere ? try disk.entries(of: path).map(\.name) : [], traits: bin.traits)
    }
}
