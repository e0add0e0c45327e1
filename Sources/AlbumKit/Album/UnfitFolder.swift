internal import FileLedger
internal import SystemPackage

extension AlbumFolder.Condition {
    /// Checks that a command may write into a folder of this condition.
    ///
    /// - Parameters:
    ///   - given: the folder, as the user wrote it.
    ///   - done: what did not happen: "moved".
    ///   - photos: what is wrong with a folder of renamed photos; `nil` when such a folder will do.
    ///   - album: the same of an album or a bin.
    func check(
        _ given: FilePath, not done: String, photos: String? = nil, album: String? = nil
    ) throws(AlbumError) {
        let (code, reason): (AlbumError.Code, String?) =
            switch self {
            case .missing, .empty: (.foreignFolder, nil)
            case .album: (.foreignFolder, album)
            case .photos: (.foreignFolder, photos)
            case .foreign: (.foreignFolder, "is not empty and was not made by facesort")
            case .notAFolder: (.notAFolder, "is a file, not a folder")
            }
        guard let reason else { return }
        throw AlbumError(
            code, given.string, reason,
            remedy: "Nothing was \(done). Choose another folder with --to.")
    }
}
