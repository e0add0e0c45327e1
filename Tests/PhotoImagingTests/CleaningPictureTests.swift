import FaceCore
import PhotoImaging
import TestSupport
import Testing

/// Real pictures through real files: how cleaning judges their measures.
@Suite struct CleaningPictureTests {
    /// Overlapping ellipses of many sizes with hard edges, seen through a window.
    private func picture(
        _ seed: UInt64, width: Int = 900, height: Int = 600,
        window: (left: Double, top: Double, size: Double) = (0, 0, 1),
        shade: (Double) -> Double = { $0 }
    ) throws -> PixelBuffer {
        var random = SplitMix64(seed: seed)
        let ellipses = (0..<90).map { _ in
            (
                x: Double.random(in: 0...1.5, using: &random),
                y: Double.random(in: 0...1, using: &random),
                a: Double.random(in: 0.03...0.25, using: &random),
                b: Double.random(in: 0.03...0.25, using: &random),
                grey: Double.random(in: 20...235, using: &random)
            )
        }
        var greys = [Double](repeating: 110, count: width * height)
        let scale = window.size / Double(height)
        for ellipse in ellipses {
            for row in 0..<height {
                let y = (window.top + (Double(row) + 0.5) * scale - ellipse.y) / ellipse.b
                guard y * y < 1 else { continue }
                let reach = ellipse.a * (1 - y * y).squareRoot()
                let first = ((ellipse.x - reach - window.left) / scale).rounded(.up)
                let last = ((ellipse.x + reach - window.left) / scale).rounded(.down)
                guard first <= last, last >= 0, first < Double(width) else { continue }
                for column in max(0, Int(first))...min(width - 1, Int(last)) {
                    greys[row * width + column] = ellipse.grey
                }
            }
        }
        var picture = try PixelBuffer(width: width, height: height)
        for (index, grey) in greys.enumerated() {
            let value = UInt8(min(255, max(0, shade(grey))))
            picture[index % width, index / width] = (value, value, value)
        }
        return picture
    }

    private func photo(
        _ number: UInt8, _ picture: borrowing PixelBuffer, quality: Int = 90
    ) throws -> CleanablePhoto {
        let bytes = try picture.jpegData(quality: quality)
        let source = try PhotoSource(bytes: bytes)
        return CleanablePhoto(
            photo: ContentHash(bytes: [UInt8](repeating: number, count: 32))!,
            width: source.uprightWidth, height: source.uprightHeight,
            byteCount: Int64(bytes.count), features: try PictureFeatures(of: source.pixels()))
    }

    private func turned(_ picture: borrowing PixelBuffer) throws -> PixelBuffer {
        var result = try PixelBuffer(width: picture.height, height: picture.width)
        for y in 0..<picture.height {
            for x in 0..<picture.width { result[picture.height - 1 - y, x] = picture[x, y] }
        }
        return result
    }

    @Test("A photo resized, compressed again, turned, cropped and brightened is one group")
    func copies() throws {
        let original = try picture(1)
        let photos = [
            try photo(1, original), try photo(2, original, quality: 40),
            try photo(3, original.reduced(maximumSide: 400)), try photo(4, turned(original)),
            try photo(5, picture(1, width: 860, height: 570, window: (0.04, 0.03, 0.95))),
            try photo(6, picture(1) { 1.15 * $0 }), try photo(7, picture(2)),
        ]
        let groups = duplicateGroups(among: photos)
        #expect(groups.count == 1)
        #expect(Set(groups[0].members.map { $0.photo.bytes[0] }) == [1, 2, 3, 4, 5, 6])
        let relations = Dictionary(
            uniqueKeysWithValues: groups[0].members.map { ($0.photo.bytes[0], $0.relation) })
        #expect(relations[3] == .resized && relations[4] == .turned && relations[5] == .cropped)
        #expect(groups[0].members.first?.photo.bytes[0] != 3)
    }

    @Test("Pictures of different things are not duplicates", .slow, arguments: 1...3)
    func strangers(seed: Int) throws {
        let photos = try (0..<12).map {
            try photo(UInt8($0), picture(UInt64(100 * seed + $0), width: 480, height: 320))
        }
        #expect(duplicateGroups(among: photos).isEmpty)
    }

    /// The picture blurred by repeated means of three pixels, along and across or only along; each
    /// mean adds a variance of 2/3.
    private func blurred(
        _ picture: borrowing PixelBuffer, times: Int, isMotion: Bool = false
    ) throws -> PixelBuffer {
        let (width, height) = (picture.width, picture.height)
        var greys = picture.withUnsafeBytes { bytes in
            (0..<width * height).map { Float(bytes[3 * $0]) }
        }
        for _ in 0..<times {
            for step in isMotion ? [1] : [1, width] {
                greys = greys.indices.map { index in
                    let before = index >= step ? index - step : index
                    let after = index + step < greys.count ? index + step : index
                    return (greys[before] + greys[index] + greys[after]) / 3
                }
            }
        }
        var result = try PixelBuffer(width: width, height: height)
        for (index, grey) in greys.enumerated() {
            let value = UInt8(grey)
            result[index % width, index / width] = (value, value, value)
        }
        return result
    }

    @Test(
        "The radius of blurred edges is measured in pixels, however dark the photo", .slow)
    func radius() throws {
        for shade in [1.0, 0.2] {
            let sharp = try picture(3) { shade * $0 }
            let sharpRadius = try #require(PictureFeatures(of: sharp).blur.radius)
            #expect(sharpRadius < 0.8)
            // Six means of three have a variance of 4.
            let soft = try PictureFeatures(of: blurred(sharp, times: 6))
            let radius = try #require(soft.blur.radius)
            // Curved edges, other edges nearby and whole grey levels make it a little uncertain.
            #expect(abs(radius - 2) < 0.5, "\(radius)")
            let moved = try PictureFeatures(of: blurred(sharp, times: 12, isMotion: true))
            #expect(try #require(moved.blur.radius) > 1.6)
        }
    }

    @Test("Blur is known place by place: a sharp face before a blurred background is sharp", .slow)
    func places() throws {
        let sharp = try picture(4)
        var mixed = try blurred(sharp, times: 12)
        for y in 150..<450 { for x in 300..<600 { mixed[x, y] = sharp[x, y] } }
        let blur = try PictureFeatures(of: mixed).blur
        let inside = FaceBox(left: 0.36, top: 0.3, width: 0.28, height: 0.4)
        let outside = FaceBox(left: 0, top: 0, width: 0.25, height: 1)
        #expect(try #require(blur.radius(in: inside)) < 1)
        #expect(try #require(blur.radius(in: outside)) > 1.6)
    }

    @Test("Pictures without edges, and tiny ones, have no radius", arguments: [1, 2, 3, 23, 60])
    func flat(side: Int) throws {
        let flat = try PixelBuffer(width: side, height: 2 * side, red: 90, green: 90, blue: 90)
        let features = try PictureFeatures(of: flat)
        #expect(features.blur.radius == nil)
        #expect(features.blur.cells.prefix(1024).allSatisfy { $0 == PictureBlur.noEdges })
        #expect(features.thumbnail == [UInt8](repeating: 90, count: 4096))
    }
}
