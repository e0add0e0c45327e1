package import AlbumCatalogue
package import FaceCore

/// Who is in the photos of an event: judged again from what the catalogue knows.
///
/// The one place in which the catalogue's faces, references and pictures meet
/// ``/FaceCore/recognise(faces:references:decisions:ties:clusters:nearDuplicates:settings:)``.
package struct EventRecognition: Sendable {
    package let matches: [Match]
    /// People of photos in which their faces were not found.
    package let copiedNames: [CopiedName]
    package let questions: [Question]
    /// Photos of the same picture.
    package let nearDuplicates: NearDuplicates
    /// How crowded the neighbourhood of each face is.
    package let neighbourhoods: Neighbourhoods
    /// ``/FaceCore/MatchSettings/scale``: by it the encodings were divided.
    package let scale: Float

    /// Missing clusters are found and stored in the catalogue: they depend only on the faces, so
    /// other settings or portraits do not cost that time again.
    ///
    /// - Parameters:
    ///   - faces: all that the catalogue knows.
    ///   - catalogue: opened to write.
    ///   - decided: what a person said about the faces.
    ///   - people: everybody's number by folded name.
    ///   - known: which of the catalogue's photos are of the same picture, if that was found already.
    package init(
        of faces: [Face], in catalogue: Catalogue, settings: MatchSettings,
        decided: DecidedFaces = DecidedFaces(), people: [String: PersonID] = [:],
        nearDuplicates known: NearDuplicates? = nil
    ) throws {
        let usesEvidence = settings.rule == .evidence
        let scale = settings.scale
        self.scale = scale
        let faces = scale == 1 ? faces : faces.map { $0.scaled(by: 1 / scale) }
        let references = try catalogue.references()
        nearDuplicates =
            try known
            ?? FaceCore.nearDuplicates(
                among: catalogue.pictures(version: PictureFeatures.version), likeness: .sharesNames)
        // The plain rule judges each photo by itself.
        let copies = usesEvidence ? nearDuplicates : .none
        let tight =
            usesEvidence ? try Self.tightClusters(of: faces, in: catalogue, settings) : []
        let matches = recognise(
            faces: faces,
            references: scale == 1 ? references : references.map { $0.scaled(by: 1 / scale) },
            decisions: decided.decisions { people[$0.folded] }, ties: decided.ties,
            clusters: tight, nearDuplicates: copies, settings: settings.unscaled)
        self.matches = scale == 1 ? matches : matches.map { $0.scaled(by: scale) }
        copiedNames = FaceCore.copiedNames(matches: matches, faces: faces, nearDuplicates: copies)
            .allowed(by: decided.unfound, boxes: faces, people)
        questions = FaceCore.questions(about: matches, clusters: tight)
        neighbourhoods = Neighbourhoods(of: faces, clusters: tight)
    }

    private static func tightClusters(
        of faces: [Face], in catalogue: Catalogue, _ settings: MatchSettings
    ) throws(CatalogueError) -> [Cluster] {
        let version = settings.tightClusteringVersion
        if let kept = try catalogue.tightClusters(version: version) { return kept }
        let found = clusters(of: faces, upTo: MatchSettings.tightLinkage)
        try catalogue.replaceTightClusters(found, version: version)
        return found
    }
}

extension [CopiedName] {
    /// Without those whose places in their photos belong to somebody else, as a person said.
    fileprivate func allowed(
        by said: [(key: FaceKey, verdict: FaceVerdict)], boxes faces: [Face],
        _ people: [String: PersonID]
    ) -> [CopiedName] {
        guard !said.isEmpty, !isEmpty else { return self }
        let places = Dictionary(grouping: said, by: \.key.photo)
        let boxes = Dictionary(uniqueKeysWithValues: faces.map { ($0.id, $0.box) })
        return filter { name in
            guard let box = boxes[name.source], let places = places[name.photo] else { return true }
            return places.allSatisfy { key, verdict in
                guard key.box.overlap(with: box) >= FaceKey.sameFaceOverlap else { return true }
                switch verdict.standing {
                case .person(let other): return people[other.folded] == name.person
                case .notAGuest, .ignored: return false
                case .open:
                    return !verdict.excluded.contains { people[$0.folded] == name.person }
                }
            }
        }
    }
}

/// The people of each photo by name: recognised in it, known from a near-duplicate, or said to be
/// at a place where no face was found.
package struct PeopleOfPhotos {
    private var people: [ContentHash: Set<PersonID>] = [:]
    private var missedFaceCount: [ContentHash: Int] = [:]
    private let ignoredFaceCount: [ContentHash: Int]

    /// `unfound` is what was said about places where no face was found, `numbers` everybody's number
    /// by folded name.
    package init(
        _ matches: [Match], _ copiedNames: [CopiedName],
        unfound: [(key: FaceKey, verdict: FaceVerdict)] = [], numbers: [String: PersonID] = [:]
    ) {
        var isIgnored: [ContentHash: Int] = [:]
        for match in matches where match.reason == .ignored {
            isIgnored[match.face.photo, default: 0] += 1
        }
        ignoredFaceCount = isIgnored
        for match in matches {
            guard let person = match.named?.person else { continue }
            people[match.face.photo, default: []].insert(person)
        }
        for name in copiedNames {
            people[name.photo, default: []].insert(name.person)
            missedFaceCount[name.photo, default: 0] += 1
        }
        for (key, verdict) in unfound where verdict.standing != .ignored {
            let person = verdict.person.flatMap { numbers[$0.folded] }
            // A near-duplicate may have contributed the same face.
            if let person, people[key.photo]?.contains(person) == true { continue }
            if let person { people[key.photo, default: []].insert(person) }
            missedFaceCount[key.photo, default: 0] += 1
        }
    }

    /// How many faces a photo shows: those found and not ignored, those of people known to be in it
    /// from a near-duplicate, and those that somebody saw. So a blurred copy of a group photo is a
    /// group photo too, and a poster on the wall does not make one.
    package func faceCount(of photo: PhotoRecord) -> Int {
        photo.recordedFaces.count - (ignoredFaceCount[photo.hash] ?? 0)
            + (missedFaceCount[photo.hash] ?? 0)
    }

    package subscript(photo: ContentHash) -> Set<PersonID> { people[photo] ?? [] }
}
