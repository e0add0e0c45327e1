import FaceCore
import PhotoImaging
import TestSupport
import Testing

@Suite struct PictureFeaturesTests {
    private func correlation(_ one: PictureFeatures, _ other: PictureFeatures) -> Double {
        func centred(_ greys: [UInt8]) -> [Double] {
            let mean = greys.reduce(0.0) { $0 + Double($1) } / Double(greys.count)
            return greys.map { Double($0) - mean }
        }
        func product(_ one: [Double], _ other: [Double]) -> Double {
            zip(one, other).reduce(0) { $0 + $1.0 * $1.1 }
        }
        let (a, b) = (centred(one.greys), centred(other.greys))
        return product(a, b) / (product(a, a) * product(b, b)).squareRoot()
    }

    @Test("The greys are the means of equal parts, whatever the picture's shape")
    func greys() throws {
        var picture = try PixelBuffer(width: 48, height: 24, red: 0, green: 0, blue: 0)
        for y in 0..<24 { for x in 24..<48 { picture[x, y] = (255, 255, 255) } }
        for y in 0..<24 { picture[1, y] = (200, 200, 200) }
        let features = try PictureFeatures(of: picture)
        #expect(features.greys[0] == 100)
        #expect(Array(features.greys[1...11]) == [UInt8](repeating: 0, count: 11))
        #expect(Array(features.greys[12...23]) == [UInt8](repeating: 255, count: 12))
        #expect(Array(features.greys.suffix(24)) == Array(features.greys.prefix(24)))
    }

    @Test("A uniform picture has no edges; brightness and its extremes are fractions")
    func flat() throws {
        for (grey, dark, bright) in [(UInt8(0), Float(1), Float(0)), (128, 0, 0), (255, 0, 1)] {
            let features = try PictureFeatures(
                of: PixelBuffer(width: 31, height: 17, red: grey, green: grey, blue: grey))
            #expect(features.greys == [UInt8](repeating: grey, count: 576))
            #expect(features.sharpness == 0 && features.differenceHash == 0)
            // A byte is one of 256 levels.
            #expect(abs(features.brightness - Float(grey) / 255) < 0.003)
            #expect(features.darkFraction == dark && features.brightFraction == bright)
        }
    }

    @Test("The hash has a bit for each place that grows brighter to the right")
    func hash() throws {
        var picture = try PixelBuffer(width: 90, height: 80)
        for y in 0..<80 {
            for x in 0..<90 {
                let grey = UInt8(y < 40 ? x * 2 : 200 - x * 2)
                picture[x, y] = (grey, grey, grey)
            }
        }
        #expect(try PictureFeatures(of: picture).differenceHash == 0xFFFF_FFFF_0000_0000)
    }

    @Test("A smaller copy, compressed again, has nearly the same greys and hash")
    func copies() throws {
        let picture = try Pictures.patches(width: 900, height: 600)
        let one = try PictureFeatures(of: picture)
        let small = try picture.reduced(maximumSide: 300).jpegData(quality: 60)
        let other = try PictureFeatures(of: PhotoSource(bytes: small).pixels())
        #expect(correlation(one, other) > 0.995)
        #expect((one.differenceHash ^ other.differenceHash).nonzeroBitCount <= 4)
    }

    @Test("A blurred picture is less sharp")
    func sharpness() throws {
        let picture = try Pictures.patches(width: 900, height: 600)
        var blurred = try Pictures.patches(width: 900, height: 600)
        for y in 2..<598 {
            for x in 2..<898 {
                var sum = (0, 0, 0)
                for dy in -2...2 {
                    for dx in -2...2 {
                        let pixel = picture[x + dx, y + dy]
                        sum.0 += Int(pixel.red)
                        sum.1 += Int(pixel.green)
                        sum.2 += Int(pixel.blue)
                    }
                }
                blurred[x, y] = (UInt8(sum.0 / 25), UInt8(sum.1 / 25), UInt8(sum.2 / 25))
            }
        }
        let (sharp, soft) = (
            try PictureFeatures(of: picture).sharpness, try PictureFeatures(of: blurred).sharpness
        )
        #expect(soft < 0.5 * sharp && soft > 0)
    }

    @Test("Pictures smaller than the measures are measured as well", arguments: 1...4)
    func tiny(side: Int) throws {
        let picture = try PixelBuffer(width: side, height: 1, red: 90, green: 90, blue: 90)
        let features = try PictureFeatures(of: picture)
        #expect(features.greys == [UInt8](repeating: 90, count: 576) && features.sharpness == 0)
    }
}
