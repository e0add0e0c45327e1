/// The version of ``clusters(of:upTo:)``: after a change, stored clusters are computed again.
public let clusteringVersion = 2

/// Groups an event's faces by person, as far as the event alone can tell, by average linkage with
/// cannot-link: clusters are joined, the nearest two first, as long as their link is at most
/// `linkage` and no photo has a face in both. Nobody is twice in a photo, so two faces of one photo
/// never share a cluster, however alike they are.
///
/// The link of two clusters is the root of the mean squared distance between a face of the one and
/// a face of the other, on mirrored encodings. One bad face cannot bridge two people: all the
/// others count too.
///
/// Method: UPGMA (Sokal and Michener 1958) with squared Euclidean distances, whose means follow
/// from centroids; cannot-link after Wagstaff and Cardie 2000. The result depends only on the
/// faces: of equal links the one with the smaller ``FaceID`` is joined first.
///
/// - Parameters:
///   - faces: in any order.
///   - linkage: the largest link, in the unit of distances.
/// - Returns: the clusters of two faces or more, each sorted, in the order of their first faces.
/// - Complexity: O(faces²) comparisons of a few nanoseconds for each of `Agglomeration.stages`;
///   memory for the pairs that are near, which are few.
public func clusters(of faces: [Face], upTo linkage: Float) -> [Cluster] {
    let sorted = faces.sorted { $0.id < $1.id }
    let table = VectorTable(sorted.lazy.map(\.encodings.mirrorMean))
    let members = averageLinkage(of: table, apart: sorted.photoNumbers, upTo: linkage)
    return members.map { Cluster(faces: $0.map { sorted[$0].id }) }
}

/// Average linkage with cannot-link of vectors; see ``clusters(of:upTo:)``.
///
/// - Parameter apart: one label for each vector; two of one label never share a cluster.
/// - Returns: the clusters of two or more as sorted indices, in the order of their first.
func averageLinkage(
    of table: VectorTable, apart labels: [Int32], upTo linkage: Float
) -> [[Int]] {
    var agglomeration = Agglomeration(of: table, apart: labels)
    agglomeration.join(upTo: linkage)
    return agglomeration.clusters.filter { $0.count > 1 }
}

extension [Face] {
    /// For each face, the number of its photo; photos are numbered as they first appear.
    var photoNumbers: [Int32] {
        var numbers: [ContentHash: Int32] = [:]
        return map { face in
            let number = numbers[face.id.photo] ?? Int32(numbers.count)
            numbers[face.id.photo] = number
            return number
        }
    }
}

extension [Int32] {
    /// For each photo, by its number, the faces: the numbers are ``photoNumbers`` of faces in
    /// ``FaceID`` order, so those of one photo follow each other.
    var photoRanges: [Range<Int>] {
        var ranges: [Range<Int>] = []
        for (face, photo) in enumerated() {
            if Int(photo) == ranges.count {
                ranges.append(face..<face + 1)
            } else {
                ranges[Int(photo)] = ranges[Int(photo)].lowerBound..<face + 1
            }
        }
        return ranges
    }
}
