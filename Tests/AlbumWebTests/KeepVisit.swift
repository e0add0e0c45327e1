import AlbumKit
import FaceCore
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import AlbumWeb

/// Pictures of a test's own, every other one dark, from which it is learnt which are worth keeping.
struct KeepScene: Sendable {
    let folder: TemporaryFolder

    var request: KeepRequest {
        KeepRequest(
            study: StudyRequest(photos: [folder.appending("photos")]), bin: folder.appending("bin"))
    }

    /// - Parameter count: how many pictures lie in `photos`, from `100.png` on.
    init(count: Int) throws {
        folder = try TemporaryFolder()
        for number in 0..<count {
            try folder.write(Data(Self.picture(number)), to: "photos/\(100 + number).png")
        }
        try folder.write(Data(Visit.secret.utf8), to: "photos/secret.txt")
        try folder.write(Data(Visit.secret.utf8), to: "secret.txt")
    }

    /// Blocks of random greys, no two pictures alike; those with even numbers are bright.
    static func picture(_ number: Int) -> [UInt8] {
        var random = SplitMix64(seed: UInt64(number))
        let blocks = (0..<48).map { _ in
            Int.random(in: number.isMultiple(of: 2) ? 110...250 : 5...110, using: &random)
        }
        return PNGFile(width: 64, height: 48) { x, y in
            let grey = blocks[y / 8 * 8 + x / 8]
            return [grey, grey, grey]
        }.bytes
    }

    static let environment = ProcessInfo.processInfo.environment

    func labelling() async throws -> KeepLabelling {
        try await KeepLabelling(
            request, environment: Self.environment, interruption: Interruption()
        ) { _ in }
    }

    /// What was chosen, line by line.
    var choices: [String] {
        let file = folder.appending("bin").appending(".facesort").appending("choices.jsonl")
        let bytes = FileManager.default.contents(atPath: file.string) ?? Data()
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// What was chosen, and where every file lies.
    var traces: [String] { files("photos") + files("bin") + choices }

    /// The files in a folder, ours left out.
    func files(_ name: String) -> [String] {
        let all = try? FileManager.default.subpathsOfDirectory(
            atPath: folder.appending(name).string)
        return (all ?? []).filter { !$0.hasPrefix(".facesort") && $0.contains(".") }.sorted()
    }
}

/// Photos with the page being served on which they are labelled.
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
