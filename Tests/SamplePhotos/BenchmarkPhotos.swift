import Foundation

/// Photos of 12 megapixels whose faces' boxes are known, to measure with.
struct BenchmarkPhotos {
    static let width = 4000
    static let height = 3000

    /// The number of faces of a photo; every number is equally likely.
    static let faceCounts = 1...20

    /// The height of a face in pixels, uniform in the logarithm: as many between 60 and 120 as
    /// between 300 and 600.
    static let faceHeights = 60.0...600.0

    /// How often a free place is sought for a face before it is left out.
    static let attempts = 2000

    private let portraits: Portraits
    private let folder: String

    init(portraits: Portraits, folder: String) {
        self.portraits = portraits
        self.folder = folder
    }

    /// Writes `count` photos to `photos/`, and `boxes.csv`.
    ///
    /// A photo depends on `seed` and its own number only, so more photos never change the first.
    /// `boxes.csv` has the columns photo, left, top, right, bottom (pixels) and person.
    func write(count: Int, seed: UInt64) throws {
        try makeFolder(folder + "/photos")
        let all = portraits.people.flatMap(\.portraits)
        let faces = try all.map { (portrait: $0, raster: try decode($0.path)) }
        var boxes = "photo,left,top,right,bottom,person\n"
        for index in 0..<count {
            var random = SplitMix64(seed: seed &* 1_000_003 &+ UInt64(index))
            let name = "photo_\(String(10_001 + index).dropFirst()).jpg"
            let kinds = Background.allCases
            let kind = kinds[random.number(in: 0...(kinds.count - 1))]
            var photo = kind.drawn(width: Self.width, height: Self.height, using: &random)
            for place in places(using: &random) {
                let face = faces[random.number(in: 0...(faces.count - 1))]
                let patch = face.raster.scaled(width: place.side, height: place.side)
                let gain = random.number(in: 0.85...1.1)
                photo.lay(
                    patch, left: place.left, top: place.top, softEdge: 0.08, gain: gain)
                let start = Portraits.faceStart * Double(place.side)
                let end = Portraits.faceEnd * Double(place.side)
                let box = [
                    Double(place.left) + start, Double(place.top) + start,
                    Double(place.left) + end, Double(place.top) + end,
                ]
                let numbers = box.map { String(Int($0.rounded())) }.joined(separator: ",")
                boxes += "\(name),\(numbers),\(face.portrait.person)\n"
            }
            try writeFile(jpeg(photo, quality: 90), to: "\(folder)/photos/\(name)")
        }
        try writeFile(Array(boxes.utf8), to: folder + "/boxes.csv")
    }

    private struct Place {
        let left: Int
        let top: Int
        let side: Int

        func meets(_ other: Place) -> Bool {
            left < other.left + other.side && other.left < left + side
                && top < other.top + other.side && other.top < top + side
        }
    }

    /// Squares that do not overlap, the largest first since it is the hardest to fit.
    private func places(using random: inout SplitMix64) -> [Place] {
        let heights = (0..<random.number(in: Self.faceCounts)).map { _ in
            exp(
                random.number(
                    in: log(Self.faceHeights.lowerBound)...log(Self.faceHeights.upperBound)))
        }
        var places: [Place] = []
        for height in heights.sorted(by: >) {
            let side = Int((height / (Portraits.faceEnd - Portraits.faceStart)).rounded())
            for _ in 0..<Self.attempts {
                let place = Place(
                    left: random.number(in: 0...(Self.width - side)),
                    top: random.number(in: 0...(Self.height - side)), side: side)
                if places.contains(where: { $0.meets(place) }) { continue }
                places.append(place)
                break
            }
        }
        return places
    }
}
