import FaceCore

/// How right the people of photos are, with some of them known.
struct Score {
    private(set) var right = 0
    private(set) var wrong = 0
    private(set) var missed = 0
    private(set) var exactPhotos = 0
    private(set) var photoCount = 0
    private var byPerson: [String: (right: Int, wrong: Int, missed: Int)] = [:]

    /// - Parameters:
    ///   - known: the people who count; all others are strangers.
    ///   - onlySure: whether only sure names count.
    init(
        _ matches: [Match], _ copied: [CopiedName], of event: LabelledEvent, known: [PersonID],
        onlySure: Bool = false
    ) {
        let knownNames = Set(known.compactMap { event.names[$0] })
        var said: [ContentHash: Set<String>] = [:]
        for match in matches {
            guard let name = match.named.flatMap({ event.names[$0.person] }),
                !onlySure || match.band == .sure
            else { continue }
            said[match.face.photo, default: []].insert(name)
        }
        for copy in copied {
            guard let name = event.names[copy.person], !onlySure || copy.band == .sure else {
                continue
            }
            said[copy.photo, default: []].insert(name)
        }
        for photo in event.photos {
            let there = photo.people.intersection(knownNames)
            let here = (said[photo.hash] ?? []).intersection(knownNames)
            right += here.intersection(there).count
            wrong += here.subtracting(there).count
            missed += there.subtracting(here).count
            photoCount += 1
            if here == there { exactPhotos += 1 }
            for name in here.union(there) {
                var counts = byPerson[name] ?? (0, 0, 0)
                if !there.contains(name) {
                    counts.wrong += 1
                } else if here.contains(name) {
                    counts.right += 1
                } else {
                    counts.missed += 1
                }
                byPerson[name] = counts
            }
        }
    }

    var precision: Double { right + wrong == 0 ? 1 : Double(right) / Double(right + wrong) }
    var recall: Double { right + missed == 0 ? 1 : Double(right) / Double(right + missed) }
    var f1: Double {
        precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall)
    }
    var exactShare: Double { Double(exactPhotos) / Double(max(1, photoCount)) }

    /// The mean over people of their F1.
    var macroF1: Double {
        let scores = byPerson.values.map {
            Double(2 * $0.right) / Double(2 * $0.right + $0.wrong + $0.missed)
        }
        return scores.reduce(0, +) / Double(max(1, scores.count))
    }
}

/// One way of recognising, applied to some of the known people.
struct Recogniser {
    let event: LabelledEvent
    var settings = MatchSettings()
    var parameters = EvidenceParameters.standard
    var clusters: [Cluster]
    var nearDuplicates: NearDuplicates
    /// Which of the known people's references are used.
    var isUsed: (Reference) -> Bool = { _ in true }
    /// Faces of the event that a person named, as references.
    var standIns: [Reference] = []

    init(_ event: LabelledEvent) {
        self.event = event
        clusters = event.clusters
        nearDuplicates = event.nearDuplicates
    }

    struct Outcome {
        let matches: [Match]
        let copied: [CopiedName]
        let score: Score
        let sure: Score
        /// CPU time of one thread.
        let milliseconds: Double
    }

    func outcome(known: [PersonID], decisions: [FaceDecision] = []) -> Outcome {
        let people = Set(known)
        let references =
            event.references.filter { people.contains($0.person) && isUsed($0) } + standIns
        let clock = ContinuousClock()
        var matches: [Match] = []
        let time = clock.measure {
            matches = recognise(
                faces: event.faces, references: references, decisions: decisions,
                clusters: clusters, nearDuplicates: nearDuplicates,
                settings: settings, parameters: parameters)
        }
        let sharesNames = settings.rule == .evidence && parameters.steps.contains(.copies)
        let copied =
            sharesNames
            ? copiedNames(
                matches: matches, faces: event.faces, nearDuplicates: nearDuplicates) : []
        return Outcome(
            matches: matches, copied: copied,
            score: Score(matches, copied, of: event, known: known),
            sure: Score(matches, copied, of: event, known: known, onlySure: true),
            milliseconds: time / .milliseconds(1))
    }
}
