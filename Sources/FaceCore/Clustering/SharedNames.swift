/// Step 9: near-duplicates share names.
///
/// A face without a name takes that of the face at the same place (overlap above .3) of a
/// near-duplicate photo. It does not when the person is another face of its own photo, when it was
/// said not to be the person, or when the two faces are unlike (too far apart for a question) in
/// equally sharp pictures: then two people changed places. A sure match makes a likely one sure.
/// Names come only from matches by themselves and are never passed on, so no chain of copies leads
/// from one picture to another.
///
/// - Parameter faces: in ``FaceID`` order, as the matches.
func sharingNames(
    _ matches: [Match], of faces: [Face], _ nearDuplicates: NearDuplicates, decided: DecisionIndex,
    settings: MatchSettings
) -> [Match] {
    let indices = Dictionary(grouping: faces.indices) { faces[$0].id.photo }
    let named = nearDuplicates.photos.map { photos in
        namedFaces(photos.flatMap { indices[$0] ?? [] }, of: faces, matches)
    }
    var result = matches
    for (photo, own) in indices {
        guard let picture = nearDuplicates.pictures[photo] else { continue }
        let equal = named[picture].filter { faces[$0].id.photo != photo }
        let sources =
            equal.map { (face: $0, isComparable: true) }
            + nearDuplicates.links[picture].flatMap { link in
                named[link.picture].map { (face: $0, isComparable: link.blurred != .this) }
            }
        guard !sources.isEmpty else { continue }
        var taken = Set(own.compactMap { matches[$0].named?.person })
        for index in own where matches[index].band != .sure && !decided.isAbout(faces[index].id) {
            let before = matches[index].named?.person
            let source = sources.filter { source, isComparable in
                guard let person = matches[source].named?.person,
                    faces[source].box.overlap(with: faces[index].box) > sameplaceOverlap,
                    before == nil || (before == person && matches[source].band == .sure),
                    before == person || !taken.contains(person)
                else { return false }
                let distance = faces[source].encodings.mirrorMean
                    .distance(to: faces[index].encodings.mirrorMean)
                return !isComparable || distance <= settings.tolerance + MatchSettings.askReach
            }.map(\.face).min { sharesBefore(matches[$0], matches[$1]) }
            guard let source, let person = matches[source].named?.person else { continue }
            taken.insert(person)
            result[index] = match(
                matches[index], named: person, from: matches[source], of: faces[index],
                source: faces[source])
        }
    }
    return result
}

/// The faces of one picture that can give their names to others. Of those that differ only in the
/// photo, the first two - two, because none gives its name to its own photo.
private func namedFaces(_ indices: [Int], of faces: [Face], _ matches: [Match]) -> [Int] {
    struct Kind: Hashable {
        let person: PersonID
        let box: FaceBox
        let encoding: FaceEncoding
    }
    let named = indices.filter { matches[$0].named != nil }
    guard named.count > 2 else { return named }
    let sorted = named.sorted { sharesBefore(matches[$0], matches[$1]) }
    var kept: [Kind: [ContentHash]] = [:]
    return sorted.filter { index in
        guard let person = matches[index].named?.person else { return false }
        let (face, photo) = (faces[index], faces[index].id.photo)
        let kind = Kind(person: person, box: face.box, encoding: face.encodings.mirrorMean)
        guard kept[kind]?.count ?? 0 < 2, kept[kind]?.contains(photo) != true else { return false }
        kept[kind, default: []].append(photo)
        return true
    }
}

/// A name that a photo gets from a near-duplicate although no face was found at its place there.
public struct CopiedName: Hashable, Sendable {
    public let photo: ContentHash
    public let person: PersonID
    /// The named face in the near-duplicate.
    public let source: FaceID
    /// As sure as the source is.
    public let band: Band

    public init(photo: ContentHash, person: PersonID, source: FaceID, band: Band) {
        self.photo = photo
        self.person = person
        self.source = source
        self.band = band
    }
}

/// The people of photos in which the detector missed a face that it found at the same place of a
/// near-duplicate: a blurred copy shows whom the sharp one shows.
///
/// - Parameters:
///   - matches: what ``recognise(faces:references:decisions:ties:clusters:nearDuplicates:settings:)``
///     made of `faces`.
///   - faces: all of them, with a name or without.
///   - nearDuplicates: photos without any face included.
/// - Returns: by photo, then by person, each once.
public func copiedNames(
    matches: [Match], faces: [Face], nearDuplicates: NearDuplicates
) -> [CopiedName] {
    let boxes = Dictionary(grouping: faces, by: \.id.photo).mapValues { $0.map(\.box) }
    let boxOfFace = Dictionary(uniqueKeysWithValues: faces.map { ($0.id, $0.box) })
    let ofPhoto = Dictionary(grouping: matches, by: \.face.photo)
    let named = nearDuplicates.photos.map { photos in
        namedPlaces(photos.flatMap { ofPhoto[$0] ?? [] }, boxOfFace)
    }
    return nearDuplicates.pictures.sorted { $0.key < $1.key }.flatMap {
        photo, picture -> [CopiedName] in
        let present = Set((ofPhoto[photo] ?? []).compactMap(\.named?.person))
        let own = boxes[photo] ?? []
        var found: [PersonID: Match] = [:]
        func look(at places: [NamedPlace]) {
            for place in places
            where !present.contains(place.person)
                && !own.contains(where: { $0.overlap(with: place.box) > sameplaceOverlap })
            {
                if let other = found[place.person], !sharesBefore(place.match, other) { continue }
                found[place.person] = place.match
            }
        }
        // Its own faces name who is present.
        look(at: named[picture])
        for link in nearDuplicates.links[picture] { look(at: named[link.picture]) }
        return found.sorted { $0.key < $1.key }.map { person, match in
            CopiedName(photo: photo, person: person, source: match.face, band: match.band)
        }
    }
}

/// Where a person is in a picture, and the first match that says so.
private struct NamedPlace {
    let person: PersonID
    let box: FaceBox
    let match: Match
}

/// - Parameter matches: of the photos of one picture.
private func namedPlaces(
    _ matches: [Match], _ boxOfFace: [FaceID: FaceBox]
) -> [NamedPlace] {
    struct Place: Hashable {
        let person: PersonID
        let box: FaceBox
    }
    var places: [Place: Match] = [:]
    for match in matches where match.reason != .sameInCopy {
        guard let person = match.named?.person, let box = boxOfFace[match.face] else { continue }
        let place = Place(person: person, box: box)
        if let other = places[place], !sharesBefore(match, other) { continue }
        places[place] = match
    }
    return places.map { NamedPlace(person: $0.person, box: $0.box, match: $1) }
}

/// Above this overlap two boxes of two copies show the same place: detections of one face differ by
/// a step of the search, and two people's heads hardly ever overlap that much.
let sameplaceOverlap = 0.3

/// Which of two named faces gives its name first: the sure, the nearer, the smaller number.
private func sharesBefore(_ one: Match, _ other: Match) -> Bool {
    func rank(_ match: Match) -> (Int, Float, FaceID) {
        (match.band == .sure ? 0 : 1, match.named?.distance ?? .infinity, match.face)
    }
    return rank(one) < rank(other)
}

private func match(
    _ before: Match, named person: PersonID, from copy: Match, of face: Face, source: Face
) -> Match {
    let evidence = before.evidence
    let isNearest = before.nearest?.person == person
    let own = [before.nearest, before.runnerUp].compactMap(\.self).first { $0.person == person }
    let candidate =
        own
        ?? copy.named.map {
            Candidate(
                person: person, reference: $0.reference,
                distance: face.encodings.mirrorMean.distance(to: source.encodings.mirrorMean))
        }
    return Match(
        face: before.face, named: candidate, nearest: before.nearest,
        runnerUp: isNearest ? before.runnerUp : before.nearest, band: copy.band,
        reason: before.named == nil ? .sameInCopy : before.reason,
        evidence: Evidence(
            faceCount: evidence?.faceCount ?? 1,
            ownDistance: evidence?.ownDistance ?? candidate?.distance ?? 0,
            limit: evidence?.limit ?? 0, lookAlike: evidence?.lookAlike, rival: evidence?.rival,
            copy: source.id))
}
