internal import PhotoIndex
internal import FileLedger
internal import AlbumCatalogue
internal import FaceCore
public import SystemPackage

extension Album {
    /// Says why a photo lies where it does, in words for a host, by the settings of the run that
    /// wrote the album.
    ///
    /// - Parameters:
    ///   - photo: an original or a copy in the album, by path; else a file name, or a path
    ///     relative to PHOTOS, that the album knows.
    ///   - person: asks about this person only: how near each face comes to them.
    /// - Throws: ``AlbumError`` `.unknownPhoto` or `.unknownPerson`.
    public func explain(_ photo: FilePath, person: String?) throws(AlbumError) -> Explanation {
        try ask { workspace in
            let catalogue = workspace.catalogue
            let record = try record(of: photo, in: catalogue)
            let asked = try person.map { try self.person(named: $0, among: catalogue.people()) }
            return try Explainer(workspace, photo: record)
                .explanation(named: photo.string, about: asked)
        }
    }

    private func record(of photo: FilePath, in catalogue: Catalogue) throws -> PhotoRecord {
        let hash: ContentHash
        if try disk.statusIfPresent(of: photo.absolute)?.kind == .file {
            hash = try ContentHasher.hash(fileAt: photo.absolute, disk: disk).hash
        } else {
            hash = try onlyPhoto(named: photo, in: catalogue)
        }
        if let record = try catalogue.photo(hash) { return record }
        throw AlbumError(
            .unknownPhoto, photo.string, "is not a photo of this album",
            remedy: "Sort it first: 'facesort sort PHOTOS --to \(path.string)'.")
    }

    /// What the last run said of a file that it could not read.
    private func failure(of photo: FilePath, in catalogue: Catalogue) throws -> AlbumError? {
        let isAlone = photo.components.count == 1
        return try catalogue.failedFiles().first {
            $0.code == .notReadable
                && (isAlone ? $0.path.lastComponent == photo.lastComponent : $0.path == photo)
        }.map { AlbumError(.unknownPhoto, photo.string, $0.reason, remedy: $0.remedy) }
    }

    private func onlyPhoto(named photo: FilePath, in catalogue: Catalogue) throws -> ContentHash {
        guard let name = photo.lastComponent else {
            throw AlbumError(
                .unknownPhoto, photo.string, "is no file name", remedy: "Name a photo.")
        }
        let files = try catalogue.photoFiles(named: name)
            .filter { photo.components.count == 1 || $0.path == photo }
        let hashes = Set(files.map(\.photo))
        if hashes.count == 1, let hash = hashes.first { return hash }
        if hashes.isEmpty {
            if let failed = try failure(of: photo, in: catalogue) { throw failed }
            throw AlbumError(
                .unknownPhoto, photo.string, "was not found, neither as a file nor in the album",
                remedy: "Name an original, a copy in the album, or its file name.")
        }
        throw AlbumError(
            .unknownPhoto, photo.string, "is the name of \(hashes.count) photos",
            remedy: "Name one by its path: "
                + files.prefix(4).map { "'\($0.path.string)'" }.joined(separator: ", ") + ".")
    }
}

/// Puts the verdicts on one photo into words.
private struct Explainer {
    let photo: PhotoRecord
    let matches: [Match]
    /// What a person said about places in the photo.
    let places: [DecidedPlace]
    let words: MatchSentence
    let copiedNames: [CopiedName]
    let references: [Reference]
    let placed: [PlacedFile]
    let settings: SortSettings

    init(_ workspace: Workspace, photo: PhotoRecord) throws {
        self.photo = photo
        let catalogue = workspace.catalogue
        places = try workspace.decidedPlaces(of: photo.hash)
        matches = try catalogue.matches(of: photo.hash)
        references = try catalogue.references()
        placed = try catalogue.placedFiles(of: photo.hash).filter { $0.state == .present }
        let settings = try catalogue.settingsOfMatches()
        self.settings = settings
        copiedNames = try catalogue.copiedNames().filter { $0.photo == photo.hash }
        let photoName: (ContentHash) -> String? = { hash in
            (try? catalogue.files(of: hash))?.first?.path.string
        }
        words = MatchSentence(
            names: try catalogue.namesOfPeople(),
            references: try ReferenceNames(catalogue, photoName: photoName), photoName: photoName,
            settings: settings.match
        )
    }

    func explanation(named name: String, about person: Person?) -> Explanation {
        let faces = photo.faces.sorted { $0.box.left < $1.box.left }
        let verdicts = faces.enumerated().map { index, face in
            verdict(on: face, index: index, of: faces.count, about: person)
        }
        return Explanation(
            photo: name, faceCount: faces.count,
            places: placed.map { $0.path.removingLastComponent().string },
            sentences: opening(faceCount: faces.count) + (person.map { summary(of: $0) } ?? [])
                + verdicts.map { "\($0.position): \($0.sentence)" } + copied() + unfound()
                + closing(),
            faces: verdicts)
    }

    private func opening(faceCount: Int) -> [String] {
        if let failure = PhotoFailure(photo, path: FilePath("")) {
            let start = "The photo \(failure.reason)."
            return photo.condition == .analysed ? [start] : [start + " " + failure.remedy]
        }
        switch faceCount {
        case 0: return ["No face was found in it, so nobody can be recognised."]
        case 1: return ["One face was found."]
        default: return ["\(faceCount) faces were found."]
        }
    }

    /// The people whose faces were not found here but in a near-duplicate.
    private func copied() -> [String] {
        let sources = Dictionary(grouping: copiedNames, by: \.source.photo)
        return sources.keys.sorted().map { source in
            let people = (sources[source] ?? []).map { words.names[$0.person] ?? "somebody" }
                .sorted()
            let photo = words.photoName(source).map { "'\($0)'" } ?? "another photo"
            return people.count == 1
                ? "\(people[0]) is in it as well: \(photo) is nearly the same picture, and the face "
                    + "that was found there is only missed here."
                : "\(enumerated(people)) are in it as well: \(photo) is nearly the same picture, and the "
                    + "faces that were found there are only missed here."
        }
    }

    /// The people at places where a person saw them and no face could be looked at.
    private func unfound() -> [String] {
        let found = Set(sameFaces(places.map(\.key.box), photo.faces.map(\.box)).map(\.0))
        return places.indices.filter { !found.contains($0) }.compactMap { index in
            places[index].verdict.person.map {
                "\($0) is in it as well, because you said so: the face has not been looked at yet."
            }
        }
    }

    /// Who a face is not, by what a person said.
    private func excluded(from face: Face) -> String {
        let pair = sameFaces([face.box], places.map(\.key.box)).first
        let names = pair.map { places[$0.1].verdict.excluded.sorted() } ?? []
        return names.isEmpty ? "" : " You said that it is not \(enumerated(names))."
    }

    private func closing() -> [String] {
        if placed.isEmpty { return ["No copy of it is in the album now."] }
        let people = placed.compactMap { file in
            if case .person(let id) = file.place { words.names[id] } else { nil }
        }.sorted()
        let ofPeople = people.isEmpty ? [] : [sentence(placedWith: people)]
        return ofPeople
            + placed.map(\.place).sorted().compactMap { place in
                switch place {
                case .person: nil
                case .group:
                    "It is in 'group' because it has \(settings.groupSize) or more faces"
                        + (photo.faces.count < settings.groupSize
                            ? ", with those that were missed." : ".")
                case .unknown: "It is in 'unknown' because nobody in it was recognised."
                case .cluster(let number):
                    "It is in 'unknown/\(number.name)' because nobody in it was recognised, and "
                        + "the stranger \(number.name) is in other photos as well."
                case .unreadable: "It is in 'unreadable' because it could not be read."
                case .copies:
                    "It is in 'copies' as well, because there are files of it with other names."
                }
            }
    }

    private func sentence(placedWith people: [String]) -> String {
        let folders = people.map { "'\($0)'" }
        guard people.count > 1 else {
            return "It is in \(folders[0]) because \(people[0]) is in it."
        }
        return "It is in \(enumerated(folders)) because they are in it."
    }

    private func summary(of person: Person) -> [String] {
        let isCopied = copiedNames.contains { $0.person == person.id }
        let isSaid = places.contains { $0.verdict.person?.folded == person.name.folded }
        if isSaid { return ["\(person.name) is in it, because you said so."] }
        if isCopied || matches.contains(where: { $0.named?.person == person.id }) {
            return ["\(person.name) was recognised in it."]
        }
        if !references.contains(where: { $0.person == person.id }) {
            return ["\(person.name) has no portrait with a face, so nothing can be compared."]
        }
        return photo.faces.isEmpty ? [] : ["\(person.name) was not recognised in it."]
    }

    private func verdict(on face: Face, index: Int, of count: Int, about person: Person?)
        -> Explanation.FaceVerdict
    {
        let match = matches.first { $0.face == face.id }
        let candidate = match.flatMap { $0.named ?? $0.nearest }
        var sentence = match.map(words.text) ?? "It has not been compared yet."
        sentence += excluded(from: face)
        if let person { sentence += comparison(of: face, with: person, match) }
        return Explanation.FaceVerdict(
            position: position(index, of: count),
            person: match?.named.flatMap { words.names[$0.person] },
            distance: candidate?.distance, band: match?.band ?? .no, sentence: sentence)
    }

    private func position(_ index: Int, of count: Int) -> String {
        switch (index, count) {
        case (_, 1): "The face"
        case (0, _): "The face on the far left"
        case (count - 1, _): "The face on the far right"
        default: "Face \(index + 1) from the left"
        }
    }

    private func comparison(of face: Face, with person: Person, _ match: Match?) -> String {
        let own = references.filter { $0.person == person.id }
        guard match?.named?.person != person.id,
            let best = own.min(by: { distance(face, $0) < distance(face, $1) })
        else { return "" }
        return " From \(person.name) it is \(rounded(distance(face, best))) "
            + "(\(words.references.words(best.id)))."
    }

    private func distance(_ face: Face, _ reference: Reference) -> Float {
        settings.match.rule.distance(face.encodings, reference.encodings)
    }
}
