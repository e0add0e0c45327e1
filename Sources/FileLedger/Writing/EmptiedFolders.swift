internal import SystemPackage

/// Folders of the album that files of ours left: an empty one is removed, then its parent if empty.
package struct EmptiedFolders: Hashable {
    /// Relative to the album.
    private var folders: Set<FilePath> = []

    package init(_ acts: some Sequence<Act>) {
        for act in acts {
            // Photos that were only renamed lie in the user's folders.
            guard let old = act.old, !old.isAbsolute, old.folder != act.new?.folder else {
                continue
            }
            var folder = old.removingLastComponent()
            while !folder.isEmpty, folders.insert(folder).inserted { folder.removeLastComponent() }
        }
    }

    package mutating func formUnion(_ others: EmptiedFolders) { folders.formUnion(others.folders) }

    /// Removes the empty ones and makes that durable.
    package func remove(_ files: AlbumFiles) throws(FileError) {
        var changed = ChangedFolders()
        for folder in folders.sorted(by: { $0.components.count > $1.components.count }) {
            let path = files.absolute(folder)
            let status = try files.disk.statusIfPresent(of: path, followingLinks: false)
            guard status?.kind == .folder, try files.disk.entries(of: path).isEmpty else {
                continue
            }
            try files.disk.removeFolder(path)
            changed.insert(path.folder)
        }
        try files.synchronise(changed)
    }
}
