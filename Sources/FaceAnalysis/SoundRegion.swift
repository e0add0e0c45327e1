import FaceCore

/// The part of an upright picture that could be decoded.
///
/// A file is written row by row, so the end of the stored picture is missing; the orientation
/// decides where that lies in the upright picture.
struct DecodedRegion {
    private let region: FaceBox

    init(decodedFraction: Double, orientation: Int) {
        let there = min(1, max(0, decodedFraction))
        let missing = 1 - there
        region =
            switch orientation {
            case 3, 4: FaceBox(left: 0, top: missing, width: 1, height: there)
            case 5, 8: FaceBox(left: 0, top: 0, width: there, height: 1)
            case 6, 7: FaceBox(left: missing, top: 0, width: there, height: 1)
            default: FaceBox(left: 0, top: 0, width: 1, height: there)
            }
    }

    /// The part of a face that must exist for it to count. The decoder's filling is no face, but to
    /// the detector a face's upper half looks like one.
    private static let leastSoundArea = 0.7

    func holds(_ face: FaceBox) -> Bool {
        guard region.area < 1 else { return true }
        // A box may reach beyond the picture; only its part inside counts.
        let left = max(0, face.left)
        let top = max(0, face.top)
        let inside = FaceBox(
            left: left, top: top, width: min(1, face.right) - left,
            height: min(1, face.bottom) - top)
        let width = min(inside.right, region.right) - max(inside.left, region.left)
        let height = min(inside.bottom, region.bottom) - max(inside.top, region.top)
        return max(0, width) * max(0, height) >= Self.leastSoundArea * inside.area
    }
}
