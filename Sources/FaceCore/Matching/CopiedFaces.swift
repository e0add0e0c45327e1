/// Faces at one place of near-duplicates.
struct CopiedFaces {
    private let faces: [Face]
    private let nearDuplicates: NearDuplicates
    /// Up to this distance two are one person's.
    private let reach: Float
    /// For each picture its faces, grouped where they differ only in the photo; both sorted.
    private let kinds: [[[Int]]]

    /// Each of several equal faces is paired with this many of another kind: if none of these takes
    /// it, no other would.
    private static let mostOfKind = 8

    /// - Parameter faces: in ``FaceID`` order.
    init(_ faces: [Face], _ nearDuplicates: NearDuplicates, upTo reach: Float) {
        struct Kind: Hashable {
            let box: FaceBox
            let encoding: FaceEncoding
        }
        self.faces = faces
        self.nearDuplicates = nearDuplicates
        self.reach = reach
        let ofPhoto = Dictionary(grouping: faces.indices) { faces[$0].id.photo }
        kinds = nearDuplicates.photos.map { photos in
            let own = photos.flatMap { ofPhoto[$0] ?? [] }
            let kinds = Dictionary(grouping: own) {
                Kind(box: faces[$0].box, encoding: faces[$0].encodings.mirrorMean)
            }
            return kinds.values.map { $0.sorted() }.sorted { $0[0] < $1[0] }
        }
    }

    /// The pairs that are one person's, the nearest first, the smaller index before the larger.
    ///
    /// Of very many equal faces each is paired with a few; this joins them all the same.
    func pairs(where isWanted: (Int, Int) -> Bool) -> [(one: Int, other: Int)] {
        var pairs: [(distance: Float, one: Int, other: Int)] = []
        func add(_ one: Int, _ other: Int, _ distance: Float) {
            guard faces[one].id.photo != faces[other].id.photo, isWanted(one, other) else { return }
            pairs.append((distance, min(one, other), max(one, other)))
        }
        func add(_ kind: [Int], _ others: [Int], isComparable: Bool) {
            guard let distance = distance(kind[0], others[0], isComparable) else { return }
            for one in kind {
                for other in others.prefix(Self.mostOfKind) { add(one, other, distance) }
            }
            for other in others.dropFirst(Self.mostOfKind) {
                for one in kind.prefix(Self.mostOfKind) { add(one, other, distance) }
            }
        }
        for (picture, own) in kinds.enumerated() {
            for (index, kind) in own.enumerated() {
                addEqual(kind, add)
                for other in own[(index + 1)...] { add(kind, other, isComparable: true) }
                for link in nearDuplicates.links[picture] where link.picture > picture {
                    for other in kinds[link.picture] {
                        add(kind, other, isComparable: link.blurred == nil)
                    }
                }
            }
        }
        return pairs.sorted {
            ($0.distance, $0.one, $0.other) < ($1.distance, $1.one, $1.other)
        }.map { ($0.one, $0.other) }
    }

    private func addEqual(_ kind: [Int], _ add: (Int, Int, Float) -> Void) {
        guard kind.count > 1, let distance = distance(kind[0], kind[1], true) else { return }
        for (index, one) in kind.enumerated() {
            for other in kind[(index + 1)...].prefix(Self.mostOfKind) { add(one, other, distance) }
        }
    }

    /// - Parameter isComparable: false when one picture is too blurred to tell whether two people
    ///   changed places.
    private func distance(_ one: Int, _ other: Int, _ isComparable: Bool) -> Float? {
        let (one, other) = (faces[one], faces[other])
        guard one.box.overlap(with: other.box) > sameplaceOverlap else { return nil }
        let distance = one.encodings.mirrorMean.distance(to: other.encodings.mirrorMean)
        return !isComparable || distance <= reach ? distance : nil
    }
}
