import FaceCore
import Foundation
import TestSupport

/// A host who answers questions and names groups in random order, and is always right.
private struct RightAnswers {
    let event: LabelledEvent
    private let numbers: [String: PersonID]
    private let faces: [FaceID: Face]
    private var person: [FaceID: PersonID] = [:]
    private var excluded: [FaceID: Set<PersonID>] = [:]
    private var isAnswered: Set<[FaceID]> = []
    private var questions: [Question] = []
    private var groups: [Cluster] = []
    private(set) var f1 = 0.0
    private(set) var answerCount = 0

    private static let mostAnswers = 150

    init(_ event: LabelledEvent) {
        self.event = event
        var numbers: [String: PersonID] = [:]
        for (person, name) in event.names { numbers[name] = person }
        // Strangers get numbers that no person has.
        for name in Set(event.identity.values).sorted() where numbers[name] == nil {
            numbers[name] = PersonID(rawValue: Int64(1_000_000 + numbers.count))
        }
        self.numbers = numbers
        faces = Dictionary(uniqueKeysWithValues: event.faces.map { ($0.id, $0) })
        look()
    }

    /// Answers one question, or names one group.
    ///
    /// - Returns: whether there was one.
    mutating func answer(_ random: inout SplitMix64) -> Bool {
        guard answerCount < Self.mostAnswers else { return false }
        let open =
            questions.map { (faces: $0.faces, asked: Optional($0.nearest.person)) }
            + groups.map { (faces: $0.faces, asked: nil) }
        guard
            let next = open.filter({ !isAnswered.contains($0.faces) })
                .randomElement(using: &random)
        else { return false }
        isAnswered.insert(next.faces)
        guard let who = next.asked ?? most(of: next.faces) else { return true }
        for face in next.faces {
            if identity(face) == who {
                person[face] = who
            } else {
                excluded[face, default: []].insert(who)
            }
        }
        look()
        answerCount += 1
        return true
    }

    private func identity(_ face: FaceID) -> PersonID? {
        event.identity[face].flatMap { numbers[$0] }
    }

    private func most(of faces: [FaceID]) -> PersonID? {
        Dictionary(grouping: faces.compactMap(identity)) { $0 }.mapValues(\.count)
            .max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    }

    /// Compares all faces again, with those that stand for their people.
    private mutating func look() {
        let named = person.compactMap { face, person in
            faces[face].map {
                NamedFace(
                    face: $0, person: person, isClear: event.quality[face]?.isClear ?? true,
                    isPortrait: false)
            }
        }
        let references = standIns(among: named).enumerated().map { index, named in
            Reference(
                id: ReferenceID(rawValue: Int64(1_000_000 + index)), person: named.person,
                encodings: named.face.encodings, isPortrait: false)
        }
        let decisions =
            person.sorted { $0.key < $1.key }.map { FaceDecision.isPerson($0.key, $0.value) }
            + excluded.sorted { $0.key < $1.key }.flatMap { face, people in
                people.sorted().map { FaceDecision.isNotPerson(face, $0) }
            }
        var recogniser = Recogniser(event)
        recogniser.standIns = references
        let outcome = recogniser.outcome(known: event.people, decisions: decisions)
        f1 = outcome.score.f1
        let strangers = event.strangers(beside: outcome.matches)
        groups = strangers.filter { Set($0.faces.map(\.photo)).count >= 2 }
        questions = FaceCore.questions(
            about: outcome.matches, clusters: strangers, tight: event.clusters)
    }
}

/// How micro F1 moves from one true answer to the next, in 20 seeded orders.
func printAnswers(_ event: LabelledEvent) {
    var rows: [[String]] = []
    var (worst, least) = (0.0, 1.0)
    for seed in 0..<20 {
        var random = SplitMix64(ofMadeEvent: 90_000 + seed)
        var answers = RightAnswers(event)
        let start = answers.f1
        var (worstFall, falls, last) = (0.0, 0, start)
        while answers.answer(&random) {
            let fall = last - answers.f1
            if fall > 0.0001 { falls += 1 }
            worstFall = max(worstFall, fall)
            last = answers.f1
        }
        worst = max(worst, worstFall)
        least = min(least, last)
        rows.append([
            "\(seed)", "\(answers.answerCount)", three(start), three(last), "\(falls)",
            String(format: "%.4f", worstFall),
        ])
    }
    rows.append(["all", "", "", "least " + three(least), "", String(format: "%.4f", worst)])
    printTable(
        "True answers in random order",
        ["seed", "answers", "F1 before", "F1 after all", "falls", "worst fall"], rows)
}

/// How much of what all questions bring those bring that are to be answered first.
func printQuestions(_ event: LabelledEvent) {
    var rows: [[String]] = []
    for count in [2, 4, 8, event.people.count] {
        var (asked, first, faces, expected) = (0, 0, 0, Float(0))
        var (gain, firstGain) = (0, 0)
        let draws = draws(of: count, from: event)
        for known in draws {
            let matches = Recogniser(event).outcome(known: known).matches
            let questions = questions(
                about: matches, clusters: event.strangers(beside: matches), tight: event.clusters)
            for (index, question) in questions.enumerated() {
                let name = event.names[question.nearest.person]
                let photos = Set(
                    question.faces.filter { event.identity[$0] == name }.map(\.photo))
                gain += photos.count
                expected += question.gain
                faces += question.faces.count
                guard index < questions.countToAnswerFirst else { continue }
                first += 1
                firstGain += photos.count
            }
            asked += questions.count
        }
        let photos = Double(draws.count * event.photos.count) / 100
        rows.append([
            "\(count)", String(format: "%.1f", Double(asked) / photos),
            String(format: "%.1f", Double(faces) / photos),
            String(format: "%.1f", Double(first) / photos),
            String(format: "%.1f", Double(gain) / photos),
            String(format: "%.1f", Double(expected) / photos),
            three(Double(firstGain) / Double(max(1, gain))),
        ])
    }
    printTable(
        "Questions per 100 photos",
        [
            "known", "questions", "faces asked about", "to be answered first",
            "photos they all bring", "expected", "share of the first",
        ], rows)
}
