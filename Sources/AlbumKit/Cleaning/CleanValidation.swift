internal import SystemPackage

/// A request whose folders make sense together; checked before anything is written.
struct CleanValidation {
    let request: CleanRequest
    let study: StudyValidation
    let bin: AlbumFolder
    private let disk: Disk

    init(_ request: CleanRequest, disk: Disk) throws {
        self.request = request
        self.disk = disk
        bin = AlbumFolder(request.bin.absolute)
        study = try StudyValidation(request.study, command: "clean", disk: disk)
        try checkFilters()
        try checkOverlaps()
        try checkBin()
    }

    private func checkFilters() throws {
        guard !request.filters.isEmpty else {
            throw AlbumError(
                .setting, "clean", "was not told what to look for",
                remedy: "Nothing was done. Give at least one of --duplicates, --blurred, "
                    + "--no-faces and --no-known.")
        }
        if request.filters.contains(.noKnown), study.people == nil, study.album == nil {
            throw AlbumError(
                .setting, "--no-known", "knows nobody",
                remedy: "Nothing was done. Name the folder of portraits with --people, or the "
                    + "album of these photos with --album.")
        }
    }

    private func checkBin() throws {
        switch try bin.condition(disk: disk) {
        case .missing, .empty, .album: return
        case .photos:
            throw AlbumError(
                .foreignFolder, request.bin.string, "is a folder of renamed photos and no bin",
                remedy: "Nothing was moved. Choose another folder with --to.")
        case .foreign:
            throw AlbumError(
                .foreignFolder, request.bin.string, "is not empty and was not made by facesort",
                remedy: "Nothing was moved. Choose another folder with --to.")
        case .notAFolder:
            throw AlbumError(
                .notAFolder, request.bin.string, "is a file, not a folder",
                remedy: "Nothing was moved. Choose another folder with --to.")
        }
    }

    /// A bin may lie in the photos' folder, where it is passed over; nothing may lie in a bin.
    private func checkOverlaps() throws {
        let inside = bin.path.resolved
        if let given = request.study.album, let album = study.album {
            try refuseInside(inside, album.path.resolved, "the album", given)
        }
        for (given, path) in zip(request.study.photos, study.photos) {
            try refuseInside(path.resolved, inside, "the bin", request.bin, subject: given)
            if try AlbumFolder(path).condition(disk: disk) == .album {
                throw AlbumError(
                    .foldersOverlap, given.string, "is an album or a bin that facesort made",
                    remedy: "Nothing was moved. Clean the originals; what lies in an album are "
                        + "copies of them.")
            }
        }
        if let given = request.study.people, let people = study.people {
            try refuseInside(people.resolved, inside, "the bin", request.bin, subject: given)
            try refuseInside(inside, people.resolved, "the portraits' folder", given)
        }
    }

    private func refuseInside(
        _ inner: FilePath, _ outer: FilePath, _ what: String, _ outerGiven: FilePath,
        subject: FilePath? = nil
    ) throws {
        guard inner.starts(with: outer) else { return }
        throw AlbumError(
            .foldersOverlap, (subject ?? request.bin).string,
            "lies in \(what) '\(outerGiven.string)'",
            remedy: "Nothing was moved. Choose another folder with --to.")
    }
}
