package import FileLedger
package import AlbumCatalogue
package import FaceCore
package import PhotoImaging
package import SystemPackage

/// Where the bytes of photos may be now; what lies there must be checked.
package struct PhotoPaths {
    private let catalogue: Catalogue
    private let album: AlbumFolder
    /// The folder that a source's paths are relative to.
    private let bases: [SourceID: FilePath]

    /// - Parameter bases: of the sources in which to look for originals.
    init(_ catalogue: Catalogue, album: AlbumFolder, bases: [SourceID: FilePath]) {
        self.catalogue = catalogue
        self.album = album
        self.bases = bases
    }

    /// For originals in all sources.
    package init(_ catalogue: Catalogue, album: AlbumFolder, disk: Disk) throws {
        self.init(
            catalogue, album: album,
            bases: Dictionary(
                uniqueKeysWithValues: try catalogue.sources().map { ($0.id, $0.base(disk)) }))
    }

    /// The absolute path of an original or a portrait; `nil` when its source is not searched.
    package func original(_ path: FilePath, in source: SourceID) -> FilePath? {
        bases[source].map { $0.pushing(path) }
    }

    /// The absolute path of a copy.
    package func copy(_ file: PlacedFile) -> FilePath { album.path.pushing(file.path) }

    /// Those of one photo: the originals first, then the copies.
    package func all(of photo: ContentHash) throws -> [FilePath] {
        try all(catalogue.files(of: photo), catalogue.placedFiles(of: photo))
    }

    package func all(_ files: [PhotoFile], _ copies: [PlacedFile]) -> [FilePath] {
        originals(files) + copies.map(copy)
    }

    package func originals(_ files: [PhotoFile]) -> [FilePath] {
        files.compactMap { original($0.path, in: $0.source) }
    }
}

extension Source {
    /// The folder that the paths of the source's files are relative to.
    fileprivate func base(_ disk: Disk) -> FilePath {
        let isFile = (try? disk.statusIfPresent(of: path))?.kind == .file
        return isFile ? path.removingLastComponent() : path
    }
}

extension Disk {
    /// The result of `make` for a photo, from the first of `paths` that still has the photo's
    /// bytes.
    ///
    /// - Returns: `nil` when no file holds the photo any more, or none can be read.
    package func photo<Made>(
        _ photo: ContentHash, atOneOf paths: [FilePath], _ make: (PhotoSource) throws -> Made
    ) -> Made? {
        for path in paths {
            guard let bytes = try? contents(of: path, limit: PhotoSource.maximumByteCount),
                ContentHasher.hash(bytes) == photo, let source = try? PhotoSource(bytes: bytes),
                let made = try? make(source)
            else { continue }
            return made
        }
        return nil
    }
}
