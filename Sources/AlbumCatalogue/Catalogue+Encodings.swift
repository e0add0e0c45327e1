public import FaceCore
import GRDB
public import SystemPackage

/// A face that lacks an encoding: what decides how it is encoded.
public struct UnencodedFace: Hashable, Sendable {
    public let box: FaceBox
    public let detector: DetectorKind

    public init(box: FaceBox, detector: DetectorKind) {
        self.box = box
        self.detector = detector
    }
}

/// What came of a change of the encoder.
public struct EncoderChange: Hashable, Sendable {
    /// Faces of photos, and of portraits, that have new encodings.
    public internal(set) var faceCount = 0
    public internal(set) var portraitCount = 0
    /// Photos and portraits that are analysed again when they are read next: of one of their faces there
    /// is no new encoding.
    public internal(set) var photosSetAside: [ContentHash] = []
    public internal(set) var portraitsSetAside: [ContentHash] = []
}

// A change of the encoder: new encodings are collected beside the old ones, which count until every face
// has a new one, and then replace them in one transaction. Both are never mixed, and a killed command
// carries on where it was.
extension Catalogue {
    /// Begins to collect encodings of `space`; carries on when encodings of it were collected before,
    /// and forgets those of another.
    ///
    /// - Parameters:
    ///   - space: of the encodings that follow.
    ///   - encoder: where an encoder that the user brought lies; absolute.
    public func beginEncoding(
        in space: EncodingSpace, encoder: FilePath?
    ) throws(CatalogueError) {
        try write { database in
            let begun = try database.encodingSpace(in: "nextSpace")
            if begun?.isComparable(with: space) != true { try database.forgetNextEncodings() }
            try database.run("DELETE FROM nextSpace")
            try database.insert(space, encoder: encoder, into: "nextSpace")
        }
    }

    /// The faces of photos that have no new encoding yet, by photo, in the order of their numbers.
    public func facesToEncode() throws(CatalogueError) -> [ContentHash: [FaceID: UnencodedFace]] {
        try read { database in
            let rows = try database.rows(
                """
                SELECT hash, number, boxLeft, boxTop, boxWidth, boxHeight, detector
                FROM face JOIN photo ON photo.id = face.photo
                WHERE face.id NOT IN (SELECT face FROM nextFace)
                """
            ) { row -> (FaceID, UnencodedFace) in
                (
                    try row.next(),
                    UnencodedFace(
                        box: try row.next(), detector: try row.next(word: DetectorKind.self))
                )
            }.distinct("a face") { $0.0 }
            return Dictionary(grouping: rows, by: \.0.photo).mapValues {
                Dictionary(uniqueKeysWithValues: $0)
            }
        }
    }

    /// The faces of portraits that have no new encoding yet.
    public func portraitsToEncode() throws(CatalogueError) -> [ContentHash: UnencodedFace] {
        try read { database in
            let rows = try database.rows(
                """
                SELECT hash, boxLeft, boxTop, boxWidth, boxHeight, detector
                FROM portraitFace JOIN portraitAnalysis ON portraitAnalysis.id = portraitFace.portrait
                WHERE portrait NOT IN (SELECT portrait FROM nextPortrait)
                """
            ) { row -> (ContentHash, UnencodedFace) in
                (
                    try row.next(),
                    UnencodedFace(
                        box: try row.next(), detector: try row.next(word: DetectorKind.self))
                )
            }.distinct("a portrait") { $0.0 }
            return Dictionary(uniqueKeysWithValues: rows)
        }
    }

    /// Collects new encodings of faces of photos; `nil` for a face that cannot be encoded.
    ///
    /// - Precondition: ``beginEncoding(in:encoder:)`` was called.
    /// - Throws: also `.conflict` when a face is unknown.
    public func collect(_ encodings: [FaceID: FaceEncodings?]) throws(CatalogueError) {
        try write { database in
            for (face, encodings) in encodings {
                try database.run(
                    """
                    INSERT OR REPLACE INTO nextFace SELECT face.id, ?, ? FROM face
                    JOIN photo ON photo.id = face.photo WHERE hash = ? AND number = ?
                    """, encodings?.plain.data, encodings?.mirrorMean.data, face.photo.data,
                    face.number)
                try database.requireOneChange(
                    "face \(face.number) of photo \(face.photo.hexadecimal) is not known")
            }
        }
    }

    /// Collects the new encodings of a portrait's face; `nil` when it cannot be encoded.
    ///
    /// - Precondition: ``beginEncoding(in:encoder:)`` was called.
    /// - Throws: also `.conflict` when there is no such face.
    public func collect(
        _ encodings: FaceEncodings?, ofPortrait portrait: ContentHash
    ) throws(CatalogueError) {
        try write { database in
            try database.run(
                """
                INSERT OR REPLACE INTO nextPortrait SELECT portraitFace.portrait, ?, ?
                FROM portraitFace
                JOIN portraitAnalysis ON portraitAnalysis.id = portraitFace.portrait
                WHERE hash = ?
                """, encodings?.plain.data, encodings?.mirrorMean.data, portrait.data)
            try database.requireOneChange("portrait \(portrait.hexadecimal) is not known")
        }
    }

    /// Replaces all encodings with the collected ones, in one transaction.
    ///
    /// Boxes, numbers of faces and of strangers stay. Matches and tight clusters, which come from the
    /// old encodings, are removed. A photo or portrait with a face that has no new encoding is set
    /// aside: it is analysed again when it is read next.
    ///
    /// - Throws: also `.conflict` when none were collected.
    public func replaceEncodings() throws(CatalogueError) -> EncoderChange {
        try write { database in
            guard try database.encodingSpace(in: "nextSpace") != nil else {
                throw CatalogueError(code: .conflict, reason: "No encodings were collected.")
            }
            var change = EncoderChange()
            let photos = """
                (SELECT photo FROM face LEFT JOIN nextFace ON nextFace.face = face.id
                WHERE nextFace.plain IS NULL)
                """
            change.photosSetAside = try database.rows(
                "SELECT hash FROM photo WHERE id IN \(photos) ORDER BY hash"
            ) { try $0.next() }
            try database.run("DELETE FROM faceAnalysis WHERE photo IN \(photos)")
            let portraits = """
                (SELECT portraitFace.portrait FROM portraitFace
                LEFT JOIN nextPortrait ON nextPortrait.portrait = portraitFace.portrait
                WHERE nextPortrait.plain IS NULL)
                """
            change.portraitsSetAside = try database.rows(
                "SELECT hash FROM portraitAnalysis WHERE id IN \(portraits) ORDER BY hash"
            ) { try $0.next() }
            // No analysis has version 0, so it is done again; the references to it stay.
            try database.run("UPDATE portraitAnalysis SET version = 0 WHERE id IN \(portraits)")
            try database.run("DELETE FROM portraitFace WHERE portrait IN \(portraits)")
            try database.run(
                """
                UPDATE face SET plain = nextFace.plain, mirrorMean = nextFace.mirrorMean
                FROM nextFace WHERE nextFace.face = face.id
                """)
            change.faceCount = database.changesCount
            try database.run(
                """
                UPDATE portraitFace
                SET plain = nextPortrait.plain, mirrorMean = nextPortrait.mirrorMean
                FROM nextPortrait WHERE nextPortrait.portrait = portraitFace.portrait
                """)
            change.portraitCount = database.changesCount
            for table in ["copiedName", "faceMatch", "tightCluster", "encodingSpace"] {
                try database.run("DELETE FROM \(table)")
            }
            // No clusters have version 0: they are found again, and keep their numbers.
            try database.run("UPDATE clusteredFace SET version = 0")
            try database.run("INSERT INTO encodingSpace SELECT * FROM nextSpace")
            try database.forgetNextEncodings()
            return change
        }
    }
}

extension Database {
    /// - Parameter table: `encodingSpace` or `nextSpace`.
    func encodingSpace(in table: String) throws -> EncodingSpace? {
        try rows("SELECT alignment, alignerHash, encoderHash, arithmetic FROM \(table)") {
            EncodingSpace(
                alignment: try $0.next(), alignerHash: try $0.next(), encoderHash: try $0.next(),
                arithmetic: try $0.next(word: EncodingSpace.Arithmetic.self))
        }.first
    }

    /// - Parameter table: `encodingSpace` or `nextSpace`; empty.
    func insert(_ space: EncodingSpace, encoder: FilePath?, into table: String) throws {
        try run(
            """
            INSERT INTO \(table) (number, alignment, alignerHash, encoderHash, arithmetic, encoderPath)
            VALUES (1, ?, ?, ?, ?, ?)
            """, space.alignment, space.alignerHash, space.encoderHash, space.arithmetic.rawValue,
            encoder?.data)
    }

    fileprivate func forgetNextEncodings() throws {
        for table in ["nextSpace", "nextFace", "nextPortrait"] { try run("DELETE FROM \(table)") }
    }
}
