import FaceCore

/// The part of an upright picture that could be decoded.
///
/// A file is written row by row, so what is missing is the end of the stored picture; where that
/// lies in the upright picture is the orientation's doing.
struct SoundRegion {
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

    /// Whether at least this much of a face is there for it to be one. What the decoder fills the
    /// rest with is no face, but a face's upper half looks like one to the detector.
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
