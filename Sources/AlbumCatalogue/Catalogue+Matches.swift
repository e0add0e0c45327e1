public import FaceCore
import GRDB

extension Catalogue {
    /// Replaces every match with these, which `run` made.
    ///
    /// - Throws: also `.conflict` when the run has not begun, or a face, person or reference is
    ///   unknown.
    public func replaceMatches(_ matches: [Match], run: String) throws(CatalogueError) {
        try write { database in
            let number = try database.number("SELECT number FROM run WHERE id = ?", run)
            guard let number else {
                throw CatalogueError(code: .conflict, reason: "The run '\(run)' has not begun.")
            }
            try database.run("DELETE FROM faceMatch")
            try database.run("INSERT OR REPLACE INTO matchRun VALUES (1, ?)", number)
            for match in matches { try database.insert(match, run: number) }
        }
    }

    /// Every match, in ``/FaceCore/FaceID`` order.
    public func matches() throws(CatalogueError) -> [Match] {
        try read { try $0.matches("") }
    }

    /// The matches of the faces of one photo, in ``/FaceCore/FaceID`` order.
    public func matches(of photo: ContentHash) throws(CatalogueError) -> [Match] {
        try read { try $0.matches("WHERE hash = ?", photo.data) }
    }

    /// The run that made the matches: its settings explain them. `nil` before the first.
    public func runOfMatches() throws(CatalogueError) -> RunRecord? {
        try read { database in
            try database.runs("WHERE number = (SELECT run FROM matchRun)").first
        }
    }
}

extension Database {
    fileprivate func insert(_ match: Match, run: Int64) throws {
        let face = match.face
        try self.run(
            """
            INSERT INTO faceMatch
            SELECT face.id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
            FROM face JOIN photo ON photo.id = face.photo WHERE hash = ? AND number = ?
            """, run,
            match.named?.person.rawValue, match.named?.reference.row, match.named?.distanceValue,
            match.nearest?.person.rawValue, match.nearest?.reference.row,
            match.nearest?.distanceValue,
            match.runnerUp?.person.rawValue, match.runnerUp?.reference.row,
            match.runnerUp?.distanceValue,
            match.band.rawValue, match.reason.rawValue, face.photo.data, face.number)
        try requireOneChange("face \(face.number) of photo \(face.photo.hexadecimal) is not known")
    }

    fileprivate func matches(
        _ condition: String, _ arguments: any DatabaseValueConvertible...
    ) throws -> [Match] {
        let statement = try cachedStatement(
            sql: """
                SELECT hash, face.number,
                    namedPerson, namedReference, namedDistance,
                    nearestPerson, nearestReference, nearestDistance,
                    runnerUpPerson, runnerUpReference, runnerUpDistance, band, reason
                FROM faceMatch
                JOIN face ON face.id = faceMatch.face JOIN photo ON photo.id = face.photo
                \(condition) ORDER BY hash, face.number
                """)
        return try rows(statement, StatementArguments(arguments)) {
            Match(
                face: FaceID(photo: try $0.next(), number: try $0.next()),
                named: try $0.candidate(), nearest: try $0.candidate(),
                runnerUp: try $0.candidate(), band: try $0.next(word: Band.self),
                reason: try $0.next(word: MatchReason.self))
        }
    }
}

extension Columns {
    fileprivate mutating func candidate() throws -> Candidate? {
        let person: Int64? = try next()
        let reference: Int64? = try next()
        let distance: Double? = try next()
        guard let person, let distance else { return nil }
        return Candidate(
            person: PersonID(rawValue: person),
            reference: reference.map { ReferenceID(rawValue: $0) } ?? .none,
            distance: Float(distance))
    }
}

extension ReferenceID {
    /// `nil` for ``none``, which is no row.
    fileprivate var row: Int64? { self == .none ? nil : rawValue }
}

extension Candidate {
    fileprivate var distanceValue: Double { Double(distance) }
}
