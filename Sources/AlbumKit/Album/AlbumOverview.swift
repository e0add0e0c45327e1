internal import PhotoIndex
internal import AlbumCatalogue
internal import FaceCore
internal import SystemPackage

/// How many photos lie where, and why those in `unknown` are there.
struct AlbumOverview {
    private(set) var people: [PersonCount] = []
    private(set) var groupCount = 0
    private(set) var unknownCount = 0
    private(set) var unreadableCount = 0
    private(set) var unknownReasons = UnknownReasons()
    private(set) var photoCount = 0
    private(set) var faceCount = 0
    private(set) var bands: [Band: Int] = [:]

    /// - Parameters:
    ///   - places: where each photo lies, or will lie.
    ///   - isPresent: whether a photo has a file now; one that has neither file nor place is past.
    init(
        photos: [PhotoRecord], matches: [Match], people: [Person],
        places placesOfPhotos: [ContentHash: Set<Place>], isPresent: (ContentHash) -> Bool
    ) {
        let matchesOfPhoto = Dictionary(grouping: matches, by: \.face.photo)
        var countOfPerson: [PersonID: Int] = [:]
        for photo in photos {
            let own = matchesOfPhoto[photo.hash] ?? []
            let places = placesOfPhotos[photo.hash] ?? []
            guard isPresent(photo.hash) || !places.isEmpty else { continue }
            photoCount += 1
            faceCount += own.count
            for match in own { bands[match.band, default: 0] += 1 }
            for place in places {
                switch place {
                case .person(let id): countOfPerson[id, default: 0] += 1
                case .group: groupCount += 1
                case .unreadable: unreadableCount += 1
                case .unknown, .cluster, .copies: break
                }
            }
            // In the folders of two strangers it is one photo still.
            if places.contains(where: \.isOfStrangers) {
                unknownCount += 1
                count(photo, own)
            }
        }
        self.people = people.filter { $0.isListed || countOfPerson[$0.id] != nil }
            .map { PersonCount(name: $0.name, photoCount: countOfPerson[$0.id] ?? 0) }
            .sorted { ($1.photoCount, $0.name) < ($0.photoCount, $1.name) }
    }

    private mutating func count(_ photo: PhotoRecord, _ matches: [Match]) {
        if photo.condition == .tooDamaged {
            unknownReasons.damaged += 1
        } else if matches.isEmpty {
            unknownReasons.noFace += 1
        } else if matches.contains(where: { $0.band == .ask }) {
            unknownReasons.nearly += 1
        } else {
            unknownReasons.strangers += 1
        }
    }
}

extension Catalogue {
    /// Where each photo lies in the album.
    func placesOfPhotos() throws(CatalogueError) -> [ContentHash: Set<Place>] {
        Dictionary(grouping: try placedFiles().filter { $0.state == .present }, by: \.photo)
            .mapValues { Set($0.map(\.place)) }
    }
}

extension PhotoFailure {
    /// - Returns: `nil` for a photo without a fault.
    init?(_ photo: PhotoRecord, path: FilePath) {
        guard let failure = photo.failure else { return nil }
        let isGone = photo.condition == .unreadable
        let reason: String
        let remedy: String
        switch (photo.condition, failure.code) {
        case (.analysed, _):
            reason = "is damaged: \(failure.reason)"
            remedy =
                "It was placed by what could be read. Copy it from the camera again, then "
                + "run 'facesort sort' again."
        case (.tooDamaged, .notAnalysed):
            reason = "could not be searched for faces: \(failure.reason)"
            remedy = "It was put into 'unknown'."
        case (.tooDamaged, _):
            reason = "is damaged: \(failure.reason)"
            remedy =
                "Too little of it is there to look for faces: it was put into 'unknown'. Copy "
                + "it from the camera again, then run 'facesort sort' again."
        case (.unreadable, _):
            reason = "cannot be read: \(failure.reason)"
            remedy =
                "It was copied to 'unreadable' as it is. Copy it from the camera again, then "
                + "run 'facesort sort' again."
        }
        self.init(
            path: path.string, code: isGone ? failure.code : .damaged, reason: reason,
            remedy: remedy)
    }
}
