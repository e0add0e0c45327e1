import GRDB

/// The tables, and how older ones are updated.
///
/// A released migration is never edited: a change gets its own migration. Each kind of analysis has
/// its own table with its own version, so that one is redone without the others.
enum Schema {
    /// `FCST`, in SQLite's header, marks a catalogue among databases.
    static let applicationID = 0x4643_5354

    /// What each version adds to the previous one.
    private static let migrations = [
        version1, version2, version3, version4, version5, version6, version7, version8, version9,
        version10,
    ]

    /// The version that the newest migration makes.
    static let version = migrations.count

    static func migrator() -> DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for (version, sql) in zip(1..., migrations) {
            migrator.registerMigration("\(version)") { database in
                try database.execute(sql: sql)
                try database.execute(sql: "PRAGMA application_id = \(applicationID)")
                try database.execute(sql: "PRAGMA user_version = \(version)")
            }
        }
        return migrator
    }

    /// Paths are the file system's bytes, without a NUL: they need not be UTF-8.
    private static let version1 = """
        CREATE TABLE encodingSpace (
            number INTEGER PRIMARY KEY CHECK (number = 1),
            alignment TEXT NOT NULL CHECK (alignment <> ''),
            alignerHash TEXT NOT NULL CHECK (alignerHash <> ''),
            encoderHash TEXT NOT NULL CHECK (encoderHash <> '')
        ) STRICT;

        CREATE TABLE source (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            kind TEXT NOT NULL CHECK (kind IN ('photos', 'people')),
            path BLOB NOT NULL CHECK (substr(path, 1, 1) = x'2F' AND instr(path, x'00') = 0),
            UNIQUE (kind, path)
        ) STRICT;

        CREATE TABLE photo (
            id INTEGER PRIMARY KEY,
            hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
            byteCount INTEGER NOT NULL CHECK (byteCount >= 0),
            format TEXT CHECK (format <> ''),
            condition TEXT NOT NULL CHECK (condition IN ('analysed', 'tooDamaged', 'unreadable')),
            failureCode TEXT CHECK (failureCode <> ''),
            failureReason TEXT CHECK ((failureReason IS NULL) = (failureCode IS NULL)),
            width INTEGER CHECK (width > 0),
            height INTEGER CHECK (height > 0),
            taken TEXT CHECK (taken <> ''),
            takenOffset INTEGER,
            camera TEXT,
            CHECK ((width IS NULL) = (height IS NULL))
        ) STRICT;

        CREATE TABLE faceAnalysis (
            photo INTEGER PRIMARY KEY REFERENCES photo (id) ON DELETE CASCADE,
            version INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE face (
            id INTEGER PRIMARY KEY,
            photo INTEGER NOT NULL REFERENCES faceAnalysis (photo) ON DELETE CASCADE,
            number INTEGER NOT NULL CHECK (number >= 0),
            boxLeft REAL NOT NULL,
            boxTop REAL NOT NULL,
            boxWidth REAL NOT NULL CHECK (boxWidth > 0),
            boxHeight REAL NOT NULL CHECK (boxHeight > 0),
            confidence REAL NOT NULL,
            plain BLOB NOT NULL CHECK (length(plain) = 512),
            mirrorMean BLOB NOT NULL CHECK (length(mirrorMean) = 512),
            detector TEXT NOT NULL CHECK (detector <> ''),
            heightInPixels REAL CHECK (heightInPixels > 0),
            sharpness REAL CHECK (sharpness >= 0),
            UNIQUE (photo, number)
        ) STRICT;

        CREATE TABLE photoFile (
            source INTEGER NOT NULL REFERENCES source (id),
            relativePath BLOB NOT NULL
                CHECK (length(relativePath) > 0 AND instr(relativePath, x'00') = 0),
            byteCount INTEGER NOT NULL CHECK (byteCount >= 0),
            modified INTEGER NOT NULL,
            photo INTEGER NOT NULL REFERENCES photo (id),
            PRIMARY KEY (source, relativePath)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX photoFileOfPhoto ON photoFile (photo);

        CREATE TABLE skippedFile (
            source INTEGER NOT NULL REFERENCES source (id),
            relativePath BLOB NOT NULL
                CHECK (length(relativePath) > 0 AND instr(relativePath, x'00') = 0),
            kind TEXT NOT NULL CHECK (kind <> ''),
            PRIMARY KEY (source, relativePath)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE person (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL UNIQUE CHECK (name <> ''),
            folder TEXT NOT NULL UNIQUE CHECK (folder <> '' AND instr(folder, '/') = 0)
        ) STRICT;

        CREATE TABLE portraitAnalysis (
            id INTEGER PRIMARY KEY,
            hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
            version INTEGER NOT NULL,
            width INTEGER CHECK (width > 0),
            height INTEGER CHECK (height > 0),
            faceCount INTEGER NOT NULL CHECK (faceCount >= 0),
            failureCode TEXT CHECK (failureCode <> ''),
            failureReason TEXT CHECK ((failureReason IS NULL) = (failureCode IS NULL)),
            CHECK ((width IS NULL) = (height IS NULL))
        ) STRICT;

        CREATE TABLE portraitFace (
            portrait INTEGER PRIMARY KEY REFERENCES portraitAnalysis (id) ON DELETE CASCADE,
            boxLeft REAL NOT NULL,
            boxTop REAL NOT NULL,
            boxWidth REAL NOT NULL CHECK (boxWidth > 0),
            boxHeight REAL NOT NULL CHECK (boxHeight > 0),
            confidence REAL NOT NULL,
            plain BLOB NOT NULL CHECK (length(plain) = 512),
            mirrorMean BLOB NOT NULL CHECK (length(mirrorMean) = 512),
            heightInPixels REAL NOT NULL CHECK (heightInPixels > 0),
            detector TEXT NOT NULL CHECK (detector <> '')
        ) STRICT;

        CREATE TABLE reference (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            person INTEGER NOT NULL REFERENCES person (id),
            portrait INTEGER NOT NULL REFERENCES portraitAnalysis (id),
            UNIQUE (person, portrait)
        ) STRICT;

        CREATE TABLE portraitFile (
            source INTEGER NOT NULL REFERENCES source (id),
            relativePath BLOB NOT NULL
                CHECK (length(relativePath) > 0 AND instr(relativePath, x'00') = 0),
            byteCount INTEGER NOT NULL CHECK (byteCount >= 0),
            modified INTEGER NOT NULL,
            reference INTEGER NOT NULL REFERENCES reference (id),
            PRIMARY KEY (source, relativePath)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX portraitFileOfReference ON portraitFile (reference);

        CREATE TABLE run (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE CHECK (id <> ''),
            command TEXT NOT NULL CHECK (command <> ''),
            started TEXT NOT NULL,
            finished TEXT,
            state TEXT NOT NULL
                CHECK (state IN ('running', 'finished', 'interrupted', 'undone')),
            settings TEXT NOT NULL,
            summary TEXT
        ) STRICT;

        CREATE TABLE faceMatch (
            face INTEGER PRIMARY KEY REFERENCES face (id) ON DELETE CASCADE,
            run INTEGER NOT NULL REFERENCES run (number),
            namedPerson INTEGER REFERENCES person (id),
            namedReference INTEGER REFERENCES reference (id),
            namedDistance REAL CHECK ((namedDistance IS NULL) = (namedPerson IS NULL)),
            nearestPerson INTEGER REFERENCES person (id),
            nearestReference INTEGER REFERENCES reference (id),
            nearestDistance REAL CHECK ((nearestDistance IS NULL) = (nearestPerson IS NULL)),
            runnerUpPerson INTEGER REFERENCES person (id),
            runnerUpReference INTEGER REFERENCES reference (id),
            runnerUpDistance REAL CHECK ((runnerUpDistance IS NULL) = (runnerUpPerson IS NULL)),
            band TEXT NOT NULL CHECK (band IN ('sure', 'likely', 'ask', 'no')),
            reason TEXT NOT NULL CHECK (reason <> ''),
            CHECK (namedPerson IS NULL OR band IN ('sure', 'likely'))
        ) STRICT;

        CREATE TABLE matchRun (
            number INTEGER PRIMARY KEY CHECK (number = 1),
            run INTEGER NOT NULL REFERENCES run (number)
        ) STRICT;

        -- The photo and the run of a placed file may be unknown: both come from the journals,
        -- which outlive the catalogue.
        CREATE TABLE placedFile (
            albumPath BLOB PRIMARY KEY NOT NULL
                CHECK (length(albumPath) > 0 AND instr(albumPath, x'00') = 0),
            place TEXT NOT NULL
                CHECK (place IN ('person', 'group', 'unknown', 'unreadable', 'copies')),
            person INTEGER REFERENCES person (id) CHECK ((person IS NOT NULL) = (place = 'person')),
            hash BLOB NOT NULL CHECK (length(hash) = 32),
            byteCount INTEGER NOT NULL CHECK (byteCount >= 0),
            modified INTEGER NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('present', 'deletedByUser')),
            run TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX placedFileOfPhoto ON placedFile (hash);
        """

    /// The numbers that the encoder calculated with, and how deeply photos were searched.
    private static let version2 = """
        ALTER TABLE encodingSpace ADD COLUMN arithmetic TEXT NOT NULL DEFAULT 'f32'
            CHECK (arithmetic IN ('f32', 'bf16'));
        ALTER TABLE faceAnalysis ADD COLUMN search TEXT NOT NULL DEFAULT 'balanced'
            CHECK (search <> '');
        """

    /// What pictures are like, and what the evidence rule weighed.
    ///
    /// A picture that cannot be measured has a row without measures, so that it is not tried again.
    private static let version3 = """
        CREATE TABLE pictureAnalysis (
            photo INTEGER PRIMARY KEY REFERENCES photo (id) ON DELETE CASCADE,
            version INTEGER NOT NULL,
            greys BLOB CHECK (length(greys) = 576),
            differenceHash INTEGER CHECK ((differenceHash IS NULL) = (greys IS NULL)),
            sharpness REAL CHECK ((sharpness IS NULL) = (greys IS NULL) AND sharpness >= 0),
            brightness REAL
                CHECK ((brightness IS NULL) = (greys IS NULL) AND brightness BETWEEN 0 AND 1),
            darkFraction REAL
                CHECK ((darkFraction IS NULL) = (greys IS NULL) AND darkFraction BETWEEN 0 AND 1),
            brightFraction REAL
                CHECK ((brightFraction IS NULL) = (greys IS NULL)
                    AND brightFraction BETWEEN 0 AND 1)
        ) STRICT;

        ALTER TABLE portraitFace ADD COLUMN sharpness REAL CHECK (sharpness >= 0);

        ALTER TABLE faceMatch ADD COLUMN groupFaceCount INTEGER CHECK (groupFaceCount > 0);
        ALTER TABLE faceMatch ADD COLUMN ownDistance REAL
            CHECK ((ownDistance IS NULL) = (groupFaceCount IS NULL));
        ALTER TABLE faceMatch ADD COLUMN allowedDistance REAL
            CHECK ((allowedDistance IS NULL) = (groupFaceCount IS NULL));
        ALTER TABLE faceMatch ADD COLUMN lookAlike INTEGER REFERENCES person (id);
        ALTER TABLE faceMatch ADD COLUMN rivalFace INTEGER
            REFERENCES face (id) ON DELETE SET NULL;
        ALTER TABLE faceMatch ADD COLUMN rivalFaceCount INTEGER CHECK (rivalFaceCount > 0);
        ALTER TABLE faceMatch ADD COLUMN rivalDistance REAL
            CHECK ((rivalDistance IS NULL) = (rivalFaceCount IS NULL));
        ALTER TABLE faceMatch ADD COLUMN copyFace INTEGER REFERENCES face (id) ON DELETE SET NULL;
        CREATE INDEX faceMatchOfRival ON faceMatch (rivalFace) WHERE rivalFace IS NOT NULL;
        CREATE INDEX faceMatchOfCopy ON faceMatch (copyFace) WHERE copyFace IS NOT NULL;

        -- The clusters of all faces, singles among them, as the version found them: not valid when a
        -- face has none.
        CREATE TABLE tightCluster (
            face INTEGER PRIMARY KEY REFERENCES face (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            version INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE copiedName (
            photo INTEGER NOT NULL REFERENCES photo (id) ON DELETE CASCADE,
            person INTEGER NOT NULL REFERENCES person (id),
            source INTEGER NOT NULL REFERENCES face (id) ON DELETE CASCADE,
            band TEXT NOT NULL CHECK (band IN ('sure', 'likely')),
            PRIMARY KEY (photo, person)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX copiedNameOfSource ON copiedName (source);
        """

    /// Clusters with their numbers, and the files placed in their folders.
    ///
    /// Clusters are stored by box, not by face: a photo analysed again has new faces at the same
    /// places, and a stranger keeps the number.
    private static let version4 = """
        CREATE TABLE clusteredFace (
            photo INTEGER NOT NULL REFERENCES photo (id) ON DELETE CASCADE,
            boxLeft REAL NOT NULL,
            boxTop REAL NOT NULL,
            boxWidth REAL NOT NULL CHECK (boxWidth > 0),
            boxHeight REAL NOT NULL CHECK (boxHeight > 0),
            -- Of the face's cluster, or of the last one that it was in.
            cluster INTEGER CHECK (cluster > 0),
            state TEXT NOT NULL CHECK (state IN ('found', 'added', 'past')),
            version INTEGER NOT NULL,
            PRIMARY KEY (photo, boxLeft, boxTop, boxWidth, boxHeight)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE clusterNumber (
            number INTEGER PRIMARY KEY CHECK (number = 1),
            last INTEGER NOT NULL CHECK (last >= 0)
        ) STRICT;
        INSERT INTO clusterNumber VALUES (1, 0);

        CREATE TABLE placedFileWithCluster (
            albumPath BLOB PRIMARY KEY NOT NULL
                CHECK (length(albumPath) > 0 AND instr(albumPath, x'00') = 0),
            place TEXT NOT NULL CHECK (place IN
                ('person', 'group', 'unknown', 'cluster', 'unreadable', 'copies')),
            person INTEGER REFERENCES person (id) CHECK ((person IS NOT NULL) = (place = 'person')),
            cluster INTEGER
                CHECK ((cluster IS NOT NULL) = (place = 'cluster') AND cluster > 0),
            hash BLOB NOT NULL CHECK (length(hash) = 32),
            byteCount INTEGER NOT NULL CHECK (byteCount >= 0),
            modified INTEGER NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('present', 'deletedByUser')),
            run TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        INSERT INTO placedFileWithCluster
            SELECT albumPath, place, person, NULL, hash, byteCount, modified, state, run
            FROM placedFile;
        DROP TABLE placedFile;
        ALTER TABLE placedFileWithCluster RENAME TO placedFile;
        CREATE INDEX placedFileOfPhoto ON placedFile (hash);
        """

    /// Photos' faces that stand for people, and an index of what a person said.
    ///
    /// The photo of a decision may be unknown: the journal, which is the truth, outlives the
    /// catalogue.
    private static let version5 = """
        CREATE TABLE referenceOfAnyKind (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            person INTEGER NOT NULL REFERENCES person (id),
            portrait INTEGER REFERENCES portraitAnalysis (id),
            -- Else a face of a photo, by its place.
            photo INTEGER REFERENCES photo (id),
            faceLeft REAL CHECK ((faceLeft IS NULL) = (photo IS NULL)),
            faceTop REAL CHECK ((faceTop IS NULL) = (photo IS NULL)),
            faceWidth REAL CHECK ((faceWidth IS NULL) = (photo IS NULL) AND faceWidth > 0),
            faceHeight REAL CHECK ((faceHeight IS NULL) = (photo IS NULL) AND faceHeight > 0),
            -- A face that stands for its person no more keeps the number for when it does again.
            isUsed INTEGER CHECK ((isUsed IS NULL) = (photo IS NULL) AND isUsed IN (0, 1)),
            CHECK ((portrait IS NULL) <> (photo IS NULL)),
            UNIQUE (person, portrait)
        ) STRICT;
        INSERT INTO referenceOfAnyKind (id, person, portrait)
            SELECT id, person, portrait FROM reference;
        DROP TABLE reference;
        ALTER TABLE referenceOfAnyKind RENAME TO reference;
        CREATE INDEX referenceOfPhoto ON reference (photo) WHERE photo IS NOT NULL;

        -- Of the journal that the decided faces were read from.
        CREATE TABLE decisionJournal (
            number INTEGER PRIMARY KEY CHECK (number = 1),
            byteCount INTEGER NOT NULL CHECK (byteCount > 0),
            digest BLOB NOT NULL CHECK (length(digest) = 32)
        ) STRICT;

        CREATE TABLE decidedFace (
            id INTEGER PRIMARY KEY,
            hash BLOB NOT NULL CHECK (length(hash) = 32),
            boxLeft REAL NOT NULL,
            boxTop REAL NOT NULL,
            boxWidth REAL NOT NULL CHECK (boxWidth > 0),
            boxHeight REAL NOT NULL CHECK (boxHeight > 0),
            standing TEXT NOT NULL
                CHECK (standing IN ('open', 'person', 'notAGuest', 'ignored')),
            name TEXT CHECK ((name IS NULL) = (standing <> 'person') AND name <> ''),
            isPortrait INTEGER NOT NULL CHECK (isPortrait IN (0, 1)),
            isDrawn INTEGER NOT NULL CHECK (isDrawn IN (0, 1)),
            UNIQUE (hash, boxLeft, boxTop, boxWidth, boxHeight)
        ) STRICT;

        CREATE TABLE excludedName (
            face INTEGER NOT NULL REFERENCES decidedFace (id) ON DELETE CASCADE,
            name TEXT NOT NULL CHECK (name <> ''),
            PRIMARY KEY (face, name)
        ) STRICT, WITHOUT ROWID;
        """

    /// What cleaning compares: a larger thumbnail, and how blurred the edges are.
    ///
    /// Older rows have none of it; their version says to measure them again.
    private static let version6 = """
        ALTER TABLE pictureAnalysis ADD COLUMN thumbnail BLOB CHECK (length(thumbnail) = 4096);
        ALTER TABLE pictureAnalysis ADD COLUMN blurRadius REAL CHECK (blurRadius > 0);
        ALTER TABLE pictureAnalysis ADD COLUMN blurCells BLOB
            CHECK ((blurCells IS NULL) = (thumbnail IS NULL) AND length(blurCells) = 2048);
        """

    /// What photos show, by the network's weights.
    ///
    /// A photo that cannot be decoded has a row without a label, so that it is not tried again.
    private static let version7 = """
        CREATE TABLE labelAnalysis (
            photo INTEGER PRIMARY KEY REFERENCES photo (id) ON DELETE CASCADE,
            version INTEGER NOT NULL,
            network BLOB NOT NULL CHECK (length(network) = 32),
            name TEXT CHECK (name <> ''),
            probability REAL
                CHECK ((probability IS NULL) = (name IS NULL) AND probability BETWEEN 0 AND 1),
            -- 512 numbers of four bytes, as they were made: what is compared with them later is the
            -- same whether it was kept or has just been made.
            features BLOB CHECK ((features IS NULL) = (name IS NULL) AND length(features) = 2048)
        ) STRICT;
        """

    /// Failed reads and writes, until a later run succeeds.
    ///
    /// Without a source it is a file of the album.
    private static let version8 = """
        CREATE TABLE failedFile (
            id INTEGER PRIMARY KEY,
            source INTEGER REFERENCES source (id),
            relativePath BLOB NOT NULL
                CHECK (length(relativePath) > 0 AND instr(relativePath, x'00') = 0),
            code TEXT NOT NULL CHECK (code <> ''),
            reason TEXT NOT NULL CHECK (reason <> ''),
            remedy TEXT NOT NULL
        ) STRICT;
        """

    /// How much of each journal the catalogue has.
    private static let version9 = """
        CREATE TABLE takenJournal (
            run TEXT PRIMARY KEY NOT NULL CHECK (run <> ''),
            -- Unknown for what an earlier version took in.
            byteCount INTEGER CHECK (byteCount >= 0)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO takenJournal SELECT id, NULL FROM run;
        """

    /// The file of an encoder that the user brought, and the encodings of the next encoder until every
    /// face has one.
    private static let version10 = """
        ALTER TABLE encodingSpace ADD COLUMN encoderPath BLOB
            CHECK (substr(encoderPath, 1, 1) = x'2F' AND instr(encoderPath, x'00') = 0);

        CREATE TABLE nextSpace (
            number INTEGER PRIMARY KEY CHECK (number = 1),
            alignment TEXT NOT NULL CHECK (alignment <> ''),
            alignerHash TEXT NOT NULL CHECK (alignerHash <> ''),
            encoderHash TEXT NOT NULL CHECK (encoderHash <> ''),
            arithmetic TEXT NOT NULL CHECK (arithmetic IN ('f32', 'bf16')),
            encoderPath BLOB
                CHECK (substr(encoderPath, 1, 1) = x'2F' AND instr(encoderPath, x'00') = 0)
        ) STRICT;

        -- A face or portrait without encodings here was looked at, and cannot be encoded.
        CREATE TABLE nextFace (
            face INTEGER PRIMARY KEY REFERENCES face (id) ON DELETE CASCADE,
            plain BLOB CHECK (length(plain) = 512),
            mirrorMean BLOB
                CHECK ((mirrorMean IS NULL) = (plain IS NULL) AND length(mirrorMean) = 512)
        ) STRICT;
        CREATE TABLE nextPortrait (
            portrait INTEGER PRIMARY KEY REFERENCES portraitFace (portrait) ON DELETE CASCADE,
            plain BLOB CHECK (length(plain) = 512),
            mirrorMean BLOB
                CHECK ((mirrorMean IS NULL) = (plain IS NULL) AND length(mirrorMean) = 512)
        ) STRICT;
        """
}
