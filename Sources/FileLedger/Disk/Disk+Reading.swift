internal import CFileSystem
package import FaceCore
package import SystemPackage

// What is there.
extension Disk {
    /// The names in `folder`, bytewise in order.
    package func entries(of folder: FilePath) throws(FileError) -> [FolderEntry] {
        try entries(of: folder) { _, _ in true }
    }

    /// The same, for the wanted names only: with a hundred thousand names, the others cost little.
    ///
    /// - Parameter isWanted: receives the first byte of a name, and its kind where that is known.
    package func entries(
        of folder: FilePath, where isWanted: (CChar, FileKind?) -> Bool
    ) throws(FileError) -> [FolderEntry] {
        if case .folder = rehearsal?.entry(at: folder) { return rehearsed([], of: folder) }
        let descriptor = try open(.list, folder, O_RDONLY | O_DIRECTORY)
        guard let stream = fdopendir(descriptor) else {
            systemClose(descriptor)
            throw FileError(operation: .list, path: folder, errno: systemErrno)
        }
        defer { closedir(stream) }
        var found: [(bytes: [UInt8], entry: FolderEntry)] = []
        var name = [CChar](repeating: 0, count: 1025)
        while true {
            var kind: Int32 = 0
            let result = cfile_next_entry(UnsafeMutableRawPointer(stream), &name, name.count, &kind)
            if result == 0 { break }
            guard result == 1 else {
                throw FileError(operation: .list, path: folder, errno: systemErrno)
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

    /// What lies at `path`, or at the target of a link there.
    package func status(
        of path: FilePath, followingLinks: Bool = true
    ) throws(FileError) -> FileStatus {
        if let found = try rehearsedStatus(of: path, followingLinks: followingLinks) {
            return found
        }
        return try trueStatus(of: path, followingLinks: followingLinks)
    }

    /// Like ``status(of:followingLinks:)``, but never follows a link.
    func trueStatus(of path: FilePath, followingLinks: Bool) throws(FileError) -> FileStatus {
        var status = cfile_status_t()
        try call(.status, path) { cfile_status($0, followingLinks ? 1 : 0, &status) }
        return FileStatus(status)
    }

    /// Like ``status(of:followingLinks:)``, but `nil` when nothing lies there.
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
    package func firstBytes(of path: FilePath, count: Int) throws(FileError) -> [UInt8] {
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
    package func lastBytes(of path: FilePath, count: Int) throws(FileError) -> [UInt8] {
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

    /// How many bytes an ordinary user may still write at `path`, or, when nothing is there yet, in
    /// the nearest folder above it. The largest number when the file system does not say; then only
    /// writing shows.
    package func freeSpace(at path: FilePath) throws(FileError) -> Int64 {
        Int64(clamping: try system(at: path).freeBytes)
    }

    /// The file system that holds `path` or the nearest existing folder above it.
    package func system(
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
                    throw FileError(operation: .space, path: place, errno: systemErrno)
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
