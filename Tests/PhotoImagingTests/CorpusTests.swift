import Foundation
import PhotoImaging
import TestSupport
import Testing

/// Reads the seeds and findings of fuzzing again; `Scripts/fuzz` looks for more.
@Suite struct CorpusTests {
    @Test("At least 40 seeds of every format and orientation can be read, reduced or not")
    func seeds() throws {
        let seeds = try PictureSeed.all()
        #expect(seeds.count >= 40)
        #expect(Set(seeds.map(\.name)).count == seeds.count)
        for seed in seeds {
            let photo = try PhotoSource(bytes: seed.bytes)
            let pixels = try photo.pixels()
            #expect((pixels.damage != nil) == seed.name.hasSuffix("-cut"), "\(seed.name)")
            #expect((pixels.width, pixels.height) == (photo.uprightWidth, photo.uprightHeight))
            let small = try photo.pixels(maximumSide: 5)
            #expect(max(small.width, small.height) == 5)
        }
    }

    @Test("Every file that fuzzing kept is read or refused, without a crash")
    func corpus() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Fuzzing/corpus")
        let files = try FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: nil)
        #expect(!files.isEmpty)
        for file in files {
            let bytes = try Array(Data(contentsOf: file))
            do {
                let pixels = try PhotoSource(bytes: bytes).pixels(maximumSide: 100)
                #expect(pixels.width <= 100 && pixels.height <= 100)
                #expect(pixels.decodedFraction > 0 && pixels.decodedFraction <= 1)
            } catch {
                #expect(!error.reason.isEmpty && !error.reason.contains(where: \.isNewline))
            }
        }
    }

    @Test("Seeds with single bytes changed are read or refused", arguments: 1...40)
    func changedBytes(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        for picture in try PictureSeed.all() where !picture.name.hasPrefix("heic") {
            var bytes = picture.bytes
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] =
                    UInt8.random(in: 0...255, using: &generator)
            }
            do {
                let pixels = try PhotoSource(bytes: bytes).pixels(maximumSide: 64)
                #expect(pixels.decodedFraction > 0 && pixels.decodedFraction <= 1)
                #expect(pixels.decodedFraction == 1 || pixels.damage != nil)
            } catch {
                #expect(!error.reason.isEmpty && !error.reason.contains(where: \.isNewline))
            }
        }
    }
}
