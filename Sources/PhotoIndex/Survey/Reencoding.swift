package import AlbumCatalogue
internal import FaceAnalysis
package import FaceCore
internal import FileLedger
package import SystemPackage

/// Moves a workspace to another encoder: every known face is encoded again where it lies, without a
/// search.
///
/// The new encodings are kept beside the old ones until the last face has one; so it may be killed at
/// any moment, and carries on. Faces keep their boxes and numbers, and so what was said about them.
package struct Reencoding {
    package enum Outcome {
        /// The encodings are of this encoder already.
        case unchanged
        case changed(EncoderChange)
        /// These photos and portraits lie where nothing can be reached now. Nothing has changed, and what
        /// was encoded is kept.
        case outOfReach([FilePath])
        case interrupted
    }

    private let workspace: Workspace
    private let run: RunContext
    private let pool: WorkerPool
    private let models: LazyModels
    /// Of the encodings from now on.
    package let space: EncodingSpace
    /// Of an encoder that the user brought; absolute.
    package let encoder: FilePath?

    private var catalogue: Catalogue { workspace.catalogue }

    /// - Throws: ``/FaceAnalysis/ModelError`` when the files are missing.
    package init(
        _ study: SurveyValidation, models: RunModels, workspace: Workspace, run: RunContext
    ) throws {
        self.workspace = workspace
        self.run = run
        (self.models, space, encoder) = try models.modelsToChangeTo()
        pool = WorkerPool(count: study.jobs, models: self.models, search: .balanced)
    }

    package func perform() async throws -> Outcome {
        if let known = try catalogue.encodingSpace(), known.isComparable(with: space) {
            try catalogue.setEncodingSpace(space, encoder: encoder)
            return .unchanged
        }
        // Before any photo: without models none could be told from one that cannot be read.
        _ = try models.loaded()
        try catalogue.beginEncoding(in: space, encoder: encoder)
        let outOfReach = try await encode(jobs())
        guard run.mayContinue() else { return .interrupted }
        guard outOfReach.isEmpty else { return .outOfReach(outOfReach) }
        return .changed(try catalogue.replaceEncodings())
    }

    /// A photo or portrait with faces to be encoded.
    private struct Job: Sendable {
        enum Faces {
            case ofPhoto([FaceID])
            case ofPortrait
        }

        let content: ContentHash
        /// Where its bytes may be; absolute.
        let paths: [FilePath]
        /// Where it lies beyond reach; absolute.
        let missing: FilePath?
        let places: [UnencodedFace]
        let faces: Faces
    }

    private func jobs() throws -> [Job] {
        let sources = try catalogue.sources()
        let gone = Set(
            try sources.filter { try run.disk.statusIfPresent(of: $0.path) == nil }.map(\.id))
        let paths = try PhotoPaths(catalogue, album: workspace.folder, disk: run.disk)
        var jobs: [Job] = []
        for (photo, faces) in try catalogue.facesToEncode().sorted(by: { $0.key < $1.key }) {
            let numbers = faces.keys.sorted()
            let missing = try catalogue.files(of: photo).first { gone.contains($0.source) }
            jobs.append(
                Job(
                    content: photo, paths: try paths.all(of: photo),
                    missing: missing.flatMap { paths.original($0.path, in: $0.source) },
                    // The keys came from there.
                    places: numbers.map { faces[$0]! }, faces: .ofPhoto(numbers)))
        }
        let portraits = Dictionary(
            grouping: try catalogue.portraits().map(\.file), by: \.hash)
        for (portrait, face) in try catalogue.portraitsToEncode().sorted(by: { $0.key < $1.key }) {
            let files = portraits[portrait] ?? []
            let missing = files.first { gone.contains($0.source) }
            jobs.append(
                Job(
                    content: portrait,
                    paths: files.compactMap { paths.original($0.path, in: $0.source) },
                    missing: missing.flatMap { paths.original($0.path, in: $0.source) },
                    places: [face], faces: .ofPortrait))
        }
        return jobs
    }

    /// - Returns: what is out of reach.
    private func encode(_ jobs: [Job]) async throws -> [FilePath] {
        let catalogue = catalogue
        var outOfReach: [FilePath] = []
        var done = 0
        try await pool.run(jobs) { [disk = run.disk] worker, job in
            try Self.encodings(job, on: worker, disk: disk)
        } mayContinue: {
            run.mayContinue()
        } consume: { job, encodings in
            if encodings == nil, let missing = job.missing {
                outOfReach.append(missing)
            } else {
                let made = encodings ?? job.places.map { _ in nil }
                switch job.faces {
                case .ofPhoto(let faces):
                    try catalogue.collect(Dictionary(uniqueKeysWithValues: zip(faces, made)))
                case .ofPortrait:
                    try catalogue.collect(made[0], ofPortrait: job.content)
                }
            }
            done += 1
            run.onEvent(.encoding(done: done, total: jobs.count))
        }
        return outOfReach
    }

    /// - Returns: `nil` when no file holds the content any more, or none can be read.
    private static func encodings(
        _ job: Job, on worker: isolated Worker, disk: Disk
    ) throws -> [FaceEncodings?]? {
        // Its failure is not the photo's.
        let analyser = try worker.faceAnalyser()
        return disk.photo(job.content, atOneOf: job.paths) {
            try analyser.encodings(of: $0, at: job.places.map { ($0.box, $0.detector) })
        }
    }
}
