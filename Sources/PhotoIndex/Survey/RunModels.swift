package import FileLedger
package import AlbumCatalogue
internal import FaceAnalysis
package import FaceCore
package import SystemPackage

/// The model files of a run, and the encodings that they give here.
///
/// They are looked for first, before a folder is made: a file may be missing, or this processor may
/// lack the engine's arithmetic. Where photos were analysed before, files that the user did not
/// name may be missing until a new photo is read.
package struct RunModels: Sendable {
    package let folder: FilePath
    /// `nil` when the files are missing.
    package let space: EncodingSpace?
    package let loaded: LazyModels

    /// - Parameter workspace: of the command, which keeps the analyses unless an album does.
    /// - Throws: ``FaceAnalysis/ModelError``.
    package init(
        _ study: SurveyValidation, workspace: AlbumFolder, environment: RunEnvironment
    ) throws {
        let (explicit, engine) = (study.request.models, study.request.engine)
        folder = ModelFiles.locate(explicit: explicit, environment: environment.variables)
        do throws(ModelError) {
            let files = try ModelFiles(folder: folder)
            let space = try files.space(engine: engine)
            try files.checkMemory(workerCount: study.jobs)
            self.space = space
            loaded = LazyModels(files, engine: engine)
        } catch {
            guard explicit == nil, error.code != .unsupported,
                Catalogue.exists(at: (study.album ?? workspace).catalogue)
            else { throw error }
            space = nil
            loaded = LazyModels(missing: error)
        }
    }

    /// Checks that the encodings can be compared with the existing ones.
    package func agree(with catalogue: Catalogue) throws {
        if let space { try catalogue.setEncodingSpace(space) }
    }
}
