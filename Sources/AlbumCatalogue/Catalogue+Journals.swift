import GRDB

/// A run's journal's length when the catalogue took it in.
///
/// Journals are flushed with each group of files, the catalogue is not. After a power cut the
/// catalogue may be behind the journals; these lengths show it.
public struct JournalLength: Hashable, Sendable {
    public let run: String
    public let byteCount: Int64

    public init(run: String, byteCount: Int64) {
        self.run = run
        self.byteCount = byteCount
    }
}

extension Catalogue {
    /// The `journals`, at their current lengths, that the catalogue has not yet taken in.
    ///
    /// Journals of runs that an earlier version recorded without lengths count as taken in until
    /// they are recorded again.
    public func untaken(among journals: [JournalLength]) throws(CatalogueError) -> [JournalLength] {
        guard !journals.isEmpty else { return [] }
        let taken = try read { database in
            try database.rows("SELECT run, byteCount FROM takenJournal") {
                row -> (String, Int64?) in (try row.next(), try row.next())
            }
        }
        let known = Dictionary(taken, uniquingKeysWith: { first, _ in first })
        return journals.filter { journal in
            guard let byteCount = known[journal.run] else { return true }
            return byteCount != nil && byteCount != journal.byteCount
        }
    }

    /// Records that the catalogue has everything from these journals.
    public func take(_ journals: [JournalLength]) throws(CatalogueError) {
        guard !journals.isEmpty else { return }
        try write { try $0.take(journals) }
    }
}

extension Database {
    func take(_ journals: [JournalLength]) throws {
        for journal in journals {
            try run(
                "INSERT OR REPLACE INTO takenJournal VALUES (?, ?)", journal.run,
                journal.byteCount)
        }
    }
}
