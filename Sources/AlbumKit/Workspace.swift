internal import AlbumCatalogue
internal import FaceCore
internal import Foundation
internal import SystemPackage

/// An opened album: its folder, its catalogue and, when it is written to, its lock.
///
/// Opening for writing first finishes or clears what a crash left, and builds the catalogue's list
/// of placed files anew from the journals when the two may differ.
final class Workspace {
    enum Access {
        /// For questions: never waits for a writer, changes nothing.
        case read
        /// For one command that changes the album; no other writer is let in meanwhile.
        ///
        /// `allowsForeign`: whether a recovery may touch files outside that no run of this machine
        /// took; see ``RunMarks``.
        case write(command: String, allowsForeign: Bool = false)
        /// As if for writing, on a copy of the catalogue in a temporary folder.
        case rehearsal
    }

    let folder: AlbumFolder
    let catalogue: Catalogue
    let traits: FileSystemTraits
    let disk: Disk
    /// Whether it is a folder of renamed photos, which are nobody's copies.
    let holdsPhotos: Bool
    /// Things the user should know, each a sentence.
    private(set) var notes: [String] = []
    /// What a person said.
    private(set) var decisions: DecisionJournal
    /// Whether what is learnt is forgotten when it is closed.
    let isRehearsal: Bool
    private var lock: AlbumLock?
    private var temporary: FilePath?

    /// - Parameter folder: for ``Access/write(command:)`` made when missing; else it must be there,
    ///   or for a rehearsal may be missing.
    init(_ folder: AlbumFolder, access: Access, disk: Disk = Disk()) throws {
        self.folder = folder
        self.disk = disk
        if case .rehearsal = access { isRehearsal = true } else { isRehearsal = false }
        try folder.inspect(disk: disk)
        holdsPhotos = try folder.holdsPhotos(disk: disk)
        switch access {
        case .read:
            decisions = try DecisionJournal(folder, disk: disk)
            traits = .assumed(at: folder.path, disk: disk)
            catalogue = try Catalogue(path: folder.catalogue, access: .read, journalMode: .rollback)
        case .write(let command, let allowsForeign):
            try folder.prepare(disk: disk)
            let lock = try AlbumLock.acquire(folder, command: command, disk: disk)
            self.lock = lock
            decisions = try DecisionJournal(folder, disk: disk)
            traits = try .probe(folder, disk: disk)
            catalogue = try Catalogue(
                path: folder.catalogue, access: .write,
                journalMode: traits.supportsSharedMemory ? .writeAheadLog : .rollback)
            if let note = lock.note { notes.append(note) }
            try recover(allowsForeign: allowsForeign)
        case .rehearsal:
            decisions = try DecisionJournal(folder, disk: disk)
            traits = .assumed(at: folder.path, disk: disk)
            let temporary = try Self.makeTemporaryFolder()
            self.temporary = temporary
            let copy = temporary.appending("catalogue.sqlite")
            if Catalogue.exists(at: folder.catalogue) {
                try Catalogue(path: folder.catalogue, access: .read, journalMode: .rollback)
                    .copy(to: copy)
            }
            catalogue = try Catalogue(path: copy, access: .write)
            // On a disk that is rehearsed, too, all can be done as if it were true.
            if disk.rehearsal != nil { try recover(allowsForeign: true) }
        }
    }

    deinit { close() }

    /// Gives the lock back and leaves the catalogue as one plain file.
    func close() {
        try? catalogue.close()
        lock?.release()
        lock = nil
        if let temporary {
            try? FileManager.default.removeItem(atPath: temporary.string)
            self.temporary = nil
        }
    }

    /// What a person said, replayed.
    var book: DecisionBook { decisions.book }

    var decisionCount: DecisionCount {
        let book = book
        return DecisionCount(
            answerCount: book.answers.count { book.isInEffect($0.number) && !$0.isWithdrawal },
            faceCount: book.places.count, damagedLineCount: decisions.damagedLines.count)
    }

    /// Writes down what a person said, flushed before this returns; a rehearsal only keeps it in
    /// mind.
    func decide(_ sayings: [Saying], at time: Date) throws {
        if isRehearsal {
            decisions.suppose(sayings, at: time)
        } else {
            _ = try decisions.append(sayings, at: time)
            try indexDecisions()
        }
    }

    private static func makeTemporaryFolder() throws -> FilePath {
        let folder = FilePath(NSTemporaryDirectory())
            .appending("facesort-rehearsal-\(UUID().uuidString)")
        try Disk().makeFolders(folder)
        return folder
    }

    private func recover(allowsForeign: Bool) throws {
        let recovery = try Recovery.recover(folder, allowsForeign: allowsForeign, disk: disk)
        if catalogue.wasCreated { try rememberFromJournals() }
        let isBehind = !recovery.openRuns.isEmpty || !recovery.openUndos.isEmpty
        if catalogue.wasCreated || isBehind { try rebuildPlacedFiles() }
        try indexDecisions()
        let damaged = decisions.damagedLines.count
        if damaged > 0 {
            notes.append(
                "\(damaged) \(damaged == 1 ? "line" : "lines") of '.facesort/decisions.jsonl' cannot "
                    + "be read: what was said there does not count. 'facesort check' says which.")
        }
    }

    /// Brings the catalogue's index of decisions up to date with the journal, which is written first
    /// and may have been changed by somebody else.
    private func indexDecisions() throws {
        let stamp = decisions.stamp
        guard try catalogue.stampOfDecisions() != stamp else { return }
        try catalogue.replaceDecidedPlaces(book.places, stamp: stamp)
    }

    /// What was decided about a photo, or about all: by the index, or by the journal itself when the
    /// two differ.
    func decidedPlaces(of photo: ContentHash? = nil) throws -> [DecidedPlace] {
        if try catalogue.stampOfDecisions() == decisions.stamp {
            return try catalogue.decidedPlaces(of: photo)
        }
        return book.places.filter { photo == nil || $0.key.photo == photo }
    }

    /// Brings the catalogue's list of placed files up to date with the journals, which are written
    /// first; what the user took away since stays taken away.
    private func rebuildPlacedFiles() throws {
        guard !holdsPhotos else { return }
        let known = Dictionary(
            uniqueKeysWithValues: try catalogue.placedFiles().map { ($0.path, $0) })
        let placeOfFolder = try PlaceFolders(people: catalogue.people())
        let files = try Journal.replay(folder, disk: disk)
        // While a renamed person's files are moved, some lie in a folder that is nobody's any more.
        let gone = Set(known.keys).subtracting(files.map(\.path))
        let movedAway = Dictionary(
            gone.compactMap { known[$0] }.filter(\.place.isPerson).map { ($0.photo, $0.place) },
            uniquingKeysWith: min)
        let placed = files.compactMap { file -> PlacedFile? in
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
        try catalogue.rebuildPlacedFiles(from: placed)
    }

    /// What a lost catalogue knew and the journals still say: sources, people's folders, runs.
    private func rememberFromJournals() throws {
        for journal in try Journal.runs(folder, disk: disk) {
            let header = journal.header
            let kept = JournalSettings(text: header.settings)
            for (index, path) in header.sources.enumerated() where path.isAbsolute {
                let isPhotos = index < (kept?.photoSourceCount ?? header.sources.count)
                _ = try catalogue.rememberSource(isPhotos ? .photos : .people, at: path)
            }
            for (name, personFolder) in (kept?.people ?? [:]).sorted(by: { $0.key < $1.key })
            where FolderName.isOne(personFolder) {
                _ = try catalogue.rememberPerson(name: name, folder: personFolder)
            }
            let sort = kept.map { JSONText.encoded($0.sort) } ?? "{}"
            try catalogue.begin(
                RunRecord(
                    id: header.run, command: header.command, started: header.started,
                    finished: nil, state: .running, settings: sort, summary: nil))
            if let state = RunRecord.State(journal.state) {
                try catalogue.finish(run: header.run, at: header.started, state: state)
            }
        }
        try catalogue.reserveClusterNumbers(upTo: lastClusterNumberInJournals())
        if !(try Journal.runs(folder, disk: disk)).isEmpty {
            notes.append(
                "The \(holdsPhotos ? "folder" : "album")'s catalogue was gone; it is being built anew "
                    + "from the photos and the journals.")
        }
    }
}

extension Workspace {
    /// The last number that a folder of a cluster ever had; 0 for none.
    private func lastClusterNumberInJournals() throws -> Int {
        try Journal.records(folder, disk).flatMap(\.entries).compactMap { entry in
            if case .cluster(let number) = PlaceFolders.placeOfStrangers(entry.act.path) {
                number.rawValue
            } else {
                nil
            }
        }.max() ?? 0
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

/// What the header of a journal keeps beside the sort's settings, so that a lost catalogue can be
/// built anew.
struct JournalSettings: Codable {
    var sort: SortSettings
    /// How many of the header's sources are PHOTOS; the rest are PEOPLE.
    var photoSourceCount: Int
    /// Name to folder name.
    var people: [String: String]

    init(sort: SortSettings, photoSourceCount: Int, people: [String: String]) {
        self.sort = sort
        self.photoSourceCount = photoSourceCount
        self.people = people
    }

    init?(text: String) {
        guard let settings = JSONText.decoded(Self.self, from: text) else { return nil }
        self = settings
    }
}

/// JSON as text with sorted keys, so that equal values are equal texts.
enum JSONText {
    static func encoded(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Plain values of strings and numbers: encoding them cannot fail.
        return String(decoding: (try? encoder.encode(value)) ?? Data("{}".utf8), as: UTF8.self)
    }

    static func decoded<Value: Decodable>(_ type: Value.Type, from text: String) -> Value? {
        try? JSONDecoder().decode(type, from: Data(text.utf8))
    }
}

/// Which folder of the album stands for which place.
struct PlaceFolders {
    static let group = "group"
    static let unknown = "unknown"
    static let unreadable = "unreadable"
    static let copies = "copies"

    private let folderOfPerson: [PersonID: String]
    private let personOfFolder: [String: PersonID]

    init(people: [Person]) {
        folderOfPerson = Dictionary(uniqueKeysWithValues: people.map { ($0.id, $0.folder) })
        personOfFolder = Dictionary(
            people.map { ($0.folder, $0.id) }, uniquingKeysWith: { first, _ in first })
    }

    /// The folder's path in the album; a place of a person must be one of the people's.
    func path(of place: Place) -> FilePath? {
        switch place {
        case .person(let id): folderOfPerson[id].map { FilePath($0) }
        case .group: FilePath(Self.group)
        case .unknown: FilePath(Self.unknown)
        case .cluster(let number): FilePath(Self.unknown).appending(number.name)
        case .unreadable: FilePath(Self.unreadable)
        case .copies: FilePath(Self.copies)
        }
    }

    func place(of path: FilePath) -> Place? {
        switch path.components.first?.string {
        case nil: nil
        case Self.group: .group
        case Self.unknown: Self.placeOfStrangers(path)
        case Self.unreadable: .unreadable
        case Self.copies: .copies
        case let folder?: personOfFolder[folder].map(Place.person)
        }
    }

    /// `unknown`, or the cluster in whose folder a file lies; `nil` for a file elsewhere.
    static func placeOfStrangers(_ path: FilePath) -> Place? {
        let components = Array(path.components.map(\.string))
        guard components.first == unknown else { return nil }
        guard components.count > 2, let number = ClusterNumber(name: components[1]) else {
            return .unknown
        }
        return .cluster(number)
    }
}
