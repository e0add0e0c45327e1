public import FaceCore
internal import FileLedger
public import PhotoIndex
public import SystemPackage

/// Takes labels from two folders into which somebody has sorted photos.
///
/// The photos are only read. What two folders say counts as if it had been chosen photo by photo
/// now; photos that they do not have keep their choice.
public struct KeepLabeller: Sendable {
    private let folders: LabelFolders
    private let bin: FilePath
    private let environment: RunEnvironment

    public init(_ folders: LabelFolders, bin: FilePath, environment: RunEnvironment) {
        self.folders = folders
        self.bin = bin
        self.environment = environment
    }

    /// - Throws: an ``AlbumError``; no label was taken then.
    public func run(
        interruption: Interruption, onEvent: @escaping @Sendable (RunEvent) -> Void
    ) throws(AlbumError) -> KeepLabelSummary {
        try withAlbumErrors(of: bin) {
            try label(RunContext(environment, interruption, onEvent))
        }
    }

    private func label(_ run: RunContext) throws -> KeepLabelSummary {
        let (folder, disk) = (AlbumFolder(bin.absolute), run.disk)
        try Bin.checkCondition(of: folder, given: bin, disk: disk)
        let labels = try FolderLabels(folders, run)
        let workspace = try Bin.open(folder, given: bin, command: "keep", disk: disk)
        defer { workspace.close() }
        var journal = try ChoiceJournal(folder, disk: disk)
        let news = labels.verdicts.filter {
            journal.verdict(for: $0.key, about: .worth) != $0.value
        }
        let changedCount = news.keys.count {
            journal.verdict(for: $0, about: .worth) != Choice.Verdict.none
        }
        try journal.append(
            news.sorted { $0.key < $1.key }.map { (photo: $0.key, choice: $0.value) },
            about: .worth, at: run.now)
        let all = journal.verdicts(about: .worth).values
        return KeepLabelSummary(
            bin: bin.string, keepCount: labels.verdicts.values.count { $0 == .keep },
            discardCount: labels.verdicts.values.count { $0 == .discard },
            newCount: news.count - changedCount, changedCount: changedCount,
            contradictions: labels.contradictions.map {
                KeepLabelSummary.Contradiction(keep: $0.keep.string, discard: $0.discard.string)
            },
            otherFileCount: labels.otherFileCount, failures: labels.failures,
            allKeepCount: all.count { $0 == .keep }, allDiscardCount: all.count { $0 == .discard },
            notes: workspace.notes.map(\.sentence) + labels.notes + journal.notes)
    }
}

/// What `keep label` took from two folders.
public struct KeepLabelSummary: Sendable, Codable {
    /// One content in both folders.
    public struct Contradiction: Hashable, Sendable, Codable {
        public let keep: String
        public let discard: String
    }

    public let bin: String
    /// Photos in the folders, copies counted once, without those that both have.
    public let keepCount: Int
    public let discardCount: Int
    /// Of these, labelled for the first time.
    public let newCount: Int
    /// Of these, labelled otherwise before.
    public let changedCount: Int
    /// Left out; in stable order.
    public let contradictions: [Contradiction]
    /// Files that are no photos.
    public let otherFileCount: Int
    public let failures: [PhotoFailure]
    /// All labels that count now, of whatever origin.
    public let allKeepCount: Int
    public let allDiscardCount: Int
    /// Each a sentence.
    public let notes: [String]
}
