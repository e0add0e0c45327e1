internal import AlbumCatalogue
internal import FaceCore
internal import PhotoLearning
internal import SystemPackage

/// Finds out what photos show, and keeps it in the catalogue as it goes: a run that was interrupted
/// or killed is carried on by the next one.
///
/// For commands that ask for it alone: it takes about a fifth of a second for a photo.
struct LabelIndexer {
    private let catalogue: Catalogue
    private let pool: WorkerPool
    private let disk: Disk
    private let model: LazyLabelModel
    /// Of the network's file.
    private let network: ContentHash

    /// Why there are no labels, to be told once; a sentence and where to turn.
    static let hint =
        "'\(LabelNetworkFile.name)' is not among the models; 'facesort models' says where it is to "
        + "be had."

    /// - Parameter models: the folder of the model files.
    /// - Returns: `nil` when the network's file is not there.
    /// - Throws: ``FileError`` when it cannot be read.
    init?(models: FilePath, catalogue: Catalogue, pool: WorkerPool, disk: Disk) throws {
        let file = LabelNetworkFile(folder: models)
        guard try disk.statusIfPresent(of: file.path)?.kind == .file else { return nil }
        self.catalogue = catalogue
        self.pool = pool
        self.disk = disk
        model = LazyLabelModel(file)
        // The file may be any of this architecture, and labels of other weights are others.
        network = try disk.hash(of: file.path).hash
    }

    private struct Job: Sendable {
        let photo: ContentHash
        /// Where its bytes may be; absolute.
        let paths: [FilePath]
    }

    /// What each of `photos` shows; those that have no label yet are looked at.
    ///
    /// - Parameters:
    ///   - photos: sound ones, known to the catalogue.
    ///   - paths: where the bytes of a photo may be now; absolute.
    ///   - mayContinue: asked before each photo is begun.
    ///   - progress: called after each photo that was looked at, with how many of how many are done.
    /// - Returns: the labels of those that could be looked at, now or before.
    /// - Throws: ``LabelNetworkError`` when the network's file is another one or damaged.
    func labels(
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
            // A photo that cannot be reached now is looked at another time.
            if let analysis { try catalogue.record(analysis, of: job.photo) }
            done += 1
            progress(done, jobs.count)
        }
        return try catalogue.labels(version: LabelNetwork.version, network: network)
            .filter { wanted.contains($0.key) }
    }
}
