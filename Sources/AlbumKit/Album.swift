internal import AlbumCatalogue
internal import FaceAnalysis
internal import FaceCore
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
        let condition: AlbumFolder.Condition
        do {
            condition = try AlbumFolder(path.absolute).condition(disk: disk)
        } catch {
            throw AlbumError(error, album: path)
        }
        switch condition {
        case .album, .photos: return
        case .missing:
            throw AlbumError(
                .notFound, path.string, "does not exist", remedy: "Check the album's name.")
        case .notAFolder:
            throw AlbumError(
                .notAFolder, path.string, "is a file, not an album",
                remedy: "Name the folder that 'facesort sort --to' wrote.")
        case .empty, .foreign:
            throw AlbumError(
                .notAnAlbum, path.string, "was not made by facesort",
                remedy: "Name the folder that 'facesort sort --to' wrote.")
        }
    }

    /// The album that a file lies in, or `nil`; a folder of renamed photos is none.
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
        do {
            let workspace = try Workspace(folder, access: .read, disk: disk)
            defer { workspace.close() }
            return try question(workspace)
        } catch {
            throw AlbumError(error, album: path)
        }
    }
}

/// Whether the model files are there, and where they are looked for.
public struct ModelReport: Sendable, Codable {
    public struct File: Sendable, Codable {
        public let name: String
        public let isThere: Bool
        /// What is wrong with it, or `nil`.
        public let reason: String?
    }

    /// A file that only some commands use, and that 'Scripts/setup' does not fetch.
    public struct OptionalFile: Sendable, Codable {
        public let name: String
        /// What it is for, as a noun.
        public let purpose: String
        public let isThere: Bool
        /// What is wrong with it, or `nil`.
        public let reason: String?
        public let address: String
        /// How it is got and put there, one sentence.
        public let remedy: String
    }

    public let folder: String
    public let files: [File]
    /// Of ``files``; no ``optional`` one is needed.
    public let isUsable: Bool
    public let optional: [OptionalFile]
}
