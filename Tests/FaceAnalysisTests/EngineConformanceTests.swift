import CFaceEngine
import FaceAnalysis
import Foundation
import TestSupport
import Testing

/// Every engine does all of ``EngineCheck``: one that this processor lacks is skipped by name.
@Suite struct EngineConformanceTests {
    @Test("oneDNN with 32-bit floats is an engine", arguments: EngineCheck.ofThisRun)
    func f32(check: EngineCheck) async throws {
        try await check.run(.f32)
    }

    @Test(
        "oneDNN with 16-bit floats is an engine", .slow,
        .enabled(if: try Fixtures.hasBF16, "this processor does not calculate with bf16"),
        arguments: EngineCheck.allCases)
    func bf16(check: EngineCheck) async throws {
        try await check.run(.bf16)
    }

    @Test("dlib's own execution is an engine", .slow, arguments: EngineCheck.allCases)
    func dlib(check: EngineCheck) async throws {
        try await check.run(.dlib)
    }

    @Test(
        "oneDNN is an engine when it is held to AVX2", .slow,
        .enabled(if: TestedEngine.hasAVX2, "this processor does not have AVX2"))
    func f32WithAVX2() async {
        // In its own process: the limit is read once.
        await #expect(processExitsWith: .success) {
            try await EngineCheck.runAll(heldTo: "AVX2", "HOG AVX2")
        }
    }

    @Test(
        "oneDNN is an engine when it is held to SSE4.1", .slow,
        .enabled(if: TestedEngine.isX86, "this is no x86-64 processor"))
    func f32WithSSE41() async {
        await #expect(processExitsWith: .success) {
            try await EngineCheck.runAll(heldTo: "SSE41", "HOG plain")
        }
    }
}

/// One of the engines, and how near to dlib's own its results are.
struct TestedEngine: Sendable {
    let networks: Int
    let models: Result<EngineModels, any Error>
    /// Largest distance of an encoding from dlib's.
    let mostDistance: Float
    /// Largest difference of a CNN's score from dlib's.
    let mostScore: Float
    /// Whether it takes seconds and gigabytes for a picture: it gets small ones, and fewer.
    var isSlow = false
    /// Whether checks may do with fewer repetitions, since another engine does them all.
    var isBrief = false

    /// Sums of some thousand products in single precision, in another order: a thousandth of what
    /// the rule for people resolves.
    static let rounding: Float = 1e-5
    /// The same for scores; a face has at least some tenths.
    static let scoreRounding: Float = 1e-4

    static var f32: Self {
        Self(
            networks: CFACE_NETWORKS_F32, models: EngineModels.f32, mostDistance: rounding,
            mostScore: scoreRounding)
    }

    /// 8 bits of precision: encodings within a twenty-fifth of the tolerance, scores within a
    /// twentieth of what separates a face from none.
    static var bf16: Self {
        Self(
            networks: CFACE_NETWORKS_BF16, models: EngineModels.bf16, mostDistance: 0.02,
            mostScore: 0.005)
    }

    static var dlib: Self {
        Self(
            networks: CFACE_NETWORKS_DLIB, models: EngineModels.dlib, mostDistance: rounding,
            mostScore: scoreRounding, isSlow: true, isBrief: true)
    }

    func engine() throws -> Engine { try Engine(models) }

    static var hasAVX2: Bool { !processorDescription.contains("HOG plain") }

    static var isX86: Bool {
        #if arch(x86_64)
            true
        #else
            false
        #endif
    }
}

/// What every engine must do.
enum EngineCheck: CaseIterable, Sendable, CustomTestStringConvertible {
    case dlibsFaces, company, neighbours, history, noFaces, edge, landmarks, mirror, limits
    case refusals, refused, models

    var testDescription: String {
        switch self {
        case .dlibsFaces: "Boxes and encodings are those of dlib when it is called directly"
        case .company: "An encoding does not depend on the other faces and their order"
        case .neighbours: "Engines at once on several threads find and encode as one does"
        case .history: "What an engine saw before does not change what it finds"
        case .noFaces: "Pictures of any shape without a face have none"
        case .edge: "A face that reaches beyond the picture is encoded with finite numbers"
        case .landmarks: "The five points lie in the face, in their order"
        case .mirror: "The mirror image of a face has nearly the same mean encoding"
        case .limits: "Sides up to the limit are taken, larger ones refused"
        case .refusals: "Sizes, strides, thresholds and boxes that make no sense are refused"
        case .refused: "After a refusal an engine works as before"
        case .models: "Model files that are missing, cut short or altered are refused"
        }
    }

    /// All, but in `make check` those that take seconds.
    static var ofThisRun: [Self] {
        let slow: Set<Self> = [.dlibsFaces, .company, .neighbours, .history]
        return allCases.filter { !TestExtent.isQuick || !slow.contains($0) }
    }

    func run(_ engine: TestedEngine) async throws {
        switch self {
        case .dlibsFaces: try Self.dlibsFaces(engine)
        case .company: try Self.company(engine)
        case .neighbours: try await Self.neighbours(engine)
        case .history: try Self.history(engine)
        case .noFaces: try Self.noFaces(engine)
        case .edge: try Self.edge(engine)
        case .landmarks: try Self.landmarks(engine)
        case .mirror: try Self.mirror(engine)
        case .limits: try Self.limits(engine)
        case .refusals: try Self.refusals(engine)
        case .refused: try Self.refused(engine)
        case .models: try Self.models(engine)
        }
    }

    /// Runs all with f32, for which oneDNN and our own code may use no more than `instructions`.
    ///
    /// - Parameter name: what the engine then says it uses.
    static func runAll(heldTo instructions: String, _ name: String) async throws {
        setenv("ONEDNN_MAX_CPU_ISA", instructions, 1)
        try #require(processorDescription.contains(name))
        var engine = TestedEngine.f32
        engine.isBrief = true
        for check in allCases { try await check.run(engine) }
    }
}

/// What the analysis runs on here, for example `oneDNN 2.6, f32; HOG AVX-512; OpenBLAS SkylakeX`.
var processorDescription: String { String(cString: cface_cpu_description()) }
