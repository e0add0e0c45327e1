internal import CFileSystem
package import SystemPackage

// Making, changing and removing.
extension Disk {
    /// Makes a new file with `contents`; it is durable when this returns.
    package func create(
        _ path: FilePath, mode: UInt16 = 0o600, contents: [UInt8]
    ) throws(FileError) {
        var part: [UInt8]? = contents
        try create(path, mode: mode) {
            defer { part = nil }
            return part
        }
    }

    func create(
        _ path: FilePath, mode: UInt16, parts: () -> [UInt8]?
    ) throws(FileError) {
        let descriptor = try open(.create, path, O_WRONLY | O_CREAT | O_EXCL, mode: mode)
        defer { systemClose(descriptor) }
        while let part = parts() { try append(part, to: descriptor, path) }
        try synchronise(descriptor, path)
    }

    /// Makes a new empty file.
    package func createEmpty(_ path: FilePath) throws(FileError) {
        let descriptor = try open(.create, path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
        systemClose(descriptor)
    }

    /// Replaces a file of our own state in one step: a reader sees the old or the new content.
    package func write(
        _ bytes: [UInt8], replacing path: FilePath, mode: UInt16 = 0o600
    ) throws(FileError) {
        var part: [UInt8]? = bytes
        try write(replacing: path, mode: mode) {
            defer { part = nil }
            return part
        }
    }

    /// The same, for a content too large for memory.
    ///
    /// - Parameter parts: called for one part after the other, until it has no more.
    package func write(
        replacing path: FilePath, mode: UInt16 = 0o600, parts: () -> [UInt8]?
    ) throws(FileError) {
        let temporary = path.removingLastComponent().appending(
            AlbumFolder.temporaryPrefix + "new-\(path.lastComponent?.string ?? "")")
        try removeIfPresent(temporary)
        do {
            try create(temporary, mode: mode, parts: parts)
            try call(.rename, from: temporary, to: path, systemRename)
        } catch {
            try? remove(temporary)
            throw error
        }
        try synchroniseFolder(path.folder)
    }

    /// Flushes the content of the file at `path` to the disk itself.
    package func synchronise(_ path: FilePath) throws(FileError) {
        guard rehearsal == nil else { return }
        let descriptor = try open(.synchronise, path, O_RDONLY)
        defer { systemClose(descriptor) }
        try onOpenFile(.synchronise, path) { cfile_synchronise(descriptor) }
    }

    /// Flushes the names in a folder; does nothing where a file system cannot (FAT, some networks).
    package func synchroniseFolder(_ path: FilePath) throws(FileError) {
        guard rehearsal == nil else { return }
        let descriptor = try open(.synchroniseFolder, path, O_RDONLY | O_DIRECTORY)
        defer { systemClose(descriptor) }
        do {
            try onOpenFile(.synchroniseFolder, path) { cfile_synchronise(descriptor) }
        } catch  where [EINVAL, ENOTSUP, ENOSYS, EBADF].contains(error.errno) {
            return
        }
    }

    /// Gives a file another name on the same file system and never overwrites: `EEXIST` when
    /// something lies at `target` already.
    package func rename(
        _ path: FilePath, to target: FilePath, method: RenameMethod
    ) throws(FileError) {
        guard rehearsal == nil else { return try rehearseRenaming(path, to: target) }
        switch method {
        case .noReplace:
            try call(.rename, from: path, to: target, cfile_rename_no_replace)
        case .hardLink:
            try hardLink(path, at: target)
            try remove(path)
        case .placeholder:
            try createEmpty(target)
            do {
                try call(.rename, from: path, to: target, systemRename)
            } catch {
                try? remove(target)
                throw error
            }
        }
    }

    package func remove(_ path: FilePath) throws(FileError) {
        guard rehearsal == nil else { return try rehearseRemoving(path, .remove) }
        try call(.remove, path) { systemUnlink($0) }
    }

    /// - Returns: whether there was a file.
    @discardableResult
    package func removeIfPresent(_ path: FilePath) throws(FileError) -> Bool {
        do {
            try remove(path)
            return true
        } catch  where error.isMissing {
            return false
        }
    }

    /// Makes a folder; its name is not durable yet.
    ///
    /// - Parameter isPrivate: whether only its owner can open it, as with our state.
    package func makeFolder(_ path: FilePath, isPrivate: Bool = false) throws(FileError) {
        guard rehearsal == nil else { return try rehearseMakingFolder(path) }
        try call(.makeFolder, path) { spot in
            // Our state holds what we learnt about faces.
            let isState = Int(spot.area) != CFILE_AREA_OUTSIDE
            return systemMakeFolder(spot, isPrivate || isState ? 0o700 : 0o777)
        }
    }

    /// Makes the folder and any missing folders above it, with durable names.
    ///
    /// - Parameter root: a folder above it that is never made: when it is missing, this fails.
    package func makeFolders(
        _ path: FilePath, below root: FilePath? = nil
    ) throws(FileError) {
        if let status = try statusIfPresent(of: path) {
            guard status.kind == .folder else {
                throw FileError(
                    operation: .makeFolder, path: path, errno: ENOTDIR,
                    intruder: path.isState ? status.intruder(wantsFolder: true) : nil)
            }
            return
        }
        if path.lastComponent != nil, !path.folder.isEmpty, path.folder != path {
            if path.folder != root { try makeFolders(path.folder, below: root) }
        }
        do {
            try makeFolder(path)
        } catch  where error.isTaken {
            return
        }
        try synchroniseFolder(holding: path)
    }

    /// Flushes the name of the folder at `path`, where its parent folder may be read.
    package func synchroniseFolder(holding path: FilePath) throws(FileError) {
        do {
            try synchroniseFolder(path.folder)
        } catch  where error.errno == EACCES || error.errno == EPERM {
            return
        }
    }

    /// Removes a folder that is empty.
    package func removeFolder(_ path: FilePath) throws(FileError) {
        guard rehearsal == nil else { return try rehearseRemoving(path, .removeFolder) }
        try call(.removeFolder, path) { systemRemoveFolder($0) }
    }

    /// Adds another name for the file at `path`, or for the target of a link there.
    package func hardLink(
        _ path: FilePath, at target: FilePath, followingLinks: Bool = false
    ) throws(FileError) {
        try call(.hardLink, from: path, to: target) {
            systemLink($0, $1, followingLinks: followingLinks)
        }
    }

    package func symbolicLink(to path: FilePath, at target: FilePath) throws(FileError) {
        try refuseInRehearsal(.symbolicLink, target)
        try call(.symbolicLink, target) { spot in
            path.withPlatformString { systemSymbolicLink($0, spot) }
        }
    }

    /// Sets modification time and permissions, where the file system has them.
    package func setAttributes(_ path: FilePath, modified: Int64) throws(FileError) {
        let descriptor = try open(.setAttributes, path, O_RDONLY)
        defer { systemClose(descriptor) }
        try setModified(descriptor, path, modified)
    }
}
