#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// How sharp a photo is.
public struct SharpnessScore: Hashable, Sendable {
    /// The blur of its edges as the radius of a Gaussian, in pixels of the photo at a longer side
    /// of ``PictureBlur/measuredSide`` (smaller photos as they are); above 0. `nil` when there are
    /// no edges to judge.
    public let blurRadius: Float?
    /// The part that was judged.
    public let basis: Basis
    /// Its radius as a multiple of the best one's in its group, at one size; `nil` without a group
    /// and for the best.
    public let timesBlurrierThanBest: Float?
    public let isBlurred: Bool

    public enum Basis: Hashable, Sendable {
        case faces, picture
    }

    /// Larger is sharper: 1 / pixel. Comparable across photos; least for a photo without edges.
    public var sharpness: Float { blurRadius.map { 1 / $0 } ?? 0 }
}

/// When a photo is blurred.
public struct BlurSettings: Hashable, Sendable {
    /// The least radius, in pixels; see ``SharpnessScore/blurRadius``. The lens and the sensor of a
    /// good photo leave .7 to 1.3; from 1.6 on blur shows on a screen with the whole photo.
    public var leastRadius: Float = 1.6
    /// A photo this many times as blurred as the best of its group is blurred as well, from
    /// `leastRadiusBesideBest` on.
    public var timesBest: Float = 1.8
    public var leastRadiusBesideBest: Float = 1.3

    public init() {}

    public static let `default` = BlurSettings()
}

/// How sharp each readable photo is.
///
/// Judged by the sharpest of the main faces, those at least half as high as the highest, as other
/// people in the photo may be out of focus; without faces, or without edges on them, by the
/// picture. The `groups` are of the same photos.
public func sharpnessScores(
    of photos: [CleanablePhoto], groups: [DuplicateGroup], settings: BlurSettings = .default
) -> [ContentHash: SharpnessScore] {
    let judged = Dictionary(
        photos.compactMap { photo in
            photo.features.map { (photo.photo, Judged(photo, $0.blur)) }
        }, uniquingKeysWith: { first, _ in first })
    var best: [ContentHash: Judged] = [:]
    for group in groups {
        for member in group.members.dropFirst() {
            best[member.photo] = judged[group.members[0].photo]
        }
    }
    return judged.reduce(into: [:]) { scores, entry in
        let times = best[entry.key].flatMap { entry.value.times($0) }
        scores[entry.key] = entry.value.score(timesBest: times, settings)
    }
}

private struct Judged {
    let radius: Float?
    let basis: SharpnessScore.Basis
    /// Of the measured picture.
    let longerSide: Float

    /// The weight of the faces' radius in a geometric mean with the picture's. A face has few
    /// edges, so its value is less certain. The picture's is more certain and supports it, without
    /// outvoting it: a sharp face before a blurred background is sharp, and a blurred one before a
    /// sharp background is blurred.
    private static let shareOfFaces: Float = 2.0 / 3

    init(_ photo: CleanablePhoto, _ blur: PictureBlur) {
        longerSide = Float(min(PictureBlur.measuredSide, max(photo.width, photo.height)))
        let highest = photo.faces.map(\.box.height).max() ?? 0
        let main = photo.faces.filter { 2 * $0.box.height >= highest }
        if let sharpest = main.compactMap({ blur.radius(in: $0.box.withSurroundings) }).min() {
            let picture = blur.radius ?? sharpest
            (radius, basis) = (
                pow(sharpest, Self.shareOfFaces) * pow(picture, 1 - Self.shareOfFaces), .faces
            )
        } else {
            (radius, basis) = (blur.radius, .picture)
        }
    }

    /// How many times as blurred it is, with both at one size.
    func times(_ best: Judged) -> Float? {
        guard let radius, let other = best.radius, basis == best.basis else { return nil }
        return radius / longerSide / (other / best.longerSide)
    }

    func score(timesBest: Float?, _ settings: BlurSettings) -> SharpnessScore {
        let isBlurred =
            radius.map { radius in
                radius >= settings.leastRadius
                    || radius >= settings.leastRadiusBesideBest
                        && timesBest ?? 0 >= settings.timesBest
            } ?? false
        return SharpnessScore(
            blurRadius: radius, basis: basis, timesBlurrierThanBest: timesBest,
            isBlurred: isBlurred)
    }
}
