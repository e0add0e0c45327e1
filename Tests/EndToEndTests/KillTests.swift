import Foundation
import SystemPackage
import Testing
import TestSupport

extension EndToEnd {
    /// `FACESORT_KILLS` says how many kills there are, 6 if it does not; `FACESORT_KILL_SEED`
    /// chooses other moments.
    @Suite("Kills")
    struct KillTests {
        static let variables = ProcessInfo.processInfo.environment
        static let killCount = variables["FACESORT_KILLS"].flatMap { Int($0) } ?? 6
        static let seed = variables["FACESORT_KILL_SEED"].flatMap { UInt64($0) } ?? 1

        /// At least this share of the kills comes while files are being written.
        static let writingShare = 0.4

        /// Photos of nobody make writing take as long as looking at faces does.
        static let emptyPhotoCount = 400
        static let emptyPhotoByteCount = 200_000

        @Test("Killed anywhere, the same command makes the album an undisturbed run makes")
        func kills() throws {
            let event = try Event.small()
            for number in 0..<Self.emptyPhotoCount {
                try event.write(
                    Event.empty(number, padding: Self.emptyPhotoByteCount),
                    to: "photos/roll \(number % 3)/\(number / 3).png")
            }
            let originals = try FileTree(of: event.photos)
            let people = try FileTree(of: event.path.appending("people"))

            let first = try event.program.run(event.sort, expecting: 0)
            let undisturbed = try FileTree(ofAlbum: event.album)
            try event.remove("album")

            var random = SplitMix64(seed: Self.seed)
            var kills: [Kill] = []
            // First uniform over the whole run, then more while files are written, if need be.
            for _ in 0..<(5 * Self.killCount)
            where kills.count < Self.killCount || kills.count(where: \.isWhileWriting) < needed {
                let isOverTheRun = kills.count < Self.killCount
                let moment =
                    isOverTheRun
                    ? Moment.after(first.duration * Double.random(in: 0..<1, using: &random))
                    : Moment.files(Int.random(in: 1...Self.emptyPhotoCount - 100, using: &random))
                guard let kill = try kill(event, at: moment) else {
                    // It was over by then, on a machine whose load changes.
                    try event.remove("album")
                    continue
                }
                kills.append(kill)
                try event.program.run(event.sort, expecting: 0)
                try expectEqual(FileTree(ofAlbum: event.album), undisturbed, "\(kills)")
                #expect(try runCount(event) == 1, "a resumed run is the same run")
                let written: (FilePath) -> Bool = { path in
                    path != ".facesort/lock" && path != ".facesort/catalogue.sqlite"
                }
                let whole = try FileTree(of: event.album, where: written)
                try event.program.run(event.sort, expecting: 0)
                try expectEqual(
                    FileTree(of: event.album, where: written), whole,
                    "after a kill and its repair nothing is left to do")
                try event.program.run(["check", "album"], expecting: 0)

                try event.program.run(["undo", "--all", "album"], expecting: 0)
                #expect(try FileTree(ofAlbum: event.album).entries.isEmpty)
                try expectEqual(FileTree(of: event.photos), originals)
                try expectEqual(FileTree(of: event.path.appending("people")), people)
                try event.remove("album")
            }
            let writing = kills.count(where: \.isWhileWriting)
            print("kills: \(kills.count) in a run of \(first.duration), \(writing) while writing")
            for kill in kills { print("  \(kill)") }
            #expect(kills.count >= Self.killCount)
            #expect(writing >= needed)
        }

        private var needed: Int {
            Int((Self.writingShare * Double(Self.killCount)).rounded(.up))
        }

        struct Kill: CustomStringConvertible {
            let moment: Duration
            /// The files in the album then, half-written ones apart.
            let fileCount: Int
            let isWhileWriting: Bool

            var description: String {
                "after \(moment), with \(fileCount) files\(isWhileWriting ? ", writing" : "")"
            }
        }

        /// When the program is killed: so long after its start, or at so many files in `unknown`.
        enum Moment {
            case after(Duration)
            case files(Int)
        }

        /// Starts the sorting and kills it.
        ///
        /// - Returns: nothing when it was over by then.
        private func kill(_ event: Event, at moment: Moment) throws -> Kill? {
            let started = try event.program.start(event.sort)
            let start = ContinuousClock.now
            let isThere =
                switch moment {
                case .after(let duration): started.lasts(until: duration)
                case .files(let count):
                    started.reached { entryCount(event.album.appending("unknown")) >= count }
                }
            guard isThere else { return nil }
            let killed = ContinuousClock.now - start
            started.send(SIGKILL)
            guard started.ended().status == 128 + SIGKILL else { return nil }

            guard FileManager.default.fileExists(atPath: event.album.string) else {
                return Kill(moment: killed, fileCount: 0, isWhileWriting: false)
            }
            let album = try FileTree(ofAlbum: event.album)
            let originals = try FileTree(of: event.photos)
            let contents = Set(originals.files.compactMap { originals.entries[$0]?.bytes })
            var fileCount = 0
            for file in album.files where file.lastComponent?.string.first != "." {
                fileCount += 1
                let bytes = try #require(album.entries[file]?.bytes)
                #expect(contents.contains(bytes), "\(file) is half a photo under a final name")
            }
            let total = Self.emptyPhotoCount + 10
            return Kill(
                moment: killed, fileCount: fileCount,
                isWhileWriting: !album.files.isEmpty && fileCount < total)
        }

        private func entryCount(_ folder: FilePath) -> Int {
            (try? FileManager.default.contentsOfDirectory(atPath: folder.string))?.count ?? 0
        }

        private func runCount(_ event: Event) throws -> Int {
            let status = try event.program.run("status", "album", "--json").document()
            return try #require(status["runs"] as? [Any]).count
        }
    }
}
