package import FileLedger
package import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// A file that may be a photo; its content has not been looked at.
package struct ScannedFile: Hashable, Sendable {
    /// Relative to ``FolderScan/base``.
    package let path: FilePath
    package let byteCount: Int64
    /// When the content was changed last, in nanoseconds since 1970.
    package let modified: Int64
    package let identity: FileIdentity
    /// Whether it is a link, or lies in a folder that only a link leads to: its place is elsewhere.
    package let isLinked: Bool
}

/// Why something in a folder was passed over.
package enum SkipReason: String, Sendable, CaseIterable {
    case hidden
    case machineMade
    case album
    case excluded
    case linkLoop
    case brokenLink
    case special

    /// As in "'x' was skipped: …".
    package var sentence: String {
        switch self {
        case .hidden: "it is hidden"
        case .machineMade: "only machines make such folders, for themselves"
        case .album: "it is an album or another folder that facesort keeps"
        case .excluded: "it was given for something else"
        case .linkLoop: "it is a link to a folder that is searched anyway"
        case .brokenLink: "it is a link to something that is not there"
        case .special: "it is neither a file nor a folder"
        }
    }
}

package struct ScanSkip: Hashable, Sendable {
    /// Relative to ``FolderScan/base``; empty for the scanned folder itself.
    package let path: FilePath
    package let reason: SkipReason
    package let isFolder: Bool
}

/// A folder or file that could not be looked at.
package struct ScanFailure: Hashable, Sendable {
    /// Relative to ``FolderScan/base``.
    package let path: FilePath
    package let error: FileError
}

/// The files in a folder and in all folders below, and what was skipped with the reason.
///
/// Albums and bins are skipped, and so are hidden things and folders that only machines make; a
/// folder whose photos were renamed is searched.
///
/// Folders behind symbolic links are followed, each once, after all real ones; so the files of a
/// folder that can be reached with and without a link have the names without. A single file may
/// still be listed by several names: see ``SharedFiles``.
package struct FolderScan: Sendable {
    /// The folder that was given, or the one that holds the single file that was given.
    package let base: FilePath
    /// Bytewise by path.
    package let files: [ScannedFile]
    package let skipped: [ScanSkip]
    package let failures: [ScanFailure]

    /// - Parameters:
    ///   - root: a folder, or a single file.
    ///   - excluding: files and folders to skip, under whatever name they are found.
    /// - Throws: when `root` itself is not there or may not be read.
    /// - Complexity: one system call for each file, two for each folder.
    package static func scan(
        _ root: FilePath, excluding: [FilePath] = [], disk: Disk = Disk()
    ) throws(FileError) -> FolderScan {
        let status = try disk.status(of: root)
        switch status.kind {
        case .file:
            guard let name = root.lastComponent else { break }
            let own = try disk.status(of: root, followingLinks: false)
            let file = ScannedFile(
                path: FilePath().appending(name), byteCount: status.byteCount,
                modified: status.modified, identity: status.identity,
                isLinked: own.kind == .symbolicLink)
            return FolderScan(base: root.folder, files: [file], skipped: [], failures: [])
        case .folder:
            var walk = Walk(root: root, disk: disk)
            for path in excluding {
                if let status = try? disk.status(of: path) { walk.excluded.insert(status.identity) }
            }
            try walk.run(status)
            return walk.result
        case .symbolicLink, .other: break
        }
        throw FileError(operation: .list, path: root, errno: ENOTDIR)
    }
}

private struct Walk {
    let root: FilePath
    let disk: Disk
    var excluded: Set<FileIdentity> = []
    private var above: Set<FileIdentity> = []
    private var visited: Set<FileIdentity> = []
    private var links: [FilePath] = []
    /// Whether all real folders were searched, and further results come only through links.
    private var isBehindLinks = false
    private var files: [ScannedFile] = []
    private var skipped: [ScanSkip] = []
    private var failures: [ScanFailure] = []

    init(root: FilePath, disk: Disk) {
        self.root = root
        self.disk = disk
    }

    var result: FolderScan {
        FolderScan(
            base: root, files: sorted(files, by: \.path), skipped: sorted(skipped, by: \.path),
            failures: sorted(failures, by: \.path))
    }

    mutating func run(_ status: FileStatus) throws(FileError) {
        noteFoldersAbove()
        visited.insert(status.identity)
        visit(try disk.entries(of: root), of: FilePath())
        isBehindLinks = true
        // Walking a linked folder may find more links, so the list grows during the walk.
        var index = 0
        while index < links.count {
            follow(links[index])
            index += 1
        }
    }

    /// A link to a folder that holds the scanned one would search the whole disk.
    private mutating func noteFoldersAbove() {
        var path = root.appending("..")
        while let status = try? disk.status(of: path), above.insert(status.identity).inserted {
            path.append("..")
        }
    }

    private mutating func visit(_ entries: [FolderEntry], of folder: FilePath) {
        let isWorkspace = entries.contains { $0.name == AlbumFolder.stateName }
        if isWorkspace, !holdsPhotos(folder) {
            skipped.append(ScanSkip(path: folder, reason: .album, isFolder: true))
            return
        }
        for entry in entries where entry.name != AlbumFolder.stateName {
            let path = folder.appending(entry.name)
            if entry.name.isHidden {
                skip(path, .hidden, kind: entry.kind)
                continue
            }
            do {
                try visit(entry, at: path)
            } catch {
                failures.append(ScanFailure(path: path, error: error))
            }
        }
    }

    /// Whether a workspace is a folder of renamed photos; false when that cannot be read.
    private func holdsPhotos(_ folder: FilePath) -> Bool {
        (try? AlbumFolder(root.joined(to: folder)).holdsPhotos(disk: disk)) ?? false
    }

    private mutating func visit(_ entry: FolderEntry, at path: FilePath) throws(FileError) {
        let status = try disk.status(of: root.joined(to: path), followingLinks: false)
        switch status.kind {
        case .file: add(path, status, isLinked: isBehindLinks)
        case .folder: try enter(path, status, isBehindLink: false)
        case .symbolicLink:
            guard let target = try target(of: path) else {
                skip(path, .brokenLink, kind: .file)
                return
            }
            switch target.kind {
            case .file: add(path, target, isLinked: true)
            case .folder: links.append(path)
            case .symbolicLink, .other: skip(path, .special, kind: .other)
            }
        case .other: skip(path, .special, kind: .other)
        }
    }

    private func target(of path: FilePath) throws(FileError) -> FileStatus? {
        do {
            return try disk.statusIfPresent(of: root.joined(to: path))
        } catch  where error.errno == ELOOP {
            return nil
        }
    }

    private mutating func follow(_ path: FilePath) {
        do {
            guard let status = try target(of: path), status.kind == .folder else { return }
            try enter(path, status, isBehindLink: true)
        } catch {
            failures.append(ScanFailure(path: path, error: error))
        }
    }

    private mutating func enter(
        _ path: FilePath, _ status: FileStatus, isBehindLink: Bool
    ) throws(FileError) {
        guard !excluded.contains(status.identity) else {
            skip(path, .excluded, kind: .folder)
            return
        }
        guard path.lastComponent.map(MachineFolders.contains) != true else {
            skip(path, .machineMade, kind: .folder)
            return
        }
        let isKnown = !visited.insert(status.identity).inserted
        guard !isKnown, !(isBehindLink && above.contains(status.identity)) else {
            skip(path, .linkLoop, kind: .folder)
            return
        }
        visit(try disk.entries(of: root.joined(to: path)), of: path)
    }

    private mutating func add(_ path: FilePath, _ status: FileStatus, isLinked: Bool) {
        guard !excluded.contains(status.identity) else {
            skip(path, .excluded, kind: .file)
            return
        }
        files.append(
            ScannedFile(
                path: path, byteCount: status.byteCount, modified: status.modified,
                identity: status.identity, isLinked: isLinked))
    }

    private mutating func skip(_ path: FilePath, _ reason: SkipReason, kind: FileKind?) {
        skipped.append(ScanSkip(path: path, reason: reason, isFolder: kind == .folder))
    }

    private func sorted<Element>(
        _ elements: [Element], by path: KeyPath<Element, FilePath>
    ) -> [Element] {
        elements.map { ($0[keyPath: path].bytes, $0) }
            .sorted { $0.0.lexicographicallyPrecedes($1.0) }.map(\.1)
    }
}
