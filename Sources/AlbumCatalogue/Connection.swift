import Foundation
import GRDB
import SystemPackage

/// One open database file, closed at the latest when it is released.
final class Connection: Sendable {
    private let queue: DatabaseQueue
    private let isReadOnly: Bool
    /// Held while the queue is in use, so that nothing uses it after closing: GRDB would crash.
    private let lock = NSLock()
    // Only touched while `lock` is held.
    nonisolated(unsafe) private var isClosed = false
    nonisolated(unsafe) private var pendingMode: Catalogue.JournalMode?
    /// Kept while the file is open.
    private let name: SpeakableName?

    /// - Parameter journalMode: what ``set(_:)`` will get.
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
                // A log left by a killed run is then read without shared memory.
                try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
            }
            // Deleted data is overwritten: a forgotten face does not stay in the file.
            try database.execute(sql: "PRAGMA secure_delete = ON")
            try database.execute(sql: "PRAGMA temp_store = MEMORY")
            // The file may be a stranger's: nothing in it may call what has effects.
            try database.execute(sql: "PRAGMA trusted_schema = OFF")
            try database.execute(sql: "PRAGMA cell_size_check = ON")
        }
        let name = SpeakableName(of: path)
        self.name = name
        self.isReadOnly = isReadOnly
        queue = try DatabaseQueue(path: name.text, configuration: configuration)
    }

    /// In memory; gone when it is closed or its process ends.
    init() throws {
        queue = try DatabaseQueue()
        isReadOnly = true
        name = nil
    }

    /// Opens the catalogue at `path` to read. If the log of a killed run beside it needs writing or
    /// shared memory, a copy of both is read into memory instead.
    static func reading(_ path: FilePath, busyTimeout: Duration) throws -> Connection {
        do {
            return try Connection(
                path: path, isReadOnly: true, journalMode: .rollback, busyTimeout: busyTimeout)
        } catch let error as DatabaseError
            where [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode)
        {
            let name = SpeakableName(of: path)
            let logs = ["-wal", "-journal"].filter {
                FileManager.default.fileExists(atPath: name.text + $0)
            }
            guard !logs.isEmpty else { throw error }
            let folder = try TemporaryCopies()
            defer { folder.remove() }
            let copy = try folder.copy(of: name.text, as: "catalogue")
            for log in logs { _ = try folder.copy(of: name.text + log, as: "catalogue" + log) }
            var configuration = Configuration()
            // No shared memory: it would be one more file.
            configuration.prepareDatabase { try $0.execute(sql: "PRAGMA locking_mode = EXCLUSIVE") }
            let source = try DatabaseQueue(path: copy, configuration: configuration)
            _ = try source.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_schema") }
            // SQLite has them open now; nothing else needs them.
            folder.remove()
            let memory = try Connection()
            try memory.use { try source.backup(to: $0) }
            return memory
        }
    }

    deinit {
        try? close()
    }

    /// Runs `body`, after all earlier calls.
    ///
    /// - Throws: the error of `body`, and `.failed` once the file was closed.
    func use<Result>(_ body: (DatabaseQueue) throws -> Result) throws -> Result {
        try lock.withLock {
            guard !isClosed else {
                throw CatalogueError(code: .failed, reason: "The catalogue was closed.")
            }
            return try body(queue)
        }
    }

    /// Delays the change of the journal mode to the first write: it changes the file, which must
    /// stay as it is if nothing is written.
    func setBeforeWriting(_ mode: Catalogue.JournalMode) {
        lock.withLock { pendingMode = mode }
    }

    func prepareToWrite() throws {
        let mode = lock.withLock {
            defer { pendingMode = nil }
            return pendingMode
        }
        if let mode { try set(mode) }
    }

    /// Changes the file's journal mode, and how much is flushed.
    func set(_ mode: Catalogue.JournalMode) throws {
        try use { queue in
            try queue.writeWithoutTransaction { database in
                switch mode {
                case .writeAheadLog:
                    let set = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
                    // Without shared memory the disk keeps the rollback journal.
                    let flush = set == "wal" ? "NORMAL" : "FULL"
                    try database.execute(sql: "PRAGMA synchronous = \(flush)")
                case .rollback:
                    try database.execute(sql: "PRAGMA journal_mode = DELETE")
                    try database.execute(sql: "PRAGMA synchronous = FULL")
                    try database.execute(sql: "PRAGMA locking_mode = NORMAL")
                    // The next access releases the lock.
                    _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema")
                }
            }
        }
    }

    /// Flushes everything written so far to the disk itself, once. A write-ahead log otherwise
    /// flushes only when it is full or the file is closed.
    func flush() throws {
        try use { queue in
            try queue.writeWithoutTransaction { database in
                let usual = try Int.fetchOne(database, sql: "PRAGMA synchronous") ?? 2
                // More than FULL: also flushes the removal of a rollback journal, else the last
                // transaction is undone.
                try database.execute(sql: "PRAGMA synchronous = EXTRA")
                defer { try? database.execute(sql: "PRAGMA synchronous = \(usual)") }
                // Only a transaction that writes a page flushes the log and all before it; SQLite
                // writes none for a row that stays the same.
                try database.inTransaction {
                    try database.execute(
                        sql: """
                            UPDATE clusterNumber SET last = last + 1;
                            UPDATE clusterNumber SET last = last - 1;
                            """)
                    return .commit
                }
            }
        }
    }

    /// Copies its whole content over that of `target`.
    func backUp(to target: Connection) throws {
        try use { source in try target.use { try source.backup(to: $0) } }
    }

    /// Closes the file; nothing happens the second time.
    func close() throws {
        lock.lock()
        defer { lock.unlock() }
        guard !isClosed else { return }
        isClosed = true
        if !isReadOnly {
            // Another process may be reading: the log stays, and the last to close ends it.
            try? queue.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA busy_timeout = 0")
                try database.execute(sql: "PRAGMA journal_mode = DELETE")
            }
        }
        try queue.close()
    }
}
