@testable import FileLedger
import AlbumCatalogue
import FaceCore
import Foundation
import GRDB
import SystemPackage
import TestSupport
import Testing

/// Albums, bins and a renamed folder that the program of an earlier commit made, in a folder of a
/// test's own; `Tests/EarlierAlbums` has how they were made and what that program did next.
struct EarlierAlbums {
    /// The fixture's text but for the states.
    struct Record: Decodable {
        struct File: Decodable {
            let path: String
            /// In nanoseconds since 1970.
            let modified: Int64
            /// `samples/` or `drawn/` and a name; behind `#` how many of its bytes.
            let origin: String
            /// SHA-256 in hexadecimal.
            let hash: String
        }

        /// Where everything lay when it was made.
        let root: String
        let files: [File]
        /// By step and folder: the files that were there then, path to hash.
        let after: [String: [String: [String: String]]]
    }

    let folder: TemporaryFolder
    let record: Record
    /// The answers of `status` and `faces` then, as JSON, with the paths as they are here.
    let answers: [String: Any]

    private static let fixture = FilePath(#filePath)
        .removingLastComponent().removingLastComponent().removingLastComponent()
        .appending("EarlierAlbums")

    /// Lays everything out again, as if it had been made here.
    init() throws {
        folder = try TemporaryFolder(.inMemory)
        let text = try Disk().contents(of: Self.fixture.appending("fixture.json"), limit: 1 << 24)
        record = try JSONDecoder().decode(Record.self, from: Data(text))
        let answers = try JSONSerialization.jsonObject(
            with: Data(Self.moved(text, from: record.root, to: folder.path.string)))
        self.answers = try #require(answers as? [String: Any])
        let archive = Self.fixture.appending("state.tar.gz").string
        try #require(runTool(["/bin/tar", "-xzf", archive, "-C", folder.path.string]) == 0)
        for file in record.files { try put(file) }
        for state in try states() {
            try moveCatalogue(state.appending("catalogue.sqlite"))
            for journal in try JournalFile.all(AlbumFolder(state.folder), Disk()) {
                try moveJournal(journal)
            }
        }
    }

    func path(_ name: String) -> FilePath { folder.path.pushing(FilePath(name)) }

    /// The files of a folder by path, with their hashes; without our state.
    func listing(_ name: String) throws -> [String: String] {
        try filesIn(path(name)).filter { !$0.key.hasPrefix(".facesort/") }
            .mapValues { ContentHasher.hash($0).hexadecimal }
    }

    /// What lay in a folder when the fixture was made.
    func before(_ name: String) -> [String: String] {
        let files = record.files.filter { $0.path.hasPrefix(name + "/") }
        return Dictionary(
            uniqueKeysWithValues: files.map { (String($0.path.dropFirst(name.count + 1)), $0.hash) }
        )
    }

    /// Whether the folders hold what the earlier program left in them after a step.
    func isAs(_ step: String) throws -> Bool {
        try #require(record.after[step]).allSatisfy { try listing($0.key) == $0.value }
    }

    // MARK: Laying out

    private func states() throws -> [FilePath] {
        try Disk().entries(of: folder.path)
            .map { folder.path.appending($0.name).appending(AlbumFolder.stateName) }
            .filter { try Disk().statusIfPresent(of: $0) != nil }
    }

    private func put(_ file: Record.File) throws {
        let parts = file.origin.split(separator: "#")
        let origin = FilePath(String(parts[0]))
        let place =
            origin.starts(with: "samples")
            ? samples.removingLastComponent() : Self.fixture
        var bytes = try Disk().contents(of: place.pushing(origin), limit: 1 << 24)
        if parts.count > 1 { bytes = Array(bytes.prefix(try #require(Int(parts[1])))) }
        try #require(
            ContentHasher.hash(bytes).hexadecimal == file.hash, "\(origin) is another photo")
        let path = path(file.path)
        try Disk().makeFolders(path.folder)
        try Disk().create(path, mode: 0o644, contents: bytes)
        let time = Date(timeIntervalSince1970: Double(file.modified) / 1e9)
        try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: path.string)
    }

    /// A catalogue has absolute paths only for its sources.
    private func moveCatalogue(_ path: FilePath) throws {
        let catalogue = try Catalogue(path: path, access: .write)
        let sources = try catalogue.sources()
        try catalogue.close()
        let database = try DatabaseQueue(path: path.string)
        for source in sources {
            let place = try #require(source.path.relative(to: FilePath(record.root)))
            let moved = Data(folder.path.pushing(place).string.utf8)
            try database.write {
                try $0.execute(
                    sql: "UPDATE source SET path = ? WHERE id = ?",
                    arguments: [moved, source.id.rawValue])
            }
        }
        try database.close()
    }

    /// Each line with its paths as they are here, and with its checksum if it had one.
    private func moveJournal(_ path: FilePath) throws {
        let text = try Disk().contents(of: path, limit: 1 << 24)
        let lines = text.split(separator: JSONLines.newline).map { line -> [UInt8] in
            let sumLength = #","sum":"0123456789abcdef"}"#.utf8.count
            let hasSum = JournalLine.hasSum(line)
            let plain = hasSum ? Array(line.dropLast(sumLength)) + [UInt8(ascii: "}")] : Array(line)
            let moved = Self.moved(plain, from: record.root, to: folder.path.string)
            guard hasSum else { return moved }
            let sum = ContentHasher.hash(moved).hexadecimal.prefix(16)
            return moved.dropLast() + Array(#","sum":"\#(sum)"}"#.utf8)
        }
        try Disk().remove(path)
        try Disk().create(path, contents: lines.flatMap { $0 + [JSONLines.newline] })
    }

    /// A text with one path in the place of another; neither needs an escape in JSON.
    private static func moved(_ text: [UInt8], from: String, to: String) -> [UInt8] {
        Array(String(decoding: text, as: UTF8.self).replacingOccurrences(of: from, with: to).utf8)
    }
}

/// Whether an answer in JSON has all that an earlier one had; it may have more members.
func has(_ answer: Any?, all earlier: Any) -> Bool {
    switch (answer, earlier) {
    case (let answer as [String: Any], let earlier as [String: Any]):
        earlier.allSatisfy { has(answer[$0.key], all: $0.value) }
    case (let answer as [Any], let earlier as [Any]):
        answer.count == earlier.count && zip(answer, earlier).allSatisfy { has($0, all: $1) }
    case (let answer as String, let earlier as String): answer == earlier
    case (let answer as NSNumber, let earlier as NSNumber): answer == earlier
    default: false
    }
}
