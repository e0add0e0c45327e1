/// When two photos are duplicates.
public struct DuplicateSettings: Hashable, Sendable {
    /// The least correlation, up to 1, of two pictures' rough shapes; above it they are laid over
    /// each other. Copies cropped by a tenth keep .9; one pair of strangers in several thousand
    /// reaches that.
    public var shapeCorrelation: Float = 0.87
    /// The largest difference of two aspects, as a fraction: a crop at one side.
    public var aspectDifference = 0.25
    /// The least correlation of two copies of one picture, laid over each other.
    public var copyCorrelation: Float = 0.95
    /// The least correlation of two pictures of a burst with the same faces in like places: people
    /// move.
    public var burstCorrelation: Float = 0.8
    /// The same where there are no faces.
    public var facelessBurstCorrelation: Float = 0.9
    /// The longest time, in seconds, from one photo of a burst to the next.
    public var burstSeconds = 3.0
    /// Up to this distance of plain encodings a face is the same: the project's tolerance and a
    /// little, as the place agrees too.
    public var sameFaceDistance: Float = 0.6
    /// From this distance on a clear face in the place of another is someone else's. Faces of a
    /// small copy move by up to .5.
    public var otherFaceDistance: Float = 0.75
    /// A face is clear from this height, in pixels, and this sharpness, in squared grey levels;
    /// encodings of other faces are unreliable.
    public var clearFaceHeight = 40.0
    public var clearFaceSharpness = 20.0
    /// Photos are equally sharp, and equally large, from this fraction of the best on.
    public var equalSharpness: Float = 0.8
    public var equalSize = 0.9

    public init() {}

    public static let `default` = DuplicateSettings()
}
