package import AlbumCatalogue
package import FaceCore
package import SystemPackage

/// Says which portraits and people make recognition worse.
package struct PeopleHealth {
    /// How far beyond the tolerance a portrait must lie from all others of its person to be
    /// doubted: the distance at which a face would not even be asked about.
    private static let outlierReach = MatchSettings.askReach

    /// Faces of fewer pixels in height lose so much that their encodings move by .17 and more, where
    /// two pictures of one person lie .40 apart.
    private static let leastHeightInPixels = 50.0

    /// Faces below this variance of the Laplacian show hardly any edges; sharp ones are above 100.
    private static let leastSharpness = 20.0

    /// This many questions about a person with one portrait are more than chance.
    private static let questionsOfThinPortrait = 3

    /// With so many portraits of a person another one helps little.
    private static let enoughPortraits = 3

    /// How many photos must wait because of two people to be worth a report.
    private static let photosOfHardPair = 2

    private let people: [Person]
    private let portraits: [PersonID: [Portrait]]
    private let portraitOfReference: [ReferenceID: Portrait]
    private let references: [Reference]
    private let matches: [Match]
    private let settings: MatchSettings

    /// - Parameters:
    ///   - people: of everybody who has a folder, with portraits or without.
    ///   - matches: the results of the portraits; none when they are not known yet.
    package init(people: [Person], portraits: [Portrait], matches: [Match], settings: MatchSettings)
    {
        let byPerson = Dictionary(grouping: portraits, by: \.person)
        self.people = people.filter { byPerson[$0.id] != nil || $0.isListed }
            .sorted { $0.name < $1.name }
        self.portraits = byPerson
        portraitOfReference = Dictionary(
            portraits.map { ($0.reference, $0) }, uniquingKeysWith: { first, _ in first })
        references = portraitOfReference.values.compactMap { portrait in
            portrait.outcome.chosen.map {
                Reference(
                    id: portrait.reference, person: portrait.person, encodings: $0.encodings)
            }
        }.sorted { $0.id < $1.id }
        self.matches = matches
        self.settings = settings
    }

    /// ``troubles``, then what the folders of people say themselves.
    ///
    /// - Parameters:
    ///   - empty: names that have a folder and no portrait.
    ///   - unusable: pictures of formats that are not read.
    package func troubles(empty: [String], unusable: [FilePath]) -> [PortraitTrouble] {
        troubles + empty.map(Self.withoutPortraits) + unusable.map(Self.otherPicture)
    }

    /// In order of names, then of portraits; pairs of people last.
    package var troubles: [PortraitTrouble] {
        let strays = Set(references.strays.map(\.id))
        var troubles: [PortraitTrouble] = []
        for person in people {
            let own = portraits[person.id] ?? []
            troubles += own.compactMap { unusable($0, of: person.name) }
            troubles += own.compactMap { ambiguous($0, of: person.name) }
            troubles += own.compactMap { poor($0, of: person.name) }
            troubles += outliers(among: own, strays: strays, of: person)
            troubles += withoutReference(own, of: person.name)
            troubles += crowded(own, of: person)
            troubles += thin(own, of: person)
        }
        return troubles + pairs
    }

    /// The trouble of a name that has a folder and nothing in it.
    static func withoutPortraits(_ name: String) -> PortraitTrouble {
        PortraitTrouble(
            kind: .noReference, person: name, portrait: nil,
            sentence: "\(name) has no portrait.",
            remedy: "Put a clear, frontal picture of \(name) alone into the folder.")
    }

    /// The trouble of a picture that facesort cannot read as a portrait.
    package static func otherPicture(_ path: FilePath) -> PortraitTrouble {
        let name = path.components.count == 1 ? path.stem : path.components.first?.string
        return PortraitTrouble(
            kind: .unreadable, person: name ?? path.string, portrait: path.string,
            sentence: "The picture '\(path.string)' is no JPEG, PNG or HEIC file by its name.",
            remedy: "It was passed over. Save it as JPEG, with a name that ends in '.jpg'.")
    }

    // MARK: One portrait

    private func unusable(_ portrait: Portrait, of name: String) -> PortraitTrouble? {
        let file = portrait.file.path.string
        if let failure = portrait.outcome.failure, portrait.outcome.chosen == nil {
            return PortraitTrouble(
                kind: .unreadable, person: name, portrait: file,
                sentence: "\(name)'s portrait '\(file)' cannot be read: \(failure.reason).",
                remedy: "Copy it again, or replace it by another picture.")
        }
        guard portrait.outcome.faceCount == 0 else { return nil }
        return PortraitTrouble(
            kind: .noFace, person: name, portrait: file,
            sentence: "No face was found in \(name)'s portrait '\(file)'.",
            remedy: "Replace it by one that shows the face from the front, in good light.")
    }

    private func ambiguous(_ portrait: Portrait, of name: String) -> PortraitTrouble? {
        let count = portrait.outcome.faceCount
        guard count > 1 else { return nil }
        let file = portrait.file.path.string
        return PortraitTrouble(
            kind: .severalFaces, person: name, portrait: file,
            sentence:
                "\(name)'s portrait '\(file)' shows \(count) faces; the largest and most central "
                + "one was taken.",
            remedy: "Cut it so that \(name) is alone in it, to be sure.")
    }

    private func poor(_ portrait: Portrait, of name: String) -> PortraitTrouble? {
        guard let face = portrait.outcome.chosen else { return nil }
        let file = portrait.file.path.string
        if face.heightInPixels < Self.leastHeightInPixels {
            return PortraitTrouble(
                kind: .tooSmall, person: name, portrait: file,
                sentence:
                    "The face in \(name)'s portrait '\(file)' is only "
                    + "\(Int(face.heightInPixels.rounded())) pixels high.",
                remedy: "Add one in which the face is at least 100 pixels high.")
        }
        guard let sharpness = face.sharpness, sharpness < Self.leastSharpness else { return nil }
        return PortraitTrouble(
            kind: .tooBlurred, person: name, portrait: file,
            sentence: "The face in \(name)'s portrait '\(file)' is blurred.",
            remedy: "Add a sharp one.")
    }

    private func withoutReference(_ portraits: [Portrait], of name: String) -> [PortraitTrouble] {
        guard portraits.allSatisfy({ $0.outcome.chosen == nil }) else { return [] }
        if portraits.isEmpty { return [Self.withoutPortraits(name)] }
        return [
            PortraitTrouble(
                kind: .noReference, person: name, portrait: nil,
                sentence: "None of \(name)'s portraits can be used, so \(name) is never found.",
                remedy: "Add a clear, frontal picture of \(name) alone.")
        ]
    }

    // MARK: The portraits of one person

    private func outliers(
        among portraits: [Portrait], strays: Set<ReferenceID>, of person: Person
    ) -> [PortraitTrouble] {
        let usable = portraits.compactMap { portrait in
            portrait.outcome.chosen.map { (portrait: portrait, encodings: $0.encodings) }
        }
        guard usable.count > 1 else { return [] }
        return usable.indices.compactMap { index in
            let (portrait, encodings) = usable[index]
            let nearest =
                usable.indices.filter { $0 != index }
                .map { settings.rule.distance(encodings, usable[$0].encodings) }.min() ?? 0
            let isStray = settings.rule == .evidence && strays.contains(portrait.reference)
            guard isStray || nearest > settings.tolerance + Self.outlierReach * settings.scale
            else { return nil }
            // Of two that do not match, nothing shows which one is wrong: reported once.
            if usable.count == 2 && index == 1 { return nil }
            let others =
                usable.count == 2 ? "'\(usable[1].portrait.file.path.string)'" : "the others"
            let start =
                "\(person.name)'s portrait '\(portrait.file.path.string)' is unlike \(others)"
            return PortraitTrouble(
                kind: .outlier, person: person.name, portrait: portrait.file.path.string,
                sentence: isStray
                    ? "\(start) and is not used; it \(likeness(of: encodings, to: person))."
                    : "\(start) (distance \(rounded(nearest))); it "
                        + "\(likeness(of: encodings, to: person)).",
                remedy: "Look at it; take it out if it is not \(person.name).")
        }
    }

    /// The people whom a portrait may show when it does not match its own person.
    private func likeness(of encodings: FaceEncodings, to person: Person) -> String {
        let others = references.filter { $0.person != person.id }
            .map { ($0, settings.rule.distance(encodings, $0.encodings)) }
        guard let (reference, distance) = others.min(by: { $0.1 < $1.1 }),
            distance <= settings.tolerance,
            let name = people.first(where: { $0.id == reference.person })?.name
        else { return "may show somebody else" }
        return "is more like \(name) (\(rounded(distance)))"
    }

    private func thin(_ portraits: [Portrait], of person: Person) -> [PortraitTrouble] {
        guard portraits.count(where: { $0.outcome.chosen != nil }) == 1 else { return [] }
        let photos = Set(
            matches.filter { $0.band == .ask && $0.nearest?.person == person.id }.map(\.face.photo))
        guard photos.count >= Self.questionsOfThinPortrait, crowded(portraits, of: person).isEmpty
        else { return [] }
        return [
            PortraitTrouble(
                kind: .thin, person: person.name, portrait: nil,
                sentence:
                    "\(person.name) has one portrait, and \(photos.count) photos may show "
                    + "\(person.name).",
                remedy: "Add two portraits in other light or from another side.")
        ]
    }

    /// Strangers look like a person with few portraits, and photos wait because of it.
    private func crowded(_ portraits: [Portrait], of person: Person) -> [PortraitTrouble] {
        let count = portraits.count { $0.outcome.chosen != nil }
        let photos = Set(
            matches.filter {
                $0.band == .ask && $0.nearest?.person == person.id
                    && [.certainOther, .photoMate, .stranger].contains($0.reason)
            }.map(\.face.photo))
        guard count > 0, count < Self.enoughPortraits, photos.count >= Self.questionsOfThinPortrait
        else { return [] }
        return [
            PortraitTrouble(
                kind: .crowded, person: person.name, portrait: nil,
                sentence:
                    "Strangers look like \(person.name), and \(photos.count) photos wait for you.",
                remedy: "Three portraits help: add \(Self.enoughPortraits - count) in other light.")
        ]
    }

    // MARK: Pairs of people

    private struct Pair: Hashable {
        let one: PersonID
        let other: PersonID

        init(_ one: PersonID, _ other: PersonID) {
            (self.one, self.other) = one < other ? (one, other) : (other, one)
        }
    }

    /// Each pair that is hard to tell apart, once, with the photos that wait because of it.
    private var pairs: [PortraitTrouble] {
        let alike = Dictionary(
            uniqueKeysWithValues: lookAlikes(among: references, settings: settings).map {
                (Pair($0.one.person, $0.other.person), $0)
            })
        let waiting = waitingPhotos
        let names = Dictionary(uniqueKeysWithValues: people.map { ($0.id, $0.name) })
        let pairs = Set(alike.keys).union(
            waiting.filter { $0.value.count >= Self.photosOfHardPair }.keys)
        let named = pairs.compactMap { pair -> (Pair, String, String)? in
            guard let one = names[pair.one], let other = names[pair.other] else { return nil }
            return one < other ? (pair, one, other) : (pair, other, one)
        }
        return named.sorted { ($0.1, $0.2) < ($1.1, $1.2) }.map { pair, one, other in
            let first = names[pair.one] == one ? pair.one : pair.other
            return trouble(
                of: one, and: other, first: first, alike[pair], waiting: waiting[pair]?.count ?? 0)
        }
    }

    /// The photos with a face that was withheld because two people are too alike.
    private var waitingPhotos: [Pair: Set<ContentHash>] {
        var photos: [Pair: Set<ContentHash>] = [:]
        for match in matches where match.band == .ask {
            let other: PersonID? =
                switch match.reason {
                case .hardToTell: match.runnerUp?.person
                case .lookAlike: match.evidence?.lookAlike
                default: nil
                }
            guard let nearest = match.nearest?.person, let other else { continue }
            photos[Pair(nearest, other), default: []].insert(match.face.photo)
        }
        return photos
    }

    private func trouble(
        of one: String, and other: String, first: PersonID, _ alike: LookAlikes?, waiting: Int
    ) -> PortraitTrouble {
        let wait =
            waiting == 0
            ? "" : "; \(waiting) photo\(waiting == 1 ? " is" : "s are") waiting for you"
        guard let alike else {
            return PortraitTrouble(
                kind: .lookAlike, person: one, portrait: nil,
                sentence: "\(one) and \(other) are hard to tell apart\(wait).",
                remedy: "Add portraits of both, in different light.")
        }
        let (mine, theirs) =
            alike.one.person == first ? (alike.one, alike.other) : (alike.other, alike.one)
        let files = (
            portraitOfReference[mine.id]?.file.path.string ?? "",
            portraitOfReference[theirs.id]?.file.path.string ?? ""
        )
        let isSame =
            portraitOfReference[mine.id]?.file.hash == portraitOfReference[theirs.id]?.file.hash
        return PortraitTrouble(
            kind: .lookAlike, person: one, portrait: files.0,
            sentence: isSame
                ? "\(one) and \(other) have the same portrait ('\(files.0)', '\(files.1)')\(wait)."
                : "\(one) and \(other) are hard to tell apart: portraits '\(files.0)' and "
                    + "'\(files.1)' are \(rounded(alike.distance)) apart\(wait).",
            remedy: isSame
                ? "Take it from the one it does not show."
                : "Check that each shows the right person; add portraits of both.")
    }
}
