internal import PhotoIndex
internal import FileLedger
internal import SystemPackage

/// A request whose folders make sense together; checked before anything is written.
struct RenameValidation {
    let request: RenameRequest
    let study: SurveyValidation
    /// The folder whose names are changed: PHOTOS itself, or that of the copies. What goes into a
    /// ZIP file is remembered beside the photos.
    let workspace: AlbumFolder
    /// Whether the originals stay as they are.
    let isCopy: Bool
    /// The ZIP file, absolute.
    let archive: FilePath?
    /// Whether something is to be kept in ``workspace``: not where an album remembers, not of single
    /// photos for a ZIP file, whose folder nobody named.
    let writesWorkspace: Bool
    private let disk: Disk

    init(_ request: RenameRequest, disk: Disk) throws {
        self.request = request
        self.disk = disk
        isCopy = request.destination != .photos
        study = try SurveyValidation(request.study, command: RenameRun.command, disk: disk)
        let first = study.photos[0]
        let isFile = try disk.status(of: first).kind == .file
        switch request.destination {
        case .photos:
            (workspace, archive) = (AlbumFolder(first), nil)
        case .folder(let copies):
            (workspace, archive) = (AlbumFolder(copies.absolute), nil)
        case .zip(let file):
            workspace = AlbumFolder(isFile ? first.removingLastComponent() : first)
            archive = file.absolute
        }
        writesWorkspace =
            archive == nil
            ? request.applies || study.album == nil : study.album == nil && !isFile
        try checkPhotos()
        switch request.destination {
        case .photos: break
        case .folder(let copies): try checkCopies(copies)
        case .zip(let file): try checkZip(file)
        }
    }

    /// As the user wrote it.
    var given: FilePath {
        switch request.destination {
        case .photos: request.study.photos[0]
        case .folder(let given), .zip(let given): given
        }
    }

    private func checkZip(_ given: FilePath) throws {
        if try disk.statusIfPresent(of: given.absolute, followingLinks: false) != nil {
            throw AlbumError(
                .file, given.string, "is there already",
                remedy: "Nothing was written over it. Choose another name with --zip.")
        }
        guard try disk.statusIfPresent(of: given.absolute.folder)?.kind == .folder else {
            throw AlbumError(
                .notFound, given.absolute.folder.string, "is no folder to write into",
                remedy: "Nothing was written. Make it, or choose another with --zip.")
        }
    }

    private func checkPhotos() throws {
        for (given, path) in zip(request.study.photos, study.photos) {
            if let album = study.album, path.resolved.starts(with: album.path.resolved) {
                throw overlap(given, "lies in the album '\(request.study.album?.string ?? "")'")
            }
            let condition = try AlbumFolder(path).condition(disk: disk)
            if condition == .album, try !isBarelyBegun(AlbumFolder(path)) {
                throw overlap(given, "is an album or a bin that facesort made")
            }
        }
        guard !isCopy else { return }
        guard study.photos.count == 1, try disk.status(of: study.photos[0]).kind == .folder else {
            throw AlbumError(
                .setting, request.study.photos[study.photos.count > 1 ? 1 : 0].string,
                study.photos.count > 1 ? "is a second folder" : "is a single photo",
                remedy: "Nothing was renamed. Photos are renamed in one folder at a time; --to "
                    + "DIR writes renamed copies of any.")
        }
    }

    private func checkCopies(_ given: FilePath) throws {
        let condition = try workspace.condition(disk: disk)
        let isForeignAlbum = try condition == .album && !isBarelyBegun(workspace)
        try condition.check(
            given, not: "copied",
            album: isForeignAlbum ? "is an album or a bin that facesort made" : nil)
        let outer = workspace.path.resolved
        for (photosGiven, path) in zip(request.study.photos, study.photos)
        where path.resolved.starts(with: outer) {
            throw overlap(
                photosGiven, "lies in the folder of the copies '\(given.string)'")
        }
        if let people = study.people, let peopleGiven = request.study.people,
            people.resolved.starts(with: outer)
        {
            throw overlap(peopleGiven, "lies in the folder of the copies '\(given.string)'")
        }
        if let album = study.album, outer.starts(with: album.path.resolved) {
            throw overlap(given, "lies in the album '\(request.study.album?.string ?? "")'")
        }
    }

    private func overlap(_ given: FilePath, _ reason: String) -> AlbumError {
        AlbumError(
            .foldersOverlap, given.string, reason,
            remedy: "Nothing was renamed. Choose another folder.")
    }

    /// Whether a run was killed before it could say what the workspace shall be.
    private func isBarelyBegun(_ folder: AlbumFolder) throws -> Bool {
        try disk.entries(of: folder.state).isEmpty
    }
}
