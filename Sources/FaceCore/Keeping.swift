/// Why one photo of a group is better than another.
public enum KeepingReason: Hashable, Sendable {
    /// The other is damaged.
    case whole
    /// Its faces are sharper, by this factor.
    case sharperFaces(Float)
    /// It shows so many faces more.
    case moreFaces(Int)
    /// Without faces: its picture is sharper, by this factor.
    case sharper(Float)
    /// It has this many times the pixels.
    case larger(Double)
    /// For each pixel it has this many times the bytes, in the same format.
    case lessCompressed(Double)
    /// It says more of when and with which camera it was taken: the others were made from it.
    case moreOfCamera
    /// Neither is better.
    case same
}

/// Which one of photos that are alike is to be kept; of equal ones that with the smaller hash.
///
/// - Returns: `nil` for no photos.
public func bestPhoto(
    of photos: [CleanablePhoto], settings: DuplicateSettings = .default
) -> ContentHash? {
    photos.isEmpty ? nil : PhotoQuality.best(of: photos.map(PhotoQuality.init), settings).hash
}

/// What a photo of a group is judged by.
struct PhotoQuality {
    private let photo: CleanablePhoto
    /// Sharpness in units of the photo's longer side, so that copies of all sizes compare; a
    /// thousandth of it is a radius of one pixel in a thousand.
    private let faceSharpness: Float
    private let pictureSharpness: Float

    init(_ photo: CleanablePhoto) {
        self.photo = photo
        // Beyond it a picture is measured smaller; see the features.
        let side = Float(min(PictureBlur.measuredSide, max(photo.width, photo.height)))
        let blur = photo.features?.blur
        let radii = photo.faces.compactMap { blur?.radius(in: $0.box.withSurroundings) }
        faceSharpness = radii.reduce(0) { $0 + side / $1 } / Float(max(1, radii.count))
        pictureSharpness = blur?.radius.map { side / $0 } ?? 0
    }

    private var bytesPerPixel: Double { Double(photo.byteCount) / Double(photo.pixelCount) }

    /// How much a file says of the moment, which conversions lose.
    private var cameraFactCount: Int { [photo.taken, photo.camera].count { $0 != nil } }

    /// The best of a group: those that are far behind in the first point are out, then those that
    /// are behind in the next, till one is left. In the end the smaller hash decides.
    static func best(of qualities: [PhotoQuality], _ settings: DuplicateSettings) -> PhotoQuality {
        var left = qualities
        for point in Point.allCases {
            let best = Dictionary(grouping: left) { $0.rivals(in: point) }.mapValues { rivals in
                rivals.map { $0.value(point) }.max() ?? 0
            }
            left = left.filter {
                let best = best[$0.rivals(in: point)] ?? 0
                return $0.value(point) >= best * point.equalShare(settings)
            }
        }
        // No nil: the best in a point is never out.
        return left.min { $0.photo.photo < $1.photo.photo }!
    }

    /// With whom it is compared in a point: bytes mean something among files of one format only.
    private func rivals(in point: Point) -> String? {
        point == .compression ? photo.format ?? "" : nil
    }

    /// Why this one is the better: the first point in which the other is behind.
    func reason(against other: PhotoQuality, _ settings: DuplicateSettings) -> KeepingReason {
        for point in Point.allCases {
            let (mine, theirs) = (value(point), other.value(point))
            guard rivals(in: point) == other.rivals(in: point),
                theirs < mine * point.equalShare(settings)
            else { continue }
            let factor = mine / max(theirs, mine / 1000)
            if point.isSharpness, let larger = larger(than: other, explaining: factor, settings) {
                return larger
            }
            return switch point {
            case .whole: .whole
            case .faceSharpness: .sharperFaces(Float(factor))
            case .faceCount: .moreFaces(Int(mine - theirs))
            case .pictureSharpness: .sharper(Float(factor))
            case .size: .larger(factor)
            case .compression: .lessCompressed(factor)
            case .camera: .moreOfCamera
            }
        }
        return .same
    }

    /// Sharper only because there are more pixels is larger.
    private func larger(
        than other: PhotoQuality, explaining factor: Double, _ settings: DuplicateSettings
    ) -> KeepingReason? {
        let times = value(.size) / other.value(.size)
        guard times > 1 / settings.equalSize,
            factor * Double(settings.equalSharpness) <= times.squareRoot()
        else { return nil }
        return .larger(times)
    }

    var hash: ContentHash { photo.photo }

    /// In the order in which they count.
    private enum Point: CaseIterable {
        case whole, faceSharpness, faceCount, pictureSharpness, size, compression, camera

        var isSharpness: Bool { self == .faceSharpness || self == .pictureSharpness }

        /// What counts as equal: this fraction of the best.
        func equalShare(_ settings: DuplicateSettings) -> Double {
            switch self {
            case .whole, .faceCount, .camera: 1
            case .faceSharpness, .pictureSharpness: Double(settings.equalSharpness)
            case .size: settings.equalSize
            // Headers differ by as much.
            case .compression: 0.98
            }
        }
    }

    private func value(_ point: Point) -> Double {
        switch point {
        case .whole: photo.isWhole ? 1 : 0
        case .faceSharpness: Double(faceSharpness)
        case .faceCount: Double(photo.faces.count)
        case .pictureSharpness: photo.faces.isEmpty ? Double(pictureSharpness) : 0
        case .size: Double(photo.pixelCount)
        case .compression: bytesPerPixel
        case .camera: Double(cameraFactCount)
        }
    }
}

extension FaceBox {
    /// The face with hair and chin: the outline has edges where the skin has none.
    var withSurroundings: FaceBox {
        let (x, y) = (width / 4, height / 4)
        return FaceBox(
            left: left - x, top: top - y, width: width + 2 * x, height: height + 2 * y)
    }
}
