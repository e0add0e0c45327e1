import AlbumCatalogue
import FaceCore
import Foundation
import PhotoImaging
import SystemPackage

/// A sorted album of an event, with the true people of every photo.
struct LabelledEvent {
    struct Photo {
        let hash: ContentHash
        /// The known people in it, by name.
        let people: Set<String>
    }

    /// The readable ones, in order of names.
    let photos: [Photo]
    let faces: [Face]
    let quality: [FaceID: FaceQuality]
    let references: [Reference]
    let names: [PersonID: String]
    /// Who a face is, if it was labelled.
    let identity: [FaceID: String]
    let clusters: [Cluster]
    let neighbourhoods: Neighbourhoods
    let pictures: [ComparedPicture]
    let nearDuplicates: NearDuplicates
    /// Everybody with a portrait, in order of names.
    let people: [PersonID]

    /// - Parameters:
    ///   - album: sorted from the event.
    ///   - folder: holds `truth.csv` and `boxes.csv`.
    init(album: FilePath, folder: FilePath) throws {
        let catalogue = try Catalogue(
            path: album.appending(".facesort/catalogue.sqlite"), access: .read,
            journalMode: .rollback)
        let records = try catalogue.photos()
        let sources = try catalogue.sources().filter { $0.kind == .photos }
        var hashes: [String: ContentHash] = [:]
        for file in try sources.flatMap({ try catalogue.photoFiles(in: $0.id) }) {
            guard let name = file.path.lastComponent?.string else { continue }
            hashes[name.precomposedStringWithCanonicalMapping] = file.photo
        }
        photos = try CSVTable(folder.appending("truth.csv")).rows.compactMap { row in
            guard row["kind"] != "bad", let hash = hashes[row.name] else { return nil }
            let people = (row["people"] ?? "").split(separator: ";").map {
                String($0).precomposedStringWithCanonicalMapping
            }
            return Photo(hash: hash, people: Set(people))
        }
        faces = records.flatMap(\.faces)
        quality = Dictionary(
            uniqueKeysWithValues: records.flatMap(\.recordedFaces).map { recorded in
                (
                    recorded.face.id,
                    FaceQuality(
                        heightInPixels: recorded.heightInPixels, sharpness: recorded.sharpness,
                        encodings: recorded.face.encodings)
                )
            })
        references = try catalogue.references()
        let names = Dictionary(
            uniqueKeysWithValues: try catalogue.people().map { ($0.id, $0.name) })
        self.names = names
        people = Set(references.map(\.person)).sorted { names[$0]! < names[$1]! }
        clusters = FaceCore.clusters(of: faces, upTo: MatchSettings.tightLinkage)
        neighbourhoods = Neighbourhoods(of: faces, clusters: clusters)
        pictures = try catalogue.pictures(version: PictureFeatures.version)
        nearDuplicates = FaceCore.nearDuplicates(among: pictures, likeness: .sharesNames)
        identity = try Self.identities(
            of: records, hashes: hashes, boxes: CSVTable(folder.appending("boxes.csv")))
    }

    /// The clusters of the faces without a name.
    func strangers(beside matches: [Match]) -> [Cluster] {
        let named = Set(matches.filter { $0.named != nil }.map(\.face))
        return FaceCore.clusters(
            ofUnnamed: faces.filter { !named.contains($0.id) }.map {
                UnnamedFace(face: $0, isClear: quality[$0.id]?.isClear ?? true)
            }, namedFaceCount: named.count, nearDuplicates: nearDuplicates,
            neighbourhoods: neighbourhoods)
    }

    /// Gives the faces of each photo to its labelled boxes, the best overlap first.
    private static func identities(
        of records: [PhotoRecord], hashes: [String: ContentHash], boxes: CSVTable
    ) throws -> [FaceID: String] {
        let byHash = Dictionary(uniqueKeysWithValues: records.map { ($0.hash, $0) })
        var identity: [FaceID: String] = [:]
        for (name, rows) in Dictionary(grouping: boxes.rows, by: \.name) {
            guard let hash = hashes[name], let record = byHash[hash], let width = record.width,
                let height = record.height
            else { continue }
            if rows.count == 1, record.faces.count == 1, rows[0]["left"] == "" {
                identity[record.faces[0].id] = rows[0]["identity"]
                continue
            }
            var pairs: [(overlap: Double, face: FaceID, row: Int)] = []
            for (index, row) in rows.enumerated() {
                guard let box = row.box(width: Double(width), height: Double(height)) else {
                    continue
                }
                for face in record.faces {
                    let overlap = face.box.overlap(with: box)
                    if overlap >= 0.2 { pairs.append((overlap, face.id, index)) }
                }
            }
            var taken: Set<Int> = []
            for pair in pairs.sorted(by: { $0.overlap > $1.overlap })
            where !taken.contains(pair.row) && identity[pair.face] == nil {
                taken.insert(pair.row)
                identity[pair.face] = rows[pair.row]["identity"]
            }
        }
        return identity
    }
}

/// Comma-separated values with a header.
struct CSVTable {
    struct Row {
        let fields: [String: String]

        subscript(column: String) -> String? { fields[column] }

        /// The photo's name, composed.
        var name: String { (fields["photo"] ?? "").precomposedStringWithCanonicalMapping }

        func box(width: Double, height: Double) -> FaceBox? {
            guard let left = self["left"].flatMap(Double.init),
                let top = self["top"].flatMap(Double.init),
                let right = self["right"].flatMap(Double.init),
                let bottom = self["bottom"].flatMap(Double.init)
            else { return nil }
            return FaceBox(
                left: left / width, top: top / height, width: (right - left) / width,
                height: (bottom - top) / height)
        }
    }

    let rows: [Row]

    init(_ path: FilePath) throws {
        let text = try String(contentsOfFile: path.string, encoding: .utf8)
        let lines = Self.records(text)
        let header = lines.first ?? []
        rows = lines.dropFirst().map { line in
            Row(fields: Dictionary(zip(header, line), uniquingKeysWith: { first, _ in first }))
        }
    }

    /// By RFC 4180.
    private static func records(_ text: String) -> [[String]] {
        var records: [[String]] = []
        var record: [String] = []
        var field = ""
        var isQuoted = false
        for scalar in text.unicodeScalars {
            switch (scalar, isQuoted) {
            case ("\"", _): isQuoted.toggle()
            case (",", false):
                record.append(field)
                field = ""
            case ("\n", false):
                records.append(record + [field])
                (record, field) = ([], "")
            case ("\r", false): break
            default: field.unicodeScalars.append(scalar)
            }
        }
        if !field.isEmpty || !record.isEmpty { records.append(record + [field]) }
        return records
    }
}
