internal import PhotoIndex
package import FileLedger
internal import Foundation
public import SystemPackage

/// An album that facesort made: questions about it, and undo.
///
/// Questions never wait for a run that is writing, and change nothing.
public struct Album: Sendable {
    public let path: FilePath
    let disk: Disk

    /// - Throws: ``AlbumError`` `.notFound`, `.notAFolder` or `.notAnAlbum`.
    public init(at path: FilePath) throws(AlbumError) {
        try self.init(at: path, disk: Disk())
    }

    package init(at path: FilePath, disk: Disk) throws(AlbumError) {
        self.path = path
        self.disk = disk
        try withAlbumErrors(of: path) { try SourceChecks.album(path, disk: disk) }
    }

    /// The album that a file lies in, or `nil`; a folder of renamed photos does not count.
    public static func containing(_ file: FilePath) -> Album? {
        var folder = file.absolute
        while folder.lastComponent != nil {
            folder.removeLastComponent()
            if let album = try? Album(at: folder), (try? album.folder.condition()) == .album {
                return album
            }
        }
        return nil
    }

    var folder: AlbumFolder { AlbumFolder(path.absolute) }

    /// Asks the catalogue, and gives every error a remedy.
    func ask<Answer>(_ question: (Workspace) throws -> Answer) throws(AlbumError) -> Answer {
        try withAlbumErrors(of: path) {
            let workspace = try Workspace(folder, access: .read, disk: disk)
            defer { workspace.close() }
            return try question(workspace)
        }
    }
}
