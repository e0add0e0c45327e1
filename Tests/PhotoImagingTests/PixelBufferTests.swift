import PhotoImaging
import TestSupport
import Testing

@Suite struct PixelBufferTests {
    @Test("Reducing gives each pixel the mean of those it stands for")
    func mean() throws {
        let picture = try Pictures.noise(width: 30, height: 20)
        let half = try picture.reduced(maximumSide: 15)
        for y in 0..<10 {
            for x in 0..<15 {
                let reds = [(0, 0), (1, 0), (0, 1), (1, 1)].map {
                    Int(picture[2 * x + $0, 2 * y + $1].red)
                }
                #expect(Int(half[x, y].red) == (reds.reduce(0, +) + 2) / 4)
            }
        }
        // At sizes that do not divide, an independent sum over shares of pixels.
        let odd = try picture.reduced(maximumSide: 7)
        #expect((odd.width, odd.height) == (7, 5))
        for (x, y) in [(0, 0), (3, 2), (6, 4)] {
            var sum = 0.0
            for row in 0..<20 {
                for column in 0..<30 {
                    func share(_ index: Int, _ from: Int, _ to: Int, _ target: Int) -> Double {
                        let scale = Double(from) / Double(to)
                        let (begin, end) = (Double(target) * scale, Double(target + 1) * scale)
                        return max(0, min(end, Double(index + 1)) - max(begin, Double(index)))
                    }
                    sum +=
                        share(column, 30, 7, x) * share(row, 20, 5, y)
                        * Double(picture[column, row].green)
                }
            }
            let expected = sum / (30.0 / 7 * 20.0 / 5)
            #expect(abs(expected - Double(odd[x, y].green)) <= 0.51)
        }
    }

    @Test("A cropped picture equals that part")
    func cropped() throws {
        let picture = try Pictures.noise(width: 30, height: 20)
        let part = try picture.cropped(left: 7, top: 3, width: 11, height: 17)
        #expect((part.width, part.height) == (11, 17))
        for (x, y) in [(0, 0), (10, 0), (0, 16), (10, 16), (5, 8)] {
            #expect(part[x, y] == picture[x + 7, y + 3])
        }
    }

    @Test("A picture written as PNG comes back pixel by pixel")
    func png() throws {
        let picture = try Pictures.noise(width: 33, height: 17)
        let pixels = try PhotoSource(bytes: picture.pngData()).pixels()
        let difference = Pictures.largestDifference(pixels, picture)
        #expect(difference == 0)
    }

    @Test("A JPEG of higher quality is nearer to the picture and larger")
    func jpegQuality() throws {
        let picture = try Pictures.noise(width: 64, height: 64)
        let low = try picture.jpegData(quality: 30)
        let high = try picture.jpegData(quality: 95)
        #expect(high.count > 2 * low.count)
    }

    @Test("A decoded picture is the same at every call and in every thread")
    func repeatable() async throws {
        let photo = try PhotoSource(bytes: Pictures.noise(width: 640, height: 480).jpegData())
        let expected = try photo.pixels(maximumSide: 200).pngData()
        try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<8 {
                group.addTask { try photo.pixels(maximumSide: 200).pngData() }
            }
            for try await bytes in group { #expect(bytes == expected) }
        }
    }
}
