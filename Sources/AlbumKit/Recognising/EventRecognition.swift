package import AlbumCatalogue
package import FaceCore
internal import PhotoImaging

/// Who is in the photos of an event: what the catalogue knows, judged anew.
///
/// The one place in which the catalogue's faces, references and pictures meet
/// ``/FaceCore/recognise(faces:references:decisions:clusters:nearDuplicates:settings:)``.
package struct EventRecognition: Sendable {
    package let matches: [Match]
    /// People of photos in which their faces were not found.
    package let copiedNames: [CopiedName]
    package let questions: [Question]
    /// Photos of the same picture.
    package let nearDuplicates: [NearDuplicate]

    /// Clusters that were not found yet are, and kept in the catalogue: they depend on nothing but
    /// the faces, so that other settings or portraits do not cost them again.
    ///
    /// - Parameters:
    ///   - faces: all that the catalogue knows.
    ///   - catalogue: opened to write.
    package init(
        of faces: [Face], in catalogue: Catalogue, settings: MatchSettings
    ) throws(CatalogueError) {
        let usesEvidence = settings.rule == .evidence
        nearDuplicates = FaceCore.nearDuplicates(
            among: try catalogue.pictures(version: PictureFeatures.version), likeness: .sharesNames)
        // The plain rule looks at each photo for itself.
        let copies = usesEvidence ? nearDuplicates : []
        let tight = usesEvidence ? try Self.tightClusters(of: faces, in: catalogue) : []
        matches = recognise(
            faces: faces, references: try catalogue.references(), clusters: tight,
            nearDuplicates: copies, settings: settings)
        copiedNames = FaceCore.copiedNames(matches: matches, faces: faces, nearDuplicates: copies)
        questions = FaceCore.questions(about: matches, clusters: tight)
    }

    private static func tightClusters(
        of faces: [Face], in catalogue: Catalogue
    ) throws(CatalogueError) -> [Cluster] {
        if let kept = try catalogue.tightClusters(version: clusteringVersion) { return kept }
        let found = clusters(of: faces, upTo: MatchSettings.tightLinkage)
        try catalogue.replaceTightClusters(found, version: clusteringVersion)
        return found
    }
}

/// The people of each photo by name: recognised in it, or known from a near-duplicate.
struct PeopleOfPhotos {
    private var people: [ContentHash: Set<PersonID>] = [:]
    private var missedFaceCount: [ContentHash: Int] = [:]

    init(_ matches: [Match], _ copiedNames: [CopiedName]) {
        for match in matches {
            guard let person = match.named?.person else { continue }
            people[match.face.photo, default: []].insert(person)
        }
        for name in copiedNames {
            people[name.photo, default: []].insert(name.person)
            missedFaceCount[name.photo, default: 0] += 1
        }
    }

    /// How many faces a photo shows: those that were found, and those of people who are known to be
    /// in it from a near-duplicate. So a blurred copy of a group photo is a group photo too.
    func faceCount(of photo: PhotoRecord) -> Int {
        photo.recordedFaces.count + (missedFaceCount[photo.hash] ?? 0)
    }

    subscript(photo: ContentHash) -> Set<PersonID> { people[photo] ?? [] }
}
