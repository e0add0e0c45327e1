internal import FileLedger
internal import AlbumCatalogue
internal import SystemPackage

/// What happened to the files that earlier runs placed.
///
/// A file that is no longer there, or no longer holds its photo, belongs to the user from then on:
/// it is neither put back nor touched.
struct AlbumAudit {
    /// Ours, and as they were written.
    private(set) var present: [PlacedFile] = []
    /// Taken away or changed by the user, now or before.
    private(set) var leftToUser: [PlacedFile] = []
    /// Those of ``leftToUser`` that the catalogue does not know about yet, and files of ours whose
    /// time changed and nothing else: to be recorded.
    private(set) var changed: [PlacedFile] = []
    /// Those of ``leftToUser`` that were in place when the last run ended and no longer are.
    private(set) var missing: [PlacedFile] = []

    init(of placed: [PlacedFile], album: FilePath, traits: FileSystemTraits, disk: Disk) throws {
        for file in placed {
            guard file.state == .present else {
                leftToUser.append(file)
                continue
            }
            let path = album.pushing(file.path)
            guard let status = try disk.statusIfPresent(of: path, followingLinks: false) else {
                give(file)
                missing.append(file)
                continue
            }
            let isSame =
                status.byteCount == file.stamp.byteCount
                && traits.isSameTime(status.modified, file.stamp.modified)
            if isSame {
                present.append(file)
            } else if status.kind == .file,
                try ContentHasher.hash(fileAt: path, disk: disk).hash == file.photo
            {
                let stamp = FileStamp(byteCount: status.byteCount, modified: status.modified)
                let touched = file.with(stamp: stamp, state: .present)
                present.append(touched)
                changed.append(touched)
            } else {
                give(file)
            }
        }
    }

    /// Takes files as ours again that the user moved.
    ///
    /// - Parameter moved: what was, and what is now. A place of strangers is left for good; from any
    ///   other the file was taken away.
    mutating func adopt(_ moved: [(from: PlacedFile, to: PlacedFile)]) {
        let left = Set(moved.filter(\.from.place.isOfStrangers).map(\.from.path))
        leftToUser.removeAll { left.contains($0.path) }
        changed.removeAll { left.contains($0.path) }
        present += moved.map(\.to)
    }

    private mutating func give(_ file: PlacedFile) {
        let given = file.with(stamp: file.stamp, state: .deletedByUser)
        leftToUser.append(given)
        changed.append(given)
    }
}

extension PlacedFile {
    func with(stamp: FileStamp, state: State) -> PlacedFile {
        PlacedFile(
            path: path, place: place, photo: photo, stamp: stamp, state: state, run: run)
    }
}
