package import FaceCore
package import SystemPackage

/// One change of a workspace, of any kind. Paths in the workspace are relative to it.
package struct Act: Hashable, Sendable {
    /// What a change does to the files of a workspace. Several kinds may have one effect.
    package enum Effect {
        /// A file of ours is there that was not.
        case adds
        /// The user's file lies in the workspace now.
        case brings
        /// A file has another name.
        case moves
        /// A file of ours is gone.
        case removes
        /// A file of ours lies in `AlbumFolder.removed` now.
        case setsAside
        /// A folder is there.
        case makesFolder
    }

    /// Every kind there is, by its name in the journal.
    static let kinds: [String: any FileChange.Type] = Dictionary(
        uniqueKeysWithValues: [
            CopyFile.self, WriteFile.self, BringFile.self, MoveFile.self, RemoveFile.self,
            SetAside.self, MakeFolder.self,
        ].map { (kind: any FileChange.Type) in (kind.name, kind) })

    /// File sizes that can be added up: up to a petabyte.
    static let byteCounts = 0...(Int64(1) << 50)

    let change: any FileChange

    init(_ change: any FileChange) { self.change = change }

    package var effect: Effect { change.effect }
    /// The path that the act is about: where it puts something, or takes it away.
    package var path: FilePath { change.path }
    /// Where the file lies before; absolute for a file of the user's.
    package var old: FilePath? { change.old }
    /// Where the file lies afterwards, relative to the workspace.
    package var new: FilePath? { change.new }
    package var content: ContentHash? { change.content }
    package var byteCount: Int64? { change.length }
    /// The file of the user's, absolute, that the content comes from.
    package var origin: FilePath? { change.origin }

    package static func == (one: Act, other: Act) -> Bool { one.change.isEqual(other.change) }

    package func hash(into hasher: inout Hasher) { change.hash(into: &hasher) }
}

extension Act: Codable {
    private enum Keys: String, CodingKey {
        case name
    }

    /// - Throws: when something is missing or a path leads out of the album.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        let name = try container.decode(String.self, forKey: .name)
        guard let kind = Self.kinds[name] else {
            throw DecodingError.dataCorruptedError(
                forKey: .name, in: container, debugDescription: "no such change")
        }
        change = try kind.init(from: decoder)
        guard change.isWithinAlbum else {
            throw DecodingError.dataCorruptedError(
                forKey: .name, in: container, debugDescription: "a path out of the album")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(type(of: change).name, forKey: .name)
        try change.encode(to: encoder)
    }
}

extension [Act] {
    /// How many acts share one flush of the journal and the folders. Larger groups gain little, and
    /// a crash leaves more to clear.
    private static var largestGroup: Int { 64 }

    /// Where the group of acts that begins at `start` ends. Acts that share a path of a renamed
    /// file are done, or undone, one after the other, each journalled before the next. So each act
    /// of a group can be judged before any of them is done, and a recovery can tell which of them
    /// were done. No folder both gains and loses files in one group, so that the folders that gain
    /// can be flushed first.
    ///
    /// - Parameter isOfGroup: whether an act may belong to the group at all.
    func endOfGroup(
        from start: Int, traits: FileSystemTraits, isOfGroup: (Act) -> Bool = { _ in true }
    ) -> Int {
        var paths: Set<[[UInt8]]> = []
        var gaining: Set<FilePath> = []
        var losing: Set<FilePath> = []
        var end = start
        while end < count, end - start < Self.largestGroup, isOfGroup(self[end]) {
            if let old = self[end].old, let new = self[end].new {
                let keys = [old, new].map { AlbumName.collisionKey($0, traits: traits) }
                guard paths.isDisjoint(with: keys) else { return end }
                paths.formUnion(keys)
                if old.folder != new.folder {
                    guard !gaining.contains(old.folder), !losing.contains(new.folder) else {
                        return end
                    }
                    losing.insert(old.folder)
                    gaining.insert(new.folder)
                }
            }
            end += 1
        }
        return end
    }
}
