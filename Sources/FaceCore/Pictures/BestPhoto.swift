/// Why one photo of a group is better than another.
public enum KeepingReason: Hashable, Sendable {
    /// The other is damaged.
    case whole
    /// Its faces are sharper, by this factor.
    case sharperFaces(Float)
    /// It shows this many more faces.
    case moreFaces(Int)
    /// No faces: its picture is sharper, by this factor.
    case sharper(Float)
    /// It has this many times the pixels.
    case larger(Double)
    /// It has this many times the bytes per pixel, in the same format.
    case lessCompressed(Double)
    /// It says more about when and with which camera it was taken: the others were made from it.
    case moreOfCamera
    /// Neither is better.
    case same
}

/// The photo to keep among photos that are alike; of equal ones the one with the smaller hash.
///
/// - Returns: `nil` for no photos.
public func bestPhoto(
    of photos: [CleanablePhoto], settings: DuplicateSettings = .default
) -> ContentHash? {
    photos.isEmpty ? nil : PhotoQuality.best(of: photos.map(PhotoQuality.init), settings).hash
}

/// How a photo of a group is judged.
struct PhotoQuality {
    private let photo: CleanablePhoto
    /// Sharpness relative to the photo's longer side, so that copies of all sizes compare; 1000 is
    /// a radius of one pixel in a thousand.
    private let faceSharpness: Float
    private let pictureSharpness: Float

    init(_ photo: CleanablePhoto) {
        self.photo = photo
        // Larger pictures are measured at this size; see the features.
        let side = Float(min(PictureBlur.measuredSide, max(photo.width, photo.height)))
        let blur = photo.features?.blur
        let radii = photo.faces.compactMap { blur?.radius(in: $0.box.withSurroundings) }
        faceSharpness = radii.reduce(0) { $0 + side / $1 } / Float(max(1, radii.count))
        pictureSharpness = blur?.radius.map { side / $0 } ?? 0
    }

    private var bytesPerPixel: Double { Double(photo.byteCount) / Double(photo.pixelCount) }

    /// How much the file says about the shot; conversions lose it.
    private var cameraFactCount: Int { [photo.taken != nil, photo.camera != nil].count { $0 } }

    /// The best of a group. Photos far behind in the first point drop out, then those behind in the
    /// next, till one is left. In the end the smaller hash decides.
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
        // No nil: the best in a point stays.
        return left.min { $0.photo.photo < $1.photo.photo }!
    }

    /// The photos it competes with in a point: bytes compare only among files of one format.
    private func rivals(in point: Point) -> PhotoFormat? {
        point == .compression ? photo.format : nil
    }

    /// Why this one is better: the first point in which the other is behind.
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

    /// Sharper only by more pixels counts as larger.
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

    /// In order of importance.
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
    /// The face with hair and chin: its outline has edges, skin has none.
    var withSurroundings: FaceBox {
        let (x, y) = (width / 4, height / 4)
        return FaceBox(
            left: left - x, top: top - y, width: width + 2 * x, height: height + 2 * y)
    }
}
