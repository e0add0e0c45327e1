internal import PhotoIndex
internal import FaceCore

/// Puts the verdict on one face into words for a host.
struct MatchSentence {
    let names: [PersonID: String]
    let references: ReferenceNames
    /// A name of a photo, for those that a match refers to.
    let photoName: (ContentHash) -> String?
    let settings: MatchSettings

    /// Whole sentences: which step named or withheld the face, and by which distances.
    func text(_ match: Match) -> String {
        switch match.reason {
        case .decided: return "\(match.named.map(name) ?? "?"), because you said so."
        case .ignored: return "Left alone, because you said so."
        case .notAGuest: return "Not a guest, because you said so."
        case .nobodyKnown: return "Nobody is known to compare it with."
        case .withinLimit, .nextBest, .sameInCopy: return named(match)
        case .tooFar, .lookAlike, .certainOther, .photoMate, .hardToTell, .stranger, .unlike,
            .personTaken, .notSure, .toldApart:
            return withheld(match)
        }
    }

    // MARK: With a name

    private func named(_ match: Match) -> String {
        guard let named = match.named else { return "" }
        if match.reason == .sameInCopy { return shared(match, named) }
        let taken =
            match.reason == .nextBest ? "; nearer people are other faces of this photo" : ""
        let confirmed =
            match.evidence?.copy.map { "; \(copy($0)) shows \(name(named)) at the same place" }
            ?? ""
        return "\(name(named)), \(ownDistance(match, to: named)) (\(limit(match)))\(taken)"
            + next(match) + agreement(match) + confirmed + "."
            + (match.band == .likely ? " That is near the limit: worth a look." : "")
    }

    private func shared(_ match: Match, _ named: Candidate) -> String {
        let source = match.evidence?.copy.map(copy) ?? "a near-duplicate"
        let start =
            "\(name(named)), because \(source), which is nearly the same picture, shows "
            + "\(name(named)) at the same place."
        guard match.nearest?.person == named.person else {
            return start + " By itself it could not be told."
        }
        let isBeyond = named.distance > match.evidence?.limit ?? settings.limit
        return "\(start) By itself it is \(distance(match, to: named)), "
            + (isBeyond ? "\(beyond(match, named))." : "which was not enough alone.")
    }

    private func copy(_ face: FaceID) -> String {
        photoName(face.photo).map { "'\($0)'" } ?? "another photo"
    }

    // MARK: Without a name

    private func withheld(_ match: Match) -> String {
        guard let nearest = match.nearest else { return "Nobody is known to compare it with." }
        let who = name(nearest)
        let almost = match.band == .ask ? "Nearly \(who), but not filed" : "No name"
        switch match.reason {
        case .tooFar:
            return almost + (match.band == .ask ? ": " : ": nobody is near enough; ")
                + "it is \(distance(match, to: nearest)), \(beyond(match, nearest))"
                + reasonOfLimit(match) + next(match) + "."
        case .lookAlike:
            let other = match.evidence?.lookAlike.flatMap { names[$0] } ?? "somebody else"
            return "\(almost): it is \(distance(match, to: nearest)), and portraits of \(who) and "
                + "\(other) are only \(allowed(match)) apart themselves, so it could be either, "
                + "or neither."
        case .certainOther:
            return "\(almost): it is \(distance(match, to: nearest)), \(beyond(match, nearest))"
                + reasonOfLimit(match) + "."
        case .photoMate:
            return "\(almost): it is \(distance(match, to: nearest)), but another face of "
                + "\(match.evidence.map { $0.faceCount > 1 } == true ? "its photos" : "this photo")"
                + ", which is somebody else's, is about as near to it"
                + "\(match.evidence?.rival.map { " (\(rounded($0.distance)))" } ?? "")."
        case .hardToTell:
            let other = match.runnerUp.map(name) ?? "somebody else"
            return "\(who) or \(other), not filed: it is \(distance(match, to: nearest)), and "
                + "\(other) is about as near"
                + "\(match.runnerUp.map { " (\(rounded($0.distance)))" } ?? "")."
        case .stranger: return "\(almost): \(rival(match, nearest))"
        case .unlike:
            return "\(almost): it is \(distance(match, to: nearest)), but \(who)'s other faces are "
                + "farther from it"
                + "\(match.evidence?.rival.map { " (\(rounded($0.distance)) on average)" } ?? "")"
                + " than strangers are from \(who)'s portrait (\(allowed(match)))."
        case .personTaken:
            let others = match.evidence.map { $0.faceCount > 1 } ?? false
            return "No name: it is \(distance(match, to: nearest)), but \(who) is another, nearer "
                + (others ? "face in a photo of this same face." : "face of this photo.")
        case .toldApart:
            return "No name: it is \(distance(match, to: nearest)), but you said that another "
                + "face, which is \(who)'s, is somebody else's."
        case .notSure:
            return "Probably \(who), \(distance(match, to: nearest))\(next(match)); but only sure "
                + "matches are filed."
        default: return ""
        }
    }

    private func rival(_ match: Match, _ nearest: Candidate) -> String {
        let start = "it is \(distance(match, to: nearest)), but "
        guard let rival = match.evidence?.rival else {
            return start + "nearer to a face that is not \(name(nearest))'s."
        }
        let place = photoName(rival.face.photo).map { "in '\($0)'" } ?? "in another photo"
        let more =
            rival.faceCount > 1 ? " and \(photos(rival.faceCount - 1))" : ""
        let compared =
            rival.distance <= nearest.distance ? "nearer" : "about as near"
        return start + "a face \(place)\(more), which is not \(name(nearest))'s, is \(compared) "
            + "(\(rounded(rival.distance)))."
    }

    // MARK: Parts

    /// "at 0.43 from Anna's portrait 'anna.jpg'", "at 0.43 from Anna's face in 'IMG_1.jpg'".
    private func ownDistance(_ match: Match, to candidate: Candidate) -> String {
        let isFirst = match.nearest?.person == candidate.person
        let distance = isFirst ? match.evidence?.ownDistance : nil
        return "at \(rounded(distance ?? candidate.distance)) from \(name(candidate))'s "
            + references.words(candidate.reference)
    }

    /// The same; for a face that was judged together with others with the mean of all.
    private func distance(_ match: Match, to candidate: Candidate) -> String {
        let own = ownDistance(match, to: candidate)
        guard let evidence = match.evidence, evidence.faceCount > 1,
            match.nearest?.person == candidate.person
        else { return own }
        return "\(own) (\(rounded(candidate.distance)) on average with "
            + "\(photos(evidence.faceCount - 1)) of the same face)"
    }

    /// What the other photos of the same face suggest about a name.
    private func agreement(_ match: Match) -> String {
        guard let evidence = match.evidence, evidence.faceCount > 1, let named = match.named else {
            return ""
        }
        let verb = evidence.ownDistance <= evidence.limit ? "agrees" : "is nearer"
        return "; the same face in \(photos(evidence.faceCount - 1)) \(verb) "
            + "(\(rounded(named.distance)) on average)"
    }

    private func photos(_ count: Int) -> String { "\(count) more photo\(count == 1 ? "" : "s")" }

    /// "the limit is 0.56", and why it is lower where it is.
    private func limit(_ match: Match) -> String {
        "the limit is \(allowed(match))\(reasonOfLimit(match))"
    }

    /// "beyond the limit of 0.56"; otherwise a face at 0.561 would read as at 0.56 and beyond it.
    private func beyond(_ match: Match, _ candidate: Candidate) -> String {
        let isJust = rounded(candidate.distance) == allowed(match)
        return "\(isJust ? "just beyond" : "beyond") the limit of \(allowed(match))"
    }

    private func allowed(_ match: Match) -> String {
        rounded(match.evidence?.limit ?? settings.limit)
    }

    private func reasonOfLimit(_ match: Match) -> String {
        guard let evidence = match.evidence else { return "" }
        if let other = evidence.lookAlike.flatMap({ names[$0] }) {
            let own = match.nearest.map(name) ?? "the person"
            return ", since portraits of \(own) and \(other) are that near each other"
        }
        guard rounded(evidence.limit) != rounded(settings.limit),
            match.reason == .certainOther || match.reason == .withinLimit,
            let rival = evidence.rival
        else { return "" }
        let place = photoName(rival.face.photo).map { " in '\($0)'" } ?? ""
        let own = match.nearest.map(name) ?? "the person"
        return
            ", since a face\(place) that cannot be \(own), because another face there is nearer to "
            + "\(own), is that near to \(own)'s portrait"
    }

    private func next(_ match: Match) -> String {
        guard let other = match.runnerUp else { return "; nobody else is known" }
        return "; next is \(name(other)) at \(rounded(other.distance))"
    }

    private func name(_ candidate: Candidate) -> String { names[candidate.person] ?? "somebody" }
}
