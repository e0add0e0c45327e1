import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import FaceAnalysis

@Suite struct ModelFilesTests {
    private static let names = [
        "shape_predictor_5_face_landmarks.dat", "dlib_face_recognition_resnet_model_v1.dat",
        "mmod_human_face_detector.dat",
    ]

    @Test("A folder without model files is refused, naming the first file")
    func missingFiles() throws {
        try Fixtures.withFolder { folder in
            let error = try #require(throws: ModelError.self) { try ModelFiles(folder: folder) }
            #expect(error.code == .missing)
            #expect(error.path == folder.appending(Self.names[0]))
        }
    }

    @Test("A model file that is cut short is refused with both sizes", arguments: names)
    func cutShort(name: String) throws {
        try Fixtures.withFolder { folder in
            try copyModels(to: folder)
            let path = folder.appending(name).string
            let size = try Data(contentsOf: URL(fileURLWithPath: path)).count
            try FileHandle(forUpdating: URL(fileURLWithPath: path)).truncate(atOffset: 1000)
            let error = try #require(throws: ModelError.self) { try ModelFiles(folder: folder) }
            #expect(error.code == .damaged && error.path == folder.appending(name))
            #expect(error.reason.contains("1000") && error.reason.contains("\(size)"))
        }
    }

    @Test("A model file of the right size with one other byte is refused", arguments: names)
    func altered(name: String) throws {
        try Fixtures.withFolder { folder in
            try copyModels(to: folder)
            let url = URL(fileURLWithPath: folder.appending(name).string)
            var bytes = try Data(contentsOf: url)
            bytes[bytes.count - 3] ^= 1
            try bytes.write(to: url)
            let files = try ModelFiles(folder: folder)
            let error = try #require(throws: ModelError.self) { try FaceModels(files) }
            #expect(error.code == .damaged && error.path == folder)
        }
    }

    @Test("A model file that vanishes after the check is missing, not a crash")
    func vanished() throws {
        try Fixtures.withFolder { folder in
            try copyModels(to: folder)
            let files = try ModelFiles(folder: folder)
            try FileManager.default.removeItem(atPath: folder.appending(Self.names[1]).string)
            let error = try #require(throws: ModelError.self) { try FaceModels(files) }
            #expect(error.code == .missing)
        }
    }

    @Test("Scripts/models.txt, by which the files are fetched, has what the engine accepts")
    func list() throws {
        let list = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Scripts/models.txt")
        let lines = try String(contentsOf: list, encoding: .utf8).split(separator: "\n")
            .filter { !$0.hasPrefix("#") && !$0.hasPrefix("archive ") }
        #expect(
            lines.map(String.init)
                == ModelFiles.known.map { "\($0.hash) \($0.byteCount) \($0.name)" })
        #expect(ModelFiles.known.map(\.name) == Self.names)
    }

    #if os(Linux)
        @Test("The model files have the SHA-256 that names the encodings' space")
        func hashes() throws {
            try Fixtures.withFolder { folder in
                let sums = folder.appending("sums").string
                let lines = ModelFiles.known.map {
                    "\($0.hash)  \(Fixtures.modelFolder.appending($0.name))\n"
                }
                try Data(lines.joined().utf8).write(to: URL(fileURLWithPath: sums))
                #expect(runTool(["sha256sum", "--check", "--strict", "--status", sums]) == 0)
            }
        }
    #endif

    @Test("The folder is the one named, else the environment's, else the user's data folder")
    func locating() {
        let environment = [
            "FACESORT_MODELS": "/m", "XDG_DATA_HOME": "/x", "HOME": "/home/anna",
        ]
        func located(_ explicit: FilePath?, without absent: Set<String>) -> FilePath {
            ModelFiles.locate(
                explicit: explicit, environment: environment.filter { !absent.contains($0.key) })
        }
        #expect(located("/e", without: []) == "/e")
        #expect(located(nil, without: []) == "/m")
        #expect(located(nil, without: ["FACESORT_MODELS"]) == "/x/facesort/models")
        #expect(
            located(nil, without: ["FACESORT_MODELS", "XDG_DATA_HOME"])
                == "/home/anna/.local/share/facesort/models")
        #expect(
            ModelFiles.locate(explicit: nil, environment: ["XDG_DATA_HOME": "here", "HOME": "/h"])
                == "/h/.local/share/facesort/models")
    }

    @Test("The space of the encodings names the aligner and the encoder by their hashes")
    func space() throws {
        let files = try ModelFiles(folder: Fixtures.modelFolder)
        let space = try files.space()
        #expect(space.alignerHash.hasPrefix("c4b1e980"))
        #expect(space.encoderHash.hasPrefix("55533b28"))
        #expect(try Fixtures.models.get().space == space)
        #expect(processorDescription.hasPrefix("oneDNN "))
        #expect(processorDescription.contains(", \(space.arithmetic); HOG "))
    }

    @Test("The space names the engine's arithmetic; bf16 is refused where it is missing")
    func arithmetic() throws {
        let files = try ModelFiles(folder: Fixtures.modelFolder)
        #expect(try files.space(engine: .f32).arithmetic == .f32)
        #expect(try files.space(engine: .dlib).arithmetic == .f32)
        if try Fixtures.hasBF16 {
            #expect(try files.space(engine: .bf16).arithmetic == .bf16)
        } else {
            let error = try #require(throws: ModelError.self) { try files.space(engine: .bf16) }
            #expect(error.code == .unsupported)
            #expect(throws: error) { try FaceModels(files, engine: .bf16) }
        }
    }

    @Test("A model file of another architecture is refused", arguments: [(1, 2), (2, 1), (0, 1)])
    func otherArchitecture(place: Int, content: Int) throws {
        try Fixtures.withFolder { folder in
            try copyModels(to: folder)
            let path = folder.appending(Self.names[place])
            let other = Fixtures.modelFolder.appending(Self.names[content])
            let size = try Data(contentsOf: URL(fileURLWithPath: path.string)).count
            // Of the right size, so that its content decides.
            let content = try Data(contentsOf: URL(fileURLWithPath: other.string)).prefix(size)
            let padded = content + Data(count: size - content.count)
            try padded.write(to: URL(fileURLWithPath: path.string))
            let files = try ModelFiles(folder: folder)
            let error = try #require(throws: ModelError.self) { try FaceModels(files) }
            #expect(error.code == .damaged)
        }
    }

    private func copyModels(to folder: FilePath) throws {
        for name in Self.names {
            try FileManager.default.copyItem(
                atPath: Fixtures.modelFolder.appending(name).string,
                toPath: folder.appending(name).string)
        }
    }
}
