internal import FileLedger
internal import FaceCore
internal import SystemPackage

/// What the files of a folder were called before they were renamed, as the journals tell it.
struct NameHistory {
    private struct Name {
        let path: FilePath
        let hash: ContentHash
    }

    private var first: [FilePath: Name] = [:]
    private var beforeRun: [FilePath: Name] = [:]

    /// - Parameter folder: a workspace, which may be missing.
    init(_ folder: AlbumFolder, disk: Disk) throws {
        guard try disk.statusIfPresent(of: folder.journals) != nil else { return }
        let records = try Journal.records(folder, disk)
        for record in records { Self.follow(record, in: &first) }
        if let last = records.last(where: { $0.header.command == RenameRun.command }),
            last.state == .open || last.state == .interrupted
        {
            Self.follow(last, in: &beforeRun)
        }
    }

    private static func follow(_ record: JournalRecord, in names: inout [FilePath: Name]) {
        for entry in record.entries where entry.isInEffect {
            guard entry.act.effect == .moves, let from = entry.act.old, let to = entry.act.new,
                let hash = entry.act.content
            else { continue }
            let before = names.removeValue(forKey: from)
            names[to] = Name(path: before?.hash == hash ? before?.path ?? from : from, hash: hash)
        }
    }

    /// The path of a photo before its first renaming.
    func origin(of path: FilePath, _ photo: ContentHash) -> FilePath {
        guard let name = first[path], name.hash == photo else { return path }
        return name.path
    }

    /// The path of a file before a renaming that was killed or interrupted began, so that carrying
    /// on comes to the same names, and tells the files beside photos apart by their old names.
    ///
    /// - Parameter photo: what lies there; `nil` for a file beside a photo.
    func start(of path: FilePath, _ photo: ContentHash?) -> FilePath {
        guard let name = beforeRun[path], photo == nil || name.hash == photo else { return path }
        return name.path
    }
}
