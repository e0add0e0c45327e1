package import AlbumCatalogue
internal import FaceAnalysis
public import FaceCore

/// The settings that decide where photos go; kept with each run, so that `why` can explain it.
public struct SortSettings: Hashable, Sendable, Codable {
    /// Two friends are a pair, three a group: the number the predecessors of this program used.
    public static let defaultGroupSize = 3

    public var match: MatchSettings
    public var groupSize: Int
    public var link: LinkKind
    public var search: SearchDepth
    public var isUnknownFlat: Bool

    public init(
        match: MatchSettings = MatchSettings(), groupSize: Int = Self.defaultGroupSize,
        link: LinkKind = .copy, search: SearchDepth = .balanced, isUnknownFlat: Bool = false
    ) {
        self.match = match
        self.groupSize = groupSize
        self.link = link
        self.search = search
        self.isUnknownFlat = isUnknownFlat
    }

    /// Also reads what an earlier version of the program wrote, which had fewer settings.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        match = try values.decode(MatchSettings.self, forKey: .match)
        groupSize = max(1, try values.decode(Int.self, forKey: .groupSize))
        link = try values.decode(LinkKind.self, forKey: .link)
        search = try values.decodeIfPresent(SearchDepth.self, forKey: .search) ?? .balanced
        isUnknownFlat = try values.decodeIfPresent(Bool.self, forKey: .isUnknownFlat) ?? false
    }
}

extension Catalogue {
    /// The settings of the run that wrote the matches.
    package func settingsOfMatches() throws -> SortSettings {
        var settings =
            try runOfMatches().flatMap { JSONText.decoded(SortSettings.self, from: $0.settings) }
            ?? SortSettings()
        settings.match.scalesLimits = try hasBroughtEncoder()
        return settings
    }

    /// Whether the encodings are of another encoder than dlib's own.
    func hasBroughtEncoder() throws -> Bool {
        try encodingSpace().map { !ModelFiles.isOfOwnEncoder($0) } ?? false
    }
}
