extension [Reference] {
    /// With fewer than this it is unclear which is the odd one.
    private static var fewestToJudge: Int { 5 }

    /// The references without those that do not fit the rest of their person's.
    ///
    /// A person's folder may contain wrong pictures. The references of one person are clustered up
    /// to the distance at which a face would still be asked about. When there are at least five,
    /// and the largest cluster is a third of them and twice as large as the next, only it counts.
    /// With fewer, or without such a majority, all count.
    var withoutStrays: [Reference] {
        let strays = Set(self.strays.map(\.id))
        return strays.isEmpty ? self : filter { !strays.contains($0.id) }
    }

    /// The references that ``MatchRule/evidence`` ignores, by number: see ``withoutStrays``.
    public var strays: [Reference] {
        Dictionary(grouping: self, by: \.person).values.flatMap(Self.strays).sorted {
            $0.id < $1.id
        }
    }

    private static func strays(among references: [Reference]) -> [Reference] {
        guard references.count >= fewestToJudge else { return [] }
        let sorted = references.sorted { $0.id < $1.id }
        let clusters = averageLinkage(
            of: VectorTable(sorted.lazy.map(\.encodings.mirrorMean)),
            apart: sorted.indices.map(Int32.init),
            upTo: MatchSettings.defaultTolerance + MatchSettings.askReach
        ).sorted { ($0.count, $1[0]) > ($1.count, $0[0]) }
        guard let main = clusters.first else { return [] }
        let next = clusters.count > 1 ? clusters[1].count : 1
        guard main.count >= 2 * next, main.count * 3 >= references.count else { return [] }
        let kept = Set(main)
        return sorted.indices.filter { !kept.contains($0) }.map { sorted[$0] }
    }
}
