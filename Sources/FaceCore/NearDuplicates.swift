/// A photo among others that may be the same picture.
public struct ComparedPicture: Hashable, Sendable {
    public let photo: ContentHash
    /// Width by height of the upright picture, above 0.
    public let aspect: Double
    public let features: PictureFeatures

    public init(photo: ContentHash, aspect: Double, features: PictureFeatures) {
        self.photo = photo
        self.aspect = aspect
        self.features = features
    }
}

/// Two photos of the same picture: resized, compressed again, blurred, or taken in one burst.
public struct NearDuplicate: Hashable, Sendable {
    /// The one with the smaller hash.
    public let first: ContentHash
    public let second: ContentHash
    /// Which of them is so much more blurred that its faces cannot be compared with the other's.
    public let blurred: ContentHash?

    public init(_ one: ContentHash, _ other: ContentHash, blurred: ContentHash? = nil) {
        (first, second) = one < other ? (one, other) : (other, one)
        self.blurred = blurred
    }
}

/// How alike two pictures must be to be near-duplicates.
public struct Likeness: Hashable, Sendable {
    /// The least correlation of the two pictures' greys, up to 1.
    public let correlation: Float
    /// The most that one aspect may differ from the other, as a fraction of it.
    public let aspectDifference: Double

    public init(correlation: Float, aspectDifference: Double) {
        self.correlation = correlation
        self.aspectDifference = aspectDifference
    }

    /// What makes two photos so alike that who is at a place of the one is at that place of the
    /// other. On the labelled event .97 to .99 differ by one appearance of 352.
    public static let sharesNames = Likeness(correlation: 0.985, aspectDifference: 0.03)
}

/// The pairs of pictures that are alike, in the order of their hashes, whatever the order of
/// `pictures`; a picture of nearly one grey is like no other.
///
/// - Complexity: O(pictures²), a few nanoseconds a pair.
public func nearDuplicates(
    among pictures: [ComparedPicture], likeness: Likeness
) -> [NearDuplicate] {
    let side = PictureFeatures.side
    let comparable = pictures.sorted { $0.photo < $1.photo }.compactMap { picture in
        picture.features.likenessVector.map { (picture, $0) }
    }
    let table = VectorTable(dimension: side * side, comparable.lazy.map(\.1))
    // Of vectors of length 1 the squared distance is twice what the correlation lacks to 1.
    let radius = (2 * (1 - likeness.correlation)).squareRoot()
    return table.nearPairs(within: radius).compactMap { pair in
        let one = comparable[Int(pair.first)].0
        let other = comparable[Int(pair.second)].0
        let difference = abs(one.aspect - other.aspect) / max(one.aspect, other.aspect)
        guard one.photo != other.photo, difference <= likeness.aspectDifference else { return nil }
        return NearDuplicate(
            one.photo, other.photo,
            blurred: one.isBlurred(beside: other)
                ? one.photo : other.isBlurred(beside: one) ? other.photo : nil)
    }
}

extension ComparedPicture {
    /// A copy with less than this share of the other's sharpness is a blurred one. The labelled
    /// event's blurred copies whose faces are unlike the sharp ones' are all below it.
    private static let blurredShare: Float = 0.25

    fileprivate func isBlurred(beside other: ComparedPicture) -> Bool {
        features.sharpness < Self.blurredShare * other.features.sharpness
    }
}
