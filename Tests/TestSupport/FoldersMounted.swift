package import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Whether this process may mount file systems, for the tests on full, read-only and FAT disks.
package var mayMount: Bool { geteuid() == 0 }

/// A file system of a test's own, unmounted and removed when the test releases it.
package final class MountedFolder: Sendable {
    /// Where it is mounted.
    package let path: FilePath
    private let folder: TemporaryFolder

    package enum Kind: Sendable {
        /// In memory, of this many bytes.
        case memory(byteCount: Int)
        /// exFAT in an image file of this many megabytes, on a loop device, by `exfat-fuse`.
        case exFAT(megabytes: Int)
        /// NTFS in an image file likewise, by `ntfs-3g`, with Windows' names.
        case ntfs(megabytes: Int)
    }

    package init(_ kind: Kind) throws {
        folder = try TemporaryFolder()
        path = folder.appending("mounted")
        guard path.withPlatformString({ mkdir($0, 0o755) }) == 0 else {
            throw FolderFailure(what: "no folder \(path)", code: errno)
        }
        switch kind {
        case .memory(let byteCount):
            try Self.run(["mount", "-t", "tmpfs", "-o", "size=\(byteCount)", "tmpfs", path.string])
        case .exFAT(let megabytes):
            let image = folder.appending("image").string
            try Self.run(["truncate", "-s", "\(megabytes)M", image])
            try Self.run(["mkfs.exfat", image])
            try Self.run(["mount", "-t", "exfat-fuse", "-o", "loop", image, path.string])
        case .ntfs(let megabytes):
            let image = folder.appending("image").string
            try Self.run(["truncate", "-s", "\(megabytes)M", image])
            try Self.run(["mkfs.ntfs", "-q", "-F", "-f", image])
            try Self.run(["mount", "-t", "ntfs-3g", "-o", "loop,windows_names", image, path.string])
        }
    }

    deinit {
        // At once if possible, to free the image; later if a test left a file open.
        if runTool(["umount", path.string]) != 0 { _ = runTool(["umount", "-l", path.string]) }
    }

    /// From now on nothing can be changed.
    package func makeReadOnly() throws {
        try Self.run(["mount", "-o", "remount,ro", path.string])
    }

    package func makeWritable() throws {
        try Self.run(["mount", "-o", "remount,rw", path.string])
    }

    private static func run(_ arguments: [String]) throws {
        guard runTool(arguments) == 0 else {
            throw FolderFailure(what: "'\(arguments.joined(separator: " "))' failed", code: 0)
        }
    }
}
