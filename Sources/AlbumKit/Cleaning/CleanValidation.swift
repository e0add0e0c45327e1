internal import Foundation
internal import SystemPackage

/// A request whose folders make sense together; checked before anything is written.
struct CleanValidation {
    let request: CleanRequest
    /// Absolute, as given.
    let photos: [FilePath]
    let bin: AlbumFolder
    let people: FilePath?
    let album: AlbumFolder?
    /// What the folder of ``people`` holds, by its path.
    private(set) var listedPeople: [FilePath: PeopleFolder] = [:]
    let jobs: Int
    private let disk: Disk

    init(_ request: CleanRequest, disk: Disk) throws {
        self.request = request
        self.disk = disk
        photos = request.photos.map(\.absolute)
        bin = AlbumFolder(request.bin.absolute)
        people = request.people?.absolute
        album = request.album.map { AlbumFolder($0.absolute) }
        jobs = request.jobs ?? ProcessInfo.processInfo.activeProcessorCount
        try checkFilters()
        try SourceChecks.photos(request.photos, disk: disk)
        if let given = request.people {
            listedPeople = [given.absolute: try SourceChecks.people(given, disk: disk)]
        }
        try checkAlbum()
        try checkOverlaps()
        try checkBin()
    }

    private func checkFilters() throws {
        guard !request.photos.isEmpty else {
            throw AlbumError(
                .setting, request.bin.string, "got no photos to clean",
                remedy: "Nothing was done. Name the folder with the photos.")
        }
        guard !request.filters.isEmpty else {
            throw AlbumError(
                .setting, "clean", "was not told what to look for",
                remedy: "Nothing was done. Give at least one of --duplicates, --blurred, "
                    + "--no-faces and --no-known.")
        }
        if request.filters.contains(.noKnown), request.people == nil, request.album == nil {
            throw AlbumError(
                .setting, "--no-known", "knows nobody",
                remedy: "Nothing was done. Name the folder of portraits with --people, or the "
                    + "album of these photos with --album.")
        }
    }

    private func checkAlbum() throws {
        guard let album, let given = request.album else { return }
        _ = try Album(at: given, disk: disk)
        if request.people != nil {
            throw AlbumError(
                .setting, "--people", "cannot stand beside --album",
                remedy: "Nothing was done. The album knows its people; 'facesort sort --people' "
                    + "adds to them.")
        }
        try refuseInside(bin.path.resolved, album.path.resolved, "the album", given)
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
        for (given, path) in zip(request.photos, photos) {
            try refuseInside(path.resolved, inside, "the bin", request.bin, subject: given)
            if try AlbumFolder(path).condition(disk: disk) == .album {
                throw AlbumError(
                    .foldersOverlap, given.string, "is an album or a bin that facesort made",
                    remedy: "Nothing was moved. Clean the originals; what lies in an album are "
                        + "copies of them.")
            }
        }
        if let given = request.people, let people {
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
