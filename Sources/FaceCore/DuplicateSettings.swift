/// When two photos are duplicates.
public struct DuplicateSettings: Hashable, Sendable {
    /// The least correlation of two pictures' rough shapes, above which they are laid over each
    /// other; up to 1. Copies cropped by a tenth keep .9, and one pair of strangers in several
    /// thousand has as much.
    public var shapeCorrelation: Float = 0.87
    /// The most that one aspect may differ from the other, as a fraction: a crop at one side.
    public var aspectDifference = 0.25
    /// The least correlation of two pictures of the same, laid over each other.
    public var copyCorrelation: Float = 0.95
    /// The least correlation of two pictures of a burst with the same faces in like places: people
    /// move.
    public var burstCorrelation: Float = 0.8
    /// The same where there are no faces to go by.
    public var facelessBurstCorrelation: Float = 0.9
    /// The longest time, in seconds, from one photo of a burst to the next.
    public var burstSeconds = 3.0
    /// A face is the same up to this distance of plain encodings: the project's tolerance and a
    /// little, as the place agrees too.
    public var sameFaceDistance: Float = 0.6
    /// A clear face in the place of another is someone else's from this distance on. Faces of a
    /// copy move by up to .5 when it is small.
    public var otherFaceDistance: Float = 0.75
    /// A face counts as clear from this height in pixels, and from this sharpness, in squared grey
    /// levels; encodings of others are not to be relied upon.
    public var clearFaceHeight = 40.0
    public var clearFaceSharpness = 20.0
    /// What counts as equally sharp, and as equally large: this fraction of the best.
    public var equalSharpness: Float = 0.8
    public var equalSize = 0.9

    public init() {}

    public static let `default` = DuplicateSettings()
}
