import FaceCore
import Foundation
import PhotoImaging
import SystemPackage
import TestSupport
import Testing

@testable import FaceAnalysis

/// Encoders of dlib's network with other weights.
@Suite struct BroughtEncoderTests {
    private static let own = Result {
        try [UInt8](
            Data(
                contentsOf: URL(
                    fileURLWithPath: Fixtures.modelFolder.appending(
                        "dlib_face_recognition_resnet_model_v1.dat"
                    ).string)))
    }

    /// Any; the analysis takes it as it is.
    private static let hash = String(repeating: "5", count: 64)

    private func encoder(_ bytes: [UInt8]) -> BroughtEncoder {
        BroughtEncoder(bytes: bytes, hash: Self.hash, path: "/encoder.dat")
    }

    private func refusal(_ bytes: [UInt8]) -> ModelError? {
        do throws(ModelError) {
            try encoder(bytes).check()
            return nil
        } catch {
            return error
        }
    }

    @Test("dlib's own encoder and one with other weights pass the check")
    func passes() throws {
        let own = try Self.own.get()
        #expect(refusal(own) == nil)
        #expect(refusal(try SeededEncoder.turned(own, seed: 3, noise: 0.1)) == nil)
    }

    @Test("An encoder that is cut short is refused, wherever it ends")
    func cutShort() throws {
        let own = try Self.own.get()
        for count in [0, 1, 20, 400, 5_000, own.count / 2, own.count - 200, own.count - 1] {
            let error = refusal(Array(own.prefix(count)))
            #expect(error?.code == .unfitEncoder, "\(count) bytes")
            #expect(error?.path == "/encoder.dat" && error?.reason.isEmpty == false)
        }
        #expect(refusal(own + [0])?.code == .unfitEncoder)
    }

    @Test(
        "An encoder with a weight that is not finite, or beyond sense, is refused",
        arguments: [Float.nan, .infinity, -.infinity, 1e30])
    func notFinite(weight: Float) throws {
        let error = refusal(try SeededEncoder.with(weight, in: Self.own.get()))
        #expect(error?.code == .unfitEncoder)
    }

    @Test(
        "Another of dlib's files is no encoder",
        arguments: ["mmod_human_face_detector.dat", "shape_predictor_5_face_landmarks.dat"])
    func otherNetwork(name: String) throws {
        let path = Fixtures.modelFolder.appending(name).string
        let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
        #expect(refusal(bytes)?.code == .unfitEncoder)
        let error = #expect(throws: ModelError.self) {
            try FaceModels(
                ModelFiles(folder: Fixtures.modelFolder), encoder: encoder(bytes))
        }
        #expect(error?.code == .unfitEncoder && error?.path == "/encoder.dat")
    }

    @Test("The encodings of a brought encoder have a space of their own", .slow)
    func space() throws {
        let photo = try Fixtures.sample("faces/bald_guys.jpg")
        let files = try ModelFiles(folder: Fixtures.modelFolder)
        let models = try FaceModels(
            files, engine: .f32,
            encoder: encoder(SeededEncoder.turned(Self.own.get(), seed: 1)))
        #expect(models.space.encoderHash == Self.hash)
        #expect(try !models.space.isComparable(with: files.space()))
        #expect(!ModelFiles.isOfOwnEncoder(models.space))
        let ownFaces = try FaceAnalyser(models: FaceModels(files, engine: .f32)).faces(of: photo)
            .faces
        let faces = try FaceAnalyser(models: models).faces(of: photo).faces
        try #require(faces.count >= 2 && faces.map(\.box) == ownFaces.map(\.box))
        for (index, face) in faces.enumerated() {
            // As far from one another as before: 1e-4 is what sums in another order may differ by.
            let other = (index + 1) % faces.count
            let distance = face.encodings.plain.distance(to: faces[other].encodings.plain)
            let before = ownFaces[index].encodings.plain
                .distance(to: ownFaces[other].encodings.plain)
            #expect(abs(distance - before) < 1e-4)
            // And far from dlib's of the same face.
            #expect(face.encodings.plain.distance(to: ownFaces[index].encodings.plain) > 0.7)
        }
    }

    @Test("Known faces are encoded again exactly as the analysis encoded them", .slow)
    func again() throws {
        let photo = try Fixtures.sample("faces/bald_guys.jpg")
        let analyser = try Fixtures.analyser()
        let faces = try analyser.faces(
            of: photo, drawn: [FaceBox(left: 0.01, top: 0.02, width: 0.05, height: 0.08)]
        ).faces
        #expect(faces.contains { $0.detector == .hand })
        let again = try analyser.encodings(of: photo, at: faces.map { ($0.box, $0.detector) })
        #expect(again == faces.map { $0.encodings })
    }

    @Test("dlib's own execution of a brought encoder gives the same encodings", .slow)
    func engines() throws {
        let photo = try Fixtures.sample("faces/bald_guys.jpg")
        let files = try ModelFiles(folder: Fixtures.modelFolder)
        let places = try Fixtures.analyser().faces(of: photo).faces.prefix(2)
            .map { ($0.box, $0.detector) }
        let brought = encoder(try SeededEncoder.turned(Self.own.get(), seed: 2, noise: 0.2))
        let encodings = try [EngineChoice.f32, .dlib].map { engine in
            try FaceAnalyser(models: FaceModels(files, engine: engine, encoder: brought))
                .encodings(of: photo, at: places)
        }
        for (one, other) in zip(encodings[0], encodings[1]) {
            let (one, other) = (try #require(one), try #require(other))
            // As for dlib's own encoder: sums in another order.
            #expect(one.plain.distance(to: other.plain) < 1e-4)
        }
    }
}
