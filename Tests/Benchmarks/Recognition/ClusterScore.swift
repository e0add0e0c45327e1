/// How well clusters agree with who the faces are: pairwise, and by B-cubed (Bagga and Baldwin
/// 1998), the mean over faces of the share of their cluster that is the same person, and of their
/// person's faces that are in the same cluster.
struct ClusterScore {
    let pairPrecision: Double
    let pairRecall: Double
    let precision: Double
    let recall: Double

    /// - Parameter faces: for each face who it is, and its cluster; without one it is alone.
    init(_ faces: [(identity: Int, cluster: Int?)]) {
        struct Both: Hashable {
            let identity: Int
            let cluster: Int
        }
        var identities: [Int: Int] = [:]
        var clusters: [Int: Int] = [:]
        var both: [Both: Int] = [:]
        for (index, face) in faces.enumerated() {
            let cluster = face.cluster ?? -1 - index
            identities[face.identity, default: 0] += 1
            clusters[cluster, default: 0] += 1
            both[Both(identity: face.identity, cluster: cluster), default: 0] += 1
        }
        func pairs(_ counts: some Sequence<Int>) -> Double {
            counts.reduce(0) { $0 + Double($1) * Double($1 - 1) / 2 }
        }
        let shared = pairs(both.values)
        pairPrecision = shared / max(1, pairs(clusters.values))
        pairRecall = shared / max(1, pairs(identities.values))
        var (sumOfPrecision, sumOfRecall) = (0.0, 0.0)
        for (key, count) in both {
            let square = Double(count) * Double(count)
            sumOfPrecision += square / Double(clusters[key.cluster] ?? 1)
            sumOfRecall += square / Double(identities[key.identity] ?? 1)
        }
        precision = sumOfPrecision / Double(max(1, faces.count))
        recall = sumOfRecall / Double(max(1, faces.count))
    }

    var f1: Double { 2 * precision * recall / max(1e-9, precision + recall) }

    static func means(_ scores: [ClusterScore]) -> [String] {
        func mean(_ value: (ClusterScore) -> Double) -> String {
            three(scores.reduce(0) { $0 + value($1) } / Double(max(1, scores.count)))
        }
        return [
            mean(\.pairPrecision), mean(\.pairRecall), mean(\.precision), mean(\.recall),
            mean(\.f1),
        ]
    }

    var cells: [String] {
        [three(pairPrecision), three(pairRecall), three(precision), three(recall), three(f1)]
    }
}
