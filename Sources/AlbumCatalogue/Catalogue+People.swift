public import FaceCore
import GRDB
import SystemPackage

extension Catalogue {
    /// Everyone ever listed, in ``/FaceCore/PersonID`` order.
    public func people() throws(CatalogueError) -> [Person] {
        try read { try $0.people() }
    }

    /// Remembers someone without portraits; returns the person with that name if there is one.
    ///
    /// - Throws: also `.conflict` when another person has the folder.
    public func rememberPerson(
        name: String, folder: String
    ) throws(CatalogueError) -> Person {
        try write { database in
            if let known = try database.people().first(where: { $0.name == name }) { return known }
            try database.run("INSERT INTO person (name, folder) VALUES (?, ?)", name, folder)
            return Person(
                id: PersonID(rawValue: database.lastInsertedRowID), name: name, folder: folder,
                isListed: false)
        }
    }

    /// Gives a person another name and folder; references, matches and files stay the person's.
    ///
    /// - Throws: also `.conflict` when another person has the name or folder, or the person is
    ///   unknown.
    public func renamePerson(
        _ id: PersonID, to name: String, folder: String
    ) throws(CatalogueError) {
        try write { database in
            try database.run(
                "UPDATE person SET name = ?, folder = ? WHERE id = ?", name, folder, id.rawValue)
            try database.requireOneChange("person \(id.rawValue) is not known")
        }
    }

    /// Merges two people: the second gets the portraits and files of the first, and keeps name and
    /// folder. The first stays known, with nothing.
    ///
    /// Of a photo that both have files of, each keeps its own.
    ///
    /// - Throws: also `.conflict` when one of them is unknown.
    public func mergePerson(_ id: PersonID, into other: PersonID) throws(CatalogueError) {
        try write { database in
            let portraits = try database.rows(
                "SELECT id, portrait FROM reference WHERE person = ? AND portrait IS NOT NULL",
                id.rawValue
            ) { row -> (reference: Int64, portrait: Int64) in (try row.next(), try row.next()) }
            for (reference, portrait) in portraits {
                try database.run(
                    "UPDATE portraitFile SET reference = ? WHERE reference = ?",
                    try database.reference(to: portrait, of: other.rawValue), reference)
            }
            try database.run(
                """
                UPDATE placedFile SET person = ? WHERE person = ?
                    AND hash NOT IN (SELECT hash FROM placedFile WHERE person = ?)
                """, other.rawValue, id.rawValue, other.rawValue)
        }
    }

    /// What this version of the analysis learnt from the portrait with this content; `nil` if it
    /// has not analysed it.
    public func portraitAnalysis(
        of hash: ContentHash, version: Int
    ) throws(CatalogueError) -> PortraitAnalysis? {
        try read { database in
            try database.rows(
                """
                SELECT \(Columns.portraitAnalysis) FROM portraitAnalysis
                LEFT JOIN portraitFace ON portraitFace.portrait = portraitAnalysis.id
                WHERE hash = ? AND version = ?
                """, hash.data, version
            ) { try $0.portraitAnalysis() }.first
        }
    }

    /// Records what was learnt from a portrait; replaces an earlier analysis.
    public func record(
        _ analysis: PortraitAnalysis, version: Int
    ) throws(CatalogueError) {
        try write { database in
            let id = try database.number(
                """
                INSERT INTO portraitAnalysis
                    (hash, version, width, height, faceCount, failureCode, failureReason)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (hash) DO UPDATE SET
                    version = excluded.version, width = excluded.width,
                    height = excluded.height, faceCount = excluded.faceCount,
                    failureCode = excluded.failureCode, failureReason = excluded.failureReason
                RETURNING id
                """, analysis.hash.data, version, analysis.width, analysis.height,
                analysis.faceCount, analysis.failure?.code.rawValue, analysis.failure?.reason)
            try database.run("DELETE FROM portraitFace WHERE portrait = ?", id)
            guard let face = analysis.chosen else { return }
            try database.run(
                """
                INSERT INTO portraitFace (portrait, boxLeft, boxTop, boxWidth, boxHeight, confidence,
                    plain, mirrorMean, heightInPixels, detector, sharpness)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """, id, face.box.left, face.box.top, face.box.width, face.box.height,
                Double(face.confidence), face.encodings.plain.data,
                face.encodings.mirrorMean.data, face.heightInPixels,
                face.detector.rawValue, face.sharpness)
        }
    }

    /// Makes the portraits in `sources` exactly these; those in other sources stay as they are.
    ///
    /// A known name keeps its person, with the folder given here. A person whose last portrait goes
    /// stays known, but is not listed. References keep their numbers as long as the person has, or
    /// gets back, a portrait of the same content.
    ///
    /// - Returns: everyone, as ``people()`` does.
    /// - Precondition: each name comes once; each portrait was recorded and is in one of `sources`.
    /// - Throws: also `.conflict` when two people have one folder, or a source or the analysis of
    ///   a portrait is unknown.
    @discardableResult
    public func replacePeople(
        _ people: [ListedPerson], in sources: [SourceID]
    ) throws(CatalogueError) -> [Person] {
        precondition(
            people.allSatisfy { $0.portraits.allSatisfy { sources.contains($0.source) } },
            "a portrait of another source")
        return try write { database in
            for source in sources {
                try database.run("DELETE FROM portraitFile WHERE source = ?", source.rawValue)
            }
            // Two people may swap their folders, so the old ones are cleared first.
            for person in people {
                try database.run(
                    "UPDATE person SET folder = '.' || id WHERE name = ? AND folder <> ?",
                    person.name, person.folder)
            }
            for person in people {
                let id = try database.number(
                    """
                    INSERT INTO person (name, folder) VALUES (?, ?)
                    ON CONFLICT (name) DO UPDATE SET folder = excluded.folder RETURNING id
                    """, person.name, person.folder)
                for file in person.portraits { try database.insert(file, person: id) }
            }
            return try database.people()
        }
    }

    /// All current portraits, by person, source and the bytes of the path.
    public func portraits() throws(CatalogueError) -> [Portrait] {
        try read { database in
            try database.rows(
                """
                SELECT source, relativePath, byteCount, modified, person, reference.id,
                    \(Columns.portraitAnalysis)
                FROM portraitFile
                JOIN reference ON reference.id = portraitFile.reference
                JOIN portraitAnalysis ON portraitAnalysis.id = reference.portrait
                LEFT JOIN portraitFace ON portraitFace.portrait = portraitAnalysis.id
                ORDER BY person, source, relativePath
                """
            ) { row in
                let source: SourceID = try row.next()
                let path = try row.nextRelative()
                let stamp: FileStamp = try row.next()
                let person: PersonID = try row.next()
                let reference: ReferenceID = try row.next()
                let outcome = try row.portraitAnalysis()
                return Portrait(
                    file: PortraitFile(
                        source: source, path: path, stamp: stamp, hash: outcome.hash),
                    person: person, reference: reference, outcome: outcome)
            }
        }
    }

    /// The faces that stand for people: the chosen face of each current portrait, equal contents
    /// once per person, and the photos' faces given to ``replaceFaceReferences(_:)``; in
    /// ``/FaceCore/ReferenceID`` order.
    public func references() throws(CatalogueError) -> [Reference] {
        try read { database in
            try database.rows(
                """
                SELECT reference.id, person, plain, mirrorMean, 1 FROM reference
                JOIN portraitFace ON portraitFace.portrait = reference.portrait
                WHERE reference.id IN (SELECT reference FROM portraitFile)
                UNION ALL
                SELECT reference.id, person, plain, mirrorMean, 0 FROM reference
                JOIN face ON \(Database.faceOfReference) WHERE isUsed = 1
                ORDER BY 1
                """
            ) {
                Reference(
                    id: try $0.next(), person: try $0.next(), encodings: try $0.next(),
                    isPortrait: try $0.next(Int.self) == 1)
            }
            .distinct("a reference", by: \.id)
        }
    }

    /// The photos' faces that now stand for people, in ``/FaceCore/ReferenceID`` order.
    public func faceReferences() throws(CatalogueError) -> [FaceReference] {
        try read { try $0.faceReferences() }
    }

    /// Sets which faces of photos stand for people from now on, besides the portraits.
    ///
    /// A reference keeps its number as long as its person is the same and its face lies at the same
    /// place, even if it did not count for a while.
    ///
    /// - Throws: also `.conflict` when a person or photo is unknown.
    public func replaceFaceReferences(
        _ references: [(person: PersonID, face: FaceKey)]
    ) throws(CatalogueError) {
        let used = try faceReferences()
        let isSame =
            Set(used.map { FaceReference(id: .none, person: $0.person, face: $0.face) })
            == Set(references.map { FaceReference(id: .none, person: $0.person, face: $0.face) })
        guard !isSame else { return }
        try write { database in
            try database.run("UPDATE reference SET isUsed = 0 WHERE isUsed = 1")
            for (person, face) in references {
                try database.use(face, as: person)
            }
        }
    }
}

extension Database {
    /// Joins a reference with the face of its photo that lies at its place.
    fileprivate static let faceOfReference = """
        face.photo = reference.photo AND boxLeft = faceLeft
            AND boxTop = faceTop AND boxWidth = faceWidth
            AND boxHeight = faceHeight
        """

    fileprivate func faceReferences() throws -> [FaceReference] {
        try rows(
            """
            SELECT reference.id, person, hash, faceLeft, faceTop, faceWidth, faceHeight
            FROM reference JOIN photo ON photo.id = reference.photo WHERE isUsed = 1
            ORDER BY reference.id
            """
        ) {
            FaceReference(
                id: try $0.next(), person: try $0.next(),
                face: FaceKey(photo: try $0.next(), box: try $0.next()))
        }.distinct("a reference", by: \.id)
    }

    fileprivate func use(_ face: FaceKey, as person: PersonID) throws {
        let photo = try row(
            "SELECT id FROM photo WHERE hash = ?", face.photo.data,
            orConflict: "In the catalogue photo \(face.photo.hexadecimal) is not known.")
        let known = try rows(
            """
            SELECT id, faceLeft, faceTop, faceWidth, faceHeight FROM reference
            WHERE photo = ? AND person = ? AND isUsed = 0 ORDER BY id
            """, photo, person.rawValue
        ) { row -> (id: Int64, box: FaceBox) in (try row.next(), try row.next()) }
        let same =
            known.first { $0.box == face.box }
            ?? known.filter { $0.box.overlap(with: face.box) >= FaceKey.sameFaceOverlap }
            .max { $0.box.overlap(with: face.box) < $1.box.overlap(with: face.box) }
        guard let same else {
            return try run(
                """
                INSERT INTO reference
                    (person, photo, faceLeft, faceTop, faceWidth, faceHeight, isUsed)
                VALUES (?, ?, ?, ?, ?, ?, 1)
                """, person.rawValue, photo, face.box.left, face.box.top, face.box.width,
                face.box.height)
        }
        try run(
            """
            UPDATE reference
            SET isUsed = 1, faceLeft = ?, faceTop = ?, faceWidth = ?, faceHeight = ?
            WHERE id = ?
            """, face.box.left, face.box.top, face.box.width, face.box.height, same.id)
    }

    fileprivate func people() throws -> [Person] {
        try rows(
            """
            SELECT id, name, folder, EXISTS (
                SELECT 1 FROM reference JOIN portraitFile ON portraitFile.reference = reference.id
                WHERE reference.person = person.id)
            FROM person ORDER BY id
            """
        ) {
            Person(
                id: try $0.next(), name: try $0.next(), folder: try $0.nextFolderName(),
                isListed: try $0.next())
        }
        .distinct("a person", by: \.id).distinct("a person's name", by: \.name)
        .distinct("a person's folder", by: \.folder)
    }

    fileprivate func insert(_ file: PortraitFile, person: Int64?) throws {
        let portrait = try row(
            "SELECT id FROM portraitAnalysis WHERE hash = ?", file.hash.data,
            orConflict: "The portrait '\(file.path)' was not analysed before.")
        try run(
            "INSERT INTO portraitFile VALUES (?, ?, ?, ?, ?)", file.source.rawValue,
            file.path.data, file.stamp.byteCount, file.stamp.modified,
            try reference(to: portrait, of: person))
    }

    /// The reference of a portrait for a person; made if there is none.
    fileprivate func reference(to portrait: Int64, of person: Int64?) throws -> Int64 {
        // Not an upsert: that would use up a sequence number each time.
        let known = try number(
            "SELECT id FROM reference WHERE person = ? AND portrait = ?", person, portrait)
        if let known { return known }
        try run("INSERT INTO reference (person, portrait) VALUES (?, ?)", person, portrait)
        return lastInsertedRowID
    }
}

extension Columns {
    /// What ``portraitAnalysis()`` reads.
    fileprivate static let portraitAnalysis = """
        hash, width, height, faceCount, failureCode, failureReason, portraitFace.portrait,
        boxLeft, boxTop, boxWidth, boxHeight, confidence, plain, mirrorMean, heightInPixels,
        detector, sharpness
        """

    fileprivate mutating func portraitAnalysis() throws -> PortraitAnalysis {
        let hash: ContentHash = try next()
        let width = try nextIfAny(within: Bounds.side)
        let height = try nextIfAny(within: Bounds.side)
        let faceCount = try next(within: Bounds.count)
        let failure: Failure? = try next()
        let face: Int64? = try next()
        let chosen = try face.map { _ in
            PortraitFace(
                box: try next(), confidence: Float(try next(within: Bounds.confidence)),
                encodings: try next(), heightInPixels: try next(within: Bounds.heightInPixels),
                detector: try next(word: DetectorKind.self),
                sharpness: try nextIfAny(within: Bounds.sharpness))
        }
        return PortraitAnalysis(
            hash: hash, width: width, height: height, faceCount: faceCount, chosen: chosen,
            failure: failure)
    }
}
