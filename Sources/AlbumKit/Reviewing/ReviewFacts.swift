internal import PhotoIndex
internal import FileLedger
internal import AlbumCatalogue
internal import FaceCore
internal import SystemPackage

/// What the catalogue knows, as the pages need it; read as a whole, and again when it has changed.
struct ReviewFacts: Sendable {
    struct KnownFace: Sendable {
        let token: ReviewToken
        let face: Face
        let photo: Int
        /// Whether others can be told by it; see ``/FaceCore/FaceQuality``.
        let isClear: Bool
        /// Of the box, in pixels of the full photo; 0 when it is not known.
        let height: Double
        let match: Match?
        /// As the last comparison found it; of a face with a name that of before, for the case that
        /// the name is taken back.
        let cluster: ClusterNumber?

        var key: FaceKey { FaceKey(face) }
    }

    struct KnownPhoto: Sendable {
        let record: PhotoRecord
        let page: ReviewPhoto
        /// Indices of its faces.
        let faces: Range<Int>
        /// Where its bytes may be found, the original first; absolute.
        let paths: [FilePath]
        /// As the user knows it: relative to PHOTOS.
        let name: FilePath
    }

    struct KnownPortrait: Sendable {
        let token: ReviewToken
        let portrait: Portrait
        /// Absolute.
        let path: FilePath
    }

    /// Those that have a file, by the time they were taken, then by name.
    private(set) var photos: [KnownPhoto] = []
    /// In the order of ``photos``, then from left to right.
    private(set) var faces: [KnownFace] = []
    let people: [Person]
    let portraits: [KnownPortrait]
    let copiedNames: [CopiedName]
    let tightClusters: [Cluster]
    let portraitTroubles: [PortraitTrouble]
    let settings: MatchSettings
    private(set) var faceOfToken: [ReviewToken: Int] = [:]
    private(set) var faceOfID: [FaceID: Int] = [:]
    private(set) var photoOfToken: [ReviewToken: Int] = [:]
    private(set) var photoOfHash: [ContentHash: Int] = [:]
    let portraitOfToken: [ReviewToken: Int]
    let portraitOfReference: [ReferenceID: Int]

    init(_ workspace: Workspace) throws {
        let catalogue = workspace.catalogue
        people = try catalogue.people()
        copiedNames = try catalogue.copiedNames()
        settings = try catalogue.settingsOfMatches().match
        tightClusters =
            try catalogue.tightClusters(version: settings.tightClusteringVersion) ?? []
        let paths = try PhotoPaths(catalogue, album: workspace.folder, disk: workspace.disk)
        portraits = try Self.portraits(in: catalogue, paths)
        portraitOfToken = Dictionary(
            portraits.enumerated().map { ($0.element.token, $0.offset) },
            uniquingKeysWith: { first, _ in first })
        portraitOfReference = Dictionary(
            portraits.enumerated().map { ($0.element.portrait.reference, $0.offset) },
            uniquingKeysWith: { first, _ in first })
        let matches = try catalogue.matches()
        portraitTroubles =
            PeopleHealth(
                people: people, portraits: portraits.map(\.portrait), matches: matches,
                settings: settings
            ).troubles
        let records = try catalogue.photos()
        try take(
            records, matches: matches,
            clusters: catalogue.clusterNumbers(of: records, includingPast: true),
            files: Self.files(in: catalogue, paths))
    }

    private mutating func take(
        _ records: [PhotoRecord], matches: [Match], clusters: [FaceID: ClusterNumber],
        files: [ContentHash: (paths: [FilePath], name: FilePath)]
    ) {
        let matchOfFace = Dictionary(uniqueKeysWithValues: matches.map { ($0.face, $0) })
        let sorted = records.compactMap { record in
            files[record.hash].map { (record: record, files: $0) }
        }.sorted { one, other in
            let (mine, theirs) = (one.record.taken?.text ?? "~", other.record.taken?.text ?? "~")
            if mine != theirs { return mine < theirs }
            if one.files.name != other.files.name {
                return one.files.name.bytes.lexicographicallyPrecedes(other.files.name.bytes)
            }
            return one.record.hash < other.record.hash
        }
        for (record, files) in sorted {
            let first = faces.count
            for recorded in record.recordedFaces.sorted(by: { $0.face.box < $1.face.box }) {
                let face = recorded.face
                faces.append(
                    KnownFace(
                        token: ReviewToken(FaceKey(face)), face: face, photo: photos.count,
                        isClear: UnnamedFace(recorded).isClear,
                        height: recorded.heightInPixels ?? 0, match: matchOfFace[face.id],
                        cluster: clusters[face.id]))
            }
            photos.append(
                KnownPhoto(
                    record: record,
                    page: ReviewPhoto(record.hash, at: files.name, record),
                    faces: first..<faces.count, paths: files.paths, name: files.name))
        }
        for (index, face) in faces.enumerated() {
            faceOfToken[face.token] = index
            faceOfID[face.face.id] = index
        }
        for (index, photo) in photos.enumerated() {
            photoOfToken[photo.page.id] = index
            photoOfHash[photo.record.hash] = index
        }
    }

    /// Where each photo's bytes may be: its originals, then our copies.
    private static func files(
        in catalogue: Catalogue, _ paths: PhotoPaths
    ) throws -> [ContentHash: (paths: [FilePath], name: FilePath)] {
        var files: [ContentHash: (paths: [FilePath], name: FilePath)] = [:]
        func add(_ photo: ContentHash, _ path: FilePath?, _ name: FilePath) {
            if files[photo] == nil { files[photo] = ([], name) }
            if let path { files[photo]?.paths.append(path) }
        }
        for source in try catalogue.sources() where source.kind == .photos {
            for file in try catalogue.photoFiles(in: source.id) {
                add(file.photo, paths.original(file.path, in: file.source), file.path)
            }
        }
        for file in try catalogue.placedFiles() where file.state == .present {
            add(
                file.photo, paths.copy(file), FilePath(root: nil, file.path.components.suffix(1)))
        }
        return files
    }

    private static func portraits(
        in catalogue: Catalogue, _ paths: PhotoPaths
    ) throws -> [KnownPortrait] {
        try catalogue.portraits().compactMap { portrait in
            paths.original(portrait.file.path, in: portrait.file.source).map {
                KnownPortrait(
                    token: ReviewToken(portrait: portrait.file.hash), portrait: portrait, path: $0)
            }
        }
    }

    func page(_ face: Int) -> ReviewFace {
        ReviewFace(
            id: faces[face].token, photo: photos[faces[face].photo].page,
            box: faces[face].face.box)
    }
}

extension ReviewToken {
    init(_ face: FaceKey) {
        let sides = [face.box.left, face.box.top, face.box.width, face.box.height]
        self.init(
            digestOf: face.photo.bytes
                + sides.flatMap { side in
                    withUnsafeBytes(of: side.bitPattern.littleEndian) { Array($0) }
                })
    }

    init(_ photo: ContentHash) { self.init(digestOf: Array("photo".utf8) + photo.bytes) }

    init(portrait: ContentHash) { self.init(digestOf: Array("portrait".utf8) + portrait.bytes) }

    /// - Parameter name: in any case.
    init(person name: String) {
        self.init(digestOf: Array("person".utf8) + Array(name.folded.utf8))
    }

    private init(digestOf bytes: [UInt8]) {
        let digits = ContentHasher.hash(bytes).hexadecimal.prefix(16)
        guard let token = ReviewToken(rawValue: String(digits)) else {
            preconditionFailure("a digest that is not hexadecimal")
        }
        self = token
    }
}
