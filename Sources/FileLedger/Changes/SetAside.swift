package import FaceCore
package import SystemPackage

extension Act {
    /// Moves a file of ours, if it still has the content `hash`, to
    /// `.facesort/removed/<run>/<path>`.
    package static func removeAside(_ path: FilePath, hash: ContentHash) -> Act {
        Act(SetAside(path: path, hash: hash))
    }
}

struct SetAside: FileChange {
    static let name = "removeAside"

    let path: FilePath
    let hash: ContentHash

    var effect: Act.Effect { .setsAside }
    var old: FilePath? { path }
    var content: ContentHash? { hash }
    var isWithinAlbum: Bool { path.isAlbumPath }

    func obstacle(_ item: inout Item, _ group: inout Group, _ writer: AlbumWriter)
        throws(FileError) -> ActOutcome?
    {
        if let reason = try writer.reasonToKeep(path, hash, &group) { return .kept(reason) }
        item.aside = try writer.asidePath(path)
        return nil
    }

    func place(_ item: Item, _ folders: inout ChangedFolders, _ writer: AlbumWriter) throws(Stop) {
        guard let aside = item.aside else { preconditionFailure("no place to set it aside") }
        do throws(FileError) {
            try writer.files.makeFolders(for: aside)
        } catch {
            throw .refused(error)
        }
        try writer.move(path, to: aside, &folders)
    }

    func isDone(_ entry: Entry, _ settlement: inout JournalSettlement) throws(FileError) -> Bool {
        guard let aside = entry.aside else { return false }
        return try settlement.finishMove(path, aside, hash)
    }

    func settleUndo(_ entry: Entry, _ settlement: inout JournalSettlement) throws(FileError) {
        try settlement.clearTemporary(entry.number, beside: path)
        if let aside = entry.aside, try settlement.files.isPresent(aside) {
            _ = try settlement.finishMove(aside, path, hash)
        }
        try settlement.revertIfBack(entry, at: path, hash)
    }

    func undo(_ entry: Entry, _ undoing: inout Undoing) throws(FileError) -> Undoing.Result {
        if let aside = entry.aside, try undoing.files.isPresent(aside) {
            return try undoing.moveBack(entry, from: aside, to: path, hash)
        }
        return try undoing.restore(entry, path, hash, undoing.otherOriginals(hash))
    }
}
