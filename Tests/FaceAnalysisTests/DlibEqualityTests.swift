import CFaceEngine
import PhotoImaging
import TestSupport
import Testing

/// oneDNN's networks against dlib's own execution of them, on every sample photo.
@Suite(.slow) struct DlibEqualityTests {
    /// Distance between encodings of one chip: single-precision sums in another order.
    private static let mostF32: Float = 1e-5
    /// The same when the encoder calculates with 8 bits of precision; a twenty-fifth of the
    /// tolerance.
    private static let mostBF16: Float = 0.02
    /// Between the detector's scores, for the same reason; a face has at least some tenths.
    private static let mostScore: Float = 1e-4

    @Test(
        "The CNN's rectangles are dlib's and its scores nearly, on every photo with faces",
        arguments: try Fixtures.namesOfFaces())
    func detectorOnPhotos(name: String) throws {
        let picture = try Fixtures.sample(name).pixels()
        // Most have 500 pixels and small faces, so they are enlarged. False faces are compared too,
        // down to the weakest score that a search uses; farther below one place differs by more:
        // -0.9622 instead of -0.9619 in 2008_004176.
        let weakest = -0.5
        let resize = max(picture.width, picture.height) <= 500 ? 2.0 : 1.0
        let boxes = try Engine(EngineModels.f32)
            .cnnBoxes(picture, resize: resize, threshold: weakest)
        #expect(!boxes.isEmpty || name.hasSuffix("dogs.jpg"))
        try expectSame(
            boxes,
            Engine(EngineModels.dlib).cnnBoxes(picture, resize: resize, threshold: weakest))
    }

    @Test("The CNN's rectangles are dlib's on every portrait, and on some of them enlarged")
    func detectorOnPortraits() throws {
        let engine = try Engine(EngineModels.f32)
        let dlib = try Engine(EngineModels.dlib)
        var count = 0
        for (_, photos) in try Fixtures.portraits() {
            for (number, photo) in photos.enumerated() {
                let picture = try photo.pixels()
                for resize in number < 2 ? [1, 1.5] : [1] {
                    let boxes = try engine.cnnBoxes(picture, resize: resize)
                    try expectSame(boxes, dlib.cnnBoxes(picture, resize: resize))
                    count += boxes.count
                }
            }
        }
        // Otherwise the lists were empty.
        #expect(count >= 50)
    }

    private func expectSame(_ boxes: [cface_box], _ expected: [cface_box]) throws {
        try #require(boxes.count == expected.count)
        for reference in expected {
            let box = try #require(boxes.first { $0.hasPlace(of: reference) })
            #expect(
                abs(box.confidence - reference.confidence) <= Self.mostScore,
                "\(box.confidence) instead of \(reference.confidence) at \(reference)")
        }
    }

    @Test("Every face's encodings in f32 are dlib's but for rounding")
    func encodingsF32() throws {
        try expectNear(EngineModels.f32, most: Self.mostF32)
    }

    @Test(
        "Every face's encodings in bf16 are near dlib's",
        .enabled(if: try Fixtures.hasBF16, "this processor does not calculate with bf16"))
    func encodingsBF16() throws {
        let largest = try expectNear(EngineModels.bf16, most: Self.mostBF16)
        // Otherwise f32 ran.
        #expect(largest > Self.mostF32)
    }

    /// - Returns: the largest distance.
    @discardableResult
    private func expectNear(
        _ models: Result<EngineModels, any Error>, most: Float
    ) throws -> Float {
        let engine = try Engine(models)
        var largest: Float = 0
        for photo in try Self.references.get() {
            let picture = try photo.source.pixels()
            let faces = try engine.faces(picture, photo.boxes)
            for (face, reference) in zip(faces, photo.faces) {
                let plain = distance(face.plainComponents, reference.plain)
                let mean = distance(face.mirrorMeanComponents, reference.mirrorMean)
                #expect(plain <= most && mean <= most)
                largest = max(largest, plain, mean)
            }
        }
        print("encodings: at most \(largest) from dlib's")
        return largest
    }

    /// A sample photo with its faces as dlib encodes them.
    private struct Reference {
        let source: PhotoSource
        let boxes: [cface_box]
        let faces: [(plain: [Float], mirrorMean: [Float])]
    }

    /// Made once; dlib is slow.
    private static let references = Result {
        let engine = try Engine(EngineModels.f32)
        let dlib = try Engine(EngineModels.dlib)
        let photos =
            try Fixtures.namesOfFaces().map(Fixtures.sample)
            + Fixtures.portraits().flatMap(\.photos)
        let references = try photos.map { photo in
            let picture = try photo.pixels()
            // Enlarged, for the small faces.
            let boxes = try engine.cnnBoxes(picture, resize: 2, pyramid: 4)
            let faces = try dlib.faces(picture, boxes).map {
                (plain: $0.plainComponents, mirrorMean: $0.mirrorMeanComponents)
            }
            return Reference(source: photo, boxes: boxes, faces: faces)
        }
        // Otherwise too few: 55 portraits and some group photos.
        try #require(references.map(\.faces.count).reduce(0, +) >= 100)
        return references
    }
}
