package import FaceCore
package import SystemPackage

extension Act {
    /// Removes a file of ours if it still has the content `hash` and the file at the absolute path
    /// `original` has it too.
    package static func remove(_ path: FilePath, hash: ContentHash, original: FilePath) -> Act {
        Act(RemoveFile(path: path, hash: hash, original: original))
    }
}

struct RemoveFile: FileChange {
    static let name = "remove"

    let path: FilePath
    let hash: ContentHash
    let original: FilePath

    var effect: Act.Effect { .removes }
    var old: FilePath? { path }
    var content: ContentHash? { hash }
    var isWithinAlbum: Bool { path.isAlbumPath && original.isAbsolute }

    func obstacle(_ item: inout Item, _ group: inout Group, _ writer: AlbumWriter)
        throws(FileError) -> ActOutcome?
    {
        if case .link(let folder) = try writer.check(path, &group) {
            return .kept(.folderIsLink(folder))
        }
        return nil
    }

    func place(_ item: Item, _ folders: inout ChangedFolders, _ writer: AlbumWriter) throws(Stop) {
        if let reason = reasonToKeep(writer.files) { throw .settled(.kept(reason)) }
        let place = writer.files.absolute(path)
        do throws(FileError) {
            try writer.disk.remove(place)
        } catch {
            throw .refused(error)
        }
        folders.insert(place.folder)
    }

    private func reasonToKeep(_ files: AlbumFiles) -> KeptReason? {
        switch files.verdict(path, hash: hash) {
        case .matches(let own, let leadsTo):
            files.reasonToKeep(own, leadsTo: leadsTo, original: original, hash: hash)
        case .danglingLink: .originalMissing
        case .missing: .missing
        case .changed: .changed
        case .unreadable(let error): .unreadable(error)
        }
    }

    func isDone(_ entry: Entry, _ settlement: inout JournalSettlement) throws(FileError) -> Bool {
        try !settlement.files.isPresent(path)
    }

    func settleUndo(_ entry: Entry, _ settlement: inout JournalSettlement) throws(FileError) {
        try settlement.clearTemporary(entry.number, beside: path)
        try settlement.revertIfBack(entry, at: path, hash)
    }

    func undo(_ entry: Entry, _ undoing: inout Undoing) throws(FileError) -> Undoing.Result {
        try undoing.restore(entry, path, hash, [original] + undoing.otherOriginals(hash))
    }
}
