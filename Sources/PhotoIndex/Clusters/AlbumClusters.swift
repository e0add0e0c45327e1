package import AlbumCatalogue
package import FaceCore
internal import SystemPackage

/// The strangers of an album: clusters of the faces that have no name, with the numbers that they
/// keep from one run to the next.
///
/// Usually each run clusters all faces again, so that the result depends only on photos and
/// settings. Only in very large events are a few new faces added to the existing clusters, because
/// clustering all again would take a minute for one more photo.
package struct AlbumClusters: Sendable {
    /// By number.
    package let all: [NumberedCluster]
    /// The clusters of people who are no guests, because most of their faces were marked as such.
    /// They get no folder and no question, whatever further faces of theirs are found.
    package let hidden: Set<ClusterNumber>
    /// What the catalogue must store; `nil` when it stores exactly that already.
    private let changed: [ClusteredFace]?
    private let last: Int

    /// In how many photos a stranger must be to get a folder: two may be chance, or the
    /// photographer's double click.
    package static let fewestPhotosOfFolder = 3

    /// How many faces can all be clustered again in about a second.
    private static let mostFoundAnew = 10_000
    /// The share of faces that may be added or named before all are clustered again.
    private static let mostChanged = 0.05

    /// Finds the clusters.
    ///
    /// - Parameters:
    ///   - photos: all that the catalogue knows.
    ///   - ties: what was said about which faces belong together.
    package init(
        of photos: [PhotoRecord], _ recognition: EventRecognition, ties: FaceTies = .none,
        in catalogue: Catalogue
    ) throws(CatalogueError) {
        let hasName = Set(
            recognition.matches.filter { $0.named != nil || $0.reason == .ignored }.map(\.face))
        let scale = recognition.scale
        let unnamed = photos.flatMap(\.recordedFaces).filter { !hasName.contains($0.face.id) }
            .map { UnnamedFace(scale == 1 ? $0 : $0.scaled(by: 1 / scale)) }
        let book = ClusterBook(try catalogue.clusteredFaces(), of: photos)
        let found = Self.find(
            unnamed, namedFaceCount: hasName.count, book, recognition, ties)
        let before: [FaceID: Set<ClusterNumber>] =
            book.isEmpty
            ? try Self.numbersByFolder(of: unnamed, in: catalogue)
            : book.known.compactMapValues { $0.cluster.map { [$0] } }
        let last = try catalogue.lastClusterNumber()
        all = numbered(found.clusters, before: before, last: last)
        let noGuests = Set(recognition.matches.filter { $0.reason == .notAGuest }.map(\.face))
        hidden = Set(
            all.filter {
                Self.isOfNoGuest($0.faces.count(where: noGuests.contains), of: $0.faces.count)
            }.map(\.number))
        let kept = book.updated(with: all, of: unnamed, added: found.added)
        changed = Set(kept) == Set(book.rows) ? nil : kept
        self.last = max(last, all.last?.number.rawValue ?? 0)
    }

    /// Stores the clusters in the catalogue when they changed.
    ///
    /// - Parameter catalogue: opened to write; the one they were found in.
    package func record(in catalogue: Catalogue) throws(CatalogueError) {
        guard let changed else { return }
        try catalogue.replaceClusteredFaces(changed, last: last)
    }

    /// Whether somebody is no guest when so many of their faces were marked as no guest's: if most
    /// of them were, the others are too.
    package static func isOfNoGuest(_ noGuestCount: Int, of faceCount: Int) -> Bool {
        2 * noGuestCount > faceCount
    }

    /// Those of guests.
    package var shown: [NumberedCluster] { all.filter { !hidden.contains($0.number) } }

    /// The clusters with a folder that each photo belongs to if nobody in it is recognised.
    package func folders() -> [ContentHash: Set<ClusterNumber>] {
        var folders: [ContentHash: Set<ClusterNumber>] = [:]
        for cluster in shown where cluster.getsFolder {
            for face in cluster.faces { folders[face.photo, default: []].insert(cluster.number) }
        }
        return folders
    }

    private static func find(
        _ faces: [UnnamedFace], namedFaceCount: Int, _ book: ClusterBook,
        _ recognition: EventRecognition, _ ties: FaceTies
    ) -> (clusters: [Cluster], added: Set<FaceID>) {
        var kept: [ClusterNumber: [FaceID]] = [:]
        var added: Set<FaceID> = []
        var new: Set<FaceID> = []
        for face in faces.map(\.face.id) {
            guard let row = book.known[face], row.isValid else {
                new.insert(face)
                continue
            }
            if let number = row.cluster { kept[number, default: []].append(face) }
            if row.state == .added { added.insert(face) }
        }
        let torn = ties.torn(in: kept)
        for number in kept.keys { kept[number]?.removeAll(where: torn.contains) }
        new.formUnion(torn)
        let gone = book.known.values.count(where: \.isValid) - (faces.count - new.count)
        let changed = Double(new.count + added.count + gone) / Double(max(1, faces.count))
        guard faces.count > mostFoundAnew, changed <= mostChanged else {
            return (
                clusters(
                    ofUnnamed: faces, namedFaceCount: namedFaceCount,
                    nearDuplicates: recognition.nearDuplicates, ties: ties,
                    neighbourhoods: recognition.neighbourhoods), []
            )
        }
        let old = kept.values.map { Cluster(faces: $0.sorted()) }
            .filter { $0.faces.count > 1 }.sorted { $0.faces[0] < $1.faces[0] }
        guard !new.isEmpty else { return (old, added) }
        return (
            clusters(
                ofUnnamed: faces, keeping: old, new: new, namedFaceCount: namedFaceCount,
                nearDuplicates: recognition.nearDuplicates, ties: ties,
                neighbourhoods: recognition.neighbourhoods),
            added.union(new)
        )
    }

    /// For a lost catalogue: the clusters according to the folders that the photos lie in.
    private static func numbersByFolder(
        of faces: [UnnamedFace], in catalogue: Catalogue
    ) throws(CatalogueError) -> [FaceID: Set<ClusterNumber>] {
        var ofPhoto: [ContentHash: Set<ClusterNumber>] = [:]
        for file in try catalogue.placedFiles() {
            if case .cluster(let number) = file.place {
                ofPhoto[file.photo, default: []].insert(number)
            }
        }
        return Dictionary(
            uniqueKeysWithValues: faces.compactMap { face in
                ofPhoto[face.face.id.photo].map { (face.face.id, $0) }
            })
    }
}

extension NumberedCluster {
    /// Whether a guest in so many photos gets a folder.
    package var getsFolder: Bool { photoCount >= AlbumClusters.fewestPhotosOfFolder }
}

extension FaceTies {
    /// The faces whose clusters contradict what was said: of faces that are the same but lie in
    /// several clusters or in none, all; of two that are different people but lie in one, both.
    fileprivate func torn(in clusters: [ClusterNumber: [FaceID]]) -> Set<FaceID> {
        guard !isEmpty else { return [] }
        var ofFace: [FaceID: ClusterNumber] = [:]
        for (number, faces) in clusters { for face in faces { ofFace[face] = number } }
        var torn: Set<FaceID> = []
        for group in together where Set(group.map { ofFace[$0] }).count > 1 {
            torn.formUnion(group)
        }
        for pair in apart {
            guard let number = ofFace[pair.first], number == ofFace[pair.second] else { continue }
            torn.formUnion([pair.first, pair.second])
        }
        return torn
    }
}

extension RecordedFace {
    fileprivate func scaled(by factor: Float) -> RecordedFace {
        RecordedFace(
            face: face.scaled(by: factor), detector: detector, heightInPixels: heightInPixels,
            sharpness: sharpness)
    }
}

extension UnnamedFace {
    package init(_ recorded: RecordedFace) {
        self.init(
            face: recorded.face,
            isClear: FaceQuality(
                heightInPixels: recorded.heightInPixels, sharpness: recorded.sharpness,
                encodings: recorded.face.encodings
            ).isClear)
    }
}

extension ClusteredFace {
    /// Whether its cluster may be kept.
    fileprivate var isValid: Bool { state != .past && version == unnamedClusteringVersion }
}

extension Catalogue {
    /// The cluster of each face that has one, as the last run left it.
    ///
    /// - Parameter includingPast: whether a face that has been named since keeps its last cluster.
    package func clusterNumbers(of photos: [PhotoRecord], includingPast: Bool = false)
        throws(CatalogueError) -> [FaceID: ClusterNumber]
    {
        ClusterBook(
            try clusteredFaces().filter { includingPast || $0.state != .past }, of: photos
        ).known.compactMapValues(\.cluster)
    }
}

/// What the catalogue keeps about clusters, by the faces as they are now.
private struct ClusterBook {
    let rows: [ClusteredFace]
    /// What is kept about each face.
    package private(set) var known: [FaceID: ClusteredFace] = [:]
    /// What is kept about faces that are no longer found.
    private var lost: [ClusteredFace] = []

    init(_ rows: [ClusteredFace], of photos: [PhotoRecord]) {
        self.rows = rows
        let faces = Dictionary(uniqueKeysWithValues: photos.map { ($0.hash, $0.faces) })
        for (photo, rows) in Dictionary(grouping: rows, by: \.photo) {
            assign(rows, to: faces[photo] ?? [])
        }
    }

    var isEmpty: Bool { rows.isEmpty }

    private mutating func assign(_ rows: [ClusteredFace], to faces: [Face]) {
        var open = Set(rows.indices)
        for (face, row) in sameFaces(faces.map(\.box), rows.map(\.box)) {
            known[faces[face].id] = rows[row]
            open.remove(row)
        }
        lost += open.sorted().map { rows[$0] }
    }

    /// The rows after clustering: of each clustered face, and of past faces that had a number.
    func updated(
        with clusters: [NumberedCluster], of faces: [UnnamedFace], added: Set<FaceID>
    ) -> [ClusteredFace] {
        var numbers: [FaceID: ClusterNumber] = [:]
        for cluster in clusters {
            for face in cluster.faces { numbers[face] = cluster.number }
        }
        let current = faces.map(\.face).map { face in
            ClusteredFace(
                photo: face.id.photo, box: face.box, cluster: numbers[face.id],
                state: added.contains(face.id) ? .added : .found,
                version: unnamedClusteringVersion)
        }
        let isClustered = Set(faces.map(\.face.id))
        let past = known.filter { !isClustered.contains($0.key) }.map(\.value) + lost
        return current
            + past.filter { $0.cluster != nil }.map {
                ClusteredFace(
                    photo: $0.photo, box: $0.box, cluster: $0.cluster, state: .past,
                    version: $0.version)
            }
    }
}
