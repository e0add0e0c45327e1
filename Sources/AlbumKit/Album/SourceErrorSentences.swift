internal import AlbumCatalogue
internal import FileLedger
internal import PhotoIndex
internal import SystemPackage

extension AlbumError {
    /// What is said when a command was given something that it cannot use.
    init(_ error: SourceError) {
        let done = "Nothing was done. "
        switch error {
        case .noPhotos(let command):
            self.init(
                .setting, command, "got no photos",
                remedy: done + "Name the folder with the photos.", underlying: error)
        case .photosMissing(let path):
            self.init(
                .notFound, path.string, "does not exist",
                remedy: done + "Check the name of the photos' folder.", underlying: error)
        case .photosUnfit(let path):
            self.init(
                .notAFolder, path.string, "is neither a folder nor a photo",
                remedy: done + "Name a folder with photos, or single photos.", underlying: error)
        case .outsideAlbum(let path, let album):
            self.init(
                .setting, path.string, "is not among the photos of '\(album.string)'",
                remedy: done + "Sort them into the album first, or leave --album away.",
                underlying: error)
        case .peopleMissing(let path):
            self.init(
                .notFound, path.string, "does not exist",
                remedy: done + "Check the name after --people.", underlying: error)
        case .peopleNotAFolder(let path):
            self.init(
                .notAFolder, path.string, "is a file, not a folder",
                remedy: done + "--people takes a folder with a portrait per person: 'Anna.jpg', "
                    + "or 'Anna/1.jpg', 'Anna/2.jpg'.", underlying: error)
        case .peopleBesideAlbum:
            self.init(
                .setting, "--people", "cannot stand beside --album",
                remedy: done + "The album knows its people; 'facesort sort --people' adds to them.",
                underlying: error)
        case .personName(let refusal, let folder):
            self.init(
                .personName, refusal.name, "cannot be a person's name: \(refusal.reason)",
                remedy: done + "Rename the portrait or its folder in '\(folder.string)'.",
                underlying: error)
        case .alikeNames(let one, let other, let difference):
            let how =
                switch difference {
                case .onlyInCase: "only by capital letters"
                case .onlyInUnicodeForm: "only by their Unicode form, which nobody can see"
                }
            self.init(
                .personName, other, "and '\(one)' differ \(how)",
                remedy:
                    "They would share one folder, so nothing was done. Put their portraits into "
                    + "one folder if they are one person, or rename one of them.",
                underlying: error)
        case .portraitUnread(let path, let reason):
            self.init(
                .file, path.string, "could not be read: \(reason.sentence)",
                remedy: "Nothing was sorted, because people would be missing. Mend the cause, then "
                    + "run it again.", underlying: reason)
        case .album(let path, let condition): self.init(noAlbum: path, condition)
        }
    }

    private init(noAlbum path: FilePath, _ condition: AlbumFolder.Condition) {
        let remedy = "Name the folder that 'facesort sort --to' wrote."
        switch condition {
        case .missing:
            self.init(.notFound, path.string, "does not exist", remedy: "Check the album's name.")
        case .notAFolder:
            self.init(.notAFolder, path.string, "is a file, not an album", remedy: remedy)
        case .empty, .foreign, .album, .photos:
            self.init(.notAnAlbum, path.string, "was not made by facesort", remedy: remedy)
        }
    }
}

extension FailedFile {
    /// What is said about a file or folder of PHOTOS that the disk could not read.
    init(_ file: UnreadFile) {
        self.init(
            source: file.source, path: file.path, code: .notReadable,
            reason: "could not be read: \(file.error.sentence)",
            remedy: file.isFolder
                ? "What is in it was not sorted. Mend its permissions, then sort again."
                : "It was not sorted. Mend the cause, then run 'facesort sort' again.")
    }
}

extension Workspace.Note {
    var sentence: String {
        switch self {
        case .withoutLocks:
            "this disk has no locks: do not run facesort on the album twice at once"
        case .catalogueGone(let holdsPhotos):
            "The \(holdsPhotos ? "folder" : "album")'s catalogue was gone; it is being built again "
                + "from the photos and the journals."
        case .unreadableDecisions(let count):
            "\(count) \(count == 1 ? "line" : "lines") of '.facesort/decisions.jsonl' cannot be "
                + "read: what was said there does not count. 'facesort check' says which."
        }
    }
}
