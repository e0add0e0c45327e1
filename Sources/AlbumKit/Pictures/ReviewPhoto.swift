internal import AlbumCatalogue
public import FaceCore
internal import SystemPackage

/// Names a face, a photo, a portrait or a person in addresses and forms: 16 hexadecimal digits that
/// say nothing about it, and stay the same as long as the thing does.
public struct ReviewToken: RawRepresentable, Hashable, Sendable {
    public let rawValue: String

    /// - Returns: `nil` unless `rawValue` is 16 lower-case hexadecimal digits.
    public init?(rawValue: String) {
        let digits = Array("0123456789abcdef".utf8)
        guard rawValue.utf8.count == 16, rawValue.utf8.allSatisfy(digits.contains) else {
            return nil
        }
        self.rawValue = rawValue
    }
}

/// A photo on a page.
public struct ReviewPhoto: Hashable, Sendable, Identifiable {
    public let id: ReviewToken
    /// Its file name, as the user knows it.
    public let name: String
    /// `nil` when the photo does not say.
    public let taken: TimeTaken?
    /// In pixels of the upright photo.
    public let width: Int
    public let height: Int
}

extension ReviewPhoto {
    /// - Parameter path: what the user calls it; the last part is shown.
    init(_ photo: ContentHash, at path: FilePath, _ record: PhotoRecord?) {
        self.init(
            id: ReviewToken(photo), name: path.lastComponent?.string ?? path.string,
            taken: record?.taken, width: record?.width ?? 1, height: record?.height ?? 1)
    }
}
