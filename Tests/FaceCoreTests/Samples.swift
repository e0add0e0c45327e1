import FaceCore
import TestSupport

/// An encoding at a known place: `position` along one axis, 0 elsewhere, so that distances are easy
/// to see.
func encoding(_ position: Float, axis: Int = 0) -> FaceEncoding {
    var components = [Float](repeating: 0, count: FaceEncoding.dimension)
    components[axis] = position
    return FaceEncoding(components: components)!
}

func encodings(_ position: Float, axis: Int = 0) -> FaceEncodings {
    // The mirror mean lies far off: comparing it by mistake shows.
    FaceEncodings(plain: encoding(position, axis: axis), mirrorMean: encoding(50, axis: 127))
}

func randomEncoding(_ random: inout SplitMix64, spread: Float = 0.06) -> FaceEncoding {
    FaceEncoding(
        components: (0..<FaceEncoding.dimension).map { _ in
            Float.random(in: -spread...spread, using: &random)
        })!
}

func photo(_ number: UInt8) -> ContentHash {
    ContentHash(bytes: [UInt8](repeating: number, count: ContentHash.byteCount))!
}

func face(_ number: Int, of photo: ContentHash = photo(1), at position: Float, axis: Int = 0)
    -> Face
{
    Face(
        id: FaceID(photo: photo, number: number),
        box: FaceBox(left: Double(number) / 10, top: 0, width: 0.05, height: 0.05), confidence: 1,
        encodings: encodings(position, axis: axis))
}

func person(_ number: Int64) -> PersonID { PersonID(rawValue: number) }

func reference(_ id: Int64, of number: Int64, at position: Float, axis: Int = 0) -> Reference {
    Reference(
        id: ReferenceID(rawValue: id), person: person(number),
        encodings: encodings(position, axis: axis))
}

/// For a picture without edges.
let noEdges = PictureBlur(
    radius: nil, cells: [UInt8](repeating: PictureBlur.noEdges, count: PictureBlur.cellCount))!
