internal import AlbumCatalogue
internal import FaceAnalysis
internal import FaceCore
internal import SystemPackage

/// The model files of a run, and the encodings that they give here.
///
/// They are looked for at once, before a folder is made: a file may be missing, or this processor may
/// lack the engine's arithmetic. Where photos were analysed before, files that nobody named may be
/// missing until a new one is looked at.
struct RunModels: Sendable {
    let folder: FilePath
    /// `nil` when the files are missing.
    let space: EncodingSpace?
    let loaded: LazyModels

    /// - Parameters:
    ///   - explicit: as the user named it.
    ///   - knowledge: where the analyses are kept.
    ///   - workerCount: how many are to look at photos at once.
    /// - Throws: ``FaceAnalysis/ModelError``.
    init(
        explicit: FilePath?, engine: EngineChoice, environment: [String: String],
        knowledge: AlbumFolder, workerCount: Int
    ) throws {
        folder = ModelFiles.locate(explicit: explicit, environment: environment)
        do throws(ModelError) {
            let files = try ModelFiles(folder: folder)
            let space = try files.space(engine: engine)
            try files.checkMemory(workerCount: workerCount)
            self.space = space
            loaded = LazyModels(files, engine: engine)
        } catch {
            guard explicit == nil, error.code != .unsupported,
                Catalogue.exists(at: knowledge.catalogue)
            else { throw error }
            space = nil
            loaded = LazyModels(missing: error)
        }
    }

    /// Sees to it that the encodings can be compared with those that are there.
    func agree(with catalogue: Catalogue) throws {
        if let space { try catalogue.setEncodingSpace(space) }
    }
}
