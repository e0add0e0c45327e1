internal import CFileSystem
internal import FaceCore
internal import SystemPackage

// Before writing: which acts can be done, in which folders.
extension AlbumWriter {
    func prepare(_ group: inout Group) throws {
        var missing: [FilePath] = []
        var isListed: Set<FilePath> = []
        for index in group.items.indices {
            let act = group.items[index].act
            guard act.new != nil || act.effect == .makesFolder else { continue }
            switch try check(act.path, &group) {
            case .ready: break
            case .missing(let folders):
                missing += folders.filter { isListed.insert($0).inserted }
            case .link(let folder):
                group.items[index].state = .settled(.failed(.folderIsLink(folder)))
            case .blocked(let error):
                group.items[index].state = .settled(.failed(.refused(error)))
            }
        }
        if !missing.isEmpty {
            try makeOnTheWay(missing, &group)
            group.checks = [:]
        }
        for index in group.items.indices where group.items[index].isWaiting {
            var item = group.items[index]
            if let outcome = try obstacle(&item, &group) { item.state = .settled(outcome) }
            group.items[index] = item
        }
    }

    func check(
        _ path: FilePath, _ group: inout Group
    ) throws(FileError) -> AlbumFiles.FolderCheck {
        let folder = path.folder
        if let check = group.checks[folder] { return check }
        let check = try files.check(folderOf: path)
        group.checks[folder] = check
        return check
    }

    /// Makes the folders that files of `group` need; they become the first of its items.
    func makeOnTheWay(_ folders: [FilePath], _ group: inout Group) throws {
        var making = Group(items: folders.map { Item(index: nil, act: .makeFolder($0)) })
        try intend(&making)
        stage(&making) { false }
        place(&making) { false }
        try complete(&making)
        for item in making.items {
            if case .settled(.failed(.refused(let error))) = item.state {
                group.refusals[item.act.path] = error
            }
        }
        group.items.insert(contentsOf: making.items.filter { $0.performed != nil }, at: 0)
        group.failure = making.failure
    }

    /// - Returns: why the act cannot start.
    func obstacle(_ item: inout Item, _ group: inout Group) throws -> ActOutcome? {
        guard group.failure == nil else { return .notReached }
        do throws(FileError) {
            return try item.act.change.obstacle(&item, &group, self)
        } catch {
            guard error.isNameRefused || error.errno == EINVAL else { throw error }
            return .failed(.refused(error))
        }
    }

    /// Why the folder of `path` is still missing after it should have been made.
    func refusal(_ path: FilePath, _ group: inout Group) throws(FileError) -> FileError? {
        switch try check(path, &group) {
        case .ready, .link: nil
        case .blocked(let error): error
        case .missing(let folders): folders.compactMap { group.refusals[$0] }.first
        }
    }

    func conflict(
        _ path: FilePath, hash: ContentHash, byteCount: Int64?
    ) throws(FileError) -> ActOutcome? {
        let place = files.absolute(path)
        guard let found = try disk.statusIfPresent(of: place, followingLinks: false) else {
            return nil
        }
        guard found.kind == .file, byteCount == nil || found.byteCount == byteCount else {
            return .conflict(holdsSameBytes: false)
        }
        return .conflict(holdsSameBytes: (try? disk.hash(of: place).hash) == hash)
    }

    func reasonToKeep(
        _ path: FilePath, _ hash: ContentHash, _ group: inout Group
    ) throws(FileError) -> KeptReason? {
        if case .link(let folder) = try check(path, &group) { return .folderIsLink(folder) }
        switch files.verdict(path, hash: hash) {
        case .matches, .danglingLink: return nil
        case .missing: return .missing
        case .changed: return .changed
        case .unreadable(let error): return .unreadable(error)
        }
    }

    /// Whether two paths name one file because the file system ignores case or Unicode form.
    func isSameName(_ one: FilePath, _ other: FilePath) -> Bool {
        AlbumName.collisionKey(one, traits: traits)
            == AlbumName.collisionKey(other, traits: traits)
    }

    func asidePath(_ path: FilePath) throws(FileError) -> FilePath {
        let folder = FilePath().appending(AlbumFolder.stateName)
            .appending(AlbumFolder.removedName).appending(journal.header.run)
        var aside = folder.joined(to: path)
        var number = 1
        // An earlier part of a resumed run may have removed the same path already.
        while try files.isPresent(aside) {
            number += 1
            aside = folder.appending("\(number)").joined(to: path)
        }
        return aside
    }

    func intend(_ group: inout Group) throws(FileError) {
        let open = group.items.indices.filter { group.items[$0].isWaiting }
        guard !open.isEmpty else { return }
        let numbers = try journal.intend(
            open.map { (group.items[$0].act, group.items[$0].aside) })
        for (index, number) in zip(open, numbers) { group.items[index].number = number }
    }
}
