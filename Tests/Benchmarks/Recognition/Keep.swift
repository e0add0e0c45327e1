import FaceCore
import Foundation
import PhotoLearning
import SystemPackage
import TestSupport

/// Prints how well `keep` learns on an album: from choices that follow a rule, a twentieth of them
/// wrong, and from choices that follow none.
///
/// The rule is one that people follow: the largest face is sharp and large enough, or there is
/// somebody they know. Sharpness and size are measured in three ways in turn. The people they know
/// are drawn at random until they are in three photos of ten; the threshold for sharpness and size
/// is chosen so that half of all photos stay.
func printKeepLearning(_ album: FilePath, seedCount: Int) throws {
    let owner = try SyntheticOwner(album)
    print("\(owner.photos.count) photos, held out and judged; 'guess': the more frequent label\n")
    print("| choices | seed | keep | right | guess | discard P | R | cross-validated | verdict |")
    print("|---|---|---|---|---|---|---|---|---|")
    var rights: [Double] = []
    for seed in 1...seedCount {
        let report = try owner.report(seed, rule: .someKnown)
        rights.append(report.heldOut.accuracy)
        print(row("someone known", seed, report))
    }
    for seed in 1...seedCount {
        print(row("everybody known", seed, try owner.report(seed, rule: .allKnown)))
    }
    rights.sort()
    print(
        "\nsomeone known: median \(percent(rights[rights.count / 2])), least \(percent(rights[0])), "
            + "\(rights.count { $0 >= 0.88 }) of \(seedCount) at least 88 %")
    var (learnt, accuracy, guess) = (0, 0.0, 0.0)
    let randomCount = 10 * seedCount
    for seed in 1...randomCount {
        let report = try owner.report(seed, rule: .none)
        learnt += report.verdict == .learnt ? 1 : 0
        accuracy += report.heldOut.accuracy / Double(randomCount)
        guess += report.heldOut.majorityAccuracy / Double(randomCount)
    }
    print(
        "choices without a rule: 'learnt' in \(learnt) of \(randomCount); on average "
            + "\(percent(accuracy)) right, the guess \(percent(guess))")
}

private func row(_ choices: String, _ seed: Int, _ report: KeepReport) -> String {
    let figures = report.heldOut
    let keep = Double(report.keepCount) / Double(report.labelCount)
    let cells = [
        choices, "\(seed)", percent(keep), percent(figures.accuracy),
        percent(figures.majorityAccuracy), percent(figures.discardPrecision),
        percent(figures.discardRecall), percent(report.crossValidated.accuracy),
        report.verdict.rawValue + " (" + report.topics.joined(separator: " ") + ", "
            + report.split.rawValue + ")",
    ]
    return "| " + cells.joined(separator: " | ") + " |"
}

private func percent(_ share: Double) -> String { "\(Int((100 * share).rounded())) %" }

private struct SyntheticOwner {
    enum Rule { case someKnown, allKnown, none }

    let photos: [CleanablePhoto]
    private let groups: [DuplicateGroup]
    private let scores: [ContentHash: SharpnessScore]
    private let people: [ContentHash: Set<PersonID>]
    private let names: [ContentHash: [String]]

    init(_ album: FilePath) throws {
        let known = try KnownAlbum(album)
        photos = known.photos.filter { $0.features != nil }
        groups = duplicateGroups(among: photos)
        scores = sharpnessScores(of: photos, groups: groups)
        people = known.people
        names = known.names
    }

    func report(_ seed: Int, rule: Rule) throws -> KeepReport {
        var random = SplitMix64(seed: UInt64(seed))
        let known = known(rule, &random)
        let shown = photos.map { photo in
            KeepPhoto(
                photo: photo, name: names[photo.photo]?[0] ?? "",
                knownCount: people[photo.photo, default: []].intersection(known).count)
        }
        let rows = KeepFeatures.rows(of: shown, groups: groups)
        let labels = labels(shown, rule, seed, &random)
        let labelled = zip(shown, labels).compactMap { photo, isKept in
            rows[photo.photo.photo].map { LabelledPhoto(photo: photo, row: $0, isKept: isKept) }
        }
        return try KeepTraining(labelled, groups: groups).learn().report
    }

    private func known(_ rule: Rule, _ random: inout SplitMix64) -> Set<PersonID> {
        let everybody = people.values.reduce(into: Set()) { $0.formUnion($1) }
        guard rule == .someKnown else { return everybody }
        var known: Set<PersonID> = []
        for person in everybody.sorted(by: { $0.rawValue < $1.rawValue }).shuffled(using: &random) {
            let count = photos.count { !people[$0.photo, default: []].isDisjoint(with: known) }
            if 10 * count >= 3 * photos.count { break }
            known.insert(person)
        }
        return known
    }

    private func labels(
        _ shown: [KeepPhoto], _ rule: Rule, _ seed: Int, _ random: inout SplitMix64
    ) -> [Bool] {
        guard rule != .none else { return shown.map { _ in Bool.random(using: &random) } }
        let values = shown.map { worth($0.photo, way: seed % 3) }
        // As many photos without anybody known as make half of all stay; at least a few.
        let unknown = zip(shown, values).filter { $0.0.knownCount == 0 }.map(\.1).sorted(by: >)
        let staying = max(unknown.count / 10, shown.count / 2 - (shown.count - unknown.count))
        let threshold = unknown[min(staying, unknown.count - 1)]
        return zip(shown, values).map { photo, worth in
            let isKept = photo.knownCount > 0 || worth > threshold
            return Int.random(in: 0..<20, using: &random) == 0 ? !isKept : isKept
        }
    }

    /// Sharpness times height of the largest face: of the face in pixels, of the edges in pixels,
    /// of the edges as a fraction of the photo.
    private func worth(_ photo: CleanablePhoto, way: Int) -> Double {
        let faces = photo.faces.map { (face: $0, height: $0.heightInPixels ?? 0) }
        guard let largest = faces.max(by: { $0.height < $1.height }) else { return 0 }
        let edges = Double(scores[photo.photo]?.sharpness ?? 0)
        return switch way {
        case 0: edges * largest.face.box.height
        case 1: (largest.face.sharpness ?? 0) * largest.height
        default: edges * largest.height
        }
    }
}
