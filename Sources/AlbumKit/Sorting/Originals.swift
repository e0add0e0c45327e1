internal import AlbumCatalogue
internal import FaceCore
internal import SystemPackage

/// Where the originals of the photos lie that can be reached now.
struct Originals {
    /// By photo, in stable order: by source as they were given, then bytewise by path.
    private(set) var ofPhoto: [ContentHash: [Original]] = [:]
    private var firsts: [ContentHash] = []

    init(_ inventory: PhotoInventory, catalogue: Catalogue) throws {
        for source in try catalogue.sources() where source.kind == .photos {
            guard let base = inventory.bases[source.id] else { continue }
            for file in try catalogue.photoFiles(in: source.id) {
                let original = Original(path: base.pushing(file.path), name: file.path)
                // Overlapping sources show one file twice.
                if ofPhoto[file.photo]?.contains(where: { $0.path == original.path }) == true {
                    continue
                }
                if ofPhoto[file.photo] == nil { firsts.append(file.photo) }
                ofPhoto[file.photo, default: []].append(original)
            }
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
