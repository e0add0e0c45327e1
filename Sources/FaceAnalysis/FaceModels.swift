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

    /// - Parameters:
    ///   - files: where the models are.
    ///   - engine: what runs the networks.
    ///   - encoder: instead of dlib's own; it is checked as in ``BroughtEncoder/check()``.
    /// - Throws: ``ModelError``. Every byte of the other files is compared by checksum with the known
    ///   ones.
    public init(
        _ files: ModelFiles, engine: EngineChoice = .auto, encoder: BroughtEncoder? = nil
    ) throws(ModelError) {
        space = try files.space(engine: engine, encoderHash: encoder?.hash)
        var error = cface_error()
        var handle: OpaquePointer?
        let status = files.folder.withPlatformString { folder in
            guard let encoder else {
                return cface_models_create(folder, engine.networks, &handle, &error)
            }
            return encoder.bytes.withUnsafeBytes {
                cface_models_create_with_encoder(
                    folder, $0.baseAddress, $0.count, engine.networks, &handle, &error)
            }
        }
        guard Int(status) == CFACE_OK, let handle else {
            if let encoder, Int(status) == CFACE_BAD_ENCODER {
                throw ModelError(code: .unfitEncoder, path: encoder.path, reason: error.text)
            }
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
