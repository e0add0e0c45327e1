package import AlbumCatalogue
internal import SystemPackage

extension FailedFile {
    /// The code for what the disk could not read.
    package static let notReadable = "notReadable"
    /// The code of what could not be put into the album.
    package static let notWritten = "notWritten"
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
    /// - Parameter isWhole: whether every file was tried; else what failed before may still fail.
    package func recordFailed(
        _ inventory: PhotoInventory, _ result: Indexer.Result, isWhole: Bool
    ) throws(CatalogueError) {
        let found = inventory.failed + result.failed
        let before = try failedFiles().filter {
            $0.code == FailedFile.notReadable
                && $0.source.map { inventory.bases[$0] != nil } == true
        }
        var all = found
        if !isWhole {
            all += before.filter { old in
                !found.contains { $0.source == old.source && $0.path == old.path }
            }
        }
        // A run that changes nothing leaves no trace.
        guard Set(all) != Set(before) else { return }
        try replaceFailed(
            FailedFile.notReadable, in: Array(inventory.bases.keys), with: all)
    }
}
