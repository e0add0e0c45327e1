/// Why `clean` moves a photo away; in order: a photo is moved for the first reason that applies.
public enum CleanFilter: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
    /// Another file holds the same picture, or a better one of the same burst.
    case duplicates
    /// The faces, or the picture where there are none, are blurred.
    case blurred
    /// No face was found.
    case noFaces
    /// Nobody in it is recognised.
    case noKnown

    /// The folder of the bin that it fills.
    public var folder: String {
        switch self {
        case .duplicates: "duplicates"
        case .blurred: "blurred"
        case .noFaces: "no-faces"
        case .noKnown: "others"
        }
    }

    public static func < (left: Self, right: Self) -> Bool {
        allCases.firstIndex(of: left)! < allCases.firstIndex(of: right)!  // All are in there.
    }
}
