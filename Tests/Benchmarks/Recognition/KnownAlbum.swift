import AlbumCatalogue
import FaceAnalysis
import FaceCore
import Foundation
import PhotoImaging
import SystemPackage

/// What the catalogue of an album knows about its photos.
struct KnownAlbum {
    let photos: [CleanablePhoto]
    /// The names of the files, by content, sorted.
    let names: [ContentHash: [String]]
    /// The people recognised in the photos when they were last sorted.
    let people: [ContentHash: Set<PersonID>]

    init(_ album: FilePath) throws {
        let catalogue = try Catalogue(
            path: album.appending(".facesort/catalogue.sqlite"), access: .write)
        var files: [ContentHash: [FilePath]] = [:]
        for source in try catalogue.sources() where source.kind == .photos {
            for file in try catalogue.photoFiles(in: source.id) {
                files[file.photo, default: []].append(source.path.pushing(file.path))
            }
        }
        names = files.mapValues { $0.compactMap { $0.lastComponent?.string }.sorted() }
        let measured = try catalogue.pictureFeatures(version: PictureFeatures.version)
        people = try Dictionary(
            catalogue.matches().compactMap { match in
                match.named.map { (match.face.photo, [$0.person]) }
            }, uniquingKeysWith: { $0.union($1) })
        photos = try catalogue.photos().map { record in
            var features = measured[record.hash]
            if measured.isEmpty, record.condition == .analysed, let path = files[record.hash]?[0] {
                features = try? FaceAnalyser.pictureFeatures(of: PhotoSource(path: path))
            }
            return CleanablePhoto(record, features)
        }
    }
}
