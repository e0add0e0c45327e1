#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// Two pictures whose rough shapes are alike, or that were taken together.
struct DuplicateCandidate: Hashable {
    /// Indices of photos, `first` below `second`.
    let first: Int
    let second: Int
    /// How the second has to be turned to lie over the first.
    let turn: QuarterTurn
}

/// A picture's low frequencies: 8 x 8 of its cosine transform without the mean, in a length of 1, so
/// that the product of two is the correlation of the pictures as seen from far away.
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
    // In grey levels: of the deviation of the rough picture.
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

/// The pairs of photos that are worth laying over each other, whatever the turn between them; by
/// `first`, `second` and turn.
///
/// - Complexity: O(photos²), a few nanoseconds a pair, see ``VectorTable``.
func duplicateCandidates(
    among photos: [CleanablePhoto], settings: DuplicateSettings
) -> [DuplicateCandidate] {
    var entries: [(photo: Int, turn: QuarterTurn)] = []
    var upright: [Float] = []
    var turned: [Float] = []
    for (index, shapes) in inParts(photos, { landscapeShapes(of: $0, settings) }).enumerated() {
        for (turn, shape) in shapes {
            entries.append((index, turn))
            upright += shape
            // Turned by a half, odd frequencies change their sign.
            turned += shape.indices.map { ($0 / 8 + $0 % 8) % 2 == 0 ? shape[$0] : -shape[$0] }
        }
    }
    let table = VectorTable(dimension: 64, components: upright)
    let halfTurned = VectorTable(dimension: 64, components: turned)
    let radius = (2 * (1 - settings.shapeCorrelation)).squareRoot()
    var found: Set<DuplicateCandidate> = []
    func add(_ pairs: [NearPair], half: QuarterTurn) {
        for pair in pairs {
            let (one, other) = (entries[Int(pair.first)], entries[Int(pair.second)])
            // Every pair of the other table is found from both ends.
            guard one.photo < other.photo else { continue }
            let candidate = DuplicateCandidate(
                first: one.photo, second: other.photo,
                turn: other.turn.followed(by: half).relative(to: one.turn))
            guard candidate.hasLikeAspects(photos, settings) else { continue }
            found.insert(candidate)
        }
    }
    add(table.nearPairs(within: radius), half: .none)
    add(
        table.nearPairs(
            to: halfTurned, within: [Float](repeating: radius, count: table.count)), half: .half)
    found.formUnion(takenTogether(photos, settings))
    return found.sorted {
        ($0.first, $0.second, $0.turn.rawValue) < ($1.first, $1.second, $1.turn.rawValue)
    }
}

/// A photo's shapes when it lies wide.
private func landscapeShapes(
    of photo: CleanablePhoto, _ settings: DuplicateSettings
) -> [(turn: QuarterTurn, shape: [Float])] {
    guard let greys = photo.features?.greys else { return [] }
    return landscapeTurns(of: photo, settings).compactMap { turn in
        shape(of: turn.turned(greys, side: PictureFeatures.side)).map { (turn, $0) }
    }
}

/// The turns that make a photo wide; both when it is nearly square, as a crop may make it either.
private func landscapeTurns(
    of photo: CleanablePhoto, _ settings: DuplicateSettings
) -> [QuarterTurn] {
    let limit = 1 + settings.aspectDifference
    return (photo.aspect > 1 / limit ? [.none] : []) + (photo.aspect < limit ? [.right] : [])
}

/// The pairs taken within the time of a burst. Of very many at one time, each with the next few.
private func takenTogether(
    _ photos: [CleanablePhoto], _ settings: DuplicateSettings
) -> [DuplicateCandidate] {
    let next = 8
    let timed = photos.indices.compactMap { index in
        photos[index].features == nil
            ? nil : photos[index].taken.flatMap(wallClockSeconds).map { (time: $0, photo: index) }
    }.sorted { $0 < $1 }
    return timed.indices.flatMap { start in
        timed[start...].dropFirst().prefix(next)
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
