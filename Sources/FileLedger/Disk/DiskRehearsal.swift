internal import CFileSystem
internal import Synchronization
package import SystemPackage

/// What would lie on a disk after changes that were not made.
///
/// It knows what undoing and recovering do: moving, copying and removing files, making and removing
/// folders, appending to journals. Any other change is refused as on a read-only disk.
package final class DiskRehearsal: Sendable {
    enum Entry {
        case absent
        case folder
        /// It has the content of the file that really lies at this path.
        case file(FilePath)
    }

    private struct State {
        var entries: [FilePath: Entry] = [:]
        /// Where the real file is cut off, and what follows.
        var additions: [FilePath: (cut: Int?, text: [UInt8])] = [:]
    }

    private let state = Mutex(State())

    /// The change at `path`; `nil` when there is none.
    func entry(at path: FilePath) -> Entry? { state.withLock { $0.entries[path] } }

    func set(_ entry: Entry, at path: FilePath) {
        state.withLock { $0.entries[path] = entry }
    }

    /// The names directly in `folder` that are added, or removed, only in the rehearsal.
    func entries(of folder: FilePath) -> [(name: FilePath.Component, entry: Entry)] {
        state.withLock { state in
            state.entries.compactMap { path, entry in
                guard path.folder == folder, let name = path.lastComponent else { return nil }
                return (name, entry)
            }
        }
    }

    func cut(_ path: FilePath, at byteCount: Int) {
        state.withLock { $0.additions[path] = (byteCount, []) }
    }

    func append(_ text: [UInt8], to path: FilePath) {
        state.withLock { $0.additions[path, default: (nil, [])].text += text }
    }

    /// The content of a file that really holds `bytes`.
    func content(_ bytes: [UInt8], of path: FilePath) -> [UInt8] {
        guard let addition = state.withLock({ $0.additions[path] }) else { return bytes }
        return bytes.prefix(addition.cut ?? bytes.count) + addition.text
    }
}

// The operations that a rehearsed disk has.
extension Disk {
    /// Where the file at `path` really lies.
    ///
    /// - Throws: `ENOENT` when it would be missing, `EISDIR` when it would be a folder.
    func truePath(_ operation: DiskOperation, _ path: FilePath) throws(FileError) -> FilePath {
        switch rehearsal?.entry(at: path) {
        case nil: return path
        case .file(let place): return place
        case .absent: throw FileError(operation: operation, path: path, errno: ENOENT)
        case .folder: throw FileError(operation: operation, path: path, errno: EISDIR)
        }
    }

    /// - Returns: `nil` when nothing is changed there.
    func rehearsedStatus(
        of path: FilePath, followingLinks: Bool
    ) throws(FileError) -> FileStatus? {
        switch rehearsal?.entry(at: path) {
        case nil: return nil
        case .file(let place): return try trueStatus(of: place, followingLinks: followingLinks)
        // Like that of the folder above it, which is a folder, too.
        case .folder: return try status(of: path.folder, followingLinks: followingLinks)
        case .absent: throw FileError(operation: .status, path: path, errno: ENOENT)
        }
    }

    package func rehearsed(_ entries: [FolderEntry], of folder: FilePath) -> [FolderEntry] {
        guard let changes = rehearsal?.entries(of: folder), !changes.isEmpty else { return entries }
        let changed = Set(changes.map(\.name))
        let added = changes.compactMap { name, entry -> FolderEntry? in
            switch entry {
            case .absent: nil
            case .folder: FolderEntry(name: name, kind: .folder)
            // It may be a link.
            case .file: FolderEntry(name: name, kind: nil)
            }
        }
        return (entries.filter { !changed.contains($0.name) } + added)
            .map { ($0.name.bytes, $0) }
            .sorted { $0.0.lexicographicallyPrecedes($1.0) }.map(\.1)
    }

    func rehearseRenaming(_ path: FilePath, to target: FilePath) throws(FileError) {
        try announce(.rename, target)
        try refuseTaken(.rename, target)
        let place = try truePath(.rename, path)
        _ = try trueStatus(of: place, followingLinks: false)
        rehearsal?.set(.file(place), at: target)
        rehearsal?.set(.absent, at: path)
    }

    func rehearseRemoving(_ path: FilePath, _ operation: DiskOperation) throws(FileError) {
        try announce(operation, path)
        _ = try status(of: path, followingLinks: false)
        if operation == .removeFolder, try !entries(of: path).isEmpty {
            throw FileError(operation: operation, path: path, errno: ENOTEMPTY)
        }
        rehearsal?.set(.absent, at: path)
    }

    func rehearseMakingFolder(_ path: FilePath) throws(FileError) {
        try announce(.makeFolder, path)
        try refuseTaken(.makeFolder, path)
        rehearsal?.set(.folder, at: path)
    }

    func rehearseCopying(_ source: FilePath, to target: FilePath) throws(FileError) -> CopiedFile {
        try announce(.copyContents, target)
        try refuseTaken(.create, target)
        let original = try status(of: source)
        guard original.kind == .file else {
            throw FileError(operation: .read, path: source, errno: EISDIR)
        }
        let content = try hash(of: source)
        rehearsal?.set(.file(try truePath(.read, source)), at: target)
        return CopiedFile(
            original: original, hash: content.hash, byteCount: content.byteCount, isClone: false)
    }

    private func refuseTaken(
        _ operation: DiskOperation, _ path: FilePath
    ) throws(FileError) {
        guard try statusIfPresent(of: path, followingLinks: false) != nil else { return }
        throw FileError(operation: operation, path: path, errno: EEXIST)
    }

    /// Refuses a change that a rehearsal cannot show.
    func refuseInRehearsal(_ operation: DiskOperation, _ path: FilePath) throws(FileError) {
        guard rehearsal != nil else { return }
        throw FileError(operation: operation, path: path, errno: EROFS)
    }
}
