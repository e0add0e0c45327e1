public import FaceCore

/// What a photo shows, by a network.
public struct LabelAnalysis: Hashable, Sendable {
    /// Of the labelling; another version's label is made again.
    public let version: Int
    /// The SHA-256 of the network's file: labels of other weights are not the same thing.
    public let network: ContentHash
    /// `nil` for a photo that cannot be decoded, so that it is not tried again.
    public let label: PhotoLabel?

    public init(version: Int, network: ContentHash, label: PhotoLabel?) {
        self.version = version
        self.network = network
        self.label = label
    }
}
