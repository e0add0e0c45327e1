import Foundation
import SystemPackage
import Testing
import TestSupport

extension EndToEnd {
    @Suite("The same album")
    struct SameResultTests {
        @Test("One worker and two make the same album, byte for byte and name for name")
        func jobs() throws {
            let event = try Event.small()
            // The same names in several folders: which one keeps its name may not be chance.
            try event.addTenPhotos(into: "photos/camera 2")
            for name in ["anna 1.jpg", "ben 2.jpg", "nobody.png"] {
                let file = URL(
                    fileURLWithPath: event.path.appending("photos/camera 2/" + name).string)
                try (Data(contentsOf: file) + Data("another".utf8)).write(to: file)
            }
            var albums: [FileTree] = []
            var tables: [String] = []
            for jobs in [1, 2] {
                let album = "album \(jobs)"
                try event.program.run(
                    ["sort", "photos", "--people", "people", "--to", album, "--jobs", "\(jobs)"],
                    expecting: 0)
                albums.append(try FileTree(ofAlbum: event.path.appending(album)))
                tables.append(
                    try event.program.run(["faces", album, "--csv"], expecting: 0).output)
            }
            expectEqual(albums[1], albums[0])
            #expect(tables[0] == tables[1])
            #expect(albums[0].names(in: "Anna").contains("anna 1 (2).jpg"))
            #expect(albums[0].names(in: "Anna").count == 5)
        }

        /// A photo of 150 pixels takes qemu a minute and more, so processors are emulated only when
        /// `FACESORT_EMULATE` is set.
        static let isEmulating = ProcessInfo.processInfo.environment["FACESORT_EMULATE"] != nil

        @Test(
            "Processors without and with AVX2 put photos into the same places",
            .enabled(if: isEmulating), arguments: ["Nehalem", "Haswell"])
        func processors(cpu: String) throws {
            let emulator = "/usr/bin/qemu-x86_64-static"
            guard FileManager.default.fileExists(atPath: emulator) else {
                try #require(
                    ProcessInfo.processInfo.environment["CI"] == nil,
                    "'\(emulator)' is missing: run 'Scripts/setup --tests'")
                print("not tested on \(cpu): '\(emulator)' is missing")
                return
            }
            let event = try Event()
            try event.write(Event.portrait(0, 0), to: "people/Anna.jpg")
            try event.write(Event.portrait(0, 1), to: "photos/anna.jpg")
            try event.write(Event.portrait(2, 1), to: "photos/stranger.jpg")
            try event.program.run(event.sort, expecting: 0)
            let native = try FileTree(ofAlbum: event.album)
            try event.remove("album")
            var emulated = event.program
            emulated.command = [emulator, "-cpu", cpu, Program.path]
            // OpenBLAS may take the emulated processor for one with instructions it lacks.
            emulated.environment["OPENBLAS_CORETYPE"] = "Prescott"
            let run = try emulated.run(event.sort, expecting: 0)
            print("\(cpu): two photos and a portrait in \(run.duration)")
            try expectEqual(FileTree(ofAlbum: event.album), native)
            #expect(native.names(in: "Anna") == ["anna.jpg"])
            #expect(native.names(in: "unknown") == ["stranger.jpg"])
        }

        @Test("The same command again writes nothing, not even inside the album's state")
        func repetition() throws {
            let event = try Event.small()
            try event.program.run(event.sort, expecting: 0)
            let before = try state(event)
            for arguments in [event.sort, ["sort", "--to", "album"]] {
                try event.program.run(arguments, expecting: 0)
                try expectEqual(state(event), before)
            }
            for question in ["status", "check", "faces", "groups"] {
                try event.program.run([question, "album"], expecting: 0)
                try expectEqual(state(event), before, "\(question)")
            }
        }

        @Test("One more photo is the only one analysed")
        func oneMore() throws {
            let event = try Event.small()
            try event.program.run(event.sort, expecting: 0)
            try event.write(Event.portrait(0, 5), to: "photos/late.jpg")
            let run = try event.program.run(event.sort, expecting: 0)
            #expect(try run.summary()["analysedCount"] as? Int == 1)
            #expect(try run.summary()["copiedFileCount"] as? Int == 1)
            #expect(try FileTree(ofAlbum: event.album).folders(of: "late.jpg") == ["Anna"])
        }

        @Test("A rehearsal writes nothing, and says what the run then does")
        func rehearsal() throws {
            let event = try Event.small()
            let planned = try event.program.run(event.sort + ["--dry-run"], expecting: 0)
            #expect(!FileManager.default.fileExists(atPath: event.album.string))
            let changes = try #require(
                try planned.summary()["changes"] as? [[String: Any]])
            let paths = Set(changes.compactMap { $0["path"] as? String })
            try event.program.run(event.sort, expecting: 0)
            let album = try FileTree(ofAlbum: event.album)
            #expect(paths.isSuperset(of: album.files.map(\.string)))
            #expect(paths.isSubset(of: album.entries.keys.map(\.string)))
        }

        private func state(_ event: Event) throws -> FileTree {
            try FileTree(of: event.album) { $0 != ".facesort/lock" }
        }
    }
}
