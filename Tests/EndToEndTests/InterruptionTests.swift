import Foundation
import SystemPackage
import Testing
import TestSupport

extension EndToEnd {
    @Suite("Interruptions and refusals")
    struct InterruptionTests {
        @Test("While one run writes, another one is refused; the first is not disturbed")
        func twoAtOnce() throws {
            let event = try Event.small()
            let undisturbed = try sorted(event)
            let started = try event.program.start(event.sort)
            try #require(started.reached { started.output.contains("\"analysing\"") })
            // Held in the middle, so that there is no race.
            started.send(SIGSTOP)
            for arguments in [event.sort, ["undo", "album"]] {
                let refused = try event.program.run(arguments)
                #expect(refused.status == 11, "\(arguments): \(refused.output)\(refused.errors)")
                #expect(!refused.errors.isEmpty)
            }
            started.send(SIGCONT)
            #expect(started.ended().status == 0)
            try expectEqual(FileTree(ofAlbum: event.album), undisturbed)
        }

        @Test("After Ctrl-C while looking or writing, the same command ends with the same album")
        func interrupt() throws {
            let event = try Event.small()
            for number in 0..<150 {
                try event.write(Event.empty(number, padding: 50_000), to: "photos/\(number).png")
            }
            let undisturbed = try sorted(event)
            for sign in ["\"analysing\"", "\"writing\""] {
                let started = try event.program.start(event.sort)
                let isThere = started.reached { started.output.contains(sign) }
                started.send(SIGINT)
                let run = started.ended()
                // On a quick machine it may have ended while the signal was on its way.
                #expect(run.status == 130 || !isThere || sign == "\"writing\"", "\(run.errors)")
                if run.status == 130 { #expect(run.errors.contains("\"interrupted\"")) }
            }
            try event.program.run(event.sort, expecting: 0)
            try expectEqual(FileTree(ofAlbum: event.album), undisturbed)
            let status = try event.program.run("status", "album", "--json").document()
            #expect((status["runs"] as? [Any])?.count == 1)
            try event.program.run(["undo", "album"], expecting: 0)
            #expect(try FileTree(ofAlbum: event.album).entries.isEmpty)
        }

        @Test("A killed undo is finished by undoing again, and originals stay")
        func killedUndo() throws {
            let event = try Event.small()
            for number in 0..<200 {
                try event.write(Event.empty(number, padding: 50_000), to: "photos/\(number).png")
            }
            let originals = try FileTree(of: event.photos)
            try event.program.run(event.sort, expecting: 0)
            let whole = try FileTree(ofAlbum: event.album).files.count
            let started = try event.program.start(["undo", "album"])
            let unknown = event.album.appending("unknown").string
            let isHalf = started.reached {
                let names = try? FileManager.default.contentsOfDirectory(atPath: unknown)
                return (names ?? []).count < 190
            }
            started.send(SIGKILL)
            _ = started.ended()
            #expect(isHalf)
            #expect(try FileTree(ofAlbum: event.album).files.count < whole)
            try event.program.run(["undo", "--all", "album"], expecting: 0)
            #expect(try FileTree(ofAlbum: event.album).entries.isEmpty)
            try expectEqual(FileTree(of: event.photos), originals)
            try event.program.run(event.sort, expecting: 0)
            #expect(try FileTree(ofAlbum: event.album).files.count == whole)
        }

        @Test("Without model files nothing is written, and the exit status is 12")
        func noModels() throws {
            let event = try Event.small()
            let run = try event.program.run(event.sort + ["--models", "people"])
            #expect(run.status == 12)
            #expect(run.errors.contains("\"remedy\""))
            #expect(!FileManager.default.fileExists(atPath: event.album.string))
            try event.program.run(event.sort, expecting: 0)
            #expect(try FileTree(ofAlbum: event.album).files.count == 10)
        }

        @Test("The user's changes, additions and removals survive sorting and undoing")
        func userFiles() throws {
            let event = try Event.small()
            try event.program.run(event.sort, expecting: 0)
            try event.write(Data("mine".utf8), to: "album/Anna/anna 1.jpg")
            try event.write(Data("notes".utf8), to: "album/Ben/notes.txt")
            try event.remove("album/Ben/ben 2.jpg")
            let before = try FileTree(ofAlbum: event.album)
            try event.program.run(event.sort, expecting: 0)
            try expectEqual(FileTree(ofAlbum: event.album), before)
            try event.program.run(["undo", "--all", "album"], expecting: 3)
            let left = try FileTree(ofAlbum: event.album)
            #expect(left.files.map(\.string) == ["Anna/anna 1.jpg", "Ben/notes.txt"])
        }

        private func sorted(_ event: Event) throws -> FileTree {
            try event.program.run(event.sort, expecting: 0)
            let album = try FileTree(ofAlbum: event.album)
            try event.remove("album")
            return album
        }
    }
}
