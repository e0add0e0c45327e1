import CFaceEngine
import CFaceReference
import FaceAnalysis
import Foundation
import PhotoImaging
import Testing
import TestSupport

/// Encodings nearer than this are equal: dlib's sums run in another order for one chip than for
/// two. A thousandth of what the rule for people resolves.
private let sameEncoding: Float = 1e-5

@Suite struct EngineTests {
    @Test(
        "Boxes and encodings are those of dlib when it is called directly", .slow,
        arguments: [("faces/bald_guys.jpg", false), ("faces/2008_001322.jpg", false)]
            + [("faces/2008_001322.jpg", true), ("faces/2009_004587.jpg", true)])
    func agreesWithDlib(name: String, isCNN: Bool) throws {
        let picture = try Fixtures.sample(name).pixels()
        var expected = [cref_face](repeating: cref_face(), count: 64)
        let count = Int(
            picture.withUnsafeBytes {
                cref_faces(
                    Fixtures.modelFolder.string, $0.baseAddress, Int32(picture.width),
                    Int32(picture.height), isCNN ? 1 : 0, &expected, 64)
            })
        let engine = try Engine()
        let boxes = isCNN ? try engine.cnnBoxes(picture) : try engine.hogBoxes(picture)
        let faces = try engine.faces(picture, boxes)
        try #require(count > 0 && boxes.count == count)
        for reference in expected.prefix(count) {
            let index = try #require(
                boxes.firstIndex {
                    $0.left == reference.left && $0.top == reference.top
                        && $0.left + $0.width - 1 == reference.right
                        && $0.top + $0.height - 1 == reference.bottom
                })
            #expect(abs(boxes[index].confidence - reference.confidence) < 1e-4)
            let (plain, mirrored) = (components(reference.plain), components(reference.mirrored))
            #expect(distance(faces[index].plainComponents, plain) < sameEncoding)
            let mean = zip(plain, mirrored).map { ($0 + $1) / 2 }
            #expect(distance(faces[index].mirrorMeanComponents, mean) < sameEncoding)
        }
    }

    @Test("The HOG detector of this CPU finds what the one for every CPU finds")
    func hogCodesAgree() throws {
        let fastest = try Engine(hog: CFACE_HOG_FASTEST)
        let plain = try Engine(hog: CFACE_HOG_PLAIN)
        for name in ["bald_guys", "2008_001009", "2008_002506", "Tom_Cruise_avp_2014_4"] {
            let picture = try Fixtures.sample("faces/\(name).jpg").pixels()
            let one = try fastest.hogBoxes(picture, enlarge: 1.3, threshold: -0.1)
            let other = try plain.hogBoxes(picture, enlarge: 1.3, threshold: -0.1)
            #expect(!one.isEmpty && one.count == other.count)
            for (box, same) in zip(one, other) {
                #expect(box.left == same.left && box.top == same.top)
                #expect(box.width == same.width && box.height == same.height)
                // Scores are sums of some thousand products in single precision.
                #expect(abs(box.confidence - same.confidence) < 1e-4)
            }
        }
    }

    @Test("An encoding does not depend on the other faces it is made with")
    func encodingsAreIndependent() throws {
        let picture = try Fixtures.sample("faces/bald_guys.jpg").pixels()
        let engine = try Engine()
        let boxes = try engine.hogBoxes(picture)
        let together = try engine.faces(picture, boxes)
        #expect(boxes.count == 24)
        for index in [0, 7, 23] {
            let alone = try engine.faces(picture, [boxes[index]])[0]
            #expect(alone.plainComponents == together[index].plainComponents)
            #expect(alone.mirrorMeanComponents == together[index].mirrorMeanComponents)
        }
    }

    @Test("Enlarging finds smaller faces, at the same place")
    func enlarging() throws {
        let picture = try Fixtures.sample("faces/bald_guys.jpg").pixels(maximumSide: 900)
        let engine = try Engine()
        let plain = try engine.hogBoxes(picture)
        let enlarged = try engine.hogBoxes(picture, enlarge: 2)
        #expect(enlarged.count > plain.count && enlarged.count >= 20)
        for box in plain {
            #expect(
                enlarged.contains {
                    abs($0.left - box.left) < box.width / 3
                        && abs($0.top - box.top) < box.height / 3
                })
        }
    }

    @Test(
        "Pictures of any shape without a face have none",
        arguments: [(1, 1), (1, 20_000), (20_000, 1), (40, 41), (79, 81), (40, 1000), (640, 480)])
    func oddShapes(width: Int, height: Int) throws {
        let engine = try Engine()
        let plain = try PixelBuffer(width: width, height: height, red: 200, green: 90, blue: 40)
        try expectNoFaces(plain, engine)
        try expectNoFaces(Pictures.noise(width: width, height: height), engine)
    }

    private func expectNoFaces(
        _ picture: borrowing PixelBuffer, _ engine: Engine,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        for window in [40, 80] {
            let hog = try engine.hogBoxes(picture, window: window)
            let enlarged = try engine.hogBoxes(picture, enlarge: 1.5, window: window)
            #expect(hog.isEmpty && enlarged.isEmpty, sourceLocation: sourceLocation)
        }
        for pyramid in [3, 4, 6] {
            for resize in [0.01, 0.5, 1, 1.5] {
                let cnn = try engine.cnnBoxes(picture, resize: resize, pyramid: pyramid)
                #expect(cnn.isEmpty, "\(pyramid), \(resize)", sourceLocation: sourceLocation)
            }
        }
    }

    @Test("With fewer levels only the smaller faces are looked for")
    func levels() throws {
        let picture = try Fixtures.sample("faces/2008_001322.jpg").pixels()
        let engine = try Engine()
        // The smallest box has 80 pixels in the resized picture, the next one a third more.
        let some = try engine.cnnBoxes(picture, resize: 2, pyramid: 4, levels: 3, threshold: -1)
        #expect(!some.isEmpty && some.allSatisfy { $0.height <= 72 })
        let all = try engine.cnnBoxes(picture, resize: 2, pyramid: 4, threshold: -1)
        #expect(all.contains { $0.height > 72 })
        let frontal = try engine.hogBoxes(picture, enlarge: 2, isFrontal: true)
        #expect(!frontal.isEmpty && frontal.allSatisfy { $0.view == 0 })
        #expect(try engine.hogBoxes(picture, enlarge: 2, levels: 1).count < frontal.count)
    }

    @Test("A face that reaches beyond the picture is encoded with finite numbers")
    func faceBeyondTheEdge() throws {
        let engine = try Engine()
        let picture = try Pictures.noise(width: 64, height: 48)
        let boxes = [(-40, -40, 80, 80), (60, 40, 90, 90), (0, 0, 1, 1), (-900, 0, 100, 100)].map {
            cface_box(left: $0, top: $1, width: $2, height: $3, confidence: 0, view: 0)
        }
        for face in try engine.faces(picture, boxes) {
            #expect(!face.plainComponents.contains { !$0.isFinite })
        }
    }

    @Test("Sizes, strides, thresholds and boxes that make no sense are refused")
    func badArguments() throws {
        let engine = try Engine()
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
        #expect(throws: refusal) { try Engine(hog: 7) }
        #expect(throws: refusal) { try EngineModels(9) }
    }

    @Test("After a refusal an engine works as before")
    func goesOn() throws {
        let engine = try Engine()
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

    #if os(Linux)
        @Test("Where memory is refused a picture fails, and the engine goes on with a smaller one")
        func memoryRefused() async {
            // In its own process, which alone gets the limit.
            await #expect(processExitsWith: .success) {
                let engine = try Engine()
                let small = try Fixtures.sample("faces/2008_001322.jpg").pixels()
                let before = try engine.cnnBoxes(small).count
                let large = try PixelBuffer(width: 8000, height: 6000, red: 90)
                try #require(before > 0)
                var limit = rlimit()
                getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
                // The memory in use and 60 MB; the searches below take 500 MB and more.
                limit.rlim_cur = rlim_t(try virtualByteCount() + 60_000_000)
                setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
                let refusal = EngineFailure(status: CFACE_OUT_OF_MEMORY)
                #expect(throws: refusal) { try engine.cnnBoxes(large, pyramid: 4) }
                #expect(throws: refusal) { try engine.hogBoxes(large, enlarge: 2) }
                #expect(try engine.cnnBoxes(small).count == before)
                limit.rlim_cur = limit.rlim_max
                setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
                #expect(try engine.cnnBoxes(large, resize: 0.3, pyramid: 4).isEmpty)
            }
        }
    #endif

    @Test("All the work is done on the calling thread")
    func noHiddenThreads() async {
        // In its own process, where no other test takes time.
        await #expect(processExitsWith: .success) {
            let photo = try Fixtures.sample("faces/bald_guys.jpg")
            let analyser = try Fixtures.analyser()
            let before = (seconds(CLOCK_PROCESS_CPUTIME_ID), seconds(CLOCK_THREAD_CPUTIME_ID))
            let analysis = try analyser.faces(of: photo)
            let process = seconds(CLOCK_PROCESS_CPUTIME_ID) - before.0
            let thread = seconds(CLOCK_THREAD_CPUTIME_ID) - before.1
            #expect(analysis.faces.count >= 24)
            // Two BLAS threads would nearly double it; a runtime's own threads only wake up.
            #expect(process < 1.25 * thread)
        }
    }
}

#if os(Linux)
    /// Of this process's address space.
    private func virtualByteCount() throws -> Int {
        let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        let pages = try #require(text.split(separator: " ").first.flatMap { Int($0) })
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }
#endif

private func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
