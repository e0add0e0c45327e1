import Foundation

/// Where a portrait lies in a picture: a square, in pixels.
struct FacePlace {
    let left: Int
    let top: Int
    let side: Int

    /// The face's own box, as detectors frame it: left, top, right, bottom in pixels.
    var box: [Int] {
        let start = Portraits.faceStart * Double(side)
        let end = Portraits.faceEnd * Double(side)
        return [
            Double(left) + start, Double(top) + start, Double(left) + end, Double(top) + end,
        ].map { Int($0.rounded()) }
    }

    /// The side of the square whose face is `height` pixels high.
    static func side(faceHeight height: Double) -> Int {
        Int((height / (Portraits.faceEnd - Portraits.faceStart)).rounded())
    }

    func meets(_ other: FacePlace) -> Bool {
        left < other.left + other.side && other.left < left + side
            && top < other.top + other.side && other.top < top + side
    }

    /// How often a free place is sought for a face before it is left out.
    static let attempts = 2000

    /// `count` squares anywhere in a picture that overlap neither one another nor `taken`.
    ///
    /// The heights are uniform in the logarithm: as many between 60 and 120 pixels as between 300
    /// and 600. The largest is placed first since it is the hardest to fit.
    static func scattered(
        _ count: Int, heights: ClosedRange<Double>, width: Int, height: Int,
        besides taken: [FacePlace] = [], using random: inout SplitMix64
    ) -> [FacePlace] {
        let drawn = (0..<count).map { _ in
            exp(random.number(in: log(heights.lowerBound)...log(heights.upperBound)))
        }
        var places: [FacePlace] = []
        for faceHeight in drawn.sorted(by: >) {
            let side = side(faceHeight: faceHeight)
            for _ in 0..<attempts {
                let place = FacePlace(
                    left: random.number(in: 0...(width - side)),
                    top: random.number(in: 0...(height - side)), side: side)
                if (taken + places).contains(where: { $0.meets(place) }) { continue }
                places.append(place)
                break
            }
        }
        return places
    }
}
