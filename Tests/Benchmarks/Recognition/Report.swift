import FaceCore
import Foundation
import TestSupport

/// All measurements of recognition, as tables in Markdown.
func printRecognition(_ event: LabelledEvent) {
    print(
        "\(event.photos.count) photos, \(event.faces.count) faces, \(event.people.count) people "
            + "with \(event.references.count) portraits; equal files count by their content.")
    printLadder(event)
    printDial(event)
    printSubsets(event)
    printPortraits(event)
    printBands(event)
    printQuestions(event)
    printAnswers(event)
    printFlatness(event)
    printHalves(event)
    printClusters(event)
}

private func row(_ title: String, _ outcome: Recogniser.Outcome) -> [String] {
    let score = outcome.score
    return [
        title, three(score.precision), three(score.recall), three(score.f1),
        three(score.macroF1), three(score.exactShare), three(outcome.sure.precision),
        three(outcome.sure.recall), "\(outcome.sure.wrong)",
        String(format: "%.0f", outcome.milliseconds),
    ]
}

private let columns = [
    "precision", "recall", "F1", "macro F1", "exact photos", "sure: precision", "recall", "wrong",
    "ms",
]

// MARK: The ladder

private func printLadder(_ event: LabelledEvent) {
    var recogniser = Recogniser(event)
    recogniser.settings.rule = .nearest
    var rows = [
        row(
            "nearest reference within .50, plain encodings", recogniser.outcome(known: event.people)
        )
    ]
    recogniser.settings.rule = .evidence
    recogniser.parameters.steps = []
    rows.append(row("mirrored encodings within .56", recogniser.outcome(known: event.people)))
    let steps: [(String, EvidenceParameters.Steps)] = [
        ("margin .04", .margin), ("look-alike guard", .lookAlikes),
        ("tight clusters together (.36)", .clusters),
        ("a person once in a photo, by whole clusters", .wholeClusters),
        ("certain others end the limit", .certainOthers),
        ("the photo's other faces farther", .photoMates),
        ("rivals from the event", .rivals), ("a crowded person's groups are alike", .alike),
        ("near-duplicates share names", .copies), ("sure: nobody else nearer", .sureAlone),
    ]
    for (title, step) in steps {
        recogniser.parameters.steps.insert(step)
        rows.append(row("+ " + title, recogniser.outcome(known: event.people)))
    }
    printTable(
        "Ladder, everybody known", ["step"] + columns, rows)
    printTable(
        "All but one step", ["without"] + columns,
        steps.map { title, step in
            recogniser.parameters.steps = EvidenceParameters.Steps.all.subtracting(step)
            return row(title, recogniser.outcome(known: event.people))
        })
}

/// The settings that a host can choose.
private func printDial(_ event: LabelledEvent) {
    var rows: [[String]] = []
    for (title, settings) in [
        ("--naming balanced", MatchSettings()), ("--naming strict", MatchSettings(naming: .strict)),
        ("--sure-only", MatchSettings(filesOnlySure: true)),
        ("--rule nearest", MatchSettings(rule: .nearest)),
    ] {
        var recogniser = Recogniser(event)
        recogniser.settings = settings
        rows.append(row(title, recogniser.outcome(known: event.people)))
    }
    printTable("The dial, everybody known", ["setting"] + columns, rows)
}

// MARK: Few people

/// Thirty draws, the same on every machine.
func draws(of count: Int, from event: LabelledEvent) -> [[PersonID]] {
    guard count > 0, count < event.people.count else { return [count > 0 ? event.people : []] }
    return (0..<30).map { seed in
        var random = SplitMix64(seed: UInt64(1000 * count + seed))
        return Array(event.people.shuffled(using: &random).prefix(count)).sorted()
    }
}

private struct Mean {
    let precision: Double
    let recall: Double
    let pooledPrecision: Double
    let pooledRecall: Double

    init(_ scores: [Score]) {
        let count = Double(scores.count)
        precision = scores.reduce(0) { $0 + $1.precision } / count
        recall = scores.reduce(0) { $0 + $1.recall } / count
        let right = Double(scores.reduce(0) { $0 + $1.right })
        pooledPrecision = right / max(1, right + Double(scores.reduce(0) { $0 + $1.wrong }))
        pooledRecall = right / max(1, right + Double(scores.reduce(0) { $0 + $1.missed }))
    }
}

private func printSubsets(_ event: LabelledEvent) {
    var plain = EvidenceParameters.standard
    plain.steps.subtract(stepsByOtherFaces.union(.rivals))
    var rows: [[String]] = []
    for count in [1, 2, 4, 8, 12, event.people.count] {
        for (title, parameters, naming) in [
            ("balanced", EvidenceParameters.standard, Naming.balanced),
            ("strict", .standard, .strict), ("without", plain, .balanced),
        ] {
            var recogniser = Recogniser(event)
            recogniser.parameters = parameters
            recogniser.settings.naming = naming
            let outcomes = draws(of: count, from: event).map { recogniser.outcome(known: $0) }
            let (mean, sure) = (Mean(outcomes.map(\.score)), Mean(outcomes.map(\.sure)))
            rows.append([
                "\(count)", title, three(mean.precision), three(mean.recall),
                three(mean.pooledPrecision), three(mean.pooledRecall),
                three(sure.pooledPrecision), three(sure.pooledRecall),
            ])
        }
    }
    printTable(
        "Few known people, 30 draws each; with and without what the other faces of the event tell",
        [
            "known", "rule", "mean precision", "mean recall", "pooled precision", "pooled recall",
            "sure: pooled precision", "recall",
        ], rows)
}

private func printPortraits(_ event: LabelledEvent) {
    let firsts = Set(
        Dictionary(grouping: event.references, by: \.person).values.compactMap {
            $0.map(\.id).min()
        })
    var recogniser = Recogniser(event)
    var rows = [row("all portraits", recogniser.outcome(known: event.people))]
    recogniser.isUsed = { firsts.contains($0.id) }
    rows.append(row("the first portrait of each", recogniser.outcome(known: event.people)))
    printTable(
        "Portraits", ["references"] + columns, rows)
}

// MARK: Bands and questions

/// The answers to questions by a person who knows everybody and takes out who does not belong.
private func answers(to questions: [Question], _ event: LabelledEvent) -> [FaceDecision] {
    questions.flatMap { question -> [FaceDecision] in
        let asked = question.nearest.person
        return question.faces.map { face in
            event.identity[face] == event.names[asked]
                ? .isPerson(face, asked) : .isNotPerson(face, asked)
        }
    }
}

private func printBands(_ event: LabelledEvent) {
    var rows: [[String]] = []
    for onlySure in [false, true] {
        var recogniser = Recogniser(event)
        recogniser.settings.filesOnlySure = onlySure
        let before = recogniser.outcome(known: event.people)
        let questions = questions(
            about: before.matches, clusters: event.strangers(beside: before.matches),
            tight: event.clusters)
        let after = recogniser.outcome(
            known: event.people, decisions: answers(to: questions, event))
        let bands = Dictionary(grouping: before.matches, by: \.band).mapValues(\.count)
        rows.append([
            onlySure ? "--sure-only" : "default", three(before.score.precision),
            three(before.score.recall),
            Band.allCases.map { "\($0.rawValue) \(bands[$0] ?? 0)" }.joined(separator: ", "),
            String(
                format: "%.1f", 100 * Double(questions.count) / Double(event.photos.count)),
            three(after.score.precision), three(after.score.recall),
        ])
    }
    printTable(
        "Bands, and after true answers of yes or no",
        [
            "filed", "precision", "recall", "faces", "questions per 100 photos",
            "precision after", "recall after",
        ], rows)
}

// MARK: Flatness and halves

private func printFlatness(_ event: LabelledEvent) {
    let numbers: [(String, WritableKeyPath<EvidenceParameters, Float>, [Float])] = [
        ("reach", \.reach, [0.04, 0.05, 0.06, 0.07, 0.08]),
        ("margin", \.margin, [0.02, 0.03, 0.04, 0.05, 0.06]),
        ("twice in a photo", \.twice, [0.36, 0.4, 0.44]),
        ("weight of the mean reference", \.meanWeight, [0, 0.25, 0.5, 0.75]),
        ("least limit by certain others", \.leastLimit, [0, 0.3, 0.36]),
        ("lead of sure ones in crowds", \.crowdedLead, [0.04, 0.05, 0.06, 0.08]),
    ]
    var rows: [[String]] = []
    func add(_ title: String, _ value: String, _ change: (inout Recogniser) -> Void) {
        var recogniser = Recogniser(event)
        change(&recogniser)
        let all = recogniser.outcome(known: event.people).score
        let (four, eight) = (mean(of: 4, recogniser), mean(of: 8, recogniser))
        rows.append([
            title, value, three(all.precision), three(all.recall), three(all.f1),
            three(four.precision), three(four.recall), three(eight.precision), three(eight.recall),
        ])
    }
    for (title, path, values) in numbers {
        for value in values {
            add(title, String(format: "%.3f", value)) { $0.parameters[keyPath: path] = value }
        }
    }
    for margin in [Float(-0.04), -0.02, 0, 0.015, 0.03] {
        add("rival margin", String(format: "%.3f", margin)) { $0.parameters.rivalMargin = margin }
    }
    for count in [16, 24, 32] {
        add("other faces for one accident", "\(count)") {
            $0.parameters.matesPerAccident = count
        }
    }
    for linkage in [Float(0.32), 0.34, 0.36, 0.38, 0.4] {
        add("tight linkage", String(format: "%.2f", linkage)) {
            $0.clusters = clusters(of: event.faces, upTo: linkage)
        }
    }
    for correlation in [Float(0.97), 0.98, 0.985, 0.99] {
        add("likeness of copies", String(format: "%.3f", correlation)) {
            $0.nearDuplicates = nearDuplicates(
                among: event.pictures,
                likeness: Likeness(correlation: correlation, aspectDifference: 0.03))
        }
    }
    printTable(
        "Flatness: one number changed at a time",
        [
            "number", "value", "precision", "recall", "F1", "4 known: precision", "recall",
            "8 known: precision", "recall",
        ], rows)
}

private func mean(of count: Int, _ recogniser: Recogniser) -> Mean {
    Mean(draws(of: count, from: recogniser.event).map { recogniser.outcome(known: $0).score })
}

private func printHalves(_ event: LabelledEvent) {
    let halves = [0, 1].map { half in
        event.people.enumerated().filter { $0.offset % 2 == half }.map(\.element)
    }
    var rows: [[String]] = []
    for (tuned, scored) in [(halves[0], halves[1]), (halves[1], halves[0])] {
        var best: (f1: Double, parameters: EvidenceParameters)?
        for reach in [Float(0.05), 0.06, 0.07] {
            for margin in [Float(0.03), 0.04, 0.05] {
                for rivalMargin in [Float(-0.04), -0.02, 0, 0.015, 0.03] {
                    var recogniser = Recogniser(event)
                    recogniser.parameters.reach = reach
                    recogniser.parameters.margin = margin
                    recogniser.parameters.rivalMargin = rivalMargin
                    let score = recogniser.outcome(known: tuned).score
                    if score.f1 > best?.f1 ?? 0 { best = (score.f1, recogniser.parameters) }
                }
            }
        }
        var recogniser = Recogniser(event)
        let standard = recogniser.outcome(known: scored).score
        recogniser.parameters = best?.parameters ?? .standard
        let other = recogniser.outcome(known: scored).score
        let parameters = recogniser.parameters
        rows.append([
            String(
                format: "reach %.2f, margin %.2f, rival %.3f", parameters.reach,
                parameters.margin, parameters.rivalMargin ?? -0.02),
            three(best?.f1 ?? 0), three(other.precision), three(other.recall), three(other.f1),
            three(standard.precision), three(standard.recall), three(standard.f1),
        ])
    }
    printTable(
        "Halves: tuned on one half of the people, scored on the other",
        [
            "best for the one half", "its F1", "other half: precision", "recall", "F1",
            "standard there: precision", "recall", "F1",
        ], rows)
}
