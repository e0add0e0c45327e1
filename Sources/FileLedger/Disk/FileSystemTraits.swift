internal import CFileSystem
package import SystemPackage

/// What an album's file system can do, where writing depends on it.
package struct FileSystemTraits: Hashable, Sendable {
    /// "ext4", "exfat", "nfs"…, or its number as "0x…".
    package var kind: String
    package var canHardLink: Bool
    package var canSymbolicLink: Bool
    package var renameMethod: RenameMethod
    package var isCaseSensitive: Bool
    /// Whether é as one character and é as two characters are different names.
    package var isNormalisationSensitive: Bool
    package var takesInvalidUTF8: Bool
    /// Whether it accepts `: ? * " < > | \`, controls, and a dot or space at the end.
    package var takesWindowsReserved: Bool
    /// Whether it accepts Windows' names for devices: `aux.jpg`, `CON`.
    package var takesDeviceNames = true
    /// The step of modification times, in nanoseconds; compare with ``isSameTime(_:_:)``.
    package var modificationGranularity: Int64
    /// The longest name, in bytes.
    package var longestName: Int
    /// Whether a file can be shared as memory: without that, SQLite has no write-ahead log.
    package var supportsSharedMemory: Bool

    /// Whether two modification times, in nanoseconds, may be one time that the file system
    /// rounded.
    package func isSameTime(_ one: Int64, _ other: Int64) -> Bool {
        let (difference, overflows) = one.subtractingReportingOverflow(other)
        return !overflows && difference.magnitude < UInt64(max(1, modificationGranularity))
    }

    /// What an ordinary Linux disk can.
    package static let posix = FileSystemTraits(
        kind: "posix", canHardLink: true, canSymbolicLink: true, renameMethod: .noReplace,
        isCaseSensitive: true, isNormalisationSensitive: true, takesInvalidUTF8: true,
        takesWindowsReserved: true, modificationGranularity: 1, longestName: 255,
        supportsSharedMemory: true)

    /// Judges by the kind of file system alone; writes nothing.
    ///
    /// - Parameter path: need not exist yet.
    package static func assumed(at path: FilePath, disk: Disk = Disk()) -> FileSystemTraits {
        var traits = posix
        guard let system = try? disk.system(at: path) else { return traits }
        traits.kind = system.kind
        traits.longestName = min(255, system.longestName > 0 ? system.longestName : 255)
        traits.supportsSharedMemory = kindsWithSharedMemory.contains(system.kind)
        if kindsOfFAT.contains(system.kind) {
            traits.canHardLink = false
            traits.canSymbolicLink = false
            traits.isCaseSensitive = false
            traits.takesInvalidUTF8 = false
            traits.takesWindowsReserved = false
            traits.takesDeviceNames = false
        }
        if kindsWithCoarseTimes.contains(system.kind) {
            traits.modificationGranularity = 2_000_000_000
        }
        return traits
    }

    /// Judges by trying, in its own folder within the album's state, which it removes again.
    ///
    /// - Precondition: ``AlbumFolder/prepare(disk:)`` was called.
    /// - Throws: when the disk is full, read-only or broken.
    package static func probe(
        _ album: AlbumFolder, disk: Disk = Disk()
    ) throws(FileError) -> FileSystemTraits {
        var traits = assumed(at: album.state, disk: disk)
        try Probe.clearLeftovers(in: album.state, disk)
        let probe = try Probe(in: album.state, disk: disk)
        do {
            try probe.run(&traits)
        } catch {
            try? probe.clear()
            throw error
        }
        try probe.clear()
        return traits
    }

    /// Local file systems that can; a list, so that an unknown one gets the slow and safe way.
    private static let kindsWithSharedMemory: Set<String> = [
        "ext4", "xfs", "btrfs", "tmpfs", "overlay", "zfs", "bcachefs", "f2fs", "ntfs3", "hfsplus",
        "hfs", "apfs",
    ]
    private static let kindsOfFAT: Set<String> = ["exfat", "msdos"]
    /// A FUSE mount may be FAT, which keeps finer times only until it is unmounted.
    private static let kindsWithCoarseTimes: Set<String> = ["exfat", "msdos", "fuse"]
}

private struct Probe {
    /// How its folder's name begins; earlier versions had a folder of exactly this name.
    private static let prefix = "probe"

    let folder: FilePath
    let disk: Disk

    private init(leftAt folder: FilePath, _ disk: Disk) {
        self.folder = folder
        self.disk = disk
    }

    /// Makes a new folder.
    init(in state: FilePath, disk: Disk) throws(FileError) {
        let number = UInt64.random(in: 0...UInt64.max)
        let name = "\(Self.prefix)-" + String(number, radix: 16)
        self.init(leftAt: state.appending(name), disk)
        try disk.makeFolder(folder)
    }

    /// Removes what killed probes left.
    static func clearLeftovers(in state: FilePath, _ disk: Disk) throws(FileError) {
        for entry in try disk.entries(of: state) {
            guard entry.name.string == prefix || entry.name.string.hasPrefix(prefix + "-")
            else { continue }
            try Probe(leftAt: state.appending(entry.name), disk).clear()
        }
    }

    /// Removes the folder and what a probe makes in it: empty files and links. Anything else is not
    /// ours; it stays, and so does the folder.
    func clear() throws(FileError) {
        guard
            try disk.statusIfPresent(of: folder, followingLinks: false)?.kind == .folder
        else { return }
        for entry in try disk.entries(of: folder) {
            let path = folder.appending(entry.name)
            switch try disk.statusIfPresent(of: path, followingLinks: false) {
            case let status? where status.kind == .symbolicLink: break
            case let status? where status.kind == .file && status.byteCount == 0: break
            default: return
            }
            try disk.removeIfPresent(path)
        }
        do {
            try disk.removeFolder(folder)
        } catch  where error.errno == ENOTEMPTY || error.isMissing {
            // Two readers of one disk may clear at the same time.
        }
    }

    func run(_ traits: inout FileSystemTraits) throws(FileError) {
        let file = folder.appending("file")
        try disk.createEmpty(file)
        let hard = folder.appending("hard")
        traits.canHardLink = try can { () throws(FileError) in
            try disk.hardLink(file, at: hard)
        }
        // Our state's files have one name each, and this file is opened again.
        if traits.canHardLink { try disk.remove(hard) }
        traits.canSymbolicLink = try can { () throws(FileError) in
            try disk.symbolicLink(to: file, at: folder.appending("symbolic"))
        }
        traits.renameMethod =
            try refusesToOverwrite() ? .noReplace : traits.canHardLink ? .hardLink : .placeholder
        traits.isCaseSensitive = try isAbsent("FILE")
        _ = try keeps("caf\u{E9}")
        traits.isNormalisationSensitive = try isAbsent("cafe\u{301}")
        if let invalid = FilePath.Component(bytes: [0x61, 0xFF, 0xE9, 0x62]) {
            traits.takesInvalidUTF8 = try keeps(invalid)
        }
        traits.takesWindowsReserved = true
        for name: FilePath.Component in [":?*\"<>|\\\u{1}x", "dot.", "space "]
        where try !keeps(name) {
            traits.takesWindowsReserved = false
        }
        traits.takesDeviceNames = try keeps("aux.txt")
        traits.modificationGranularity = max(
            traits.modificationGranularity, try granularity(of: file))
    }

    /// - Returns: false when the file system refuses. A full or broken disk is an error.
    private func can(_ body: () throws(FileError) -> Void) throws(FileError) -> Bool {
        do {
            try body()
            return true
        } catch  where error.isDiskFull || error.isReadOnly || error.errno == EIO {
            throw error
        } catch {
            return false
        }
    }

    private func refusesToOverwrite() throws(FileError) -> Bool {
        let from = folder.appending("from")
        let to = folder.appending("to")
        try disk.createEmpty(from)
        guard
            try can({ () throws(FileError) in
                try disk.rename(from, to: to, method: .noReplace)
            })
        else { return false }
        try disk.createEmpty(from)
        do {
            try disk.rename(from, to: to, method: .noReplace)
            return false
        } catch {
            return error.isTaken
        }
    }

    private func isAbsent(_ name: FilePath.Component) throws(FileError) -> Bool {
        try disk.statusIfPresent(of: folder.appending(name), followingLinks: false) == nil
    }

    /// Whether a file of that name can be made and is then listed under exactly that name.
    private func keeps(_ name: FilePath.Component) throws(FileError) -> Bool {
        guard
            try can({ () throws(FileError) in try disk.createEmpty(folder.appending(name)) })
        else { return false }
        return try disk.entries(of: folder).contains { $0.name.bytes == name.bytes }
    }

    private func granularity(of file: FilePath) throws(FileError) -> Int64 {
        // An odd second with nine digits after it shows every kind of rounding.
        let wanted: Int64 = 1_700_000_001_123_456_789
        try disk.setAttributes(file, modified: wanted)
        let found = try disk.status(of: file).modified
        let steps: [Int64] = [1, 100, 1000, 1_000_000, 10_000_000, 1_000_000_000]
        return steps.first { abs(wanted - found) < $0 } ?? 2_000_000_000
    }
}
