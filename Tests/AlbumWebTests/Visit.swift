import PhotoIndex
import AlbumKit
import FaceCore
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import AlbumWeb

/// The sorted event of one test, and a server for the pages of its album.
///
/// Anna and Ben are known. Three strangers are in four, three and three photos; one photo shows
/// nobody and one is damaged. Names of files are as hostile as a file system allows.
final class Visit: Sendable {
    let folder: TemporaryFolder
    var address: Address { serving.address }
    private let serving: Serving

    var album: FilePath { folder.appending("album") }

    /// What lies beside the photos and may never be seen.
    static let secret = "nobody-may-read-this-4711"

    static let hostileName = "x\"\u{301}><script>alert(1)'&.jpg"

    init() async throws {
        folder = try TemporaryFolder()
        try await Self.sorted.value.copy(to: folder)
        let album = try Album(at: folder.appending("album"))
        let variables = ProcessInfo.processInfo.environment
        let server = PageServer(
            review: try Review(of: album, environment: RunEnvironment(variables)), album: album,
            port: nil,
            environment: variables)
        serving = try await Serving(server)
    }

    /// Ends the visit and waits for it.
    func end() async throws { try await serving.end() }

    /// The answers so far, line by line.
    var decisions: [String] {
        let file = album.appending(".facesort").appending("decisions.jsonl")
        let bytes = FileManager.default.contents(atPath: file.string) ?? Data()
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    // MARK: The event

    /// Sorted once; every test works on a copy.
    private static let sorted = Task { try await SortedEvent() }
}

private final class SortedEvent: Sendable {
    private let folder: TemporaryFolder

    init() async throws {
        folder = try TemporaryFolder()
        try add("John_Salley", 0, as: "people/Anna.jpg")
        try add("John_Savage", 0, as: "people/Ben.jpg")
        for number in 1...3 { try add("John_Salley", number, as: "photos/anna \(number).jpg") }
        for number in 1...2 { try add("John_Savage", number, as: "photos/ben \(number).jpg") }
        // The same picture with other bytes behind its end is another photo with the same face.
        for (name, count) in [("John_Simm", 4), ("John_Shimkus", 3), ("John_Schneider", 3)] {
            for number in 1...count {
                try add(name, 0, as: "photos/\(name) \(number).jpg", mark: number)
            }
        }
        try add("John_Simm", 0, as: "photos/\(Visit.hostileName)", mark: 9)
        let empty = PNGFile(width: 64, height: 48) { x, y in [x * 4, y * 4, 90] }
        try write(Data(empty.bytes), to: "photos/nobody.png")
        try write(try portrait("John_Salley", 5).prefix(2000), to: "photos/broken.jpg")
        try write(Data(Visit.secret.utf8), to: "photos/secret.txt")
        try write(Data(Visit.secret.utf8), to: "secret.txt")
        let request = SortRequest(
            photos: [folder.appending("photos")], people: folder.appending("people"),
            album: folder.appending("album"))
        _ = try await Sorter(
            request, environment: RunEnvironment(ProcessInfo.processInfo.environment)
        )
        .run(interruption: Interruption()) { _ in }
    }

    func copy(to other: TemporaryFolder) throws { try folder.copy(to: other) }

    private func add(_ person: String, _ number: Int, as name: String, mark: Int? = nil) throws {
        try folder.add(person, number, as: name, mark: mark)
    }

    private func portrait(_ person: String, _ number: Int) throws -> Data {
        try folder.portrait(person, number)
    }

    private func write(_ bytes: Data, to name: String) throws {
        try folder.write(bytes, to: name)
    }
}

extension TemporaryFolder {
    /// Copies all it holds into another folder.
    func copy(to other: TemporaryFolder) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: path.string) {
            try FileManager.default.copyItem(
                atPath: appending(name).string, toPath: other.appending(name).string)
        }
    }

    /// A portrait at `name`.
    ///
    /// - Parameter mark: put behind the end of the picture, it makes it a photo of its own.
    func add(_ person: String, _ number: Int, as name: String, mark: Int? = nil) throws {
        let end = mark.map { Data("mark \($0)".utf8) } ?? Data()
        try write(try portrait(person, number) + end, to: name)
    }

    func portrait(_ person: String, _ number: Int) throws -> Data {
        let variables = ProcessInfo.processInfo.environment
        let cache =
            variables["XDG_CACHE_HOME"] ?? (variables["HOME"] ?? NSHomeDirectory()) + "/.cache"
        let samples = cache + "/facesort/samples/johns/" + person
        let names = try? FileManager.default.contentsOfDirectory(atPath: samples)
        let sorted = try #require(names, "'\(samples)' is missing: run 'Scripts/setup --tests'")
            .sorted()
        return try Data(contentsOf: URL(fileURLWithPath: samples + "/" + sorted[number]))
    }

    func write(_ bytes: Data, to name: String) throws {
        let path = path.string + "/" + name
        try FileManager.default.createDirectory(
            atPath: FilePath(path).removingLastComponent().string,
            withIntermediateDirectories: true)
        // Not through a URL: the name has signs in it that mean something there.
        guard FileManager.default.createFile(atPath: path, contents: bytes) else {
            throw CocoaError(.fileWriteUnknown)
        }
    }
}

/// A server while it runs.
final class Serving: Sendable {
    let address: Address
    private let interruption = Interruption()
    private let task: Task<Void, any Error>

    init(_ server: PageServer) async throws {
        let (addresses, continuation) = AsyncStream.makeStream(of: String.self)
        task = Task { [interruption] in
            defer { continuation.finish() }
            try await server.run(until: interruption) { continuation.yield($0) }
        }
        var first: String?
        for await address in addresses {
            first = address
            break
        }
        address = try Address(#require(first))
    }

    deinit { interruption.request() }

    /// Ends it and waits for that.
    func end() async throws {
        interruption.request()
        try await task.value
    }
}

/// The address that the server printed.
struct Address: Sendable {
    let port: Int
    let token: String

    init(_ text: String) throws {
        let match = try #require(
            text.wholeMatch(of: #/http://127\.0\.0\.1:(\d+)/\?token=([0-9a-f]{32})/#))
        port = try #require(Int(match.1))
        token = String(match.2)
    }
}

/// Expects that pages show a file's name and never obey it.
///
/// - Parameters:
///   - pages: the texts of pages; ``Visit/hostileName`` is on one of them.
///   - folder: where the files lie, which no page tells.
func expectEscaped(
    _ pages: [String], folder: FilePath, sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(
        pages.contains { $0.contains("&lt;script&gt;alert(1)") }, sourceLocation: sourceLocation)
    for page in pages {
        #expect(!page.contains("<script>alert"), sourceLocation: sourceLocation)
        // A quotation mark with an accent over it ends an attribute, too.
        #expect(
            !page.unicodeScalars.contains("\u{301}") || page.contains("&quot;\u{301}"),
            sourceLocation: sourceLocation)
        #expect(
            !page.contains(" style=") && !page.contains(" onclick="),
            sourceLocation: sourceLocation)
        #expect(!page.contains(folder.string), sourceLocation: sourceLocation)
    }
}
