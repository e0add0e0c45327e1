import Foundation
import GRDB
import SystemPackage

/// One open database file, closed at the latest when it is let go.
final class Connection: Sendable {
    private let queue: DatabaseQueue
    private let isReadOnly: Bool
    /// Held while the queue is used, so that nothing uses it after it was closed: GRDB would crash.
    private let lock = NSLock()
    // Only touched while `lock` is held.
    nonisolated(unsafe) private var isClosed = false
    nonisolated(unsafe) private var pendingMode: Catalogue.JournalMode?
    /// Kept as long as the file is open.
    private let name: SpeakableName?

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
            // The file may come from somebody else: nothing in it calls what has effects.
            try database.execute(sql: "PRAGMA trusted_schema = OFF")
            try database.execute(sql: "PRAGMA cell_size_check = ON")
        }
        let name = SpeakableName(of: path)
        self.name = name
        self.isReadOnly = isReadOnly
        queue = try DatabaseQueue(path: name.text, configuration: configuration)
    }

    init(memory: DatabaseQueue) {
        queue = memory
        isReadOnly = true
        name = nil
    }

    /// Opens the catalogue at `path` to read; where its disk has a killed run's log, and neither
    /// shared memory nor a way to write, what a copy of both holds is read.
    static func reading(_ path: FilePath, busyTimeout: Duration) throws -> Connection {
        do {
            return try Connection(
                path: path, isReadOnly: true, journalMode: .rollback, busyTimeout: busyTimeout)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CANTOPEN {
            let name = SpeakableName(of: path)
            let log = name.text + "-wal"
            guard FileManager.default.fileExists(atPath: log) else { throw error }
            let folder = FileManager.default.temporaryDirectory.appending(
                path: "facesort-\(UUID().uuidString)")
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: false,
                attributes: [.posixPermissions: 0o700])
            defer { try? FileManager.default.removeItem(at: folder) }
            let copy = folder.appending(path: "catalogue").path
            try FileManager.default.copyItem(atPath: name.text, toPath: copy)
            try FileManager.default.copyItem(atPath: log, toPath: copy + "-wal")
            let memory = Connection(memory: try DatabaseQueue())
            try memory.use { try DatabaseQueue(path: copy).backup(to: $0) }
            return memory
        }
    }

    deinit {
        try? close()
    }

    /// Runs `body`, after everybody else's.
    ///
    /// - Throws: what `body` throws, and `.failed` once the file was closed.
    func use<Result>(_ body: (DatabaseQueue) throws -> Result) throws -> Result {
        try lock.withLock {
            guard !isClosed else {
                throw CatalogueError(code: .failed, reason: "The catalogue was closed.")
            }
            return try body(queue)
        }
    }

    /// Leaves the journal mode to be changed before the first write: the change is one itself, and
    /// who changes nothing shall leave the file as it is.
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

    /// Changes the file's journal mode, and what is flushed with it.
    func set(_ mode: Catalogue.JournalMode) throws {
        try use { queue in
            try queue.writeWithoutTransaction { database in
                switch mode {
                case .writeAheadLog:
                    let set = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
                    // A disk that cannot share memory stays with the rollback journal.
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
    }

    /// Writes all that is in it over what `target` holds.
    func backUp(to target: Connection) throws {
        try use { source in try target.use { try source.backup(to: $0) } }
    }

    /// Closes the file; the second time nothing happens.
    func close() throws {
        lock.lock()
        defer { lock.unlock() }
        guard !isClosed else { return }
        isClosed = true
        if !isReadOnly {
            // Another process may be reading: then the log stays, and the last to close ends it.
            try? queue.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA busy_timeout = 0")
                try database.execute(sql: "PRAGMA journal_mode = DELETE")
            }
        }
        try queue.close()
    }
}
