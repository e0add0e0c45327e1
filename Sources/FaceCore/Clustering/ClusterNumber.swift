/// The number of a cluster in its album: allotted once, kept as long as the cluster is recognisably
/// the same, never given to another.
public struct ClusterNumber: RawRepresentable, Hashable, Comparable, Sendable, Codable {
    /// At least 1.
    public let rawValue: Int

    public init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// The largest number in a name; a folder beyond is a user's.
    public static let greatest = 1_000_000_000

    /// - Returns: `nil` unless `name` is what ``name`` gives.
    public init?(name: String) {
        guard name.hasPrefix(Self.start), let number = Int(name.dropFirst(Self.start.count)),
            (1...Self.greatest).contains(number)
        else { return nil }
        rawValue = number
        guard self.name == name else { return nil }
    }

    /// What the cluster is called until somebody names it: `person-01`, `person-112`.
    public var name: String { Self.start + (rawValue < 10 ? "0" : "") + String(rawValue) }

    private static let start = "person-"

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// A cluster with its number.
public struct NumberedCluster: Hashable, Sendable {
    public let number: ClusterNumber
    /// In ``FaceID`` order, at least two; two of one photo only where a person said so.
    public let faces: [FaceID]

    public init(number: ClusterNumber, faces: [FaceID]) {
        self.number = number
        self.faces = faces
    }

    /// How many photos show the cluster's person.
    public var photoCount: Int { Set(faces.map(\.photo)).count }
}

/// Gives clusters their numbers: old numbers where clusters are the same, new ones for the others,
/// the largest first.
///
/// A number goes to the cluster that holds most of the faces which had it. When a cluster splits,
/// its largest part keeps the number. When several merge, the result has the number of which it
/// holds most; the other numbers belong to no cluster.
///
/// - Parameters:
///   - clusters: each in ``FaceID`` order, no face in two of them.
///   - before: the numbers that faces had; a face may have had several.
///   - last: the last number ever allotted, 0 for none.
/// - Returns: by number.
public func numbered(
    _ clusters: [Cluster], before: [FaceID: Set<ClusterNumber>], last: Int
) -> [NumberedCluster] {
    var claims: [(count: Int, number: ClusterNumber, cluster: Int)] = []
    for (index, cluster) in clusters.enumerated() {
        var counts: [ClusterNumber: Int] = [:]
        for face in cluster.faces {
            for number in before[face] ?? [] { counts[number, default: 0] += 1 }
        }
        claims += counts.map { ($0.value, $0.key, index) }
    }
    claims.sort {
        $0.count != $1.count
            ? $0.count > $1.count
            : $0.number != $1.number
                ? $0.number < $1.number
                : clusters[$0.cluster].faces[0] < clusters[$1.cluster].faces[0]
    }
    var numbers: [Int: ClusterNumber] = [:]
    var isTaken: Set<ClusterNumber> = []
    for claim in claims where numbers[claim.cluster] == nil && !isTaken.contains(claim.number) {
        numbers[claim.cluster] = claim.number
        isTaken.insert(claim.number)
    }
    let new = clusters.indices.filter { numbers[$0] == nil }.sorted { one, other in
        let (left, right) = (clusters[one].faces, clusters[other].faces)
        return left.count != right.count ? left.count > right.count : left[0] < right[0]
    }
    for (offset, cluster) in new.enumerated() {
        numbers[cluster] = ClusterNumber(rawValue: last + 1 + offset)
    }
    return numbers.map { NumberedCluster(number: $0.value, faces: clusters[$0.key].faces) }
        .sorted { $0.number < $1.number }
}
