import CFaceEngine
public import FaceCore
import SystemPackage

/// The loaded models: read once, shared by the analysers of all workers.
///
/// Loading takes about half a second and 60 MB. Neither BLAS nor OpenMP gets threads of its own:
/// workers are the only parallelism.
public final class FaceModels: Sendable {
    /// What the encodings made with these models can be compared with.
    public let space: EncodingSpace

    // Safe to share: CFaceEngine never changes models, and they end only in deinit.
    nonisolated(unsafe) let handle: OpaquePointer

    /// - Throws: ``ModelError``. Every byte is compared by checksum with the known files.
    public init(_ files: ModelFiles, engine: EngineChoice = .auto) throws(ModelError) {
        space = try files.space(engine: engine)
        var error = cface_error()
        var handle: OpaquePointer?
        let status = files.folder.withPlatformString {
            cface_models_create($0, engine.networks, &handle, &error)
        }
        guard Int(status) == CFACE_OK, let handle else {
            let code: FailureCode =
                switch Int(status) {
                case CFACE_NO_MODEL: .missing
                case CFACE_BAD_MODEL: .damaged
                default: .failed
                }
            throw ModelError(code: code, path: files.folder, reason: error.text)
        }
        self.handle = handle
    }

    deinit {
        cface_models_destroy(handle)
    }
}

extension cface_error {
    /// The message, as part of a sentence.
    var text: String {
        withUnsafeBytes(of: message) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
