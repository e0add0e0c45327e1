internal import CFileSystem
internal import FaceCore
package import SystemPackage

/// What `Disk.copy(_:to:)` made.
package struct CopiedFile {
    /// The original, as it was when the copy began.
    let original: FileStatus
    /// The SHA-256 of the copy's content.
    let hash: ContentHash
    let byteCount: Int64
    /// Whether the copy shares the original's blocks on the disk.
    let isClone: Bool
}

// Copying.
extension Disk {
    /// How many bytes are read at once: enough that system calls do not count, few enough for the
    /// processor's cache.
    package static let chunkSize = 256 * 1024

    /// Copies the file at `source` to `target`, which must not exist: by cloning where the file
    /// system can, else inside the kernel, else through memory. The copy gets the original's
    /// modification time and permission bits (its owner can always read it). It is not durable yet.
    ///
    /// - Throws: an error whose path is `source` when the original is the cause. An unfinished
    ///   `target` stays for the caller to remove.
    package func copy(_ source: FilePath, to target: FilePath) throws(FileError) -> CopiedFile {
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

    /// - Returns: whether all was copied. If not, both files are back at their start; copying
    ///   through memory then shows whether reading or writing is to blame.
    func copyInKernel(
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
            } else if copied == 0 || systemErrno != EINTR {
                break
            }
        }
        _ = systemSeekToStart(from)
        _ = systemSeekToStart(to)
        _ = systemTruncate(to, 0)
        return false
    }

    func copyThroughMemory(
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
    package func status(_ descriptor: Int32, _ path: FilePath) throws(FileError) -> FileStatus {
        var status = cfile_status_t()
        guard cfile_status_open(descriptor, &status) == 0 else {
            throw FileError(operation: .status, path: path, errno: systemErrno)
        }
        return FileStatus(status)
    }

    func read(
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

    func hash(
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

    func write(
        _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, _ path: FilePath
    ) throws(FileError) {
        var rest = bytes
        while !rest.isEmpty {
            let part = rest
            let count = try onOpenFile(.write, path) { systemWrite(descriptor, part) }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    package func append(
        _ bytes: [UInt8], to descriptor: Int32, _ path: FilePath
    ) throws(FileError) {
        try announce(.write, path)
        try bytes.withUnsafeBufferPointer { bytes throws(FileError) in
            try write(UnsafeRawBufferPointer(bytes), to: descriptor, path)
        }
    }

    package func synchronise(_ descriptor: Int32, _ path: FilePath) throws(FileError) {
        try announce(.synchronise, path)
        try onOpenFile(.synchronise, path) { cfile_synchronise(descriptor) }
    }

    /// Some file systems (FAT and network mounts) have no permissions or refuse to set times. A
    /// photo matters more than its time, so that is no error.
    static let attributeRefusals: Set<Int32> = [EPERM, ENOTSUP, ENOSYS, EINVAL, EACCES]

    func setModified(
        _ descriptor: Int32, _ path: FilePath, _ modified: Int64
    ) throws(FileError) {
        do {
            try onOpenFile(.setAttributes, path) { cfile_set_modified(descriptor, modified) }
        } catch  where Self.attributeRefusals.contains(error.errno) {
            return
        }
    }

    func setMode(_ descriptor: Int32, _ path: FilePath, _ mode: UInt16) throws(FileError) {
        do {
            try onOpenFile(.setAttributes, path) { systemSetMode(descriptor, mode) }
        } catch  where Self.attributeRefusals.contains(error.errno) {
            return
        }
    }
}
