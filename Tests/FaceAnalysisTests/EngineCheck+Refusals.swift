import CFaceEngine
import Foundation
import PhotoImaging
import SystemPackage
import TestSupport
import Testing

/// Pictures without faces, and what is no picture, no box, no search or no model.
extension EngineCheck {
    static func noFaces(_ tested: TestedEngine) throws {
        let engine = try tested.engine()
        for (width, height) in [
            (1, 1), (1, 20_000), (20_000, 1), (40, 41), (79, 81), (40, 1000),
            tested.isSlow ? (320, 240) : (640, 480),
        ] {
            let plain = try PixelBuffer(width: width, height: height, red: 200, green: 90, blue: 40)
            try expectNoFaces(plain, engine, tested)
            try expectNoFaces(Pictures.noise(width: width, height: height), engine, tested)
        }
    }

    private static func expectNoFaces(
        _ picture: borrowing PixelBuffer, _ engine: Engine, _ tested: TestedEngine
    ) throws {
        let size = "\(picture.width) x \(picture.height)"
        for window in [40, 80] {
            let hog = try engine.hogBoxes(picture, window: window)
            let enlarged = try engine.hogBoxes(picture, enlarge: 1.5, window: window)
            #expect(hog.isEmpty && enlarged.isEmpty, "\(size)")
        }
        // dlib has one pyramid.
        for pyramid in tested.isSlow ? [6] : [3, 4, 6] {
            for resize in [0.01, 0.5, 1, 1.5] {
                let cnn = try engine.cnnBoxes(picture, resize: resize, pyramid: pyramid)
                #expect(cnn.isEmpty, "\(size), \(pyramid), \(resize)")
            }
        }
    }

    static func edge(_ tested: TestedEngine) throws {
        let engine = try tested.engine()
        let picture = try Pictures.noise(width: 64, height: 48)
        let boxes = [(-40, -40, 80, 80), (60, 40, 90, 90), (0, 0, 1, 1), (-900, 0, 100, 100)].map {
            cface_box(left: $0, top: $1, width: $2, height: $3, confidence: 0, view: 0)
        }
        for face in try engine.faces(picture, boxes) {
            #expect(!face.plainComponents.contains { !$0.isFinite })
            #expect(!face.mirrorMeanComponents.contains { !$0.isFinite })
            #expect(face.sharpness.isFinite)
        }
    }

    static func limits(_ tested: TestedEngine) throws {
        let engine = try tested.engine()
        let refusal = EngineFailure(status: CFACE_BAD_ARGUMENT)
        for isWide in [true, false] {
            func strip(_ length: Int) throws -> PixelBuffer {
                try PixelBuffer(width: isWide ? length : 1, height: isWide ? 1 : length, red: 90)
            }
            let box = cface_box(left: 0, top: 0, width: 1, height: 1, confidence: 0, view: 0)
            let longest = try strip(CFACE_MAXIMUM_SIDE)
            #expect(try engine.cnnBoxes(longest).isEmpty)
            #expect(try engine.hogBoxes(longest).isEmpty)
            #expect(try engine.faces(longest, [box]).count == 1)
            let longer = try strip(CFACE_MAXIMUM_SIDE + 1)
            #expect(throws: refusal) { try engine.cnnBoxes(longer) }
            #expect(throws: refusal) { try engine.hogBoxes(longer) }
            #expect(throws: refusal) { try engine.faces(longer, [box]) }
        }
    }

    static func refusals(_ tested: TestedEngine) throws {
        let engine = try tested.engine()
        let picture = try PixelBuffer(width: 64, height: 48)
        let refusal = EngineFailure(status: CFACE_BAD_ARGUMENT)
        #expect(throws: refusal) { try engine.hogBoxes(picture, width: 0) }
        #expect(throws: refusal) { try engine.hogBoxes(picture, width: 40_000) }
        #expect(throws: refusal) { try engine.hogBoxes(picture, stride: 64) }
        #expect(throws: refusal) { try engine.hogBoxes(picture, threshold: .nan) }
        #expect(throws: refusal) { try engine.hogBoxes(picture, enlarge: 0) }
        #expect(throws: refusal) { try engine.hogBoxes(picture, enlarge: .nan) }
        #expect(throws: refusal) { try engine.hogBoxes(picture, window: 60) }
        #expect(throws: refusal) { try engine.hogBoxes(picture, levels: -1) }
        for resize in [0, -1, 4.1, .nan] {
            #expect(throws: refusal) { try engine.cnnBoxes(picture, resize: resize) }
        }
        #expect(throws: refusal) { try engine.cnnBoxes(picture, pyramid: 5) }
        #expect(throws: refusal) { try engine.cnnBoxes(picture, levels: -1) }
        #expect(throws: refusal) { try engine.cnnBoxes(picture, threshold: .infinity) }
        let long = try PixelBuffer(width: 20_000, height: 1)
        #expect(throws: refusal) { try engine.cnnBoxes(long, resize: 2) }
        #expect(throws: refusal) { try engine.faces(picture, [cface_box()]) }
        #expect(throws: refusal) { try Engine(tested.models, hog: 7) }
        #expect(throws: refusal) { try EngineModels(9) }
    }

    static func refused(_ tested: TestedEngine) throws {
        let engine = try tested.engine()
        let picture = try Fixtures.sample("faces/2008_001322.jpg").pixels()
        let before = try engine.cnnBoxes(picture)
        let encoded = try engine.faces(picture, before)
        #expect(throws: EngineFailure.self) { try engine.cnnBoxes(picture, resize: 9) }
        #expect(throws: EngineFailure.self) { try engine.hogBoxes(picture, stride: 1) }
        #expect(throws: EngineFailure.self) { try engine.faces(picture, before + [cface_box()]) }
        let after = try engine.cnnBoxes(picture)
        try #require(!before.isEmpty && after.count == before.count)
        for (box, same) in zip(after, before) { #expect(box.isIdentical(to: same)) }
        let again = try engine.faces(picture, after)
        #expect(again.map(\.plainComponents) == encoded.map(\.plainComponents))
    }

    static func models(_ tested: TestedEngine) throws {
        let names = (0..<CFACE_MODEL_FILE_COUNT).compactMap {
            cface_known_model_file(Int32($0)).map { String(cString: $0.pointee.name) }
        }
        try #require(names.count == CFACE_MODEL_FILE_COUNT)
        for name in names {
            try Fixtures.withFolder { folder in
                func expect(_ status: Int, _ content: Data? = nil) throws {
                    try content?.write(to: URL(fileURLWithPath: folder.appending(name).string))
                    #expect(throws: EngineFailure(status: status)) {
                        try EngineModels(tested.networks, in: folder)
                    }
                }
                for other in names where other != name {
                    try FileManager.default.createSymbolicLink(
                        atPath: folder.appending(other).string,
                        withDestinationPath: Fixtures.modelFolder.appending(other).string)
                }
                try expect(CFACE_NO_MODEL)
                let path = Fixtures.modelFolder.appending(name).string
                var content = try Data(contentsOf: URL(fileURLWithPath: path))
                try expect(CFACE_BAD_MODEL, content.dropLast())
                content[content.count / 2] ^= 1
                try expect(CFACE_BAD_MODEL, content)
            }
        }
    }
}
