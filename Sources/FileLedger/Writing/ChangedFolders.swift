package import SystemPackage

/// Folders, absolute, whose names changed and must be flushed.
///
/// Folders that gained a file come before the folders it left. So a moved file always has a durable
/// name in one of them, even on a disk that keeps only what was flushed.
package struct ChangedFolders {
    package private(set) var gaining: Set<FilePath> = []
    package private(set) var losing: Set<FilePath> = []

    /// Notes that names in `folder` were added or removed, and that no file moved to another
    /// folder.
    mutating func insert(_ folder: FilePath) { losing.insert(folder) }

    /// Notes that a file got another path.
    mutating func insert(movedFrom old: FilePath, to new: FilePath) {
        losing.insert(old.folder)
        gaining.insert(new.folder)
    }

    /// In the order of flushing, each once.
    var inOrder: [FilePath] {
        [gaining, losing.subtracting(gaining)].flatMap { folders in
            folders.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        }
    }
}
