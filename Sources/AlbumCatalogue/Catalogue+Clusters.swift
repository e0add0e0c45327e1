public import FaceCore
import GRDB

/// A place of a photo with a face, now or once, that was clustered.
public struct ClusteredFace: Hashable, Sendable {
    /// How a face came to its cluster.
    public enum State: String, Hashable, Sendable, CaseIterable {
        /// All faces were clustered together.
        case found
        /// It was added to existing clusters.
        case added
        /// It is in no cluster any more, because it has a name or was not found again; it keeps the
        /// number in case it comes back.
        case past
    }

    public let photo: ContentHash
    public let box: FaceBox
    /// Of its current or last cluster; `nil` for a face on its own.
    public let cluster: ClusterNumber?
    public let state: State
    /// Of the method that clustered it.
    public let version: Int

    public init(
        photo: ContentHash, box: FaceBox, cluster: ClusterNumber?, state: State, version: Int
    ) {
        self.photo = photo
        self.box = box
        self.cluster = cluster
        self.state = state
        self.version = version
    }
}

extension Catalogue {
    /// Every face that was ever clustered, by photo, then by box.
    public func clusteredFaces() throws(CatalogueError) -> [ClusteredFace] {
        try read { database in
            try database.rows(
                """
                SELECT hash, boxLeft, boxTop, boxWidth, boxHeight, cluster, state, version
                FROM clusteredFace JOIN photo ON photo.id = clusteredFace.photo
                ORDER BY hash, boxLeft, boxTop, boxWidth, boxHeight
                """
            ) { row in
                let (photo, box): (ContentHash, FaceBox) = (try row.next(), try row.next())
                let cluster = try row.nextIfAny(within: Bounds.cluster)
                return ClusteredFace(
                    photo: photo, box: box, cluster: cluster.map(ClusterNumber.init(rawValue:)),
                    state: try row.next(word: ClusteredFace.State.self), version: try row.next())
            }
        }
    }

    /// Replaces all facts about clusters; a `last` number lower than the known one is ignored.
    ///
    /// - Throws: also `.conflict` when a photo is unknown.
    public func replaceClusteredFaces(
        _ faces: [ClusteredFace], last: Int
    ) throws(CatalogueError) {
        try write { database in
            let photos = try Dictionary(
                uniqueKeysWithValues: database.rows("SELECT hash, id FROM photo") {
                    (row: inout Columns) -> (ContentHash, Int64) in (try row.next(), try row.next())
                }.distinct("a photo") { $0.0 })
            try database.run("DELETE FROM clusteredFace")
            for face in faces {
                guard let photo = photos[face.photo] else {
                    throw CatalogueError(
                        code: .conflict,
                        reason: "In the catalogue photo \(face.photo.hexadecimal) is not known.")
                }
                try database.run(
                    "INSERT INTO clusteredFace VALUES (?, ?, ?, ?, ?, ?, ?, ?)", photo,
                    face.box.left, face.box.top, face.box.width, face.box.height,
                    face.cluster?.rawValue, face.state.rawValue, face.version)
            }
            try database.reserveClusterNumbers(upTo: last)
        }
    }

    /// The last number ever allotted to a cluster; 0 before the first.
    public func lastClusterNumber() throws(CatalogueError) -> Int {
        try read { database in
            try database.rows("SELECT last FROM clusterNumber") {
                try $0.next(within: 0...Bounds.cluster.upperBound)
            }.first ?? 0
        }
    }

    /// Makes sure that no number up to `last` is allotted again.
    public func reserveClusterNumbers(upTo last: Int) throws(CatalogueError) {
        try write { try $0.reserveClusterNumbers(upTo: last) }
    }
}

extension Database {
    fileprivate func reserveClusterNumbers(upTo last: Int) throws {
        try run("UPDATE clusterNumber SET last = max(last, ?)", last)
    }
}
