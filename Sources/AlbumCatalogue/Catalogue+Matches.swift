public import FaceCore
import Foundation
import GRDB

extension Catalogue {
    /// Replaces every match and every copied name with these, made by `run`.
    ///
    /// - Throws: also `.conflict` when the run has not begun, or a face, photo, person or reference
    ///   is unknown.
    public func replaceMatches(
        _ matches: [Match], copiedNames: [CopiedName] = [], run: String
    ) throws(CatalogueError) {
        try write { database in
            let number = try database.row(
                "SELECT number FROM run WHERE id = ?", run,
                orConflict: "The run '\(run)' has not begun.")
            try database.run("DELETE FROM copiedName")
            try database.run("DELETE FROM faceMatch")
            try database.run("INSERT OR REPLACE INTO matchRun VALUES (1, ?)", number)
            let rows = try database.rowsOfFaces()
            for match in matches { try database.insert(match, rows: rows, run: number) }
            for name in copiedNames { try database.insert(name, rows: rows) }
        }
    }

    /// Every match, in ``/FaceCore/FaceID`` order.
    public func matches() throws(CatalogueError) -> [Match] {
        try read { try $0.matches("") }
    }

    /// The matches of the faces of one photo, in ``/FaceCore/FaceID`` order.
    public func matches(of photo: ContentHash) throws(CatalogueError) -> [Match] {
        try read { try $0.matches("WHERE photo.hash = ?", photo.data) }
    }

    /// Every name that a photo has from a near-duplicate, without a face, by photo, then by person.
    public func copiedNames() throws(CatalogueError) -> [CopiedName] {
        try read { database in
            try database.rows(
                """
                SELECT photo.hash, person, sourcePhoto.hash, face.number, band FROM copiedName
                JOIN photo ON photo.id = copiedName.photo
                JOIN face ON face.id = copiedName.source
                JOIN photo AS sourcePhoto ON sourcePhoto.id = face.photo
                ORDER BY photo.hash, person
                """
            ) {
                CopiedName(
                    photo: try $0.next(), person: try $0.next(),
                    source: try $0.next(),
                    band: try $0.next(word: Band.self))
            }
        }
    }

    /// The stored tight clusters of the faces, in the order of their first faces; `nil` when they
    /// are of another version, or the faces have changed since.
    public func tightClusters(version: Int) throws(CatalogueError) -> [Cluster]? {
        try read { database in
            let missing = try database.number(
                """
                SELECT 1 FROM face LEFT JOIN tightCluster ON tightCluster.face = face.id
                WHERE version IS NOT ? LIMIT 1
                """, version)
            guard missing == nil else { return nil }
            let members = try database.rows(
                """
                SELECT tightCluster.number, hash, face.number FROM tightCluster
                JOIN face ON face.id = tightCluster.face JOIN photo ON photo.id = face.photo
                WHERE tightCluster.number IN (
                    SELECT number FROM tightCluster GROUP BY number HAVING count(*) > 1)
                ORDER BY hash, face.number
                """
            ) {
                (try $0.next(Int.self), try $0.next() as FaceID)
            }.distinct("a face of a cluster") { $0.1 }
            return Dictionary(grouping: members, by: \.0).values
                .map { Cluster(faces: $0.map(\.1)) }
                .sorted { $0.faces[0] < $1.faces[0] }
        }
    }

    /// Stores the tight clusters of two faces or more; every other face known now is its own.
    ///
    /// - Throws: also `.conflict` when a face is unknown.
    public func replaceTightClusters(
        _ clusters: [Cluster], version: Int
    ) throws(CatalogueError) {
        try write { database in
            try database.run("DELETE FROM tightCluster")
            var rows = try database.rowsOfFaces()
            for (number, cluster) in clusters.enumerated() {
                for face in cluster.faces {
                    let row = try database.row(of: face, in: rows)
                    rows[face] = nil
                    try database.run(
                        "INSERT INTO tightCluster VALUES (?, ?, ?)", row, number, version)
                }
            }
            for (number, row) in rows.values.sorted().enumerated() {
                try database.run(
                    "INSERT INTO tightCluster VALUES (?, ?, ?)", row, clusters.count + number,
                    version)
            }
        }
    }

    /// The run that made the matches; its settings explain them. `nil` before the first.
    public func runOfMatches() throws(CatalogueError) -> RunRecord? {
        try read { database in
            try database.runs("WHERE number = (SELECT run FROM matchRun)").first
        }
    }
}

extension Database {
    fileprivate func rowsOfFaces() throws -> [FaceID: Int64] {
        let rows = try rows(
            "SELECT hash, number, face.id FROM face JOIN photo ON photo.id = face.photo"
        ) {
            (try $0.next() as FaceID, try $0.next(Int64.self))
        }.distinct("a face") { $0.0 }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    fileprivate func insert(_ match: Match, rows: [FaceID: Int64], run: Int64) throws {
        let evidence = match.evidence
        try self.run(
            """
            INSERT INTO faceMatch (face, run, namedPerson, namedReference, namedDistance,
                nearestPerson, nearestReference, nearestDistance,
                runnerUpPerson, runnerUpReference, runnerUpDistance, band, reason,
                groupFaceCount, ownDistance, allowedDistance, lookAlike,
                rivalFace, rivalFaceCount, rivalDistance, copyFace)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, try row(of: match.face, in: rows), run,
            match.named?.person.rawValue, match.named?.reference.row, match.named?.distanceValue,
            match.nearest?.person.rawValue, match.nearest?.reference.row,
            match.nearest?.distanceValue,
            match.runnerUp?.person.rawValue, match.runnerUp?.reference.row,
            match.runnerUp?.distanceValue,
            match.band.rawValue, match.reason.rawValue,
            evidence?.faceCount, evidence.map { Double($0.ownDistance) },
            evidence.map { Double($0.limit) }, evidence?.lookAlike?.rawValue,
            try evidence?.rival.map { try row(of: $0.face, in: rows) }, evidence?.rival?.faceCount,
            evidence?.rival.map { Double($0.distance) },
            try evidence?.copy.map { try row(of: $0, in: rows) })
    }

    fileprivate func insert(_ name: CopiedName, rows: [FaceID: Int64]) throws {
        try run(
            """
            INSERT INTO copiedName SELECT id, ?, ?, ? FROM photo WHERE hash = ?
            """, name.person.rawValue, try row(of: name.source, in: rows), name.band.rawValue,
            name.photo.data)
        try requireOneChange("photo \(name.photo.hexadecimal) is not known")
    }

    fileprivate func row(of face: FaceID, in rows: [FaceID: Int64]) throws -> Int64 {
        guard let row = rows[face] else {
            throw CatalogueError(
                code: .conflict,
                reason: "In the catalogue face \(face.number) of photo "
                    + "\(face.photo.hexadecimal) is not known.")
        }
        return row
    }

    fileprivate func matches(
        _ condition: String, _ arguments: any DatabaseValueConvertible...
    ) throws -> [Match] {
        let statement = try cachedStatement(
            sql: """
                SELECT photo.hash, face.number,
                    namedPerson, namedReference, namedDistance,
                    nearestPerson, nearestReference, nearestDistance,
                    runnerUpPerson, runnerUpReference, runnerUpDistance, band, reason,
                    groupFaceCount, ownDistance, allowedDistance, lookAlike,
                    rivalPhoto.hash, rivalFace.number, rivalFaceCount, rivalDistance,
                    copyPhoto.hash, copyFace.number
                FROM faceMatch
                JOIN face ON face.id = faceMatch.face JOIN photo ON photo.id = face.photo
                LEFT JOIN face AS rivalFace ON rivalFace.id = faceMatch.rivalFace
                LEFT JOIN photo AS rivalPhoto ON rivalPhoto.id = rivalFace.photo
                LEFT JOIN face AS copyFace ON copyFace.id = faceMatch.copyFace
                LEFT JOIN photo AS copyPhoto ON copyPhoto.id = copyFace.photo
                \(condition) ORDER BY photo.hash, face.number
                """)
        return try rows(statement, StatementArguments(arguments)) {
            Match(
                face: try $0.next(),
                named: try $0.candidate(), nearest: try $0.candidate(),
                runnerUp: try $0.candidate(), band: try $0.next(word: Band.self),
                reason: try $0.next(word: MatchReason.self), evidence: try $0.evidence())
        }.distinct("a match", by: \.face)
    }
}

extension Columns {
    fileprivate mutating func candidate() throws -> Candidate? {
        let person: Int64? = try next()
        let reference: Int64? = try next()
        let distance = try nextIfAny(within: Bounds.distance)
        guard let person, let distance else { return nil }
        return Candidate(
            person: PersonID(rawValue: person),
            reference: reference.map { ReferenceID(rawValue: $0) } ?? .none,
            distance: Float(distance))
    }

    fileprivate mutating func evidence() throws -> Evidence? {
        let faceCount = try nextIfAny(within: Bounds.count)
        let ownDistance = try nextIfAny(within: Bounds.distance)
        let limit = try nextIfAny(within: Bounds.distance)
        let lookAlike: Int64? = try next()
        let rivalFace = try face()
        let rivalFaceCount = try nextIfAny(within: Bounds.count)
        let rivalDistance = try nextIfAny(within: Bounds.distance)
        let copy = try face()
        guard let faceCount, let ownDistance, let limit else { return nil }
        var rival: Evidence.Rival?
        if let rivalFace, let rivalFaceCount, let rivalDistance {
            rival = Evidence.Rival(
                face: rivalFace, faceCount: rivalFaceCount, distance: Float(rivalDistance))
        }
        return Evidence(
            faceCount: faceCount, ownDistance: Float(ownDistance), limit: Float(limit),
            lookAlike: lookAlike.map { PersonID(rawValue: $0) }, rival: rival, copy: copy)
    }

    private mutating func face() throws -> FaceID? {
        let hash: Data? = try next()
        let number = try nextIfAny(within: Bounds.count)
        guard let hash, let number else { return nil }
        guard let photo = ContentHash(bytes: hash) else {
            throw CorruptRow(sentence: "The catalogue holds a hash of the wrong length.")
        }
        return FaceID(photo: photo, number: number)
    }
}

extension ReferenceID {
    /// `nil` for ``none``, which has no row.
    fileprivate var row: Int64? { self == .none ? nil : rawValue }
}

extension Candidate {
    fileprivate var distanceValue: Double { Double(distance) }
}
