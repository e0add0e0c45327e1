package import FileLedger
package import AlbumCatalogue
package import FaceCore
internal import SystemPackage

/// Reads every candidate of an inventory and records what it is.
package struct Indexer {
    package let catalogue: Catalogue
    package let pool: WorkerPool
    /// What a person said about places in photos.
    package let places: [DecidedPlace]
    package let disk: Disk

    package init(catalogue: Catalogue, pool: WorkerPool, places: [DecidedPlace], disk: Disk) {
        self.catalogue = catalogue
        self.pool = pool
        self.places = places
        self.disk = disk
    }

    /// What indexing found beside the photos that are in the catalogue now.
    package struct Result {
        package var analysedCount = 0
        /// Files that the disk did not give.
        package var failed: [UnreadFile] = []
        package var skipped: [SkippedFile] = []
    }

    /// `mayContinue` is asked before each photo is begun; `progress` is called after each candidate,
    /// with how many are done.
    package func index(
        _ inventory: PhotoInventory, mayContinue: () -> Bool, progress: (Int) -> Void
    ) async throws -> Result {
        var result = Result()
        var done = 0
        // A copy may be finished before the photo it is a copy of is recorded.
        var copies: [PhotoFile] = []
        let reader = PhotoReader(
            known: inventory.knownInFull, searched: inventory.searched,
            drawn: Dictionary(grouping: places.filter(\.isFace), by: \.key.photo)
                .mapValues { $0.map(\.key.box) }, disk: disk)
        try await pool.run(inventory.candidates) { worker, candidate in
            try reader.read(candidate, on: worker)
        } mayContinue: {
            mayContinue()
        } consume: { _, outcome in
            switch outcome {
            case .analysed(let photo, let picture, let file):
                try catalogue.record(
                    photo, version: PhotoReader.version, search: pool.search, picture: picture,
                    file: file)
                result.analysedCount += 1
            case .measured(let picture, let file):
                try catalogue.record(picture, file: file)
            case .known(let file):
                copies.append(file)
            case .notAPhoto(let file):
                result.skipped.append(file)
            case .failed(let file):
                result.failed.append(file)
            }
            done += 1
            progress(done)
        }
        try catalogue.record(files: copies)
        return result
    }
}
