internal import AlbumCatalogue
internal import FaceCore
internal import PhotoIndex

/// Says which names change because an album was made by an older rule.
struct NewerRule {
    /// The people of each photo by the older rule.
    private let before: [ContentHash: Set<PersonID>]

    /// - Returns: `nil` unless the catalogue's matches were made by an older version of the rule.
    init?(_ catalogue: Catalogue) throws {
        guard try catalogue.runOfMatches() != nil else { return nil }
        let settings = try catalogue.settingsOfMatches().match
        guard settings.rule == .evidence, settings.version < MatchSettings.currentVersion else {
            return nil
        }
        let matches = try catalogue.matches()
        before = Dictionary(grouping: matches, by: \.face.photo).mapValues { own in
            Set(own.compactMap(\.named?.person))
        }
    }

    /// One sentence, or none when no photo of the album changes.
    func note(on judgement: RecognitionResult) -> [String] {
        let ofPhoto = Dictionary(grouping: judgement.recognition.matches, by: \.face.photo)
        var (lost, gained, photos) = (0, 0, 0)
        for (photo, people) in before {
            let now = Set((ofPhoto[photo] ?? []).compactMap(\.named?.person))
            lost += people.subtracting(now).count
            gained += now.subtracting(people).count
            if now != people { photos += 1 }
        }
        guard photos > 0 else { return [] }
        return [
            "People are recognised by a newer rule, which looks out for strangers who look alike: "
                + "of \(photos) photo\(photos == 1 ? "" : "s") the names change (\(lost) taken away, "
                + "\(gained) new). What you said stands."
        ]
    }
}
