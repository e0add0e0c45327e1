import FaceCore
@testable import PhotoIndex
@testable import FileLedger
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import AlbumKit

@Suite("Renamed copies in a ZIP file") struct RenameArchiveTests {
    private func event() throws -> RenamingEvent {
        try RenamingEvent(
            [
                .init(name: "a/IMG_1.jpg", taken: "2024-05-01T12:00:01"),
                .init(name: "a/IMG_2.jpg", taken: "2024-05-01T12:00:02"),
                .init(name: "b/IMG_1.png", taken: "2024-05-01T12:00:03"),
                .init(name: "b/broken.jpg", condition: .unreadable),
            ], others: ["a/IMG_1.xmp", "notes.txt"])
    }

    private func pack(
        _ event: RenamingEvent, _ template: String = "{date}", disk: Disk = Disk(),
        _ change: (inout RenameRequest) -> Void = { _ in }
    ) async throws -> RenameSummary {
        try await event.rename(template, disk: disk) { request in
            request.destination = .zip(event.folder.appending("party.zip"))
            change(&request)
        }
    }

    /// The entries that another program finds in the ZIP file.
    private func contents(_ event: RenamingEvent) throws -> [String: String] {
        let script = """
            import sys, zipfile, json
            with zipfile.ZipFile(sys.argv[1]) as file:
                assert file.testzip() is None
                listing = {n: file.read(n).decode() for n in file.namelist()}
            json.dump(listing, open(sys.argv[2], "w"))
            """
        let listing = try TemporaryFolder(.inMemory)
        let file = listing.appending("listing.json")
        let path = event.folder.appending("party.zip").string
        #expect(runTool(["/usr/bin/env", "python3", "-c", script, path, file.string]) == 0)
        let bytes = try Disk().contents(of: file, limit: 1_000_000)
        return try JSONDecoder().decode([String: String].self, from: Data(bytes))
    }

    private func left(_ event: RenamingEvent) throws -> [String] {
        try Disk().entries(of: event.folder.path).map(\.name.string).sorted()
    }

    @Test("It contains every photo under its name, with the files beside it, byte for byte")
    func packing() async throws {
        let event = try event()
        let before = try event.contents()
        let summary = try await pack(event)
        #expect(
            try contents(event) == [
                "a/2024-05-01.jpg": "photo a/IMG_1.jpg", "a/2024-05-01.xmp": "other a/IMG_1.xmp",
                "a/2024-05-01 (2).jpg": "photo a/IMG_2.jpg",
                "b/2024-05-01.jpg": "photo b/IMG_1.png", "b/broken.jpg": "photo b/broken.jpg",
            ])
        #expect(try event.contents() == before)
        #expect(summary.renames.count == 4 && summary.isArchive && summary.run == nil)
        #expect(summary.pictures.map(\.name).contains("a/2024-05-01 (2).jpg"))
        #expect(try left(event) == ["party.zip", "photos"])
    }

    @Test("Its names are valid and different on Windows; times are not before 1980")
    func windows() async throws {
        let event = try RenamingEvent(
            [
                .init(name: "12:30?/CON.jpg", taken: "2024-05-01T12:00:01"),
                .init(name: "12_30_/con.jpg", taken: "2024-05-01T12:00:02"),
                .init(name: "aux/nul.photo.jpg"), .init(name: "AUX/a<b>.jpg"),
                .init(name: "ends. /photo.jpg"),
            ],
            others: ["12:30?/CON.xmp", "AUX/a<b>.jpg.xmp", "AUX/a<b>.wav:1"])
        let old = event.photos.pushing("12:30?/CON.jpg")
        #expect(runTool(["/bin/touch", "-d", "1969-07-20T20:17:40Z", old.string]) == 0)
        let before = try event.contents()
        _ = try await pack(event, "{original}")
        #expect(
            try contents(event) == [
                "12_30_/CON_.jpg": "photo 12:30?/CON.jpg",
                "12_30_/CON_.xmp": "other 12:30?/CON.xmp",
                "12_30_/con_ (2).jpg": "photo 12_30_/con.jpg",
                "AUX_/nul_.photo.jpg": "photo aux/nul.photo.jpg",
                "AUX_/a_b_.jpg": "photo AUX/a<b>.jpg",
                "AUX_/a_b_.jpg.xmp": "other AUX/a<b>.jpg.xmp",
                "AUX_/a_b_.wav_1": "other AUX/a<b>.wav:1",
                "ends._/photo.jpg": "photo ends. /photo.jpg",
            ])
        #expect(try event.contents() == before)
        let script = """
            import sys, zipfile
            with zipfile.ZipFile(sys.argv[1]) as file:
                first = min(entry.date_time for entry in file.infolist())
            sys.exit(0 if first == (1980, 1, 1, 0, 0, 0) else 1)
            """
        let path = event.folder.appending("party.zip").string
        #expect(runTool(["/usr/bin/env", "python3", "-c", script, path]) == 0)
    }

    @Test("Without --apply it writes nothing")
    func dryRun() async throws {
        let event = try event()
        let summary = try await pack(event) { $0.applies = false }
        #expect(summary.renames.count == 4)
        #expect(try left(event) == ["photos"])
    }

    @Test("Nothing is overwritten, and a missing folder is not made")
    func refusals() async throws {
        let event = try event()
        try Disk().create(event.folder.appending("party.zip"), contents: Array("mine".utf8))
        await #expect { _ = try await pack(event) } throws: { ($0 as? AlbumError)?.code == .file }
        #expect(
            try Disk().contents(of: event.folder.appending("party.zip"), limit: 9)
                == Array("mine".utf8))
        await #expect {
            _ = try await pack(event) {
                $0.destination = .zip(event.folder.appending("none").appending("x.zip"))
            }
        } throws: {
            ($0 as? AlbumError)?.code == .notFound
        }
    }

    @Test("Photos on a read-only medium are packed as well")
    func readOnly() async throws {
        let event = try event()
        let state = event.photos.appending(".facesort").string
        let disk = Disk { operation, path throws(FileError) in
            guard path.string.hasPrefix(state) else { return }
            switch operation {
            case .list, .status, .read: return
            default: throw FileError(operation: operation, path: path, errno: EROFS)
            }
        }
        _ = try await pack(event, disk: disk)
        #expect(try contents(event).count == 5)
    }

    @Test("A photo whose bytes changed since the analysis is left out and reported")
    func changed() async throws {
        let event = try event()
        let path = event.photos.appending("a/IMG_2.jpg")
        let modified = try Disk().status(of: path).modified
        try event.write("PHOTO a/IMG_2.jpg", to: "a/IMG_2.jpg")
        try Disk().setAttributes(path, modified: modified)
        let summary = try await pack(event)
        #expect(summary.failures.map(\.path).contains("a/IMG_2.jpg"))
        #expect(
            try contents(event).keys.sorted() == [
                "a/2024-05-01.jpg", "a/2024-05-01.xmp", "b/2024-05-01.jpg", "b/broken.jpg",
            ])
    }

    @Test("Whatever fails at the end, there is a whole ZIP file or none")
    func failures() async throws {
        let event = try event()
        for operation in [DiskOperation.synchronise, .rename, .space] {
            let disk = Disk { done, path throws(FileError) in
                let isArchive = path.string.contains("party.zip") || done == .space
                guard done == operation, isArchive else { return }
                throw FileError(operation: done, path: path, errno: EIO)
            }
            await #expect(throws: AlbumError.self) { _ = try await pack(event, disk: disk) }
            #expect(try left(event) == ["photos"], "\(operation)")
        }
        _ = try await pack(event)
        #expect(try contents(event).count == 5)
    }

    @Test("Interrupted, it leaves nothing; and what a killed run left is cleared away")
    func interrupted() async throws {
        let event = try event()
        let partial = event.folder.appending(".facesort-zip-party.zip.Xy12ab")
        try Disk().create(partial, contents: Array("half".utf8))
        var request = RenameRequest(
            study: SurveyRequest(photos: [event.photos]), template: try RenameTemplate("{date}"))
        request.destination = .zip(event.folder.appending("party.zip"))
        request.applies = true
        let interruption = Interruption()
        let renamer = Renamer(
            request, environment: RunEnvironment(ProcessInfo.processInfo.environment))
        await #expect {
            _ = try await renamer.run(interruption: interruption) { event in
                if case .renaming = event { interruption.request() }
            }
        } throws: {
            ($0 as? AlbumError)?.code == .interrupted
        }
        #expect(try left(event) == ["photos"])
    }
}
