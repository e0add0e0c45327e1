import CImageReference
import FaceCore
import Foundation
import LabelTestSupport
import PhotoLearning
import SystemPackage
import TestSupport
import Testing

/// Which files are accepted as the network, and how others are refused.
@Suite struct LabelNetworkFileTests {
    private let folder: TemporaryFolder
    private let file: LabelNetworkFile

    init() throws {
        folder = try TemporaryFolder(.inMemory)
        file = LabelNetworkFile(folder: folder.path)
    }

    /// Why the file is refused; `nil` if it is not.
    private func refusal() -> LabelNetworkError? {
        do throws(LabelNetworkError) {
            _ = try LabelNetworkModel(file)
            return nil
        } catch {
            return error
        }
    }

    private func write(_ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: file.path.string))
    }

    /// A copy of the seeded network's file, open for changes.
    private func copy() throws -> FileHandle {
        try FileManager.default.copyItem(
            atPath: SeededNetwork.file().path.string, toPath: file.path.string)
        return try FileHandle(forUpdating: URL(fileURLWithPath: file.path.string))
    }

    private static let faceEncoder: FilePath = {
        let environment = ProcessInfo.processInfo.environment
        let data = environment["XDG_DATA_HOME"] ?? (environment["HOME"] ?? "") + "/.local/share"
        let folder = environment["FACESORT_MODELS"] ?? data + "/facesort/models"
        return FilePath(folder).appending("dlib_face_recognition_resnet_model_v1.dat")
    }()

    @Test("The error for a missing file names it")
    func missing() {
        #expect(refusal()?.code == .missing)
        #expect(refusal()?.path == file.path)
    }

    @Test("An empty file, noise and a compressed one are refused", arguments: 0..<4)
    func nonsense(kind: Int) throws {
        var random = SplitMix64(seed: UInt64(kind))
        let noise = (0..<100_000).map { _ in UInt8.random(in: 0...255, using: &random) }
        try write([[], noise, Array("BZh91AY&SY".utf8) + noise, [1, 1, 1]][kind])
        #expect(refusal()?.code == .damaged)
    }

    @Test("A folder in its place is refused")
    func folderInPlace() throws {
        try FileManager.default.createDirectory(
            atPath: file.path.string, withIntermediateDirectories: false)
        #expect(refusal() != nil)
    }

    @Test("Another network of dlib is refused")
    func otherNetwork() throws {
        try FileManager.default.copyItem(
            atPath: Self.faceEncoder.string, toPath: file.path.string)
        let refusal = refusal()
        #expect(refusal?.code == .damaged)
        #expect(refusal?.reason.hasPrefix("it holds another network") == true)
    }

    @Test("A file that ends early is refused, wherever it ends")
    func truncated() throws {
        let handle = try copy()
        let whole = try handle.seekToEnd()
        var lengths = (1...40).map { whole * UInt64($0) / 40 - 1 }
        lengths += [0, 1, 2, 3, 20, 21, 22, 23, 50, 100, 300, 350, 400, 500, 1000, 5000]
        lengths += [whole - 2, whole - 20, whole - 20_000, whole - 40_000]
        for length in Set(lengths).sorted(by: >) {
            try handle.truncate(atOffset: length)
            #expect(refusal()?.code == .damaged, "\(length) bytes of \(whole)")
        }
    }

    @Test(
        "A number of labels that is not the classes' is refused", .slow, arguments: [0, 999, 1001])
    func labels(count: Int) throws {
        try SeededNetwork.write(to: file.path, seed: 1, labelCount: count)
        let refusal = refusal()
        #expect(refusal?.code == .damaged)
        #expect(refusal?.reason.contains("\(count) instead of 1000") == true)
    }

    @Test("Weights that are no finite numbers are refused", arguments: [0.1, 0.5, 0.9])
    func notFinite(place: Double) throws {
        let handle = try copy()
        let whole = try handle.seekToEnd()
        try handle.seek(toOffset: UInt64(Double(whole) * place))
        // At any alignment one number of four bytes is all ones.
        try handle.write(contentsOf: [UInt8](repeating: 0xFF, count: 8))
        #expect(refusal()?.reason == "it holds a weight that is no finite number")
    }

    @Test("No damage to the head leads to a crash or much memory", arguments: 0..<2)
    func damagedHead(kind: Int) throws {
        let bytes = try [UInt8](
            FileHandle(forReadingFrom: URL(fileURLWithPath: SeededNetwork.file().path.string))
                .read(upToCount: 60_000) ?? Data())
        var random = SplitMix64(seed: UInt64(kind))
        for _ in 0..<400 {
            var damaged = bytes
            let place = Int.random(in: 0..<600, using: &random)
            if kind == 0 {
                damaged[place] = UInt8.random(in: 0...255, using: &random)
            } else {
                // An integer of eight bytes, the largest possible.
                damaged.replaceSubrange(
                    place..<(place + 1), with: [8] + [UInt8](repeating: 0xFF, count: 7) + [0x7F])
            }
            try write(damaged)
            #expect(refusal()?.code == .damaged, "at \(place)")
        }
    }

    @Test("Layers are read as by dlib, those of older versions too")
    func olderLayers() throws {
        let difference = Self.faceEncoder.withPlatformString { cimref_encoder_difference($0) }
        #expect(difference >= 0 && difference < 1e-6)
        for seed: UInt64 in 1...5 {
            let difference = cimref_normalisation_difference(seed)
            #expect(difference >= 0 && difference < 1e-6)
        }
    }
}
