package import FileLedger
package import AlbumCatalogue
internal import FaceCore
internal import SystemPackage

/// Brings what the journals say into the catalogue.
///
/// The order of flushes is this: what a run found out is flushed with the catalogue before the first act
/// is journalled (``RunLog/journal(people:sources:)``); from then on each group of acts is flushed in the
/// journal, and the catalogue gets it without being flushed, together with the journal's length. So a
/// power cut can only leave a catalogue that is behind, and the lengths tell.
extension Workspace {
    /// How long a run's journal is now; `nil` when there is none.
    package func journalLength(of run: String) throws(FileError) -> JournalLength? {
        let path = JournalFile.path(folder, run: run)
        return try disk.statusIfPresent(of: path, followingLinks: false).map {
            JournalLength(run: run, byteCount: $0.byteCount)
        }
    }

    /// How long every journal is now.
    package func journalLengths() throws -> [JournalLength] {
        try JournalFile.all(folder, disk).compactMap { try journalLength(of: $0.stem ?? "") }
    }

    /// Updates the catalogue with what it lacks from the journals: how their runs ended, and which
    /// files are placed. For a run that it does not have, as after a loss, it gets the sources and
    /// people as well.
    ///
    /// - Returns: whether anything was missing.
    @discardableResult
    func takeInJournals() throws -> Bool {
        let journals = try journalLengths()
        let untaken = try catalogue.untaken(among: journals)
        guard !untaken.isEmpty else { return false }
        let runs = Set(untaken.map(\.run))
        let all = try Journal.records(folder, disk)
        let records = all.filter { runs.contains($0.header.run) && !$0.isIllegible }
        let known = Dictionary(
            uniqueKeysWithValues: try catalogue.runs().map { ($0.id, $0.state) })
        for record in records {
            try takeIn(record, known: known[record.header.run])
        }
        try catalogue.reserveClusterNumbers(upTo: Self.lastClusterNumber(in: records))
        try rebuildPlacedFiles(all, journals)
        if catalogue.wasCreated, !isRehearsal, !records.isEmpty {
            notes.append(.catalogueGone(holdsPhotos: holdsPhotos))
        }
        return true
    }

    private func takeIn(_ record: JournalRecord, known: RunRecord.State?) throws {
        let header = record.header
        if known == nil { try remember(header) }
        // A killed undoing left the run itself unchanged.
        guard known == nil || record.state != .undoing else { return }
        guard let state = RunRecord.State(record.state), state != known else { return }
        try catalogue.finish(run: header.run, at: header.started, state: state)
    }

    private func remember(_ header: RunHeader) throws {
        let kept = JSONText.decoded(JournalSettings.self, from: header.settings)
        for (index, path) in header.sources.enumerated() where path.isAbsolute {
            let isPhotos = index < (kept?.photoSourceCount ?? header.sources.count)
            _ = try catalogue.rememberSource(isPhotos ? .photos : .people, at: path)
        }
        for (name, personFolder) in (kept?.people ?? [:]).sorted(by: { $0.key < $1.key })
        where FolderName.isOne(personFolder) {
            _ = try catalogue.rememberPerson(name: name, folder: personFolder)
        }
        try catalogue.begin(
            RunRecord(
                id: header.run, command: header.command, started: header.started, finished: nil,
                state: .running, settings: kept.map { JSONText.encoded($0.sort) } ?? "{}",
                summary: nil))
    }

    /// The last number that a folder of a cluster ever had; 0 for none.
    private static func lastClusterNumber(in records: [JournalRecord]) -> Int {
        records.flatMap(\.entries).map { entry in
            let place = PlaceFolders.placeOfStrangers(entry.act.path)
            return if case .cluster(let number) = place { number.rawValue } else { 0 }
        }.max() ?? 0
    }

    /// Rebuilds the catalogue's list of placed files from the journals.
    ///
    /// - Parameters:
    ///   - records: what all journals hold.
    ///   - lengths: of the same journals.
    func rebuildPlacedFiles(_ records: [JournalRecord], _ lengths: [JournalLength]) throws {
        guard !holdsPhotos else { return try catalogue.take(lengths) }
        try catalogue.rebuildPlacedFiles(from: files(in: records), journals: lengths)
    }

    /// The placed files according to all journals; what the user has removed since stays removed.
    package func files(in records: [JournalRecord]) throws -> [PlacedFile] {
        let known = Dictionary(
            uniqueKeysWithValues: try catalogue.placedFiles().map { ($0.path, $0) })
        let placeOfFolder = try PlaceFolders(people: catalogue.people())
        let files = Journal.replay(records).filter { !$0.isWritten }
        // While a renamed person's files are moved, some lie in a folder that belongs to no person
        // any more.
        let gone = Set(known.keys).subtracting(files.map(\.path))
        let movedAway = Dictionary(
            gone.compactMap { known[$0] }.filter(\.place.isPerson).map { ($0.photo, $0.place) },
            uniquingKeysWith: min)
        return files.compactMap { file -> PlacedFile? in
            let before = known[file.path]
            let samePlace = before?.photo == file.hash ? before?.place : nil
            guard
                let place = samePlace ?? placeOfFolder.place(of: file.path)
                    ?? movedAway[file.hash]
            else { return nil }
            let isSame = before?.photo == file.hash && before?.run == file.run
            return PlacedFile(
                path: file.path, place: place, photo: file.hash,
                stamp: FileStamp(byteCount: file.byteCount, modified: file.modified),
                state: isSame ? before?.state ?? .present : .present, run: file.run)
        }
    }
}

extension RunRecord.State {
    /// - Returns: `nil` for a run whose journal has no end.
    fileprivate init?(_ state: RunState) {
        switch state {
        case .open: return nil
        case .finished: self = .finished
        case .interrupted: self = .interrupted
        case .undone, .undoing: self = .undone
        }
    }
}

extension Place {
    fileprivate var isPerson: Bool { if case .person = self { true } else { false } }
}
