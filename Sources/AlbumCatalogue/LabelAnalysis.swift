public import FaceCore

/// What a network said that a photo shows.
public struct LabelAnalysis: Hashable, Sendable {
    /// Of the labelling; what another version made is made anew.
    public let version: Int
    /// The SHA-256 of the network's file: labels of other weights are not the same thing.
    public let network: ContentHash
    /// `nil` for a photo that cannot be looked at, so that it is not tried again.
    public let label: PhotoLabel?

    public init(version: Int, network: ContentHash, label: PhotoLabel?) {
        self.version = version
        self.network = network
        self.label = label
    }
}
