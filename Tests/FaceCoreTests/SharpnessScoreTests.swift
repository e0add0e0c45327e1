import FaceCore
import TestSupport
import Testing

@Suite struct SharpnessScoreTests {
    /// Cells with this radius in all directions inside a face's box, and another outside.
    private func photo(
        _ number: UInt8, face: Float?, picture: Float?, box: FaceBox? = nil, width: Int = 1200
    ) -> CleanablePhoto {
        let half = PictureBlur.cellCount / 2
        let box = box ?? FaceBox(left: 0.25, top: 0.25, width: 0.25, height: 0.25)
        var cells = [UInt8](repeating: PictureBlur.noEdges, count: 2 * half)
        for index in 0..<half {
            let (x, y) = (Double(index % 16) / 16, Double(index / 16 % 16) / 16)
            let isInside = abs(x - 0.375) < 0.25 && abs(y - 0.375) < 0.25
            guard let radius = isInside ? face ?? picture : picture else { continue }
            cells[index] = UInt8(radius * PictureBlur.stepsPerPixel)
            cells[half + index] = 20
        }
        return CleanablePhoto(
            photo: FaceCoreTests.photo(number), width: width, height: 900, byteCount: 1,
            features: features(radius: picture, cells: cells, PatchedScene(1).grey),
            faces: face == nil ? [] : [CleanableFace(box: box)])
    }

    private func score(_ photo: CleanablePhoto) -> SharpnessScore? {
        sharpnessScores(of: [photo], groups: [])[photo.photo]
    }

    @Test("A photo without faces is judged by the picture; the score is 1 / radius")
    func picture() throws {
        let sharp = try #require(score(photo(1, face: nil, picture: 0.8)))
        #expect(sharp.basis == .picture && !sharp.isBlurred && sharp.blurRadius == 0.8)
        #expect(sharp.sharpness == 1 / 0.8)
        #expect(score(photo(1, face: nil, picture: 2))?.isBlurred == true)
    }

    @Test("A sharp face before a blurred background is sharp, the reverse is blurred")
    func faces() throws {
        let portrait = try #require(score(photo(1, face: 0.8, picture: 3)))
        #expect(portrait.basis == .faces && !portrait.isBlurred)
        #expect(score(photo(1, face: 3, picture: 0.8))?.isBlurred == true)
    }

    @Test("A photo that would pass alone is blurred beside the best of its group")
    func besideBest() throws {
        let (best, other) = (photo(1, face: nil, picture: 0.75), photo(2, face: nil, picture: 1.5))
        let groups = duplicateGroups(among: [best, other])
        #expect(groups.count == 1)
        let scores = sharpnessScores(of: [other, best], groups: groups)
        #expect(scores[best.photo]?.timesBlurrierThanBest == nil)
        #expect(scores[other.photo]?.timesBlurrierThanBest == 2)
        #expect(scores[other.photo]?.isBlurred == true)
        #expect(score(other)?.isBlurred == false)
    }

    @Test("A picture without edges is not called blurred; an unreadable one has no score")
    func nothing() throws {
        let flat = try #require(score(photo(1, face: nil, picture: nil)))
        #expect(flat.blurRadius == nil && flat.sharpness == 0 && !flat.isBlurred)
        let unreadable = CleanablePhoto(
            photo: FaceCoreTests.photo(1), width: 1, height: 1, byteCount: 1, features: nil)
        #expect(score(unreadable) == nil)
    }

    @Test("In a box the worst direction counts, and flat edges beside steep ones do not")
    func box() {
        var cells = noEdges.cells
        let half = cells.count / 2
        let place = 5 * 16 + 5
        (cells[place], cells[half + place]) = (40, 20)
        (cells[256 + place], cells[half + 256 + place]) = (80, 20)
        (cells[256 + place + 1], cells[half + 256 + place + 1]) = (30, 9)
        let blur = PictureBlur(radius: 1, cells: cells)!
        #expect(blur.radius(in: FaceBox(left: 0.3, top: 0.3, width: 0.2, height: 0.1)) == 2)
        #expect(blur.radius(in: FaceBox(left: 0.8, top: 0.8, width: 0.5, height: 0.5)) == nil)
        #expect(blur.radius(in: FaceBox(left: -1, top: -1, width: 0.1, height: 3)) == nil)
        #expect(PictureBlur(radius: 1, cells: []) == nil)
    }
}
