import CFaceEngine
import FaceCore
public import PhotoImaging

/// Finds and encodes the faces of photos, one photo at a time.
///
/// Not `Sendable`: each worker makes its own and keeps it. Nothing is remembered from one photo to
/// the next, so the result depends on the photo alone. It holds about 25 MB; while a 12-megapixel
/// photo is analysed about 200 MB.
public final class FaceAnalyser {
    /// Which analysis this is: kept with every result, so that those of another are done again.
    public static let version = 1

    /// Longest side, in pixels, of the picture that is searched. A 12-megapixel photo is searched
    /// whole; larger ones have more pixels, not more faces.
    static let longestSearchedSide = 4000

    /// Pictures with a longer side below this, in pixels, are enlarged towards it, because the
    /// detector misses faces below about 58 pixels. On a labelled event of 304 mixed photos with 500
    /// faces: not enlarged 364 found, towards 1600 px 396, 2000 px 406, 2600 px 409, 3200 px 409.
    static let enlargedSide = 2600.0

    /// Up to how much small pictures are enlarged. Further brings time and false faces.
    static let mostEnlarged = 2.0

    /// The detector score a face must exceed; see ``AnalysedFace/confidence``. A little below the
    /// detector's own threshold: on the same photos 409 faces at 0, 423 at -0.1, 433 at -0.2, with 5,
    /// 5 and 8 boxes that are no labelled face.
    static let hogThreshold = -0.1

    /// Longest side, in pixels, of the portrait that the CNN searches; it takes 1.1 GB per
    /// megapixel and 2 s.
    static let longestPortraitSide = 800

    /// Below this fraction of its rows a damaged photo is not searched at all.
    public static let leastDecodedFraction = 0.5

    private let models: FaceModels
    private let engine: OpaquePointer

    /// - Throws: ``FaceAnalysisError`` `.outOfMemory` or `.failed`.
    public init(models: FaceModels) throws(FaceAnalysisError) {
        var error = cface_error()
        var engine: OpaquePointer?
        let status = cface_engine_create(models.handle, Int32(CFACE_HOG_FASTEST), &engine, &error)
        guard Int(status) == CFACE_OK, let engine else { throw FaceAnalysisError(status, error) }
        self.models = models
        self.engine = engine
    }

    deinit {
        cface_engine_destroy(engine)
    }

    /// The faces of an event photo.
    ///
    /// A damaged photo is searched in the rows that are there.
    ///
    /// - Throws: ``FaceAnalysisError``.
    /// - Complexity: about 0.6 s for 12 megapixels, and 0.04 s per face.
    public func faces(of photo: PhotoSource) throws(FaceAnalysisError) -> PhotoAnalysis {
        try analysis(of: photo, isPortrait: false)
    }

    /// The faces of a portrait: those that ``faces(of:)`` finds, or, when it finds none, those that
    /// the slower CNN finds.
    ///
    /// - Throws: ``FaceAnalysisError``.
    public func portraitFaces(of photo: PhotoSource) throws(FaceAnalysisError) -> PhotoAnalysis {
        try analysis(of: photo, isPortrait: true)
    }

    /// Which face a portrait is meant to show: the largest and most central.
    ///
    /// - Returns: its index, or `nil` when there are no faces.
    public static func portraitFace(among faces: [AnalysedFace]) -> Int? {
        // A face in a corner must be twice as large as one in the centre.
        func weight(_ box: FaceBox) -> Double {
            let x = box.left + box.width / 2 - 0.5
            let y = box.top + box.height / 2 - 0.5
            let distance = min(1, (2 * (x * x + y * y)).squareRoot())
            return box.area * (1 - distance / 2)
        }
        return faces.indices.max { weight(faces[$0].box) < weight(faces[$1].box) }
    }

    private func analysis(
        of photo: PhotoSource, isPortrait: Bool
    ) throws(FaceAnalysisError) -> PhotoAnalysis {
        let picture = try decoded(photo, maximumSide: Self.longestSearchedSide)
        guard picture.decodedFraction >= Self.leastDecodedFraction else {
            return PhotoAnalysis(
                faces: [], decodedFraction: picture.decodedFraction, damage: picture.damage,
                searchedSide: 0)
        }
        let region = SoundRegion(
            decodedFraction: picture.decodedFraction, orientation: photo.metadata.orientation)
        var detector = DetectorKind.hog
        var boxes = try hogBoxes(in: picture).filter { region.holds($0, of: picture) }
        if boxes.isEmpty, isPortrait {
            detector = .cnn
            boxes = try cnnBoxes(of: photo, in: picture).filter { region.holds($0, of: picture) }
        }
        let encoded = try encoded(boxes, in: picture)
        let faces = zip(boxes, encoded).compactMap { box, face in
            analysedFace(box, face, detector, in: picture, of: photo)
        }
        return PhotoAnalysis(
            faces: faces.sorted { $0.box < $1.box }, decodedFraction: picture.decodedFraction,
            damage: picture.damage, searchedSide: max(picture.width, picture.height))
    }

    private func decoded(
        _ photo: PhotoSource, maximumSide: Int
    ) throws(FaceAnalysisError) -> PixelBuffer {
        do {
            return try photo.pixels(maximumSide: maximumSide)
        } catch {
            throw FaceAnalysisError(error)
        }
    }

    private func hogBoxes(
        in picture: borrowing PixelBuffer
    ) throws(FaceAnalysisError) -> [cface_box] {
        let side = Double(max(picture.width, picture.height))
        let enlarge = min(Self.mostEnlarged, max(1, Self.enlargedSide / side))
        return try boxes(in: picture) { pixels, boxes, capacity, count, error in
            cface_detect_hog(
                engine, pixels.bytes, pixels.width, pixels.height, pixels.stride, enlarge,
                Self.hogThreshold, boxes, capacity, count, error)
        }
    }

    /// The CNN's boxes, found in a smaller picture, in pixels of `picture`.
    private func cnnBoxes(
        of photo: PhotoSource, in picture: borrowing PixelBuffer
    ) throws(FaceAnalysisError) -> [cface_box] {
        let small = try decoded(photo, maximumSide: Self.longestPortraitSide)
        let found = try boxes(in: small) { pixels, boxes, capacity, count, error in
            cface_detect_cnn(
                engine, pixels.bytes, pixels.width, pixels.height, pixels.stride, 0, boxes,
                capacity, count, error)
        }
        let scale = Double(picture.width) / Double(small.width)
        return found.map { $0.scaled(by: scale) }
    }

    /// Calls `detect`, a second time when there are more faces than room for them.
    private func boxes(
        in picture: borrowing PixelBuffer,
        _ detect: (
            Pixels, UnsafeMutablePointer<cface_box>?, Int, UnsafeMutablePointer<Int>,
            UnsafeMutablePointer<cface_error>
        ) -> Int32
    ) throws(FaceAnalysisError) -> [cface_box] {
        var capacity = 64
        while true {
            var found = [cface_box](repeating: cface_box(), count: capacity)
            var count = 0
            var error = cface_error()
            let status = withPixels(of: picture) { pixels in
                found.withUnsafeMutableBufferPointer {
                    detect(pixels, $0.baseAddress, capacity, &count, &error)
                }
            }
            guard Int(status) == CFACE_OK else { throw FaceAnalysisError(status, error) }
            guard count > capacity else { return Array(found.prefix(count)) }
            capacity = count
        }
    }

    private func encoded(
        _ boxes: [cface_box], in picture: borrowing PixelBuffer
    ) throws(FaceAnalysisError) -> [cface_face] {
        var faces = [cface_face](repeating: cface_face(), count: boxes.count)
        var error = cface_error()
        let status = withPixels(of: picture) { pixels in
            faces.withUnsafeMutableBufferPointer {
                cface_encode(
                    engine, pixels.bytes, pixels.width, pixels.height, pixels.stride, boxes,
                    boxes.count, $0.baseAddress, &error)
            }
        }
        guard Int(status) == CFACE_OK else { throw FaceAnalysisError(status, error) }
        return faces
    }

    /// `nil` for an encoding that is not made of numbers: nothing to compare with.
    private func analysedFace(
        _ box: cface_box, _ face: cface_face, _ detector: DetectorKind,
        in picture: borrowing PixelBuffer, of photo: PhotoSource
    ) -> AnalysedFace? {
        guard
            let plain = FaceEncoding(components: floats(face.plain)),
            let mirrorMean = FaceEncoding(components: floats(face.mirror_mean))
        else { return nil }
        let fractions = box.fractions(width: picture.width, height: picture.height)
        return AnalysedFace(
            box: fractions, confidence: box.confidence, detector: detector,
            encodings: FaceEncodings(plain: plain, mirrorMean: mirrorMean),
            heightInPixels: fractions.height * Double(photo.uprightHeight),
            sharpness: face.sharpness)
    }
}

/// A picture as C wants it; valid inside `withPixels` only.
private struct Pixels {
    let bytes: UnsafeRawPointer?
    let width: Int32
    let height: Int32
    let stride: Int
}

private func withPixels<Result>(
    of picture: borrowing PixelBuffer, _ body: (Pixels) -> Result
) -> Result {
    let width = Int32(picture.width)
    let height = Int32(picture.height)
    let stride = picture.bytesPerRow
    return picture.withUnsafeBytes {
        body(Pixels(bytes: $0.baseAddress, width: width, height: height, stride: stride))
    }
}

/// The components of a C array, which Swift sees as a tuple.
private func floats<Tuple>(_ tuple: Tuple) -> [Float] {
    withUnsafeBytes(of: tuple) { Array($0.bindMemory(to: Float.self)) }
}

extension cface_box {
    func fractions(width: Int, height: Int) -> FaceBox {
        FaceBox(
            left: Double(left) / Double(width), top: Double(top) / Double(height),
            width: Double(self.width) / Double(width),
            height: Double(self.height) / Double(height))
    }

    func scaled(by factor: Double) -> cface_box {
        func scaled(_ length: Int32) -> Int32 { Int32((Double(length) * factor).rounded()) }
        return cface_box(
            left: scaled(left), top: scaled(top), width: max(1, scaled(width)),
            height: max(1, scaled(height)), confidence: confidence, view: view)
    }
}

extension FaceAnalysisError {
    fileprivate init(_ status: Int32, _ error: cface_error) {
        self.init(Int(status) == CFACE_OUT_OF_MEMORY ? .outOfMemory : .failed, error.text)
    }
}
