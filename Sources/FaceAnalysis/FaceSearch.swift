import CFaceEngine
import FaceCore
import PhotoImaging

/// Finds the faces of one photo: where and at which sizes to look, and how to combine what the
/// detectors find. See <doc:HowFacesortLooksForFaces>.
struct FaceSearch {
    /// A face that was found.
    struct Found {
        /// In fractions of the upright photo.
        var box: FaceBox
        var confidence: Float
        var detector: DetectorKind
    }

    let engine: FaceEngine
    let depth: SearchDepth

    /// Longer side, in pixels, of the picture that the CNN searches; smaller ones are enlarged
    /// towards it, larger ones reduced.
    static let coarseSide = 2400
    /// The same where the photo has more pixels, so that HOG finds smaller faces: a sixth less to
    /// compute, and no face fewer.
    private static let largePhotoSide = 2200
    /// The same for ``SearchDepth/thorough``.
    private static let thoroughSide = 4000
    /// The most that small pictures are enlarged.
    private static let mostEnlarged = 4.0
    /// The CNN's pyramid: a level has 3/4 of the one before.
    private static let pyramid: Int32 = 4
    /// CNN scores above it are faces. Small boxes between 0 and it are mostly no faces.
    private static let sureThreshold = 0.1
    /// Scores above it, below ``sureThreshold``, are worth a second look.
    private static let weakThreshold = -0.5
    /// The height, in pixels of the searched picture, from which on a weak box gets a second look:
    /// smaller ones lack detail, and the look finds more false faces.
    private static let secondLookLeastHeight = 130.0
    /// The height, in pixels, to which a face is scaled for the second look.
    private static let secondLookHeight = 120.0
    /// Scores above it then count as faces.
    private static let secondLookThreshold = -0.05
    /// The height, in pixels of the searched picture, from which on the CNN finds a face.
    private static let smallestCNNFace = 55.0

    /// Longest side, in pixels, of the picture that small faces are found in and encoded from.
    static let detailSide = 8000
    /// How much larger that picture must be for a second look to show more.
    private static let leastDetail = 1.15
    /// How far the sizes for HOG reach into those that the CNN finds.
    private static let overlap = 1.25
    /// Side of HOG's smallest box in either picture, in pixels.
    private static let smallestHOGBox = 40.0
    /// The height of a face, in pixels of a picture of ``coarseSide``, below which it is encoded
    /// from full-size pixels.
    static let smallFace = 90.0

    /// Scores above it, in the coarse picture, hint at a face that is worth a second look.
    private static let hintThreshold = -0.4
    /// Scores above it count as faces there. Lower than dlib's own 0, since only places with hints
    /// are searched: 6 of 124 faces more in crowds, none of them false.
    private static let hogThreshold = -0.2

    /// The faces of a photo, in no particular order.
    ///
    /// - Throws: ``/PhotoImaging/ImageError``.
    func faces(in pictures: PhotoPictures) throws(ImageError) -> [Found] {
        var found = try cnnFaces(in: pictures)
        if hasDetail(pictures) {
            found = Self.joined(found, try smallFaces(in: pictures, beside: found))
        }
        return found
    }

    /// The faces of a portrait in which ``faces(in:)`` finds none.
    ///
    /// - Throws: ``/PhotoImaging/ImageError``.
    func hardFaces(in pictures: PhotoPictures) throws(ImageError) -> [Found] {
        let picture = pictures.coarse
        let resize = min(2, Double(Self.coarseSide) / Double(picture.longerSide))
        return try engine.hogBoxes(
            in: picture.pixels,
            cface_hog_search(
                resize: resize, window: 80, level_count: 0, frontal_only: 0, threshold: -0.3)
        ).map { Found($0, .hog, picture) }
    }

    private func hasDetail(_ pictures: PhotoPictures) -> Bool {
        Double(pictures.detailLongerSide) > Self.leastDetail * Double(Self.coarseSide)
    }

    // MARK: The whole picture

    private func cnnFaces(in pictures: PhotoPictures) throws(ImageError) -> [Found] {
        let isThorough = depth == .thorough && hasDetail(pictures)
        let picture = isThorough ? try pictures.detail() : pictures.coarse
        let side = Double(
            isThorough
                ? Self.thoroughSide : hasDetail(pictures) ? Self.largePhotoSide : Self.coarseSide)
        let resize = min(
            isThorough ? 1 : Self.mostEnlarged, side / Double(picture.longerSide))
        let boxes = try engine.cnnBoxes(
            in: picture.pixels,
            cface_cnn_search(
                resize: resize, pyramid: Self.pyramid, level_count: 0,
                threshold: Self.weakThreshold))
        var found = boxes.filter { Double($0.confidence) > Self.sureThreshold }
            .map { Found($0, .cnn, picture) }
        for weak in boxes
        where Double(weak.confidence) <= Self.sureThreshold
            && Double(weak.height) * resize >= Self.secondLookLeastHeight
        {
            found = Self.joined(found, try secondLook(at: weak, in: picture))
        }
        return found
    }

    /// The faces at a place where the CNN was unsure: it is searched again in finer steps, since a
    /// face between two levels of the coarse pyramid scores low in both.
    private func secondLook(
        at weak: cface_box, in picture: PhotoPictures.Picture
    ) throws(ImageError) -> [Found] {
        let (width, height) = (Int(weak.width), Int(weak.height))
        let part = PixelRect(
            left: max(0, Int(weak.left) - width), top: max(0, Int(weak.top) - height),
            right: min(picture.pixels.width, Int(weak.left) + 2 * width),
            bottom: min(picture.pixels.height, Int(weak.top) + 2 * height))
        guard part.width > 0, part.height > 0 else { return [] }
        let resize = min(Self.mostEnlarged, Self.secondLookHeight / Double(height))
        let boxes = try engine.cnnBoxes(
            in: picture.pixels, part: part,
            cface_cnn_search(
                resize: resize, pyramid: 6, level_count: 0,
                threshold: Self.secondLookThreshold))
        let weak = Found(weak, .cnn, picture)
        return boxes.map { Found($0, .cnn, picture) }.filter { Self.isSame($0.box, weak.box) }
    }

    // MARK: Small faces in full-size pixels

    /// What HOG finds in the full-size picture: around the hints at small faces, or everywhere if
    /// thorough.
    private func smallFaces(
        in pictures: PhotoPictures, beside found: [Found]
    ) throws(ImageError) -> [Found] {
        if depth == .thorough {
            let picture = try pictures.detail()
            return try engine.hogBoxes(in: picture.pixels, smallSearch(in: pictures))
                .map { Found($0, .hog, picture) }
        }
        let hints = try hints(in: pictures).filter { hint in
            !found.contains { Self.isSame($0.box, hint) }
        }
        guard !hints.isEmpty else { return [] }
        let picture = try pictures.detail()
        var regions = SearchRegions(width: picture.pixels.width, height: picture.pixels.height)
        for hint in hints { regions.add(around: hint) }
        var faces: [Found] = []
        while let part = regions.next() {
            let boxes = try engine.hogBoxes(
                in: picture.pixels, part: part, smallSearch(in: pictures))
            let fresh = Self.joined(faces, boxes.map { Found($0, .hog, picture) })
                .dropFirst(faces.count)
            // Small faces stand together: follow a crowd as far as it goes.
            for face in fresh { regions.add(around: face.box) }
            faces += fresh
        }
        return faces
    }

    /// Places that look a bit like a face too small for the CNN.
    private func hints(in pictures: PhotoPictures) throws(ImageError) -> [FaceBox] {
        let picture = pictures.coarse
        let levels = Self.levels(from: Self.smallestHOGBox, to: Self.smallestCNNFace * Self.overlap)
        return try engine.hogBoxes(
            in: picture.pixels,
            cface_hog_search(
                resize: min(1, Double(Self.coarseSide) / Double(picture.longerSide)),
                window: Int32(Self.smallestHOGBox), level_count: Int32(levels), frontal_only: 1,
                threshold: Self.hintThreshold)
        ).map { $0.fractions(width: picture.pixels.width, height: picture.pixels.height) }
    }

    /// The search in full-size pixels for faces too small for the CNN. With pictures enlarged
    /// twice, HOG finds a few more than with cells of half the size: 321 against 312 of 329.
    private func smallSearch(in pictures: PhotoPictures) -> cface_hog_search {
        let scale = Double(pictures.detailLongerSide) / Double(Self.coarseSide)
        let levels = Self.levels(
            from: Self.smallestHOGBox, to: Self.smallestCNNFace * Self.overlap * scale)
        return cface_hog_search(
            resize: 2, window: 80, level_count: Int32(levels),
            frontal_only: 0, threshold: Self.hogThreshold)
    }

    /// How many sizes of HOG's boxes, each 6/5 of the previous, lie between two sizes.
    private static func levels(from smallest: Double, to largest: Double) -> Int {
        var levels = 1
        var size = smallest
        while size < largest {
            size *= 1.2
            levels += 1
        }
        return levels
    }

    // MARK: Joining

    /// The least overlap of two boxes of the same face; detectors frame a face differently.
    private static let sameFace = 0.3

    /// `faces`, then those of `others` that are not among them, surest first.
    static func joined(_ faces: [Found], _ others: [Found]) -> [Found] {
        var result = faces
        for other in others.sorted(by: { $0.confidence > $1.confidence })
        where !result.contains(where: { isSame($0.box, other.box) }) {
            result.append(other)
        }
        return result
    }

    private static func isSame(_ one: FaceBox, _ other: FaceBox) -> Bool {
        if one.overlap(with: other) > sameFace { return true }
        // One box far inside another is an eye and a cheek, or a face and a head.
        return one.holdsCentre(of: other) && other.holdsCentre(of: one)
    }
}

extension FaceSearch.Found {
    init(_ box: cface_box, _ detector: DetectorKind, _ picture: PhotoPictures.Picture) {
        self.init(
            box: box.fractions(width: picture.pixels.width, height: picture.pixels.height),
            confidence: box.confidence, detector: detector)
    }
}

extension FaceSearch.Found {
    init(drawn box: FaceBox) {
        self.init(box: box, confidence: 0, detector: .hand)
    }
}

extension FaceBox {
    /// The square at the same place of a picture of `width` x `height` pixels, its side the mean of
    /// the box's: detectors give squares, and the aligner was trained on them only.
    func squared(width: Int, height: Int) -> FaceBox {
        let (across, down) = (self.width * Double(width), self.height * Double(height))
        let side = (across + down) / 2
        return FaceBox(
            left: left + (across - side) / 2 / Double(width),
            top: top + (down - side) / 2 / Double(height), width: side / Double(width),
            height: side / Double(height))
    }

    fileprivate func holdsCentre(of other: FaceBox) -> Bool {
        let x = other.left + other.width / 2
        let y = other.top + other.height / 2
        return x > left && x < right && y > top && y < bottom
    }
}

extension cface_box {
    func fractions(width: Int, height: Int) -> FaceBox {
        FaceBox(
            left: Double(left) / Double(width), top: Double(top) / Double(height),
            width: Double(self.width) / Double(width),
            height: Double(self.height) / Double(height))
    }

    /// `fractions` of a picture, in its pixels.
    init(_ fractions: FaceBox, width: Int, height: Int) {
        func pixels(_ fraction: Double, _ side: Int) -> Int32 {
            Int32((fraction * Double(side)).rounded())
        }
        self.init(
            left: pixels(fractions.left, width), top: pixels(fractions.top, height),
            width: max(1, pixels(fractions.width, width)),
            height: max(1, pixels(fractions.height, height)), confidence: 0, view: 0)
    }
}
