import Foundation
import SystemPackage
import Testing
import TestSupport

extension EndToEnd {
    /// A larger event whose photos may not be part of the project: `FACESORT_EVALSET` names its
    /// folder; otherwise it is looked for beside the project.
    @Suite("The labelled event")
    struct LabelledEventTests {
        static let folder: FilePath = {
            if let folder = ProcessInfo.processInfo.environment["FACESORT_EVALSET"] {
                return FilePath(folder)
            }
            return FilePath(#filePath).removingLastComponent().removingLastComponent()
                .removingLastComponent().appending("../shared/evalset/open").lexicallyNormalized()
        }()

        static var isThere: Bool {
            FileManager.default.fileExists(atPath: folder.appending("truth.csv").string)
        }

        @Test(
            "Precision and recall are what the README says, damaged photos are reported",
            .enabled(if: isThere, "the labelled event is not beside the project"))
        func scores() throws {
            let event = try Event()
            let set = Self.folder
            let sort = event.program
            let run = try sort.run(
                ["sort", set.appending("event").string, "--people"]
                    + [set.appending("people").string, "--to", "album", "--json"],
                expecting: 3)

            // score.py exits 1 when a photo is lost or altered, in the album or among the
            // originals.
            let score = try EndToEndScore(
                set: set, album: event.album)
            print("labelled event: \(score.line)")
            #expect(score["lost"] == 0)
            #expect(score["altered"] == 0)
            #expect(score["input_changed"] == 0)
            #expect(score["micro_p"] >= 0.99)
            #expect(score["micro_f1"] >= 0.92)
            #expect(score["group_p"] >= 0.98)
            #expect(score["group_r"] >= 0.95)

            let failures = try #require(try run.summary()["failures"] as? [[String: Any]])
            #expect(Set(failures.compactMap { $0["path"] as? String }).count == failures.count)
            for failure in failures {
                let reason = try #require(failure["reason"] as? String)
                #expect(!reason.isEmpty)
                let path = try #require(failure["path"] as? String)
                let places = try FileTree(ofAlbum: event.album).folders(of: path)
                #expect(!places.isEmpty, "\(path) is in no place")
            }
        }
    }
}

/// The figures of the event's own `score.py`.
struct EndToEndScore {
    let line: String
    private let numbers: [String: Double]

    init(set: FilePath, album: FilePath) throws {
        let script = set.removingLastComponent().appending("score.py")
        let text = try run(
            "python3", [script.string, album.string, set.appending("truth.csv").string])
        line = try #require(text.split(separator: "\n").last.map(String.init))
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        numbers = try #require(object).compactMapValues { ($0 as? NSNumber)?.doubleValue }
    }

    /// Not a number when the script does not print it, so that no comparison holds.
    subscript(name: String) -> Double { numbers[name] ?? .nan }
}
