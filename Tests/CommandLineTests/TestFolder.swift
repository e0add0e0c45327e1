import Foundation
import TestSupport
import Testing

/// A folder of one test, removed with it, in which it can build a small event.
final class TestFolder {
    let url: URL
    var path: String { url.path }

    /// Two people and a stranger among the sample portraits, told apart at any sensible tolerance:
    /// the portraits of one person are at most .36 apart, those of two people at least .68.
    enum Portrait: String {
        case anna = "John_Salley"
        case ben = "John_Savage"
        case stranger = "John_Simm"
    }

    init() throws {
        _ = StateHome.path
        url = FileManager.default.temporaryDirectory
            .appendingPathComponent("facesort-cli-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
        try? FileManager.default.removeItem(at: outputs)
    }

    /// An event: `people/Anna.jpg`, `people/Ben.jpg`, and in `photos` two of each, a stranger and
    /// a picture of nobody.
    static func withEvent() throws -> TestFolder {
        let folder = try TestFolder()
        try folder.add(.anna, 0, as: "people/Anna.jpg")
        try folder.add(.ben, 0, as: "people/Ben.jpg")
        for number in 1...2 {
            try folder.add(.anna, number, as: "photos/anna \(number).jpg")
            try folder.add(.ben, number, as: "photos/ben \(number).jpg")
        }
        try folder.add(.stranger, 1, as: "photos/stranger.jpg")
        try folder.write(FlatPicture.png(side: 64), to: "photos/nobody.png")
        return folder
    }

    /// An album `album` of ``withEvent()``.
    static func withAlbum() throws -> TestFolder {
        let folder = try withEvent()
        let run = try FacesortProgram.run(
            ["sort", "photos", "--people", "people", "--to", "album"], in: folder)
        try #require(run.status == 0, "\(run.errors)")
        return folder
    }

    /// Puts the sample portrait `number` of someone at `name`, folders and all.
    ///
    /// - Parameter mark: put behind the end of the picture, it makes it a photo of its own.
    func add(_ portrait: Portrait, _ number: Int, as name: String, mark: Int? = nil) throws {
        let folder = "johns/\(portrait.rawValue)"
        let url = Self.samples.appendingPathComponent(folder)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        try #require(
            number < names.count, "no sample photos in \(url.path): run 'Scripts/setup --tests'")
        try add(sample: "\(folder)/\(names.sorted()[number])", as: name, mark: mark)
    }

    /// Puts the sample group photo `sample` at `name`.
    func add(group sample: String, as name: String, mark: Int? = nil) throws {
        try add(sample: "faces/\(sample)", as: name, mark: mark)
    }

    private func add(sample: String, as name: String, mark: Int?) throws {
        let bytes = try Data(contentsOf: Self.samples.appendingPathComponent(sample))
        try write(bytes + Data((mark.map { "mark \($0)" } ?? "").utf8), to: name)
    }

    /// A folder with links to the models that every command needs, and no other.
    func linkModels(to name: String) throws {
        try makeFolder(name)
        let models = URL(fileURLWithPath: FacesortProgram.models)
        for file in [
            "shape_predictor_5_face_landmarks.dat", "dlib_face_recognition_resnet_model_v1.dat",
            "mmod_human_face_detector.dat",
        ] {
            try FileManager.default.createSymbolicLink(
                at: url.appendingPathComponent(name).appendingPathComponent(file),
                withDestinationURL: models.appendingPathComponent(file))
        }
    }

    func write(_ bytes: Data, to name: String) throws {
        let file = url.appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try bytes.write(to: file)
    }

    func write(_ text: String, to name: String) throws {
        try write(Data(text.utf8), to: name)
    }

    func makeFolder(_ name: String) throws {
        try FileManager.default.createDirectory(
            at: url.appendingPathComponent(name), withIntermediateDirectories: true)
    }

    func has(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: url.appendingPathComponent(name).path)
    }

    func bytes(of name: String) throws -> Data {
        try Data(contentsOf: url.appendingPathComponent(name))
    }

    /// The names in a folder, sorted; empty when it does not exist.
    func names(in name: String) -> [String] {
        let folder = url.appendingPathComponent(name).path
        return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    /// A file for what a run prints, outside the folder, which stays as the test made it.
    func openForWriting(_ name: String) throws -> (handle: FileHandle, text: () throws -> String) {
        try FileManager.default.createDirectory(at: outputs, withIntermediateDirectories: true)
        let file = outputs.appendingPathComponent("\(name) \(UUID().uuidString)")
        try Data().write(to: file)
        let text = { String(decoding: try Data(contentsOf: file), as: UTF8.self) }
        return (try FileHandle(forWritingTo: file), text)
    }

    private var outputs: URL { url.appendingPathExtension("outputs") }

    private static let samples: URL = {
        let variables = ProcessInfo.processInfo.environment
        let cache =
            variables["XDG_CACHE_HOME"] ?? (variables["HOME"] ?? NSHomeDirectory()) + "/.cache"
        return URL(fileURLWithPath: cache).appendingPathComponent("facesort/samples")
    }()
}
