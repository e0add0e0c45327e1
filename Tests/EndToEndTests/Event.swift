import Foundation
import SystemPackage
import Testing
import TestSupport

/// An event in a folder of its own: `photos` and `people`, to be sorted to `album`.
final class Event {
    let folder: TemporaryFolder
    var program: Program
    /// The portraits of these people are told apart at any sensible tolerance.
    static let people = ["John_Salley", "John_Savage", "John_Simm"]

    init(_ kind: TemporaryFolder.Kind = .onDisk) throws {
        folder = try TemporaryFolder(kind)
        program = Program(in: folder.path)
    }

    var path: FilePath { folder.path }
    var photos: FilePath { path.appending("photos") }
    var album: FilePath { path.appending("album") }
    let sort = ["sort", "photos", "--people", "people", "--to", "album", "--json"]

    /// The sample photos; without them nothing here can be tested, so they are required.
    static let samples: String = {
        let variables = ProcessInfo.processInfo.environment
        let cache =
            variables["XDG_CACHE_HOME"] ?? (variables["HOME"] ?? NSHomeDirectory()) + "/.cache"
        return cache + "/facesort/samples"
    }()

    /// A sample portrait of one of ``people``, counted from 0.
    static func portrait(_ person: Int, _ number: Int) throws -> Data {
        let folder = samples + "/johns/" + people[person]
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
        let sorted = try #require(names, "'\(folder)' is missing: run 'Scripts/setup --tests'")
            .sorted()
        return try Data(contentsOf: URL(fileURLWithPath: folder + "/" + sorted[number]))
    }

    func write(_ bytes: Data, to name: String) throws {
        let file = URL(fileURLWithPath: path.appending(name).string)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try bytes.write(to: file)
    }

    func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: path.appending(name).string)
    }

    /// Portraits of two people in `people`: `Anna.jpg` and `Ben/1.jpg`, `Ben/2.jpg`.
    func addPeople() throws {
        try write(Self.portrait(0, 0), to: "people/Anna.jpg")
        try write(Self.portrait(1, 0), to: "people/Ben/1.jpg")
        try write(Self.portrait(1, 1), to: "people/Ben/2.jpg")
    }

    /// Ten small photos in `into`: four of Anna, three of Ben, two strangers, one of nobody.
    func addTenPhotos(into: String = "photos") throws {
        for number in 1...4 {
            try write(Self.portrait(0, number), to: "\(into)/anna \(number).jpg")
        }
        for number in 2...4 { try write(Self.portrait(1, number), to: "\(into)/ben \(number).jpg") }
        for number in 1...2 {
            try write(Self.portrait(2, number), to: "\(into)/élève \(number).jpg")
        }
        try write(Self.empty(1), to: "\(into)/nobody.png")
    }

    static func small() throws -> Event {
        let event = try Event()
        try event.addPeople()
        try event.addTenPhotos()
        return event
    }

    /// A picture of nobody. Bytes behind its end make each a photo of its own, of any size.
    static func empty(_ number: Int, padding: Int = 0) -> Data {
        let picture = PNGFile(width: 32, height: 32) { x, y in [x * 4, y * 4, 90] }
        var bytes = Data(picture.bytes)
        bytes.append(Data("photo \(number)".utf8))
        bytes.append(Data(repeating: UInt8(truncatingIfNeeded: number), count: padding))
        return bytes
    }

    /// Times and permissions as no program would set them by itself.
    func makePeculiar(_ name: String, seconds: Int, mode: mode_t) throws {
        let times = [
            timespec(tv_sec: seconds, tv_nsec: 120_000_000),
            timespec(tv_sec: seconds, tv_nsec: 120_000_000),
        ]
        try path.appending(name).withPlatformString { file in
            guard utimensat(AT_FDCWD, file, times, 0) == 0, chmod(file, mode) == 0 else {
                throw Errno(rawValue: errno)
            }
        }
    }
}
