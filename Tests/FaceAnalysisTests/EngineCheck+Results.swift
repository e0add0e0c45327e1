import CFaceEngine
import CFaceReference
import PhotoImaging
import TestSupport
import Testing

/// The same faces and encodings as dlib, every time.
extension EngineCheck {
    /// dlib called directly, on one picture; made once, since it takes seconds.
    private struct Reference {
        let name: String
        let isCNN: Bool
        let faces: [cref_face]

        static let all = Result {
            try [
                ("faces/bald_guys.jpg", false), ("faces/2008_001322.jpg", false),
                ("faces/2008_001322.jpg", true), ("faces/2009_004587.jpg", true),
            ].map { try Reference(name: $0, isCNN: $1) }
        }

        init(name: String, isCNN: Bool) throws {
            let picture = try Fixtures.sample(name).pixels()
            var faces = [cref_face](repeating: cref_face(), count: 64)
            let count = Int(
                picture.withUnsafeBytes {
                    cref_faces(
                        Fixtures.modelFolder.string, $0.baseAddress, Int32(picture.width),
                        Int32(picture.height), isCNN ? 1 : 0, &faces, 64)
                })
            try #require(count > 0)
            self.name = name
            self.isCNN = isCNN
            self.faces = Array(faces.prefix(count))
        }
    }

    static func dlibsFaces(_ tested: TestedEngine) throws {
        for reference in try Reference.all.get() {
            let picture = try Fixtures.sample(reference.name).pixels()
            let engine = try tested.engine()
            let boxes = try reference.isCNN ? engine.cnnBoxes(picture) : engine.hogBoxes(picture)
            let faces = try engine.faces(picture, boxes)
            try #require(boxes.count == reference.faces.count)
            for face in reference.faces {
                let index = try #require(
                    boxes.firstIndex {
                        $0.left == face.left && $0.top == face.top
                            && $0.left + $0.width - 1 == face.right
                            && $0.top + $0.height - 1 == face.bottom
                    })
                let most = reference.isCNN ? tested.mostScore : TestedEngine.scoreRounding
                #expect(abs(boxes[index].confidence - face.confidence) < most)
                let (plain, mirrored) = (components(face.plain), components(face.mirrored))
                #expect(distance(faces[index].plainComponents, plain) < tested.mostDistance)
                let mean = zip(plain, mirrored).map { ($0 + $1) / 2 }
                #expect(distance(faces[index].mirrorMeanComponents, mean) < tested.mostDistance)
            }
        }
    }

    // MARK: Independence; all comparisons are exact to the bit

    static func company(_ tested: TestedEngine) throws {
        let picture = try Fixtures.sample("faces/bald_guys.jpg").pixels()
        let engine = try tested.engine()
        let boxes = try engine.hogBoxes(picture)
        try #require(boxes.count == 24)
        let alone = try boxes.map { try engine.faces(picture, [$0])[0] }
        for count in tested.isBrief ? [2, 9] : [1, 2, 3, 5, 8, 9, 17, 24] {
            let first = Array(0..<count)
            try expectSame(alone, first, boxes, picture, engine)
            try expectSame(alone, first.reversed(), boxes, picture, engine)
            try expectSame(alone, Array((24 - count)..<24), boxes, picture, engine)
        }
        // More than are held at once, some of them twice.
        let many = (0..<(tested.isBrief ? 34 : 70)).map { $0 * 7 % 24 }
        if !tested.isBrief { try expectSame(alone, many, boxes, picture, engine) }
        try expectSame(alone, many, boxes, picture, tested.engine())
    }

    private static func expectSame(
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
    private static func work(_ tested: TestedEngine, startingAt start: Int) throws -> Work {
        let engine = try tested.engine()
        var tasks: [(name: String, side: Int, resize: Double, pyramid: Int)] = [
            ("bald_guys", 900, 1, 4), ("2008_001322", 500, 2, 6), ("2009_004587", 400, 1, 3),
            ("Tom_Cruise_avp_2014_4", 700, 1, 4), ("2008_002079", 333, 3, 4),
            ("2007_007763", 500, 1.3, 6),
        ]
        if tested.isSlow {
            tasks = [("2008_001322", 500, 1, 6), ("2009_004587", 500, 1, 6)]
        }
        var works = [Work](repeating: Work(), count: tasks.count)
        for turn in tasks.indices {
            let index = (turn + start) % tasks.count
            let task = tasks[index]
            let picture = try Fixtures.sample("faces/\(task.name).jpg")
                .pixels(maximumSide: task.side)
            let found = try engine.cnnBoxes(
                picture, resize: task.resize, pyramid: task.pyramid, threshold: -0.5)
            works[index].boxes = found.map(Self.numbers)
            works[index].boxes += try engine.hogBoxes(picture, enlarge: 1.5, window: 40)
                .map(Self.numbers)
            for face in try engine.faces(picture, found) {
                works[index].encodings.append(face.plainComponents + face.mirrorMeanComponents)
            }
        }
        return Work(boxes: works.flatMap(\.boxes), encodings: works.flatMap(\.encodings))
    }

    private static func numbers(_ box: cface_box) -> [Float] {
        [Float(box.left), Float(box.top), Float(box.width), Float(box.height), box.confidence]
    }

    static func neighbours(_ tested: TestedEngine) async throws {
        let alone = try work(tested, startingAt: 0)
        #expect(alone.boxes.count > (tested.isSlow ? 5 : 30))
        #expect(alone.encodings.count > (tested.isSlow ? 3 : 15))
        // Each begins with another picture, so that sizes differ at any time.
        let others = try await withThrowingTaskGroup(of: Work.self) { group in
            for start in tested.isBrief ? [0, 1] : [0, 2, 3] {
                group.addTask { try work(tested, startingAt: start) }
            }
            return try await group.reduce(into: [Work]()) { $0.append($1) }
        }
        for other in others { #expect(other == alone) }
    }

    static func history(_ tested: TestedEngine) throws {
        let large = try Fixtures.sample("faces/bald_guys.jpg")
            .pixels(maximumSide: tested.isSlow ? 500 : 1000)
        let small = try Fixtures.sample("faces/2008_001322.jpg").pixels(maximumSide: 250)
        // An engine that ended leaves nothing behind either.
        let fresh = try tested.engine().cnnBoxes(small, resize: 2, pyramid: 4, threshold: -0.5)
        #expect(!fresh.isEmpty)
        let engine = try tested.engine()
        for _ in 0..<2 {
            _ = try engine.cnnBoxes(large)
            let found = try engine.cnnBoxes(small, resize: 2, pyramid: 4, threshold: -0.5)
            #expect(found.count == fresh.count)
            for (box, same) in zip(found, fresh) { #expect(box.isIdentical(to: same)) }
        }
    }

    // MARK: Points and mirror images

    static func landmarks(_ tested: TestedEngine) throws {
        let picture = try Fixtures.sample("faces/bald_guys.jpg").pixels()
        let engine = try tested.engine()
        let boxes = try engine.hogBoxes(picture)
        try #require(boxes.count == 24)
        for (box, face) in zip(boxes, try engine.faces(picture, boxes)) {
            let points = withUnsafeBytes(of: face.landmarks) {
                Array($0.bindMemory(to: cface_point.self))
            }
            try #require(points.count == CFACE_LANDMARK_COUNT)
            for point in points {
                #expect(point.x >= Float(box.left) && point.x < Float(box.left + box.width))
                #expect(point.y >= Float(box.top) && point.y < Float(box.top + box.height))
            }
            // From the right of the picture: the left eye, the nose, the right eye.
            let order = [0, 1, 4, 3, 2].map { points[$0].x }
            #expect(order == order.sorted(by: >))
            #expect(points[4].y > max(points[1].y, points[3].y))
        }
    }

    static func mirror(_ tested: TestedEngine) throws {
        let picture = try Fixtures.sample("faces/bald_guys.jpg").pixels()
        var mirrored = try PixelBuffer(width: picture.width, height: picture.height)
        for row in 0..<picture.height {
            for column in 0..<picture.width {
                mirrored[column, row] = picture[picture.width - 1 - column, row]
            }
        }
        let engine = try tested.engine()
        let boxes = try Array(engine.hogBoxes(picture).prefix(6))
        try #require(boxes.count == 6)
        let others = boxes.map { box in
            var box = box
            box.left = Int32(picture.width) - box.left - box.width
            return box
        }
        let faces = try engine.faces(picture, boxes)
        for (face, other) in zip(faces, try engine.faces(mirrored, others)) {
            // The five points lie a little elsewhere; two people are .76 apart.
            #expect(distance(face.mirrorMeanComponents, other.mirrorMeanComponents) < 0.25)
        }
    }
}
