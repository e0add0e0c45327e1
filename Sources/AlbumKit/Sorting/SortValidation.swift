internal import PhotoIndex
internal import FileLedger
internal import AlbumCatalogue
internal import SystemPackage

/// A request whose folders and settings make sense together; checked before anything is written.
struct SortValidation {
    let request: SortRequest
    let album: AlbumFolder
    let study: SurveyValidation
    private let disk: Disk

    init(_ request: SortRequest, disk: Disk) throws {
        self.request = request
        self.disk = disk
        album = AlbumFolder(request.album.absolute)
        try Self.checkSettings(request)
        study = try SurveyValidation(request.study, command: "sort", target: album, disk: disk)
        try checkAlbum()
        try checkOverlaps()
    }

    /// What was asked for, else what the album's last sort used, else the defaults.
    func settings(after runs: [RunRecord]) throws -> SortSettings {
        let last = runs.last { $0.command == "sort" && $0.state != .undone }
        var settings =
            last.flatMap { JSONText.decoded(SortSettings.self, from: $0.settings) }
            ?? SortSettings()
        if let tolerance = request.tolerance { settings.match.tolerance = tolerance }
        if let rule = request.rule { settings.match.rule = rule }
        if let naming = request.naming { settings.match.naming = naming }
        settings.match.version = type(of: settings.match).currentVersion
        if let onlySure = request.filesOnlySure { settings.match.filesOnlySure = onlySure }
        if let groupSize = request.groupSize { settings.groupSize = groupSize }
        if let link = request.link { settings.link = link }
        if let search = request.study.search { settings.search = search }
        if let isFlat = request.isUnknownFlat { settings.isUnknownFlat = isFlat }
        return settings
    }

    private static func checkSettings(_ request: SortRequest) throws {
        if let tolerance = request.tolerance, !(tolerance > 0 && tolerance.isFinite) {
            throw setting(
                "--tolerance \(tolerance)", "is not a distance above 0",
                "0.5 is usual; lower is stricter, and above 0.6 strangers are taken for friends.")
        }
        if let groupSize = request.groupSize, groupSize < 1 {
            throw setting("--group-size \(groupSize)", "is below 1", "3 is usual.")
        }
        if let jobs = request.study.jobs, jobs < 1 || jobs > 256 {
            throw setting(
                "--jobs \(jobs)", "is not between 1 and 256", "One per core is quickest.")
        }
    }

    private static func setting(_ subject: String, _ reason: String, _ remedy: String)
        -> AlbumError
    {
        AlbumError(.setting, subject, reason, remedy: "Nothing was done. \(remedy)")
    }

    private func checkAlbum() throws {
        let condition = try album.condition(disk: disk)
        try condition.check(
            request.album, not: "written", photos: "is a folder of renamed photos and no album")
        guard condition != .album, request.study.photos.isEmpty else { return }
        throw AlbumError(
            .notAnAlbum, request.album.string, "is no album yet",
            remedy: "Nothing was done. Name the folder with the photos: 'facesort sort PHOTOS "
                + "--to \(request.album.string)'.")
    }

    /// Copies inside the photos would be sorted again; photos inside the album would be its own.
    private func checkOverlaps() throws {
        let inside = album.path.resolved
        for (given, path) in zip(request.study.photos, study.photos) {
            try refuseOverlap(inside, path.resolved, given, "the photos in")
        }
        if let given = request.study.people, let people = study.people {
            try refuseOverlap(inside, people.resolved, given, "the portraits in")
        }
    }

    private func refuseOverlap(
        _ album: FilePath, _ source: FilePath, _ given: FilePath, _ what: String
    ) throws {
        let isInside = album.starts(with: source)
        guard isInside || source.starts(with: album) else { return }
        throw AlbumError(
            .foldersOverlap, request.album.string,
            isInside
                ? "lies inside \(what) '\(given.string)'"
                : "would hold \(what) '\(given.string)' itself",
            remedy: "Nothing was written. Choose an album beside them with --to.")
    }
}
