import PhotoIndex
import FileLedger
import AlbumKit
import FaceCore
import Foundation
import SystemPackage
import TestSupport
import Testing

extension EndToEnd {
    @Suite("What a person said")
    struct DecisionTests {
        /// Writes an answer into the album as the review page does.
        private func say(_ sayings: [Statement], in event: Event) throws {
            var journal = try DecisionJournal(AlbumFolder(event.album))
            _ = try journal.append(sayings, at: Date(timeIntervalSince1970: 1_800_000_000))
        }

        /// Where the only face of a photo is, by `faces`.
        private func face(_ name: String, in event: Event) throws -> FaceKey {
            let rows = try #require(
                try event.program.run(["faces", "album", "--json"], expecting: 0).document()[
                    "faces"] as? [[String: Any]])
            let row = try #require(rows.first { $0["photo"] as? String == name })
            let bytes = try Data(
                contentsOf: URL(fileURLWithPath: event.path.appending("photos/" + name).string))
            func side(_ key: String) throws -> Double {
                Double(try #require(row[key] as? Int)) / 150
            }
            let (left, top) = (try side("left"), try side("top"))
            return FaceKey(
                photo: ContentHasher.hash(Array(bytes)),
                box: FaceBox(
                    left: left, top: top, width: try side("right") - left,
                    height: try side("bottom") - top))
        }

        @Test(
            "Delete the catalogue, change --search, move the photo folder: every decision stands")
        func everythingElseChanges() throws {
            let event = try Event.small()
            try event.program.run(event.sort, expecting: 0)
            let before = try FileTree(ofAlbum: event.album)
            #expect(before.names(in: "Anna").count == 4)
            let (one, other) = (
                try face("anna 1.jpg", in: event), try face("anna 2.jpg", in: event)
            )
            let stranger = try face("élève 1.jpg", in: event)
            // The host's word against the machine's, in every way there is.
            try say([.isNotPerson([one], name: "Anna")], in: event)
            try say([.isPerson([other], name: "Anna")], in: event)
            try say([.isPerson([stranger], name: "Eve"), .portrait([stranger])], in: event)
            try say([.rename("Eve", to: "Zoë")], in: event)
            try say([.notAGuest([try face("élève 2.jpg", in: event)])], in: event)
            try say([.merge("Ben", into: "Benjamin")], in: event)
            try event.program.run(["sort", "--to", "album"], expecting: 0)
            let said = try FileTree(ofAlbum: event.album)
            #expect(said.folders(of: "anna 1.jpg") == ["unknown"])
            #expect(said.folders(of: "anna 2.jpg") == ["Anna"])
            #expect(said.folders(of: "élève 1.jpg") == ["Zoë"])
            #expect(said.folders(of: "élève 2.jpg") == ["unknown"])
            #expect(said.names(in: "Benjamin").count == 3 && said.names(in: "Ben").isEmpty)

            try event.remove("album/.facesort/catalogue.sqlite")
            try FileManager.default.moveItem(
                atPath: event.photos.string, toPath: event.path.appending("elsewhere").string)
            let run = try event.program.run(
                ["sort", "elsewhere", "--to", "album", "--search", "thorough", "--json"],
                expecting: 0)
            let after = try FileTree(ofAlbum: event.album)
            #expect(after.files == said.files, "\(after.differences(from: said))")
            let summary = try run.summary()
            let decisions = try #require(summary["decisions"] as? [String: Any])
            #expect(decisions["answerCount"] as? Int == 6)
            let why = try event.program.run(["why", "album/Zoë/élève 1.jpg"], expecting: 0)
            #expect(why.output.contains("Zoë, because you said so"), "\(why.output)")
            // And again there is nothing to do.
            let again = try event.program.run(["sort", "--to", "album", "--json"], expecting: 0)
            #expect(try again.summary()["copiedFileCount"] as? Int == 0)
            try event.program.run(["check", "album"], expecting: 0)
        }
    }
}
