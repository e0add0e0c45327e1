package import FileLedger
package import AlbumCatalogue
package import FaceCore
package import Foundation
internal import SystemPackage

/// An opened album: its folder, its catalogue and, when it is written to, its lock.
///
/// Opening for writing first finishes or clears what a crash left, and rebuilds the catalogue's
/// list of placed files from the journals when the two may differ.
package final class Workspace {
    package enum Access {
        /// For questions: never waits for a writer, changes nothing.
        case read
        /// For one command that changes the album; no other writer is let in meanwhile.
        ///
        /// `allowsForeign`: whether a recovery may touch files outside that no run of this machine
        /// took; see `RunMarks`.
        case write(command: String, allowsForeign: Bool = false)
        /// As if for writing, on a copy of the catalogue in memory.
        case rehearsal
    }

    package enum Note: Sendable {
        /// The disk has no locks: nothing keeps two runs apart.
        case withoutLocks
        /// What was said in so many lines of the decisions does not count.
        case unreadableDecisions(lineCount: Int)
        /// The catalogue is built again, from the photos and the journals; `holdsPhotos` for that
        /// of a folder of renamed photos.
        case catalogueGone(holdsPhotos: Bool)
    }

    package let folder: AlbumFolder
    package let catalogue: Catalogue
    package let traits: FileSystemTraits
    package let disk: Disk
    /// Whether it is a folder of renamed photos, which are not copies of others.
    package let holdsPhotos: Bool
    /// Things the user should know.
    package internal(set) var notes: [Note] = []
    /// What a person said.
    package private(set) var decisions: DecisionJournal
    /// Whether closing forgets what was learnt.
    package let isRehearsal: Bool
    private var lock: AlbumLock?

    /// - Parameter folder: made when missing for ``Access/write(command:)``; else it must exist,
    ///   but for a rehearsal it may be missing.
    package init(_ folder: AlbumFolder, access: Access, disk: Disk = Disk()) throws {
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
            if !lock.isHeld { notes.append(.withoutLocks) }
            try recover(allowsForeign: allowsForeign)
        case .rehearsal:
            decisions = try DecisionJournal(folder, disk: disk)
            traits = .assumed(at: folder.path, disk: disk)
            OldRehearsals.sweep()
            catalogue = try Catalogue(rehearsalOf: folder.catalogue)
            // On a rehearsed disk, too, everything can be done as on a real one.
            if disk.rehearsal != nil {
                try recover(allowsForeign: true)
            } else {
                try takeInJournals()
            }
        }
    }

    deinit { close() }

    /// Releases the lock and leaves the catalogue as one plain file.
    package func close() {
        try? catalogue.close()
        lock?.release()
        lock = nil
    }

    /// What a person said, replayed.
    package var book: DecisionBook { decisions.book }

    package var decisionCount: DecisionCount {
        let book = book
        return DecisionCount(
            answerCount: book.answers.count { book.isInEffect($0.number) && !$0.isWithdrawal },
            faceCount: book.places.count, damagedLineCount: decisions.damagedLines.count)
    }

    /// Records what a person said, flushed before this returns; a rehearsal keeps it in memory
    /// only.
    package func decide(_ sayings: [Statement], at time: Date) throws {
        if isRehearsal {
            decisions.suppose(sayings, at: time)
        } else {
            _ = try decisions.append(sayings, at: time)
            try indexDecisions()
        }
    }

    /// Checks that the album is still where it was opened: when it was moved or its disk is gone,
    /// files that are not found are not missing.
    ///
    /// - Throws: a ``FileError`` that ``FileError/isGone``.
    package func checkPlace() throws(FileError) {
        guard try disk.statusIfPresent(of: folder.journals) != nil else { throw .gone(folder) }
    }

    private func recover(allowsForeign: Bool) throws {
        let recovery = try Recovery.recover(folder, allowsForeign: allowsForeign, disk: disk)
        try recovery.emptied.remove(AlbumFiles(album: folder, disk: disk))
        // The journals' lengths do not show what a killed run of an earlier version left.
        let isBehind = !recovery.openRuns.isEmpty || !recovery.openUndos.isEmpty
        if try !takeInJournals(), isBehind {
            try rebuildPlacedFiles(Journal.records(folder, disk), journalLengths())
        }
        try indexDecisions()
        let damaged = decisions.damagedLines.count
        if damaged > 0 { notes.append(.unreadableDecisions(lineCount: damaged)) }
    }

    /// Updates the catalogue's index of decisions from the journal, which is written first and may
    /// have been changed by somebody else.
    private func indexDecisions() throws {
        let stamp = decisions.stamp
        guard try catalogue.stampOfDecisions() != stamp else { return }
        try catalogue.replaceDecidedPlaces(book.places, stamp: stamp)
    }

    /// What was decided about a photo, or about all: from the index, or from the journal itself
    /// when the two differ.
    package func decidedPlaces(of photo: ContentHash? = nil) throws -> [DecidedPlace] {
        if try catalogue.stampOfDecisions() == decisions.stamp {
            return try catalogue.decidedPlaces(of: photo)
        }
        return book.places.filter { photo == nil || $0.key.photo == photo }
    }
}
