@testable import FileLedger
import CFlushes
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Records every flush below a folder, from any part of the program, including SQLite, and knows
/// after each what a power cut would leave.
final class FlushRecorder: Sendable {
    /// How much a power cut destroys.
    enum Loss: CaseIterable {
        /// All that was not flushed: contents, and names in folders.
        case everything
        /// Contents that were not flushed; the file system kept the names.
        case contents
    }

    /// One content, whatever its names.
    fileprivate struct Content {
        let bytes: [UInt8]
        let modified: Int64
        let mode: UInt16
    }

    fileprivate struct Entry {
        let inode: UInt64
        let kind: FileKind
        /// Of a symbolic link.
        let target: FilePath?
    }

    fileprivate typealias Names = [FilePath.Component: Entry]

    /// What there is after one flush.
    struct Remains {
        /// What was flushed, relative to the folder.
        let flush: FilePath
        fileprivate let contents: [UInt64: Content]
        /// By the folder's inode: the names that were flushed.
        fileprivate let flushedNames: [UInt64: Names]
        fileprivate let allNames: [UInt64: Names]
    }

    private struct State {
        var contents: [UInt64: Content] = [:]
        var names: [UInt64: Names] = [:]
        var remains: [Remains] = []
    }

    private static let recorders = Locked([ObjectIdentifier: FlushRecorder]())

    private let root: FilePath
    private let state = Locked(State())

    /// - Parameter root: a folder; everything in it counts as flushed now.
    init(_ root: FilePath) throws {
        self.root = root.resolved
        let names = try Self.allNames(self.root)
        try state.with { state in
            state.names = names
            try Self.visit(self.root) { path, status in
                guard status.kind == .file else { return }
                state.contents[status.identity.inode] = try Self.content(path, status)
            }
        }
    }

    /// Runs `body`.
    ///
    /// - Returns: what would be left after each flush, in their order.
    func record(_ body: () async throws -> Void) async throws -> [Remains] {
        Self.recorders.with { recorders in
            recorders[ObjectIdentifier(self)] = self
            cflushes_observe { FlushRecorder.flushed($0) }
        }
        defer { Self.recorders.with { $0[ObjectIdentifier(self)] = nil } }
        try await body()
        return state.with(\.remains)
    }

    private static func flushed(_ descriptor: Int32) {
        let link = FilePath("/proc/self/fd/\(descriptor)")
        guard let path = try? Disk().linkTarget(of: link) else { return }
        let watching = recorders.with { recorders in
            recorders.values.filter { path.starts(with: $0.root) }
        }
        for recorder in watching { recorder.flushed(path) }
    }

    private func flushed(_ path: FilePath) {
        // A file that was removed meanwhile has no name that could come back.
        guard let status = try? Disk().status(of: path, followingLinks: false),
            let allNames = try? Self.allNames(root)
        else { return }
        state.with { state in
            let inode = status.identity.inode
            switch status.kind {
            case .folder: state.names[inode] = allNames[inode]
            case .file: state.contents[inode] = try? Self.content(path, status)
            case .symbolicLink, .other: break
            }
            state.remains.append(
                Remains(
                    flush: path.relative(to: root) ?? path, contents: state.contents,
                    flushedNames: state.names, allNames: allNames))
        }
    }

    /// Calls `body` with the name of each flush, the folder holding what is left after it, and what
    /// makes it hold that once more.
    func afterEach(
        _ remains: [Remains], _ loss: Loss,
        _ body: (Comment, () throws -> Void) async throws -> Void
    ) async throws {
        for (number, left) in remains.enumerated() {
            let step: Comment = "flush \(number) of \(remains.count), of '\(left.flush)'"
            do {
                try restore(left, loss)
                try await body(step) { try restore(left, loss) }
            } catch {
                Issue.record(error, step)
            }
        }
    }

    /// Makes the folder hold what is left.
    private func restore(_ remains: Remains, _ loss: Loss) throws {
        for entry in try Disk().entries(of: root) { removeTree(root.appending(entry.name)) }
        let names = loss == .everything ? remains.flushedNames : remains.allNames
        var made: [UInt64: FilePath] = [:]
        func make(_ folder: FilePath, _ inode: UInt64) throws {
            for (name, entry) in names[inode] ?? [:] {
                let path = folder.appending(name)
                switch entry.kind {
                case .folder:
                    try Disk().makeFolder(path)
                    try make(path, entry.inode)
                case .symbolicLink:
                    try Disk().symbolicLink(to: entry.target ?? FilePath(), at: path)
                case .file:
                    if let other = made[entry.inode] {
                        try Disk().hardLink(other, at: path)
                        continue
                    }
                    made[entry.inode] = path
                    let content = remains.contents[entry.inode]
                    try Disk().create(
                        path, mode: content?.mode ?? 0o600, contents: content?.bytes ?? [])
                    try Disk().setAttributes(path, modified: content?.modified ?? 0)
                case .other: break
                }
            }
        }
        try make(root, Disk().status(of: root).identity.inode)
    }

    // MARK: What is there

    private static func content(_ path: FilePath, _ status: FileStatus) throws -> Content {
        Content(
            bytes: try Disk().contents(of: path, limit: 1 << 26), modified: status.modified,
            mode: status.mode)
    }

    private static func allNames(_ root: FilePath) throws -> [UInt64: Names] {
        var names = [try Disk().status(of: root).identity.inode: Names()]
        try visit(root) { path, status in
            guard let name = path.lastComponent else { return }
            let inode = status.identity.inode
            if status.kind == .folder { names[inode] = names[inode] ?? [:] }
            let folder = try Disk().status(of: path.folder).identity.inode
            names[folder, default: [:]][name] = Entry(
                inode: inode, kind: status.kind,
                target: status.kind == .symbolicLink ? try Disk().linkTarget(of: path) : nil)
        }
        return names
    }

    private static func visit(
        _ folder: FilePath, _ body: (FilePath, FileStatus) throws -> Void
    ) throws {
        for entry in try Disk().entries(of: folder) {
            let path = folder.appending(entry.name)
            // SQLite's files come and go in another thread.
            guard let status = try Disk().statusIfPresent(of: path, followingLinks: false) else {
                continue
            }
            try body(path, status)
            if status.kind == .folder { try visit(path, body) }
        }
    }
}
