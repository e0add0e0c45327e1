/// The rule that matches faces.
public enum MatchRule: String, Hashable, Sendable, Codable, CaseIterable {
    /// dlib's plain rule: the nearest reference within the tolerance, on plain encodings.
    case nearest
    /// The evidence of the whole event: mirrored encodings, look-alikes, the same face in several
    /// photos, strangers who are nearer, near-duplicates.
    case evidence
}

/// How readily ``MatchRule/evidence`` gives names; the band *sure* hardly depends on it.
public enum Naming: String, Hashable, Sendable, Codable, CaseIterable {
    /// Some names more, and a few wrong ones among them.
    case balanced
    /// Hardly a wrong name, and a few right ones less.
    case strict

    public static let standard = Naming.balanced

    /// How much farther than the person a face of the event that is not the person's must be. Below
    /// 0, a rival wins only if it is clearly nearer.
    var rivalMargin: Float {
        switch self {
        case .balanced: -0.04
        case .strict: 0.015
        }
    }
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

    /// What ``MatchRule/evidence`` adds to the tolerance: its further evidence makes up for it. On
    /// three labelled events .05 to .07 are equally good.
    public static let evidenceReach: Float = 0.06

    /// How much farther the next person must be: half the standard deviation of the distances
    /// between pictures of one person.
    public static let margin: Float = 0.04

    /// Up to this link faces of the event are almost certainly one person's: on the labelled event
    /// a fifth of the pairs of one person lie so near, and three of 100,000 pairs of two people.
    public static let tightLinkage: Float = 0.36

    /// How far beyond the tolerance a match of very many faces is still sure; one of a single face
    /// must be within it.
    public static let sureReach: Float = 0.05

    /// How far beyond the tolerance a match of `faceCount` faces is still sure: the error of a mean
    /// falls with the root of their number.
    static func sureReach(faceCount: Int) -> Float {
        sureReach * (1 - 1 / Float(faceCount).squareRoot())
    }

    /// How far beyond the tolerance a face is still worth a question.
    public static let askReach: Float = 0.12

    /// By how much a sure match leads everything that speaks against it: the limit, the next person,
    /// the other faces of its photos. On three labelled events .03 to .06 are equally good.
    public static let sureLead: Float = 0.04

    /// How far beyond a person's own limit a face is still worth a question.
    public static let askBeyondLimit: Float = 0.06

    public var rule: MatchRule
    /// The largest distance at which two single pictures count as one person; above 0, finite.
    public var tolerance: Float
    /// How readily ``MatchRule/evidence`` gives names.
    public var naming: Naming
    /// Whether merely likely matches become questions instead of being filed.
    public var filesOnlySure: Bool
    /// The version of the rule: names made by an older one change.
    public var version = Self.currentVersion
    /// Whether every limit grows and shrinks with the tolerance: for an encoder that is not dlib's own,
    /// whose distances may have another scale. It follows from the album's encoder and is not stored.
    public var scalesLimits = false

    private enum CodingKeys: CodingKey {
        case rule, tolerance, naming, filesOnlySure, version
    }

    /// 2: faces that are certainly somebody else, and the other faces of a photo, count.
    public static let currentVersion = 2

    public init(
        rule: MatchRule = .evidence, tolerance: Float = Self.defaultTolerance,
        naming: Naming = .standard, filesOnlySure: Bool = false
    ) {
        self.naming = naming
        self.rule = rule
        self.tolerance = tolerance
        self.filesOnlySure = filesOnlySure
    }

    /// Settings stored by an older facesort lack ``filesOnlySure``, ``naming`` and ``version``.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        rule = try container.decode(MatchRule.self, forKey: .rule)
        tolerance = try container.decode(Float.self, forKey: .tolerance)
        guard tolerance > 0, tolerance <= Self.greatestTolerance else {
            throw DecodingError.dataCorruptedError(
                forKey: .tolerance, in: container, debugDescription: "not a distance above 0")
        }
        filesOnlySure = try container.decodeIfPresent(Bool.self, forKey: .filesOnlySure) ?? false
        naming = try container.decodeIfPresent(Naming.self, forKey: .naming) ?? .standard
        version = try container.decodeIfPresent(Int.self, forKey: .version) ?? 1
    }

    /// The largest distance that the rule allows if nothing speaks against it.
    public var limit: Float {
        switch rule {
        case .nearest: tolerance
        case .evidence: tolerance + Self.evidenceReach * scale
        }
    }

    /// How many times as far apart two encodings are as dlib's would be: all numbers of the rule were
    /// found for dlib's, with the default tolerance.
    package var scale: Float {
        guard scalesLimits else { return 1 }
        return min(max(tolerance / Self.defaultTolerance, 1 / Self.mostScale), Self.mostScale)
    }

    /// Beyond it no sensible encoder lies, and numbers might overflow.
    private static let mostScale: Float = 1000

    /// The same settings for encodings that were divided by ``scale``.
    package var unscaled: MatchSettings {
        guard scalesLimits else { return self }
        var settings = self
        settings.tolerance = tolerance / scale
        settings.scalesLimits = false
        return settings
    }

    /// The version of the event's tight clusters, which depend on the scale.
    package var tightClusteringVersion: Int {
        scale == 1 ? clusteringVersion : clusteringVersion + 1000 * Int(scale.bitPattern)
    }
}
