/// What a photo shows, according to a network trained on a thousand kinds of things.
public struct PhotoLabel: Hashable, Sendable {
    /// The number of ``features``.
    public static let featureCount = 512

    /// The likeliest kind, in one or two English words: `lakeside`; not empty.
    public let name: String
    /// How sure the network is, 0...1. Below about 0.3 it is a guess; for photos of people it often
    /// names what people wear or hold.
    public let probability: Float
    /// What the network computed before it chose a name: ``featureCount`` numbers, finite, at least
    /// 0, no unit. Photos alike in content have similar ones; compare only those of the same
    /// weights.
    public let features: [Float]

    /// - Returns: `nil` for an empty name, a probability outside 0...1 or invalid features.
    public init?(name: String, probability: Float, features: [Float]) {
        guard !name.isEmpty, (0...1).contains(probability), features.count == Self.featureCount,
            features.allSatisfy({ $0.isFinite && $0 >= 0 })
        else { return nil }
        self.name = name
        self.probability = probability
        self.features = features
    }
}
