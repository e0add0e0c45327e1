import CFaceEngine
import FaceAnalysis
import Foundation
import PhotoImaging
import Testing
import TestSupport

/// What is the same for all engines, or of one only; see ``EngineConformanceTests``.
@Suite struct EngineTests {
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
