/// Corrects the groups of a very large event, after average linkage joined its clusters.
///
/// Joining never looks back. A face that went to the wrong cluster early stays there; and when it
/// shares a photo with a right face of the other part, two parts of one person stay apart for good.
/// Of people in hundreds of photos this happens to most. So a few rounds of two steps follow:
///
/// 1. Two clusters become one when they are near, or look more like two parts of one heap than like
///    two heaps, even if a few photos have a face in both. Of two such faces only the nearer to the
///    common mean stays.
/// 2. Every face goes to the cluster whose mean is nearest, if it is within the cluster's limit and
///    no nearer face of its photo goes there. Faces that are left over stand alone.
///
/// The nearest come first, of equally near ones the smaller index, so that the result depends only
/// on the faces.
///
/// Method: step 2 is a round of k-means (Lloyd 1957) with limits and cannot-link (Wagstaff and others
/// 2001); the test of step 1 is Fisher's ratio (1936) of two clusters along the line through both
/// means.
struct ClusterRefinement {
    /// How often both steps are taken.
    static let rounds = 3

    let table: VectorTable
    /// The photo of each face.
    let labels: [Int32]
    /// How much the squared distances of each face count; see ``Neighbourhoods``.
    let weights: [Float]
    let limits: ClusterParameters.Limits
    let parameters: ClusterParameters
    /// Clusters of ``ClusterParameters/coreFaceCount`` faces and more, sorted.
    private var cores: [[Int]] = []
    /// Faces in none of them: single faces and clusters of a few, sorted.
    private var loose: [[Int]] = []

    /// - Parameter groups: sorted indices of faces, no two with one label in a group.
    init(
        _ groups: [[Int]], of table: VectorTable, apart labels: [Int32], weights: [Float],
        limits: ClusterParameters.Limits, parameters: ClusterParameters
    ) {
        self.table = table
        self.labels = labels
        self.weights = weights
        self.limits = limits
        self.parameters = parameters
        sort(groups)
    }

    /// The groups after all rounds, single faces included, in the order of their first.
    mutating func settled() -> [[Int]] {
        for _ in 0..<Self.rounds {
            mend()
            regroup()
        }
        return (cores + loose).sorted { $0[0] < $1[0] }
    }

    private mutating func sort(_ groups: [[Int]]) {
        cores = groups.filter { $0.count >= parameters.coreFaceCount }
        loose = groups.filter { $0.count < parameters.coreFaceCount }
    }

    // MARK: Step 1: two parts of one person

    private struct Near {
        let squaredLink: Float
        let one: Int
        let other: Int
    }

    private mutating func mend() {
        var evicted: [Int] = []
        var isMended = true
        while isMended {
            isMended = false
            let (means, scatters) = table.moments(of: cores, weights: weights)
            var isChanged = [Bool](repeating: false, count: cores.count)
            for near in nearCores(means, scatters)
            where !isChanged[near.one] && !isChanged[near.other] {
                let isWithin = near.squaredLink <= limits.many * limits.many
                guard isWithin || isOneHeap(near.one, near.other, means),
                    let (faces, out) = joined(cores[near.one], cores[near.other])
                else { continue }
                (cores[near.one], cores[near.other]) = (faces, [])
                (isChanged[near.one], isChanged[near.other]) = (true, true)
                isMended = true
                evicted += out
            }
            cores.removeAll(where: \.isEmpty)
        }
        cores.sort { $0[0] < $1[0] }
        loose += evicted.map { [$0] }
    }

    /// The clusters that may be one person's, the nearest first.
    private func nearCores(_ means: VectorTable, _ scatters: [Float]) -> [Near] {
        let reach = limits.heap
        let meanWeights = meanWeights(of: cores)
        let least = meanWeights.min() ?? 1
        let radii = meanWeights.map { reach / ($0 * least).squareRoot() }
        return means.nearPairs(within: radii).map { pair in
            let (one, other) = (Int(pair.first), Int(pair.second))
            let squared =
                meanWeights[one] * meanWeights[other]
                * (pair.distance * pair.distance + scatters[one] + scatters[other])
            return Near(squaredLink: squared, one: one, other: other)
        }.filter { $0.squaredLink <= reach * reach }.sorted {
            ($0.squaredLink, $0.one, $0.other) < ($1.squaredLink, $1.one, $1.other)
        }
    }

    private func meanWeights(of groups: [[Int]]) -> [Float] {
        groups.map { group in group.reduce(0) { $0 + weights[$1] } / Float(group.count) }
    }

    /// Whether the faces of two clusters, along the line through both means, look more like parts
    /// of one heap than like two.
    private func isOneHeap(_ one: Int, _ other: Int, _ means: VectorTable) -> Bool {
        guard min(cores[one].count, cores[other].count) >= parameters.heapFaceCount else {
            return false
        }
        let line = zip(means[other], means[one]).map { $0 - $1 }
        let squaredLength = line.reduce(0) { $0 + $1 * $1 }
        // Places along the line, times its length.
        let spreads = [one, other].map { deviation(of: cores[$0], along: line) }
        return squaredLength <= parameters.mostSeparation * (spreads[0] + spreads[1])
    }

    /// The standard deviation of the products of the faces with `line`.
    private func deviation(of core: [Int], along line: [Float]) -> Float {
        let places = table.components.withUnsafeBufferPointer { components in
            core.map { face in
                var place: Float = 0
                for axis in line.indices {
                    place += components[face * line.count + axis] * line[axis]
                }
                return place
            }
        }
        let mean = places.reduce(0, +) / Float(core.count)
        let squares = places.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / Float(core.count)).squareRoot()
    }

    /// Two clusters as one, and the faces that must leave it; `nil` if too many photos have a face
    /// in both.
    private func joined(_ one: [Int], _ other: [Int]) -> (faces: [Int], evicted: [Int])? {
        var ofPhoto: [Int32: Int] = [:]
        for face in one { ofPhoto[labels[face]] = face }
        let shared = other.filter { ofPhoto[labels[$0]] != nil }
        let fewer = min(one.count, other.count)
        let most = max(
            fewer >= parameters.heapFaceCount ? 1 : 0, parameters.mostShared * Float(fewer))
        guard Float(shared.count) <= most else { return nil }
        let all = one + other
        let (mean, _) = table.moments(of: [all], weights: weights)
        let evicted = shared.map { face -> Int in
            // Only faces whose photo has a face there are checked.
            let twin = ofPhoto[labels[face]]!
            let (near, far) = table.withView { table in
                mean.withView { mean in
                    (
                        table.distance(face, to: 0, of: mean), table.distance(twin, to: 0, of: mean)
                    )
                }
            }
            return (near, face) < (far, twin) ? twin : face
        }
        let isOut = Set(evicted)
        return (all.filter { !isOut.contains($0) }.sorted(), evicted)
    }

    // MARK: Step 2: every face to the nearest

    private struct Claim {
        /// The squared link minus the squared limit; negative.
        let excess: Float
        let unit: Int32
        let core: Int32
    }

    private mutating func regroup() {
        let units = (cores.flatMap { $0.map { [$0] } } + loose).sorted { $0[0] < $1[0] }
        var own = [Int32](repeating: -1, count: table.count)
        for (index, core) in cores.enumerated() { for face in core { own[face] = Int32(index) } }
        let claims = claims(of: units, own: own)
        var members = [[Int]](repeating: [], count: cores.count)
        var taken = [Set<Int32>](repeating: [], count: cores.count)
        var isOpen = [Bool](repeating: true, count: units.count)
        for claim in claims where isOpen[Int(claim.unit)] {
            let (unit, core) = (units[Int(claim.unit)], Int(claim.core))
            guard unit.allSatisfy({ !taken[core].contains(labels[$0]) }) else { continue }
            isOpen[Int(claim.unit)] = false
            for face in unit { taken[core].insert(labels[face]) }
            members[core] += unit
        }
        let rest = units.indices.filter { isOpen[$0] }.map { units[$0] }
        sort(members.filter { !$0.isEmpty }.map { $0.sorted() } + rest)
    }

    private func claims(of units: [[Int]], own: [Int32]) -> [Claim] {
        let (means, scatters) = table.moments(of: cores, weights: weights)
        let (unitMeans, unitScatters) = table.moments(of: units, weights: weights)
        let (coreWeights, unitWeights) = (meanWeights(of: cores), meanWeights(of: units))
        let squaredLimits = cores.map { core in
            let limit = limits.ofFaces(to: core.count, parameters)
            return limit * limit
        }
        // A cluster's scatter uses up part of its limit; only the rest is searched.
        let least = unitWeights.min() ?? 1
        let most = cores.indices.reduce(Float(0)) {
            max($0, squaredLimits[$1] / coreWeights[$1] - least * scatters[$1])
        }
        let reaches = unitWeights.map { (most / $0).squareRoot() }
        let pairs = unitMeans.nearPairs(to: means, within: reaches)
        var claims: [Claim] = []
        for pair in pairs {
            let (unit, core) = (Int(pair.first), Int(pair.second))
            var squared = pair.distance * pair.distance
            if own[units[unit][0]] == pair.second {
                // The face itself moved the mean.
                let total = coreWeights[core] * Float(cores[core].count)
                let others = total / (total - unitWeights[unit])
                squared *= others * others
            }
            let excess =
                unitWeights[unit] * coreWeights[core]
                * (squared + scatters[core] + unitScatters[unit]) - squaredLimits[core]
            if excess <= 0 {
                claims.append(Claim(excess: excess, unit: pair.first, core: pair.second))
            }
        }
        return claims.sorted { ($0.excess, $0.unit, $0.core) < ($1.excess, $1.unit, $1.core) }
    }
}
