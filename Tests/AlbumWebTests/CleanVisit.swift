import PhotoIndex
import AlbumKit
import FaceCore
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import AlbumWeb

/// Photos of one test, and a server for the pages on which a user looks through them.
///
/// One picture three times, as separate photos, one of them with a hostile name; a copy of a photo;
/// one without a face, one that is damaged.
final class CleanVisit: Sendable {
    let folder: TemporaryFolder
    let look: CleaningReview
    private let serving: Serving

    var address: Address { serving.address }

    init() async throws {
        folder = try TemporaryFolder()
        try await Self.analysed.value.copy(to: folder)
        look = try await Self.look(in: folder)
        serving = try await Serving(PageServer(look: look, port: nil))
    }

    /// Ends the visit and waits for it.
    func end() async throws {
        try await serving.end()
        look.close()
    }

    /// The choices, line by line, and where every file lies.
    var traces: [String] {
        let file = folder.appending("bin").appending(".facesort").appending("choices.jsonl")
        let bytes = FileManager.default.contents(atPath: file.string) ?? Data()
        return files("photos") + files("bin")
            + String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// The files in a folder, ours left out.
    func files(_ name: String) -> [String] {
        let all = try? FileManager.default.subpathsOfDirectory(
            atPath: folder.appending(name).string)
        return (all ?? []).filter { !$0.hasPrefix(".facesort") && $0.contains(".") }.sorted()
    }

    func waitUntilMoved(_ browser: Browser) async throws {
        while try await browser.load("/progress").text.contains("moving") {
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private static func look(in folder: TemporaryFolder) async throws -> CleaningReview {
        let request = CleanRequest(
            study: SurveyRequest(photos: [folder.appending("photos")]),
            bin: folder.appending("bin"), filters: [.duplicates, .noFaces, .blurred])
        return try await CleaningReview.begin(
            request, environment: RunEnvironment(ProcessInfo.processInfo.environment),
            interruption: Interruption()
        ) { _ in }
    }

    /// Analysed once; every test works on a copy.
    private static let analysed = Task {
        let folder = try TemporaryFolder()
        try folder.add("John_Simm", 0, as: "photos/\(Visit.hostileName)", mark: 1)
        for number in 2...3 {
            try folder.add("John_Simm", 0, as: "photos/simm \(number).jpg", mark: number)
        }
        try folder.add("John_Salley", 0, as: "photos/salley.jpg")
        try folder.add("John_Salley", 0, as: "photos/more/salley copy.jpg")
        // With edges, so that it does not also count as blurred.
        let empty = PNGFile(width: 64, height: 48) { x, y in
            (x / 8 + y / 8).isMultiple(of: 2) ? [250, 250, 250] : [20, 20, 20]
        }
        try folder.write(Data(empty.bytes), to: "photos/nobody.png")
        try folder.write(
            try folder.portrait("John_Savage", 5).prefix(2000), to: "photos/broken.jpg")
        try folder.write(Data(Visit.secret.utf8), to: "photos/secret.txt")
        try folder.write(Data(Visit.secret.utf8), to: "secret.txt")
        try await look(in: folder).close()
        return folder
    }
}
