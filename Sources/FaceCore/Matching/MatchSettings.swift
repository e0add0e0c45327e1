/// The rule that matches faces.
public enum MatchRule: String, Hashable, Sendable, Codable, CaseIterable {
    /// dlib's plain rule: the nearest reference within the tolerance, on plain encodings.
    case nearest
    /// The evidence of the whole event: mirrored encodings, look-alikes, the same face in several
    /// photos, strangers who are nearer, near-duplicates.
    case evidence
}

/// Settings of ``recognise(faces:references:decisions:ties:clusters:nearDuplicates:settings:)``.
///
/// Distances have no unit: with dlib's encodings two pictures of one person lie .40 +- .09 apart,
/// of two people .76 +- .07. The source of a number stands beside it; "the labelled event" is the
/// one in `Tests/Benchmarks/results`.
public struct MatchSettings: Hashable, Sendable, Codable {
    /// Tutorials with dlib's encodings use 0.5; dlib's own default is 0.6, lower is stricter.
    public static let defaultTolerance: Float = 0.5

    /// The limit for stored settings; no two encodings are farther apart.
    private static let greatestTolerance: Float = 1000

    /// What ``MatchRule/evidence`` adds to the tolerance when many people are known: its further
    /// evidence makes up for it. On the labelled event F1 is .934 with .05, .942 with .06 and .944
    /// with .07.
    public static let evidenceReach: Float = 0.06

    /// How much farther the next person must be: half the standard deviation of the distances
    /// between pictures of one person.
    public static let margin: Float = 0.04

    /// Up to this link faces of the event are almost certainly one person's: on the labelled event
    /// a fifth of the pairs of one person lie so near, and three of 100,000 pairs of two people.
    public static let tightLinkage: Float = 0.36

    /// How far beyond the tolerance a match is still sure.
    public static let sureReach: Float = 0.04

    /// How far beyond the tolerance a face is still worth a question.
    public static let askReach: Float = 0.12

    public var rule: MatchRule
    /// The largest distance at which two single pictures count as one person; above 0, finite.
    public var tolerance: Float
    /// Whether merely likely matches become questions instead of being filed.
    public var filesOnlySure: Bool

    public init(
        rule: MatchRule = .evidence, tolerance: Float = Self.defaultTolerance,
        filesOnlySure: Bool = false
    ) {
        self.rule = rule
        self.tolerance = tolerance
        self.filesOnlySure = filesOnlySure
    }

    /// Settings stored by an older facesort lack ``filesOnlySure``.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        rule = try container.decode(MatchRule.self, forKey: .rule)
        tolerance = try container.decode(Float.self, forKey: .tolerance)
        guard tolerance > 0, tolerance <= Self.greatestTolerance else {
            throw DecodingError.dataCorruptedError(
                forKey: .tolerance, in: container, debugDescription: "not a distance above 0")
        }
        filesOnlySure = try container.decodeIfPresent(Bool.self, forKey: .filesOnlySure) ?? false
    }

    /// The largest distance that the rule allows if nothing speaks against it.
    public var limit: Float {
        switch rule {
        case .nearest: tolerance
        case .evidence: tolerance + Self.evidenceReach
        }
    }
}
