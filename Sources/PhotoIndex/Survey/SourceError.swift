package import FileLedger
package import SystemPackage

/// Why photos, portraits or an album given to a command cannot be used; nothing was done yet.
///
/// Paths are as the user wrote them.
package enum SourceError: Error, Sendable {
    case noPhotos(command: String)
    case photosMissing(FilePath)
    /// Neither a folder nor a file.
    case photosUnfit(FilePath)
    case outsideAlbum(FilePath, album: FilePath)
    case peopleMissing(FilePath)
    case peopleNotAFolder(FilePath)
    case peopleBesideAlbum
    case personName(FolderNameRefusal, folder: FilePath)
    /// Two portraits' names that cannot exist on one disk.
    case alikeNames(String, String, AlikeNames)
    case portraitUnread(FilePath, FileError)
    /// The folder is not an album.
    case album(FilePath, AlbumFolder.Condition)

    /// How two names differ.
    package enum AlikeNames: Sendable {
        case onlyInCase
        case onlyInUnicodeForm
    }
}
