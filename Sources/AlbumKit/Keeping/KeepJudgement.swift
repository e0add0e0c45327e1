internal import PhotoIndex
internal import FaceCore
internal import PhotoLearning
internal import SystemPackage

/// Photos and what was learnt: what happens to each, and how it gets into the bin. Shared by the
/// command and the page of `keep apply`.
struct KeepJudgement: Sendable {
    /// What becomes of a file.
    struct Row: Sendable {
        let file: SurveyedFile
        let verdict: KeepSummary.Verdict
    }

    let file: KeepModelFile
    let photos: KeepSurvey.Photos
    /// Of those that can be judged.
    let probabilities: [ContentHash: Double]

    init(_ file: KeepModelFile, _ photos: KeepSurvey.Photos) throws(KeepError) {
        self.file = file
        self.photos = photos
        probabilities = try photos.probabilities(file.model)
    }

    /// One for each file, in their order; copies share that of their photo.
    ///
    /// - Parameter own: what somebody said, which counts more than what was learnt.
    func rows(
        of files: [SurveyedFile], _ own: [ContentHash: Choice.Verdict]
    ) -> [Row] {
        files.map { file in
            let probability = probabilities[file.photo]
            let (band, reason): (KeepBands.Band, String) =
                switch own[file.photo] {
                case .keep: (.keep, KeepSentences.ownKeep)
                case .discard: (.discard, KeepSentences.ownDiscard)
                default:
                    probability.map {
                        (self.file.model.report.bands.band($0), KeepSentences.judged($0))
                    } ?? (.look, KeepSentences.cannotBeJudged)
                }
            return Row(
                file: file,
                verdict: KeepSummary.Verdict(
                    photo: file.name.string, band: band, probability: probability,
                    isOwnChoice: own[file.photo] != nil, reason: reason))
        }
    }

    /// How far what was learnt is from a guess: 0 for even odds, 0.5 for certainty, 1 for what cannot
    /// be judged.
    static func sureness(_ probability: Double?) -> Double {
        probability.map { abs($0 - 0.5) } ?? 1
    }

    /// Each a sentence.
    func notes(_ own: [ContentHash: Choice.Verdict]) -> [String] {
        var notes: [String] = []
        let changed = file.changes(since: own)
        if changed > 0 { notes.append(KeepSentences.stale(changed)) }
        if file.knownPeopleCount > 0, photos.knownPeopleCount == 0 {
            notes.append(
                "When it learnt, \(counted(file.knownPeopleCount, "person", "people")) had a name, "
                    + "and now nobody has: give the same --people or --album as to 'keep train'.")
        }
        return notes
    }
}

/// Discarded photos on their way into the bin.
struct KeepMovement {
    private let going: [KeepJudgement.Row]
    private var movement: BinMovement

    var keptSidecarCount: Int { movement.keptSidecarCount }

    /// - Parameters:
    ///   - rows: those that stay among them.
    ///   - fixed: absolute paths of photos beside them that never go.
    init(
        _ rows: [KeepJudgement.Row], fixed: [FilePath], bin: Workspace, sidecars: SidecarRule
    ) throws {
        going = rows.filter { $0.verdict.band == .discard }
        movement = try BinMovement(
            going.map {
                BinMovement.Going(file: $0.file, folder: KeepApplier.folder, staying: nil)
            },
            staying: rows.filter { $0.verdict.band != .discard }.map(\.file.path) + fixed, bin: bin,
            sidecars: sidecars)
    }

    /// As ``BinMovement/carryOut(into:log:run:)``.
    mutating func carryOut(
        into given: FilePath, log: RunLog, run: RunContext
    ) throws -> [PhotoFailure] {
        try movement.carryOut(into: given, log: log, run: run)
    }

    /// What goes, or went.
    var moves: [KeepSummary.Move] {
        movement.moves.map { move in
            let row = going[move.number]
            return KeepSummary.Move(
                photo: row.verdict.photo, reason: row.verdict.reason, to: move.to.string,
                byteCount: row.file.byteCount, sidecars: move.sidecars.map(\.string))
        }
    }
}
