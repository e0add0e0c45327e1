package import FileLedger
package import AlbumCatalogue
internal import FaceAnalysis
package import FaceCore
package import SystemPackage

/// The model files of a run, and the encodings that they give here.
///
/// They are looked for first, before a folder is made: a file may be missing, or this processor may
/// lack the engine's arithmetic; an encoder that the user names is read and checked. Where photos were
/// analysed before, files that the user did not name may be missing until a new photo is read.
package struct RunModels: Sendable {
    package let folder: FilePath
    private let files: Result<ModelFiles, ModelError>
    private let engine: EngineChoice
    /// `nil` when the user named none.
    private let encoder: Encoder?

    private enum Encoder {
        case own
        case brought(EncoderFile)
    }

    /// - Parameter workspace: of the command, which keeps the analyses unless an album does.
    /// - Throws: ``/FaceAnalysis/ModelError``.
    package init(
        _ study: SurveyValidation, workspace: AlbumFolder, environment: RunEnvironment
    ) throws {
        let explicit = study.request.models
        engine = study.request.engine
        folder = ModelFiles.locate(explicit: explicit, environment: environment.variables)
        encoder =
            switch study.request.encoder {
            case nil: nil
            case .own: .own
            case .file(let path):
                .brought(try EncoderFile(checking: path, disk: environment.disk))
            }
        do throws(ModelError) {
            let found = try ModelFiles(folder: folder)
            _ = try found.space(engine: engine)
            try found.checkMemory(workerCount: study.jobs)
            files = .success(found)
        } catch {
            guard explicit == nil, error.code != .unsupported,
                Catalogue.exists(at: (study.album ?? workspace).catalogue)
            else { throw error }
            files = .failure(error)
        }
    }

    /// The models whose encodings can be compared with those that a catalogue has: with the encoder that
    /// the user named, else with the one that made them.
    ///
    /// - Throws: an ``/AlbumCatalogue/CatalogueError`` `.otherSpace` when they cannot be compared.
    package func models(for catalogue: Catalogue) throws -> LazyModels {
        let brought = try broughtEncoder(for: catalogue)
        guard let space = try space(brought) else { return models(with: brought) }
        try catalogue.setEncodingSpace(space, encoder: brought?.path)
        return models(with: brought)
    }

    /// The models with the encoder that the user named, else dlib's own, and the space of their
    /// encodings.
    ///
    /// - Throws: ``/FaceAnalysis/ModelError`` when the files are missing.
    package func modelsToChangeTo() throws -> (LazyModels, EncodingSpace, encoder: FilePath?) {
        let brought: EncoderFile? = if case .brought(let file) = encoder { file } else { nil }
        let space = try files.get().space(engine: engine, encoderHash: brought?.hash)
        return (models(with: brought), space, brought?.path)
    }

    private func broughtEncoder(for catalogue: Catalogue) throws -> EncoderFile? {
        switch encoder {
        case .own: return nil
        case .brought(let file): return file
        case nil:
            guard let path = try catalogue.encoderPath(),
                let space = try catalogue.encodingSpace()
            else { return nil }
            return EncoderFile(path: path, hash: space.encoderHash)
        }
    }

    /// `nil` when the files are missing.
    private func space(_ encoder: EncoderFile?) throws -> EncodingSpace? {
        guard case .success(let files) = files else { return nil }
        return try files.space(engine: engine, encoderHash: encoder?.hash)
    }

    private func models(with encoder: EncoderFile?) -> LazyModels {
        LazyModels(files, engine: engine, encoder: encoder)
    }
}
