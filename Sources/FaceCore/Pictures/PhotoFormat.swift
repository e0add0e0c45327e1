/// A picture format that facesort reads.
public enum PhotoFormat: String, Hashable, Sendable, Codable, CaseIterable {
    case jpeg, png, heic

    /// As written for people: "JPEG".
    public var name: String { rawValue.uppercased() }

    /// What its files' names end in, without the dot, in small letters; the usual one first.
    package var fileExtensions: [String] {
        switch self {
        case .jpeg: ["jpg", "jpeg", "jpe", "jfif"]
        case .png: ["png"]
        case .heic: ["heic", "heif", "hif"]
        }
    }
}
