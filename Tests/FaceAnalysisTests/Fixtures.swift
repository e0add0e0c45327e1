import CFaceEngine
import CFaceReference
import FaceAnalysis
import Foundation
import PhotoImaging
import SystemPackage

/// The model files and sample photos that Scripts/setup installs.
enum Fixtures {
    static let modelFolder = ModelFiles.locate(
        explicit: nil, environment: ProcessInfo.processInfo.environment)

    /// Loaded once for all tests, as a run does.
    static let models = Result { try FaceModels(ModelFiles(folder: modelFolder)) }

    static func analyser() throws -> FaceAnalyser {
        try FaceAnalyser(models: models.get())
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

/// CFaceEngine as its header offers it.
final class Engine {
    private let models: OpaquePointer
    private let engine: OpaquePointer

    init(hog: Int = CFACE_HOG_FASTEST) throws {
        var error = cface_error()
        var models: OpaquePointer?
        let folder = Fixtures.modelFolder
        let status = folder.appending("shape_predictor_5_face_landmarks.dat").withPlatformString {
            aligner in
            folder.appending("dlib_face_recognition_resnet_model_v1.dat").withPlatformString {
                encoder in
                folder.appending("mmod_human_face_detector.dat").withPlatformString { detector in
                    cface_models_create(
                        cface_model_paths(aligner: aligner, encoder: encoder, detector: detector),
                        &models, &error)
                }
            }
        }
        var engine: OpaquePointer?
        guard Int(status) == CFACE_OK, let models,
            Int(cface_engine_create(models, Int32(hog), &engine, &error)) == CFACE_OK, let engine
        else { throw EngineFailure(status: Int(error.status)) }
        self.models = models
        self.engine = engine
    }

    deinit {
        cface_engine_destroy(engine)
        cface_models_destroy(models)
    }

    func hogBoxes(
        _ picture: borrowing PixelBuffer, enlarge: Double = 1, threshold: Double = 0,
        width: Int? = nil, stride: Int? = nil
    ) throws -> [cface_box] {
        let size = (Int32(width ?? picture.width), Int32(picture.height))
        let stride = stride ?? picture.bytesPerRow
        return try boxes(in: picture) { pixels, boxes, capacity, count, error in
            cface_detect_hog(
                engine, pixels, size.0, size.1, stride, enlarge, threshold, boxes, capacity, count,
                error)
        }
    }

    func cnnBoxes(_ picture: borrowing PixelBuffer) throws -> [cface_box] {
        let size = (Int32(picture.width), Int32(picture.height))
        let stride = picture.bytesPerRow
        return try boxes(in: picture) { pixels, boxes, capacity, count, error in
            cface_detect_cnn(
                engine, pixels, size.0, size.1, stride, 0, boxes, capacity, count, error)
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
        var boxes = [cface_box](repeating: cface_box(), count: 64)
        var count = 0
        var error = cface_error()
        let status = picture.withUnsafeBytes { detect($0.baseAddress, &boxes, 64, &count, &error) }
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

func distance(_ one: [Float], _ other: [Float]) -> Float {
    zip(one, other).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
}
