import FaceCore
import TestSupport

@testable import PhotoLearning

/// An event of made photos, and somebody who keeps some of them.
struct KeepOwner {
    var photos: [KeepPhoto] = []
    var groups: [DuplicateGroup] = []
    /// In the order of ``photos``: a sharp and large face, or a known person.
    private(set) var worth: [Bool] = []

    /// - Parameters:
    ///   - count: of the photos.
    ///   - seconds: from one photo to the next; `nil` for photos without a date.
    init(count: Int, seed: UInt64, seconds: Int? = 60) {
        var random = SplitMix64(seed: seed)
        for number in 0..<count {
            let photo = Self.photo(number, seconds: seconds, &random)
            let face = photo.photo.faces.first
            let isClear = (face?.sharpness ?? 0) * (face?.heightInPixels ?? 0) > 9000
            photos.append(photo)
            worth.append(isClear || photo.knownCount > 0)
        }
    }

    /// Gives photos the label network's numbers; the first says what their owner likes.
    ///
    /// - Returns: what to keep.
    mutating func likeWhatTheNetworkSees(missing: Set<Int> = [], seed: UInt64) -> [Bool] {
        var random = SplitMix64(seed: seed)
        return photos.indices.map { index in
            let isLiked = Bool.random(using: &random)
            var numbers = (0..<KeepFeatures.networkCount).map { _ in
                Float.random(in: 0...1, using: &random)
            }
            for place in 0..<24 { numbers[place] += isLiked ? 1 : 0 }
            let photo = photos[index]
            photos[index] = KeepPhoto(
                photo: photo.photo, name: photo.name, knownCount: photo.knownCount,
                network: missing.contains(index) ? nil : numbers)
            return isLiked
        }
    }

    /// The intended choices, a share of them wrong.
    func labels(wrong: Double = 0, seed: UInt64 = 1) -> [Bool] {
        var random = SplitMix64(seed: seed)
        return worth.map { Double.random(in: 0..<1, using: &random) < wrong ? !$0 : $0 }
    }

    /// Choices without a rule.
    func randomLabels(seed: UInt64) -> [Bool] {
        var random = SplitMix64(seed: seed)
        return worth.map { _ in Bool.random(using: &random) }
    }

    func labelled(_ labels: [Bool]) -> [LabelledPhoto] {
        let rows = KeepFeatures.rows(of: photos, groups: groups)
        return zip(photos, labels).compactMap { photo, isKept in
            rows[photo.photo.photo].map { LabelledPhoto(photo: photo, row: $0, isKept: isKept) }
        }
    }

    func learn(_ labels: [Bool]) throws(KeepError) -> KeepModel {
        try KeepTraining(labelled(labels), groups: groups).learn()
    }

    static func hash(_ number: Int) -> ContentHash {
        // Spread, so that the order by content is not the order by time.
        var random = SplitMix64(seed: UInt64(number))
        return ContentHash(bytes: (0..<32).map { _ in UInt8(truncatingIfNeeded: random.next()) })!
    }

    private static func photo(
        _ number: Int, seconds: Int?, _ random: inout SplitMix64
    ) -> KeepPhoto {
        let side = 1000
        let faceCount = Int.random(in: 0...3, using: &random)
        let faces = (0..<faceCount).map { _ in
            let height = Double.random(in: 0.03...0.4, using: &random)
            return CleanableFace(
                box: FaceBox(left: 0.3, top: 0.3, width: height, height: height),
                sharpness: Double.random(in: 5...200, using: &random),
                heightInPixels: height * Double(side))
        }.sorted { $0.heightInPixels! > $1.heightInPixels! }
        let isKnown = faceCount > 0 && Int.random(in: 0..<3, using: &random) == 0
        let time = seconds.flatMap { seconds in
            let moment = 36_000 + number * seconds
            return TimeTaken(
                "2026-05-\(two(1 + moment / 86_400))T\(two(moment / 3600 % 24)):"
                    + "\(two(moment / 60 % 60)):\(two(moment % 60))")
        }
        return KeepPhoto(
            photo: CleanablePhoto(
                photo: hash(number), width: side, height: side,
                byteCount: Int64.random(in: 100_000...400_000, using: &random), taken: time,
                features: features(&random), faces: faces),
            name: "IMG_\(1000 + number).jpg", knownCount: isKnown ? 1 : 0)
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func features(_ random: inout SplitMix64) -> PictureFeatures {
        func bytes(_ count: Int) -> [UInt8] {
            (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        }
        return PictureFeatures(
            greys: bytes(PictureFeatures.side * PictureFeatures.side), differenceHash: 0,
            sharpness: Float.random(in: 10...500, using: &random),
            brightness: Float.random(in: 0.2...0.8, using: &random), darkFraction: 0.1,
            brightFraction: 0.1,
            thumbnail: bytes(PictureFeatures.thumbnailSide * PictureFeatures.thumbnailSide),
            blur: PictureBlur(
                radius: Float.random(in: 0.7...2, using: &random),
                cells: bytes(PictureBlur.cellCount))!
        )!
    }
}
