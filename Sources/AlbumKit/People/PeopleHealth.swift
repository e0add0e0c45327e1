internal import AlbumCatalogue
internal import FaceCore
internal import SystemPackage

/// Says which portraits, and which people, recognition will suffer from.
enum PeopleHealth {
    /// How far beyond the tolerance a portrait must lie from all others of its person to be
    /// doubted: the distance at which a face would not even be asked about.
    private static let outlierReach: Float = 0.12

    /// - Parameters:
    ///   - people: names by id, of everybody who has a folder, with portraits or without.
    ///   - tolerance: two people with portraits closer than this are hard to tell apart.
    /// - Returns: in order of names, then of portraits.
    static func troubles(people: [Person], portraits: [Portrait], tolerance: Float)
        -> [PortraitTrouble]
    {
        let byPerson = Dictionary(grouping: portraits, by: \.person)
        let listed = people.filter { byPerson[$0.id] != nil || $0.isListed }
            .sorted { $0.name < $1.name }
        var troubles: [PortraitTrouble] = []
        for person in listed {
            let own = byPerson[person.id] ?? []
            troubles += own.compactMap { unusable($0, of: person.name) }
            troubles += own.compactMap { ambiguous($0, of: person.name) }
            troubles += outliers(among: own, of: person.name, tolerance: tolerance)
            troubles += withoutReference(own, of: person.name)
        }
        return troubles + lookAlikes(listed, byPerson, tolerance: tolerance)
    }

    /// The trouble of a name that has a folder and nothing in it.
    static func withoutPortraits(_ name: String) -> PortraitTrouble {
        PortraitTrouble(
            kind: .noReference, person: name, portrait: nil,
            sentence: "\(name) has no portrait.",
            remedy: "Put a clear, frontal picture of \(name) alone into the folder.")
    }

    /// The trouble of a picture that facesort cannot read as a portrait.
    static func otherPicture(_ path: FilePath) -> PortraitTrouble {
        let name = path.components.count == 1 ? path.stem : path.components.first?.string
        return PortraitTrouble(
            kind: .unreadable, person: name ?? path.string, portrait: path.string,
            sentence: "The picture '\(path.string)' is no JPEG, PNG or HEIC file by its name.",
            remedy: "It was passed over. Save it as JPEG, with a name that ends in '.jpg'.")
    }

    private static func unusable(_ portrait: Portrait, of name: String) -> PortraitTrouble? {
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

    private static func ambiguous(_ portrait: Portrait, of name: String) -> PortraitTrouble? {
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

    private static func withoutReference(_ portraits: [Portrait], of name: String)
        -> [PortraitTrouble]
    {
        guard portraits.allSatisfy({ $0.outcome.chosen == nil }) else { return [] }
        if portraits.isEmpty { return [withoutPortraits(name)] }
        return [
            PortraitTrouble(
                kind: .noReference, person: name, portrait: nil,
                sentence: "None of \(name)'s portraits can be used, so \(name) is never found.",
                remedy: "Add a clear, frontal picture of \(name) alone.")
        ]
    }

    private static func outliers(
        among portraits: [Portrait], of name: String, tolerance: Float
    ) -> [PortraitTrouble] {
        let usable = portraits.compactMap { portrait in
            portrait.outcome.chosen.map { (portrait.file.path.string, $0.encodings.plain) }
        }
        guard usable.count > 1 else { return [] }
        return usable.indices.compactMap { index in
            let nearest =
                usable.indices.filter { $0 != index }
                .map { usable[index].1.distance(to: usable[$0].1) }.min() ?? 0
            guard nearest > tolerance + outlierReach else { return nil }
            let file = usable[index].0
            // Of two that do not fit, nobody can say which is the wrong one: said once.
            if usable.count == 2 && index == 1 { return nil }
            let others = usable.count == 2 ? "'\(usable[1].0)'" : "the others"
            return PortraitTrouble(
                kind: .outlier, person: name, portrait: file,
                sentence:
                    "\(name)'s portrait '\(file)' is unlike \(others) (distance \(text(nearest)))"
                    + "; it may show somebody else.",
                remedy: "Look at it; take it out if it is not \(name).")
        }
    }

    private static func lookAlikes(
        _ people: [Person], _ portraits: [PersonID: [Portrait]], tolerance: Float
    ) -> [PortraitTrouble] {
        var troubles: [PortraitTrouble] = []
        for (index, one) in people.enumerated() {
            for other in people.dropFirst(index + 1) {
                guard
                    let (distance, mine, theirs) = closest(
                        portraits[one.id] ?? [], portraits[other.id] ?? []),
                    distance <= tolerance
                else { continue }
                let isSame = mine.file.hash == theirs.file.hash
                troubles.append(
                    PortraitTrouble(
                        kind: .lookAlike, person: one.name, portrait: mine.file.path.string,
                        sentence: isSame
                            ? "\(one.name) and \(other.name) have the same portrait "
                                + "('\(mine.file.path.string)', '\(theirs.file.path.string)')."
                            : "\(one.name) and \(other.name) are hard to tell apart: portraits "
                                + "'\(mine.file.path.string)' and '\(theirs.file.path.string)' are "
                                + "\(text(distance)) apart.",
                        remedy: isSame
                            ? "Take it from the one it does not show."
                            : "Check that each shows the right person; add portraits of both."))
            }
        }
        return troubles
    }

    private static func closest(_ ones: [Portrait], _ others: [Portrait])
        -> (Float, Portrait, Portrait)?
    {
        var best: (Float, Portrait, Portrait)?
        for one in ones {
            guard let mine = one.outcome.chosen?.encodings.plain else { continue }
            for other in others {
                guard let theirs = other.outcome.chosen?.encodings.plain else { continue }
                let distance = mine.distance(to: theirs)
                if distance < best?.0 ?? .infinity { best = (distance, one, other) }
            }
        }
        return best
    }

    private static func text(_ distance: Float) -> String {
        DistanceText.rounded(distance)
    }
}
