public import FaceCore
public import PhotoIndex
public import PhotoLearning
internal import SystemPackage

/// Says what was learnt from somebody's choices, and how good it is.
public struct KeepChecker: Sendable {
    private let request: KeepRequest
    private let folders: LabelFolders?
    private let environment: RunEnvironment

    /// - Parameters:
    ///   - request: its photos do not matter.
    ///   - folders: of photos on which it is measured; `nil` to look at no photo.
    ///   - environment: where the models are.
    public init(_ request: KeepRequest, folders: LabelFolders?, environment: RunEnvironment) {
        self.request = request
        self.folders = folders
        self.environment = environment
    }

    /// - Throws: ``AlbumError`` `.keepModel` when what was learnt is damaged.
    public func run(
        interruption: Interruption, onEvent: @escaping @Sendable (RunEvent) -> Void
    ) async throws(AlbumError) -> KeepCheck {
        let run = RunContext(environment, interruption, onEvent)
        let bin = try Album(at: request.bin, disk: run.disk)
        return try await withAlbumErrors(of: request.bin) {
            let journal = try ChoiceJournal(bin.folder, disk: run.disk)
            let verdicts = journal.verdicts(about: .worth)
            let file = try KeepModelFile.read(bin.folder, given: request.bin, disk: run.disk)
            var check = KeepCheck(
                bin: request.bin.string, keepCount: verdicts.values.count { $0 == .keep },
                discardCount: verdicts.values.count { $0 == .discard }, learnt: file?.learnt,
                report: file?.model.report, changedLabelCount: file?.changes(since: verdicts),
                notes: journal.notes)
            if let folders, let file { check.measured = try await measure(file, folders, run) }
            return check
        }
    }

    private func measure(
        _ file: KeepModelFile, _ folders: LabelFolders, _ run: RunContext
    ) async throws -> KeepCheck.Measured {
        let labels = try FolderLabels(folders, run)
        var request = request
        // An album knows its own photos, and those in the folders by their content.
        request.study.photos =
            try request.study.album.map { album in
                try Album(at: album, disk: run.disk).ask { workspace in
                    try workspace.catalogue.sources().filter { $0.kind == .photos }.map(\.path)
                }
            } ?? [folders.keep, folders.discard]
        let study = try KeepSurvey(request, run)
        defer { study.close() }
        let photos = try await study.perform(
            among: Set(labels.verdicts.keys), usesNetwork: file.model.usesNetwork)
        let probabilities = try photos.probabilities(file.model)
        let learnt = file.labelOfPhoto
        func figures(_ isMeant: (ContentHash) -> Bool) -> KeepFigures {
            let judged = labels.verdicts.filter { isMeant($0.key) && probabilities[$0.key] != nil }
                .sorted { $0.key < $1.key }
            return KeepFigures(
                isKept: judged.map { $0.value == .keep },
                probabilities: judged.compactMap { probabilities[$0.key] })
        }
        return KeepCheck.Measured(
            unseen: figures { learnt[$0] == nil }, seen: figures { learnt[$0] != nil },
            contradictionCount: labels.contradictions.count,
            unjudgedCount: labels.verdicts.keys.count { probabilities[$0] == nil })
    }
}

/// What `keep check` found.
public struct KeepCheck: Sendable, Codable {
    /// How well the predictions match the labels of two folders.
    public struct Measured: Sendable, Codable {
        /// Photos that were not learnt from.
        public let unseen: KeepFigures
        /// Photos that were learnt from: these figures flatter.
        public let seen: KeepFigures
        /// Photos that both folders hold.
        public let contradictionCount: Int
        /// Photos that cannot be judged.
        public let unjudgedCount: Int
    }

    public let bin: String
    /// The labels that count now.
    public let keepCount: Int
    public let discardCount: Int
    /// When it learnt, in ISO 8601; `nil` when it has not.
    public let learnt: String?
    public let report: KeepReport?
    /// Labels made, changed or withdrawn since.
    public let changedLabelCount: Int?
    public internal(set) var measured: Measured?
    /// Each a sentence.
    public let notes: [String]
}
