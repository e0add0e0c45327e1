public import FaceCore

/// The facts in a photo's metadata that this program uses.
public struct PhotoMetadata: Hashable, Sendable {
    /// How the stored picture was turned to stand upright: 1...8 as in EXIF, 1 for no turn. A HEIC
    /// is turned by its own container, so it always has 1.
    public let orientation: Int
    /// When the photo was taken; `nil` when missing or nonsense.
    public let taken: TimeTaken?
    /// Maker and model of the camera: "Canon EOS 5D"; the maker is not repeated.
    public let camera: String?
}
