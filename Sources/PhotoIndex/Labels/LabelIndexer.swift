package import FileLedger
package import AlbumCatalogue
package import FaceCore
internal import PhotoLearning
package import SystemPackage

/// Finds out what photos show and stores it in the catalogue at once: the next run continues one
/// that was interrupted or killed.
///
/// For commands that ask for it alone: it takes about a fifth of a second for a photo.
package struct LabelIndexer {
    private let catalogue: Catalogue
    private let pool: WorkerPool
    private let disk: Disk
    private let model: LazyLabelModel
    /// Of the network's file.
    private let network: ContentHash

    /// - Parameter models: the folder of the model files.
    /// - Returns: `nil` when the network's file is not there.
    /// - Throws: ``FileError`` when it cannot be read.
    package init?(models: FilePath, catalogue: Catalogue, pool: WorkerPool, disk: Disk) throws {
        let file = LabelNetworkFile(folder: models)
        guard try disk.statusIfPresent(of: file.path)?.kind == .file else { return nil }
        self.catalogue = catalogue
        self.pool = pool
        self.disk = disk
        model = LazyLabelModel(file)
        // The file may be any of this architecture, and other weights give other labels.
        network = try disk.hash(of: file.path).hash
    }

    private struct Job: Sendable {
        let photo: ContentHash
        /// Where its bytes may be; absolute.
        let paths: [FilePath]
    }

    /// What each of `photos` shows; photos without a label are read now.
    ///
    /// - Parameters:
    ///   - photos: sound ones, known to the catalogue.
    ///   - paths: where the bytes of a photo may be now; absolute.
    ///   - mayContinue: called before each photo.
    ///   - progress: called after each photo that was looked at, with how many of how many are done.
    /// - Returns: the labels of those that could be looked at, now or before.
    /// - Throws: ``/PhotoLearning/LabelNetworkError`` when the network's file changed or is damaged.
    package func labels(
        of photos: [ContentHash], paths: (ContentHash) throws -> [FilePath],
        mayContinue: () -> Bool, progress: (Int, Int) -> Void
    ) async throws -> [ContentHash: PhotoLabel] {
        let wanted = Set(photos)
        let known = try catalogue.labelledPhotos(version: LabelNetwork.version, network: network)
        let jobs = try wanted.subtracting(known).sorted().map {
            Job(photo: $0, paths: try paths($0))
        }
        var done = 0
        try await pool.run(jobs) { [model, disk, network] worker, job in
            let labeller = try worker.labelNetwork(model)
            return disk.photo(job.photo, atOneOf: job.paths) {
                LabelAnalysis(
                    version: LabelNetwork.version, network: network,
                    label: try labeller.label(of: $0))
            }
        } mayContinue: {
            mayContinue()
        } consume: { job, analysis in
            // A photo that cannot be reached now is read another time.
            if let analysis { try catalogue.record(analysis, of: job.photo) }
            done += 1
            progress(done, jobs.count)
        }
        return try catalogue.labels(version: LabelNetwork.version, network: network)
            .filter { wanted.contains($0.key) }
    }
}
