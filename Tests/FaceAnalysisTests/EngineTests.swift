import CFaceEngine
import CFaceReference
import FaceAnalysis
import Foundation
import PhotoImaging
import Testing
import TestSupport

/// Encodings nearer than this are the same: dlib's sums run in another order for one chip than for
/// two. A thousandth of what the rule for people resolves.
private let sameEncoding: Float = 1e-5

@Suite struct EngineTests {
    @Test(
        "Boxes and encodings are those that dlib gives when it is called directly",
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
        let picture = try PixelBuffer(width: width, height: height, red: 200, green: 90, blue: 40)
        #expect(try engine.hogBoxes(picture).isEmpty)
        #expect(try engine.hogBoxes(picture, enlarge: 1.5).isEmpty)
        if width * height <= 40_000 {
            #expect(try engine.cnnBoxes(picture).isEmpty)
        }
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
        #expect(throws: refusal) { try engine.hogBoxes(picture, enlarge: 0.5) }
        #expect(throws: refusal) { try engine.hogBoxes(picture, enlarge: .nan) }
        #expect(throws: refusal) { try engine.faces(picture, [cface_box()]) }
        #expect(throws: refusal) { try Engine(hog: 7) }
    }

    @Test("All the work is done on the thread that asks for it")
    func noHiddenThreads() async {
        // In a process of its own, where no other test takes time.
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

private func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
