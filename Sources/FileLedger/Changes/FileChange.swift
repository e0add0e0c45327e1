internal import FaceCore
internal import SystemPackage

/// One kind of change of a workspace: all that is particular to it stands in one type, in one file of
/// this folder. The writer, the recovery and the undoing know what all kinds share: groups, the
/// journal, flushing, cancelling.
///
/// A new kind is a new type and a line in ``Act/kinds``. Its stored properties are what the journal
/// keeps of it. Paths in the workspace are relative to it.
protocol FileChange: Codable, Hashable, Sendable {
    /// In the journal.
    static var name: String { get }
    /// Whether its content is first written to a temporary file beside ``new``.
    static var isStaged: Bool { get }

    var effect: Act.Effect { get }
    /// What the change is about: where it puts something, or takes it away.
    var path: FilePath { get }
    /// Where the file lies before; absolute for a file of the user's. `nil` when none is moved.
    var old: FilePath? { get }
    /// Where the file lies afterwards; `nil` when nothing is put under a name in the workspace.
    var new: FilePath? { get }
    /// The content that the file must have; `nil` for a folder.
    var content: ContentHash? { get }
    /// How large the content is, in bytes; `nil` when the change need not know.
    var length: Int64? { get }
    /// The file of the user's, absolute, that the content comes from.
    var origin: FilePath? { get }
    /// Whether every path stays where it belongs. A journal may come from elsewhere, so its paths
    /// are not trusted.
    var isWithinAlbum: Bool { get }

    // Doing.

    /// Looks at the files as they are, and notes in `item` where one is set aside.
    ///
    /// - Returns: why the change cannot start; `nil` when it can.
    func obstacle(_ item: inout Item, _ group: inout Group, _ writer: AlbumWriter)
        throws(FileError) -> ActOutcome?
    /// Writes the content to `temporary` and verifies it; only called when ``isStaged``.
    ///
    /// - Returns: what the user should know.
    func stage(_ temporary: FilePath, _ writer: AlbumWriter) throws(CopyFailure) -> String?
    /// The final step, after which the names in `folders` are flushed.
    func place(_ item: Item, _ folders: inout ChangedFolders, _ writer: AlbumWriter) throws(Stop)

    // Recovering from a kill at any moment.

    /// Whether a change that was only intended was done. What is half done is finished or cleared.
    func isDone(_ entry: Entry, _ settlement: inout JournalSettlement) throws(FileError) -> Bool
    /// Notes as reverted what was undone, and finishes or clears what is half undone.
    func settleUndo(_ entry: Entry, _ settlement: inout JournalSettlement) throws(FileError)

    // Undoing.

    func undo(_ entry: Entry, _ undoing: inout Undoing) throws(FileError) -> Undoing.Result
}

// What most kinds have in common.
extension FileChange {
    typealias Item = AlbumWriter.Item
    typealias Group = AlbumWriter.Group
    typealias Stop = AlbumWriter.Stop
    typealias Entry = JournalRecord.Entry

    static var isStaged: Bool { false }
    var old: FilePath? { nil }
    var new: FilePath? { nil }
    var content: ContentHash? { nil }
    var length: Int64? { nil }
    var origin: FilePath? { nil }

    func stage(_ temporary: FilePath, _ writer: AlbumWriter) throws(CopyFailure) -> String? {
        preconditionFailure("\(Self.name) has no content of its own")
    }

    /// Undoing does the act first, then writes the line; so what was added and is gone was undone.
    func settleUndo(_ entry: Entry, _ settlement: inout JournalSettlement) throws(FileError) {
        if try !settlement.files.isPresent(path) { settlement.revert(entry, nil) }
    }

    /// Whether two changes are of one kind.
    func isKind(of other: any FileChange) -> Bool { type(of: other) == Self.self }

    func isEqual(_ other: any FileChange) -> Bool { other as? Self == self }
}

/// A change that adds a file of ours.
protocol AddingChange: FileChange {
    var to: FilePath { get }
    var hash: ContentHash { get }
    /// Of the content.
    var byteCount: Int64 { get }
    /// Whether the file lies at ``to``, after a kill.
    func isPlaced(_ settlement: JournalSettlement) throws(FileError) -> Bool
}

extension AddingChange {
    static var isStaged: Bool { true }
    var effect: Act.Effect { .adds }
    var path: FilePath { to }
    var new: FilePath? { to }
    var content: ContentHash? { hash }
    var length: Int64? { byteCount }

    func obstacle(_ item: inout Item, _ group: inout Group, _ writer: AlbumWriter)
        throws(FileError) -> ActOutcome?
    {
        if let refusal = try writer.refusal(to, &group) { return .failed(.refused(refusal)) }
        return try writer.conflict(to, hash: hash, byteCount: byteCount)
    }

    func place(_ item: Item, _ folders: inout ChangedFolders, _ writer: AlbumWriter) throws(Stop) {
        let temporary = writer.temporary(of: item)
        do throws(FileError) {
            try writer.disk.rename(
                temporary, to: writer.files.absolute(to), method: writer.traits.renameMethod)
        } catch {
            throw .refused(error, clearing: temporary)
        }
        folders.insert(temporary.folder)
    }

    func isPlaced(_ settlement: JournalSettlement) throws(FileError) -> Bool {
        try settlement.holds(to, hash)
    }

    func isDone(_ entry: Entry, _ settlement: inout JournalSettlement) throws(FileError) -> Bool {
        let isPlaced = try isPlaced(settlement)
        try settlement.clearTemporary(entry.number, beside: to)
        return isPlaced
    }
}
