import CFaceEngine
import PhotoImaging
import TestSupport
import Testing

/// What a face's encoding and a picture's faces may not depend on: other faces and pictures, and
/// other workers. All comparisons are exact to the bit.
@Suite(.slow) struct IndependenceTests {
    /// The arithmetics that this processor has.
    static let arithmetics = ["f32"] + (((try? Fixtures.hasBF16) ?? false) ? ["bf16"] : [])

    private static func models(_ arithmetic: String) -> Result<EngineModels, any Error> {
        arithmetic == "bf16" ? EngineModels.bf16 : EngineModels.f32
    }

    @Test(
        "An encoding does not depend on how many faces are encoded with it, or in which order",
        arguments: arithmetics)
    func batches(arithmetic: String) throws {
        let picture = try Fixtures.sample("faces/bald_guys.jpg").pixels()
        let engine = try Engine(Self.models(arithmetic))
        let boxes = try engine.hogBoxes(picture)
        try #require(boxes.count == 24)
        let alone = try boxes.map { try engine.faces(picture, [$0])[0] }
        for count in [1, 2, 3, 5, 8, 9, 17, 24] {
            let first = Array(0..<count)
            try expectSame(alone, first, boxes, picture, engine)
            try expectSame(alone, first.reversed(), boxes, picture, engine)
            try expectSame(alone, Array((24 - count)..<24), boxes, picture, engine)
        }
        // More than are held at once, some of them twice.
        let many = (0..<70).map { $0 * 7 % 24 }
        try expectSame(alone, many, boxes, picture, engine)
        try expectSame(alone, many, boxes, picture, Engine(Self.models(arithmetic)))
    }

    private func expectSame(
        _ alone: [cface_face], _ indices: [Int], _ boxes: [cface_box],
        _ picture: borrowing PixelBuffer, _ engine: Engine,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let together = try engine.faces(picture, indices.map { boxes[$0] })
        let same = zip(together, indices).count { face, index in
            face.plainComponents == alone[index].plainComponents
                && face.mirrorMeanComponents == alone[index].mirrorMeanComponents
                && face.sharpness == alone[index].sharpness
        }
        #expect(same == indices.count, "\(indices)", sourceLocation: sourceLocation)
    }

    /// One worker's results for some pictures.
    private struct Work: Equatable {
        var boxes: [[Float]] = []
        var encodings: [[Float]] = []
    }

    /// Finds and encodes the faces of the same pictures, at several sizes.
    private static func work(_ arithmetic: String, startingAt start: Int) throws -> Work {
        let engine = try Engine(models(arithmetic))
        let tasks: [(name: String, side: Int, resize: Double, pyramid: Int)] = [
            ("bald_guys", 900, 1, 4), ("2008_001322", 500, 2, 6), ("2009_004587", 400, 1, 3),
            ("Tom_Cruise_avp_2014_4", 700, 1, 4), ("2008_002079", 333, 3, 4),
            ("2007_007763", 500, 1.3, 6),
        ]
        var works = [Work](repeating: Work(), count: tasks.count)
        for turn in tasks.indices {
            let index = (turn + start) % tasks.count
            let task = tasks[index]
            let picture = try Fixtures.sample("faces/\(task.name).jpg")
                .pixels(maximumSide: task.side)
            let found = try engine.cnnBoxes(
                picture, resize: task.resize, pyramid: task.pyramid, threshold: -0.5)
            works[index].boxes = found.map {
                [Float($0.left), Float($0.top), Float($0.width), Float($0.height), $0.confidence]
            }
            works[index].boxes += try engine.hogBoxes(picture, enlarge: 1.5, window: 40).map {
                [Float($0.left), Float($0.top), Float($0.width), Float($0.height), $0.confidence]
            }
            for face in try engine.faces(picture, found) {
                works[index].encodings.append(face.plainComponents + face.mirrorMeanComponents)
            }
        }
        return Work(boxes: works.flatMap(\.boxes), encodings: works.flatMap(\.encodings))
    }

    @Test(
        "Engines on several threads, on pictures of different sizes, find and encode as one does",
        arguments: arithmetics)
    func threads(arithmetic: String) async throws {
        let alone = try Self.work(arithmetic, startingAt: 0)
        #expect(alone.boxes.count > 30 && alone.encodings.count > 15)
        // Each begins with another picture, so that sizes differ at any time.
        let others = try await withThrowingTaskGroup(of: Work.self) { group in
            for start in [0, 2, 3] {
                group.addTask { try Self.work(arithmetic, startingAt: start) }
            }
            return try await group.reduce(into: [Work]()) { $0.append($1) }
        }
        for other in others { #expect(other == alone) }
    }

    @Test("What an engine saw before does not change what it finds")
    func history() throws {
        let engine = try Engine()
        let large = try Fixtures.sample("faces/bald_guys.jpg").pixels(maximumSide: 1000)
        let small = try Fixtures.sample("faces/2008_001322.jpg").pixels(maximumSide: 250)
        let fresh = try Engine().cnnBoxes(small, resize: 2, pyramid: 4, threshold: -0.5)
        #expect(!fresh.isEmpty)
        for _ in 0..<2 {
            _ = try engine.cnnBoxes(large)
            let found = try engine.cnnBoxes(small, resize: 2, pyramid: 4, threshold: -0.5)
            #expect(found.count == fresh.count)
            for (box, same) in zip(found, fresh) { #expect(box.isIdentical(to: same)) }
        }
    }
}
