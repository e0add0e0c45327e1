public import FaceCore
import GRDB
public import SystemPackage

extension Catalogue {
    /// What made the recorded encodings; `nil` before the first encoding.
    public func encodingSpace() throws(CatalogueError) -> EncodingSpace? {
        try read(Self.encodingSpace)
    }

    /// Where the encoder lay that the user brought; absolute. `nil` when it is dlib's own.
    public func encoderPath() throws(CatalogueError) -> FilePath? {
        try read { database in
            try database.rows(
                "SELECT encoderPath FROM encodingSpace WHERE encoderPath IS NOT NULL"
            ) { try $0.nextAbsolute() }.first
        }
    }

    /// Sets what makes the encodings from now on; the same again changes nothing. Of a space comparable
    /// with the recorded encodings' only the path is set.
    ///
    /// - Parameters:
    ///   - space: of the encodings that follow.
    ///   - encoder: where an encoder that the user brought lies; absolute.
    /// - Throws: also `.otherSpace` when they cannot be compared.
    public func setEncodingSpace(
        _ space: EncodingSpace, encoder: FilePath? = nil
    ) throws(CatalogueError) {
        let known = try encodingSpace()
        if let known, known.isComparable(with: space), try encoderPath() == encoder { return }
        try write { database in
            guard let known = try Self.encodingSpace(database) else {
                return try database.insert(space, encoder: encoder, into: "encodingSpace")
            }
            guard known.isComparable(with: space) else {
                throw CatalogueError(
                    code: .otherSpace,
                    reason: "The catalogue's faces were encoded with other model files, "
                        + "and cannot be compared with these.")
            }
            try database.run("UPDATE encodingSpace SET encoderPath = ?", encoder?.data)
        }
    }

    private static func encodingSpace(_ database: Database) throws -> EncodingSpace? {
        try database.encodingSpace(in: "encodingSpace")
    }

    /// Every source, in the order in which they were added.
    public func sources() throws(CatalogueError) -> [Source] {
        try read { database in
            try database.rows("SELECT id, kind, path FROM source ORDER BY id") {
                Source(
                    id: try $0.next(), kind: try $0.next(word: SourceKind.self),
                    path: try $0.nextAbsolute())
            }.distinct("a source", by: \.id)
        }
    }

    /// Remembers a source by its absolute path; returns a known one as it is.
    public func rememberSource(
        _ kind: SourceKind, at path: FilePath
    ) throws(CatalogueError) -> Source {
        precondition(path.isAbsolute, "a source with a relative path")
        if let known = try sources().first(where: { $0.kind == kind && $0.path == path }) {
            return known
        }
        return try write { database in
            let known = try database.number(
                "SELECT id FROM source WHERE kind = ? AND path = ?", kind.rawValue, path.data)
            if let known { return Source(id: SourceID(rawValue: known), kind: kind, path: path) }
            try database.run(
                "INSERT INTO source (kind, path) VALUES (?, ?)", kind.rawValue, path.data)
            return Source(
                id: SourceID(rawValue: database.lastInsertedRowID), kind: kind, path: path)
        }
    }

    /// The files of a source, by the bytes of their paths.
    ///
    /// - Complexity: 100,000 files in a fraction of a second.
    public func photoFiles(in source: SourceID) throws(CatalogueError) -> [PhotoFile] {
        try photoFiles("photoFile.source = ? ORDER BY relativePath", source.rawValue)
    }

    /// The files of every source whose last path component is `name`, byte for byte.
    ///
    /// - Complexity: reads every file's row.
    public func photoFiles(
        named name: FilePath.Component
    ) throws(CatalogueError) -> [PhotoFile] {
        let bytes = FilePath(root: nil, [name]).data
        return try photoFiles(
            """
            relativePath = ?1
                OR substr(relativePath, -length(?1) - 1) = CAST(x'2F' || ?1 AS BLOB)
            ORDER BY photoFile.source, relativePath
            """, bytes)
    }

    /// The file at `path`, relative to `source`; `nil` when none is recorded.
    public func photoFile(
        at path: FilePath, in source: SourceID
    ) throws(CatalogueError) -> PhotoFile? {
        try photoFiles("photoFile.source = ? AND relativePath = ?", source.rawValue, path.data)
            .first
    }

    /// Every file that holds `photo`, by source and the bytes of its path.
    public func files(of photo: ContentHash) throws(CatalogueError) -> [PhotoFile] {
        try photoFiles("hash = ? ORDER BY photoFile.source, relativePath", photo.data)
    }

    /// Records which photos lie in these files; replaces earlier records of the same paths.
    ///
    /// - Throws: also `.conflict` when a source is unknown, or a photo was never analysed.
    public func record(files: [PhotoFile]) throws(CatalogueError) {
        guard !files.isEmpty else { return }
        try write { database in
            for file in files {
                try database.insert(file, photo: database.row(ofPhotoIn: file))
            }
        }
    }

    /// Forgets where files were; their photos, faces and copies stay known.
    ///
    /// The paths are relative to `source`; unrecorded ones are ignored.
    public func forget(files paths: [FilePath], in source: SourceID) throws(CatalogueError) {
        guard !paths.isEmpty else { return }
        try write { database in
            for path in paths {
                try database.run(
                    "DELETE FROM photoFile WHERE source = ? AND relativePath = ?", source.rawValue,
                    path.data)
            }
        }
    }

    /// Replaces the record of what was skipped in `source`.
    ///
    /// - Precondition: every file is one of `source`.
    public func replaceSkipped(
        in source: SourceID, with files: [SkippedFile]
    ) throws(CatalogueError) {
        precondition(files.allSatisfy { $0.source == source }, "a file of another source")
        try write { database in
            try database.run("DELETE FROM skippedFile WHERE source = ?", source.rawValue)
            for file in files {
                try database.run(
                    "INSERT OR REPLACE INTO skippedFile VALUES (?, ?, ?)", source.rawValue,
                    file.path.data, file.kind)
            }
        }
    }

    /// The skipped files, by source and the bytes of the path.
    public func skippedFiles() throws(CatalogueError) -> [SkippedFile] {
        try read { database in
            try database.rows(
                "SELECT source, relativePath, kind FROM skippedFile ORDER BY source, relativePath"
            ) {
                SkippedFile(
                    source: try $0.next(), path: try $0.nextRelative(), kind: try $0.next())
            }
        }
    }

    /// Replaces the records of one kind of failure in `sources`; `nil` for all, and the album.
    ///
    /// - Precondition: every file has `code`.
    public func replaceFailed(
        _ code: FailureCode, in sources: [SourceID]?, with files: [FailedFile]
    ) throws(CatalogueError) {
        precondition(files.allSatisfy { $0.code == code }, "a file that failed otherwise")
        try write { database in
            if let sources {
                for source in sources {
                    try database.run(
                        "DELETE FROM failedFile WHERE code = ? AND source = ?", code.rawValue,
                        source.rawValue)
                }
            } else {
                try database.run("DELETE FROM failedFile WHERE code = ?", code.rawValue)
            }
            for file in files {
                try database.run(
                    """
                    INSERT INTO failedFile (source, relativePath, code, reason, remedy)
                    VALUES (?, ?, ?, ?, ?)
                    """, file.source?.rawValue, file.path.data, file.code.rawValue, file.reason,
                    file.remedy)
            }
        }
    }

    /// Failures not resolved since, by source and the bytes of the path.
    public func failedFiles() throws(CatalogueError) -> [FailedFile] {
        try read { database in
            try database.rows(
                """
                SELECT source, relativePath, code, reason, remedy FROM failedFile
                ORDER BY source, relativePath, id
                """
            ) {
                FailedFile(
                    source: try $0.next(Int64?.self).map(SourceID.init(rawValue:)),
                    path: try $0.nextRelative(),
                    code: FailureCode(rawValue: try $0.next()), reason: try $0.next(),
                    remedy: try $0.next())
            }
        }
    }

    private func photoFiles(
        _ condition: String, _ arguments: any DatabaseValueConvertible...
    ) throws(CatalogueError) -> [PhotoFile] {
        try read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT photoFile.source, relativePath, photoFile.byteCount, modified, hash
                    FROM photoFile JOIN photo ON photo.id = photoFile.photo WHERE \(condition)
                    """)
            return try database.rows(statement, StatementArguments(arguments)) {
                PhotoFile(
                    source: try $0.next(), path: try $0.nextRelative(), stamp: try $0.next(),
                    photo: try $0.next())
            }.distinct("a file") { [$0.source.rawValue: $0.path] }
        }
    }
}

extension Database {
    /// The row of the photo that `file` holds.
    ///
    /// - Throws: `.conflict` when it is unknown.
    func row(ofPhotoIn file: PhotoFile) throws -> Int64 {
        try row(
            "SELECT id FROM photo WHERE hash = ?", file.photo.data,
            orConflict: "The photo of '\(file.path)' is not in the catalogue.")
    }

    /// Writes one file, which holds the photo in row `photo`.
    func insert(_ file: PhotoFile, photo: Int64) throws {
        try run(
            """
            INSERT INTO photoFile VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (source, relativePath) DO UPDATE SET
                byteCount = excluded.byteCount, modified = excluded.modified,
                photo = excluded.photo
            """, file.source.rawValue, file.path.data, file.stamp.byteCount, file.stamp.modified,
            photo)
    }

    /// - Throws: `.conflict`, with the sentence `reason`, unless the last statement changed a row.
    func requireOneChange(_ reason: String) throws {
        guard changesCount == 1 else {
            throw CatalogueError(code: .conflict, reason: "In the catalogue \(reason).")
        }
    }
}
