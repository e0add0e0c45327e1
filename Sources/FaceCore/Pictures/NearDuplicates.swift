/// A photo that is compared for near-duplicates.
public struct ComparedPicture: Hashable, Sendable {
    public let photo: ContentHash
    fileprivate let picture: Picture

    /// The `aspect` is width by height of the upright picture, above 0.
    public init(photo: ContentHash, aspect: Double, features: PictureFeatures) {
        self.photo = photo
        picture = Picture(greys: features.greys, aspect: aspect, sharpness: features.sharpness)
    }

    /// The small part of the features that decides whether two photos are near-duplicates.
    fileprivate struct Picture: Hashable, Sendable {
        let greys: [UInt8]
        let aspect: Double
        let sharpness: Float
    }
}

/// Two photos of the same picture: resized, compressed again, blurred, or taken in one burst.
public struct NearDuplicate: Hashable, Sendable {
    /// The photo with the smaller hash.
    public let first: ContentHash
    public let second: ContentHash
    /// The photo, if any, that is too blurred to compare its faces with the other's.
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
    /// The largest difference between the aspects, as a fraction of one of them.
    public let aspectDifference: Double

    public init(correlation: Float, aspectDifference: Double) {
        self.correlation = correlation
        self.aspectDifference = aspectDifference
    }

    /// Two photos this alike show the same person at the same place. On the labelled event .97 to
    /// .99 differ by one appearance of 352.
    public static let sharesNames = Likeness(correlation: 0.985, aspectDifference: 0.03)
}

/// Which photos of an event are near-duplicates.
///
/// Photos whose pictures are equal are one picture here, and links are between pictures. Of ten
/// thousand copies of one picture every two are near-duplicates: that is ten thousand photos to
/// store rather than fifty million pairs.
public struct NearDuplicates: Hashable, Sendable {
    /// For each picture that has near-duplicates, its photos, sorted; one or more.
    let photos: [[ContentHash]]
    /// For each picture, the other pictures that are like it, in order.
    let links: [[Link]]
    /// The picture of each photo that has near-duplicates.
    let pictures: [ContentHash: Int]

    /// A link from "this" picture to another that is like it.
    struct Link: Hashable, Sendable {
        private let number: Int32
        /// Which of the two is too blurred for their faces to be compared.
        let blurred: Side?

        enum Side: Hashable, Sendable { case this, other }

        var picture: Int { Int(number) }

        fileprivate init(to picture: Int, blurred: Side?) {
            number = Int32(picture)
            self.blurred = blurred
        }
    }

    public static let none = NearDuplicates([])

    /// - Parameter pairs: in any order; each photo is a picture of its own.
    public init(_ pairs: some Sequence<NearDuplicate>) {
        let pairs = Set(pairs)
        let photos = Set(pairs.flatMap { [$0.first, $0.second] }).sorted()
        let pictures = Dictionary(uniqueKeysWithValues: zip(photos, photos.indices))
        self.init(
            photos: photos.map { [$0] },
            links: pairs.compactMap { pair -> (from: Int, link: Link)? in
                guard let one = pictures[pair.first], let other = pictures[pair.second] else {
                    return nil
                }
                let blurred = pair.blurred.map { $0 == pair.first ? Link.Side.this : .other }
                return (one, Link(to: other, blurred: blurred))
            })
    }

    /// - Parameters:
    ///   - photos: of each picture, sorted.
    ///   - links: each once, in either direction.
    fileprivate init(photos: [[ContentHash]], links pairs: [(from: Int, link: Link)]) {
        var links = [[Link]](repeating: [], count: photos.count)
        for (picture, link) in pairs {
            links[picture].append(link)
            links[link.picture].append(
                Link(
                    to: picture,
                    blurred: link.blurred.map { $0 == .this ? Link.Side.other : .this }))
        }
        let kept = photos.indices.filter { photos[$0].count > 1 || !links[$0].isEmpty }
        let numbers = Dictionary(uniqueKeysWithValues: zip(kept, kept.indices))
        self.photos = kept.map { photos[$0] }
        self.links = kept.map { picture in
            links[picture].map { link in
                // No nil: linked pictures are kept.
                Link(to: numbers[link.picture]!, blurred: link.blurred)
            }.sorted { $0.picture < $1.picture }
        }
        pictures = Dictionary(
            uniqueKeysWithValues: self.photos.enumerated().flatMap { picture, photos in
                photos.map { ($0, picture) }
            })
    }

    /// Every two photos that are near-duplicates, in the order of their hashes.
    ///
    /// - Complexity: quadratic in the number of photos where all are of one picture.
    public var pairs: [NearDuplicate] {
        photos.indices.flatMap { picture -> [NearDuplicate] in
            let own = photos[picture]
            let equal = own.indices.flatMap { first in
                own[(first + 1)...].map { NearDuplicate(own[first], $0) }
            }
            let alike = links[picture].filter { $0.picture > picture }.flatMap { link in
                own.flatMap { one in
                    photos[link.picture].map { other in
                        NearDuplicate(
                            one, other,
                            blurred: link.blurred.map { $0 == .this ? one : other })
                    }
                }
            }
            return equal + alike
        }.sorted { ($0.first, $0.second) < ($1.first, $1.second) }
    }

    /// The number of photos and links kept.
    var keptCount: Int { photos.reduce(0) { $0 + $1.count } + links.reduce(0) { $0 + $1.count } }
}

/// The photos whose pictures are alike, whatever the order of `pictures`; a nearly uniform grey
/// picture is like no other.
///
/// Where thousands of different pictures are all alike - a camera that takes one of the same scene
/// every second - each is linked with a few hundred only; see
/// `VectorTable/chainedPairs(to:within:)`.
///
/// - Complexity: O(different pictures²), a few nanoseconds a pair.
public func nearDuplicates(
    among pictures: [ComparedPicture], likeness: Likeness
) -> NearDuplicates {
    let photos = Dictionary(grouping: pictures, by: \.picture).mapValues {
        Set($0.map(\.photo)).sorted()
    }
    let comparable = photos.filter { $0.key.likenessVector != nil }.sorted {
        $0.value[0] < $1.value[0]
    }
    let side = PictureFeatures.side
    let table = VectorTable(
        dimension: side * side, comparable.lazy.compactMap(\.key.likenessVector))
    // For vectors of length 1: squared distance = 2 * (1 - correlation).
    let radius = (2 * (1 - likeness.correlation)).squareRoot()
    return NearDuplicates(
        photos: comparable.map(\.value),
        links: table.chainedPairs(within: radius).compactMap {
            pair -> (from: Int, link: NearDuplicates.Link)? in
            let one = comparable[Int(pair.first)].key
            let other = comparable[Int(pair.second)].key
            let difference = abs(one.aspect - other.aspect) / max(one.aspect, other.aspect)
            guard difference <= likeness.aspectDifference else { return nil }
            return (
                Int(pair.first),
                NearDuplicates.Link(
                    to: Int(pair.second),
                    blurred: one.isBlurred(beside: other)
                        ? .this : other.isBlurred(beside: one) ? .other : nil)
            )
        })
}

extension ComparedPicture.Picture {
    /// A copy with less than this share of the other's sharpness is blurred. On the labelled event,
    /// all blurred copies whose faces are unlike the sharp ones' are below it.
    private static let blurredShare: Float = 0.25

    fileprivate func isBlurred(beside other: Self) -> Bool {
        sharpness < Self.blurredShare * other.sharpness
    }

    /// The greys minus their mean, scaled to length 1: the product of two is their correlation.
    /// `nil` for a nearly uniform grey picture, which is like any other.
    fileprivate var likenessVector: [Float]? {
        let mean = Float(greys.reduce(0) { $0 + Int($1) }) / Float(greys.count)
        let centred = greys.map { Float($0) - mean }
        let length = centred.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let deviation = length / Float(greys.count).squareRoot()
        guard deviation >= Self.leastContrast else { return nil }
        return centred.map { $0 / length }
    }

    /// The standard deviation of ``greys``, in grey levels, below which a picture holds only noise
    /// of the sensor and the compression.
    private static let leastContrast: Float = 4
}
