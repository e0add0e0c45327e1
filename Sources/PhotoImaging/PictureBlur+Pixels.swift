internal import FaceCore

extension PictureBlur {
    /// Measures the edges of a picture.
    ///
    /// Method: one more blur by a known Gaussian flattens a sharp edge a lot and a blurred one a
    /// little; the ratio of the slopes before and after gives the radius (Zhuo and Sim 2011,
    /// *Defocus map estimation from a single image*). Edges are chosen by their slope after that
    /// blur; noise and the borders of compression blocks do not survive it.
    init(_ plane: GreyPlane) {
        // Cells of fewer pixels hold too few edges.
        let side = min(Self.side, max(1, min(plane.width, plane.height) / Self.leastCellSide))
        let blurred = plane.blurredOnce
        let edges = (0..<Self.directionCount).map {
            Edges(of: plane, blurred, direction: $0, side: side)
        }
        let radii = edges.compactMap {
            $0.sharpest(ofCells: 0..<side * side, leastCount: Self.leastEdgeCount)?.radius
        }
        let sharpest = edges.flatMap { edges in
            let cells = (0..<side * side).map { cell in
                edges.sharpest(ofCells: cell..<cell + 1, leastCount: Self.leastCellEdgeCount)
            }
            return (0..<Self.side * Self.side).map { place in
                let (row, column) = (place / Self.side, place % Self.side)
                return cells[row * side / Self.side * side + column * side / Self.side]
            }
        }
        let cells =
            sharpest.map { edges in
                edges.map { UInt8(min(254, ($0.radius * Self.stepsPerPixel).rounded())) }
                    ?? Self.noEdges
            } + sharpest.map { UInt8($0?.slope ?? 0) }
        // No nil: there is one cell per place and direction.
        self = PictureBlur(radius: radii.max(), cells: cells)!
    }

    /// In pixels.
    private static let leastCellSide = 24
    /// Fewer pixels on strong edges say nothing about a picture or cell.
    private static let leastEdgeCount = 50
    private static let leastCellEdgeCount = 12
}

/// The slopes of a picture in one direction: counts by size after another blur and by how much
/// larger they were before.
private struct Edges {
    /// The strong edges of a picture or a cell: the share of its pixels with the largest slopes.
    private static let strongShare = 0.05
    /// Of those, the sharpest count: this share is sharper than the value taken.
    private static let sharpestShare = 0.25
    /// The least slope of an edge, in grey levels a pixel; below are noise and clouds.
    private static let leastSlope = 2
    /// Slopes of 0...63 grey levels per pixel, and ratios of 1...4.
    private static let slopeCount = 64
    private static let ratioCount = 192
    private static let ratioSteps: Float = 64

    /// Pixels of each cell.
    private var pixelCounts: [Int]
    /// Pixels for each cell, slope and ratio.
    private var counts: [UInt16]

    /// - Parameter blurred: the plane blurred once more, in 256ths.
    init(of plane: GreyPlane, _ blurred: [UInt16], direction: Int, side: Int) {
        pixelCounts = [Int](repeating: 0, count: side * side)
        counts = [UInt16](repeating: 0, count: side * side * Self.slopeCount * Self.ratioCount)
        let (width, height) = (plane.width, plane.height)
        guard width > 2, height > 2 else { return }
        let step = [1, width, width + 1, width - 1][direction]
        // A diagonal step is longer.
        let scale: Float = direction < 2 ? 1 : Float(0.5).squareRoot()
        let column = (0..<width).map { $0 * side / width }
        plane.greys.withUnsafeBufferPointer { sharp in
            blurred.withUnsafeBufferPointer { blurred in
                for y in 1..<height - 1 {
                    let row = y * side / height * side
                    for x in 1..<width - 1 {
                        let index = y * width + x
                        let cell = row + column[x]
                        pixelCounts[cell] += 1
                        // Of the blurred plane, in 256ths; both over two steps.
                        let after = abs(Int(blurred[index + step]) - Int(blurred[index - step]))
                        let slope = Int(Float(after) * scale / 512)
                        guard slope >= Self.leastSlope else { continue }
                        let before = abs(Int(sharp[index + step]) - Int(sharp[index - step]))
                        let ratio = Float(before * 256) / Float(after)
                        let ratioBin = min(
                            Self.ratioCount - 1, max(0, Int((ratio - 1) * Self.ratioSteps)))
                        let bin =
                            (cell * Self.slopeCount + min(Self.slopeCount - 1, slope))
                            * Self.ratioCount + ratioBin
                        if counts[bin] < .max { counts[bin] += 1 }
                    }
                }
            }
        }
    }

    /// - Returns: the radius of the sharpest strong edges, in pixels, and the least slope of a strong
    ///   one, in grey levels a pixel; `nil` when there are fewer strong ones than `leastCount`.
    func sharpest(
        ofCells cells: Range<Int>, leastCount: Int
    ) -> (radius: Float, slope: Int)? {
        let wanted = Int(
            Double(cells.reduce(0) { $0 + pixelCounts[$1] }) * Self.strongShare)
        var ratios = [Int](repeating: 0, count: Self.ratioCount)
        var count = 0
        var leastSlope = 0
        for slope in (Self.leastSlope..<Self.slopeCount).reversed() where count < wanted {
            leastSlope = slope
            for cell in cells {
                let start = (cell * Self.slopeCount + slope) * Self.ratioCount
                for ratio in 0..<Self.ratioCount {
                    ratios[ratio] += Int(counts[start + ratio])
                    count += Int(counts[start + ratio])
                }
            }
        }
        guard count >= leastCount else { return nil }
        var left = Double(count) * Self.sharpestShare
        var bin = Self.ratioCount - 1
        while bin > 0, left > Double(ratios[bin]) {
            left -= Double(ratios[bin])
            bin -= 1
        }
        // Where in the bin the value lies.
        let part = ratios[bin] > 0 ? 1 - Float(left) / Float(ratios[bin]) : 0.5
        let ratio = 1 + (Float(bin) + part) / Self.ratioSteps
        // The slope of an edge of radius r goes with 1 / r; after one more blur by 1 pixel, with 1
        // / sqrt(r² + 1).
        return (1 / max(1e-3, ratio * ratio - 1).squareRoot(), leastSlope)
    }
}

extension GreyPlane {
    /// The plane blurred by a Gaussian of 1 pixel, in 256ths of grey levels: the binomial of five,
    /// along and across.
    fileprivate var blurredOnce: [UInt16] {
        func five(_ a: Int, _ b: Int, _ c: Int, _ d: Int, _ e: Int) -> Int {
            a + e + 4 * (b + d) + 6 * c
        }
        var across = [UInt16](repeating: 0, count: greys.count)
        var result = across
        let (right, bottom) = (width - 1, height - 1)
        greys.withUnsafeBufferPointer { greys in
            for y in 0..<height {
                let row = y * width
                for x in 0..<width {
                    across[row + x] = UInt16(
                        five(
                            Int(greys[row + max(0, x - 2)]), Int(greys[row + max(0, x - 1)]),
                            Int(greys[row + x]), Int(greys[row + min(right, x + 1)]),
                            Int(greys[row + min(right, x + 2)])))
                }
            }
        }
        across.withUnsafeBufferPointer { across in
            for y in 0..<height {
                let rows = [-2, -1, 0, 1, 2].map { min(bottom, max(0, y + $0)) * width }
                for x in 0..<width {
                    result[y * width + x] = UInt16(
                        five(
                            Int(across[rows[0] + x]), Int(across[rows[1] + x]),
                            Int(across[rows[2] + x]), Int(across[rows[3] + x]),
                            Int(across[rows[4] + x])))
                }
            }
        }
        return result
    }
}
