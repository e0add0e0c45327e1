/// The place of a face in a photo: a decision names a face by it, whatever an analysis finds or
/// numbers there.
public struct FaceKey: Hashable, Sendable {
    public let photo: ContentHash
    public let box: FaceBox

    public init(photo: ContentHash, box: FaceBox) {
        self.photo = photo
        self.box = box
    }

    public init(_ face: Face) {
        self.init(photo: face.id.photo, box: face.box)
    }

    /// From this overlap on two boxes of one photo are one face's.
    public static let sameFaceOverlap = 0.5
}

/// `{"photo": "3f…", "box": [left, top, width, height]}`
extension FaceKey: Codable {
    private enum CodingKeys: CodingKey {
        case photo, box
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let sides = try values.decode([Double].self, forKey: .box)
        let box =
            sides.count == 4
            ? FaceBox(left: sides[0], top: sides[1], width: sides[2], height: sides[3]) : nil
        guard let box, box.isSound else {
            throw DecodingError.dataCorruptedError(
                forKey: .box, in: values, debugDescription: "not a box: \(sides)")
        }
        photo = try values.decode(ContentHash.self, forKey: .photo)
        self.box = box
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(photo, forKey: .photo)
        try values.encode([box.left, box.top, box.width, box.height], forKey: .box)
    }
}

extension FaceKey: Comparable {
    public static func < (one: Self, other: Self) -> Bool {
        one.photo == other.photo ? one.box < other.box : one.photo < other.photo
    }
}
