/// What a photo shows, as a network that was trained on a thousand kinds of things sees it.
public struct PhotoLabel: Hashable, Sendable {
    /// How many ``features`` there are.
    public static let featureCount = 512

    /// The likeliest kind in one English word or two: `lakeside`; not empty.
    public let name: String
    /// How sure the network is of it, 0...1. Below about 0.3 it is a guess; photos of people often
    /// get what people wear or hold.
    public let probability: Float
    /// What the network saw before it chose a name: ``featureCount`` numbers, finite, at least 0,
    /// no unit. Photos that are alike in content have similar ones; to be compared with those of the
    /// same weights only.
    public let features: [Float]

    /// - Returns: `nil` for an empty name, a probability outside 0...1 or features that are none.
    public init?(name: String, probability: Float, features: [Float]) {
        guard !name.isEmpty, (0...1).contains(probability), features.count == Self.featureCount,
            features.allSatisfy({ $0.isFinite && $0 >= 0 })
        else { return nil }
        self.name = name
        self.probability = probability
        self.features = features
    }
}
