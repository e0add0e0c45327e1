public import FaceCore
import GRDB

/// What identifies the journal of decisions that was read.
public struct JournalStamp: Hashable, Sendable {
    /// Above 0.
    public let byteCount: Int
    /// SHA-256 of all of it.
    public let digest: ContentHash

    public init(byteCount: Int, digest: ContentHash) {
        self.byteCount = byteCount
        self.digest = digest
    }
}

extension Catalogue {
    /// The journal that the decided places come from; `nil` before anything was said.
    public func stampOfDecisions() throws(CatalogueError) -> JournalStamp? {
        try read { database in
            try database.rows("SELECT byteCount, digest FROM decisionJournal") {
                JournalStamp(
                    byteCount: Int(try $0.next(within: Bounds.byteCount)),
                    digest: try $0.next())
            }.first
        }
    }

    /// What was decided, by photo, then by box.
    ///
    /// - Parameter photo: only of this one.
    public func decidedPlaces(
        of photo: ContentHash? = nil
    ) throws(CatalogueError) -> [DecidedPlace] {
        try read { database in
            let excluded = Dictionary(
                grouping: try database.rows("SELECT face, name FROM excludedName") {
                    (row: inout Columns) -> (face: Int64, name: String) in
                    (try row.next(), try row.next())
                }, by: \.face)
            return try database.rows(
                """
                SELECT id, hash, boxLeft, boxTop, boxWidth, boxHeight, standing, name, isPortrait,
                    isDrawn
                FROM decidedFace WHERE ?1 IS NULL OR hash = ?1
                ORDER BY hash, boxLeft, boxTop, boxWidth, boxHeight
                """, photo?.data
            ) { row in
                let id: Int64 = try row.next()
                let key = FaceKey(photo: try row.next(), box: try row.next())
                let standing = try FaceVerdict.Standing(word: row.next(), name: row.next())
                let isPortrait: Bool = try row.next()
                return DecidedPlace(
                    key: key,
                    verdict: FaceVerdict(
                        standing: standing, excluded: Set((excluded[id] ?? []).map(\.name)),
                        isPortrait: isPortrait), isDrawn: try row.next())
            }
        }
    }

    /// Replaces all facts about decisions, with the `stamp` of the journal they come from, if any.
    public func replaceDecidedPlaces(
        _ places: [DecidedPlace], stamp: JournalStamp?
    ) throws(CatalogueError) {
        try write { database in
            try database.run("DELETE FROM decidedFace")
            try database.run("DELETE FROM decisionJournal")
            for place in places { try database.insert(place) }
            guard let stamp else { return }
            try database.run(
                "INSERT INTO decisionJournal VALUES (1, ?, ?)", stamp.byteCount, stamp.digest.data)
        }
    }
}

extension Database {
    fileprivate func insert(_ place: DecidedPlace) throws {
        let box = place.key.box
        try run(
            """
            INSERT INTO decidedFace (hash, boxLeft, boxTop, boxWidth, boxHeight, standing, name,
                isPortrait, isDrawn)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, place.key.photo.data, box.left, box.top, box.width, box.height,
            place.verdict.standing.word, place.verdict.person, place.verdict.isPortrait,
            place.isDrawn)
        let row = lastInsertedRowID
        for name in place.verdict.excluded.sorted() {
            try run("INSERT INTO excludedName VALUES (?, ?)", row, name)
        }
    }
}

extension FaceVerdict.Standing {
    fileprivate var word: String {
        switch self {
        case .open: "open"
        case .person: "person"
        case .notAGuest: "notAGuest"
        case .ignored: "ignored"
        }
    }

    fileprivate init(word: String, name: String?) throws {
        switch (word, name) {
        case ("open", nil): self = .open
        case ("person", let name?): self = .person(name)
        case ("notAGuest", nil): self = .notAGuest
        case ("ignored", nil): self = .ignored
        default:
            throw CorruptRow(
                sentence: "The catalogue holds the decision '\(word)', which is none.")
        }
    }
}
