public import FaceCore
import GRDB
public import SystemPackage

extension Catalogue {
    /// Records that a run begins; a known one runs again, with its first start.
    public func begin(_ run: RunRecord) throws(CatalogueError) {
        try write { database in
            try database.run(
                """
                INSERT INTO run (id, command, started, finished, state, settings, summary)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET
                    command = excluded.command, finished = excluded.finished,
                    state = excluded.state, settings = excluded.settings,
                    summary = excluded.summary
                """, run.id, run.command, run.started, run.finished, run.state.rawValue,
                run.settings, run.summary)
        }
    }

    /// Records how a run ended, or that it was undone.
    ///
    /// The `time` is ISO 8601, the `summary` JSON, or `nil` to keep the one it has; the `journal` says
    /// the same.
    ///
    /// - Throws: also `.conflict` when the run is unknown.
    public func finish(
        run id: String, at time: String, state: RunRecord.State, summary: String? = nil,
        journal: JournalLength? = nil
    ) throws(CatalogueError) {
        try write { database in
            try database.run(
                """
                UPDATE run SET finished = ?, state = ?, summary = coalesce(?, summary)
                WHERE id = ?
                """, time, state.rawValue, summary, id)
            try database.requireOneChange("run '\(id)' is not known")
            if let journal { try database.take([journal]) }
        }
    }

    /// Every run, the oldest first.
    public func runs() throws(CatalogueError) -> [RunRecord] {
        try read { try $0.runs("") }
    }

    /// The run that began last; `nil` before the first.
    public func lastRun() throws(CatalogueError) -> RunRecord? {
        try read { try $0.runs("WHERE number = (SELECT max(number) FROM run)").first }
    }

    /// The files that facesort wrote into the album, by the bytes of their paths.
    public func placedFiles() throws(CatalogueError) -> [PlacedFile] {
        try read { try $0.placedFiles("") }
    }

    /// The files of the album that hold `photo`, by the bytes of their paths.
    public func placedFiles(of photo: ContentHash) throws(CatalogueError) -> [PlacedFile] {
        try read { try $0.placedFiles("WHERE hash = ?", photo.data) }
    }

    /// What was written to `path`, relative to the album; `nil` for nothing of ours.
    public func placedFile(at path: FilePath) throws(CatalogueError) -> PlacedFile? {
        try read { try $0.placedFiles("WHERE albumPath = ?", path.data).first }
    }

    /// Records what a group of acts changed in the album, in one transaction.
    ///
    /// - Parameters:
    ///   - placed: files that were written, or that the user deleted; each replaces the record at
    ///     its path.
    ///   - removed: paths with nothing of ours any more; they are removed before `placed` is added.
    ///   - journal: the same facts; with this they are all in the catalogue.
    /// - Throws: also `.conflict` when a person is unknown.
    public func record(
        placed: [PlacedFile], removed: [FilePath] = [], journal: JournalLength? = nil
    ) throws(CatalogueError) {
        guard !placed.isEmpty || !removed.isEmpty || journal != nil else { return }
        try write { database in
            for path in removed {
                try database.run("DELETE FROM placedFile WHERE albumPath = ?", path.data)
            }
            for file in placed { try database.insert(file) }
            if let journal { try database.take([journal]) }
        }
    }

    /// Replaces all records of the album's files with what all its `journals`, as read, say.
    ///
    /// - Throws: also `.conflict` when a person is unknown; see ``rememberPerson(name:folder:)``.
    public func rebuildPlacedFiles(
        from files: [PlacedFile], journals: [JournalLength] = []
    ) throws(CatalogueError) {
        try write { database in
            try database.run("DELETE FROM placedFile")
            for file in files { try database.insert(file) }
            try database.take(journals)
        }
    }
}

extension Database {
    func runs(_ condition: String) throws -> [RunRecord] {
        try rows(
            """
            SELECT id, command, started, finished, state, settings, summary FROM run
            \(condition) ORDER BY number
            """
        ) {
            RunRecord(
                id: try $0.next(), command: try $0.next(), started: try $0.next(),
                finished: try $0.next(), state: try $0.next(word: RunRecord.State.self),
                settings: try $0.next(), summary: try $0.next())
        }.distinct("a run", by: \.id)
    }

    fileprivate func insert(_ file: PlacedFile) throws {
        let (place, person, cluster) = file.place.columns
        try run(
            "INSERT OR REPLACE INTO placedFile VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", file.path.data,
            place, person, cluster, file.photo.data, file.stamp.byteCount, file.stamp.modified,
            file.state.rawValue, file.run)
    }

    fileprivate func placedFiles(
        _ condition: String, _ arguments: any DatabaseValueConvertible...
    ) throws -> [PlacedFile] {
        let statement = try cachedStatement(
            sql: """
                SELECT albumPath, place, person, cluster, hash, byteCount, modified, state, run
                FROM placedFile \(condition) ORDER BY albumPath
                """)
        return try rows(statement, StatementArguments(arguments)) {
            PlacedFile(
                path: try $0.nextInAlbum(),
                place: try Place(
                    word: $0.next(), person: $0.next(),
                    cluster: $0.nextIfAny(within: Bounds.cluster)),
                photo: try $0.next(), stamp: try $0.next(),
                state: try $0.next(word: PlacedFile.State.self), run: try $0.next())
        }.distinct("a placed file", by: \.path)
    }
}

extension Place {
    fileprivate var columns: (place: String, person: Int64?, cluster: Int?) {
        switch self {
        case .person(let id): ("person", id.rawValue, nil)
        case .group: ("group", nil, nil)
        case .unknown: ("unknown", nil, nil)
        case .cluster(let number): ("cluster", nil, number.rawValue)
        case .unreadable: ("unreadable", nil, nil)
        case .copies: ("copies", nil, nil)
        }
    }

    fileprivate init(word: String, person: Int64?, cluster: Int?) throws {
        switch (word, person, cluster) {
        case ("person", let id?, nil): self = .person(PersonID(rawValue: id))
        case ("group", nil, nil): self = .group
        case ("unknown", nil, nil): self = .unknown
        case ("cluster", nil, let number?): self = .cluster(ClusterNumber(rawValue: number))
        case ("unreadable", nil, nil): self = .unreadable
        case ("copies", nil, nil): self = .copies
        default:
            throw CorruptRow(sentence: "The catalogue holds the place '\(word)', which is none.")
        }
    }
}
