package import SystemPackage

extension Act {
    /// Makes a folder that stays even when it is empty.
    package static func makeFolder(_ path: FilePath) -> Act { Act(MakeFolder(path: path)) }
}

struct MakeFolder: FileChange {
    static let name = "makeFolder"

    let path: FilePath

    var effect: Act.Effect { .makesFolder }
    var isWithinAlbum: Bool { path.isAlbumPath }

    func obstacle(_ item: inout Item, _ group: inout Group, _ writer: AlbumWriter)
        throws(FileError) -> ActOutcome?
    {
        guard
            let status = try writer.disk.statusIfPresent(
                of: writer.files.absolute(path), followingLinks: false)
        else { return nil }
        return status.kind == .folder ? item.done() : .conflict(holdsSameBytes: false)
    }

    func place(_ item: Item, _ folders: inout ChangedFolders, _ writer: AlbumWriter) throws(Stop) {
        let folder = writer.files.absolute(path)
        do throws(FileError) {
            try writer.disk.makeFolder(folder)
        } catch {
            throw .refused(error)
        }
        folders.insert(folder.folder)
    }

    func isDone(_ entry: Entry, _ settlement: inout JournalSettlement) throws(FileError) -> Bool {
        try settlement.disk.statusIfPresent(
            of: settlement.files.absolute(path), followingLinks: false)?.kind == .folder
    }

    func undo(_ entry: Entry, _ undoing: inout Undoing) throws(FileError) -> Undoing.Result {
        let place = undoing.files.absolute(path)
        guard let status = try undoing.disk.statusIfPresent(of: place, followingLinks: false)
        else { return .reverted(nil) }
        guard status.kind == .folder else { return .left("it is no folder any more") }
        guard try undoing.disk.entries(of: place).isEmpty else {
            return .left("it holds other files")
        }
        try undoing.disk.removeFolder(place)
        undoing.folders.insert(place.folder)
        return .reverted(nil)
    }
}
