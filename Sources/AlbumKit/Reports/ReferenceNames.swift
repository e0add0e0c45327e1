internal import AlbumCatalogue
internal import FaceCore

/// Names for the faces that stand for people: a portrait by its path in PEOPLE, a face of a photo
/// by the photo's path.
struct ReferenceNames: Sendable {
    private let portraits: [ReferenceID: String]
    private let photos: [ReferenceID: String]

    /// - Parameter photoName: what a photo is called; `nil` for one without a file.
    init(_ catalogue: Catalogue, photoName: (ContentHash) -> String?) throws(CatalogueError) {
        portraits = Dictionary(
            try catalogue.portraits().map { ($0.reference, $0.file.path.string) },
            uniquingKeysWith: { first, _ in first })
        photos = Dictionary(
            uniqueKeysWithValues: try catalogue.faceReferences().compactMap { reference in
                photoName(reference.face.photo).map { (reference.id, $0) }
            })
    }

    /// The path alone.
    subscript(reference: ReferenceID) -> String? { portraits[reference] ?? photos[reference] }

    /// "portrait 'anna.jpg'", "face in 'IMG_1.jpg'".
    func words(_ reference: ReferenceID) -> String {
        if let photo = photos[reference] { return "face in '\(photo)'" }
        return "portrait" + (portraits[reference].map { " '\($0)'" } ?? "")
    }
}
