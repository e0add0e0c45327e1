import CImageReference
import FaceCore
import LabelTestSupport
import PhotoImaging
import SystemPackage
import TestSupport
import Testing

@testable import PhotoLearning

/// The label network on oneDNN against dlib's own run of the same file.
@Suite struct LabelNetworkTests {
    /// Features and probabilities, as a fraction of the largest: sums of single precision in
    /// another order, through 34 layers.
    private static let mostDifference: Float = 1e-4

    private static func picture(_ number: Int) throws -> PixelBuffer {
        switch number {
        case 0: try Pictures.noise(width: 510, height: 340, seed: 3)
        case 1: try Pictures.patches(width: 340, height: 480)
        case 2: try PixelBuffer(width: 300, height: 300, red: 200, green: 30, blue: 90)
        default: try Pictures.patches(width: 60, height: 40)
        }
    }

    @Test("Features and probabilities are dlib's but for rounding", .slow, arguments: 0..<4)
    func dlib(number: Int) throws {
        let network = try LabelNetwork(model: SeededNetwork.model.get())
        let crops = try network.crops(of: Self.picture(number))
        let seen = try network.seen(in: crops)
        var features = [Float](repeating: 0, count: 512)
        var probabilities = [Float](repeating: 0, count: 1000)
        let status = try SeededNetwork.file().path.withPlatformString {
            cimref_classify($0, crops, 4, &features, &probabilities)
        }
        try #require(status == 0)
        try expectNear(seen.features, features)
        try expectNear(seen.probabilities, probabilities)
        // Otherwise it is a poor network for comparison.
        let largest = try #require(probabilities.max())
        #expect(largest > 0.003 && largest < 0.99)
        #expect(features.count { $0 > 0 } > 256)
        #expect(abs(seen.probabilities.reduce(0, +) - 1) < 1e-4)
    }

    private func expectNear(_ values: [Float], _ expected: [Float]) throws {
        let largest = try #require(expected.max())
        let difference = zip(values, expected).map { abs($0 - $1) }.max() ?? 0
        print("label network: \(difference / largest) from dlib's")
        #expect(difference <= Self.mostDifference * largest)
    }

    @Test("The label is the likeliest class's first term, with what the network saw")
    func label() throws {
        let network = try LabelNetwork(model: SeededNetwork.model.get())
        let picture = try Self.picture(1)
        let seen = try network.seen(in: network.crops(of: picture))
        let best = try #require(
            seen.probabilities.indices.max { seen.probabilities[$0] < seen.probabilities[$1] })
        let label = try network.label(of: picture)
        #expect(label.name == "thing \(best)")
        #expect(label.probability == seen.probabilities[best])
        #expect(label.features == seen.features)
    }

    @Test("Any number of threads, and any order, give the same bits", .slow)
    func threads() async throws {
        let alone = try LabelNetwork(model: SeededNetwork.model.get())
        let expected = try (0..<4).map { try alone.label(of: Self.picture($0)) }
        let labels = try await withThrowingTaskGroup(of: [PhotoLabel].self) { group in
            for _ in 0..<3 {
                group.addTask {
                    let network = try LabelNetwork(model: SeededNetwork.model.get())
                    let labels = try (0..<4).reversed().map {
                        try network.label(of: Self.picture($0))
                    }
                    return labels.reversed()
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(labels.allSatisfy { $0 == expected })
    }

    @Test("A photo is decoded small and labelled; without decoding there is no label")
    func photos() throws {
        let network = try LabelNetwork(model: SeededNetwork.model.get())
        let picture = try Pictures.patches(width: 1360, height: 2040)
        let jpeg = try picture.jpegData(quality: 90)
        let label = try #require(try network.label(of: PhotoSource(bytes: jpeg)))
        #expect(label == (try network.label(of: PhotoSource(bytes: jpeg).pixels(maximumSide: 510))))
        let small = try Pictures.patches(width: 16, height: 16).jpegData(quality: 90)
        #expect(try network.label(of: PhotoSource(bytes: small)) != nil)
        let strip = try Pictures.patches(width: 4000, height: 2).jpegData(quality: 90)
        #expect(try network.label(of: PhotoSource(bytes: strip)) != nil)
        #expect(
            try network.label(of: PhotoSource(bytes: Array(jpeg.prefix(jpeg.count / 4)))) == nil)
    }

    @Test("The squares lie at both ends and in the middle, one of them mirrored")
    func crops() throws {
        // Its red grows from left to right, its green from top to bottom.
        var picture = try PixelBuffer(width: 640, height: 320)
        for y in 0..<320 {
            for x in 0..<640 { picture[x, y] = (UInt8(x * 255 / 639), UInt8(y * 255 / 319), 7) }
        }
        let network = try LabelNetwork(model: SeededNetwork.model.get())
        let crops = try network.crops(of: picture)
        func pixel(_ crop: Int, _ x: Int, _ y: Int) -> (x: Int, y: Int) {
            let start = ((crop * 227 + y) * 227 + x) * 3
            #expect(crops[start + 2] == 7)
            return (Int(crops[start]) * 639 / 255, Int(crops[start + 1]) * 319 / 255)
        }
        // 280 pixels of 320, with a margin of 20; and 213 in the middle.
        let corners: [(left: Int, top: Int, right: Int, bottom: Int)] = [
            (20, 20, 299, 299), (459, 20, 180, 299), (340, 20, 619, 299), (213, 53, 425, 265),
        ]
        for (crop, corner) in corners.enumerated() {
            let (first, last) = (pixel(crop, 0, 0), pixel(crop, 226, 226))
            // A grey level is 2.5 pixels wide.
            #expect(abs(first.x - corner.left) <= 3 && abs(last.x - corner.right) <= 3)
            #expect(abs(first.y - corner.top) <= 3 && abs(last.y - corner.bottom) <= 3)
        }
    }

    @Test("The name of a class is its first term")
    func firstTerms() {
        #expect(LabelNetworkModel.firstTerm(of: "lakeside, lakeshore") == "lakeside")
        #expect(LabelNetworkModel.firstTerm(of: "bow tie, bow-tie, bowtie") == "bow tie")
        #expect(LabelNetworkModel.firstTerm(of: " canoe ") == "canoe")
        #expect(LabelNetworkModel.firstTerm(of: ", nothing") == ", nothing")
    }
}
