/// The facts in a photo's metadata that this program uses.
public struct PhotoMetadata: Hashable, Sendable {
    /// How the stored picture was turned to stand upright: 1...8 as in EXIF, 1 for no turn. A HEIC
    /// is turned by its own container, so it always has 1.
    public let orientation: Int
    /// When the photo was taken; `nil` when missing or nonsense.
    public let taken: TimeTaken?
    /// Maker and model of the camera: "Canon EOS 5D"; the maker is not repeated.
    public let camera: String?

    public init(orientation: Int, taken: TimeTaken?, camera: String?) {
        self.orientation = orientation
        self.taken = taken
        self.camera = camera
    }
}

/// The moment a photo was taken, as its camera recorded it.
public struct TimeTaken: Hashable, Sendable {
    /// The camera's clock: `2024-05-01T12:33:10`. Always 19 characters, so that it sorts by time.
    public let wallClock: String
    /// The decimal digits after the seconds, `045` for 45 ms; empty when there are none.
    public let subseconds: String
    /// How far the camera's clock was ahead of UTC, in seconds; `nil` when the photo does not say.
    /// Then the time is local and must not be converted.
    public let offsetFromUTC: Int?

    public init(wallClock: String, subseconds: String, offsetFromUTC: Int?) {
        self.wallClock = wallClock
        self.subseconds = subseconds
        self.offsetFromUTC = offsetFromUTC
    }
}
