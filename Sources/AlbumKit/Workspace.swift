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
        /// As if for writing, on a copy of the catalogue in memory.
        case rehearsal
    }

    let folder: AlbumFolder
    let catalogue: Catalogue
    let traits: FileSystemTraits
    let disk: Disk
    /// Whether it is a folder of renamed photos, which are nobody's copies.
    let holdsPhotos: Bool
    /// Things the user should know, each a sentence.
    var notes: [String] = []
    /// What a person said.
    private(set) var decisions: DecisionJournal
    /// Whether what is learnt is forgotten when it is closed.
    let isRehearsal: Bool
    private var lock: AlbumLock?

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
            OldRehearsals.sweep()
            catalogue = try Catalogue(rehearsalOf: folder.catalogue)
            // On a disk that is rehearsed, too, all can be done as if it were true.
            if disk.rehearsal != nil {
                try recover(allowsForeign: true)
            } else {
                try takeInJournals()
            }
        }
    }

    deinit { close() }

    /// Gives the lock back and leaves the catalogue as one plain file.
    func close() {
        try? catalogue.close()
        lock?.release()
        lock = nil
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

    /// Makes sure that the album is still where it was opened: what is not seen in one that was moved,
    /// or whose disk is gone, is not missing.
    ///
    /// - Throws: a ``FileError`` that ``FileError/isGone``.
    func checkPlace() throws(FileError) {
        guard try disk.statusIfPresent(of: folder.journals) != nil else { throw .gone(folder) }
    }

    private func recover(allowsForeign: Bool) throws {
        let recovery = try Recovery.recover(folder, allowsForeign: allowsForeign, disk: disk)
        try recovery.emptied.remove(AlbumFiles(album: folder, disk: disk))
        // What a killed run of an earlier version left is not told by the journals' lengths.
        let isBehind = !recovery.openRuns.isEmpty || !recovery.openUndos.isEmpty
        if try !takeInJournals(), isBehind { try rebuildPlacedFiles(journalLengths()) }
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
