@testable import PhotoIndex
@testable import FileLedger
import FaceCore
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

@Suite struct RenamingTests {
    private static let face = RenamingEvent.large

    private func event() throws -> RenamingEvent {
        try RenamingEvent(
            [
                .init(name: "IMG_1.JPG", taken: "2024-05-01T12:33:10", faces: [Self.face]),
                .init(name: "IMG_2.jpg", taken: "2024-05-01T12:33:11.5", faces: [Self.face]),
                .init(name: "sub/IMG_1.jpg", taken: "2024-05-02T08:00:00", camera: "Canon EOS"),
                .init(name: "scan.png", format: .jpeg),
            ], others: ["IMG_1.xmp", "sub/IMG_1.jpg.xmp", "IMG_9.MOV", "notes.txt"])
    }

    private let renamed = [
        "2024-05-01 portrait (2).jpg", "2024-05-01 portrait.JPG", "2024-05-01 portrait.xmp",
        "IMG_9.MOV", "notes.txt", "scene.jpg", "sub/2024-05-02 scene.jpg",
        "sub/2024-05-02 scene.jpg.xmp",
    ]

    @Test("Without --apply the names are shown and nothing is renamed")
    func dryRun() async throws {
        let event = try event()
        let before = try event.contents()
        let summary = try await event.rename("{date} {kind}", applies: false)
        #expect(!summary.isApplied && summary.run == nil)
        #expect(
            summary.renames.map { "\($0.photo) > \($0.to)" } == [
                "IMG_1.JPG > 2024-05-01 portrait.JPG",
                "IMG_2.jpg > 2024-05-01 portrait (2).jpg",
                "sub/IMG_1.jpg > sub/2024-05-02 scene.jpg",
                "scan.png > scene.jpg",
            ])
        #expect(summary.renames[0].sidecars.map(\.to) == ["2024-05-01 portrait.xmp"])
        #expect(summary.missing == [.date: 1])
        #expect(try event.contents() == before)
        #expect(throws: AlbumError.self) { try event.undo() }
    }

    @Test("Two files beside a photo that want one name both come along, and go back")
    func oneName() async throws {
        let event = try RenamingEvent(
            [.init(name: "IMG_1.jpg", taken: "2024-05-01T12:33:10")],
            others: ["IMG_1.xmp", "img_1.xmp"])
        let before = try event.contents()
        let summary = try await event.rename("{date}")
        #expect(
            try event.names() == ["2024-05-01.jpg", "2024-05-01.jpg.2.xmp", "2024-05-01.xmp"])
        #expect(
            summary.renames[0].sidecars.map(\.to) == ["2024-05-01.xmp", "2024-05-01.jpg.2.xmp"])
        #expect(try await event.rename("{date}").renames.isEmpty)
        try event.undo()
        #expect(try event.contents() == before)
    }

    @Test("Photos and the files beside them get their names, other files keep theirs")
    func applying() async throws {
        let event = try event()
        let before = try event.contents()
        let summary = try await event.rename("{date} {kind}")
        #expect(summary.run == 1 && summary.failures.isEmpty && summary.analysedCount == 0)
        #expect(summary.renames.count == 4)
        #expect(try event.names() == renamed)
        #expect(try event.contents().values.sorted() == before.values.sorted())
        #expect(try event.contents()["sub/2024-05-02 scene.jpg"] == "photo sub/IMG_1.jpg")
        #expect(try event.contents()["2024-05-01 portrait.xmp"] == "other IMG_1.xmp")
    }

    @Test(
        "The second time nothing changes, and nothing is analysed again", .slow,
        arguments: ["{date} {kind}", "{sequence}", "{original}-{sequence}", "{kind}", "same"])
    func again(template: String) async throws {
        let event = try event()
        try await event.rename(template)
        let names = try event.contents()
        let summary = try await event.rename(template)
        #expect(summary.renames.isEmpty && summary.analysedCount == 0 && summary.run == nil)
        #expect(try event.contents() == names)
    }

    @Test("Undo gives every file its old name; after two runs that of the first")
    func undoing() async throws {
        let event = try event()
        let before = try event.contents()
        try await event.rename("{date} {kind}")
        try await event.rename("{sequence}_{original}")
        #expect(
            try event.names() == [
                "001_IMG_1.JPG", "001_IMG_1.xmp", "002_IMG_2.jpg", "004_scan.jpg", "IMG_9.MOV",
                "notes.txt", "sub/003_IMG_1.jpg", "sub/003_IMG_1.jpg.xmp",
            ])
        #expect(try event.undo().left.isEmpty)
        #expect(try event.names() == renamed)
        let summary = try event.undo()
        #expect(summary.left.isEmpty && summary.movedFileCount == 6)
        #expect(try event.contents() == before)
        // And once more.
        try await event.rename("{date} {kind}")
        #expect(try event.names() == renamed)
    }

    @Test("Names move in circles and chains without anything being overwritten")
    func circles() async throws {
        let event = try RenamingEvent(
            [
                .init(name: "001.jpg", taken: "2024-05-01T12:00:02"),
                .init(name: "002.jpg", taken: "2024-05-01T12:00:01"),
                .init(name: "003.jpg", taken: "2024-05-01T12:00:04"),
                .init(name: "004.jpg", taken: "2024-05-01T12:00:05"),
                .init(name: "x.jpg", taken: "2024-05-01T12:00:03"),
            ], others: ["001.xmp", "002.xmp", "x.jpg.xmp"])
        let before = try event.contents()
        try await event.rename("{sequence}")
        #expect(
            try event.contents() == [
                "001.jpg": "photo 002.jpg", "001.xmp": "other 002.xmp", "002.jpg": "photo 001.jpg",
                "002.xmp": "other 001.xmp", "003.jpg": "photo x.jpg",
                "003.jpg.xmp": "other x.jpg.xmp", "004.jpg": "photo 003.jpg",
                "005.jpg": "photo 004.jpg",
            ])
        #expect(try event.undo().left.isEmpty)
        #expect(try event.contents() == before)
    }

    @Test("Hostile names are only names")
    func hostileNames() async throws {
        let event = try RenamingEvent([
            .init(name: "a\nb.jpg", camera: "../../x"), .init(name: "-rf.jpg", camera: "."),
            .init(name: "$(true) 'x'.jpg", camera: String(repeating: "ü", count: 200)),
            .init(name: "2024.05.01 party", camera: "\u{202E}x"),
        ])
        let before = try event.contents().values.sorted()
        try await event.rename("{camera}")
        let names = try event.names()
        #expect(names.contains("_.._x.jpg") && names.contains("-rf.jpg"))
        #expect(names.allSatisfy { $0.hasSuffix(".jpg") && !$0.contains("/") })
        #expect(names.allSatisfy { $0.utf8.count <= 255 })
        #expect(try event.contents().values.sorted() == before)
        try await event.rename("{original}")
        #expect(
            try event.names()
                == ["$(true) 'x'.jpg", "-rf.jpg", "2024.05.01 party.jpg", "a\nb.jpg"])
    }

    @Test("A photo that cannot be read keeps its name and is reported")
    func unreadable() async throws {
        let event = try RenamingEvent([
            .init(name: "a.jpg", taken: "2024-05-01T12:00:02"),
            .init(name: "b.jpg", condition: .unreadable),
        ])
        let summary = try await event.rename("{sequence}")
        #expect(try event.names() == ["001.jpg", "b.jpg"])
        #expect(summary.failures.map(\.path) == ["b.jpg"])
    }

    /// A disk that runs a closure right before the first file is renamed.
    private func disk(_ happening: @escaping @Sendable () throws -> Void) -> Disk {
        let isOver = Locked(false)
        return Disk { operation, path throws(FileError) in
            guard operation == .create, path.string.contains("/journal/") else { return }
            let isFirst = isOver.with { over in
                defer { over = true }
                return !over
            }
            if isFirst { try? happening() }
        }
    }

    @Test("A file that changes or vanishes between plan and renaming stays, and the others go on")
    func changing() async throws {
        let event = try RenamingEvent(
            ["a", "b", "c", "d"].enumerated().map {
                .init(name: "\($1).jpg", taken: "2024-05-01T12:00:0\($0)")
            }, others: ["a.xmp", "b.xmp"])
        let summary = try await event.rename(
            "{sequence}",
            disk: disk {
                try event.write("another", to: "a.jpg")
                try event.remove("b.jpg")
                try event.write("foreign", to: "003.jpg")
            })
        #expect(
            try event.contents() == [
                "a.jpg": "another", "a.xmp": "other a.xmp", "b.xmp": "other b.xmp",
                "003.jpg": "foreign", "003 (2).jpg": "photo c.jpg", "004.jpg": "photo d.jpg",
            ])
        #expect(summary.failures.map(\.path).sorted() == ["a.jpg", "b.jpg"])
        #expect(summary.failures.allSatisfy { $0.code == .notRenamed })
        #expect(try event.undo().left.isEmpty)
        #expect(
            try event.names() == ["003.jpg", "a.jpg", "a.xmp", "b.xmp", "c.jpg", "d.jpg"])
    }

    @Test("In a circle a file that changes leaves the others whole")
    func changingInCircle() async throws {
        for name in ["001.jpg", "002.jpg", "003.jpg"] {
            let event = try RenamingEvent([
                .init(name: "001.jpg", taken: "2024-05-01T12:00:02"),
                .init(name: "002.jpg", taken: "2024-05-01T12:00:03"),
                .init(name: "003.jpg", taken: "2024-05-01T12:00:01"),
            ])
            let summary = try await event.rename(
                "{sequence}", disk: disk { try event.write("another", to: name) })
            #expect(summary.failures.count == 1)
            let contents = try event.contents()
            #expect(contents.count == 3 && contents[name] == "another", "\(contents)")
            #expect(!contents.keys.contains { $0.contains("renaming") })
            _ = try event.undo()
            #expect(try event.contents().count == 3)
        }
    }
}

@Suite struct RenamedCopiesTests {
    private func event() throws -> RenamingEvent {
        try RenamingEvent(
            [
                .init(name: "a/IMG_1.jpg", taken: "2024-05-01T12:00:01"),
                .init(name: "b/IMG_1.jpg", taken: "2024-05-01T12:00:02"),
                .init(name: "b/broken.jpg", condition: .unreadable),
            ], others: ["a/IMG_1.xmp", "notes.txt"])
    }

    /// The catalogue of the photos serves as the album's, so that no networks are needed.
    private func copy(
        _ event: RenamingEvent, _ template: String, from folders: [String] = ["a", "b"],
        disk: Disk = Disk()
    ) async throws -> RenameSummary {
        try await event.rename(template, disk: disk) { request in
            request.study.photos = folders.map { event.photos.appending($0) }
            request.destination = .folder(event.copies)
        }
    }

    @Test("Copies get the names and the originals stay; equal names of two folders are numbered")
    func copying() async throws {
        let event = try event()
        let before = try event.contents()
        let summary = try await copy(event, "{date} {original}")
        // Unknown to the new workspace, these bytes are no pictures: they keep their names.
        #expect(summary.failures.count == 3)
        #expect(
            try event.names(of: event.copies)
                == ["IMG_1 (2).jpg", "IMG_1.jpg", "IMG_1.xmp", "broken.jpg"])
        #expect(try event.contents() == before)
        #expect(try await copy(event, "{date} {original}").renames.isEmpty)
        #expect(try event.undo(event.copies).removedFileCount == 4)
        #expect(try event.names(of: event.copies).isEmpty)
        #expect(try event.contents() == before)
    }

    @Test("With another template the copies are renamed and not made again")
    func otherTemplate() async throws {
        let party = try Party()
        try party.write(try Party.shot(of: [.salley]).jpegData(quality: 90), to: "photos/s/x.png")
        try party.write(
            try Party.shot(of: [.savage, .simm]).jpegData(quality: 90), to: "photos/y.jpg")
        let copies = party.folder.appending("copies")
        @Sendable func run(_ template: String) async throws -> RenameSummary {
            var request = RenameRequest(
                study: SurveyRequest(photos: [party.photos]), template: try RenameTemplate(template)
            )
            request.destination = .folder(copies)
            request.applies = true
            return try await Renamer(
                request, environment: RunEnvironment(ProcessInfo.processInfo.environment)
            ).run(interruption: Interruption()) { _ in }
        }
        let before = try party.originals()
        _ = try await run("{kind}")
        func names() throws -> [String] {
            try filesIn(copies).keys.filter { !$0.hasPrefix(".facesort/") }.sorted()
        }
        #expect(try names() == ["pair.jpg", "s/portrait.jpg"])
        let summary = try await run("{original} {count}")
        #expect(try names() == ["s/x 1.jpg", "y 2.jpg"])
        #expect(summary.analysedCount == 0)
        #expect(try party.originals() == before)
        try Disk().remove(copies.appending("y 2.jpg"))
        _ = try await run("{original} {count}")
        #expect(try names() == ["s/x 1.jpg", "y 2.jpg"])
    }
}
