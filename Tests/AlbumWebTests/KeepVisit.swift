import PhotoIndex
import AlbumKit
import FaceCore
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import AlbumWeb

/// Pictures of one test, every other one dark, from which it learns which are worth keeping.
struct KeepScene: Sendable {
    let folder: TemporaryFolder

    var request: KeepRequest {
        KeepRequest(
            study: SurveyRequest(photos: [folder.appending("photos")]), bin: folder.appending("bin")
        )
    }

    /// - Parameter count: how many pictures lie in `photos`, from `100.png` on.
    init(count: Int) throws {
        folder = try TemporaryFolder()
        for number in 0..<count {
            try folder.write(Data(PNGFile.blocks(number).bytes), to: "photos/\(100 + number).png")
        }
        try folder.write(Data(Visit.secret.utf8), to: "photos/secret.txt")
        try folder.write(Data(Visit.secret.utf8), to: "secret.txt")
    }

    /// The same photos and the same bin in a folder of their own.
    init(copyOf other: KeepScene) throws {
        folder = try TemporaryFolder()
        try other.folder.copy(to: folder)
    }

    /// With the scene's own temporary folder.
    var environment: [String: String] {
        ProcessInfo.processInfo.environment.merging(["TMPDIR": folder.path.string]) { $1 }
    }

    func labelling() async throws -> KeepLabelling {
        try await KeepLabelling(
            request, environment: RunEnvironment(environment), interruption: Interruption()
        ) { _ in }
    }

    /// The choices, line by line.
    var choices: [String] {
        let file = folder.appending("bin").appending(".facesort").appending("choices.jsonl")
        let bytes = FileManager.default.contents(atPath: file.string) ?? Data()
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// The choices, and where every file lies.
    var traces: [String] { files("photos") + files("bin") + choices }

    /// Every file, ours among them, with what it holds; pictures that the pages keep left out.
    var everything: [String: Data] {
        let all = try? FileManager.default.subpathsOfDirectory(atPath: folder.path.string)
        return Dictionary(
            uniqueKeysWithValues: (all ?? []).filter { !$0.contains("cache") }.compactMap { name in
                FileManager.default.contents(atPath: folder.appending(name).string)
                    .map { (name, $0) }
            })
    }

    /// The files in a folder, ours left out.
    func files(_ name: String) -> [String] {
        let all = try? FileManager.default.subpathsOfDirectory(
            atPath: folder.appending(name).string)
        return (all ?? []).filter { !$0.hasPrefix(".facesort") && $0.contains(".") }.sorted()
    }
}

/// Photos, and a server for the page on which they are labelled.
struct KeepLabelVisit: Sendable {
    let scene: KeepScene
    let browser: Browser
    private let serving: Serving

    init(_ scene: KeepScene) async throws {
        self.scene = scene
        serving = try await Serving(
            PageServer(labelling: try await scene.labelling(), port: nil))
        browser = try await Browser(at: serving.address)
    }

    func end() async throws { try await serving.end() }
}

/// Photos that it learnt from, and a server for the pages on which a user looks through them.
struct KeepApplyVisit: Sendable {
    let scene: KeepScene
    let browser: Browser
    let address: Address
    private let look: KeepReview
    private let serving: Serving

    /// - Parameter scene: one in which it has learnt; a new one when `nil`.
    init(_ scene: KeepScene? = nil) async throws {
        if let scene {
            self.scene = scene
        } else {
            self.scene = try KeepScene(copyOf: try await Self.learnt.value)
        }
        look = try await KeepReview.begin(
            self.scene.request, environment: RunEnvironment(self.scene.environment),
            interruption: Interruption()
        ) { _ in }
        serving = try await Serving(PageServer(keep: look, port: nil))
        address = serving.address
        browser = try await Browser(at: address)
    }

    func end() async throws {
        try await serving.end()
        look.close()
    }

    /// Seventy pictures; sixty are labelled under other names, and it has learnt from them.
    private static let learnt = Task {
        let scene = try KeepScene(count: 70)
        for number in 0..<60 {
            let folder = number.isMultiple(of: 2) ? "keep" : "discard"
            // Other pictures than those that are judged.
            try scene.folder.write(
                Data(PNGFile.blocks(1000 + number).bytes), to: "sorted/\(folder)/\(number).png")
        }
        let bin = scene.folder.appending("bin")
        let sorted = scene.folder.appending("sorted")
        _ = try KeepLabeller(
            LabelFolders(keep: sorted.appending("keep"), discard: sorted.appending("discard")),
            bin: bin, environment: RunEnvironment([:])
        ).run(interruption: Interruption()) { _ in }
        _ = try await KeepTrainer(
            KeepRequest(study: SurveyRequest(photos: [sorted]), bin: bin),
            environment: RunEnvironment(scene.environment)
        ).run(interruption: Interruption()) { _ in }
        return scene
    }
}
