package import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The folder of an album, and where in it our state lies.
package struct AlbumFolder: Hashable, Sendable {
    /// The name of the folder that holds our state; a folder that has one is a workspace.
    package static let stateName: FilePath.Component = ".facesort"
    /// How the names of our temporary files begin, in any folder of the album.
    static let temporaryPrefix = ".facesort-"

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
    package var journals: FilePath { state.appending("journal") }
    package var cache: FilePath { state.appending("cache") }
    package var removed: FilePath { state.appending("removed") }
    package var lock: FilePath { state.appending("lock") }
    package var settings: FilePath { state.appending("settings.toml") }
    /// An empty file that says that the workspace is a folder of photos whose names were changed:
    /// they are photos in their own right, and no copies that were sorted.
    package var photosMark: FilePath { state.appending("photos") }

    /// What lies where the album shall be.
    package enum Condition: Hashable, Sendable {
        case missing
        case empty
        /// An album, or another workspace of ours.
        case album
        /// A folder of photos that bear names of ours, and may be sorted, cleaned and renamed.
        case photos
        /// A folder with something in it that this program did not make.
        case foreign
        case notAFolder
    }

    /// - Throws: only when what is there may not be looked at.
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
        if state?.kind == .folder { return try holdsPhotos(disk: disk) ? .photos : .album }
        return try disk.entries(of: path).isEmpty ? .empty : .foreign
    }

    /// Whether it is a workspace of photos in their own right.
    func holdsPhotos(disk: Disk) throws(FileError) -> Bool {
        try disk.statusIfPresent(of: photosMark)?.kind == .file
    }

    /// Makes the folder a workspace of photos in their own right, which no other command writes
    /// into; can be done again.
    func prepareForPhotos(disk: Disk) throws(FileError) {
        try disk.makeFolders(state)
        if try !holdsPhotos(disk: disk) {
            do throws(FileError) {
                try disk.createEmpty(photosMark)
            } catch  where error.isTaken {
                // Another run is at it.
            }
            try disk.synchroniseFolder(state)
        }
        try prepare(disk: disk)
    }

    /// Makes the folder and the one for its state, as far as they are missing; whether a foreign
    /// folder may become an album is the caller's to judge.
    package func prepare(disk: Disk = Disk()) throws(FileError) {
        try disk.makeFolders(journals)
        try disk.synchroniseFolder(state)
        try disk.synchroniseFolder(path)
    }
}
