public import FaceCore
import Foundation
import GRDB

extension Catalogue {
    /// The photos that this version of the analysis analysed, searched at least as deeply as
    /// `search`.
    public func analysedPhotos(
        version: Int, search: SearchDepth = .balanced
    ) throws(CatalogueError) -> Set<ContentHash> {
        try read { database in
            let rows = try database.rows(
                """
                SELECT hash, search FROM faceAnalysis JOIN photo ON photo.id = faceAnalysis.photo
                WHERE version = ?
                """, version
            ) { row -> (ContentHash, SearchDepth) in
                (try row.next(), try row.next(word: SearchDepth.self))
            }
            return Set(rows.filter { $0.1.includes(search) }.map(\.0))
        }
    }

    /// Records a photo, its faces and the file it was read from, in one transaction.
    ///
    /// Replaces an earlier analysis of the photo, and removes the matches of its faces.
    ///
    /// - Parameters:
    ///   - version: of the analysis that found the faces.
    ///   - search: how deeply it searched.
    ///   - picture: what else was learnt from the same bytes; `nil` changes nothing.
    ///   - photo: with its faces.
    ///   - file: one that holds `photo`.
    /// - Throws: also `.conflict` when the source is unknown.
    public func record(
        _ photo: PhotoRecord, version: Int, search: SearchDepth = .balanced,
        picture: PictureAnalysis? = nil, file: PhotoFile
    ) throws(CatalogueError) {
        precondition(file.photo == photo.hash, "a file of another photo")
        try write { database in
            let id = try database.upsert(photo)
            try database.run("DELETE FROM faceAnalysis WHERE photo = ?", id)
            try database.run(
                "INSERT INTO faceAnalysis (photo, version, search) VALUES (?, ?, ?)", id, version,
                search.rawValue)
            for face in photo.recordedFaces { try database.insert(face, photo: id) }
            if let picture { try database.insert(picture, photo: id) }
            try database.insert(file, photo: id)
        }
    }

    /// Sets the faces of a known photo; keeps the rest of its analysis.
    ///
    /// The matches of its faces are removed.
    ///
    /// - Precondition: every face is one of the photo, each number once.
    /// - Throws: also `.conflict` when the photo was not analysed.
    public func replaceFaces(
        of photo: ContentHash, with faces: [RecordedFace]
    ) throws(CatalogueError) {
        precondition(faces.allSatisfy { $0.face.id.photo == photo }, "a foreign face")
        try write { database in
            let id = try database.row(
                """
                SELECT photo.id FROM photo JOIN faceAnalysis ON faceAnalysis.photo = photo.id
                WHERE hash = ?
                """, photo.data,
                orConflict: "In the catalogue photo \(photo.hexadecimal) is not analysed.")
            try database.run("DELETE FROM face WHERE photo = ?", id)
            for face in faces { try database.insert(face, photo: id) }
        }
    }

    /// The photos whose pictures were measured by this version.
    public func measuredPhotos(version: Int) throws(CatalogueError) -> Set<ContentHash> {
        try read { database in
            Set(
                try database.rows(
                    """
                    SELECT hash FROM pictureAnalysis
                    JOIN photo ON photo.id = pictureAnalysis.photo WHERE version = ?
                    """, version
                ) { row -> ContentHash in try row.next() })
        }
    }

    /// How many bytes the files of every photo ever read have.
    public func byteCounts() throws(CatalogueError) -> [ContentHash: Int64] {
        try read { database in
            Dictionary(
                uniqueKeysWithValues: try database.rows(
                    "SELECT hash, byteCount FROM photo"
                ) { row -> (ContentHash, Int64) in
                    (try row.next(), try row.next(within: Bounds.byteCount))
                }.distinct("a photo") { $0.0 })
        }
    }

    /// Records what a known photo's picture is like, and the file it was read from.
    ///
    /// - Precondition: `file` holds the photo.
    /// - Throws: also `.conflict` when the photo or the source is unknown.
    public func record(
        _ picture: PictureAnalysis, file: PhotoFile
    ) throws(CatalogueError) {
        try write { database in
            let id = try database.row(ofPhotoIn: file)
            try database.insert(picture, photo: id)
            try database.insert(file, photo: id)
        }
    }

    /// Every photo whose picture was measured, by this version or by any, in
    /// ``/FaceCore/ContentHash`` order, with what comparisons need.
    ///
    /// - Complexity: 10,000 photos in a fraction of a second.
    public func pictures(version: Int?) throws(CatalogueError) -> [ComparedPicture] {
        try pictures(version: version) { photo, aspect, features in
            ComparedPicture(photo: photo, aspect: aspect, features: features)
        }
    }

    /// All measures of the same photos; 7 kB each.
    public func pictureFeatures(
        version: Int
    ) throws(CatalogueError) -> [ContentHash: PictureFeatures] {
        let features = try pictures(version: version) { photo, _, features in (photo, features) }
        return Dictionary(features, uniquingKeysWith: { first, _ in first })
    }

    private func pictures<Picture>(
        version: Int?, _ picture: (ContentHash, _ aspect: Double, PictureFeatures) -> Picture
    ) throws(CatalogueError) -> [Picture] {
        try read { database in
            try database.rows(
                """
                SELECT hash, width, height, greys, differenceHash, sharpness, brightness,
                    darkFraction, brightFraction, thumbnail, blurRadius, blurCells
                FROM pictureAnalysis JOIN photo ON photo.id = pictureAnalysis.photo
                WHERE (?1 IS NULL OR version = ?1) AND thumbnail IS NOT NULL AND width IS NOT NULL ORDER BY hash
                """, version
            ) { row in
                let photo: ContentHash = try row.next()
                let aspect =
                    Double(try row.next(within: Bounds.side))
                    / Double(try row.next(within: Bounds.side))
                return (photo, picture(photo, aspect, try row.next()))
            }.distinct("a picture") { $0.0 }.map(\.1)
        }
    }

    /// Every photo ever analysed, with its faces, in ``/FaceCore/ContentHash`` order.
    ///
    /// Even those whose files are gone: sources accumulate.
    ///
    /// - Complexity: 40,000 faces in less than a second.
    public func photos() throws(CatalogueError) -> [PhotoRecord] {
        try read { database in
            var faces: [ContentHash: [RecordedFace]] = [:]
            for face in try database.faces("") {
                faces[face.face.id.photo, default: []].append(face)
            }
            return try database.rows(Self.selectPhoto + " ORDER BY hash") { row in
                try row.photo { faces[$0] ?? [] }
            }.distinct("a photo", by: \.hash)
        }
    }

    /// The photo with this content; `nil` when it was never analysed.
    public func photo(_ hash: ContentHash) throws(CatalogueError) -> PhotoRecord? {
        try read { database in
            let faces = try database.faces("WHERE hash = ?", hash.data)
            return try database.rows(Self.selectPhoto + " WHERE hash = ?", hash.data) { row in
                try row.photo { _ in faces }
            }.first
        }
    }

    private static let selectPhoto = """
        SELECT hash, byteCount, format, condition, failureCode, failureReason, width, height,
            taken, takenOffset, camera
        FROM photo
        """
}

extension Database {
    /// Writes the facts about a photo except its faces.
    ///
    /// - Returns: its row.
    fileprivate func upsert(_ photo: PhotoRecord) throws -> Int64 {
        let id = try number(
            """
            INSERT INTO photo (hash, byteCount, format, condition, failureCode, failureReason,
                width, height, taken, takenOffset, camera)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (hash) DO UPDATE SET
                byteCount = excluded.byteCount, format = excluded.format,
                condition = excluded.condition, failureCode = excluded.failureCode,
                failureReason = excluded.failureReason, width = excluded.width,
                height = excluded.height, taken = excluded.taken,
                takenOffset = excluded.takenOffset, camera = excluded.camera
            RETURNING id
            """, photo.hash.data, photo.byteCount, photo.format?.rawValue,
            photo.condition.word, photo.failure?.code.rawValue, photo.failure?.reason, photo.width,
            photo.height, photo.taken?.text, photo.taken?.offsetFromUTC, photo.camera)
        guard let id else { preconditionFailure("an upsert without a row") }
        return id
    }

    fileprivate func insert(_ picture: PictureAnalysis, photo: Int64) throws {
        let features = picture.features
        try run(
            """
            INSERT OR REPLACE INTO pictureAnalysis (photo, version, greys, differenceHash, sharpness,
                brightness, darkFraction, brightFraction, thumbnail, blurRadius, blurCells)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, photo, picture.version, features.map { Data($0.greys) },
            features.map { Int64(bitPattern: $0.differenceHash) },
            features.map { Double($0.sharpness) }, features.map { Double($0.brightness) },
            features.map { Double($0.darkFraction) }, features.map { Double($0.brightFraction) },
            features.map { Data($0.thumbnail) }, features?.blur.radius.map { Double($0) },
            features.map { Data($0.blur.cells) })
    }

    fileprivate func insert(_ recorded: RecordedFace, photo: Int64) throws {
        let face = recorded.face
        try run(
            """
            INSERT INTO face (photo, number, boxLeft, boxTop, boxWidth, boxHeight, confidence,
                plain, mirrorMean, detector, heightInPixels, sharpness)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, photo, face.id.number, face.box.left, face.box.top, face.box.width,
            face.box.height, Double(face.confidence), face.encodings.plain.data,
            face.encodings.mirrorMean.data, recorded.detector.rawValue,
            recorded.heightInPixels, recorded.sharpness)
    }

    /// Faces in the order of their photos' rows and their numbers.
    fileprivate func faces(
        _ condition: String, _ arguments: any DatabaseValueConvertible...
    ) throws -> [RecordedFace] {
        let statement = try cachedStatement(
            sql: """
                SELECT hash, number, boxLeft, boxTop, boxWidth, boxHeight, confidence, plain,
                    mirrorMean, detector, heightInPixels, sharpness
                FROM face JOIN photo ON photo.id = face.photo \(condition)
                ORDER BY face.photo, number
                """)
        return try rows(statement, StatementArguments(arguments)) {
            RecordedFace(
                face: Face(
                    id: try $0.next(), box: try $0.next(),
                    confidence: Float(try $0.next(within: Bounds.confidence)),
                    encodings: try $0.next()),
                detector: try $0.next(word: DetectorKind.self),
                heightInPixels: try $0.nextIfAny(within: Bounds.heightInPixels),
                sharpness: try $0.nextIfAny(within: Bounds.sharpness))
        }.distinct("a face") { $0.face.id }
    }
}

extension Columns {
    fileprivate mutating func photo(
        faces: (ContentHash) -> [RecordedFace]
    ) throws -> PhotoRecord {
        let hash: ContentHash = try next()
        return PhotoRecord(
            hash: hash, byteCount: try next(within: Bounds.byteCount), format: try next(),
            condition: try PhotoCondition(word: next()), failure: try next(),
            width: try nextIfAny(within: Bounds.side), height: try nextIfAny(within: Bounds.side),
            taken: try next(), camera: try next(), recordedFaces: faces(hash))
    }
}

extension PhotoCondition {
    fileprivate var word: String {
        switch self {
        case .analysed: "analysed"
        case .tooDamaged: "tooDamaged"
        case .unreadable: "unreadable"
        }
    }

    fileprivate init(word: String) throws {
        switch word {
        case "analysed": self = .analysed
        case "tooDamaged": self = .tooDamaged
        case "unreadable": self = .unreadable
        default:
            throw CorruptRow(
                sentence: "The catalogue holds the condition '\(word)', which is none.")
        }
    }
}
