package import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// What lies in a folder, as far as somebody who looks at their own files would notice a change.
///
/// Looked at and copied by the system's own calls: the program's ways to files are what is tried.
package struct FileTree {
    package enum Kind: Equatable {
        case file([UInt8])
        case folder
        case link(String)
        /// A pipe, a socket, a device.
        case other
    }

    package struct Entry: Equatable {
        package let kind: Kind
        package let mode: UInt32
        /// In nanoseconds since 1970; of files only: a folder's changes with what is in it.
        package let modified: Int64
    }

    /// What the system changes with every change of a file, and no program can set.
    private struct Trace: Equatable {
        let inode: UInt64
        let size: Int64
        /// In nanoseconds since 1970.
        let changed: Int64
    }

    /// By path from the folder, without one at the beginning.
    package private(set) var entries: [String: Entry] = [:]
    /// Where they lie.
    private var places: [String: FilePath] = [:]
    /// The files that have more than one name.
    private var linked: Set<String> = []
    private var traces: [String: Trace] = [:]
    /// When it was begun to be read, in nanoseconds since 1970.
    private let time: Int64
    /// The clock of a disk ticks more slowly than files are written: what was changed so shortly
    /// before a tree was read may have been changed after it in the same tick. In nanoseconds.
    private static let tick: Int64 = 50_000_000

    /// - Parameter earlier: the same folder a while ago; a file that was not touched since is not
    ///   read again.
    package init(_ root: FilePath, since earlier: FileTree? = nil) throws {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        time = Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
        try add(root, "", earlier)
    }

    package var files: [String: [UInt8]] {
        entries.compactMapValues { if case .file(let bytes) = $0.kind { bytes } else { nil } }
    }

    /// What is other here than in `other`, in words.
    package func differences(from other: FileTree, among isMeant: (String) -> Bool) -> [String] {
        Set(entries.keys).union(other.entries.keys).filter(isMeant).sorted().compactMap { path in
            switch (other.entries[path], entries[path]) {
            case (nil, _?): return "'\(path)' was made"
            case (_?, nil): return "'\(path)' is gone"
            case (let before?, let now?) where before != now:
                return before.kind == now.kind
                    ? "'\(path)' has another \(before.mode == now.mode ? "time" : "mode")"
                    : "'\(path)' was changed"
            default: return nil
            }
        }
    }

    private mutating func add(
        _ folder: FilePath, _ start: String, _ earlier: FileTree?
    ) throws {
        for name in try Self.names(in: folder) {
            // What is no text gets a name of its own here.
            let text =
                String(validating: name)
                ?? "not text: \(name.withPlatformString { String(cString: $0).utf8.map { $0 } })"
            let path = start + text
            let place = folder.appending(name)
            var status = stat()
            guard place.withPlatformString({ lstat($0, &status) }) == 0 else { continue }
            places[path] = place
            #if canImport(Glibc)
                let (time, change) = (status.st_mtim, status.st_ctim)
            #else
                let (time, change) = (status.st_mtimespec, status.st_ctimespec)
            #endif
            let modified = Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
            let mode = UInt32(status.st_mode & 0o7777)
            switch status.st_mode & S_IFMT {
            case S_IFREG:
                if status.st_nlink > 1 { linked.insert(path) }
                let trace = Trace(
                    inode: UInt64(status.st_ino), size: Int64(status.st_size),
                    changed: Int64(change.tv_sec) * 1_000_000_000 + Int64(change.tv_nsec))
                traces[path] = trace
                if let earlier, earlier.traces[path] == trace,
                    trace.changed < earlier.time - Self.tick
                {
                    entries[path] = earlier.entries[path]
                } else {
                    entries[path] = Entry(
                        kind: .file(try Self.bytes(place)), mode: mode, modified: modified)
                }
            case S_IFDIR:
                entries[path] = Entry(kind: .folder, mode: mode, modified: 0)
                try add(place, path + "/", earlier)
            case S_IFLNK:
                entries[path] = Entry(kind: .link(Self.target(place)), mode: 0, modified: 0)
            default: entries[path] = Entry(kind: .other, mode: mode, modified: 0)
            }
        }
    }

    /// Makes `root` hold exactly this; what is so already is not written again.
    ///
    /// - Parameter earlier: of the root, a while ago.
    /// - Returns: the root as it is now.
    package func write(to root: FilePath, since earlier: FileTree? = nil) throws -> FileTree {
        let there = try FileTree(root, since: earlier)
        var kept: Set<String> = []
        var gone: [String] = []
        for (path, entry) in there.entries.sorted(by: { $0.key < $1.key }) {
            if gone.contains(where: path.hasPrefix) { continue }
            if entries[path] == entry, !there.linked.contains(path) {
                kept.insert(path)
            } else {
                if let place = there.places[path] { Self.remove(place) }
                gone.append(path + "/")
            }
        }
        for (path, entry) in entries.sorted(by: { $0.key < $1.key }) where !kept.contains(path) {
            let place = root.pushing(FilePath(path)).string
            switch entry.kind {
            case .folder:
                guard mkdir(place, 0o700) == 0, chmod(place, mode_t(entry.mode)) == 0 else {
                    throw TreeFailure(FilePath(place))
                }
            case .file(let bytes):
                let file = open(place, O_WRONLY | O_CREAT | O_EXCL, 0o600)
                guard file >= 0 else { throw TreeFailure(FilePath(place)) }
                defer { close(file) }
                let time = timespec(
                    tv_sec: Int(entry.modified / 1_000_000_000),
                    tv_nsec: Int(entry.modified % 1_000_000_000))
                var times = [time, time]
                guard systemWrite(file, bytes, bytes.count) == bytes.count,
                    fchmod(file, mode_t(entry.mode)) == 0, futimens(file, &times) == 0
                else { throw TreeFailure(FilePath(place)) }
            case .link(let target):
                guard symlink(target, place) == 0 else { throw TreeFailure(FilePath(place)) }
            case .other: throw TreeFailure(FilePath(place))
            }
        }
        return try FileTree(root, since: there)
    }

    // MARK: One file or folder

    static func names(in folder: FilePath) throws -> [FilePath.Component] {
        guard let stream = folder.withPlatformString({ opendir($0) }) else {
            throw TreeFailure(folder)
        }
        defer { closedir(stream) }
        var names: [FilePath.Component] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                    FilePath.Component(platformString: $0)
                }
            }
            if let name, name.kind == .regular { names.append(name) }
        }
        return names
    }

    static func bytes(_ path: FilePath) throws -> [UInt8] {
        let file = path.withPlatformString { open($0, O_RDONLY | O_NOFOLLOW | O_NONBLOCK) }
        guard file >= 0 else { throw TreeFailure(path) }
        defer { close(file) }
        var all: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(file, &part, part.count)
            guard count > 0 else { break }
            all += part[..<count]
        }
        return all
    }

    /// Puts `bytes` in the place of whatever lies there.
    static func replace(_ path: String, with bytes: [UInt8]) throws {
        remove(FilePath(path))
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        guard file >= 0 else { throw TreeFailure(FilePath(path)) }
        defer { close(file) }
        guard systemWrite(file, bytes, bytes.count) == bytes.count else {
            throw TreeFailure(FilePath(path))
        }
    }

    private static func target(_ path: FilePath) -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = max(0, path.withPlatformString { readlink($0, &buffer, buffer.count) })
        return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Removes whatever lies there, with all that is in it.
    static func remove(_ path: FilePath) {
        var status = stat()
        guard path.withPlatformString({ lstat($0, &status) }) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            _ = path.withPlatformString { unlink($0) }
            return
        }
        _ = path.withPlatformString { chmod($0, 0o700) }
        try? removeAll(in: path)
        _ = path.withPlatformString { rmdir($0) }
    }

    private static func removeAll(in folder: FilePath) throws {
        for name in try names(in: folder) { remove(folder.appending(name)) }
    }
}

package struct TreeFailure: Error, CustomStringConvertible {
    let path: FilePath
    let code: Int32

    init(_ path: FilePath) {
        self.path = path
        code = errno
    }

    package var description: String { "'\(path)': \(String(cString: strerror(code)))" }
}

/// `write` of the system, which has the name of a method here.
private func systemWrite(_ file: Int32, _ bytes: [UInt8], _ count: Int) -> Int {
    #if canImport(Glibc)
        Glibc.write(file, bytes, count)
    #else
        Darwin.write(file, bytes, count)
    #endif
}
