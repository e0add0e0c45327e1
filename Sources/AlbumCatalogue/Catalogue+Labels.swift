public import FaceCore
import Foundation
import GRDB

extension Catalogue {
    /// Records what a known photo shows; replaces an earlier label.
    ///
    /// - Throws: also `.conflict` when the photo is unknown.
    public func record(
        _ analysis: LabelAnalysis, of photo: ContentHash
    ) throws(CatalogueError) {
        try write { database in
            let id = try database.row(
                "SELECT id FROM photo WHERE hash = ?", photo.data,
                orConflict: "Photo \(photo.hexadecimal) is not in the catalogue.")
            let label = analysis.label
            try database.run(
                """
                INSERT OR REPLACE INTO labelAnalysis
                    (photo, version, network, name, probability, features)
                VALUES (?, ?, ?, ?, ?, ?)
                """, id, analysis.version, analysis.network.data, label?.name,
                label.map { Double($0.probability) },
                label.map { Data($0.features.littleEndianBytes) })
        }
    }

    /// The photos that this version of the labelling tried with this network, with or without a
    /// result.
    public func labelledPhotos(
        version: Int, network: ContentHash
    ) throws(CatalogueError) -> Set<ContentHash> {
        try read { database in
            Set(
                try database.rows(
                    """
                    SELECT hash FROM labelAnalysis JOIN photo ON photo.id = labelAnalysis.photo
                    WHERE version = ? AND network = ?
                    """, version, network.data
                ) { row -> ContentHash in try row.next() })
        }
    }

    /// What photos show, by this version of the labelling and this network.
    ///
    /// - Complexity: 2 kB for each photo.
    public func labels(
        version: Int, network: ContentHash
    ) throws(CatalogueError) -> [ContentHash: PhotoLabel] {
        try read { database in
            let rows = try database.rows(
                """
                SELECT hash, name, probability, features
                FROM labelAnalysis JOIN photo ON photo.id = labelAnalysis.photo
                WHERE version = ? AND network = ? AND name IS NOT NULL
                """, version, network.data
            ) { row -> (ContentHash, PhotoLabel) in (try row.next(), try row.next()) }
            return Dictionary(uniqueKeysWithValues: try rows.distinct("a label") { $0.0 })
        }
    }
}

extension Columns {
    fileprivate mutating func next() throws -> PhotoLabel {
        let label = PhotoLabel(
            name: try next(), probability: Float(try next(Double.self)),
            features: [Float](littleEndianBytes: [UInt8](try next(Data.self))))
        guard let label else {
            throw CorruptRow(sentence: "The catalogue holds a label that is none.")
        }
        return label
    }
}
