package import FaceCore

/// The numbers that judge a photo: one row for each photo, every column with a name.
///
/// They say what people say about photos they throw away: nobody in it, too small to recognise, not
/// sharp, too dark, the same again. Sizes and sharpness are logarithms: twice as sharp is one step
/// from any start, and a product is a sum.
package enum KeepFeatures {
    /// Of the columns; a model that learnt from others is refused.
    package static let version: UInt32 = 1
    /// How many numbers the pretrained network gives for a photo.
    package static let networkCount = 512

    /// Columns that belong together: they count, or are left out, as one.
    enum Topic: Int, CaseIterable, Sendable, Codable {
        case faces, people, picture, company, shape, network
    }

    /// The columns, without the network's.
    static let columns: [(name: String, topic: Topic)] =
        faceNames.map { ($0, .faces) } + peopleNames.map { ($0, .people) }
        + pictureNames.map { ($0, .picture) } + companyNames.map { ($0, .company) }
        + (0..<shapeSide * shapeSide).map { ("shape\($0)", .shape) }

    /// The length of a row.
    static let dimension = columns.count + networkCount

    /// For every column of a row.
    static let topics = columns.map(\.topic) + Array(repeating: Topic.network, count: networkCount)

    /// The rows of photos with readable pictures; the others have none.
    ///
    /// - Parameters:
    ///   - photos: all that lie together, judged or not: duplicates, and photos taken at the same
    ///     time, are counted among them.
    ///   - groups: of the same photos.
    package static func rows(
        of photos: [KeepPhoto], groups: [DuplicateGroup]
    ) -> [ContentHash: [Double]] {
        let scores = sharpnessScores(of: photos.map(\.photo), groups: groups)
        var standing: [ContentHash: (isBest: Bool, count: Int)] = [:]
        for group in groups {
            for member in group.members {
                standing[member.photo] = (member.isBest, group.members.count)
            }
        }
        let times = photos.compactMap { $0.photo.taken?.seconds }.sorted()
        var rows: [ContentHash: [Double]] = [:]
        for photo in photos {
            guard let features = photo.photo.features, let score = scores[photo.photo.photo] else {
                continue
            }
            let company = Company(
                isBest: standing[photo.photo.photo]?.isBest ?? true,
                count: standing[photo.photo.photo]?.count ?? 1,
                neighbourCount: (photo.photo.taken?.seconds).map { time in
                    times.count(within: 30, of: time)
                } ?? 1)
            let network = photo.network?.map(Double.init) ?? []
            let row =
                faces(photo.photo, score) + people(photo) + picture(photo.photo, features, score)
                + self.company(company, score) + shape(features)
                + (network.count == networkCount && network.allSatisfy(\.isFinite)
                    ? network : Array(repeating: 0, count: networkCount))
            // Values that no picture gives, from a catalogue of somebody else, may divide by 0.
            rows[photo.photo.photo] = row.map { $0.isFinite ? $0 : 0 }
        }
        return rows
    }

    // MARK: Faces

    private static let faceNames = [
        "hasFace", "faceCount", "largestHeight", "largestShare", "largestSharpness",
        "sharpestSharpness", "bestSharpTimesHeight", "bestSharpTimesShare",
        "edgeSharpTimesHeight", "edgeSharpTimesShare", "faceArea", "offCentre",
    ]

    /// Below this many pixels faces cannot be told apart; also taken without faces.
    private static let leastHeight = 16.0
    /// The same as a fraction of the photo.
    private static let leastShare = 1.0 / 64

    private static func faces(_ photo: CleanablePhoto, _ score: SharpnessScore) -> [Double] {
        let faces = photo.faces.map { face in
            (
                height: face.heightInPixels ?? face.box.height * Double(photo.height),
                sharpness: 1 + max(0, face.sharpness ?? 0), box: face.box
            )
        }
        let largest = faces.max { $0.height < $1.height }
        let height = max(leastHeight, largest?.height ?? 0)
        let centre = largest.map { face in
            let x = face.box.left + face.box.width / 2 - 0.5
            let y = face.box.top + face.box.height / 2 - 0.5
            return (x * x + y * y).squareRoot()
        }
        return [
            faces.isEmpty ? 0 : 1,
            binaryLogarithm(1 + Double(faces.count), least: 1),
            binaryLogarithm(height, least: leastHeight),
            binaryLogarithm(largest?.box.height ?? 0, least: leastShare),
            binaryLogarithm(largest?.sharpness ?? 1, least: 1),
            binaryLogarithm(faces.map(\.sharpness).max() ?? 1, least: 1),
            binaryLogarithm(
                faces.map { $0.sharpness * $0.height }.max() ?? 0, least: leastHeight),
            binaryLogarithm(
                faces.map { $0.sharpness * $0.box.height }.max() ?? 0, least: leastShare),
            binaryLogarithm(
                faces.isEmpty ? 0 : Double(score.sharpness) * height, least: leastHeight / 4),
            binaryLogarithm(
                Double(score.sharpness) * (largest?.box.height ?? 0), least: leastShare / 4),
            binaryLogarithm(
                faces.reduce(0) { $0 + $1.box.width * $1.box.height },
                least: leastShare * leastShare),
            min(1, centre ?? 0.5),
        ]
    }

    // MARK: People

    private static let peopleNames = ["hasKnown", "knownCount", "knownShare"]

    private static func people(_ photo: KeepPhoto) -> [Double] {
        let known = Double(photo.knownCount)
        return [
            known > 0 ? 1 : 0, binaryLogarithm(1 + known, least: 1),
            min(1, known / Double(max(1, photo.photo.faces.count))),
        ]
    }

    // MARK: The picture

    private static let pictureNames = [
        "laplacian", "edgeSharpness", "brightness", "darkFraction", "brightFraction", "contrast",
        "pixelCount", "aspect", "bytesPerPixel",
    ]

    private static func picture(
        _ photo: CleanablePhoto, _ features: PictureFeatures, _ score: SharpnessScore
    ) -> [Double] {
        let pixels = Double(photo.width) * Double(photo.height)
        let greys = features.greys.map(Double.init)
        return [
            binaryLogarithm(1 + Double(features.sharpness), least: 1),
            binaryLogarithm(Double(score.sharpness), least: 1.0 / 16),
            Double(features.brightness), Double(features.darkFraction),
            Double(features.brightFraction), deviation(of: greys) / 64,
            binaryLogarithm(pixels, least: 1),
            binaryLogarithm(Double(photo.width) / Double(max(1, photo.height)), least: 1.0 / 16),
            binaryLogarithm(Double(photo.byteCount) / pixels, least: 1.0 / 256),
        ]
    }

    private static func deviation(of values: [Double]) -> Double {
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / Double(values.count)).squareRoot()
    }

    // MARK: The photos around it

    private static let companyNames = [
        "isBestOfGroup", "groupSize", "timesBlurrier", "photosWithinSeconds",
    ]

    private struct Company {
        /// Of its group of duplicates, or alone.
        let isBest: Bool
        /// Photos of its group, itself included.
        let count: Int
        /// Photos taken within seconds, itself included.
        let neighbourCount: Int
    }

    private static func company(_ company: Company, _ score: SharpnessScore) -> [Double] {
        [
            company.isBest ? 1 : 0, binaryLogarithm(Double(company.count), least: 1),
            binaryLogarithm(Double(score.timesBlurrierThanBest ?? 1), least: 1),
            binaryLogarithm(Double(company.neighbourCount), least: 1),
        ]
    }

    // MARK: What it looks like

    /// Columns, and rows, of the rough shape: where a picture is bright and where dark.
    private static let shapeSide = 4

    private static func shape(_ features: PictureFeatures) -> [Double] {
        let side = PictureFeatures.side
        let part = side / shapeSide
        let greys = features.greys.map(Double.init)
        let mean = greys.reduce(0, +) / Double(greys.count)
        // A uniform picture has no shape; do not amplify its noise into one.
        let spread = max(4, deviation(of: greys))
        return (0..<shapeSide * shapeSide).map { place in
            let (top, left) = (place / shapeSide * part, place % shapeSide * part)
            var sum = 0.0
            for row in top..<top + part {
                for column in left..<left + part { sum += greys[row * side + column] }
            }
            return (sum / Double(part * part) - mean) / spread
        }
    }
}

extension [Double] {
    /// How many of these sorted numbers lie within `distance` of `value`.
    fileprivate func count(within distance: Double, of value: Double) -> Int {
        position(of: value + distance, orBehind: true)
            - position(of: value - distance, orBehind: false)
    }

    /// How many are less than `value`, or not more when `orBehind`.
    private func position(of value: Double, orBehind: Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < value || orBehind && self[middle] == value {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }
}
