package import FaceCore
internal import Foundation
package import SystemPackage

/// The first line of a journal.
package struct RunHeader: Codable, Hashable, Sendable {
    package let run: String
    package let command: String
    /// When the run was started, as the caller writes dates.
    package let started: String
    /// JSON, as the caller wrote it.
    package let settings: String
    package let sources: [FilePath]
    /// Higher than in every earlier run of the album.
    package let sequence: Int
    /// The word under which this machine notes the run's folders; see `RunMarks`. `nil` for a run
    /// that has nothing to put back outside its workspace, and for a run of an earlier version.
    package let mark: String?

    package init(
        run: String, command: String, started: String, settings: String, sources: [FilePath],
        sequence: Int, mark: String? = nil
    ) {
        self.run = run
        self.command = command
        self.started = started
        self.settings = settings
        self.sources = sources
        self.sequence = sequence
        self.mark = mark
    }

    /// For a run whose journal lost its first line.
    package init(unknownRun run: String) {
        self.init(
            run: run, command: "unknown", started: "", settings: "", sources: [], sequence: 0)
    }

    package func with(sequence: Int) -> RunHeader {
        RunHeader(
            run: run, command: command, started: started, settings: settings, sources: sources,
            sequence: sequence, mark: mark)
    }

    /// Whether this program can have written it.
    package var isSound: Bool {
        Journal.isValid(run: run) && Self.sequences.contains(sequence)
            && sources.allSatisfy(\.isAbsolute) && mark.map(RunMarks.isValid(mark:)) ?? true
    }

    /// Far more runs than an album can have, and few enough that adding one cannot overflow.
    private static let sequences = 1...1_000_000_000
}

/// How far a run got.
package enum RunState: String, Codable, Sendable {
    /// It is running, or was killed.
    case open
    case finished
    case interrupted
    /// Its undoing is running, or was killed.
    case undoing
    case undone
}

/// One run, as a list of runs shows it.
package struct JournalSummary: Hashable, Sendable {
    package let header: RunHeader
    package let state: RunState
    /// How many acts were done and are not undone.
    package let doneCount: Int
    /// Whether it moved, or was to move, the user's files from outside the workspace into it.
    package let bringsFiles: Bool
    /// How many lines could not be read and were skipped.
    package let damage: [DamagedLine]
    /// Whether the first line is one of them, so that only the run's name is known.
    package let isHeaderDamaged: Bool

    /// Whether nothing of it can be read, so that it is left unchanged.
    package let isIllegible: Bool
}

/// A file that is ours and should lie in the album.
package struct JournalledFile: Hashable, Sendable {
    /// Relative to the album.
    package let path: FilePath
    package let hash: ContentHash
    /// The original that it was copied from, or its path before it was moved here.
    package let source: FilePath?
    /// Whether it is the user's own file, moved here.
    package let isBrought: Bool
    /// Whether facesort made its content, so that it is no photo.
    package let isWritten: Bool
    /// The run that put it there.
    package let run: String
    package let byteCount: Int64
    /// In nanoseconds since 1970.
    package let modified: Int64
}

/// What one run did to the album. It records each intention first and each result after, so that a
/// run can be finished or cleared after a crash, and undone.
///
/// Each run has one file of JSON lines, `.facesort/journal/<run>.jsonl`. A path that is not UTF-8
/// is written as the hexadecimal digits of its bytes. Every line ends with a checksum; in earlier
/// versions it had none. A torn last line was never acted on.
package final class Journal {
    package let header: RunHeader
    package let album: AlbumFolder
    private let file: JournalFile
    private var nextNumber: Int

    private init(_ header: RunHeader, _ album: AlbumFolder, _ file: JournalFile, nextNumber: Int) {
        self.header = header
        self.album = album
        self.file = file
        self.nextNumber = nextNumber
    }

    /// Whether `run` can be the name of a run: ASCII letters, digits, '-' and '_', 1 to 64 of them.
    package static func isValid(run: String) -> Bool {
        (1...64).contains(run.utf8.count)
            && run.utf8.allSatisfy {
                $0 == 0x2D || $0 == 0x5F || (0x30...0x39).contains($0)
                    || (0x41...0x5A).contains($0 & 0xDF)
            }
    }

    /// Starts the journal of a new run.
    ///
    /// - Parameter origins: the user's folders, absolute, that files are brought from and may be
    ///   put back to.
    /// - Precondition: `run` is valid; the lock is held and the album recovered.
    /// - Throws: an error that ``FileError/isTaken`` when there is a run of that name.
    package static func begin(
        _ album: AlbumFolder, run: String, command: String, started: String, settings: String,
        sources: [FilePath], origins: [FilePath] = [], disk: Disk = Disk()
    ) throws(FileError) -> Journal {
        precondition(isValid(run: run), "a run cannot be called '\(run)'")
        var last = 0
        for path in try JournalFile.all(album, disk) {
            guard case .sound(let header) = try JournalFile.header(path, disk) else { continue }
            last = max(last, header.sequence)
        }
        let header = RunHeader(
            run: run, command: command, started: started, settings: settings, sources: sources,
            sequence: last + 1, mark: disk.marks.note(origins, of: album))
        var line = JournalLine(.begin)
        line.header = header
        let path = JournalFile.path(album, run: run)
        try disk.create(path, contents: text([line]))
        try disk.synchroniseFolder(album.journals)
        return Journal(header, album, try JournalFile(path, disk), nextNumber: 1)
    }

    /// Continues a run that was killed or interrupted.
    ///
    /// - Parameter origins: see ``begin(_:run:command:started:settings:sources:origins:disk:)``.
    /// - Precondition: the album was recovered, and the run is not undone.
    package static func resume(
        _ album: AlbumFolder, run: String, origins: [FilePath] = [], disk: Disk = Disk()
    ) throws(FileError) -> Journal {
        let (journal, record) = try open(album, run: run, disk: disk)
        disk.marks.note(origins, alsoFor: record.header, in: album, disk: disk)
        precondition(record.undoState == nil, "a run that was undone cannot be resumed")
        if record.endState != nil { try journal.append([JournalLine(.resume)]) }
        return journal
    }

    /// The journal of an earlier run and its contents, open for appending.
    ///
    /// - Throws: `EBADMSG` when nothing of it can be read.
    static func open(
        _ album: AlbumFolder, run: String, disk: Disk
    ) throws(FileError) -> (journal: Journal, record: JournalRecord) {
        let path = JournalFile.path(album, run: run)
        let record = try JournalRecord(path, disk)
        guard !record.isIllegible else {
            throw FileError(operation: .read, path: path, errno: EBADMSG)
        }
        let file = try JournalFile(path, disk, intactByteCount: record.intactByteCount)
        let journal = Journal(record.header, album, file, nextNumber: record.lastNumber + 1)
        return (journal, record)
    }

    /// Records that the run is over.
    ///
    /// - Parameter state: ``RunState/finished`` or ``RunState/interrupted``.
    package func end(_ state: RunState) throws(FileError) {
        precondition(state == .finished || state == .interrupted, "a run does not end \(state)")
        var line = JournalLine(.end)
        line.state = state
        try append([line])
    }

    /// All runs, in the order in which they began.
    package static func runs(
        _ album: AlbumFolder, disk: Disk = Disk()
    ) throws(FileError) -> [JournalSummary] {
        try records(album, disk).map { record in
            JournalSummary(
                header: record.header, state: record.state,
                doneCount: record.entries.count { $0.isInEffect },
                bringsFiles: record.entries.contains { $0.act.effect == .brings },
                damage: record.damage,
                isHeaderDamaged: record.isHeaderDamaged, isIllegible: record.isIllegible)
        }
    }

    /// The files that should lie in the album after all that was done and undone, bytewise by path;
    /// the album itself is not read.
    package static func replay(
        _ album: AlbumFolder, disk: Disk = Disk()
    ) throws(FileError) -> [JournalledFile] {
        replay(try records(album, disk))
    }

    /// - Parameter records: of all journals.
    package static func replay(_ records: [JournalRecord]) -> [JournalledFile] {
        var files: [FilePath: JournalledFile] = [:]
        for record in records {
            for entry in record.entries where entry.isInEffect {
                let act = entry.act
                // Of what was moved before, the first origin counts.
                let before = act.old.flatMap { files.removeValue(forKey: $0) }
                guard let new = act.new, let content = act.content else { continue }
                files[new] = JournalledFile(
                    path: new, hash: content, source: act.origin ?? before?.source,
                    isBrought: before?.isBrought ?? (act.effect == .brings),
                    isWritten: before?.isWritten ?? (act.effect == .adds && act.origin == nil),
                    run: record.header.run,
                    byteCount: entry.byteCount ?? act.byteCount ?? before?.byteCount ?? 0,
                    modified: entry.modified ?? before?.modified ?? 0)
            }
        }
        return files.values.map { ($0.path.bytes, $0) }
            .sorted { $0.0.lexicographicallyPrecedes($1.0) }.map(\.1)
    }

    /// All journals, in the order in which the runs began, except those that a kill cut in their
    /// first line. A journal with a damaged header comes after those of lower names.
    package static func records(_ album: AlbumFolder, _ disk: Disk) throws(FileError)
        -> [JournalRecord]
    {
        var records: [JournalRecord] = []
        for path in try JournalFile.all(album, disk) {
            if case .cut = try JournalFile.header(path, disk) { continue }
            var record = try JournalRecord(path, disk)
            if record.isHeaderDamaged {
                record.setSequence(records.map(\.header.sequence).max() ?? 0)
            }
            records.append(record)
        }
        return records.enumerated().sorted {
            ($0.element.header.sequence, $0.offset) < ($1.element.header.sequence, $1.offset)
        }.map(\.element)
    }

    // What the writer, the recovery and the undoing write.

    /// Numbers the acts and flushes the intention of each.
    package func intend(_ acts: [(act: Act, aside: FilePath?)]) throws(FileError) -> [Int] {
        let numbers = Array(nextNumber..<nextNumber + acts.count)
        let lines = zip(numbers, acts).map { number, act in
            var line = JournalLine(.intend)
            line.number = number
            line.act = act.act
            line.aside = act.aside
            return line
        }
        try append(lines)
        nextNumber += acts.count
        return numbers
    }

    /// Records what the user did by hand to files of ours, so that it can be undone.
    ///
    /// - Parameter moves: the acts, and for a move the file as it lies now.
    package func adopt(_ moves: [(act: Act, status: FileStatus?)]) throws(FileError) {
        let numbers = try intend(moves.map { ($0.act, nil) })
        try append(
            zip(numbers, moves).map { number, move in
                Self.done(
                    PerformedAct(
                        index: nil, number: number, act: move.act, status: move.status, aside: nil,
                        note: nil))
            })
    }

    package static func done(_ performed: PerformedAct) -> JournalLine {
        var line = JournalLine(.done)
        line.number = performed.number
        line.byteCount = performed.status?.byteCount
        line.modified = performed.status?.modified
        line.note = performed.note
        return line
    }

    package static func line(_ kind: JournalLine.Kind, _ number: Int) -> JournalLine {
        var line = JournalLine(kind)
        line.number = number
        return line
    }

    package static func placing(_ kind: JournalLine.Kind, _ numbers: [Int]) -> JournalLine {
        var line = JournalLine(kind)
        line.numbers = numbers
        return line
    }

    /// Checks that the journal, and so the album, is still where it was opened. When the album was
    /// moved or its disk is gone, files that are not found are not missing.
    ///
    /// - Throws: an error that ``FileError/isGone``.
    package func checkPlace() throws(FileError) {
        guard try file.isInPlace() else { throw .gone(album) }
    }

    /// Appends and flushes.
    package func append(_ lines: [JournalLine]) throws(FileError) {
        guard !lines.isEmpty else { return }
        try file.append(Self.text(lines))
    }

    private static func text(_ lines: [JournalLine]) -> [UInt8] {
        let encoder = JSONLines.encoder
        return lines.flatMap { $0.text(encoder) + [JSONLines.newline] }
    }
}
