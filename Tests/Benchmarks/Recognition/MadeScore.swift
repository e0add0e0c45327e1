import FaceCore
import Foundation
import TestSupport

/// How right names are in made events: each person in each photo counts once.
struct MadeScore {
    private struct Counts {
        var (right, wrong, missed) = (0, 0, 0)

        mutating func add(_ said: Set<Int>, _ there: Set<Int>) {
            right += said.intersection(there).count
            wrong += said.subtracting(there).count
            missed += there.subtracting(said).count
        }

        var cells: [String] {
            [
                three(Double(right) / Double(max(1, right + wrong))),
                three(Double(right) / Double(max(1, right + missed))), "\(wrong)",
            ]
        }
    }

    private var (filed, sure) = (Counts(), Counts())
    /// Faces of twins that are sure, wrongly.
    private var twinCount = 0
    private var questionCount = 0
    private var photoCount = 0

    static let header = [
        "precision", "recall", "wrong", "sure: precision", "recall", "wrong", "of twins",
        "questions per 100 photos",
    ]

    var cells: [String] {
        let per100 = 100 * Double(questionCount) / Double(max(1, photoCount))
        return filed.cells + sure.cells + ["\(twinCount)", String(format: "%.1f", per100)]
    }

    /// Recognises a made event and adds how right it is.
    ///
    /// - Parameters:
    ///   - known: whose portraits are used; everybody's when `nil`.
    ///   - withQuestions: whether the questions are counted, for which strangers are clustered.
    mutating func add(
        _ trial: MadeTrial, known: Set<Int>? = nil, settings: MatchSettings = MatchSettings(),
        parameters: EvidenceParameters = .standard, withQuestions: Bool = true
    ) {
        let event = trial.event
        let known = known ?? event.known
        let matches = trial.matches(known: known, settings, parameters)
        var said: [ContentHash: (filed: Set<Int>, sure: Set<Int>)] = [:]
        var there: [ContentHash: Set<Int>] = [:]
        for match in matches {
            let photo = match.face.photo
            if let own = event.person[match.face], known.contains(own) {
                there[photo, default: []].insert(own)
            }
            guard let named = match.named.map({ Int($0.person.rawValue) }) else { continue }
            said[photo, default: ([], [])].filed.insert(named)
            guard match.band == .sure else { continue }
            said[photo, default: ([], [])].sure.insert(named)
            if event.person[match.face].map(event.twins.contains) == true { twinCount += 1 }
        }
        for photo in Set(said.keys).union(there.keys) {
            let (said, there) = (said[photo] ?? ([], []), there[photo] ?? [])
            filed.add(said.filed, there)
            sure.add(said.sure, there)
        }
        photoCount += event.photoCount
        guard withQuestions else { return }
        questionCount +=
            questions(
                about: matches, clusters: trial.strangers(beside: matches), tight: trial.tight
            ).count
    }
}

/// A made event with what does not depend on the names in it.
struct MadeTrial {
    let event: MadeEvent
    let tight: [Cluster]

    init(_ event: MadeEvent) {
        self.event = event
        tight = clusters(of: event.faces, upTo: MatchSettings.tightLinkage)
    }

    func matches(
        known: Set<Int>, _ settings: MatchSettings, _ parameters: EvidenceParameters
    ) -> [Match] {
        recognise(
            faces: event.faces,
            references: event.references.filter { known.contains(Int($0.person.rawValue)) },
            clusters: tight, nearDuplicates: .none, settings: settings, parameters: parameters)
    }

    /// The clusters of the faces without a name.
    func strangers(
        beside matches: [Match] = [], neighbourhoods: Neighbourhoods? = nil
    ) -> [Cluster] {
        let named = Set(matches.filter { $0.named != nil }.map(\.face))
        return clusters(
            ofUnnamed: event.faces.filter { !named.contains($0.id) }.map {
                UnnamedFace(face: $0, isClear: true)
            },
            namedFaceCount: named.count,
            neighbourhoods: neighbourhoods ?? Neighbourhoods(of: event.faces, clusters: tight))
    }

    /// Draws of `count` of the known people.
    func draws(of count: Int, _ drawCount: Int) -> [Set<Int>] {
        (0..<drawCount).map { seed in
            var random = SplitMix64(ofMadeEvent: 1000 * count + seed)
            return Set(event.known.sorted().shuffled(using: &random).prefix(count))
        }
    }
}
