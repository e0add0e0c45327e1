internal import FileLedger
internal import PhotoImaging
internal import SystemPackage

/// Pictures among photos that cameras and programs keep for another file: the thumbnail of a video,
/// or the file as it was before exiftool wrote.
///
/// One without that other file may be all that is left of it, and counts as a photo.
struct Companions {
    private static let thumbnailEnd = Array(".thm".utf8)
    private static let backupEnd = Array("_original".utf8)

    private var kinds: [FilePath: String] = [:]

    /// - Parameter files: all of a source.
    init(among files: [ScannedFile]) {
        var thumbnails: [FilePath] = []
        var backups: [FilePath] = []
        for file in files {
            let bytes = file.path.bytes
            if bytes.suffix(4).map({ $0 | 0x20 }) == Self.thumbnailEnd {
                thumbnails.append(file.path)
            } else if bytes.suffix(Self.backupEnd.count) == Self.backupEnd[...] {
                backups.append(file.path)
            }
        }
        if !thumbnails.isEmpty {
            let stems = Set(files.map(\.path).filter(Self.hasThumbnail).map(Self.stem))
            for path in thumbnails where stems.contains(Self.stem(path)) {
                kinds[path] = "thumbnail"
            }
        }
        if !backups.isEmpty {
            let all = Set(files.map(\.path.bytes))
            for path in backups
            where all.contains(
                Array(path.bytes.dropLast(Self.backupEnd.count)))
            {
                kinds[path] = "backup"
            }
        }
    }

    /// What the user reads that it is; `nil` for every other file.
    func kind(of path: FilePath) -> String? { kinds.isEmpty ? nil : kinds[path] }

    /// Whether it is of a kind that cameras write a thumbnail for.
    private static func hasThumbnail(_ path: FilePath) -> Bool {
        let fileExtension = path.extension ?? ""
        if PhotoImaging.FileKind.claimsToBePhoto(fileExtension: fileExtension) { return true }
        switch PhotoImaging.FileKind.of(firstBytes: [], fileExtension: fileExtension) {
        case .video, .raw: return true
        case .photo, .otherPicture, .unrecognised: return false
        }
    }

    /// The path without its extension, in small letters.
    private static func stem(_ path: FilePath) -> String {
        path.removingLastComponent().appending(path.stem ?? "").string.lowercased()
    }
}
