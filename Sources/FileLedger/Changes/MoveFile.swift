package import FaceCore
package import SystemPackage

extension Act {
    /// Renames a file of ours if it still has the content `hash`.
    package static func move(from: FilePath, to: FilePath, hash: ContentHash) -> Act {
        Act(MoveFile(from: from, to: to, hash: hash))
    }
}

struct MoveFile: FileChange {
    static let name = "move"

    let from: FilePath
    let to: FilePath
    let hash: ContentHash

    var effect: Act.Effect { .moves }
    var path: FilePath { to }
    var old: FilePath? { from }
    var new: FilePath? { to }
    var content: ContentHash? { hash }
    var isWithinAlbum: Bool { from.isAlbumPath && to.isAlbumPath }

    func obstacle(_ item: inout Item, _ group: inout Group, _ writer: AlbumWriter)
        throws(FileError) -> ActOutcome?
    {
        if let refusal = try writer.refusal(to, &group) { return .failed(.refused(refusal)) }
        if let reason = try writer.reasonToKeep(from, hash, &group) { return .kept(reason) }
        return writer.isSameName(from, to)
            ? nil : try writer.conflict(to, hash: hash, byteCount: nil)
    }

    func place(_ item: Item, _ folders: inout ChangedFolders, _ writer: AlbumWriter) throws(Stop) {
        try writer.move(from, to: to, &folders)
    }

    func isDone(_ entry: Entry, _ settlement: inout JournalSettlement) throws(FileError) -> Bool {
        try settlement.finishMove(from, to, hash)
    }

    func settleUndo(_ entry: Entry, _ settlement: inout JournalSettlement) throws(FileError) {
        guard try settlement.files.isPresent(to) else {
            return try settlement.revertIfBack(entry, at: from, hash)
        }
        guard try settlement.finishMove(to, from, hash) else {
            if entry.isPlacingBack { try settlement.clearPlaceholder(from) }
            return
        }
        settlement.revert(
            entry,
            try settlement.disk.status(of: settlement.files.absolute(from), followingLinks: false))
    }

    func undo(_ entry: Entry, _ undoing: inout Undoing) throws(FileError) -> Undoing.Result {
        try undoing.moveBack(entry, from: to, to: from, hash)
    }
}
