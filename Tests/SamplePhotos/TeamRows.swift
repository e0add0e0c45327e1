/// People in rows beside and above one another, as a team lines up: many small faces close
/// together in one band of the picture.
///
/// The hard case of face search: the faces are too small for a search of the whole picture at a
/// reduced size, and a search of all of it at full size is what makes other programs slow.
struct TeamRows {
    static let faceCounts = 20...40
    static let rowCounts = 2...4

    /// The height of a face in pixels, uniform.
    static let faceHeights = 34.0...55.0

    /// The room between two people, as a fraction of the largest portrait's side.
    static let gaps = 0.05...0.45

    /// How far somebody stands from the middle of their room, as a fraction of what is free.
    static let jitter = 0.6

    /// The rows from the back (the top) to the front, each from left to right.
    let rows: [[FacePlace]]
    private let shirts: Shirt

    var places: [FacePlace] { rows.flatMap { $0 } }

    /// Rows somewhere in a picture of this size.
    ///
    /// - Precondition: the picture is wide and high enough for the longest rows, 2200 x 450 pixels.
    init(width: Int, height: Int, using random: inout SplitMix64) {
        let count = random.number(in: Self.faceCounts)
        let rowCount = random.number(in: Self.rowCounts)
        let largest = Double(FacePlace.side(faceHeight: Self.faceHeights.upperBound))
        let room = Int(largest * (1 + random.number(in: Self.gaps)))
        let rise = Int(largest * (1 + random.number(in: Self.gaps)))
        let lengths = (0..<rowCount).map { count / rowCount + ($0 < count % rowCount ? 1 : 0) }
        let longest = lengths.max() ?? 0
        // Half a room more, by which every other row is shifted to look past the one in front.
        let left = random.number(in: 0...(width - longest * room - room / 2))
        let top = random.number(in: 0...(height - rowCount * rise))
        shirts = Shirt(
            red: random.number(in: 20.0...230.0), green: random.number(in: 20.0...230.0),
            blue: random.number(in: 20.0...230.0))
        var rows: [[FacePlace]] = []
        for (row, length) in lengths.enumerated() {
            let start = left + (longest - length) * room / 2 + (row % 2) * room / 2
            var places: [FacePlace] = []
            for person in 0..<length {
                let side = FacePlace.side(faceHeight: random.number(in: Self.faceHeights))
                places.append(
                    FacePlace(
                        left: start + person * room + Self.offset(room - side, using: &random),
                        top: top + row * rise + Self.offset(rise - side, using: &random),
                        side: side))
            }
            rows.append(places)
        }
        self.rows = rows
    }

    /// Where in `free` pixels something begins that stands near the middle.
    private static func offset(_ free: Int, using random: inout SplitMix64) -> Int {
        let fraction = 0.5 + jitter * random.number(in: -0.5...0.5)
        return Int(Double(free) * fraction)
    }

    /// Lays the portraits into `photo`, one after another in the order of ``places``, each with
    /// shoulders below it; the rows in front cover those behind.
    func draw(
        _ portraits: [Raster], into photo: inout Raster, using random: inout SplitMix64
    ) {
        var number = 0
        for row in rows {
            for place in row { shirts.draw(below: place, into: &photo) }
            for place in row {
                let patch = portraits[number].scaled(width: place.side, height: place.side)
                let gain = random.number(in: 0.85...1.1)
                photo.lay(patch, left: place.left, top: place.top, softEdge: 0.08, gain: gain)
                number += 1
            }
        }
    }
}

/// What a team wears: one colour.
private struct Shirt {
    let red: Double
    let green: Double
    let blue: Double

    /// The grain of the background shows through, as an even plane is in no photo.
    static let opacity = 0.85

    /// An ellipse of shoulders from the chin of a portrait down.
    func draw(below place: FacePlace, into photo: inout Raster) {
        let side = Double(place.side)
        let centreX = Double(place.left) + side / 2
        let centreY = Double(place.top) + side * 1.75
        let reachX = side * 0.85
        let reachY = side * 0.95
        let columns = max(0, Int(centreX - reachX))..<min(photo.width, Int(centreX + reachX) + 1)
        let lines = max(0, Int(centreY - reachY))..<min(photo.height, Int(centreY + reachY) + 1)
        for y in lines {
            let down = (Double(y) - centreY) / reachY
            for x in columns {
                let across = (Double(x) - centreX) / reachX
                guard across * across + down * down < 1 else { continue }
                let target = (y * photo.width + x) * 3
                for (channel, colour) in [red, green, blue].enumerated() {
                    let below = Double(photo.samples[target + channel])
                    photo.samples[target + channel] = UInt8(
                        below + (colour - below) * Self.opacity)
                }
            }
        }
    }
}
