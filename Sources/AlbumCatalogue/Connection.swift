import Foundation
import GRDB
import SystemPackage

/// One open database file, closed at the latest when it is let go.
final class Connection: Sendable {
    let queue: DatabaseQueue
    private let isReadOnly: Bool
    /// The file's folder, held open while a name that is not UTF-8 is reached through it; or -1.
    private let folder: CInt

    /// - Parameter journalMode: what ``set(_:)`` will be told.
    init(
        path: FilePath, isReadOnly: Bool, journalMode: Catalogue.JournalMode, busyTimeout: Duration
    ) throws {
        var configuration = Configuration()
        configuration.label = "facesort.catalogue"
        configuration.foreignKeysEnabled = true
        configuration.readonly = isReadOnly
        configuration.busyMode = .timeout(busyTimeout / .seconds(1))
        configuration.prepareDatabase { database in
            if !isReadOnly, journalMode == .rollback {
                // A log that a killed run left is then read without shared memory.
                try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
            }
            // What is deleted is overwritten: a forgotten face does not stay in the file.
            try database.execute(sql: "PRAGMA secure_delete = ON")
            try database.execute(sql: "PRAGMA temp_store = MEMORY")
        }
        let (name, folder) = Self.name(of: path)
        self.folder = folder
        self.isReadOnly = isReadOnly
        do {
            queue = try DatabaseQueue(path: name, configuration: configuration)
        } catch {
            if folder >= 0 { Glibc.close(folder) }
            throw error
        }
    }

    init(memory: DatabaseQueue) {
        queue = memory
        isReadOnly = true
        folder = -1
    }

    deinit {
        try? close()
        if folder >= 0 { Glibc.close(folder) }
    }

    /// Changes the file's journal mode, and what is flushed with it.
    func set(_ mode: Catalogue.JournalMode) throws {
        try queue.writeWithoutTransaction { database in
            switch mode {
            case .writeAheadLog:
                let set = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
                // A disk that cannot share memory stays with the rollback journal, and is slower.
                let flush = set == "wal" ? "NORMAL" : "FULL"
                try database.execute(sql: "PRAGMA synchronous = \(flush)")
            case .rollback:
                try database.execute(sql: "PRAGMA journal_mode = DELETE")
                try database.execute(sql: "PRAGMA synchronous = FULL")
                try database.execute(sql: "PRAGMA locking_mode = NORMAL")
                // The lock is let go at the next access.
                _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema")
            }
        }
    }

    func close() throws {
        if !isReadOnly {
            // Another process may be reading: then the log stays, and the last to close ends it.
            try? queue.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA busy_timeout = 0")
                try database.execute(sql: "PRAGMA journal_mode = DELETE")
            }
        }
        try queue.close()
    }

    /// `path` as GRDB takes it, which is UTF-8. On Linux another name is reached through its open
    /// folder; SQLite itself finds the true path, in its own bytes. macOS has UTF-8 names only.
    private static func name(of path: FilePath) -> (String, folder: CInt) {
        #if os(Linux)
            if String(validating: path) == nil, let last = path.lastComponent,
                let file = String(validating: last)
            {
                let folder = path.removingLastComponent().withPlatformString {
                    open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
                }
                if folder >= 0 { return ("/proc/self/fd/\(folder)/\(file)", folder) }
            }
        #endif
        return (path.string, -1)
    }
}
