internal import PhotoIndex
internal import FileLedger
internal import AlbumCatalogue
public import FaceCore
internal import SystemPackage

extension Album {
    /// Compares every file of ours with what was recorded, byte for byte, and the catalogue with
    /// the journals. Changes nothing.
    ///
    /// - Parameters:
    ///   - interruption: after a request no further file is read.
    ///   - progress: files done and files in all.
    public func check(
        interruption: Interruption, progress: @Sendable (Int, Int) -> Void
    ) throws(AlbumError) -> CheckReport {
        try ask { workspace in
            let catalogue = workspace.catalogue
            var problems = try catalogue.checkIntegrity().map {
                CheckReport.Finding(subject: ".facesort/catalogue.sqlite", sentence: $0)
            }
            let known = try placedFiles(workspace)
            problems += known.problems
            let placed = known.files.filter { $0.state == .present }
            for (index, file) in placed.enumerated() {
                if interruption.isRequested { throw interrupted }
                if let problem = problem(with: file) { problems.append(problem) }
                progress(index + 1, placed.count)
            }
            problems += try journalProblems(placed)
            problems += decisionProblems(workspace.decisions)
            problems += try leftoverProblems()
            return CheckReport(
                checkedFileCount: placed.count, problems: problems,
                foreignFileCount: try foreignFileCount(placed))
        }
    }

    private var interrupted: AlbumError {
        AlbumError(
            .interrupted, path.string, "is not checked to the end: it was interrupted",
            remedy: "Nothing was changed. Run 'facesort check' again.")
    }

    private func problem(with file: PlacedFile) -> CheckReport.Finding? {
        func finding(_ sentence: String) -> CheckReport.Finding {
            CheckReport.Finding(subject: file.path.string, sentence: sentence)
        }
        let place = folder.path.pushing(file.path)
        do {
            guard try disk.statusIfPresent(of: place) != nil else {
                return finding("It is not there any more. 'facesort sort' does not put it back.")
            }
            guard try ContentHasher.hash(fileAt: place, disk: disk).hash == file.photo else {
                return finding(
                    "Its bytes are not its original's any more: it was edited, or the disk is "
                        + "failing. 'facesort sort' leaves it as it is.")
            }
            return nil
        } catch {
            return finding("It could not be read: \(error.sentence).")
        }
    }

    private func journalProblems(_ placed: [PlacedFile]) throws -> [CheckReport.Finding] {
        var problems: [CheckReport.Finding] = []
        let journals = try Journal.records(folder, disk)
        for journal in journals {
            let name = ".facesort/journal/\(journal.header.run).jsonl"
            if !journal.damage.isEmpty {
                problems.append(CheckReport.Finding(subject: name, sentence: sentence(journal)))
            }
            if journal.state == .open {
                problems.append(
                    CheckReport.Finding(
                        subject: name,
                        sentence: "The run was killed, or is still going on. "
                            + "'facesort \(journal.header.command)' carries on with it."))
            }
        }
        let journalled = Set(Journal.replay(journals).map(\.path))
        for file in placed where !journalled.contains(file.path) {
            problems.append(
                CheckReport.Finding(
                    subject: file.path.string,
                    sentence: "No journal knows of it, so it cannot be undone."))
        }
        return problems
    }

    private func sentence(_ journal: JournalRecord) -> String {
        let which = LineNumbers.text(journal.damagedLines)
        let files = journal.damage.compactMap(\.subject)
        return "\(which) cannot be read. "
            + (journal.isHeaderDamaged
                ? "When the run began and where it took files from is not known. " : "")
            + "What is said there cannot be undone"
            + (files.isEmpty
                ? "."
                : ": it seems to be about \(files.map { "'\($0)'" }.joined(separator: ", ")).")
    }

    private func decisionProblems(_ journal: DecisionJournal) -> [CheckReport.Finding] {
        let lines = journal.damagedLines
        guard !lines.isEmpty else { return [] }
        return [
            CheckReport.Finding(
                subject: ".facesort/decisions.jsonl",
                sentence: LineNumbers.text(lines)
                    + " cannot be read; what was said there does not count.")
        ]
    }

    private func foreignFileCount(_ placed: [PlacedFile]) throws -> Int {
        let ours = Set(placed.map(\.path))
        var count = 0
        // The scan passes albums over, so it is begun below the album's own folder.
        for entry in try disk.entries(of: folder.path)
        where entry.name != AlbumFolder.stateName && !MachineFolders.contains(entry.name) {
            let path = folder.path.appending(entry.name)
            let kind = try disk.status(of: path, followingLinks: false).kind
            guard kind == .folder else {
                count += ours.contains(FilePath(root: nil, [entry.name])) ? 0 : 1
                continue
            }
            count += try FolderScan.scan(path, disk: disk).files
                .count { !ours.contains(FilePath(root: nil, [entry.name]).pushing($0.path)) }
        }
        return count
    }
}

/// Numbers of damaged lines as the subject of a sentence.
enum LineNumbers {
    private static let listLimit = 10

    static func text(_ lines: [Int]) -> String {
        let which = lines.prefix(listLimit).map(String.init).joined(separator: ", ")
        return (lines.count == 1 ? "Line \(which)" : "Lines \(which)")
            + (lines.count > listLimit ? " and \(lines.count - listLimit) more" : "")
    }
}
