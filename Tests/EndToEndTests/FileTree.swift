import Foundation
import SystemPackage
import Testing

/// What lies in a folder, by relative path: kinds, bytes, times and permissions.
///
/// Names are their bytes, so that none is confused with another.
struct FileTree: Equatable {
    struct Entry: Equatable {
        let mode: mode_t
        let byteCount: Int64
        /// Seconds and nanoseconds; zero for folders, whose times say only when a name was added.
        let modified: [Int]
        /// Of a file; where a link leads to; nothing for a folder.
        let bytes: Data
    }

    private(set) var entries: [FilePath: Entry] = [:]

    /// - Parameter isTaken: whether a path, relative to the folder, counts with all below it.
    init(of folder: FilePath, where isTaken: (FilePath) -> Bool = { _ in true }) throws {
        try walk(folder, FilePath(), isTaken)
    }

    /// What a user sees of an album: all but the folder with its state.
    init(ofAlbum album: FilePath) throws {
        try self.init(of: album) { $0 != ".facesort" }
    }

    var files: [FilePath] {
        entries.filter { $0.value.mode & S_IFMT != S_IFDIR }.keys.sorted { $0.string < $1.string }
    }

    /// The folders that hold a file of this name, sorted.
    func folders(of name: String) -> [String] {
        files.filter { $0.lastComponent?.string == name }
            .map { $0.removingLastComponent().string }.sorted()
    }

    /// The names of the files in `folder`, sorted.
    func names(in folder: String) -> [String] {
        files.filter { $0.removingLastComponent().string == folder }
            .compactMap { $0.lastComponent?.string }
    }

    /// The paths at which two trees differ, each with how; empty when they are equal.
    func differences(from other: FileTree) -> [String] {
        Set(entries.keys).union(other.entries.keys).compactMap { path in
            switch (entries[path], other.entries[path]) {
            case (let new?, let old?):
                if new == old {
                    nil
                } else {
                    "\(path): mode \(new.mode) \(old.mode), bytes \(new.byteCount) "
                        + "\(old.byteCount), time \(new.modified) \(old.modified)"
                }
            case (nil, _): "\(path): missing"
            case (_, nil): "\(path): too much"
            }
        }.sorted()
    }

    private mutating func walk(
        _ folder: FilePath, _ relative: FilePath, _ isTaken: (FilePath) -> Bool
    ) throws {
        for name in try names(in: folder) {
            let path = relative.appending(name)
            guard isTaken(path) else { continue }
            let absolute = folder.appending(name)
            var status = stat()
            guard absolute.withPlatformString({ lstat($0, &status) }) == 0 else {
                throw Errno(rawValue: errno)
            }
            let kind = status.st_mode & S_IFMT
            entries[path] = Entry(
                mode: status.st_mode, byteCount: kind == S_IFDIR ? 0 : Int64(status.st_size),
                modified: kind == S_IFREG ? [status.st_mtim.tv_sec, status.st_mtim.tv_nsec] : [],
                bytes: try bytes(of: absolute, kind))
            if kind == S_IFDIR { try walk(absolute, path, isTaken) }
        }
    }

    private func bytes(of path: FilePath, _ kind: mode_t) throws -> Data {
        switch kind {
        case S_IFREG: return try readAll(path)
        case S_IFLNK:
            let target = [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
                // A buffer of that capacity has an address.
                let start = buffer.baseAddress!
                count = max(0, path.withPlatformString { readlink($0, start, buffer.count) })
            }
            return Data(target)
        default: return Data()
        }
    }

    private func readAll(_ path: FilePath) throws -> Data {
        let file = try FileDescriptor.open(path, .readOnly)
        return try file.closeAfter {
            try FileHandle(fileDescriptor: file.rawValue, closeOnDealloc: false).readToEnd()
                ?? Data()
        }
    }

    private func names(in folder: FilePath) throws -> [FilePath.Component] {
        guard let stream = folder.withPlatformString({ opendir($0) }) else {
            throw Errno(rawValue: errno)
        }
        defer { closedir(stream) }
        var names: [FilePath.Component] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                // A name is made of bytes that end with a zero, inside the array.
                FilePath(
                    platformString: bytes.baseAddress!.assumingMemoryBound(to: CChar.self))
            }
            if let component = name.components.last, component.kind == .regular {
                names.append(component)
            }
        }
        return names
    }
}

/// Expects two trees to be equal, and shows where they are not.
func expectEqual(
    _ tree: FileTree, _ expected: FileTree, _ comment: Comment? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let differences = tree.differences(from: expected)
    #expect(differences.isEmpty, comment, sourceLocation: sourceLocation)
    for difference in differences.prefix(10) { print("  \(difference)") }
}
