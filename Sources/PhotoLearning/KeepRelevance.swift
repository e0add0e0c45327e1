#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// How much each column says by itself, so that the many useless ones do not drown the few useful
/// ones: among 300 photos likeness in forty columns is no likeness.
enum KeepRelevance {
    /// For each column how well it alone tells kept photos from others: 0 not at all, 1 without
    /// exception. Whether more or less of it is better makes no difference.
    ///
    /// The area under its ROC curve, from the middle to either end.
    static func ofColumns(_ photos: [LabelledPhoto]) -> [Double] {
        let keptCount = photos.count { $0.isKept }
        let pairCount = Double(keptCount) * Double(photos.count - keptCount)
        guard pairCount > 0 else {
            return Array(repeating: 1, count: KeepFeatures.dimension)
        }
        return (0..<KeepFeatures.dimension).map { column in
            let order = photos.map { (value: $0.row[column], isKept: $0.isKept) }
                .sorted { $0.value < $1.value }
            var (won, discarded, index) = (0.0, 0.0, 0)
            while index < order.count {
                // Equal values count half.
                let end = order[index...].firstIndex { $0.value != order[index].value }
                let equal = order[index..<(end ?? order.count)]
                let kept = Double(equal.count { $0.isKept })
                let others = Double(equal.count) - kept
                won += kept * (discarded + others / 2)
                discarded += others
                index = equal.endIndex
            }
            return abs(2 * won / pairCount - 1)
        }
    }

    /// Each column's weight when `topics` count: every topic counts the same, however many columns
    /// it has, and within it useful columns count more.
    ///
    /// - Parameter emphasis: 0 for all columns alike; the higher, the more the useful ones count.
    static func weights(
        of topics: Set<KeepFeatures.Topic>, _ relevance: [Double], emphasis: Double
    ) -> [Double] {
        var counts: [KeepFeatures.Topic: Double] = [:]
        for topic in KeepFeatures.topics { counts[topic, default: 0] += 1 }
        let raw = zip(KeepFeatures.topics, relevance).map { topic, relevance in
            topics.contains(topic)
                // Never zero: a column that says nothing alone may say something with others.
                ? pow(max(0.02, relevance), emphasis) / (counts[topic] ?? 1).squareRoot() : 0
        }
        let length = raw.reduce(0) { $0 + $1 * $1 }
        // Keeps distances as large as without emphasis.
        let scale = (Double(topics.count) / length).squareRoot()
        return raw.map { $0 * scale }
    }
}
