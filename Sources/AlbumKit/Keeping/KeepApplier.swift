public import FaceCore
internal import FileLedger
internal import Foundation
public import PhotoIndex
public import PhotoLearning
internal import SystemPackage

/// Judges photos by what was learnt from somebody's choices, and moves those that are not worth
/// keeping into the bin.
///
/// What somebody said about a photo counts more than what was learnt. Doubtful photos stay. Nothing
/// is deleted; safe to repeat, and to kill at any moment, like ``Cleaner``.
public struct KeepApplier: Sendable {
    /// The folder of the bin that the photos go to.
    static let folder = "discard"

    private let request: KeepRequest
    private let environment: RunEnvironment

    public init(_ request: KeepRequest, environment: RunEnvironment) {
        self.request = request
        self.environment = environment
    }

    /// - Throws: ``AlbumError`` `.keepModel` when nothing was learnt, or it cannot be used.
    public func run(
        interruption: Interruption, onEvent: @escaping @Sendable (RunEvent) -> Void
    ) async throws(AlbumError) -> KeepSummary {
        try await withAlbumErrors(of: request.bin) {
            try await apply(RunContext(environment, interruption, onEvent))
        }
    }

    private func apply(_ run: RunContext) async throws -> KeepSummary {
        let start = run.now
        // Checked before hours are spent on photos.
        let file = try KeepModelFile.usable(
            AlbumFolder(request.bin.absolute), given: request.bin, disk: run.disk)
        let study = try KeepSurvey(request, run)
        defer { study.close() }
        let journal = try ChoiceJournal(study.bin.folder, disk: run.disk)
        let own = journal.verdicts(about: .worth)
        let log = try study.log(file, isRehearsal: !request.applies)
        let photos = try await study.perform(
            among: Set(own.keys), usesNetwork: file.model.usesNetwork, log: log)
        let judgement = try KeepJudgement(file, photos)
        let rows = judgement.rows(of: photos.study.movable, own)
        var movement = try KeepMovement(
            rows, fixed: photos.study.fixed, bin: study.bin,
            sidecars: request.sidecars)
        var summary = KeepSummary(
            isApplied: request.applies, bin: request.bin.string, model: file.model.report,
            verdicts: rows.map(\.verdict), keptSidecarCount: movement.keptSidecarCount,
            analysedCount: photos.study.analysedCount, failures: photos.failures,
            portraitTroubles: photos.study.portraitTroubles,
            notes: photos.study.notes + judgement.notes(own)
                + journal.notes)
        if request.applies {
            summary.failures += try movement.carryOut(into: request.bin, log: log, run: run)
        }
        summary.moves = movement.moves
        summary.seconds = run.now.timeIntervalSince(start)
        summary.run = try log.finish(.finished, summary: nil)
        return summary
    }
}

extension KeepSurvey {
    /// The record of a run that moves files; the command and the page carry on each other's.
    func log(_ file: KeepModelFile, isRehearsal: Bool) throws -> RunLog {
        try RunLog(
            bin, command: "keep",
            settings: JSONText.encoded(
                KeepSettings(
                    learnt: file.learnt, labelCount: file.labels.count, sidecars: request.sidecars)
            ), isRehearsal: isRehearsal, now: run.environment.now)
    }
}

extension KeepModelFile {
    /// What was learnt, when something was.
    static func usable(
        _ bin: AlbumFolder, given: FilePath, disk: Disk
    ) throws -> KeepModelFile {
        guard let file = try read(bin, given: given, disk: disk) else {
            throw AlbumError(
                .keepModel, given.string, "has learnt nothing yet",
                remedy: "Nothing was moved. Label photos with 'facesort keep label', then run "
                    + "'facesort keep train'.")
        }
        guard file.model.report.verdict == .learnt else {
            throw AlbumError(
                .keepModel, given.string,
                "has learnt nothing from its labels: what it found is no better than a guess",
                remedy: "Nothing was moved. Label more photos, then run 'facesort keep train' "
                    + "again.")
        }
        return file
    }
}

/// What a run was asked to do; a different request is a different run.
private struct KeepSettings: Encodable {
    let learnt: String
    let labelCount: Int
    let sidecars: SidecarRule
}

/// What `keep apply` did, or would do.
public struct KeepSummary: Sendable, Codable {
    /// What becomes of one file.
    public struct Verdict: Hashable, Sendable, Codable {
        /// Relative to the PHOTOS folder that it lies in.
        public let photo: String
        public let band: KeepBands.Band
        /// How likely it is to be worth keeping, 0...1; `nil` when it cannot be judged.
        public let probability: Double?
        /// Whether somebody said so.
        public let isOwnChoice: Bool
        /// The text follows the name.
        public let reason: String
    }

    /// A file that goes, or went.
    public struct Move: Hashable, Sendable, Codable {
        /// Relative to the PHOTOS folder that it lies in.
        public let photo: String
        public let reason: String
        /// Relative to the bin.
        public let to: String
        public let byteCount: Int64
        /// Names of the files beside it that go along.
        public let sidecars: [String]
    }

    public let isApplied: Bool
    public let bin: String
    /// Of what it judged by.
    public let model: KeepReport
    /// In the order of the photos, copies among them.
    public let verdicts: [Verdict]
    /// Files beside photos that go which stay, because another photo of that name stays.
    public let keptSidecarCount: Int
    public let analysedCount: Int
    /// In the order of the photos.
    public internal(set) var moves: [Move] = []
    public internal(set) var failures: [PhotoFailure]
    public let portraitTroubles: [PortraitTrouble]
    /// Each a sentence.
    public let notes: [String]
    public internal(set) var seconds = 0.0
    /// The run that moved files, by which `undo` can be asked for it.
    public internal(set) var run: Int?

    /// How many files are in a band.
    public func count(_ band: KeepBands.Band) -> Int { verdicts.count { $0.band == band } }

    /// What goes, without the files beside it.
    public var byteCount: Int64 { moves.reduce(0) { $0 + $1.byteCount } }
}
