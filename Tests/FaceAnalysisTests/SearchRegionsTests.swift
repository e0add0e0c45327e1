import FaceCore
import TestSupport
import Testing

@testable import FaceAnalysis

@Suite struct SearchRegionsTests {
    /// What ``SearchRegions`` promises: squares of 96 pixels, parts that reach 64 pixels beyond
    /// them, everything within one and a half heights of a face.
    private static let square = 96
    private static let margin = 64
    private static let reach = 1.5

    /// If a side is no multiple of the square, its last square is wider than the margin, so that a
    /// part's squares differ from its edges.
    private static let sizes = [(960, 768), (1030, 750), (95, 90), (6040, 80), (80, 5070), (1, 1)]

    /// The squares of a part: its own, without the margin.
    private func squares(_ part: PixelRect, _ width: Int, _ height: Int) -> Set<[Int]> {
        let columns = Self.start(part.left)..<Self.end(part.right, of: width)
        let rows = Self.start(part.top)..<Self.end(part.bottom, of: height)
        return Set(rows.flatMap { row in columns.map { [row, $0] } })
    }

    private static func start(_ edge: Int) -> Int {
        edge == 0 ? 0 : (edge + margin) / square
    }

    private static func end(_ edge: Int, of side: Int) -> Int {
        edge == side ? (side + square - 1) / square : (edge - margin) / square
    }

    private func randomFaces(_ count: Int, seed: Int) -> [FaceBox] {
        var random = SplitMix64(seed: UInt64(seed))
        return (0..<count).map { _ in
            FaceBox(
                left: .random(in: -0.1...1, using: &random),
                top: .random(in: -0.1...1, using: &random),
                width: .random(in: 0.001...0.1, using: &random),
                height: .random(in: 0.001...0.1, using: &random))
        }
    }

    @Test(
        "Everything near a face is searched, each square once and nothing else, and it ends",
        arguments: 0..<sizes.count, 1...8)
    func covers(size: Int, seed: Int) {
        let (width, height) = Self.sizes[size]
        let faces = randomFaces(seed, seed: seed)
        var regions = SearchRegions(width: width, height: height)
        for face in faces { regions.add(around: face) }
        var wanted: Set<[Int]> = []
        for face in faces { wanted.formUnion(Self.squares(near: face, width, height)) }

        var searched: Set<[Int]> = []
        var parts = 0
        while let part = regions.next() {
            parts += 1
            guard parts <= wanted.count else { break }
            #expect(part.left >= 0 && part.top >= 0 && part.width > 0 && part.height > 0)
            #expect(part.right <= width && part.bottom <= height)
            let squares = squares(part, width, height)
            #expect(searched.isDisjoint(with: squares) && !squares.isEmpty)
            searched.formUnion(squares)
        }
        #expect(searched == wanted)
        for face in faces { regions.add(around: face) }
        #expect(regions.next() == nil)
    }

    /// The squares with a pixel within reach of `face`; at the edge, also for what lies beyond.
    private static func squares(near face: FaceBox, _ width: Int, _ height: Int) -> Set<[Int]> {
        let reach = Self.reach * face.height * Double(height)
        func indices(_ from: Double, _ to: Double, _ side: Int) -> Set<Int> {
            let last = (side - 1) / square
            return Set(
                (0...last).filter { index in
                    let start = index == 0 ? -Double.infinity : Double(index * square)
                    let end = index == last ? Double.infinity : Double((index + 1) * square)
                    return from < end && to >= start
                })
        }
        let rows = indices(
            face.top * Double(height) - reach, face.bottom * Double(height) + reach, height)
        let columns = indices(
            face.left * Double(width) - reach, face.right * Double(width) + reach, width)
        return Set(rows.flatMap { row in columns.map { [row, $0] } })
    }

    @Test("Places marked during the search are searched too, the others not again")
    func growing() throws {
        let (width, height) = (960, 768)
        var regions = SearchRegions(width: width, height: height)
        regions.add(around: FaceBox(left: 0.05, top: 0.05, width: 0.02, height: 0.02))
        var searched: Set<[Int]> = []
        var count = 0
        // Each part has a face at its lower right corner, as in a row of people.
        while let part = regions.next() {
            let squares = squares(part, width, height)
            #expect(searched.isDisjoint(with: squares))
            searched.formUnion(squares)
            count += 1
            try #require(count <= 80)
            regions.add(
                around: FaceBox(
                    left: Double(part.right - 20) / Double(width),
                    top: Double(part.bottom - 20) / Double(height), width: 0.02, height: 0.02))
        }
        // It went on to the other corner.
        #expect(searched.contains([7, 9]) && count > 3)
    }

    @Test("Neighbours are searched together, in as few parts as there are rectangles")
    func together() {
        var regions = SearchRegions(width: 960, height: 768)
        regions.add(around: FaceBox(left: -1, top: -1, width: 3, height: 3))
        #expect(regions.next() == PixelRect(left: 0, top: 0, right: 960, bottom: 768))
        #expect(regions.next() == nil)
        #expect(SearchRegions(width: 10, height: 10).isEmptyAtFirst)
    }
}

extension SearchRegions {
    fileprivate var isEmptyAtFirst: Bool {
        var copy = self
        return copy.next() == nil
    }
}
