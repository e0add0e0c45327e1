/// A catalogue from facesort 1.0, written out, so that no later change of the program can change it
/// too.
enum FirstSchema {
    static let sql = """
        CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);

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

        INSERT INTO grdb_migrations VALUES ('1');
        PRAGMA application_id = 1178817364;
        PRAGMA user_version = 1;

        INSERT INTO encodingSpace VALUES (1, 'dlib-5-point-150px-0.25', 'aa', 'bb');
        INSERT INTO source VALUES (1, 'photos', x'2F6D65646961FF');
        INSERT INTO source VALUES (2, 'people', x'2F70656F706C65');
        INSERT INTO photo VALUES (1,
            x'0101010101010101010101010101010101010101010101010101010101010101', 4800000, 'JPEG',
            'analysed', NULL, NULL, 4000, 3000, '2024-05-01T12:33:10.25', 7200, 'Canon');
        INSERT INTO photo VALUES (2,
            x'0202020202020202020202020202020202020202020202020202020202020202', 0, NULL,
            'unreadable', 'empty', 'The file is empty.', NULL, NULL, NULL, NULL, NULL);
        INSERT INTO faceAnalysis VALUES (1, 1), (2, 1);
        INSERT INTO face VALUES (1, 1, 0, 0.25, 0.5, 0.125, 0.25, 1.5, zeroblob(512),
            zeroblob(512), 'hog', 61.5, NULL);
        INSERT INTO photoFile VALUES (1, x'FF2E6A7067', 4800000, 1714566790250000001, 1);
        INSERT INTO skippedFile VALUES (1, x'612E6D6F76', 'video');
        INSERT INTO person VALUES (1, 'Anna', 'Anna');
        INSERT INTO portraitAnalysis VALUES (1,
            x'0303030303030303030303030303030303030303030303030303030303030303', 1, 640, 480, 1,
            NULL, NULL);
        INSERT INTO portraitFace VALUES (1, 0.25, 0.5, 0.125, 0.25, 1.5, zeroblob(512),
            zeroblob(512), 288, 'hog');
        INSERT INTO reference VALUES (7, 1, 1);
        INSERT INTO portraitFile VALUES (2, x'416E6E612E6A7067', 9, 8, 7);
        INSERT INTO run VALUES (1, 'r1', 'sort', 't0', 't1', 'finished', '{}', NULL);
        INSERT INTO faceMatch VALUES (1, 1, 1, 7, 0.25, 1, 7, 0.25, NULL, NULL, NULL, 'sure',
            'withinLimit');
        INSERT INTO matchRun VALUES (1, 1);
        INSERT INTO placedFile VALUES (x'416E6E612F312E6A7067', 'person', 1,
            x'0101010101010101010101010101010101010101010101010101010101010101', 4800000, 5,
            'present', 'r1');
        """
}
