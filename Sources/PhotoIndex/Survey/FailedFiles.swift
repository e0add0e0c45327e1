package import AlbumCatalogue
package import FileLedger
package import SystemPackage

/// A file or a folder of PHOTOS that the disk could not read.
package struct UnreadFile: Sendable {
    package let source: SourceID
    /// Relative to the source; any bytes.
    package let path: FilePath
    package let isFolder: Bool
    package let error: FileError
}

extension PhotoFailure {
    package init(_ file: FailedFile) {
        self.init(
            path: file.path.string, code: file.code, reason: file.reason, remedy: file.remedy)
    }
}

extension Catalogue {
    /// Records what could not be read, replacing the earlier list: it is complete until a later run
    /// reads it.
    ///
    /// - Parameters:
    ///   - found: in this run, in `sources`.
    ///   - isWhole: whether every file was tried; else what failed before may still fail.
    func recordUnread(
        _ found: [FailedFile], in sources: [SourceID], isWhole: Bool
    ) throws(CatalogueError) {
        let before = try failedFiles().filter {
            $0.code == .notReadable && $0.source.map(sources.contains) == true
        }
        var all = found
        if !isWhole {
            all += before.filter { old in
                !found.contains { $0.source == old.source && $0.path == old.path }
            }
        }
        // A run that changes nothing leaves no trace.
        guard Set(all) != Set(before) else { return }
        try replaceFailed(.notReadable, in: sources, with: all)
    }
}
