import FaceCore
import GRDB
public import SystemPackage

/// The durable facts of one album: its sources, photos, faces, people, matches, runs and files.
///
/// One SQLite file, readable only by its owner (mode 0600, if the disk has modes). Every verb is
/// one transaction: it happens whole or not at all, even when the process is killed. Verbs may be
/// called from any thread and block until they are done; one at a time uses the file. Other
/// processes can read meanwhile; two that write wait for each other up to the busy timeout.
///
/// Every verb throws ``CatalogueError``: `.busy`, `.damaged`, `.diskFull`, `.readOnly` or
/// `.failed`, and the codes named beside it.
public final class Catalogue: Sendable {
    /// What to open the catalogue for.
    public enum Access: Hashable, Sendable {
        /// To read and change; it is created if it is missing.
        case write
        /// Only to read; nothing is created, and the file is not changed.
        case read
    }

    /// How SQLite makes a transaction whole.
    public enum JournalMode: Hashable, Sendable {
        /// The quick one, for local disks: it needs memory shared between processes. Readers and a
        /// writer do not wait for each other. A power cut may undo what was written since the last
        /// ``Catalogue/flush()``, whole transactions from the end.
        case writeAheadLog
        /// For exFAT, FAT and network disks.
        case rollback
    }

    public let path: FilePath
    /// Whether the file was empty before: a new album, or one whose catalogue was lost; its placed
    /// files are then rebuilt from its journals.
    public let wasCreated: Bool

    private let access: Access
    private let connection: Connection

    /// Opens the catalogue at `path`, and updates an older one.
    ///
    /// - Parameters:
    ///   - path: of the file, which need not exist for ``Access/write``.
    ///   - access: what the catalogue may be used for.
    ///   - journalMode: for ``Access/write``; a reader follows the file.
    ///   - busyTimeout: how long a verb waits for another process that writes; at least 0.
    /// - Throws: also `.missing` (nothing there to read, or no folder), `.newer`.
    public init(
        path: FilePath, access: Access, journalMode: JournalMode = .writeAheadLog,
        busyTimeout: Duration = .seconds(10)
    ) throws(CatalogueError) {
        self.path = path
        self.access = access
        do {
            if access == .write { try CatalogueFile.make(path) }
            guard Self.exists(at: path) else {
                throw CatalogueError(code: .missing, reason: "There is no catalogue at '\(path)'.")
            }
            let connection =
                switch access {
                case .read: try Connection.reading(path, busyTimeout: busyTimeout)
                case .write:
                    try Connection(
                        path: path, isReadOnly: false, journalMode: journalMode,
                        busyTimeout: busyTimeout)
                }
            let found = try connection.use { try $0.read(Contents.init) }
            wasCreated = found == .nothing
            switch access {
            case .write:
                if found == .upToDate && journalMode == .writeAheadLog {
                    connection.setBeforeWriting(journalMode)
                } else {
                    try connection.set(journalMode)
                }
                try Self.bringUpToDate(connection, from: found)
                self.connection = connection
            case .read where found == .upToDate:
                self.connection = connection
            case .read:
                // An older file stays as it is: a copy in memory is updated.
                let copy = try Connection()
                try connection.backUp(to: copy)
                try Self.bringUpToDate(copy, from: found)
                self.connection = copy
            }
        } catch {
            throw CatalogueError(error)
        }
    }

    /// A copy, in memory, of the catalogue at `path` as it is now, or an empty one when there is
    /// none. It can be changed, and is gone when it is closed or its process ends in any way.
    ///
    /// - Complexity: takes as much memory as the file has bytes; about 1.5 kB for each face and
    ///   9 kB for each photo.
    public init(
        rehearsalOf path: FilePath, busyTimeout: Duration = .seconds(10)
    ) throws(CatalogueError) {
        self.path = path
        access = .write
        do {
            connection = try Connection()
            if Self.exists(at: path) {
                try Connection.reading(path, busyTimeout: busyTimeout).backUp(to: connection)
            }
            let found = try connection.use { try $0.read(Contents.init) }
            wasCreated = found == .nothing
            try Self.bringUpToDate(connection, from: found)
        } catch {
            throw CatalogueError(error)
        }
    }

    /// Whether there is a file at `path`, sound or not.
    public static func exists(at path: FilePath) -> Bool {
        CatalogueFile.exists(at: path)
    }

    /// Closes the file; every later verb throws. Closing again does nothing.
    ///
    /// If no one else has it open, one plain file remains, without a write-ahead log beside it; it
    /// can be read on any disk and copied.
    public func close() throws(CatalogueError) {
        do { try connection.close() } catch { throw CatalogueError(error) }
    }

    /// Makes everything recorded so far durable: even a power cut does not undo it.
    public func flush() throws(CatalogueError) {
        do {
            try connection.prepareToWrite()
            try connection.flush()
        } catch {
            throw CatalogueError(error)
        }
    }

    /// Checks the whole file.
    ///
    /// - Returns: a sentence for each fault; none when it is sound.
    /// - Complexity: reads everything once, about a second for each gigabyte.
    public func checkIntegrity() throws(CatalogueError) -> [String] {
        do {
            var sentences = try read { database in
                try database.rows("PRAGMA integrity_check") { row -> String in try row.next() }
                    .filter { $0 != "ok" }
                    .map { "The catalogue is damaged: \($0)." }
                    + database.rows("PRAGMA foreign_key_check") { row -> String in
                        "The catalogue is damaged: a row of '\(try row.next() as String)' "
                            + "refers to something that is not there."
                    }
            }
            do {
                try readAll()
            } catch  where error.code == .damaged {
                if !sentences.contains(error.reason) { sentences.append(error.reason) }
            }
            return sentences
        } catch  where error.code == .damaged {
            return [error.reason]
        }
    }

    /// Reads every table, as the program does.
    private func readAll() throws(CatalogueError) {
        _ = (try photos(), try byteCounts(), try pictures(version: nil))
        for source in try sources() { _ = try photoFiles(in: source.id) }
        _ = (try skippedFiles(), try people(), try portraits(), try references())
        _ = (try faceReferences(), try matches(), try copiedNames(), try placedFiles())
        _ = (try clusteredFaces(), try lastClusterNumber(), try decidedPlaces(), try runs())
        _ = (try encodingSpace(), try encoderPath(), try stampOfDecisions(), try failedFiles())
        _ = (try facesToEncode(), try portraitsToEncode())
        _ = try untaken(among: [JournalLength(run: "0001", byteCount: 0)])
    }

    /// Runs `body` in one read transaction.
    func read<Result>(_ body: (Database) throws -> Result) throws(CatalogueError) -> Result {
        do { return try connection.use { try $0.read(body) } } catch { throw CatalogueError(error) }
    }

    /// Runs `body` in one transaction, which is undone if it throws.
    func write<Result>(_ body: (Database) throws -> Result) throws(CatalogueError) -> Result {
        guard access == .write else {
            throw CatalogueError(
                code: .readOnly, reason: "The catalogue was opened only to be read.")
        }
        do {
            try connection.prepareToWrite()
            return try connection.use { try $0.write(body) }
        } catch {
            throw CatalogueError(error)
        }
    }

    private static func bringUpToDate(_ connection: Connection, from found: Contents) throws {
        guard found != .upToDate else { return }
        try connection.use { try Schema.migrator().migrate($0) }
    }
}

/// What a file holds on opening.
private enum Contents: Equatable {
    case nothing, older, upToDate

    /// - Throws: `.newer`, or `.damaged` for another program's database.
    init(_ database: Database) throws {
        let tableCount =
            try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
        guard tableCount > 0 else {
            self = .nothing
            return
        }
        let application = try Int.fetchOne(database, sql: "PRAGMA application_id")
        guard application == Schema.applicationID else {
            throw CatalogueError(
                code: .damaged, reason: "The file is a database, but no catalogue of facesort.")
        }
        let active = try String.fetchOne(
            database,
            sql: """
                SELECT name FROM sqlite_schema
                WHERE type NOT IN ('table', 'index') OR sql LIKE 'CREATE VIRTUAL%'
                """)
        if let active {
            throw CatalogueError(
                code: .damaged,
                reason: "The file has '\(active)', which acts by itself and is not facesort's.")
        }
        let migrator = Schema.migrator()
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard version <= Schema.version, try !migrator.hasBeenSuperseded(database) else {
            throw CatalogueError(
                code: .newer,
                reason: "The catalogue was written by a newer facesort "
                    + "(its version is \(version), this program knows \(Schema.version)).",
                foundVersion: version)
        }
        self = try migrator.hasCompletedMigrations(database) ? .upToDate : .older
    }
}
