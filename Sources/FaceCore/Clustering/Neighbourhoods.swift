/// How crowded the neighbourhood of each face is: the distance to the nearest face that is certainly
/// somebody else's.
///
/// Faces that share a photo are different people. So every other face of the photos in which a
/// face's tight cluster is, is certainly somebody else, and strangers are as near as the nearest of
/// them. Where an encoder places people close together, a distance means less.
public struct Neighbourhoods: Hashable, Sendable {
    private let widths: [FaceID: Float]

    /// Nothing is known: all faces have the usual width.
    public static let usual = Neighbourhoods()

    private init() { widths = [:] }

    /// Wider neighbourhoods are no more informative: different people are .76 +- .07 apart.
    static let greatestWidth: Float = 0.62
    /// Two faces of one photo nearer than this may be one person twice; see
    /// ``EvidenceParameters/twice``.
    static let leastDistance = EvidenceParameters.standard.twice

    /// - Parameters:
    ///   - faces: all of the event, in any order.
    ///   - clusters: faces that are one person's beyond doubt.
    public init(of faces: [Face], clusters: [Cluster]) {
        let sorted = faces.sorted { $0.id < $1.id }
        let table = VectorTable(sorted.lazy.map(\.encodings.mirrorMean))
        let photos = sorted.photoNumbers
        let photoRanges = photos.photoRanges
        let indices = Dictionary(
            uniqueKeysWithValues: sorted.enumerated().map { ($0.element.id, $0.offset) })
        var members = sorted.indices.map { [$0] }
        for cluster in clusters {
            let own = cluster.faces.compactMap { indices[$0] }
            guard let first = own.first else { continue }
            for face in own { members[face] = [] }
            members[first] = own
        }
        var widths: [FaceID: Float] = [:]
        table.withView { view in
            for own in members where !own.isEmpty {
                var others: Set<Int> = []
                for face in own {
                    for mate in photoRanges[Int(photos[face])] where mate != face {
                        if view.distance(face, to: mate) > Self.leastDistance {
                            others.insert(mate)
                        }
                    }
                }
                for face in own {
                    let nearest = others.map { view.distance(face, to: $0) }.min() ?? .infinity
                    widths[sorted[face].id] = min(Self.greatestWidth, nearest)
                }
            }
        }
        self.widths = widths
    }

    package init(widths: [FaceID: Float]) { self.widths = widths }

    subscript(face: FaceID) -> Float { widths[face] ?? Self.greatestWidth }

    /// How much a face's squared distances count: `(width / .6)^-.75`, so that those of faces in
    /// crowded neighbourhoods count more.
    func weight(of face: FaceID) -> Float {
        let ratio = max(0.2, self[face]) / Self.unit
        // To the power of .75, by square roots.
        let root = ratio.squareRoot()
        return 1 / (root * root.squareRoot())
    }

    /// Distances in a neighbourhood of this width keep their size.
    private static let unit: Float = 0.6
}
