import Foundation
import SystemPackage
import Testing
import TestSupport

extension EndToEnd {
    @Suite("Cards, sticks and full disks")
    struct CardTests {
        @Test("Card 1, then nothing, then card 2 in the same reader: every photo is in the album")
        func twoCards() throws {
            let event = try Event()
            try event.addPeople()
            try event.addTenPhotos(into: "reader/DCIM")
            let sort = ["sort", "reader", "--people", "people", "--to", "album", "--json"]
            try event.program.run(sort, expecting: 0)
            let first = try FileTree(ofAlbum: event.album)
            #expect(first.files.count == 10)

            // The reader is empty.
            try event.remove("reader/DCIM")
            try event.program.run(["sort", "--to", "album"], expecting: 0)
            try expectEqual(FileTree(ofAlbum: event.album), first)

            // The reader is gone.
            try event.remove("reader")
            _ = try event.program.run("sort", "--to", "album")
            try expectEqual(FileTree(ofAlbum: event.album), first)

            // Another card with the same names on it.
            for number in 1...4 {
                try event.write(
                    Event.portrait(1, 4 + number), to: "reader/DCIM/anna \(number).jpg")
            }
            let second = try event.program.run(sort, expecting: 0).summary()
            #expect(second["heldPhotoCount"] as? Int == 10)
            let both = try FileTree(ofAlbum: event.album)
            for (path, entry) in first.entries { #expect(both.entries[path] == entry, "\(path)") }
            #expect(both.names(in: "Ben").count == 7)

            let pruned = try event.program.run(sort + ["--prune"], expecting: 0).summary()
            #expect(pruned["prunedFileCount"] as? Int == 10)
            #expect(try FileTree(ofAlbum: event.album).files.count == 4)
            try event.program.run(["undo", "album"], expecting: 0)
            try expectEqual(FileTree(ofAlbum: event.album), both)
        }

        @Test(
            "An original that was changed leaves both versions in the album; undo keeps the only copy"
        )
        func changedOriginal() throws {
            let event = try Event.small()
            try event.program.run(event.sort, expecting: 0)
            let old = try Event.portrait(0, 1)
            try event.write(Event.portrait(0, 6), to: "photos/anna 1.jpg")
            try event.program.run(event.sort, expecting: 0)
            let album = try FileTree(ofAlbum: event.album)
            let contents = album.files.compactMap { album.entries[$0]?.bytes }
            #expect(contents.contains(old), "the only copy of a photo is kept")
            #expect(contents.contains(try Event.portrait(0, 6)))
            // It left a file, and says so.
            try event.program.run(["undo", "--all", "album"], expecting: 3)
            let left = try FileTree(ofAlbum: event.album)
            #expect(left.files.compactMap { left.entries[$0]?.bytes } == [old])
        }

        @Test(
            "However photos get into the album, undo leaves the originals as they were",
            arguments: ["copy", "clone", "hard", "symbolic"])
        func links(kind: String) throws {
            let event = try Event.small()
            try event.makePeculiar("photos/nobody.png", seconds: 1_100_000_000, mode: 0o440)
            let originals = try FileTree(of: event.photos)
            let run = try event.program.run(event.sort + ["--link", kind])
            if kind == "clone", run.status == 1 {
                // Most file systems cannot; then nothing may have been done.
                #expect(try FileTree(ofAlbum: event.album).files.isEmpty)
                return
            }
            #expect(run.status == 0, "\(run.errors)")
            #expect(try FileTree(ofAlbum: event.album).files.count == 10)
            try event.program.run(["check", "album"], expecting: 0)
            try event.program.run(["undo", "album"], expecting: 0)
            #expect(try FileTree(ofAlbum: event.album).entries.isEmpty)
            try expectEqual(FileTree(of: event.photos), originals)
        }

        @Test(
            "On an exFAT stick the album is made, repeated without writing, and taken back",
            .enabled(if: mayMount, "only root may mount"))
        func stick() throws {
            let stick = try MountedFolder(.exFAT(megabytes: 64))
            let event = try Event.small()
            try event.write(Event.portrait(0, 5), to: "photos/what: a \"day\"?.jpg")
            let originals = try FileTree(of: event.photos)
            let album = stick.path.appending("album")
            let sort = [
                "sort", "photos", "--people", "people", "--to", album.string, "--json",
            ]
            let summary = try event.program.run(sort, expecting: 0).summary()
            let made = try FileTree(ofAlbum: album)
            let copies = made.files.compactMap { made.entries[$0]?.bytes }
            #expect(copies.count == 11)
            #expect(
                Set(copies)
                    == Set(originals.files.compactMap { originals.entries[$0]?.bytes }))
            #expect((summary["renames"] as? [Any])?.count == 1)

            let before = try FileTree(of: album) { $0 != ".facesort/lock" }
            let again = try event.program.run(sort, expecting: 0).summary()
            #expect(again["copiedFileCount"] as? Int == 0)
            try expectEqual(FileTree(of: album) { $0 != ".facesort/lock" }, before)

            try event.program.run(["undo", "--all", album.string], expecting: 0)
            #expect(try FileTree(ofAlbum: album).entries.isEmpty)
            try expectEqual(FileTree(of: event.photos), originals)
        }

        @Test(
            "Killed on an exFAT stick, the same command makes the album whole",
            .enabled(if: mayMount, "only root may mount"))
        func killOnStick() throws {
            let stick = try MountedFolder(.exFAT(megabytes: 64))
            let event = try Event.small()
            for number in 0..<100 {
                try event.write(Event.empty(number, padding: 50_000), to: "photos/\(number).png")
            }
            let album = stick.path.appending("album")
            let sort = ["sort", "photos", "--people", "people", "--to", album.string]
            let unknown = album.appending("unknown").string
            for count in [1, 40] {
                let started = try event.program.start(sort)
                let isWriting = started.reached {
                    let names = try? FileManager.default.contentsOfDirectory(atPath: unknown)
                    return (names ?? []).count >= count
                }
                try #require(isWriting, "it wrote nothing")
                started.send(SIGKILL)
                #expect(started.ended().status == 128 + SIGKILL)
            }
            try event.program.run(sort, expecting: 0)
            let made = try FileTree(ofAlbum: album)
            let originals = try FileTree(of: event.photos)
            #expect(made.files.count == 110)
            #expect(
                Set(made.files.compactMap { made.entries[$0]?.bytes })
                    == Set(originals.files.compactMap { originals.entries[$0]?.bytes }))
            try event.program.run(["undo", "--all", album.string], expecting: 0)
            #expect(try FileTree(ofAlbum: album).entries.isEmpty)
        }

        @Test(
            "A disk that is too small is reported before anything is copied; with room it goes on",
            .enabled(if: mayMount, "only root may mount"))
        func fullDisk() throws {
            let disk = try MountedFolder(.memory(byteCount: 40_000_000))
            let ballast = disk.path.appending("ballast").string
            try Data(count: 18_000_000).write(to: URL(fileURLWithPath: ballast))
            let event = try Event.small()
            try event.write(Event.empty(2, padding: 8_000_000), to: "photos/large.png")
            let album = disk.path.appending("album")
            let sort = ["sort", "photos", "--people", "people", "--to", album.string]
            let failed = try event.program.run(sort, expecting: 1)
            #expect(failed.errors.contains("and its disk has"), "\(failed.errors)")
            #expect(failed.errors.contains("Nothing was copied"), "\(failed.errors)")
            #expect(try FileTree(ofAlbum: album).files.isEmpty)

            try FileManager.default.removeItem(atPath: ballast)
            let run = try event.program.run(sort + ["--json"], expecting: 0)
            #expect(try run.summary()["analysedCount"] as? Int == 0, "what was learnt is kept")
            #expect(try FileTree(ofAlbum: album).files.count == 11)
        }

        @Test(
            "A disk that fills up while files are written loses nothing; with room it goes on",
            .enabled(if: mayMount, "only root may mount"))
        func fillingDisk() throws {
            let disk = try MountedFolder(.memory(byteCount: 120_000_000))
            let event = try Event.small()
            for number in 0..<60 {
                try event.write(Event.empty(number, padding: 1_000_000), to: "photos/\(number).png")
            }
            let originals = try FileTree(of: event.photos)
            let album = disk.path.appending("album")
            let sort = ["sort", "photos", "--people", "people", "--to", album.string]
            let started = try event.program.start(sort)
            let temporary = album.appending("unknown").string
            let isWriting = started.reached {
                FileManager.default.fileExists(atPath: temporary)
            }
            try #require(isWriting)
            // It waits while another program takes the rest of the disk.
            started.send(SIGSTOP)
            let ballast = disk.path.appending("ballast").string
            fill(ballast)
            started.send(SIGCONT)
            let failed = started.ended()
            #expect(failed.status == 1, "\(failed.output)\(failed.errors)")
            #expect(failed.errors.contains("facesort: error: "), "\(failed.errors)")
            let contents = Set(originals.files.compactMap { originals.entries[$0]?.bytes })
            let left = try FileTree(ofAlbum: album)
            for file in left.files where file.lastComponent?.string.first != "." {
                #expect(contents.contains(try #require(left.entries[file]?.bytes)), "\(file)")
            }

            try FileManager.default.removeItem(atPath: ballast)
            try event.program.run(sort, expecting: 0)
            let made = try FileTree(ofAlbum: album)
            #expect(made.files.count == 70)
            #expect(Set(made.files.compactMap { made.entries[$0]?.bytes }) == contents)
            try expectEqual(FileTree(of: event.photos), originals)
        }

        /// Writes until there is no room left.
        private func fill(_ path: String) {
            guard let file = fopen(path, "w") else { return }
            let zeros = [UInt8](repeating: 0, count: 65_536)
            while fwrite(zeros, 1, zeros.count, file) == zeros.count, fflush(file) == 0 {}
            fclose(file)
        }

        @Test(
            "A read-only disk is reported, and nothing is lost",
            .enabled(if: mayMount, "only root may mount"))
        func readOnlyDisk() throws {
            let disk = try MountedFolder(.memory(byteCount: 40_000_000))
            let event = try Event.small()
            let album = disk.path.appending("album")
            let sort = ["sort", "photos", "--people", "people", "--to", album.string]
            try disk.makeReadOnly()
            let failed = try event.program.run(sort, expecting: 1)
            #expect(failed.errors.contains("read-only"), "\(failed.errors)")
            try disk.makeWritable()
            try event.program.run(sort, expecting: 0)
            #expect(try FileTree(ofAlbum: album).files.count == 10)
        }
    }
}
