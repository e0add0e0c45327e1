import PhotoIndex
import FileLedger
import AlbumKit
import FaceCore
import Foundation
import GRDB
import SystemPackage
import TestSupport

/// One kind of state that is made hostile.
package enum StateKind: String, CaseIterable, Sendable {
    case journals, decisions, choices, catalogue
    /// What `keep` learnt.
    case model
    /// Other things in the places of the state's files and folders: links, pipes, folders.
    case places
}

/// Makes the state of a workspace hostile, the same way for the same seed.
struct Mutation {
    let home: FilePath
    let workspace: FilePath
    /// Every file of the home as it was, by path from the home.
    let files: [String: [UInt8]]
    private(set) var random: SplitMix64
    /// What was done, in words.
    private(set) var steps: [String] = []

    init(_ scene: StateScene, _ workspace: StateScene.Workspace, _ random: SplitMix64) {
        home = scene.home
        self.workspace = scene.path(workspace)
        files = scene.before.files
        self.random = random
    }

    private func state(_ name: String) -> String { workspace.string + "/.facesort/" + name }

    mutating func apply(_ kind: StateKind) throws {
        switch kind {
        case .journals:
            let names = try FileTree.names(in: FilePath(state("journal"))).map(\.string).sorted()
            for _ in 0..<pick([1, 1, 2]) {
                try mutateLines(of: state("journal/" + pick(names)), among: names)
            }
        case .decisions: try mutateLines(of: state("decisions.jsonl"), among: [])
        case .choices: try mutateLines(of: state("choices.jsonl"), among: [])
        case .catalogue: try mutateCatalogue()
        case .model: try mutateModel()
        case .places: try mutatePlace()
        }
    }

    // MARK: Chance

    mutating func pick<Element>(_ all: [Element]) -> Element {
        all[Int.random(in: 0..<all.count, using: &random)]
    }

    mutating func chance(_ oneIn: Int) -> Bool { Int.random(in: 0..<oneIn, using: &random) == 0 }

    // MARK: Values

    /// Paths, names and words that lead somewhere else.
    private mutating func hostileText() -> String {
        let home = home.string
        let inHome = pick(files.keys.sorted())
        return pick([
            home + "/" + inHome, "../" + inHome, "../../" + inHome, "Anna/../../" + inHome,
            home + "/precious/new.txt", "../precious/new.txt", home + "/precious/empty folder",
            home + "/precious", home, "/", "..", ".", "./x", "", "/etc/hostname", "a/b/c/d",
            "Anna/mine.jpg", "Anna/a.jpg", "notes.txt", "empty folder", "group/empty.txt", "Anna",
            ".facesort", ".facesort/lock", ".facesort/journal/0001.jsonl",
            ".facesort/removed/../../notes.txt", ".facesort/removed/0001/x", "unknown/person-01",
            "unknown/person-999999999999999999", "group", "unknown", "0001", "0002", "0003",
            "9223372036854775807", "-1", "../../x", "sort", "copy", "bring", "move", "remove",
            "removeAside", "makeFolder", "intend", "done", "placing", "placingBack", "dropped",
            "reverted", "undo", "undone", "resume", "end", "begin", "open", "finished",
            "undoing", "is", "isNot", "same", "different", "drawn", "portrait", "rename", "merge",
            "withdraw", "ignore", "Anna", "Ben", "Benjamin", "Cleo", "keep", "discard", "none",
            "\u{0}", "a\u{0}b", "\u{202E}", "e\u{301}", "\n", String(repeating: "x", count: 5000),
            String(repeating: "../", count: 400),
        ])
    }

    private mutating func hostileNumber() -> String {
        pick([
            "0", "-1", "1", "2", "3", "9223372036854775807", "9223372036854775806",
            "-9223372036854775808", "9223372036854775808", "18446744073709551616", "1e308", "1e400",
            "0.5", "-0.0", "4294967296", "9007199254740993", "1000000000", "3e-320",
        ])
    }

    private mutating func hostileHash() -> String {
        guard !chance(4) else {
            return pick([
                "", "00", String(repeating: "0", count: 64), String(repeating: "g", count: 64),
            ])
        }
        return ContentHasher.hash(files[pick(files.keys.sorted())] ?? []).hexadecimal
    }

    private mutating func hostileValue(_ name: String) -> JSONTree {
        switch Int.random(in: 0..<12, using: &random) {
        case 0...4:
            return .text(name == "hash" || name == "photo" ? hostileHash() : hostileText())
        case 5...7: return .number(hostileNumber())
        case 8:
            // Bytes of a name that is no text.
            let digits = pick(["ff", "2e2e2f", "", "f", "zz", "00", "2f6574632f"])
            return .object([JSONTree.Member(name: "hex", value: .text(digits))])
        case 9:
            return pick([
                .null, .bool(true), .array([]), .object([]), .array([.text("")]), .text(""),
            ])
        case 10:
            let depth = pick([2, 100, 511, 2000])
            return .raw(
                String(repeating: "[", count: depth) + String(repeating: "]", count: depth))
        default:
            return .raw(pick(["NaN", "01", "'x'", "\"\\ud800\"", "\"\\u0000\"", "tru", "{", ""]))
        }
    }

    // MARK: Lines

    private mutating func mutateLines(of file: String, among journals: [String]) throws {
        let bytes = try FileTree.bytes(FilePath(file))
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: true).map(Array.init)
        for _ in 0..<pick([1, 1, 1, 2, 4]) {
            guard !lines.isEmpty else { break }
            let index = Int.random(in: 0..<lines.count, using: &random)
            switch Int.random(in: 0..<16, using: &random) {
            case 0...8: lines[index] = mutated(lines[index], among: lines)
            case 9: lines.insert(lines[index], at: Int.random(in: 0...lines.count, using: &random))
            case 10: lines.remove(at: index)
            case 11: lines.swapAt(index, Int.random(in: 0..<lines.count, using: &random))
            // A run that was killed.
            case 12: lines.removeLast(min(lines.count - 1, pick([1, 2, 3, 5])))
            case 13...14: lines += hostileLines(after: lines)
            default: lines[index] = torn(lines[index])
            }
        }
        if !journals.isEmpty {
            // As an older program wrote it, or with checksums that are right again.
            let isOld = chance(4)
            lines = lines.map { chance(12) ? $0 : summed($0, isOld: isOld) }
        }
        var text = Array(lines.joined(separator: [0x0A])) + [0x0A]
        switch Int.random(in: 0..<24, using: &random) {
        case 0: text.removeLast()
        case 1: text = Array(text.prefix(Int.random(in: 0...text.count, using: &random)))
        case 2: text = [0xEF, 0xBB, 0xBF] + text
        case 3: text = text.flatMap { [$0, 0] }
        case 4: text = text.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }
        case 5: text += [0x0A, 0x0A, 0x0A]
        case 6: text = []
        case 7:
            text = Array(files.values.sorted { $0.count < $1.count }[pick([0, 5, 10, 15])]) + text
        case 8 where !journals.isEmpty:
            // A run under another name, or twice.
            let name = pick(["0009", "9223372036854775807", "x", "0001", "-1"]) + ".jsonl"
            steps.append("the same as '\(name)'")
            try FileTree.replace(state("journal/" + name), with: text)
        default: break
        }
        steps.append(
            "'\(file.dropFirst(home.string.count + 1))' became:\n"
                + String(decoding: text.prefix(20_000), as: UTF8.self))
        try FileTree.replace(file, with: text)
    }

    private mutating func torn(_ line: [UInt8]) -> [UInt8] {
        var line = line
        for _ in 0..<pick([1, 1, 3, 8]) where !line.isEmpty {
            let index = Int.random(in: 0..<line.count, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: line[index] = UInt8.random(in: 0...255, using: &random)
            case 1: line.remove(at: index)
            default: line.insert(UInt8.random(in: 0...255, using: &random), at: index)
            }
        }
        return line.filter { $0 != 0x0A }
    }

    /// A line with some of its values changed.
    private mutating func mutated(_ line: [UInt8], among lines: [[UInt8]]) -> [UInt8] {
        guard var tree = JSONTree(line) else { return torn(line) }
        for _ in 0..<pick([1, 1, 2, 3]) {
            let place = Int.random(in: 0..<tree.count, using: &random)
            // From another line, or from nowhere.
            let other = JSONTree(pick(lines)) ?? .null
            let foreign = part(of: other, at: Int.random(in: 0..<other.count, using: &random))
            let isForeign = chance(4)
            let choice = Int.random(in: 0..<10, using: &random)
            var values = (0..<2).map { _ in hostileValue("") }
            let hash = hostileHash()
            let extra = JSONTree.Member(name: hostileText(), value: hostileValue(""))
            tree.change(place) { name, value in
                switch (choice, value) {
                case (0, .object(var members)) where !members.isEmpty:
                    members.remove(at: place % members.count)
                    value = .object(members)
                case (1, .object(var members)) where !members.isEmpty:
                    members.append(members[place % members.count])
                    value = .object(members)
                case (2, .object(var members)):
                    members.append(extra)
                    value = .object(members)
                case (3, .array(let all)): value = .array(all + all + values)
                default:
                    if isForeign {
                        value = foreign
                    } else if name == "hash" || name == "photo" {
                        value = .text(hash)
                    } else {
                        value = values.removeFirst()
                    }
                }
            }
        }
        return tree.bytes.filter { $0 != 0x0A }
    }

    private func part(of tree: JSONTree, at place: Int) -> JSONTree {
        var copy = tree
        var found = JSONTree.null
        copy.change(place) { _, value in found = value }
        return found
    }

    /// A line of a journal with the checksum that it should have, or without.
    private func summed(_ line: [UInt8], isOld: Bool) -> [UInt8] {
        guard var tree = JSONTree(line), case .object = tree else { return line }
        tree["sum"] = nil
        let bytes = tree.bytes
        guard !isOld else { return bytes }
        let sum = ContentHasher.hash(bytes).hexadecimal.prefix(16)
        return bytes.dropLast() + Array(",\"sum\":\"\(sum)\"}".utf8)
    }

    /// Acts that were never done, on files that are there, with their true hashes.
    private mutating func hostileLines(after lines: [[UInt8]]) -> [[UInt8]] {
        let name = pick(["copy", "bring", "move", "remove", "removeAside", "makeFolder"])
        let inWorkspace = workspace.lastComponent?.string ?? ""
        let ours = files.keys.filter {
            $0.hasPrefix(inWorkspace + "/") && !$0.contains("/.facesort/")
        }.sorted().map { String($0.dropFirst(inWorkspace.count + 1)) }
        let target = chance(2) ? pick(ours) : hostileText()
        let bytes = files[inWorkspace + "/" + target] ?? files[pick(files.keys.sorted())] ?? []
        let elsewhere = chance(2) ? home.string + "/precious/new.txt" : hostileText()
        var act: [(String, JSONTree)] = [
            ("name", .text(name)), ("hash", .text(ContentHasher.hash(bytes).hexadecimal)),
            ("byteCount", .number("\(bytes.count)")), ("link", .text(pick(["copy", "hard"]))),
        ]
        switch name {
        case "copy": act += [("source", .text(elsewhere)), ("to", .text(target))]
        case "bring", "move": act += [("from", .text(elsewhere)), ("to", .text(target))]
        case "remove": act += [("path", .text(target)), ("original", .text(elsewhere))]
        default: act += [("path", .text(target))]
        }
        let number = pick(["77", "1", hostileNumber()])
        func line(_ members: [(String, JSONTree)]) -> [UInt8] {
            JSONTree.object(members.map { JSONTree.Member(name: $0.0, value: $0.1) }).bytes
        }
        let intended = line([
            ("line", .text("intend")), ("number", .number(number)),
            ("act", .object(act.map { JSONTree.Member(name: $0.0, value: $0.1) })),
            ("aside", pick([.null, .text(".facesort/removed/0001/" + target), .text(target)])),
        ])
        let after = pick([["done"], ["done"], [], ["placing"], ["done", "undo"], ["reverted"]])
        return [intended]
            + after.map { kind in
                line([
                    ("line", .text(kind)), ("number", .number(number)),
                    ("numbers", .array([.number(number)])),
                    ("byteCount", .number("\(bytes.count)")), ("modified", .number("0")),
                ])
            }
    }

    // MARK: The catalogue

    private mutating func mutateCatalogue() throws {
        let file = state("catalogue.sqlite")
        if chance(12) {
            var bytes = try FileTree.bytes(FilePath(file))
            for _ in 0..<pick([1, 4, 40]) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] =
                    UInt8.random(in: 0...255, using: &random)
            }
            if chance(4) { bytes.removeLast(bytes.count / pick([2, 3, 9])) }
            steps.append("'\(file)' has other bytes")
            return try FileTree.replace(file, with: bytes)
        }
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: file, configuration: configuration)
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA ignore_check_constraints = ON")
            for _ in 0..<pick([1, 1, 2, 4]) {
                let sql = try hostileStatement(database)
                steps.append(sql)
                // Some are refused, which is as good.
                try? database.execute(sql: sql)
            }
        }
        try queue.close()
    }

    private mutating func hostileStatement(_ database: Database) throws -> String {
        let tables = try String.fetchAll(
            database, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
        var table = pick(tables)
        // Rather one with something in it.
        for _ in 0..<3
        where try Int.fetchOne(database, sql: "SELECT count(*) FROM \"\(table)\"") == 0 {
            table = pick(tables)
        }
        let columns = try Row.fetchAll(database, sql: "PRAGMA table_info(\"\(table)\")")
            .map { ($0["name"] as String, $0["type"] as String) }
        guard !columns.isEmpty else { return "" }
        let (column, type) = pick(columns)
        switch Int.random(in: 0..<24, using: &random) {
        case 0: return "DROP TABLE \"\(table)\""
        case 1: return "DELETE FROM \"\(table)\""
        case 2:
            return "CREATE TRIGGER sly AFTER UPDATE ON \"\(table)\" BEGIN DELETE FROM photo; END"
        case 3:
            return "CREATE TABLE other AS SELECT * FROM \"\(table)\" UNION ALL "
                + "SELECT * FROM \"\(table)\"; PRAGMA legacy_alter_table = ON; "
                + "DROP TABLE \"\(table)\"; ALTER TABLE other RENAME TO \"\(table)\""
        case 4: return "PRAGMA user_version = \(hostileNumber())"
        case 5: return "ALTER TABLE \"\(table)\" RENAME COLUMN \"\(column)\" TO sly"
        default:
            let which = chance(3) ? "" : " WHERE rowid = (SELECT max(rowid) FROM \"\(table)\")"
            return "UPDATE \"\(table)\" SET \"\(column)\" = \(hostileSQL(type, table, column))"
                + (columns.contains { $0.0 == "id" || $0.0 == "number" } ? which : "")
        }
    }

    private mutating func hostileSQL(_ type: String, _ table: String, _ column: String) -> String {
        func quoted(_ text: String) -> String {
            "'"
                + text.replacingOccurrences(of: "'", with: "''")
                .replacingOccurrences(of: "\0", with: "") + "'"
        }
        switch type {
        case "INTEGER":
            return pick([hostileNumber(), "NULL", "\"\(column)\" + 1", "0", "-1"])
        case "REAL":
            return pick([
                hostileNumber(), "9e999", "-9e999", "-1.0", "0.0", "1e300", "NULL", "1e-300",
            ])
        case "BLOB":
            return pick([
                "CAST(\(quoted(hostileText())) AS BLOB)", "x''", "zeroblob(512)", "zeroblob(32)",
                "randomblob(512)", "NULL", "x'FFFFFF7F'", "x'\(hostileHash())'",
                "CAST(replace(hex(zeroblob(\(pick([32, 128])))), '00', x'FFFF7F7F') AS BLOB)",
            ])
        default:
            return pick([
                quoted(hostileText()), quoted(hostileText()), "NULL",
                quoted(
                    pick([
                        "{\"tolerance\":1e30,\"rule\":\"nearest\"}", "{}", "[", "running",
                        "finished", "undone", "person", "cluster", "2024-13-99T99:99:99",
                        "9999-05-01T12:33:10",
                    ])),
            ])
        }
    }

    // MARK: What was learnt

    private mutating func mutateModel() throws {
        let file = state("keep-model")
        let lines = try FileTree.bytes(FilePath(file)).split(
            separator: 0x0A, maxSplits: 2, omittingEmptySubsequences: false)
        guard lines.count == 3, var tree = JSONTree(Array(lines[2])) else { return }
        for _ in 0..<pick([1, 1, 2, 4]) {
            let place = Int.random(in: 0..<tree.count, using: &random)
            let value = hostileValue("")
            let isWhole = !chance(4)
            let flip = Int.random(in: 0..<400, using: &random)
            tree.change(place) { _, old in
                if isWhole, case .text(let text) = old, text.count > 100 {
                    // The classifier's own bytes: some other ones.
                    var bytes = Array(Data(base64Encoded: text) ?? Data())
                    if !bytes.isEmpty { bytes[flip % bytes.count] ^= UInt8(1 << (flip % 8)) }
                    old = .text(Data(bytes).base64EncodedString())
                } else {
                    old = value
                }
            }
        }
        let json = tree.bytes
        // With the checksum that it should have, so that it is believed.
        let sum = ContentHasher.hash(json).hexadecimal
        steps.append("keep-model became:\n" + String(decoding: json.prefix(5000), as: UTF8.self))
        try FileTree.replace(file, with: Array(lines[0]) + [0x0A] + Array(sum.utf8) + [0x0A] + json)
    }

    // MARK: Places

    /// Puts something else in the place of a file or folder of the state.
    private mutating func mutatePlace() throws {
        let names = [
            "", "lock", "catalogue.sqlite", "catalogue.sqlite-wal", "catalogue.sqlite-shm",
            "catalogue.sqlite-journal", "decisions.jsonl", "choices.jsonl", "keep-model", "journal",
            "journal/0001.jsonl", "journal/0002.jsonl", "journal/0009.jsonl", "cache", "removed",
            "removed/0001", "removed/0004", "settings.toml", "photos", "probe",
        ]
        let name = pick(names)
        let place = name.isEmpty ? workspace.string + "/.facesort" : state(name)
        let precious = home.string + "/precious"
        let targets = [
            precious + "/diary.txt", precious + "/notes.jsonl", precious + "/empty.txt", precious,
            precious + "/places.sqlite", precious + "/keys", precious + "/empty folder",
            precious + "/nothing", home.string + "/photos", "/dev/null",
        ]
        let target = pick(targets)
        let kind = pick(["link", "link", "link", "hard link", "pipe", "folder", "relative link"])
        steps.append("'\(name)' is a \(kind) (\(target))")
        FileTree.remove(FilePath(place))
        switch kind {
        case "link": symlink(target, place)
        case "relative link":
            symlink("../../" + target.dropFirst(home.string.count + 1), place)
        case "hard link": if link(target, place) != 0 { symlink(target, place) }
        case "pipe": mkfifo(place, 0o600)
        default: mkdir(place, 0o755)
        }
    }
}
