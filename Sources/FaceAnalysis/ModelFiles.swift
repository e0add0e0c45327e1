import CFaceEngine
public import FaceCore
import Foundation
public import SystemPackage

/// The folder with dlib's three model files.
public struct ModelFiles: Hashable, Sendable {
    public let folder: FilePath

    /// Checks that the three files exist with their known sizes; does not read them. ``FaceModels``
    /// checks their content.
    ///
    /// - Throws: ``ModelError`` `.missing` or `.damaged`.
    public init(folder: FilePath) throws(ModelError) {
        self.folder = folder
        for state in Self.states(in: folder) {
            if let problem = state.problem { throw problem }
        }
    }

    /// The state of one of the three files in a folder.
    public struct State: Sendable {
        public let name: String
        /// What it does, as a verb: "finds faces".
        public let use: String
        /// SHA-256, hexadecimal, of the bytes that it should have.
        public let hash: String
        /// `nil` when nothing is wrong with it.
        public let problem: ModelError?
    }

    /// The three files in `folder`, checked as in ``init(folder:)``.
    public static func states(in folder: FilePath) -> [State] {
        zip(known, uses).map {
            State(name: $0.name, use: $1, hash: $0.hash, problem: problem(with: $0, in: folder))
        }
    }

    /// Of all of them, as their author gave them away.
    public static let licence = "public domain (CC0 1.0)"

    /// What the files do, in the order of ``known``.
    private static let uses = ["aligns faces", "encodes faces", "finds faces"]

    private static func problem(with file: Known, in folder: FilePath) -> ModelError? {
        let path = folder.appending(file.name)
        guard
            let attributes = try? FileManager.default.attributesOfItem(atPath: resolved(path)),
            attributes[.type] as? FileAttributeType == .typeRegular,
            let byteCount = attributes[.size] as? Int
        else {
            return ModelError(code: .missing, path: path, reason: "the model file is not there")
        }
        guard byteCount == file.byteCount else {
            return ModelError(
                code: .damaged, path: path,
                reason: "it has \(byteCount) bytes instead of \(file.byteCount)")
        }
        return nil
    }

    /// Where the model files belong: `explicit`, else `$FACESORT_MODELS`, else
    /// `$XDG_DATA_HOME/facesort/models`, else `~/.local/share/facesort/models`.
    ///
    /// The folder need not exist. A relative `XDG_DATA_HOME` is ignored, as its specification says.
    public static func locate(explicit: FilePath?, environment: [String: String]) -> FilePath {
        if let explicit { return explicit }
        if let named = environment["FACESORT_MODELS"], !named.isEmpty { return FilePath(named) }
        let data =
            if let named = environment["XDG_DATA_HOME"], named.hasPrefix("/") {
                FilePath(named)
            } else {
                FilePath(environment["HOME"] ?? "/").appending(".local/share")
            }
        return data.appending("facesort/models")
    }

    /// What encodings made with these files can be compared with.
    ///
    /// - Parameters:
    ///   - engine: what runs the networks.
    ///   - encoderHash: SHA-256, hexadecimal, of the encoder that takes the place of dlib's own.
    /// - Throws: ``ModelError`` `.unsupported` when this processor lacks the engine's arithmetic.
    public func space(
        engine: EngineChoice = .auto, encoderHash: String? = nil
    ) throws(ModelError) -> EncodingSpace {
        var networks: Int32 = 0
        var error = cface_error()
        guard Int(cface_networks(engine.networks, &networks, &error)) == CFACE_OK else {
            throw ModelError(code: .unsupported, path: folder, reason: error.text)
        }
        return EncodingSpace(
            alignment: "dlib-5-point-150px-0.25", alignerHash: Self.aligner.hash,
            encoderHash: encoderHash ?? Self.encoder.hash,
            arithmetic: Int(networks) == CFACE_NETWORKS_BF16 ? .bf16 : .f32)
    }

    /// Whether the encodings were made by dlib's own encoder, for which the rules' numbers were found.
    public static func isOfOwnEncoder(_ space: EncodingSpace) -> Bool {
        space.encoderHash == encoder.hash
    }

    /// What is known of one of the files; CFaceEngine has the table, since it loads no others.
    struct Known {
        let name: String
        let byteCount: Int
        /// SHA-256, hexadecimal.
        let hash: String

        /// - Precondition: CFaceEngine lists `number`.
        fileprivate init(_ number: Int) {
            guard let file = cface_known_model_file(Int32(number))?.pointee else {
                preconditionFailure("a model file of another engine")
            }
            name = String(cString: file.name)
            byteCount = Int(file.size)
            hash = String(cString: file.sha256)
        }
    }

    static let known = (0..<CFACE_MODEL_FILE_COUNT).map(Known.init)
    static let aligner = known[CFACE_ALIGNER]
    static let encoder = known[CFACE_ENCODER]

    private static func resolved(_ path: FilePath) -> String {
        URL(fileURLWithPath: path.string).resolvingSymlinksInPath().path
    }
}
