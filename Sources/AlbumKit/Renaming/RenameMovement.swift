internal import PhotoIndex
internal import FileLedger
internal import FaceCore
internal import SystemPackage

/// Files on their way to their names: what each shall be called, and how that is done so that
/// nothing is lost.
///
/// Photos come first, then the files beside those that got their names. The journal says what a
/// killed run had begun, so that the same run chooses the same names.
struct RenameMovement {
    /// A photo and its wanted name.
    struct Wish {
        let file: SurveyedFile
        let stem: [UInt8]
        let suffix: [UInt8]
    }

    private let workspace: AlbumFolder
    private let traits: FileSystemTraits
    private let isCopy: Bool
    private let disk: Disk
    private let wishes: [Wish]
    private var photos: [RenamablePhoto] = []
    private var movers: [Mover] = []
    /// The indices of the movers of each photo: itself, then what lies beside it.
    private var moversOfPhoto: [[Int]] = []
    /// What this run gave its name, relative to the workspace.
    private var wasRenamed: Set<FilePath> = []

    /// One file on its way.
    private struct Mover {
        let photo: Int
        let isSidecar: Bool
        /// Absolute: where it lies before a copy; `nil` for one that is renamed itself.
        let source: FilePath?
        /// Relative to the workspace; `nil` while it is not copied.
        var current: FilePath?
        /// Relative to the workspace.
        var target = FilePath()
        var hash: ContentHash?
        var byteCount: Int64
        /// It stays where it is.
        var isGivenUp = false

        var isDone: Bool { current == target }
    }

    /// - Parameters:
    ///   - wishes: in the order in which names are numbered.
    ///   - staying: absolute paths of photos that keep their names.
    init(
        _ wishes: [Wish], staying: [FilePath], in workspace: AlbumFolder, isCopy: Bool,
        history: NameHistory, traits: FileSystemTraits, disk: Disk
    ) throws {
        self.wishes = wishes
        self.workspace = workspace
        self.isCopy = isCopy
        self.traits = traits
        self.disk = disk
        if isCopy {
            try addCopies(staying: staying)
        } else {
            try addRenamed(staying: staying, history)
        }
        try choose()
    }

    /// The photos that get another name than they have, or had when they were read.
    var renames: [RenameSummary.Rename] {
        wishes.indices.compactMap { index in
            let own = moversOfPhoto[index].map { movers[$0] }
            guard let photo = own.first, !photo.isGivenUp, own.contains(where: isNews) else {
                return nil
            }
            return RenameSummary.Rename(
                photo: wishes[index].file.name.string, to: photo.target.string,
                sidecars: own.dropFirst().enumerated().compactMap { number, sidecar in
                    guard isNews(sidecar) else { return nil }
                    return RenameSummary.Rename.Sidecar(
                        from: photos[index].sidecars[number].string,
                        to: sidecar.target.lastComponent?.string ?? "")
                })
        }
    }

    /// Of each wish, in their order: where the photo lies now, absolute, and the name that it has or
    /// would get, relative to the workspace.
    var places: [(now: FilePath, name: FilePath)] {
        wishes.indices.map { index in
            let mover = movers[moversOfPhoto[index][0]]
            let now = isCopy ? nil : mover.current.map(workspace.path.pushing)
            return (
                now ?? wishes[index].file.path,
                mover.isGivenUp ? wishes[index].file.name : mover.target
            )
        }
    }

    var fileCount: Int { movers.count { !$0.isGivenUp && !$0.isDone } }

    /// Where photos of the catalogue lie now that were renamed.
    var renamed: [(file: SurveyedFile, to: FilePath)] {
        guard !isCopy else { return [] }
        return movers.filter { !$0.isSidecar }.compactMap { mover in
            let file = wishes[mover.photo].file
            guard let current = mover.current else { return nil }
            let path = workspace.path.pushing(current)
            return path == file.path ? nil : (file, path)
        }
    }

    /// - Throws: `.diskFull` when the copies would not fit.
    func checkSpace(given: FilePath) throws {
        guard isCopy else { return }
        let needed = movers.reduce(Int64(0)) { $0 + ($1.current == nil ? $1.byteCount : 0) }
        let free = try disk.freeSpace(at: workspace.path)
        guard let shortage = DiskSpace.shortage(of: needed, free: free) else { return }
        throw AlbumError(
            .diskFull, given.string, shortage,
            remedy: "Nothing was copied; what was learnt about the photos is kept. Make room, or "
                + "choose a folder on another disk with --to.")
    }

    /// Gives the files their names.
    ///
    /// - Returns: those that keep their names though they should not, by the names the user knows.
    mutating func perform(
        _ perform: ([Act]) throws -> [ActOutcome]
    ) throws -> [(name: String, reason: String)] {
        var failures: [(String, String)] = []
        // A name may be taken between planning and renaming; a few rounds always find another.
        for _ in 0..<5 {
            let photosFree = try pass(sidecars: false, &failures, perform)
            let sidecarsFree = try pass(sidecars: true, &failures, perform)
            if photosFree && sidecarsFree { break }
            try choose()
        }
        return failures
    }

    // MARK: Planning

    private mutating func addCopies(staying: [FilePath]) throws {
        let copies = try self.copies()
        let beside = try Sidecars(of: wishes.map(\.file.path), staying: staying, disk: disk)
        for wish in wishes {
            let file = wish.file
            let folder = file.name.removingLastComponent()
            let current = copies[file.path].flatMap { copy in
                copy.hash == file.photo && copy.path.removingLastComponent() == folder
                    ? copy.path : nil
            }
            let sidecars = beside.ofPhoto[file.path] ?? []
            add(
                wish, folder: folder, name: file.path.lastComponent, sidecars: sidecars,
                placed: current?.lastComponent)
            addMover(source: file.path, current: current, hash: file.photo, file.byteCount)
            for sidecar in sidecars {
                let path = file.path.removingLastComponent().appending(sidecar)
                let copy = copies[path]
                let status = try? disk.status(of: path)
                addMover(
                    isSidecar: true, source: path, current: copy?.path, hash: copy?.hash,
                    status?.byteCount ?? 0)
            }
        }
    }

    /// The copies that lie where an earlier run put them, by the absolute paths of their originals.
    private func copies() throws -> [FilePath: JournalledFile] {
        guard try disk.statusIfPresent(of: workspace.journals) != nil else { return [:] }
        var copies: [FilePath: JournalledFile] = [:]
        for copy in try Journal.replay(workspace, disk: disk) {
            guard let source = copy.source else { continue }
            let path = workspace.path.pushing(copy.path)
            guard let status = try? disk.statusIfPresent(of: path, followingLinks: false),
                status.kind == .file
            else { continue }
            let isUnchanged =
                status.byteCount == copy.byteCount
                && (traits.isSameTime(status.modified, copy.modified)
                    || (try? disk.hash(of: path).hash) == copy.hash)
            if isUnchanged { copies[source] = copy }
        }
        return copies
    }

    private mutating func addRenamed(staying: [FilePath], _ history: NameHistory) throws {
        let root = workspace.path
        // A run that was killed is carried on as if the files still bore their old names.
        let before = { (path: FilePath, photo: ContentHash?) in
            history.start(of: path.relative(to: root) ?? path, photo)
        }
        var current: [FilePath: FilePath] = [:]
        let starts = wishes.map { root.pushing(before($0.file.path, $0.file.photo)) }
        let beside = try Sidecars(of: starts, staying: staying) { folder in
            Sidecars.candidates(try disk.entries(of: folder)).compactMap { name in
                let path = folder.appending(name)
                let start = root.pushing(before(path, nil))
                current[start] = path
                return start.lastComponent
            }
        }
        for (wish, start) in zip(wishes, starts) {
            let file = wish.file
            let relative = file.path.relative(to: root) ?? file.name
            let sidecars = beside.ofPhoto[start] ?? []
            add(
                wish, folder: relative.removingLastComponent(), name: start.lastComponent,
                sidecars: sidecars, placed: start.lastComponent)
            addMover(source: nil, current: relative, hash: file.photo, file.byteCount)
            for sidecar in sidecars {
                let path = start.removingLastComponent().appending(sidecar)
                addMover(
                    isSidecar: true, source: nil,
                    current: (current[path] ?? path).relative(to: root), hash: nil, 0)
            }
        }
    }

    private mutating func add(
        _ wish: Wish, folder: FilePath, name: FilePath.Component?,
        sidecars: [FilePath.Component], placed: FilePath.Component?
    ) {
        photos.append(
            RenamablePhoto(
                folder: folder, stem: wish.stem, suffix: wish.suffix, name: name ?? "photo",
                sidecars: sidecars, placed: placed, isCopy: isCopy))
        moversOfPhoto.append([])
    }

    private mutating func addMover(
        isSidecar: Bool = false, source: FilePath?, current: FilePath?, hash: ContentHash?,
        _ byteCount: Int64
    ) {
        let photo = photos.count - 1
        moversOfPhoto[photo].append(movers.count)
        movers.append(
            Mover(
                photo: photo, isSidecar: isSidecar, source: source, current: current, hash: hash,
                byteCount: byteCount))
    }

    /// Chooses the names of all that is not given up.
    private mutating func choose() throws {
        let open = photos.indices.filter { !movers[moversOfPhoto[$0][0]].isGivenUp }
        for index in open {
            let mover = movers[moversOfPhoto[index][0]]
            // What got a name in this run keeps it.
            if mover.isDone { photos[index].placed = mover.target.lastComponent }
        }
        let moving = Set(open.flatMap { moversOfPhoto[$0] }.compactMap { movers[$0].current })
        var others: [FilePath: [FilePath.Component]] = [:]
        for folder in Set(photos.map(\.folder)) {
            let path = workspace.path.pushing(folder)
            guard try disk.statusIfPresent(of: path)?.kind == .folder else { continue }
            others[folder] = try disk.entries(of: path).map(\.name).filter {
                !moving.contains(folder.appending($0))
            }
        }
        let plan = RenamePlan(open.map { photos[$0] }, others: others, traits: traits)
        for (index, names) in zip(open, plan.names) {
            for (mover, name) in zip(moversOfPhoto[index], [names.photo] + names.sidecars) {
                movers[mover].target = photos[index].folder.appending(name)
            }
        }
    }

    /// Whether the user has not yet read about a file's name.
    private func isNews(_ mover: Mover) -> Bool {
        if mover.isSidecar && mover.isGivenUp { return false }
        guard isCopy || mover.isSidecar else {
            return wishes[mover.photo].file.path != workspace.path.pushing(mover.target)
        }
        return !mover.isDone || wasRenamed.contains(mover.target)
    }

    // MARK: Renaming

    /// - Returns: whether every name was still free.
    private mutating func pass(
        sidecars: Bool, _ failures: inout [(String, String)],
        _ perform: ([Act]) throws -> [ActOutcome]
    ) throws -> Bool {
        let steps = try self.steps(sidecars: sidecars, &failures)
        guard !steps.isEmpty else { return true }
        var isFree = true
        for (step, outcome) in zip(steps, try perform(steps.map(\.act))) {
            switch outcome {
            case .done:
                movers[step.mover].current = step.act.path
                wasRenamed.insert(step.act.path)
            case .conflict: isFree = false
            case .kept(let reason): giveUp(step.mover, reason.ofOriginal, &failures)
            case .failed(let failure): giveUp(step.mover, failure.sentence, &failures)
            case .notReached: break
            }
        }
        return isFree
    }

    private mutating func giveUp(
        _ index: Int, _ reason: String, _ failures: inout [(String, String)]
    ) {
        // One that had to make way in a circle is asked for twice.
        guard !movers[index].isGivenUp else { return }
        movers[index].isGivenUp = true
        let file = wishes[movers[index].photo].file
        guard movers[index].isSidecar else {
            failures.append((file.name.string, reason))
            return
        }
        let name = movers[index].source ?? movers[index].current ?? FilePath()
        failures.append((name.lastComponent?.string ?? "", reason))
    }

    private mutating func steps(
        sidecars: Bool, _ failures: inout [(String, String)]
    ) throws -> [(mover: Int, act: Act)] {
        let open = movers.indices.filter { index in
            let mover = movers[index]
            let photo = movers[moversOfPhoto[mover.photo][0]]
            return mover.isSidecar == sidecars && !mover.isDone && !mover.isGivenUp
                && (!sidecars || photo.isDone)
        }
        for index in open where movers[index].hash == nil { try learn(index, &failures) }
        let known = open.filter { movers[$0].hash != nil }
        let moves = try order(
            known.compactMap { index in
                movers[index].current.map {
                    RenameOrder.Move(file: index, from: $0, to: movers[index].target)
                }
            })
        return moves.compactMap { move in
            movers[move.file].hash.map {
                (move.file, .move(from: move.from, to: move.to, hash: $0))
            }
        }
            + known.compactMap { index in
                let mover = movers[index]
                guard mover.current == nil, let source = mover.source, let hash = mover.hash
                else { return nil }
                return (
                    index,
                    .copy(
                        source: source, to: mover.target, hash: hash, byteCount: mover.byteCount,
                        link: .copy)
                )
            }
    }

    /// Files beside photos are not in the catalogue; one that cannot be read stays.
    private mutating func learn(
        _ index: Int, _ failures: inout [(String, String)]
    ) throws {
        let mover = movers[index]
        let path = mover.source ?? workspace.path.pushing(mover.current ?? FilePath())
        do throws(FileError) {
            let content = try disk.hash(of: path)
            movers[index].hash = content.hash
            movers[index].byteCount = content.byteCount
        } catch {
            giveUp(index, error.sentence, &failures)
        }
    }

    private func order(_ moves: [RenameOrder.Move]) throws -> [RenameOrder.Move] {
        var taken: [FilePath: TakenNames] = [:]
        for folder in Set(moves.map { $0.from.removingLastComponent() }) {
            taken[folder] = TakenNames(
                try disk.entries(of: workspace.path.pushing(folder)).map(\.name), traits: traits)
        }
        for mover in movers {
            guard let name = mover.target.lastComponent else { continue }
            taken[mover.target.removingLastComponent()]?.insert(name)
        }
        return RenameOrder(moves, traits: traits) { path in
            let folder = path.removingLastComponent()
            let name = AlbumName.marked(
                path.lastComponent ?? "photo", "renaming", traits: traits)
            return folder.appending(taken[folder]?.claim(name) ?? name)
        }.moves
    }
}

extension KeptReason {
    /// What it means for a file that is the user's own.
    fileprivate var ofOriginal: String {
        switch self {
        case .missing: "it is no longer there"
        case .changed: "it was changed since it was looked at"
        case .folderIsLink: "it lies behind a link to another folder"
        default: sentence
        }
    }
}
