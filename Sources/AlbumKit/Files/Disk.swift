internal import CFileSystem
package import FaceCore
package import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The file system, as the few operations that the album needs.
///
/// Paths are bytes, so every name that a disk holds can be handled. Every operation can be made to
/// fail by a hook, which is how the tests show that nothing is lost when a disk dies at any moment.
///
/// A path through a folder called `.facesort` is our own state, which may come from somebody else.
/// There no link is followed, and only a regular file of one name is opened, whoever asks and for
/// whatever; anything else is an error that says what lies there (``FileError/intruder``).
package struct Disk: Sendable {
    /// Called before each operation; what it throws is thrown instead of the operation.
    package typealias Hook = @Sendable (DiskOperation, FilePath) throws(FileError) -> Void

    private let hook: Hook?
    /// What this machine knows of runs, beside the workspaces themselves.
    let marks: RunMarks
    /// What would lie on the disk; `nil` when everything is truly done.
    let rehearsal: DiskRehearsal?

    package init(before hook: Hook? = nil, marks: RunMarks = .ofThisUser) {
        self.init(before: hook, marks: marks, rehearsal: nil)
    }

    private init(before hook: Hook?, marks: RunMarks, rehearsal: DiskRehearsal?) {
        self.hook = hook
        self.marks = marks
        self.rehearsal = rehearsal
    }

    /// The same disk, on which nothing is changed: what is done is only remembered, and seen by
    /// whoever asks this value or a copy of it.
    func rehearsing() -> Disk {
        Disk(before: hook, marks: marks, rehearsal: DiskRehearsal())
    }

    func announce(_ operation: DiskOperation, _ path: FilePath) throws(FileError) {
        if let hook { try hook(operation, path) }
    }

    /// Announces `operation`, then calls `body` with the spot of the path, again when a signal
    /// interrupted it.
    ///
    /// - Throws: the cause when `body` returns -1.
    @discardableResult
    func call<Result: SignedInteger>(
        _ operation: DiskOperation, _ path: FilePath, _ body: (cfile_spot_t) -> Result
    ) throws(FileError) -> Result {
        try announce(operation, path)
        return try unannounced(operation, path, body)
    }

    /// As ``call(_:_:_:)``, for a further system call of an operation already announced.
    @discardableResult
    func unannounced<Result: SignedInteger>(
        _ operation: DiskOperation, _ path: FilePath, _ body: (cfile_spot_t) -> Result
    ) throws(FileError) -> Result {
        var cause: Int32 = 0
        var area = CFILE_AREA_OUTSIDE
        let result = path.withPlatformString { text -> Result in
            var spot = cfile_spot_t()
            guard cfile_locate(text, &spot) == 0 else {
                cause = errno
                area = Int(spot.area)
                return -1
            }
            defer { cfile_leave(&spot) }
            area = Int(spot.area)
            while true {
                let result = body(spot)
                guard result == -1 else { return result }
                cause = errno
                if cause != EINTR { return result }
            }
        }
        guard result == -1 else { return result }
        let isLink = area != CFILE_AREA_OUTSIDE && cause == ELOOP
        throw FileError(
            operation: operation, path: path, errno: cause, intruder: isLink ? .link : nil)
    }

    /// Calls `body` with the spots of two paths; the error is about the second.
    @discardableResult
    private func call(
        _ operation: DiskOperation, from path: FilePath, to target: FilePath,
        _ body: (cfile_spot_t, cfile_spot_t) -> Int32
    ) throws(FileError) -> Int32 {
        try refuseInRehearsal(operation, target)
        return try call(operation, target) { target in
            path.withPlatformString { text in
                var spot = cfile_spot_t()
                guard cfile_locate(text, &spot) == 0 else { return -1 }
                defer { cfile_leave(&spot) }
                return body(spot, target)
            }
        }
    }

    /// Calls a function that needs no path, again when a signal interrupted it; the path is for the
    /// error.
    @discardableResult
    func onOpenFile<Result: SignedInteger>(
        _ operation: DiskOperation, _ path: FilePath, _ body: () -> Result
    ) throws(FileError) -> Result {
        while true {
            let result = body()
            guard result == -1 else { return result }
            guard errno == EINTR else {
                throw FileError(operation: operation, path: path, errno: errno)
            }
        }
    }

    /// Opens the file at `path`.
    ///
    /// - Parameter flags: as of `open`; what is made or changed must be a file.
    /// - Returns: a descriptor for the caller to close.
    func open(
        _ operation: DiskOperation, _ path: FilePath, _ flags: Int32, mode: UInt16 = 0
    ) throws(FileError) -> Int32 {
        try announce(operation, path)
        if flags & (O_ACCMODE | O_CREAT) != O_RDONLY { try refuseInRehearsal(operation, path) }
        let path = try truePath(operation, path)
        let wantsFolder = flags & O_DIRECTORY != 0
        var isState = false
        var descriptor: Int32 = -1
        do {
            // Not blocking: a pipe that took the place of a file would wait for ever.
            descriptor = try unannounced(operation, path) { spot in
                isState = Int(spot.area) == CFILE_AREA_STATE
                return cfile_open(spot, flags | O_NONBLOCK, UInt32(mode))
            }
        } catch  where isState && !error.isTaken {
            // Of a link, a pipe or a folder the system says this or that.
            let found = try? statusIfPresent(of: path)
            throw error.of(found?.intruder(wantsFolder: wantsFolder))
        }
        guard isState else { return descriptor }
        do throws(FileError) {
            if let intruder = try status(descriptor, path).intruder(wantsFolder: wantsFolder) {
                throw FileError(operation: operation, path: path, errno: EPERM, intruder: intruder)
            }
            return descriptor
        } catch {
            systemClose(descriptor)
            throw error
        }
    }
}

extension FileStatus {
    /// What makes it no file, or no folder, of our state; `nil` for one that may be ours.
    func intruder(wantsFolder: Bool) -> StateIntruder? {
        switch kind {
        case .symbolicLink: .link
        case .folder: wantsFolder ? nil : .noFile
        case .file where wantsFolder: .noFolder
        case .file: linkCount > 1 ? .severalNames : nil
        case .other: wantsFolder ? .noFolder : .noFile
        }
    }
}

// What is there.
extension Disk {
    /// The names in `folder`, bytewise in order.
    package func entries(of folder: FilePath) throws(FileError) -> [FolderEntry] {
        try entries(of: folder) { _, _ in true }
    }

    /// Likewise, those that are wanted: of a hundred thousand the others cost little.
    ///
    /// - Parameter isWanted: told the first byte of a name, and what it is where that is known.
    func entries(
        of folder: FilePath, where isWanted: (CChar, FileKind?) -> Bool
    ) throws(FileError) -> [FolderEntry] {
        if case .folder = rehearsal?.entry(at: folder) { return rehearsed([], of: folder) }
        let descriptor = try open(.list, folder, O_RDONLY | O_DIRECTORY)
        guard let stream = fdopendir(descriptor) else {
            systemClose(descriptor)
            throw FileError(operation: .list, path: folder, errno: errno)
        }
        defer { closedir(stream) }
        var found: [(bytes: [UInt8], entry: FolderEntry)] = []
        var name = [CChar](repeating: 0, count: 1025)
        while true {
            var kind: Int32 = 0
            let result = cfile_next_entry(UnsafeMutableRawPointer(stream), &name, name.count, &kind)
            if result == 0 { break }
            guard result == 1 else {
                throw FileError(operation: .list, path: folder, errno: errno)
            }
            guard isWanted(name[0], FileKind(code: kind)),
                let component = FilePath.Component(platformString: name)
            else { continue }
            let bytes = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            found.append((bytes, FolderEntry(name: component, kind: FileKind(code: kind))))
        }
        found.sort { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        return rehearsed(found.map(\.entry), of: folder)
    }

    /// What lies at `path`, or what a link there points at.
    package func status(
        of path: FilePath, followingLinks: Bool = true
    ) throws(FileError) -> FileStatus {
        if let found = try rehearsedStatus(of: path, followingLinks: followingLinks) {
            return found
        }
        return try trueStatus(of: path, followingLinks: followingLinks)
    }

    /// As ``status(of:followingLinks:)``, of what truly lies there.
    func trueStatus(of path: FilePath, followingLinks: Bool) throws(FileError) -> FileStatus {
        var status = cfile_status_t()
        try call(.status, path) { cfile_status($0, followingLinks ? 1 : 0, &status) }
        return FileStatus(status)
    }

    /// As ``status(of:followingLinks:)``, and `nil` when nothing lies there.
    package func statusIfPresent(
        of path: FilePath, followingLinks: Bool = true
    ) throws(FileError) -> FileStatus? {
        do {
            return try status(of: path, followingLinks: followingLinks)
        } catch  where error.isMissing {
            return nil
        }
    }

    /// Where the symbolic link at `path` points.
    package func linkTarget(of path: FilePath) throws(FileError) -> FilePath {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let capacity = buffer.count - 1
        try buffer.withUnsafeMutableBufferPointer { buffer throws(FileError) in
            let room = UnsafeMutableBufferPointer(rebasing: buffer[..<capacity])
            try call(.read, truePath(.read, path)) { systemLinkTarget($0, room) }
        }
        return FilePath(platformString: buffer)
    }

    /// The whole file.
    ///
    /// - Parameter limit: the most bytes to read; a larger file is an `EFBIG`.
    package func contents(of path: FilePath, limit: Int) throws(FileError) -> [UInt8] {
        let descriptor = try open(.read, path, O_RDONLY)
        defer { systemClose(descriptor) }
        var bytes: [UInt8] = []
        try read(descriptor, path) { (chunk) throws(FileError) in
            guard bytes.count + chunk.count <= limit else {
                throw FileError(operation: .read, path: path, errno: EFBIG)
            }
            bytes.append(contentsOf: chunk)
        }
        return rehearsal?.content(bytes, of: path) ?? bytes
    }

    /// The beginning of the file: its first `count` bytes, or all when it has fewer.
    func firstBytes(of path: FilePath, count: Int) throws(FileError) -> [UInt8] {
        let descriptor = try open(.read, path, O_RDONLY)
        defer { systemClose(descriptor) }
        var bytes = [UInt8](repeating: 0, count: count)
        var found = 0
        while found < count {
            let read = try onOpenFile(.read, path) {
                bytes.withUnsafeMutableBytes {
                    systemRead(descriptor, UnsafeMutableRawBufferPointer(rebasing: $0[found...]))
                }
            }
            if read == 0 { break }
            found += read
        }
        return Array(bytes[..<found])
    }

    /// The end of the file: its last `count` bytes, or all when it has fewer.
    func lastBytes(of path: FilePath, count: Int) throws(FileError) -> [UInt8] {
        let descriptor = try open(.read, path, O_RDONLY)
        defer { systemClose(descriptor) }
        let all = try status(descriptor, path).byteCount
        _ = systemSeekToEnd(descriptor, min(all, Int64(count)))
        var bytes: [UInt8] = []
        try read(descriptor, path) { (chunk) throws(FileError) in bytes.append(contentsOf: chunk) }
        return bytes
    }

    /// The SHA-256 of the file at `path` and how many bytes it has.
    package func hash(of path: FilePath) throws(FileError) -> (hash: ContentHash, byteCount: Int64)
    {
        let descriptor = try open(.read, path, O_RDONLY)
        defer { systemClose(descriptor) }
        return try hash(descriptor, path)
    }

    /// What an ordinary user may still write at `path`, in bytes; when nothing is there yet, asked
    /// of the nearest folder above that is. As much as there can be where the file system does not
    /// tell: then writing finds out.
    package func freeSpace(at path: FilePath) throws(FileError) -> Int64 {
        Int64(clamping: try system(at: path).freeBytes)
    }

    /// The file system that holds `path` or the nearest folder above it that is there.
    func system(
        at path: FilePath
    ) throws(FileError) -> (kind: String, longestName: Int, freeBytes: UInt64, isReadOnly: Bool) {
        var name = [CChar](repeating: 0, count: 32)
        let capacity = name.count
        var longest: UInt64 = 0
        var free: UInt64 = 0
        var isReadOnly: Int32 = 0
        var place = path
        while true {
            do throws(FileError) {
                try announce(.space, place)
                let result = place.withPlatformString {
                    cfile_system($0, &name, capacity, &longest, &free, &isReadOnly)
                }
                guard result == 0 else {
                    throw FileError(operation: .space, path: place, errno: errno)
                }
                break
            } catch  where error.isMissing {
                if place.lastComponent == nil { throw error }
                _ = place.removeLastComponent()
                if place.isEmpty { place = "." }
            }
        }
        let kind = String(
            decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return (kind, Int(clamping: longest), free, isReadOnly != 0)
    }
}

// Making, changing and removing.
extension Disk {
    /// Makes a file that was not there, with `contents`, durable when this returns.
    package func create(
        _ path: FilePath, mode: UInt16 = 0o600, contents: [UInt8]
    ) throws(FileError) {
        var part: [UInt8]? = contents
        try create(path, mode: mode) {
            defer { part = nil }
            return part
        }
    }

    private func create(
        _ path: FilePath, mode: UInt16, parts: () -> [UInt8]?
    ) throws(FileError) {
        let descriptor = try open(.create, path, O_WRONLY | O_CREAT | O_EXCL, mode: mode)
        defer { systemClose(descriptor) }
        while let part = parts() { try append(part, to: descriptor, path) }
        try synchronise(descriptor, path)
    }

    /// Makes an empty file that was not there.
    func createEmpty(_ path: FilePath) throws(FileError) {
        let descriptor = try open(.create, path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
        systemClose(descriptor)
    }

    /// Replaces a file of our own state at once: whoever reads it sees the old or the new content.
    package func write(
        _ bytes: [UInt8], replacing path: FilePath, mode: UInt16 = 0o600
    ) throws(FileError) {
        var part: [UInt8]? = bytes
        try write(replacing: path, mode: mode) {
            defer { part = nil }
            return part
        }
    }

    /// Likewise, with a content that is too large to be held.
    ///
    /// - Parameter parts: asked for one part after the other, until there is none.
    package func write(
        replacing path: FilePath, mode: UInt16 = 0o600, parts: () -> [UInt8]?
    ) throws(FileError) {
        let temporary = path.removingLastComponent().appending(
            ".facesort-new-\(path.lastComponent?.string ?? "")")
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

    /// Flushes the names in a folder; nothing where a file system cannot (FAT, some networks).
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
    func removeIfPresent(_ path: FilePath) throws(FileError) -> Bool {
        do {
            try remove(path)
            return true
        } catch  where error.isMissing {
            return false
        }
    }

    /// Makes a folder; its name is not durable yet.
    ///
    /// - Parameter isPrivate: whether only its owner can open it, as it is with our state.
    package func makeFolder(_ path: FilePath, isPrivate: Bool = false) throws(FileError) {
        guard rehearsal == nil else { return try rehearseMakingFolder(path) }
        try call(.makeFolder, path) { spot in
            // Our state holds what was found out about faces.
            let isState = Int(spot.area) != CFILE_AREA_OUTSIDE
            return systemMakeFolder(spot, isPrivate || isState ? 0o700 : 0o777)
        }
    }

    /// Makes the folder and those above it, as far as they are missing, with durable names.
    ///
    /// - Parameter root: a folder above it that is never made: when that is gone, this fails.
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

    /// Flushes the name of the folder at `path`, where the one that holds it may be read.
    func synchroniseFolder(holding path: FilePath) throws(FileError) {
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

    /// A further name for the file at `path`, or for the one that a link there points at.
    func hardLink(
        _ path: FilePath, at target: FilePath, followingLinks: Bool = false
    ) throws(FileError) {
        try call(.hardLink, from: path, to: target) {
            systemLink($0, $1, followingLinks: followingLinks)
        }
    }

    func symbolicLink(to path: FilePath, at target: FilePath) throws(FileError) {
        try refuseInRehearsal(.symbolicLink, target)
        try call(.symbolicLink, target) { spot in
            path.withPlatformString { systemSymbolicLink($0, spot) }
        }
    }

    /// Sets modification time and permissions, as far as the file system knows them.
    func setAttributes(_ path: FilePath, modified: Int64) throws(FileError) {
        let descriptor = try open(.setAttributes, path, O_RDONLY)
        defer { systemClose(descriptor) }
        try setModified(descriptor, path, modified)
    }
}

/// What ``Disk/copy(_:to:)`` made.
struct CopiedFile {
    /// The original, as it was when the copy began.
    let original: FileStatus
    /// Of the copy's content.
    let hash: ContentHash
    let byteCount: Int64
    /// Whether the copy shares the original's blocks on the disk.
    let isClone: Bool
}

// Copying.
extension Disk {
    /// How much is read at once, in bytes: large enough that system calls do not count, small
    /// enough for the processor's cache.
    static let chunkSize = 256 * 1024

    /// Copies the file at `source` to `target`, which must not be there: cloned where the file
    /// system can, else inside the kernel, else through memory. Modification time and permission
    /// bits are the original's (readable by its owner in any case). Not yet durable.
    ///
    /// - Throws: an error whose path is `source` when the original is the cause. What was begun
    ///   at `target` is left there for the caller to remove.
    func copy(_ source: FilePath, to target: FilePath) throws(FileError) -> CopiedFile {
        guard rehearsal == nil else { return try rehearseCopying(source, to: target) }
        let from = try open(.read, source, O_RDONLY)
        defer { systemClose(from) }
        let original = try status(from, source)
        guard original.kind == .file else {
            throw FileError(operation: .read, path: source, errno: EISDIR)
        }
        let to = try open(.create, target, O_RDWR | O_CREAT | O_EXCL, mode: 0o600)
        defer { systemClose(to) }
        try announce(.copyContents, target)

        let isClone = cfile_clone(to, from) == 0
        let result: (hash: ContentHash, byteCount: Int64)
        if isClone {
            result = try hash(to, target)
        } else if try copyInKernel(from, to, original, status(to, target)) {
            _ = systemSeekToStart(to)
            result = try hash(to, target)
        } else {
            result = try copyThroughMemory(from, source, to, target)
        }
        try announce(.setAttributes, target)
        try setModified(to, target, original.modified)
        try setMode(to, target, original.mode | 0o400)
        return CopiedFile(
            original: original, hash: result.hash, byteCount: result.byteCount, isClone: isClone)
    }

    /// - Returns: whether all was copied. If not, both files are back at their start, and copying
    ///   through memory finds out whether reading or writing is to blame.
    private func copyInKernel(
        _ from: Int32, _ to: Int32, _ original: FileStatus, _ target: FileStatus
    ) -> Bool {
        guard original.identity.device == target.identity.device, original.byteCount > 0 else {
            return false
        }
        var count: Int64 = 0
        while true {
            let copied = cfile_copy_range(to, from, 1 << 30)
            if copied > 0 {
                count += copied
            } else if copied == 0 && count >= original.byteCount {
                return true
            } else if copied == 0 || errno != EINTR {
                break
            }
        }
        _ = systemSeekToStart(from)
        _ = systemSeekToStart(to)
        _ = systemTruncate(to, 0)
        return false
    }

    private func copyThroughMemory(
        _ from: Int32, _ source: FilePath, _ to: Int32, _ target: FilePath
    ) throws(FileError) -> (hash: ContentHash, byteCount: Int64) {
        var hasher = ContentHasher()
        var count: Int64 = 0
        try read(from, source) { (chunk) throws(FileError) in
            hasher.update(chunk)
            count += Int64(chunk.count)
            try write(chunk, to: to, target)
        }
        return (hasher.finish(), count)
    }
}

// Open files; the paths are for the errors.
extension Disk {
    func status(_ descriptor: Int32, _ path: FilePath) throws(FileError) -> FileStatus {
        var status = cfile_status_t()
        guard cfile_status_open(descriptor, &status) == 0 else {
            throw FileError(operation: .status, path: path, errno: errno)
        }
        return FileStatus(status)
    }

    private func read(
        _ descriptor: Int32, _ path: FilePath,
        _ body: (UnsafeRawBufferPointer) throws(FileError) -> Void
    ) throws(FileError) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(
            byteCount: Self.chunkSize, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = try onOpenFile(.read, path) { systemRead(descriptor, buffer) }
            if count == 0 { return }
            try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    private func hash(
        _ descriptor: Int32, _ path: FilePath
    ) throws(FileError) -> (hash: ContentHash, byteCount: Int64) {
        var hasher = ContentHasher()
        var count: Int64 = 0
        try read(descriptor, path) { (chunk) throws(FileError) in
            hasher.update(chunk)
            count += Int64(chunk.count)
        }
        return (hasher.finish(), count)
    }

    private func write(
        _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, _ path: FilePath
    ) throws(FileError) {
        var rest = bytes
        while !rest.isEmpty {
            let part = rest
            let count = try onOpenFile(.write, path) { systemWrite(descriptor, part) }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    func append(
        _ bytes: [UInt8], to descriptor: Int32, _ path: FilePath
    ) throws(FileError) {
        try announce(.write, path)
        try bytes.withUnsafeBufferPointer { bytes throws(FileError) in
            try write(UnsafeRawBufferPointer(bytes), to: descriptor, path)
        }
    }

    func synchronise(_ descriptor: Int32, _ path: FilePath) throws(FileError) {
        try announce(.synchronise, path)
        try onOpenFile(.synchronise, path) { cfile_synchronise(descriptor) }
    }

    /// Some file systems (FAT and network mounts) know no permissions or refuse foreign times; a
    /// photo is worth more than its time, so that is no error.
    private static let attributeRefusals: Set<Int32> = [EPERM, ENOTSUP, ENOSYS, EINVAL, EACCES]

    private func setModified(
        _ descriptor: Int32, _ path: FilePath, _ modified: Int64
    ) throws(FileError) {
        do {
            try onOpenFile(.setAttributes, path) { cfile_set_modified(descriptor, modified) }
        } catch  where Self.attributeRefusals.contains(error.errno) {
            return
        }
    }

    private func setMode(_ descriptor: Int32, _ path: FilePath, _ mode: UInt16) throws(FileError) {
        do {
            try onOpenFile(.setAttributes, path) { systemSetMode(descriptor, mode) }
        } catch  where Self.attributeRefusals.contains(error.errno) {
            return
        }
    }
}

extension FilePath {
    /// Whether it is a workspace's folder for our state, or lies in one.
    fileprivate var isOfState: Bool { components.contains(AlbumFolder.stateName) }

    // The library takes a path apart into components and checks each; on bytes the same takes a
    // tenth of the time, which counts with a hundred thousand photos.

    /// The folder that holds this path; "." for a bare name.
    package var folder: FilePath {
        let bytes = bytes
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return FilePath(bytes: slash == 0 ? bytes[...0] : bytes[..<slash])
    }

    /// The relative path `other` as seen from this folder.
    func joined(to other: FilePath) -> FilePath {
        if isEmpty { return other }
        if other.isEmpty { return self }
        return FilePath(bytes: bytes + [UInt8(ascii: "/")] + other.bytes)
    }

    /// Whether it leads into a folder of our state, or names one.
    var isState: Bool {
        components.contains { $0 == AlbumFolder.stateName }
    }

    private init(bytes: some Sequence<UInt8>) {
        self.init(platformString: bytes.map { CChar(bitPattern: $0) } + [0])
    }

    /// The path as the system gets it, without the final zero.
    package var bytes: [UInt8] {
        withPlatformString { start in
            Array(UnsafeRawBufferPointer(start: start, count: strlen(start)))
        }
    }
}
