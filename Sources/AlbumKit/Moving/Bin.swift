internal import FaceCore
internal import PhotoIndex
internal import FileLedger
internal import SystemPackage

/// What the commands that fill a bin have in common.
enum Bin {
    /// Opens a bin to write in it; it is made when missing.
    ///
    /// - Parameter given: as the user wrote it.
    static func open(
        _ folder: AlbumFolder, given: FilePath, command: String, disk: Disk
    ) throws -> Workspace {
        let bin = try Workspace(folder, access: .write(command: command), disk: disk)
        guard try !bin.catalogue.runs().contains(where: { $0.command == "sort" }) else {
            throw AlbumError(
                .foreignFolder, given.string, "is an album of sorted photos",
                remedy: "Nothing was moved. Choose another folder with --to.")
        }
        return bin
    }

    /// Ends a run that was interrupted.
    ///
    /// - Throws: ``AlbumError`` `.interrupted`.
    static func stop(
        _ log: RunLog?, _ given: FilePath, ifRequested interruption: Interruption
    ) throws {
        guard interruption.isRequested else { return }
        _ = try log?.finish(.interrupted, summary: nil)
        throw AlbumError(
            .interrupted, given.string, "is not finished: it was interrupted",
            remedy: "What was learnt and moved is kept. Run the same command again to carry on, or "
                + "'facesort undo \(given.string)' to bring everything back.")
    }

    /// Whether photos can be moved into that bin; checked before anything is written.
    ///
    /// - Parameter given: the bin as the user wrote it.
    static func check(
        _ bin: AlbumFolder, given: FilePath, for study: SurveyValidation, disk: Disk
    ) throws {
        try checkOverlaps(bin, given, study, disk)
        try checkCondition(of: bin, given: given, disk: disk)
    }

    /// Whether that folder is a bin, or may become one.
    static func checkCondition(of bin: AlbumFolder, given: FilePath, disk: Disk) throws {
        try bin.condition(disk: disk).check(
            given, not: "moved", photos: "is a folder of renamed photos and no bin")
    }

    /// A bin may lie in the photos' folder, where it is skipped; nothing may lie in a bin.
    private static func checkOverlaps(
        _ bin: AlbumFolder, _ given: FilePath, _ study: SurveyValidation, _ disk: Disk
    ) throws {
        let inside = bin.path.resolved
        func refuse(
            _ inner: FilePath, in outer: FilePath, _ what: String, _ subject: FilePath
        ) throws {
            guard inner.starts(with: outer) else { return }
            throw AlbumError(
                .foldersOverlap, subject.string, "lies in \(what)",
                remedy: "Nothing was moved. Choose another folder with --to.")
        }
        if let name = study.request.album, let album = study.album {
            try refuse(inside, in: album.path.resolved, "the album '\(name.string)'", given)
        }
        for (name, path) in zip(study.request.photos, study.photos) {
            try refuse(path.resolved, in: inside, "the bin '\(given.string)'", name)
            if try AlbumFolder(path).condition(disk: disk) == .album {
                throw AlbumError(
                    .foldersOverlap, name.string, "is an album or a bin that facesort made",
                    remedy: "Nothing was moved. Name the originals; what lies in an album are "
                        + "copies of them.")
            }
        }
        if let name = study.request.people, let people = study.people {
            try refuse(people.resolved, in: inside, "the bin '\(given.string)'", name)
            try refuse(inside, in: people.resolved, "the portraits' folder '\(name.string)'", given)
        }
    }
}
