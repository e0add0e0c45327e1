import FaceCore
import Foundation
import PhotoImaging
import SystemPackage
import TestSupport

/// Blurs sharp photos and prints how well blurred and sharp ones are told apart: 200 blurs, by a
/// Gaussian of a radius of 1 to 8 px or a motion of 5 to 25 px, of the photo at 1000 px; and each
/// photo unchanged and at a fifth of its brightness. All are compressed as JPEG of
/// quality 85.
///
/// - Parameter folders: sharp photos; others in them are skipped.
func printComposedBlurs(folders: [FilePath]) throws {
    let paths = try folders.flatMap { folder in
        try FileManager.default.contentsOfDirectory(atPath: folder.string).sorted().map {
            folder.appending($0)
        }
    }
    var sharp: [Measured] = []
    var blurred: [Measured] = []
    var sources: [FilePath] = []
    for path in paths {
        guard let picture = try? PhotoSource(path: path).pixels().reduced(maximumSide: 1000),
            min(picture.width, picture.height) >= 200
        else { continue }
        sources.append(path)
        let name = path.lastComponent?.string ?? ""
        sharp.append(try Measured(name, "sharp", 0, picture))
        sharp.append(try Measured(name, "dark", 0, Plane(picture).dimmed(0.2).picture()))
    }
    var random = SplitMix64(seed: 1)
    for number in 0..<200 {
        let path = sources[number % sources.count]
        let picture = try PhotoSource(path: path).pixels().reduced(maximumSide: 1000)
        let name = path.lastComponent?.string ?? ""
        if number % 2 == 0 {
            let radius = Float.random(in: 1...8, using: &random)
            let plane = Plane(picture).blurred(radius: radius)
            blurred.append(try Measured(name, "gaussian", radius, plane.picture()))
        } else {
            let length = Float.random(in: 5...25, using: &random)
            let angle = Float.random(in: 0...Float.pi, using: &random)
            let plane = Plane(picture).moved(length: length, angle: angle)
            blurred.append(try Measured(name, "motion", length, plane.picture()))
        }
    }
    printResult(sharp: sharp, blurred: blurred)
}

private func printResult(sharp: [Measured], blurred: [Measured]) {
    let light = sharp.filter { $0.kind == "sharp" }
    func auc(_ value: (Measured) -> Float, _ sharp: [Measured]) -> String {
        var wins = 0.0
        for one in blurred {
            for other in sharp {
                wins += value(one) < value(other) ? 1 : value(one) == value(other) ? 0.5 : 0
            }
        }
        return String(format: "%.4f", wins / Double(max(1, blurred.count * sharp.count)))
    }
    printTable(
        "\(blurred.count) blurs of \(light.count) photos", ["", "AUC", "AUC with dark ones"],
        [
            ["radius of edges", auc(\.score.sharpness, light), auc(\.score.sharpness, sharp)],
            ["variance of the Laplacian", auc(\.laplacian, light), auc(\.laplacian, sharp)],
        ])
    let found = blurred.filter(\.score.isBlurred)
    let wrong = sharp.filter(\.score.isBlurred)
    print(
        "\nas blurred: \(found.count) of \(blurred.count), "
            + "\(wrong.count { $0.kind == "sharp" }) of \(light.count) sharp and "
            + "\(wrong.count { $0.kind == "dark" }) of \(light.count) dark")
    for (kind, steps) in [("gaussian", [1, 1.5, 2, 3, 5, 8.1]), ("motion", [5, 8, 12, 18, 25.1])] {
        for (low, high) in zip(steps, steps.dropFirst()) {
            let all = blurred.filter {
                $0.kind == kind && Double($0.strength) >= low && Double($0.strength) < high
            }
            print(
                "\(kind) \(low)-\(high) px: \(all.count(where: \.score.isBlurred)) of \(all.count)")
        }
    }
    for one in wrong.prefix(20) {
        print("wrong: \(one.kind) \(one.name) \(one.score.blurRadius ?? 0)")
    }
    for one in blurred.filter({ !$0.score.isBlurred }).prefix(40) {
        print("missed: \(one.kind) \(one.strength) \(one.name) \(one.score.blurRadius ?? 0)")
    }
}

private struct Measured {
    let name: String
    let kind: String
    /// In pixels.
    let strength: Float
    let score: SharpnessScore
    let laplacian: Float

    init(
        _ name: String, _ kind: String, _ strength: Float, _ picture: borrowing PixelBuffer
    ) throws {
        self.name = name
        self.kind = kind
        self.strength = strength
        let decoded = try PhotoSource(bytes: picture.jpegData(quality: 85)).pixels()
        let features = try PictureFeatures(of: decoded)
        let hash = ContentHash(bytes: [UInt8](repeating: 1, count: 32))!  // No nil: 32 bytes.
        let photo = CleanablePhoto(
            photo: hash, width: decoded.width, height: decoded.height, byteCount: 1,
            features: features)
        score = sharpnessScores(of: [photo], groups: [])[hash]!  // No nil: it has features.
        laplacian = features.sharpness
    }
}

/// A picture as numbers, colour by colour.
private struct Plane {
    let width: Int
    let height: Int
    var colours: [[Float]]

    init(_ picture: borrowing PixelBuffer) {
        width = picture.width
        height = picture.height
        colours = picture.withUnsafeBytes { bytes in
            (0..<3).map { colour in
                stride(from: colour, to: bytes.count, by: 3).map { Float(bytes[$0]) }
            }
        }
    }

    func picture() throws -> PixelBuffer {
        var picture = try PixelBuffer(width: width, height: height)
        picture.withUnsafeMutableBytes { bytes in
            for colour in 0..<3 {
                for index in 0..<width * height {
                    bytes[3 * index + colour] = UInt8(
                        min(255, max(0, colours[colour][index].rounded())))
                }
            }
        }
        return picture
    }

    func dimmed(_ factor: Float) -> Plane {
        var result = self
        result.colours = colours.map { $0.map { $0 * factor } }
        return result
    }

    func blurred(radius: Float) -> Plane {
        let reach = Int((3 * radius).rounded(.up))
        let weights = (-reach...reach).map { exp(-Float($0 * $0) / (2 * radius * radius)) }
        return filtered(zip(-reach...reach, weights).map { (Float($0), 0, $1) })
            .filtered(zip(-reach...reach, weights).map { (0, Float($0), $1) })
    }

    func moved(length: Float, angle: Float) -> Plane {
        let count = Int(length.rounded(.up)) * 2 + 1
        return filtered(
            (0..<count).map { step in
                let along = length * (Float(step) / Float(count - 1) - 0.5)
                return (along * cos(angle), along * sin(angle), 1)
            })
    }

    /// The weighted mean of pixels at offsets to the right and down.
    private func filtered(_ taps: [(x: Float, y: Float, weight: Float)]) -> Plane {
        let total = taps.reduce(0) { $0 + $1.weight }
        // Between pixels, by their shares.
        var whole: [[Int]: Float] = [:]
        for tap in taps {
            let (left, top) = (tap.x.rounded(.down), tap.y.rounded(.down))
            let (a, b) = (tap.x - left, tap.y - top)
            for (dx, dy, share) in [
                (0, 0, (1 - a) * (1 - b)), (1, 0, a * (1 - b)), (0, 1, (1 - a) * b), (1, 1, a * b),
            ] where share > 0 {
                whole[[Int(left) + dx, Int(top) + dy], default: 0] += share * tap.weight / total
            }
        }
        var result = self
        for colour in 0..<3 {
            var sums = [Float](repeating: 0, count: width * height)
            for (offset, weight) in whole {
                for y in 0..<height {
                    let from = min(height - 1, max(0, y + offset[1])) * width
                    for x in 0..<width {
                        sums[y * width + x] +=
                            weight * colours[colour][from + min(width - 1, max(0, x + offset[0]))]
                    }
                }
            }
            result.colours[colour] = sums
        }
        return result
    }
}
