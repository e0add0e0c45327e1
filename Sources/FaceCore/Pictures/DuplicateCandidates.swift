#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// Two photos whose rough shapes are alike, or that were taken together.
struct DuplicateCandidate: Hashable, Comparable {
    private let firstNumber: Int32
    private let secondNumber: Int32
    /// How the second has to be turned to lie over the first.
    let turn: QuarterTurn

    /// Indices of photos, `first` at most `second`: equal for photos that look the same.
    var first: Int { Int(firstNumber) }
    var second: Int { Int(secondNumber) }

    init(first: Int, second: Int, turn: QuarterTurn) {
        (firstNumber, secondNumber) = (Int32(first), Int32(second))
        self.turn = turn
    }

    static func < (one: Self, other: Self) -> Bool {
        (one.firstNumber, one.secondNumber, one.turn.rawValue)
            < (other.firstNumber, other.secondNumber, other.turn.rawValue)
    }
}

/// A picture's low frequencies: 8 x 8 of its cosine transform without the mean, scaled to length 1,
/// so that the product of two is the correlation of the pictures seen from far away.
private func shape(of greys: [UInt8]) -> [Float]? {
    let side = PictureFeatures.side
    // Row by row, then column by column.
    var half = [Float](repeating: 0, count: side * 8)
    for row in 0..<side {
        for frequency in 0..<8 {
            var sum: Float = 0
            for column in 0..<side {
                sum += Float(greys[row * side + column]) * cosines[frequency * side + column]
            }
            half[row * 8 + frequency] = sum
        }
    }
    var shape = [Float](repeating: 0, count: 64)
    for down in 0..<8 {
        for across in 0..<8 {
            var sum: Float = 0
            for row in 0..<side { sum += half[row * 8 + across] * cosines[down * side + row] }
            shape[down * 8 + across] = sum
        }
    }
    shape[0] = 0
    let length = shape.reduce(0) { $0 + $1 * $1 }.squareRoot()
    // The rough picture's deviation, in grey levels.
    guard length / Float(side) >= leastContrast else { return nil }
    return shape.map { $0 / length }
}

/// The standard deviation, in grey levels, below which a picture is nearly of one grey.
private let leastContrast: Float = 4

/// The orthonormal cosines (DCT-II), frequency by frequency.
private let cosines: [Float] = {
    let side = PictureFeatures.side
    return (0..<8).flatMap { frequency in
        (0..<side).map { position in
            let angle = Double.pi * Double(frequency) * (Double(position) + 0.5) / Double(side)
            let scale = (frequency == 0 ? 1.0 : 2.0) / Double(side)
            return Float(cos(angle) * scale.squareRoot())
        }
    }
}()

/// The pairs of photos that are worth laying over each other, at any turn; sorted by `first`,
/// `second` and turn.
///
/// - Parameters:
///   - photos: no two of them look the same.
///   - twins: photos that stand for several that look the same; paired with themselves too.
/// - Complexity: O(photos²), a few nanoseconds a pair, see ``VectorTable/chainedPairs(to:within:)``.
func duplicateCandidates(
    among photos: [CleanablePhoto], twins: Set<Int> = [], settings: DuplicateSettings
) -> [DuplicateCandidate] {
    var entries: [(photo: Int, turn: QuarterTurn)] = []
    var upright: [Float] = []
    var turned: [Float] = []
    for (index, shapes) in concurrentMap(photos, { landscapeShapes(of: $0, settings) }).enumerated()
    {
        for (turn, shape) in shapes {
            entries.append((index, turn))
            upright += shape
            // A half turn changes the sign of odd frequencies.
            turned += shape.indices.map { ($0 / 8 + $0 % 8) % 2 == 0 ? shape[$0] : -shape[$0] }
        }
    }
    let table = VectorTable(dimension: 64, components: upright)
    let halfTurned = VectorTable(dimension: 64, components: turned)
    let radius = (2 * (1 - settings.shapeCorrelation)).squareRoot()
    var found: [DuplicateCandidate] = []
    func add(_ one: Int, _ other: Int, half: QuarterTurn) {
        let (one, other) = (entries[one], entries[other])
        guard one.photo != other.photo || twins.contains(one.photo) else { return }
        let candidate = DuplicateCandidate(
            first: one.photo, second: other.photo,
            turn: other.turn.followed(by: half).relative(to: one.turn))
        if candidate.hasLikeAspects(photos, settings) { found.append(candidate) }
    }
    for (half, others) in [(QuarterTurn.none, table), (.half, halfTurned)] {
        // A half turn of either photo of a pair gives the same distance.
        for pair in table.chainedPairs(to: others, within: radius) {
            add(Int(pair.first), Int(pair.second), half: half)
        }
        table.withView { table in
            others.withView { others in
                for entry in entries.indices where twins.contains(entries[entry].photo) {
                    // Shapes of one photo are neighbours.
                    for own in max(0, entry - 1)...min(entries.count - 1, entry + 1)
                    where entries[own].photo == entries[entry].photo {
                        let distance = table.distance(entry, to: own, of: others)
                        if distance <= radius { add(entry, own, half: half) }
                    }
                }
            }
        }
    }
    found.sort()
    return found.indices.filter { $0 == 0 || found[$0 - 1] != found[$0] }.map { found[$0] }
}

/// A photo's shapes when turned wide.
private func landscapeShapes(
    of photo: CleanablePhoto, _ settings: DuplicateSettings
) -> [(turn: QuarterTurn, shape: [Float])] {
    guard let greys = photo.features?.greys else { return [] }
    return landscapeTurns(of: photo, settings).compactMap { turn in
        shape(of: turn.turned(greys, side: PictureFeatures.side)).map { (turn, $0) }
    }
}

/// The turns that make a photo wide; both when it is nearly square: a crop may make it either.
private func landscapeTurns(
    of photo: CleanablePhoto, _ settings: DuplicateSettings
) -> [QuarterTurn] {
    let limit = 1 + settings.aspectDifference
    return (photo.aspect > 1 / limit ? [.none] : []) + (photo.aspect < limit ? [.right] : [])
}

/// The pairs taken within the time of a burst; among very many, each with the next few.
func takenTogether(
    _ photos: [CleanablePhoto], _ settings: DuplicateSettings
) -> [DuplicateCandidate] {
    let next = 8
    let timed = photos.indices.compactMap { index in
        photos[index].features == nil
            ? nil : (photos[index].taken?.seconds).map { (time: $0, photo: index) }
    }.sorted { $0 < $1 }
    return timed.indices.flatMap { start in
        timed[(start + 1)...].prefix(next)
            .prefix { $0.time - timed[start].time <= settings.burstSeconds }
            .map { other in
                DuplicateCandidate(
                    first: min(timed[start].photo, other.photo),
                    second: max(timed[start].photo, other.photo), turn: .none)
            }.filter { $0.hasLikeAspects(photos, settings) }
    }
}

extension DuplicateCandidate {
    fileprivate func hasLikeAspects(
        _ photos: [CleanablePhoto], _ settings: DuplicateSettings
    ) -> Bool {
        let one = photos[first].aspect
        let other = turn.isSideways ? 1 / photos[second].aspect : photos[second].aspect
        return max(one, other) / min(one, other) <= 1 + settings.aspectDifference
    }
}
