internal import AlbumCatalogue
internal import SystemPackage

extension FailedFile {
    /// The code of what the disk did not give.
    static let notReadable = "notReadable"
    /// The code of what could not be put into the album.
    static let notWritten = "notWritten"
}

extension PhotoFailure {
    init(_ file: FailedFile) {
        self.init(
            path: file.path.string, code: file.code, reason: file.reason, remedy: file.remedy)
    }
}

extension Catalogue {
    /// Writes down what could not be read, in place of what could not be before: the list is whole
    /// until a later run reads it.
    ///
    /// - Parameter isWhole: whether every file was tried; else what failed before may still fail.
    func recordFailed(
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
