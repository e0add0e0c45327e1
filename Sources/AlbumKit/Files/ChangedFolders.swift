internal import SystemPackage

/// Folders, absolute, whose names were changed and have to be flushed.
///
/// Those that got a file come before those that it left: so at no moment, also on a disk that keeps
/// nothing but what was flushed, does it have a name in neither.
struct ChangedFolders {
    private(set) var gaining: Set<FilePath> = []
    private(set) var losing: Set<FilePath> = []

    /// Notes that names in `folder` came or went, and that no file moved to another.
    mutating func insert(_ folder: FilePath) { losing.insert(folder) }

    /// Notes that a file got another path.
    mutating func insert(movedFrom old: FilePath, to new: FilePath) {
        losing.insert(old.folder)
        gaining.insert(new.folder)
    }

    /// In the order in which they are to be flushed, each once.
    var inOrder: [FilePath] {
        [gaining, losing.subtracting(gaining)].flatMap { folders in
            folders.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        }
    }
}
