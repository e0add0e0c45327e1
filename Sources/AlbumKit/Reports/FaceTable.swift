internal import PhotoIndex
internal import AlbumCatalogue
internal import FaceCore
internal import SystemPackage

extension Album {
    /// Every face of every photo, a row for each file of the photo; by source and path, then by
    /// the face's position.
    public func faces() throws(AlbumError) -> [FaceRow] {
        try ask { workspace in
            let catalogue = workspace.catalogue
            let records = try catalogue.photos()
            let photos = Dictionary(uniqueKeysWithValues: records.map { ($0.hash, $0) })
            let clusters = try catalogue.clusterNumbers(of: records)
            let matches = Dictionary(
                uniqueKeysWithValues: try catalogue.matches().map { ($0.face, $0) })
            let names = try catalogue.namesOfPeople()
            let references = try ReferenceNames(catalogue) { photo in
                (try? catalogue.files(of: photo))?.first?.path.string
            }
            return try catalogue.sources().filter { $0.kind == .photos }.flatMap { source in
                try catalogue.photoFiles(in: source.id).flatMap { file in
                    photos[file.photo].map { photo in
                        photo.faces.map { face in
                            FaceRow(
                                face, of: photo, at: file.path, match: matches[face.id],
                                names: names, cluster: clusters[face.id], references)
                        }
                    } ?? []
                }
            }
        }
    }
}

extension FaceRow {
    fileprivate init(
        _ face: Face, of photo: PhotoRecord, at path: FilePath, match: Match?,
        names: [PersonID: String], cluster: ClusterNumber?, _ references: ReferenceNames
    ) {
        let box = face.box.pixels(width: photo.width ?? 0, height: photo.height ?? 0)
        let person = match?.named.flatMap { names[$0.person] }
        self.init(
            photo: path.string, left: box.left, top: box.top, right: box.right,
            bottom: box.bottom, person: person,
            distance: (match?.named ?? match?.nearest)?.distance, band: match?.band ?? .no,
            cluster: person ?? cluster?.name,
            reference: (match?.named ?? match?.nearest).flatMap { references[$0.reference] },
            isDecided: match?.reason.isDecided ?? false)
    }
}

extension Catalogue {
    func namesOfPeople() throws -> [PersonID: String] {
        Dictionary(uniqueKeysWithValues: try people().map { ($0.id, $0.name) })
    }
}
