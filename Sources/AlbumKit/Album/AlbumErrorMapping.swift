internal import PhotoIndex
internal import FileLedger
internal import AlbumCatalogue
internal import FaceAnalysis
internal import PhotoLearning
internal import SystemPackage

extension AlbumError {
    /// Any error of the modules below as one that a user can act on.
    ///
    /// - Parameter album: as the user wrote it.
    init(_ error: any Error, album: FilePath) {
        if Self.isAbout(error, album), Self.isGone(album) {
            self.init(
                .notFound, album.string,
                "is not there any more: its folder was moved or its disk is gone",
                remedy: "What was written so far is whole. Bring it back, or name the folder where "
                    + "it is now; the next run clears what this one had begun.", underlying: error)
            return
        }
        switch error {
        case let error as AlbumError: self = error
        case let error as FileError: self.init(error)
        case let error as CatalogueError: self.init(error, album: album)
        case let error as AlbumLockError: self.init(error, album: album)
        case let error as SourceError: self.init(error)
        case let error as ZipError:
            self.init(
                .file, error.path.string, "could not be written: \(error.reason)",
                remedy: "Nothing was changed. Run the same command again.", underlying: error)
        case let error as ModelError: self.init(error, album: album)
        case let error as LabelNetworkError: self.init(error)
        case let error as FolderNameRefusal:
            self.init(
                .personName, error.name, "cannot be a person's name: \(error.reason)",
                remedy: "Nothing was copied. Rename the portrait or its folder, then run it again.",
                underlying: error)
        default:
            self.init(
                .file, album.string, "could not be worked on: \(error)",
                remedy: "Originals were not touched. Run the command again.", underlying: error)
        }
    }

    /// Whether `error` says that something of the album's is missing, or its disk.
    private static func isAbout(_ error: any Error, _ album: FilePath) -> Bool {
        switch error {
        case let error as CatalogueError: [.missing, .readOnly, .failed].contains(error.code)
        case AlbumLockError.file(let error): error.isMissing || error.isGone
        case let error as FileError:
            (error.isMissing || error.isGone) && error.path.starts(with: album.absolute)
        default: false
        }
    }

    /// Whether the opened album no longer exists: then the whole album is missing.
    private static func isGone(_ album: FilePath) -> Bool {
        (try? Disk().statusIfPresent(of: AlbumFolder(album.absolute).state)) ?? nil == nil
    }

    private init(_ error: FileError) {
        if let intruder = error.intruder {
            self.init(
                .intruder, error.path.string, "cannot be used: \(intruder.sentence)",
                remedy: "Nothing was changed. The folder may come from somebody else: look at what "
                    + "lies there, and move it out of '.facesort' before you run the command again.",
                underlying: error)
            return
        }
        let code: Code =
            error.isDiskFull
            ? .diskFull : error.isReadOnly ? .readOnly : error.isMissing ? .notFound : .file
        let remedy =
            switch code {
            case .diskFull:
                "What was written so far is whole and stays. Make room, then run it again."
            case .readOnly:
                "Nothing there was changed. Choose a folder that can be written to."
            default:
                "Originals were not touched. Mend the cause, then run it again."
            }
        self.init(
            code, error.path.string, "could not be worked on: \(error.sentence)", remedy: remedy,
            underlying: error)
    }

    private init(_ error: ModelError, album: FilePath) {
        let (code, subject, remedy): (Code, String, String) =
            switch error.code {
            case .missing:
                (
                    .modelMissing, error.path.string,
                    "Run Scripts/setup to fetch the models, or name their folder with --models."
                )
            case .damaged:
                (
                    .modelDamaged, error.path.string,
                    "Remove that folder and run Scripts/setup to fetch the models again."
                )
            case .unsupported:
                (
                    .setting, "--engine",
                    "Leave '--engine' away: facesort then takes what runs best here."
                )
            case .noEncoder: (.modelMissing, error.path.string, Self.nameEncoder(of: album))
            case .changedEncoder: (.otherSpace, error.path.string, Self.nameEncoder(of: album))
            case .unfitEncoder:
                (
                    .modelDamaged, error.path.string,
                    "Nothing was changed. An encoder is a file with the network of dlib's face "
                        + "encoder; 'facesort models' names one. Fetch it again, or leave "
                        + "'--encoder' away."
                )
            default: (.modelDamaged, error.path.string, Self.closeOthers)
            }
        self.init(
            code, subject, "cannot be used: \(error.reason)", remedy: remedy, underlying: error)
    }

    /// How to go on without the file of an encoder that the user brought.
    private static func nameEncoder(of album: FilePath) -> String {
        "Say with '--encoder' where the encoder is now; 'facesort people \(album.string) reencode' moves "
            + "an album to dlib's own."
    }

    private init(_ error: LabelNetworkError) {
        let remedy =
            switch error.code {
            case .missing: Self.fetchLabelNetwork
            case .damaged:
                "Remove it, or fetch \(LabelNetworkFile.address) again and decompress it with "
                    + "'bunzip2'."
            default: Self.closeOthers
            }
        self.init(
            error.code == .missing ? .modelMissing : .modelDamaged, error.path.string,
            "cannot be used: \(error.reason)", remedy: remedy, underlying: error)
    }

    /// How to get the label network, one sentence.
    static let fetchLabelNetwork =
        "Fetch \(LabelNetworkFile.address), decompress it with 'bunzip2', and put it into the "
        + "folder of the models."
    private static let closeOthers = "Close other programs, then try again."

    private init(_ error: CatalogueError, album: FilePath) {
        let state = "\(album.string)/.facesort/catalogue.sqlite"
        switch error.code {
        case .temporary:
            self.init(
                .temporaryFolder, album.string, "cannot be looked at: \(error.reason)",
                remedy: "Nothing was changed. Make room there, or name another folder with TMPDIR.",
                underlying: error)
        case .missing:
            self.init(
                .notAnAlbum, album.string, "has no catalogue",
                remedy: "Run 'facesort sort --to' with this album: it is built again.",
                underlying: error)
        case .newer:
            self.init(
                .newerAlbum, album.string, "was written by a newer facesort",
                remedy: "Nothing was changed. Update facesort, then run it again.",
                underlying: error)
        case .damaged:
            self.init(
                .damagedAlbum, album.string,
                "has a damaged catalogue: \(error.reason)",
                remedy:
                    "Nothing was changed. Move '\(state)' away, then run 'facesort sort --to' "
                    + "with this album: it is built again from the photos and the journals.",
                underlying: error)
        case .busy:
            self.init(
                .inUse, album.string, "is in use by another run",
                remedy: "Nothing was changed. Wait until it is done, then run it again.",
                underlying: error)
        case .diskFull:
            self.init(
                .diskFull, album.string, "could not be written: the disk is full",
                remedy: "What was written so far is whole and stays. Make room, then run it again.",
                underlying: error)
        case .readOnly:
            self.init(
                .readOnly, album.string, "cannot be written to",
                remedy: "Nothing was changed. Choose a folder that can be written to.",
                underlying: error)
        case .otherSpace:
            self = .otherSpaceOf(album)
        default:
            self.init(
                .catalogue, album.string, "has a catalogue that failed: \(error.reason)",
                remedy: "Originals were not touched. 'facesort check' says more.",
                underlying: error)
        }
    }

    private static func otherSpaceOf(_ album: FilePath) -> AlbumError {
        AlbumError(
            .otherSpace, album.string, "was made with another encoder",
            remedy:
                "Encodings of different networks cannot be compared, so nothing was changed. Leave "
                + "'--encoder' away to use the one it was made with, move an album to the other one "
                + "with 'facesort people ALBUM reencode', or choose a new folder with --to.")
    }

    private init(_ error: AlbumLockError, album: FilePath) {
        switch error {
        case .held(let holder):
            self.init(
                .inUse, album.string, "is in use by \(holder)",
                remedy: "Nothing was changed. Wait until it is done, then run it again.",
                underlying: error)
        case .file(let error): self.init(error)
        }
    }
}
