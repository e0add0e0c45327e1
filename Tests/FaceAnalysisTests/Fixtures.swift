import CFaceEngine
import CFaceReference
import FaceAnalysis
import FaceCore
import Foundation
import PhotoImaging
import SystemPackage

/// The model files and sample photos that Scripts/setup installs.
enum Fixtures {
    static let modelFolder = ModelFiles.locate(
        explicit: nil, environment: ProcessInfo.processInfo.environment)

    /// Loaded once for all tests, as in a run.
    static let models = Result { try FaceModels(ModelFiles(folder: modelFolder)) }

    static func analyser(_ depth: SearchDepth = .balanced) throws -> FaceAnalyser {
        try FaceAnalyser(models: models.get(), depth: depth)
    }

    /// Whether this processor calculates with bf16.
    static var hasBF16: Bool {
        get throws {
            var networks: Int32 = 0
            var error = cface_error()
            let status = Int(cface_networks(Int32(CFACE_NETWORKS_BF16), &networks, &error))
            guard status == CFACE_OK || status == CFACE_UNSUPPORTED else {
                throw EngineFailure(status: status)
            }
            return status == CFACE_OK
        }
    }

    /// The names of the sample photos with faces of all kinds, in stable order.
    static func namesOfFaces() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: samples.appending("faces").string)
            .filter { $0.hasSuffix(".jpg") }.sorted().map { "faces/\($0)" }
    }

    /// A sample photo by its path inside the samples, for example `faces/dogs.jpg`.
    static func sample(_ name: String) throws -> PhotoSource {
        try PhotoSource(path: samples.appending(name))
    }

    /// The portraits of the samples, person by person, in stable order.
    static func portraits() throws -> [(person: String, photos: [PhotoSource])] {
        let folder = samples.appending("johns").string
        return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { person in
            let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(person)")
            return (person, try names.sorted().map { try sample("johns/\(person)/\($0)") })
        }
    }

    private static let samples: FilePath = {
        let environment = ProcessInfo.processInfo.environment
        let cache =
            environment["XDG_CACHE_HOME"].map { FilePath($0) }
            ?? FilePath(environment["HOME"] ?? "/").appending(".cache")
        return cache.appending("facesort/samples")
    }()

    /// Calls `body` with a new folder, which is removed afterwards.
    static func withFolder<Result>(_ body: (FilePath) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("facesort-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(FilePath(folder.path))
    }
}

/// The loaded models of CFaceEngine; each kind of networks once for all tests.
final class EngineModels: Sendable {
    static let f32 = Result { try EngineModels(CFACE_NETWORKS_F32) }
    static let bf16 = Result { try EngineModels(CFACE_NETWORKS_BF16) }
    static let dlib = Result { try EngineModels(CFACE_NETWORKS_DLIB) }

    // Safe to share: CFaceEngine never changes models, and they end only in deinit.
    nonisolated(unsafe) fileprivate let handle: OpaquePointer

    init(_ networks: Int, in folder: FilePath = Fixtures.modelFolder) throws {
        var error = cface_error()
        var models: OpaquePointer?
        let status = folder.withPlatformString {
            cface_models_create($0, Int32(networks), &models, &error)
        }
        guard Int(status) == CFACE_OK, let models else {
            throw EngineFailure(status: Int(error.status))
        }
        handle = models
    }

    deinit {
        cface_models_destroy(handle)
    }
}

/// CFaceEngine, as in its header.
final class Engine {
    private let models: EngineModels
    private let engine: OpaquePointer

    init(_ models: Result<EngineModels, any Error> = EngineModels.f32, hog: Int = CFACE_HOG_FASTEST)
        throws
    {
        self.models = try models.get()
        var error = cface_error()
        var engine: OpaquePointer?
        let status = cface_engine_create(self.models.handle, Int32(hog), &engine, &error)
        guard Int(status) == CFACE_OK, let engine else {
            throw EngineFailure(status: Int(error.status))
        }
        self.engine = engine
    }

    deinit {
        cface_engine_destroy(engine)
    }

    func hogBoxes(
        _ picture: borrowing PixelBuffer, enlarge: Double = 1, window: Int = 80, levels: Int = 0,
        isFrontal: Bool = false, threshold: Double = 0, width: Int? = nil, stride: Int? = nil
    ) throws -> [cface_box] {
        let size = (Int32(width ?? picture.width), Int32(picture.height))
        let stride = stride ?? picture.bytesPerRow
        let search = cface_hog_search(
            resize: enlarge, window: Int32(window), level_count: Int32(levels),
            frontal_only: isFrontal ? 1 : 0, threshold: threshold)
        return try boxes(in: picture) { pixels, boxes, capacity, count, error in
            cface_detect_hog(
                engine, pixels, size.0, size.1, stride, search, boxes, capacity, count, error)
        }
    }

    /// By default searches like dlib's own network.
    func cnnBoxes(
        _ picture: borrowing PixelBuffer, resize: Double = 1, pyramid: Int = 6, levels: Int = 0,
        threshold: Double = 0
    ) throws -> [cface_box] {
        let size = (Int32(picture.width), Int32(picture.height))
        let stride = picture.bytesPerRow
        let search = cface_cnn_search(
            resize: resize, pyramid: Int32(pyramid), level_count: Int32(levels),
            threshold: threshold)
        return try boxes(in: picture) { pixels, boxes, capacity, count, error in
            cface_detect_cnn(
                engine, pixels, size.0, size.1, stride, search, boxes, capacity, count, error)
        }
    }

    func faces(_ picture: borrowing PixelBuffer, _ boxes: [cface_box]) throws -> [cface_face] {
        var faces = [cface_face](repeating: cface_face(), count: boxes.count)
        var error = cface_error()
        let status = picture.withUnsafeBytes {
            cface_encode(
                engine, $0.baseAddress, Int32(picture.width), Int32(picture.height),
                picture.bytesPerRow, boxes, boxes.count, &faces, &error)
        }
        guard Int(status) == CFACE_OK else { throw EngineFailure(status: Int(status)) }
        return faces
    }

    private func boxes(
        in picture: borrowing PixelBuffer,
        _ detect: (
            UnsafeRawPointer?, UnsafeMutablePointer<cface_box>, Int, UnsafeMutablePointer<Int>,
            UnsafeMutablePointer<cface_error>
        ) -> Int32
    ) throws -> [cface_box] {
        let capacity = 256
        var boxes = [cface_box](repeating: cface_box(), count: capacity)
        var count = 0
        var error = cface_error()
        let status = picture.withUnsafeBytes {
            detect($0.baseAddress, &boxes, capacity, &count, &error)
        }
        guard Int(status) == CFACE_OK else { throw EngineFailure(status: Int(status)) }
        return Array(boxes.prefix(count))
    }
}

struct EngineFailure: Error, Equatable {
    let status: Int
}

extension cface_face {
    var plainComponents: [Float] { components(plain) }
    var mirrorMeanComponents: [Float] { components(mirror_mean) }
}

/// The components of a C array, which Swift sees as a tuple.
func components<Tuple>(_ tuple: Tuple) -> [Float] {
    withUnsafeBytes(of: tuple) { Array($0.bindMemory(to: Float.self)) }
}

extension cface_box {
    /// Whether it is the same rectangle; scores may differ in the last digits.
    func hasPlace(of other: cface_box) -> Bool {
        left == other.left && top == other.top && width == other.width && height == other.height
    }

    func isIdentical(to other: cface_box) -> Bool {
        hasPlace(of: other) && confidence == other.confidence && view == other.view
    }
}

func distance(_ one: [Float], _ other: [Float]) -> Float {
    zip(one, other).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
}
