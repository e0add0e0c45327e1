import FaceCore
import Foundation
import TestSupport

/// The steps that look at the other faces of the event: what the rule before them lacked.
let stepsByOtherFaces: EvidenceParameters.Steps = [
    .certainOthers, .photoMates, .alike, .sureAlone,
]

private let seeds = 1...10

/// Names, bands, questions and clusters in ten made crowds.
func printCrowds() {
    for reading in CrowdRecipe.Reading.allCases {
        let crowds = seeds.map { MadeTrial(CrowdRecipe(reading: reading).event(seed: $0)) }
        printNames(in: crowds, reading)
        printSeeds(of: crowds, reading)
        printDraws(of: crowds, reading)
        printClusters(of: crowds, reading)
    }
    printPortraitCounts()
    printFamilies()
}

private func title(_ words: String, _ reading: CrowdRecipe.Reading) -> String {
    "Made crowds, distances between \(reading.rawValue), seeds \(seeds.lowerBound) to "
        + "\(seeds.upperBound): \(words)"
}

/// What version 1 of the rule made of the same crowds, recorded with commit 2798b54. It asked about
/// each tight cluster by itself.
private func before(_ reading: CrowdRecipe.Reading) -> [String] {
    switch reading {
    case .people:
        ["0.754", "0.968", "215", "0.779", "0.960", "186", "not counted", "37.9"]
    case .pictures:
        ["0.519", "0.930", "587", "0.547", "0.922", "520", "not counted", "115.9"]
    }
}

private func printNames(in crowds: [MadeTrial], _ reading: CrowdRecipe.Reading) {
    var rows = [["version 1 of the rule"] + before(reading)]
    func add(
        _ title: String, _ settings: MatchSettings = MatchSettings(),
        without steps: EvidenceParameters.Steps = []
    ) {
        var parameters = EvidenceParameters.standard
        parameters.steps.subtract(steps)
        var score = MadeScore()
        for crowd in crowds { score.add(crowd, settings: settings, parameters: parameters) }
        rows.append([title] + score.cells)
    }
    add("without what other faces tell", without: stepsByOtherFaces)
    add("balanced")
    add("strict", MatchSettings(naming: .strict))
    add("without certain others", without: .certainOthers)
    add("without the photo's other faces", without: .photoMates)
    add("without rivals", without: .rivals)
    add("without 'alike'", without: .alike)
    add("without 'nobody else nearer'", without: .sureAlone)
    printTable(title("names", reading), ["rule"] + MadeScore.header, rows)
}

private func printSeeds(of crowds: [MadeTrial], _ reading: CrowdRecipe.Reading) {
    printTable(
        title("one by one", reading), ["seed", "faces"] + MadeScore.header,
        zip(seeds, crowds).map { seed, crowd in
            var score = MadeScore()
            score.add(crowd)
            return ["\(seed)", "\(crowd.event.faces.count)"] + score.cells
        })
}

private func printDraws(of crowds: [MadeTrial], _ reading: CrowdRecipe.Reading) {
    printTable(
        title("few known, six draws each", reading), ["known"] + MadeScore.header,
        [2, 4, 8].map { count in
            var score = MadeScore()
            for crowd in crowds {
                for known in crowd.draws(of: count, 6) {
                    score.add(crowd, known: known, withQuestions: false)
                }
            }
            return ["\(count)"] + score.cells.dropLast() + ["not counted"]
        })
}

private func printPortraitCounts() {
    var rows: [[String]] = []
    for reading in CrowdRecipe.Reading.allCases {
        for count in 1...3 {
            let recipe = CrowdRecipe(reading: reading, portraitCount: count)
            let crowds = seeds.map { MadeTrial(recipe.event(seed: $0)) }
            for (title, weight) in [("half way to the mean", Float(0.5)), ("the nearest", 0)] {
                var parameters = EvidenceParameters.standard
                parameters.meanWeight = weight
                var score = MadeScore()
                for crowd in crowds { score.add(crowd, parameters: parameters) }
                rows.append([reading.rawValue, "\(count)", title] + score.cells)
            }
        }
    }
    printTable(
        "Made crowds: portraits",
        ["distances between", "portraits", "they count by"]
            + MadeScore.header, rows)
}

private func printClusters(of crowds: [MadeTrial], _ reading: CrowdRecipe.Reading) {
    var rows: [[String]] = []
    for (title, isKnown, usual) in [
        ("as they are, nobody known", false, Neighbourhoods.usual),
        ("by the neighbourhood, nobody known", false, nil),
        ("as they are, named faces first", true, .usual),
        ("by the neighbourhood, named faces first", true, nil),
    ] {
        let scores = crowds.map { crowd -> ClusterScore in
            let matches =
                isKnown ? crowd.matches(known: crowd.event.known, MatchSettings(), .standard) : []
            var cluster: [FaceID: Int] = [:]
            for match in matches {
                cluster[match.face] = match.named.map { -1_000_000 - Int($0.person.rawValue) }
            }
            let found = crowd.strangers(beside: matches, neighbourhoods: usual)
            for (number, own) in found.enumerated() {
                for face in own.faces { cluster[face] = number }
            }
            return ClusterScore(
                crowd.event.faces.map { (crowd.event.person[$0.id] ?? 0, cluster[$0.id]) })
        }
        rows.append([title] + ClusterScore.means(scores))
    }
    printTable(
        "Made crowds, distances between \(reading.rawValue): clusters, means",
        ["distances", "pair P", "pair R", "B-cubed P", "B-cubed R", "B-cubed F1"], rows)
}

/// Events in which families look alike, from small to very large.
private func printFamilies() {
    var rows: [[String]] = []
    for (faceCount, knownCount, seedCount) in [(1_000, 20, 40), (10_000, 200, 3), (60_000, 200, 1)]
    {
        var score = MadeScore()
        var seconds = 0.0
        for seed in 1...seedCount {
            let trial = MadeTrial(
                .ofFamilies(faceCount: faceCount, knownCount: knownCount, seed: seed))
            seconds += Stopwatch.time { score.add(trial, withQuestions: false) }.0.cpuSeconds
        }
        rows.append(
            ["\(faceCount)", "\(knownCount)", "1 to \(seedCount)"] + score.cells.prefix(6)
                + [String(format: "%.2f", seconds / Double(seedCount))])
    }
    printTable(
        "Events of parties with families of look-alikes",
        ["faces", "known", "seeds"] + MadeScore.header.prefix(6) + ["CPU s for the names"], rows)
}
