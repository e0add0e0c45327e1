internal import CFileSystem
internal import FaceCore
package import SystemPackage

/// The folder of an album, and the places of our state in it.
package struct AlbumFolder: Hashable, Sendable {
    /// The name of the folder with our state; a folder that has one is a workspace.
    package static let stateName = FilePath.Component(Place.stateFolder)!  // not empty, no slash
    /// How the names of our temporary files begin, in any folder of the album.
    package static let temporaryPrefix = Place.stateFolder + "-"

    private static let journalName = "journal"
    private static let cacheName = "cache"
    /// Of the folder, inside the state, for files that were taken out of the album.
    static let removedName: FilePath.Component = "removed"

    /// As it was given.
    package let path: FilePath

    package init(_ path: FilePath) {
        self.path = path
    }

    package var state: FilePath { path.appending(Self.stateName) }
    package var catalogue: FilePath { state.appending("catalogue.sqlite") }
    package var decisions: FilePath { state.appending("decisions.jsonl") }
    package var choices: FilePath { state.appending("choices.jsonl") }
    package var keepModel: FilePath { state.appending("keep-model") }
    package var journals: FilePath { state.appending(Self.journalName) }
    package var cache: FilePath { state.appending(Self.cacheName) }
    package var removed: FilePath { state.appending(Self.removedName) }
    package var lock: FilePath { state.appending("lock") }
    package var settings: FilePath { state.appending("settings.toml") }
    /// An empty file that marks the workspace as a folder of renamed photos: they are photos in
    /// their own right, not sorted copies.
    package var photosMark: FilePath { state.appending("photos") }

    /// What lies at the album's path.
    package enum Condition: Hashable, Sendable {
        case missing
        case empty
        /// An album, or another workspace of ours.
        case album
        /// A folder of photos with names from us; they may be sorted, cleaned and renamed.
        case photos
        /// A folder with contents that this program did not make.
        case foreign
        case notAFolder
    }

    /// - Throws: only when the contents may not be read, or a link takes our state's place.
    package func condition(disk: Disk = Disk()) throws(FileError) -> Condition {
        let status: FileStatus?
        do {
            status = try disk.status(of: path)
        } catch  where error.errno == ENOTDIR {
            return .notAFolder
        } catch  where error.isMissing {
            status = nil
        }
        guard let status else { return .missing }
        guard status.kind == .folder else { return .notAFolder }
        let state = try disk.statusIfPresent(of: state)
        if state?.kind == .symbolicLink { throw intrusion(.link, at: self.state) }
        if state?.kind == .folder { return try holdsPhotos(disk: disk) ? .photos : .album }
        return try disk.entries(of: path).isEmpty ? .empty : .foreign
    }

    /// Whether it is a workspace of photos in their own right.
    package func holdsPhotos(disk: Disk) throws(FileError) -> Bool {
        try disk.statusIfPresent(of: photosMark)?.kind == .file
    }

    /// Makes the folder a workspace of photos in their own right, which no other command writes
    /// into; can be repeated.
    package func prepareForPhotos(disk: Disk) throws(FileError) {
        try inspect(disk: disk)
        try disk.makeFolders(state)
        if try !holdsPhotos(disk: disk) {
            do throws(FileError) {
                try disk.createEmpty(photosMark)
            } catch  where error.isTaken {
                // Another run is doing it.
            }
            try disk.synchroniseFolder(state)
        }
        try prepare(disk: disk)
    }

    /// Makes the folder and the folder of its state where missing; the caller judges whether a
    /// foreign folder may become an album.
    package func prepare(disk: Disk = Disk()) throws(FileError) {
        try disk.makeFolders(journals)
        // A run that was killed before this step may have made them.
        try disk.synchroniseFolder(state)
        try disk.synchroniseFolder(path)
        try disk.synchroniseFolder(holding: path)
    }

    // MARK: Trust

    /// Files of our state, directly in it.
    private static let stateFiles: Set<String> = [
        "catalogue.sqlite", "catalogue.sqlite-wal", "catalogue.sqlite-shm",
        "catalogue.sqlite-journal", "decisions.jsonl", "choices.jsonl", "keep-model", "lock",
        "settings.toml", "photos",
    ]
    private static let stateFolders: Set<String> = [journalName, cacheName, removedName.string]

    /// Checks the parts of our state before any is read or written: a workspace may come from
    /// somebody else, who put a link or a pipe in a file's place.
    ///
    /// ``Disk`` checks every later access again; this makes sure that nothing at all is written
    /// into a workspace with a fault.
    ///
    /// - Throws: a ``FileError`` with an ``FileError/intruder`` that names what is not ours.
    /// - Complexity: a system call for each file of the state and each journal.
    package func inspect(disk: Disk) throws(FileError) {
        guard let own = try disk.statusIfPresent(of: state) else { return }
        if let intruder = own.intruder(wantsFolder: true) { throw intrusion(intruder, at: state) }
        try inspect(state, ownedBy: own.owner, disk) { name in
            if Self.stateFiles.contains(name) { return .file }
            return Self.stateFolders.contains(name) ? .folder : nil
        }
        guard try disk.statusIfPresent(of: journals) != nil else { return }
        try inspect(journals, ownedBy: own.owner, disk) { name in
            name.hasSuffix(JournalFile.suffix) ? .file : nil
        }
    }

    /// - Parameter expected: what belongs at a name; `nil` for anything but a link.
    private func inspect(
        _ folder: FilePath, ownedBy owner: UInt32, _ disk: Disk,
        expected: (String) -> FileKind?
    ) throws(FileError) {
        for entry in try disk.entries(of: folder) {
            let path = folder.appending(entry.name)
            guard let status = try disk.statusIfPresent(of: path, followingLinks: false)
            else { continue }
            if status.kind == .symbolicLink { throw intrusion(.link, at: path) }
            guard let kind = expected(entry.name.string) else { continue }
            if let intruder = status.intruder(wantsFolder: kind == .folder) {
                throw intrusion(intruder, at: path)
            }
            // Disks without users give all files to one, and the superuser may write any file.
            guard status.owner == owner || status.owner == systemUser() else {
                throw intrusion(.foreignOwner, at: path)
            }
        }
    }

    private func intrusion(_ intruder: StateIntruder, at path: FilePath) -> FileError {
        FileError(operation: .status, path: path, errno: EPERM, intruder: intruder)
    }
}
