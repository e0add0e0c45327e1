internal import PhotoIndex
internal import AlbumCatalogue
internal import FaceCore
internal import SystemPackage

/// Where the originals of the photos lie that can be reached now.
struct Originals {
    /// By photo, in stable order: by source as they were given, then bytewise by path.
    private(set) var ofPhoto: [ContentHash: [Original]] = [:]
    private var firsts: [ContentHash] = []

    init(_ inventory: PhotoInventory, catalogue: Catalogue) throws {
        var found: [(source: SourceID, file: PhotoFile, path: FilePath)] = []
        var paths: Set<FilePath> = []
        for source in try catalogue.sources() where source.kind == .photos {
            guard let base = inventory.bases[source.id] else { continue }
            for file in try catalogue.photoFiles(in: source.id) {
                let path = base.pushing(file.path)
                // Overlapping sources show one file twice.
                if paths.insert(path).inserted { found.append((source.id, file, path)) }
            }
        }
        // And so do links and further names.
        for (source, file, path) in inventory.shared.distinct(
            found, by: { SharedFiles.Name(source: $0.source, path: $0.file.path) })
        {
            if ofPhoto[file.photo] == nil { firsts.append(file.photo) }
            ofPhoto[file.photo, default: []].append(
                Original(source: source, path: path, name: file.path))
        }
    }

    /// The photos by their first paths; those out of reach last, by content.
    func order(of photos: [PhotoRecord]) -> [ContentHash] {
        firsts + photos.map(\.hash).filter { ofPhoto[$0] == nil }
    }

    /// Photos of which there are several files.
    var copies: [SortSummary.Copies] {
        firsts.compactMap { photo in
            guard let files = ofPhoto[photo], files.count > 1 else { return nil }
            return SortSummary.Copies(
                photo: files[0].name.string, alsoAt: files.dropFirst().map(\.name.string))
        }
    }
}
