/// The version of ``clusters(ofUnnamed:namedFaceCount:nearDuplicates:ties:neighbourhoods:)``: other results are
/// computed again.
public let unnamedClusteringVersion = 4

/// A face without a name, and how clearly it shows who it is.
public struct UnnamedFace: Hashable, Sendable {
    public let face: Face
    /// Whether it can identify other faces; see ``FaceQuality``.
    public let isClear: Bool

    public init(face: Face, isClear: Bool) {
        self.face = face
        self.isClear = isClear
    }
}

/// How clearly a face shows who it is.
public struct FaceQuality: Hashable, Sendable {
    /// Height of its box in pixels of the full upright photo; `nil` when unknown.
    public let heightInPixels: Double?
    /// Variance of the Laplacian over the aligned grey face, in squared grey levels; `nil` when
    /// unknown.
    public let sharpness: Double?
    /// How far the face's encoding lies from its mean with its mirror image's: a face turned away
    /// is unlike its mirror image. No unit, at least 0.
    public let asymmetry: Float

    public init(heightInPixels: Double?, sharpness: Double?, encodings: FaceEncodings) {
        self.heightInPixels = heightInPixels
        self.sharpness = sharpness
        asymmetry = encodings.plain.distance(to: encodings.mirrorMean)
    }

    /// Whether the face is neither tiny nor blurred nor turned far away.
    public var isClear: Bool { isClear(.standard) }

    package func isClear(_ parameters: ClusterParameters) -> Bool {
        heightInPixels ?? .infinity >= parameters.leastHeight
            && sharpness ?? .infinity >= parameters.leastSharpness
            && asymmetry <= parameters.mostAsymmetry
    }
}

/// The numbers of ``clusters(ofUnnamed:namedFaceCount:nearDuplicates:ties:neighbourhoods:)``: benchmarks change
/// them; everything else uses ``standard``.
package struct ClusterParameters: Hashable, Sendable {
    package static let standard = ClusterParameters()

    /// The largest link of two clusters where few faces have a name, in the unit of distances of an
    /// uncrowded neighbourhood; see ``Neighbourhoods``. With nobody known .57 is as good.
    package var linkage: Float = 0.54
    /// The same where most have: what is left are strangers, and poor pictures of friends that
    /// belong to nobody else. On the labelled event .44 is best by .007 of B-cubed F1 and makes a
    /// fifth of the wrong pairs.
    package var strangersLinkage: Float = 0.44
    /// Up to this share of named faces few have a name, ...
    package var fewNamed: Float = 0.35
    /// ... and from this one on most have; in between the limit changes linearly.
    package var mostNamed: Float = 0.6
    /// The largest link of clusters with few faces, and of all others, in an event of
    /// ``largeFaceCount`` faces or more. Among so many, with distances of .76 +- .07 between two
    /// people, every face has a stranger within .48, and one in ten within .42.
    package var largeFewLinkage: Float = 0.435
    package var largeLinkage: Float = 0.47
    /// The largest link of a single face or pair to a cluster of ``coreFaceCount`` faces there: one
    /// face is not as near to the mean as that of several.
    package var largeFaceLinkage: Float = 0.52
    /// How much that limit grows with each doubling of the cluster's faces: the more pictures of
    /// somebody there are, the likelier a face as near as a stranger's is another of theirs.
    package var largeGrowth: Float = 0.006
    /// How far the link of two parts of one person may be above ``largeLinkage`` there. The worst
    /// pictures of a person are that far from the best.
    package var largeHeapReach: Float = 0.085
    /// Up to this distance of their means, in standard deviations of both along the line through
    /// the means, two clusters are parts of one heap; two halves of a bell-shaped one are 1.3
    /// apart, siblings in synthetic events 5 and more.
    package var mostSeparation: Float = 2
    /// This many faces show how wide a heap is.
    package var heapFaceCount = 12
    /// The share of the smaller cluster's photos that may have a face in the larger one, too, if
    /// both are one person's with some faces misplaced. From ``heapFaceCount`` on, one may.
    package var mostShared: Float = 0.1
    package var largeFaceCount = 100_000
    /// Up to this many faces nothing is taken off; above, evenly with each doubling.
    package var usualFaceCount = 500
    /// This many faces are not few: their mean says more than two faces do.
    package var coreFaceCount = 3
    /// The largest link among faces that are unclear and like no clear one.
    package var unclearLinkage = MatchSettings.tightLinkage
    /// Up to this distance two faces at one place of two equally sharp near-duplicates are one
    /// person's.
    package var copyDistance = MatchSettings.defaultTolerance + MatchSettings.askReach
    /// In pixels of the full photo.
    package var leastHeight = 30.0
    /// In squared grey levels.
    package var leastSharpness = 10.0
    package var mostAsymmetry: Float = 0.18

    package init() {}

    /// The limits for an event with this many faces without a name and with one.
    func limits(faceCount: Int, namedFaceCount: Int = 0) -> Limits {
        let share = Float(namedFaceCount) / Float(max(1, faceCount + namedFaceCount))
        let named = min(1, max(0, (share - fewNamed) / (mostNamed - fewNamed)))
        let linkage = linkage + named * (strangersLinkage - linkage)
        let size = min(
            1,
            Self.doublings(faceCount, of: usualFaceCount)
                / Self.doublings(largeFaceCount, of: usualFaceCount))
        func limit(_ large: Float) -> Float { linkage + size * (min(linkage, large) - linkage) }
        return Limits(
            few: limit(largeFewLinkage), many: limit(largeLinkage),
            heap: limit(largeLinkage) + size * largeHeapReach, faces: limit(largeFaceLinkage),
            growth: size * largeGrowth)
    }

    /// The largest links of clear faces.
    struct Limits: Hashable {
        /// Of two clusters of which one has few faces.
        let few: Float
        /// Of others.
        let many: Float
        /// Of two clusters that seem to be parts of one person's.
        let heap: Float
        /// Of single faces and pairs to a cluster that is neither.
        let faces: Float
        /// What is added to `faces` with each doubling of the cluster's faces.
        let growth: Float

        /// Of single faces and pairs to a cluster of `count` faces.
        func ofFaces(to count: Int, _ parameters: ClusterParameters) -> Float {
            faces + growth * ClusterParameters.doublings(count, of: parameters.coreFaceCount)
        }
    }

    /// The logarithm to base 2, linear between powers of it; 0 below `usual`.
    fileprivate static func doublings(_ count: Int, of usual: Int) -> Float {
        let ratio = max(1, Float(count) / Float(usual))
        return Float(ratio.exponent) + ratio.significand - 1
    }
}

/// The clusters of an event's faces without a name: strangers, and friends who were not recognised.
///
/// 1. Clear faces are clustered by average linkage with cannot-link; see ``clusters(of:upTo:)``. A
///    face that bridges two people is too far from most of either, so it does not join them. In
///    large events, where everybody has strangers within reach, the limit is lower; then clusters
///    of three faces and more are joined up to a larger one, faces in the wrong cluster are moved
///    (see `ClusterRefinement`), and each face left over goes to the nearest of them.
/// 2. A face that is still alone joins the face at the same place of a near-duplicate.
/// 3. Each unclear face - blurred, tiny, turned far away - that is still alone goes to the nearest
///    cluster or single face within reach that has none of its photo, the nearest first. It moves
///    no cluster. The rest are clustered among themselves, up to a smaller link. Then step 2 once
///    more.
///
/// Two faces of one photo never share a cluster, unless a person said so. What was said comes
/// before the first step: faces that are the same are one cluster, and then count as one face;
/// faces that are apart never share a cluster.
///
/// - Parameters:
///   - faces: in any order.
///   - namedFaceCount: how many faces of the event have a name; the more, the stricter.
///   - nearDuplicates: photos of the same picture.
///   - ties: what was said about faces among themselves.
///   - neighbourhoods: of the event's faces; distances in crowded ones count more.
/// - Returns: the clusters of two faces or more, each sorted, in the order of their first faces;
///   whatever the order of the input.
/// - Complexity: as ``clusters(of:upTo:)``: 100,000 faces take a minute of CPU time.
public func clusters(
    ofUnnamed faces: [UnnamedFace], namedFaceCount: Int = 0, nearDuplicates: NearDuplicates = .none,
    ties: FaceTies = .none, neighbourhoods: Neighbourhoods = .usual
) -> [Cluster] {
    clusters(
        ofUnnamed: faces, namedFaceCount: namedFaceCount, nearDuplicates: nearDuplicates,
        ties: ties,
        neighbourhoods: neighbourhoods, parameters: .standard)
}

/// ``clusters(ofUnnamed:namedFaceCount:nearDuplicates:ties:neighbourhoods:)`` with given numbers.
package func clusters(
    ofUnnamed faces: [UnnamedFace], namedFaceCount: Int = 0, nearDuplicates: NearDuplicates,
    ties: FaceTies = .none, neighbourhoods: Neighbourhoods = .usual, parameters: ClusterParameters
) -> [Cluster] {
    var clustering = UnnamedClustering(faces, namedFaceCount, ties, neighbourhoods, parameters)
    clustering.findAnew(nearDuplicates)
    return clustering.clusters
}

/// The clusters after new faces came. Old clusters stay; a new face goes to the nearest one as an
/// unclear face does, or forms one with others.
///
/// Computing all again finds a little more, and in very large events takes a minute instead of a
/// moment.
///
/// - Parameters:
///   - faces: all of them, new ones included, in any order.
///   - kept: clusters as they were, of faces among `faces`; none may contradict `ties`.
///   - new: which faces are new; a face neither new nor in a cluster was alone before.
///   - namedFaceCount: how many faces of the event have a name.
///   - nearDuplicates: photos of the same picture.
///   - ties: what a person said about faces among themselves.
///   - neighbourhoods: of the event's faces.
/// - Returns: as ``clusters(ofUnnamed:namedFaceCount:nearDuplicates:ties:neighbourhoods:)``.
/// - Complexity: O(new faces x faces).
public func clusters(
    ofUnnamed faces: [UnnamedFace], keeping kept: [Cluster], new: Set<FaceID>,
    namedFaceCount: Int = 0, nearDuplicates: NearDuplicates = .none, ties: FaceTies = .none,
    neighbourhoods: Neighbourhoods = .usual
) -> [Cluster] {
    var clustering = UnnamedClustering(faces, namedFaceCount, ties, neighbourhoods, .standard)
    clustering.keep(kept)
    clustering.add(new, nearDuplicates)
    return clustering.clusters
}

/// The steps of ``clusters(ofUnnamed:namedFaceCount:nearDuplicates:ties:neighbourhoods:)``.
private struct UnnamedClustering {
    /// In ``FaceID`` order.
    private let faces: [UnnamedFace]
    /// For each face, the labels it must not share, sorted: its photo, and what was said.
    private let labels: [[Int32]]
    /// For each label the faces that have it.
    private let labelled: [[Int32]]
    private let ties: FaceTies
    /// See ``Neighbourhoods``.
    private let weights: [Float]
    private let parameters: ClusterParameters
    private let limits: ClusterParameters.Limits
    /// The clusters that decide which others belong to them.
    private var core: Agglomeration
    /// For each face its group, known by one of its faces.
    private var group: [Int]
    /// All faces of each group, those attached last included; empty where there is no group.
    private var members: [[Int]]

    init(
        _ faces: [UnnamedFace], _ namedFaceCount: Int, _ ties: FaceTies,
        _ neighbourhoods: Neighbourhoods, _ parameters: ClusterParameters
    ) {
        let sorted = faces.sorted { $0.face.id < $1.face.id }
        self.faces = sorted
        self.parameters = parameters
        limits = parameters.limits(faceCount: faces.count, namedFaceCount: namedFaceCount)
        labels = Self.labels(of: sorted.map(\.face), ties)
        var labelled = [[Int32]](
            repeating: [], count: Int(labels.joined().max() ?? -1) + 1)
        for (face, own) in labels.enumerated() {
            for label in own { labelled[Int(label)].append(Int32(face)) }
        }
        self.labelled = labelled
        self.ties = ties
        weights = sorted.map { neighbourhoods.weight(of: $0.face.id) }
        core = Agglomeration(
            of: VectorTable(sorted.lazy.map(\.face.encodings.mirrorMean)), apart: labels,
            weights: weights)
        group = Array(sorted.indices)
        members = sorted.indices.map { [$0] }
        join(ties.together)
    }

    private static func labels(of faces: [Face], _ ties: FaceTies) -> [[Int32]] {
        let photos = faces.photoNumbers
        var labels = photos.map { [$0] }
        guard !ties.apart.isEmpty else { return labels }
        let indices = Dictionary(
            uniqueKeysWithValues: faces.enumerated().map { ($0.element.id, $0.offset) })
        var next = (photos.max() ?? 0) + 1
        for pair in ties.apart.sorted(by: { ($0.first, $0.second) < ($1.first, $1.second) }) {
            guard let one = indices[pair.first], let other = indices[pair.second] else { continue }
            labels[one].append(next)
            labels[other].append(next)
            next += 1
        }
        return labels
    }

    /// Faces that a person said to be the same.
    private mutating func join(_ together: [[FaceID]]) {
        guard !together.isEmpty else { return }
        let indices = Dictionary(
            uniqueKeysWithValues: faces.enumerated().map { ($0.element.face.id, $0.offset) })
        for said in together {
            let own = said.compactMap { indices[$0] }.sorted()
            guard let first = own.first else { continue }
            core.merge(own)
            for face in own { put(face, into: first) }
        }
    }

    /// The clusters of two faces or more, in the order of their first faces.
    var clusters: [Cluster] {
        members.filter { $0.count > 1 }.map { $0.sorted() }.sorted { $0[0] < $1[0] }
            .map { Cluster(faces: $0.map { faces[$0].face.id }) }
    }

    mutating func findAnew(_ nearDuplicates: NearDuplicates) {
        let leads = faces.indices.filter { !core.members(of: $0).isEmpty }
        let clear = leads.filter { core.members(of: $0).contains { faces[$0].isClear } }
        joinClear(clear)
        // A copy says more about a blurred face than its encoding does.
        joinCopies(nearDuplicates)
        let unclear = Set(leads).subtracting(clear).sorted().filter(isOpen)
        attach(unclear, to: clear, upTo: limits.many)
        join(unclear.filter(isOpen), upTo: parameters.unclearLinkage)
        joinCopies(nearDuplicates)
    }

    private mutating func joinClear(_ clear: [Int]) {
        join(clear, upTo: limits.few)
        guard limits.few < limits.many else { return }
        join(clear.filter(isCore), upTo: limits.many)
        settle(clear)
        attach(
            clear.filter { !core.members(of: $0).isEmpty && !isCore($0) },
            to: clear.filter(isCore), upTo: limits.faces)
    }

    /// Corrects faces that joining put wrong; see ``ClusterRefinement``.
    private mutating func settle(_ clear: [Int]) {
        var settling = ClusterRefinement(
            clear.map { core.members(of: $0) }.filter { !$0.isEmpty }, of: core.table,
            apart: labels.map { $0[0] }, weights: weights, limits: limits,
            parameters: parameters)
        let groups = respectingTies(settling.settled())
        core = Agglomeration(of: core.table, apart: labels, weights: weights)
        group = Array(faces.indices)
        members = faces.indices.map { [$0] }
        for group in groups {
            core.merge(group)
            for face in group.dropFirst() { put(face, into: group[0]) }
        }
    }

    /// ClusterRefinement uses only distances and photos; what was said counts more.
    private func respectingTies(_ groups: [[Int]]) -> [[Int]] {
        guard !ties.isEmpty else { return groups }
        let told = ties.applied(
            to: groups.filter { $0.count > 1 }
                .map { Cluster(faces: $0.map { faces[$0].face.id }) })
        let indices = Dictionary(
            uniqueKeysWithValues: faces.enumerated().map { ($0.element.face.id, $0.offset) })
        return told.map { $0.faces.compactMap { indices[$0] }.sorted() }
    }

    private func isCore(_ face: Int) -> Bool {
        core.members(of: face).count >= parameters.coreFaceCount
    }

    /// Takes clusters as they were.
    mutating func keep(_ kept: [Cluster]) {
        let indices = Dictionary(
            uniqueKeysWithValues: faces.enumerated().map { ($0.element.face.id, $0.offset) })
        for cluster in kept {
            let own = cluster.faces.compactMap { indices[$0] }.sorted()
            let clear = own.filter { faces[$0].isClear }
            // All faces that were said to be the same decide, clear or not.
            let leads = Set((clear.isEmpty ? own : clear).map { group[$0] })
            guard let lead = leads.min() else { continue }
            core.merge(leads.sorted())
            for face in own { put(face, into: lead) }
        }
    }

    mutating func add(_ new: Set<FaceID>, _ nearDuplicates: NearDuplicates) {
        let isNew = faces.map { new.contains($0.face.id) }
        let added = faces.indices.filter { isNew[$0] }
        joinCopies(nearDuplicates, isJoining: { isNew[$0] })
        let old = faces.indices.filter { !isNew[$0] && !core.members(of: $0).isEmpty }
        attach(added.filter(isOpen), to: old.filter(isCore), upTo: limits.faces)
        attach(added.filter(isOpen), to: old.filter { !isCore($0) }, upTo: limits.few)
        join(added.filter { isOpen($0) && faces[$0].isClear }, upTo: limits.few)
    }

    private func isAlone(_ face: Int) -> Bool { members[group[face]].count == 1 }

    /// Whether a face stands for a group that nothing has joined: itself, or faces said to be the
    /// same.
    private func isOpen(_ lead: Int) -> Bool {
        group[lead] == lead && members[lead].count == core.members(of: lead).count
    }

    /// Whether no face in the group is of the same photo or was said to be apart.
    private func fits(_ face: Int, _ other: Int) -> Bool {
        !labels[face].contains { label in
            labelled[Int(label)].contains { group[Int($0)] == other }
        }
    }

    private mutating func put(_ face: Int, into other: Int) {
        guard group[face] != other else { return }
        members[group[face]].removeAll { $0 == face }
        members[other].append(face)
        group[face] = other
    }

    /// Joins some of the groups.
    private mutating func join(_ some: [Int], upTo linkage: Float) {
        core.join(some, upTo: linkage)
        for first in some {
            for face in core.members(of: first).dropFirst() where group[face] != first {
                for member in members[group[face]] { put(member, into: first) }
            }
        }
    }

    /// Puts some groups, the nearest to any first, into the nearest of `others` within reach that
    /// has no photo in common with it.
    private mutating func attach(_ some: [Int], to others: [Int], upTo linkage: Float) {
        let leads = others.filter { !core.members(of: $0).isEmpty }
        var open = Set(some)
        for link in core.links(of: some, among: leads, upTo: linkage)
        where open.contains(link.asked) {
            let (own, other) = (members[group[link.asked]], group[link.cluster])
            guard own.allSatisfy({ fits($0, other) }) else { continue }
            open.remove(link.asked)
            for face in own { put(face, into: other) }
        }
    }

    /// Puts each face that is alone into the group of the face at the same place of a
    /// near-duplicate, the nearest first.
    private mutating func joinCopies(
        _ nearDuplicates: NearDuplicates, isJoining: (Int) -> Bool = { _ in true }
    ) {
        let wasAlone = faces.indices.map { isAlone($0) && isJoining($0) }
        guard wasAlone.contains(true) else { return }
        let copies = CopiedFaces(
            faces.map(\.face), nearDuplicates, upTo: parameters.copyDistance)
        for (one, other) in copies.pairs(where: { wasAlone[$0] || wasAlone[$1] })
        where group[one] != group[other] {
            if wasAlone[one], isAlone(one), fits(one, group[other]) {
                put(one, into: group[other])
            } else if wasAlone[other], isAlone(other), fits(other, group[one]) {
                put(other, into: group[one])
            }
        }
    }
}
