internal import CFileSystem
package import SystemPackage

/// What lies at a path.
package enum FileKind: Hashable, Sendable {
    case file
    case folder
    case symbolicLink
    /// A socket, a pipe or a device.
    case other

    /// - Returns: `nil` for a kind that the file system did not report.
    package init?(code: Int32) {
        switch Int(code) {
        case CFILE_KIND_FILE: self = .file
        case CFILE_KIND_FOLDER: self = .folder
        case CFILE_KIND_LINK: self = .symbolicLink
        case CFILE_KIND_OTHER: self = .other
        default: return nil
        }
    }
}

/// Identifies a file whatever its names: two paths with the same identity are one file.
package struct FileIdentity: Hashable, Sendable {
    package let device: UInt64
    package let inode: UInt64
}

/// What the file system knows of a file.
package struct FileStatus: Hashable, Sendable {
    package let kind: FileKind
    package let identity: FileIdentity
    package let byteCount: Int64
    /// When the content was last changed, in nanoseconds since 1970.
    package let modified: Int64
    /// The permission bits, 0 ... 0o777.
    package let mode: UInt16
    /// The number of the user who owns the file.
    package let owner: UInt32
    /// How many names (hard links) the file has.
    package let linkCount: Int

    init(_ status: cfile_status_t) {
        kind = FileKind(code: status.kind) ?? .other
        identity = FileIdentity(device: status.device, inode: status.inode)
        byteCount = status.byte_count
        modified = status.modified
        mode = UInt16(status.mode & 0o777)
        owner = status.owner
        linkCount = Int(clamping: status.link_count)
    }
}

/// One name in a folder.
package struct FolderEntry: Hashable, Sendable {
    package let name: FilePath.Component
    /// `nil` where the file system reports it only with the status.
    package let kind: FileKind?
}

/// How a file gets its final name without ever replacing another.
package enum RenameMethod: String, Sendable, CaseIterable {
    /// One step that refuses to overwrite (Linux `renameat2`, macOS `renamex_np`).
    case noReplace
    /// A hard link with the new name, which refuses to overwrite; then the old name is removed.
    case hardLink
    /// An empty file made exclusively with the new name; then a rename over it.
    case placeholder
}
