@testable import FileLedger
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

/// Issue 15: symbolic links among photos that are renamed.
@Suite struct RenamedLinksTests {
    private func event() throws -> RenamingEvent {
        let event = try RenamingEvent(
            (0..<4).map { number in
                .init(name: "camera/IMG_\(number).jpg", taken: "2024-05-01T12:00:0\(number)")
            }, others: ["camera/IMG_3.xmp", "camera/notes.txt"])
        try Disk().makeFolders(event.photos.appending("best"))
        return event
    }

    private func link(_ event: RenamingEvent, _ name: String, to target: String) throws {
        try Disk().symbolicLink(
            to: FilePath(target), at: event.photos.pushing(FilePath(name)))
    }

    /// The links, and what is read through each.
    private func links(_ event: RenamingEvent, _ names: [String]) throws -> [String] {
        try names.map { name in
            let path = event.photos.pushing(FilePath(name))
            let isLink = try Disk().status(of: path, followingLinks: false).kind == .symbolicLink
            let bytes = try Disk().contents(of: path, limit: 1000)
            return "\(isLink) \(String(decoding: bytes, as: UTF8.self))"
        }
    }

    @Test("A link and its photo keep their names, however the link leads there")
    func stays() async throws {
        let event = try event()
        try link(event, "best/IMG_0.jpg", to: "../camera/IMG_0.jpg")
        try link(event, "best/favourite.jpg", to: "IMG_0.jpg")
        try link(event, "absolute.jpg", to: event.photos.pushing("camera/IMG_1.jpg").string)
        let names = ["best/IMG_0.jpg", "best/favourite.jpg", "absolute.jpg"]
        let expected = ["0", "0", "1"].map { "true photo camera/IMG_\($0).jpg" }
        let before = try event.contents()
        #expect(try links(event, names) == expected)

        let summary = try await event.rename("{kind} {sequence}")
        #expect(try links(event, names) == expected)
        #expect(summary.renames.count == 2 && summary.failures.isEmpty)
        let camera = try Disk().entries(of: event.photos.appending("camera")).map(\.name.string)
        #expect(
            camera.sorted() == [
                "IMG_0.jpg", "IMG_1.jpg", "notes.txt", "scene 001.jpg", "scene 002.jpg",
                "scene 002.xmp",
            ])
        #expect(
            summary.links.contains(
                "'best/IMG_0.jpg' is a link to 'camera/IMG_0.jpg': both keep their names."))
        #expect(summary.links.count == 3)

        let again = try await event.rename("{kind} {sequence}")
        #expect(again.renames.isEmpty && again.run == nil)
        try event.undo()
        #expect(try event.contents() == before)
        #expect(try links(event, names) == expected)
    }

    @Test("A photo stays when a link leads to a file beside it, which would go along")
    func besidePhoto() async throws {
        let event = try event()
        try link(event, "best/settings.xmp", to: "../camera/IMG_3.xmp")
        let summary = try await event.rename("{kind} {sequence}")
        #expect(summary.renames.map(\.photo) == (0..<3).map { "camera/IMG_\($0).jpg" })
        #expect(try links(event, ["best/settings.xmp"]) == ["true other camera/IMG_3.xmp"])
    }

    @Test("Links that lead elsewhere, nowhere or in a circle change nothing")
    func elsewhere() async throws {
        let event = try event()
        try link(event, "best/notes.txt", to: "../camera/notes.txt")
        try link(event, "best/gone.jpg", to: "../camera/gone.jpg")
        try link(event, "best/circle.jpg", to: "circle.jpg")
        try link(event, "all", to: "camera")
        let summary = try await event.rename("{kind} {sequence}")
        #expect(summary.renames.count == 4)
        #expect(summary.links.isEmpty)
    }
}
