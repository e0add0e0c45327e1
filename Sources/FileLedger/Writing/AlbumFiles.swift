internal import CFileSystem
package import FaceCore
package import SystemPackage

/// The checks and steps shared by writing, recovering and undoing. Paths are relative to the album;
/// an absolute one is a file of the user's.
package struct AlbumFiles {
    package let album: AlbumFolder
    package let disk: Disk

    package init(album: AlbumFolder, disk: Disk) {
        self.album = album
        self.disk = disk
    }

    package func absolute(_ path: FilePath) -> FilePath {
        path.isAbsolute ? path : album.path.joined(to: path)
    }

    /// Where an act's file is made before it gets its name: in the same folder.
    package func temporary(_ run: String, _ number: Int, beside path: FilePath) -> FilePath {
        absolute(path).folder.appending(
            "\(AlbumFolder.temporaryPrefix)\(run)-\(number)")
    }

    /// Whether a file may be put into, or taken from, a path's folder.
    package enum FolderCheck: Hashable {
        case ready
        /// These must be made first, in this order.
        case missing([FilePath])
        /// A user put a link there; it may lead to the originals themselves.
        case link(FilePath)
        case blocked(FileError)
    }

    package func check(folderOf path: FilePath) throws(FileError) -> FolderCheck {
        var folder = FilePath()
        var missing: [FilePath] = []
        for component in path.removingLastComponent().components {
            folder.append(component)
            if !missing.isEmpty {
                missing.append(folder)
                continue
            }
            do {
                let status = try disk.statusIfPresent(of: absolute(folder), followingLinks: false)
                switch status?.kind {
                case nil: missing.append(folder)
                case .folder: break
                case .symbolicLink: return .link(folder)
                case .file, .other:
                    return .blocked(
                        FileError(operation: .makeFolder, path: absolute(folder), errno: ENOTDIR))
                }
            } catch  where error.isNameRefused || error.errno == EINVAL {
                return .blocked(error)
            }
        }
        return missing.isEmpty ? .ready : .missing(missing)
    }

    /// The state of a file of ours.
    package enum Verdict: Hashable {
        /// It has the expected content. The status is that of the path itself, the identity that of
        /// its target.
        case matches(FileStatus, leadsTo: FileIdentity)
        /// A link of ours whose original is gone: it has nothing that can be lost.
        case danglingLink
        case missing
        case changed
        case unreadable(FileError)
    }

    package func verdict(_ path: FilePath, hash: ContentHash) -> Verdict {
        do throws(FileError) {
            let place = absolute(path)
            guard let own = try disk.statusIfPresent(of: place, followingLinks: false) else {
                return .missing
            }
            guard own.kind == .symbolicLink else {
                guard own.kind == .file, try disk.hash(of: place).hash == hash else {
                    return .changed
                }
                return .matches(own, leadsTo: own.identity)
            }
            guard let target = try disk.statusIfPresent(of: place) else { return .danglingLink }
            guard target.kind == .file, try disk.hash(of: place).hash == hash else {
                return .changed
            }
            return .matches(own, leadsTo: target.identity)
        } catch {
            return .unreadable(error)
        }
    }

    /// Checks that the file at the absolute path `original` has the content `hash` and is not the
    /// very file to be removed; `nil` when so, else the reason to keep that file.
    func reasonToKeep(
        _ own: FileStatus, leadsTo: FileIdentity, original: FilePath, hash: ContentHash
    ) -> KeptReason? {
        do throws(FileError) {
            guard let status = try disk.statusIfPresent(of: original) else {
                return .originalMissing
            }
            guard status.kind == .file else { return .originalChanged }
            if status.identity == leadsTo {
                // One file with two names, whose content was just checked: a link of ours, or the
                // original by another path.
                return own.kind == .file && own.linkCount < 2 ? .isOriginal : nil
            }
            return try disk.hash(of: original).hash == hash ? nil : .originalChanged
        } catch {
            return .originalUnreadable(error)
        }
    }

    package func isPresent(_ path: FilePath) throws(FileError) -> Bool {
        try disk.statusIfPresent(of: absolute(path), followingLinks: false) != nil
    }

    /// The file that an act put into the album, as it lies there; `nil` when it put none.
    func status(after act: Act) throws(FileError) -> FileStatus? {
        guard let new = act.new else { return nil }
        return try disk.statusIfPresent(of: absolute(new), followingLinks: false)
    }

    /// Makes the folders of a file's path below the album's own. The album's folder must exist: an
    /// album that was moved is not started again.
    package func makeFolders(for path: FilePath) throws(FileError) {
        try disk.makeFolders(absolute(path).folder, below: album.path)
    }

    /// Removes the empty file that stood for one of ours, and nothing else.
    func removePlaceholder(_ path: FilePath) throws(FileError) -> Bool {
        let status = try disk.statusIfPresent(of: absolute(path), followingLinks: false)
        guard status?.kind == .file, status?.byteCount == 0 else { return false }
        return try disk.removeIfPresent(absolute(path))
    }

    /// Flushes each existing folder once.
    package func synchronise(_ folders: ChangedFolders) throws(FileError) {
        for folder in folders.inOrder {
            do {
                try disk.synchroniseFolder(folder)
            } catch  where error.isMissing {
                continue
            }
        }
    }
}

/// Why a copy was not made; the temporary file is gone again.
package enum CopyFailure: Error {
    case failed(ActFailure)
    /// The disk itself failed: the run cannot go on.
    case disk(FileError)
}

extension AlbumFiles {
    /// Makes `temporary` hold the photo at `source`, verified and not yet durable.
    ///
    /// - Returns: a note when it could not be linked as requested.
    package func make(
        _ temporary: FilePath, from source: FilePath, hash: ContentHash, byteCount: Int64,
        link: LinkKind
    ) throws(CopyFailure) -> String? {
        do throws(CopyFailure) {
            return try place(temporary, source, hash, byteCount, link)
        } catch {
            do throws(FileError) {
                try disk.removeIfPresent(temporary)
            } catch let clearing {
                if case .failed = error { throw .disk(clearing) }
            }
            throw error
        }
    }

    private func place(
        _ temporary: FilePath, _ source: FilePath, _ hash: ContentHash, _ byteCount: Int64,
        _ link: LinkKind
    ) throws(CopyFailure) -> String? {
        let made: (hash: ContentHash, byteCount: Int64, note: String?)
        do throws(FileError) {
            // Left by a killed run of the same name whose journal lost its end.
            if try disk.statusIfPresent(of: temporary, followingLinks: false) != nil {
                try disk.remove(temporary)
            }
            made = try fill(temporary, from: source, link)
        } catch {
            throw failure(error, source: source)
        }
        guard made.hash == hash, made.byteCount == byteCount else {
            throw .failed(.sourceChanged)
        }
        return made.note
    }

    private func fill(
        _ temporary: FilePath, from source: FilePath, _ link: LinkKind
    ) throws(FileError) -> (hash: ContentHash, byteCount: Int64, note: String?) {
        var note: String?
        if link == .hard || link == .symbolic {
            note = try tryLinking(source) { () throws(FileError) in
                if link == .hard {
                    try disk.hardLink(source, at: temporary, followingLinks: true)
                } else {
                    try disk.symbolicLink(to: source, at: temporary)
                }
            }
            if note == nil {
                // Through the new name, so that the linked file is the one checked.
                do {
                    let found = try disk.hash(of: temporary)
                    return (found.hash, found.byteCount, nil)
                } catch {
                    throw FileError(operation: .read, path: source, errno: error.errno)
                }
            }
        }
        let copy = try disk.copy(source, to: temporary)
        if link == .clone && !copy.isClone { note = "copied: this disk cannot share content" }
        return (copy.hash, copy.byteCount, note)
    }

    /// - Returns: `nil` when linked, else a note why it must be a copy.
    private func tryLinking(
        _ source: FilePath, _ body: () throws(FileError) -> Void
    ) throws(FileError) -> String? {
        do {
            try body()
            return nil
        } catch  where error.errno == EXDEV {
            return "copied: the original lies on another disk"
        } catch  where error.errno == EMLINK {
            return "copied: the original has as many names as it can have"
        } catch  where [EPERM, ENOTSUP, ENOSYS, EINVAL].contains(error.errno) {
            return "copied: this disk has no such links"
        } catch  where error.isMissing {
            // The target's folder is ours and exists, so the original is missing.
            throw FileError(operation: .read, path: source, errno: ENOENT)
        }
    }

    private func failure(_ error: FileError, source: FilePath) -> CopyFailure {
        if error.path == source {
            return .failed(error.isMissing ? .sourceMissing : .sourceUnreadable(error))
        }
        if error.isNameRefused || error.isTooLarge { return .failed(.refused(error)) }
        return .disk(error)
    }
}
