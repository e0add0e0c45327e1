/// A thumbnail in three sizes, each smoothed, of mean 0 and standard deviation 1, so that
/// brightness and contrast do not matter.
struct ThumbnailPyramid {
    /// The finest first; each half the side of the one before.
    let levels: [Level]

    struct Level {
        let side: Int
        let values: [Float]
    }

    /// - Returns: `nil` for a nearly uniform grey picture, which is like any other.
    init?(_ thumbnail: [UInt8]) {
        var side = PictureFeatures.thumbnailSide
        var values = thumbnail.map(Float.init)
        var levels: [Level] = []
        while true {
            guard let level = Level(side: side, smoothing: values) else { return nil }
            levels.append(level)
            guard side > Self.coarsestSide else { break }
            values = Self.halved(values, side: side)
            side /= 2
        }
        self.levels = levels
    }

    /// The last level alone.
    static func coarsestLevel(of thumbnail: [UInt8]) -> Level? {
        var side = PictureFeatures.thumbnailSide
        var values = thumbnail.map(Float.init)
        while side > coarsestSide {
            values = halved(values, side: side)
            side /= 2
        }
        return Level(side: side, smoothing: values)
    }

    func turned(_ turn: QuarterTurn) -> ThumbnailPyramid {
        ThumbnailPyramid(levels: levels.map { $0.turned(turn) })
    }

    private init(levels: [Level]) { self.levels = levels }

    private static let coarsestSide = 16

    private static func halved(_ values: [Float], side: Int) -> [Float] {
        let half = side / 2
        return (0..<half * half).map { index in
            let start = index / half * 2 * side + index % half * 2
            return
                (values[start] + values[start + 1] + values[start + side]
                + values[start + side + 1]) / 4
        }
    }
}

extension ThumbnailPyramid.Level {
    /// The standard deviation, in grey levels, below which a picture holds only noise.
    private static let leastContrast: Float = 4

    func turned(_ turn: QuarterTurn) -> Self {
        Self(side: side, values: turn.turned(values, side: side))
    }

    fileprivate init?(side: Int, smoothing values: [Float]) {
        func smooth(_ values: [Float], step: Int, position: (Int) -> Int) -> [Float] {
            values.indices.map { index in
                let at = position(index)
                let before = values[at > 0 ? index - step : index]
                let after = values[at < side - 1 ? index + step : index]
                return (before + 2 * values[index] + after) / 4
            }
        }
        let smoothed = smooth(
            smooth(values, step: 1) { $0 % side }, step: side
        ) { $0 / side }
        let count = Float(values.count)
        let mean = smoothed.reduce(0, +) / count
        let variance = smoothed.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        let deviation = variance.squareRoot()
        guard deviation >= Self.leastContrast else { return nil }
        self.side = side
        self.values = smoothed.map { ($0 - mean) / deviation }
    }
}

/// How to lay one picture over another, and how well they agree then.
///
/// Method: the enhanced correlation of Evangelidis and Psarakis (2008), as Gauss-Newton steps on an
/// affine motion with gain and offset, from coarse to fine.
struct PictureAlignment {
    /// Maps a place in the first picture to the second, both from -1 to 1 from the centre: the
    /// move, and what to add for a step to the right and down.
    private(set) var motion: (x: SIMD4<Float>, y: SIMD4<Float>) = (.zero, .zero)
    /// Of the shared parts, at the finest level; up to 1.
    private(set) var correlation: Float = 0
    /// The fraction of the first picture that the second shows too, 0...1.
    private(set) var overlap: Float = 0
    /// The largest disagreement of any place; see ``Disagreement``.
    private(set) var disagreement = Disagreement(contrast: 0, displacement: 0)

    /// The remaining difference at one of 8 x 8 places.
    struct Disagreement: Hashable {
        /// Root mean square, as a fraction of the first picture's standard deviation.
        var contrast: Float
        /// The move of the place, in pixels of the thumbnail, that would explain it: edges not
        /// quite aligned differ much and mean nothing.
        var displacement: Float

        /// Above 1 the place shows something else: it differs more than a copy does, and more than
        /// slightly misplaced edges explain.
        var degree: Float {
            min(contrast / Self.visibleContrast, displacement / Self.visibleDisplacement)
        }

        /// Copies turned by a degree and cropped differ by .12, other faces over the same
        /// background by .26 and more.
        private static let visibleContrast: Float = 0.16
        /// In pixels of the thumbnail. Cropped copies differ by up to 1, or by little contrast;
        /// other faces by 2 and more.
        private static let visibleDisplacement: Float = 1.5
    }

    /// - Returns: `nil` when the pictures cannot be laid over each other: on a coarse level they
    ///   already correlate less than `leastCorrelation`, or one is only a small part of the other.
    init?(_ one: ThumbnailPyramid, _ other: ThumbnailPyramid, leastCorrelation: Float) {
        var best = Overlay.Motion()
        for level in (0..<one.levels.count).reversed() {
            guard
                let fitted = Overlay(one.levels[level], other.levels[level]).fitted(from: best)
            else { return nil }
            guard fitted.correlation >= leastCorrelation else { return nil }
            best = fitted.motion
            correlation = fitted.correlation
            overlap = fitted.overlap
        }
        let (x, y) = best.rows
        motion = (x, y)
        disagreement = Overlay(one.levels[0], other.levels[0]).disagreement(best)
    }

    /// How well the coarsest levels alone can be laid over each other; quick. `nil` when they
    /// cannot.
    static func coarseCorrelation(
        _ one: ThumbnailPyramid.Level, _ other: ThumbnailPyramid.Level
    ) -> Float? {
        Overlay(one, other).fitted(from: Overlay.Motion())?.correlation
    }

    /// Where a place of the first picture lies in the second, both as fractions 0...1.
    func place(of x: Double, _ y: Double) -> (x: Double, y: Double) {
        let here = SIMD4(1, Float(2 * x - 1), Float(2 * y - 1), 0)
        let moved = ((motion.x * here).sum(), (motion.y * here).sum())
        return (x + Double(moved.0) / 2, y + Double(moved.1) / 2)
    }
}

/// Two levels, one laid over the other.
private struct Overlay {
    let one: [Float]
    let other: [Float]
    let side: Int

    init(_ one: ThumbnailPyramid.Level, _ other: ThumbnailPyramid.Level) {
        self.one = one.values
        self.other = other.values
        side = one.side
    }

    /// Fractions of half a side: the move, its growth to the right, its growth down; x and y.
    struct Motion {
        var rows: (x: SIMD4<Float>, y: SIMD4<Float>) = (.zero, .zero)

        var largest: Float {
            max(rows.x.max(), rows.y.max(), -rows.x.min(), -rows.y.min())
        }
    }

    struct Fit {
        var motion: Motion
        var correlation: Float
        var overlap: Float
    }

    /// Steps on the levels; most end earlier, at a step shorter than `shortestStep`. The finest is
    /// only measured: a coarser one leaves an error of a tenth of its pixels.
    private var stepCount: Int { side > 32 ? 0 : side > 16 ? 4 : 6 }
    private static let shortestStep: Float = 0.002
    /// Beyond this move or stretch, as a fraction of half its side, a picture is not lightly
    /// cropped.
    private static let mostMotion: Float = 0.3
    private static let leastOverlap: Float = 0.65

    /// - Returns: `nil` when the pictures move too far apart.
    func fitted(from start: Motion) -> Fit? {
        var motion = start
        var best: Fit?
        for step in 0...stepCount {
            let warped = warped(by: motion)
            let moments = moments(warped)
            guard moments.overlap >= Self.leastOverlap else { break }
            if moments.correlation > best?.correlation ?? -1 {
                best = Fit(
                    motion: motion, correlation: moments.correlation, overlap: moments.overlap)
            }
            guard step < stepCount, let change = change(warped, moments) else { break }
            motion.rows.x += change.rows.x
            motion.rows.y += change.rows.y
            guard motion.largest <= Self.mostMotion, change.largest > Self.shortestStep else {
                break
            }
        }
        return best
    }

    /// The other picture as it lies over the first; NaN where it does not.
    private func warped(by motion: Motion) -> [Float] {
        let half = Float(side) / 2
        let last = Float(side - 1)
        let (mx, my) = motion.rows
        return [Float](unsafeUninitializedCapacity: side * side) { result, count in
            other.withUnsafeBufferPointer { other in
                for row in 0..<side {
                    let v = (Float(row) + 0.5) / half - 1
                    for column in 0..<side {
                        let u = (Float(column) + 0.5) / half - 1
                        let x = Float(column) + half * (mx[0] + mx[1] * u + mx[2] * v)
                        let y = Float(row) + half * (my[0] + my[1] * u + my[2] * v)
                        let index = row * side + column
                        // The picture ends half a pixel beyond the outermost centres.
                        guard x >= -0.5, y >= -0.5, x <= last + 0.5, y <= last + 0.5 else {
                            result[index] = .nan
                            continue
                        }
                        let left = min(side - 2, max(0, Int(x)))
                        let top = min(side - 2, max(0, Int(y)))
                        let (a, b) = (
                            min(1, max(0, x - Float(left))), min(1, max(0, y - Float(top)))
                        )
                        let at = top * side + left
                        let above = other[at] + a * (other[at + 1] - other[at])
                        let below =
                            other[at + side] + a * (other[at + side + 1] - other[at + side])
                        result[index] = above + b * (below - above)
                    }
                }
            }
            count = side * side
        }
    }

    private struct Moments {
        var means: (one: Float, other: Float)
        var gain: Float
        var correlation: Float
        var overlap: Float
    }

    private func moments(_ warped: [Float]) -> Moments {
        var (count, sumOne, sumOther): (Float, Float, Float) = (0, 0, 0)
        var (squareOne, squareOther, product): (Float, Float, Float) = (0, 0, 0)
        one.withUnsafeBufferPointer { one in
            warped.withUnsafeBufferPointer { warped in
                for index in warped.indices where !warped[index].isNaN {
                    let (a, b) = (one[index], warped[index])
                    count += 1
                    sumOne += a
                    sumOther += b
                    squareOne += a * a
                    squareOther += b * b
                    product += a * b
                }
            }
        }
        let total = max(1, count)
        let means = (sumOne / total, sumOther / total)
        let varianceOne = squareOne / total - means.0 * means.0
        let varianceOther = max(1e-6, squareOther / total - means.1 * means.1)
        let covariance = product / total - means.0 * means.1
        return Moments(
            means: means, gain: covariance / varianceOther,
            correlation: covariance / max(1e-6, varianceOne * varianceOther).squareRoot(),
            overlap: count / Float(warped.count))
    }

    /// The slopes of `values` at an inner pixel, in values per half side.
    @inline(__always)
    private func slopes(
        _ values: UnsafeBufferPointer<Float>, _ index: Int
    ) -> (x: Float, y: Float) {
        let scale = Float(side) / 4
        return (
            (values[index + 1] - values[index - 1]) * scale,
            (values[index + side] - values[index - side]) * scale
        )
    }

    /// One Gauss-Newton step: of the motion, and of gain and offset, which are computed again each
    /// time.
    private func change(_ warped: [Float], _ moments: Moments) -> Motion? {
        var normal = [SIMD8<Float>](repeating: .zero, count: 8)
        var right = SIMD8<Float>.zero
        let half = Float(side) / 2
        warped.withUnsafeBufferPointer { values in
            one.withUnsafeBufferPointer { one in
                normal.withUnsafeMutableBufferPointer { normal in
                    for row in 1..<side - 1 {
                        let v = (Float(row) + 0.5) / half - 1
                        for column in 1..<side - 1 {
                            let index = row * side + column
                            let slope = slopes(values, index)
                            let value = values[index]
                            guard !(slope.x + slope.y + value).isNaN else { continue }
                            let u = (Float(column) + 0.5) / half - 1
                            let (x, y) = (moments.gain * slope.x, moments.gain * slope.y)
                            let centred = value - moments.means.other
                            let slopes = SIMD8(x, x * u, x * v, y, y * u, y * v, centred, 1)
                            let rest = one[index] - moments.means.one - moments.gain * centred
                            for k in 0..<8 { normal[k] += slopes * slopes[k] }
                            right += slopes * rest
                        }
                    }
                }
            }
        }
        guard let solution = solved(normal, right) else { return nil }
        var motion = Motion()
        motion.rows.x = SIMD4(solution[0], solution[1], solution[2], 0)
        motion.rows.y = SIMD4(solution[3], solution[4], solution[5], 0)
        return motion
    }

    /// Places across and down, for ``disagreement(_:)``.
    private static let placeCount = 8
    /// What a pixel differs by in any copy, as a fraction of the picture's standard deviation: a
    /// slope, so that compression does not decide on flat places.
    private static let evenSlope: Float = 0.035

    func disagreement(_ motion: Motion) -> PictureAlignment.Disagreement {
        let warped = warped(by: motion)
        let moments = moments(warped)
        var worst = PictureAlignment.Disagreement(contrast: 0, displacement: 0)
        let size = side / Self.placeCount
        warped.withUnsafeBufferPointer { values in
            one.withUnsafeBufferPointer { one in
                for place in 0..<Self.placeCount * Self.placeCount {
                    let top = place / Self.placeCount * size
                    let left = place % Self.placeCount * size
                    var (count, rests, steepness): (Float, Float, Float) = (0, 0, 0)
                    for row in max(1, top)..<min(side - 1, top + size) {
                        for column in max(1, left)..<min(side - 1, left + size) {
                            let index = row * side + column
                            let there = slopes(values, index)
                            let value = values[index]
                            guard !(there.x + there.y + value).isNaN else { continue }
                            let here = slopes(one, index)
                            let rest =
                                one[index] - moments.means.one
                                - moments.gain * (value - moments.means.other)
                            let gain = moments.gain * moments.gain
                            count += 1
                            rests += rest * rest
                            steepness += max(
                                here.x * here.x + here.y * here.y,
                                gain * (there.x * there.x + there.y * there.y))
                        }
                    }
                    guard count >= Float(size * size) / 2 else { continue }
                    let contrast = (rests / count).squareRoot()
                    let pixel = 2 / Float(side)
                    let slope = (steepness / count).squareRoot() * pixel + Self.evenSlope
                    let found = PictureAlignment.Disagreement(
                        contrast: contrast, displacement: contrast / slope)
                    if found.degree > worst.degree { worst = found }
                }
            }
        }
        return worst
    }

    /// Solves eight equations, with a little added to the diagonal so that a picture does not move
    /// in a direction without structure.
    private func solved(_ normal: [SIMD8<Float>], _ right: SIMD8<Float>) -> SIMD8<Float>? {
        var rows = normal
        var right = right
        let trace = (0..<8).reduce(Float(0)) { $0 + rows[$1][$1] }
        for k in 0..<8 { rows[k][k] += 1e-4 * trace / 8 }
        for k in 0..<8 {
            guard rows[k][k] > 1e-9 else { return nil }
            for below in k + 1..<8 {
                let factor = rows[below][k] / rows[k][k]
                rows[below] -= rows[k] * factor
                right[below] -= right[k] * factor
            }
        }
        var solution = SIMD8<Float>.zero
        for k in (0..<8).reversed() {
            let known = (rows[k] * solution).sum()
            solution[k] = (right[k] - known) / rows[k][k]
        }
        return solution
    }
}
