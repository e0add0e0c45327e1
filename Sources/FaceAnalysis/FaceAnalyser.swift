import CFaceEngine
public import FaceCore
public import PhotoImaging

/// Finds and encodes the faces of photos, one photo at a time.
///
/// Not `Sendable`: each worker makes its own and keeps it. Nothing is remembered from one photo to
/// the next, so the result depends on the photo alone. Analysing a 12-megapixel photo takes about
/// 200 MB.
public final class FaceAnalyser {
    /// This analysis' version, kept with every result: those of another are done again.
    public static let version = 2

    /// Below this fraction of its rows a damaged photo is not searched at all.
    public static let leastDecodedFraction = 0.5

    private let engine: FaceEngine
    private let depth: SearchDepth

    /// - Throws: ``/PhotoImaging/ImageError`` `.notAnalysed`.
    public init(models: FaceModels, depth: SearchDepth = .balanced) throws(ImageError) {
        engine = try FaceEngine(models: models)
        self.depth = depth
    }

    /// What a photo's picture is like as a whole, exactly as ``faces(of:drawn:)`` returns it: for
    /// photos whose faces are known.
    ///
    /// - Returns: `nil` when less than ``leastDecodedFraction`` of it can be decoded.
    /// - Throws: ``/PhotoImaging/ImageError``.
    /// - Complexity: one decoding.
    public static func pictureFeatures(
        of photo: PhotoSource
    ) throws(ImageError) -> PictureFeatures? {
        try pictures(of: photo).features()
    }

    /// The faces of an event photo, and what its picture is like.
    ///
    /// A damaged photo is searched in the rows that exist. The boxes `drawn`, in which a person saw a
    /// face, are encoded as they are where the search does not find one.
    ///
    /// - Throws: ``/PhotoImaging/ImageError``.
    /// - Complexity: about 0.7 s for 12 megapixels and 5 ms per face with AVX-512, on one core.
    public func faces(
        of photo: PhotoSource, drawn: [FaceBox] = []
    ) throws(ImageError) -> PhotoAnalysis {
        try analysis(of: photo, isPortrait: false, drawn: drawn)
    }

    /// The faces in boxes that a person drew, without a search; in ``/FaceCore/FaceBox`` order.
    ///
    /// - Returns: none when too little of the photo can be decoded.
    /// - Throws: ``/PhotoImaging/ImageError``.
    public func faces(
        of photo: PhotoSource, onlyIn drawn: [FaceBox]
    ) throws(ImageError) -> [AnalysedFace] {
        let pictures = try Self.pictures(of: photo)
        guard pictures.coarse.pixels.decodedFraction >= Self.leastDecodedFraction else { return [] }
        return try encoded(drawn.map(FaceSearch.Found.init(drawn:)), in: pictures, of: photo)
            .sorted { $0.box < $1.box }
    }

    /// Encodes known faces again where they lie, without a search: exactly as the analysis that found
    /// them would with this encoder.
    ///
    /// - Returns: the encodings of each, in order; `nil` for one that cannot be encoded.
    /// - Throws: ``/PhotoImaging/ImageError``.
    public func encodings(
        of photo: PhotoSource, at faces: [(box: FaceBox, detector: DetectorKind)]
    ) throws(ImageError) -> [FaceEncodings?] {
        let pictures = try Self.pictures(of: photo)
        guard pictures.coarse.pixels.decodedFraction >= Self.leastDecodedFraction else {
            return faces.map { _ in nil }
        }
        let found = faces.map {
            FaceSearch.Found(box: $0.box, confidence: 0, detector: $0.detector)
        }
        let encoded = Dictionary(
            try encoded(found, in: pictures, of: photo).map {
                (EncodedPlace(box: $0.box, detector: $0.detector), $0.encodings)
            }, uniquingKeysWith: { first, _ in first })
        return faces.map { encoded[EncodedPlace(box: $0.box, detector: $0.detector)] }
    }

    /// What decides how a face is encoded.
    private struct EncodedPlace: Hashable {
        let box: FaceBox
        let detector: DetectorKind
    }

    /// The faces of a portrait: those that ``faces(of:drawn:)`` finds, or, when it finds none, those
    /// that a search with a lower threshold finds.
    ///
    /// - Throws: ``/PhotoImaging/ImageError``.
    public func portraitFaces(of photo: PhotoSource) throws(ImageError) -> PhotoAnalysis {
        try analysis(of: photo, isPortrait: true, drawn: [])
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
        of photo: PhotoSource, isPortrait: Bool, drawn: [FaceBox]
    ) throws(ImageError) -> PhotoAnalysis {
        let pictures = try Self.pictures(of: photo)
        let decodedFraction = pictures.coarse.pixels.decodedFraction
        let damage = pictures.coarse.pixels.damage
        guard decodedFraction >= Self.leastDecodedFraction else {
            return PhotoAnalysis(
                faces: [], decodedFraction: decodedFraction, damage: damage, searchedSide: 0,
                pictureFeatures: nil)
        }
        let region = DecodedRegion(
            decodedFraction: decodedFraction, orientation: photo.metadata.orientation)
        let search = FaceSearch(engine: engine, depth: depth)
        var found = try search.faces(in: pictures).filter { region.holds($0.box) }
        if found.isEmpty, isPortrait {
            found = try search.hardFaces(in: pictures).filter { region.holds($0.box) }
        }
        let known = Set(sameFaces(drawn, found.map(\.box)).map(\.0))
        found += drawn.indices.filter { !known.contains($0) }
            .map { FaceSearch.Found(drawn: drawn[$0]) }
        let faces = try encoded(found, in: pictures, of: photo)
        return PhotoAnalysis(
            faces: faces.sorted { $0.box < $1.box }, decodedFraction: decodedFraction,
            damage: damage, searchedSide: pictures.coarse.longerSide,
            pictureFeatures: isPortrait ? nil : try pictures.features())
    }

    private static func pictures(of photo: PhotoSource) throws(ImageError) -> PhotoPictures {
        try PhotoPictures(
            photo, coarseSide: FaceSearch.coarseSide, detailSide: FaceSearch.detailSide)
    }

    /// Encodes large faces from the coarse picture and small ones from full-size pixels, which give
    /// steadier encodings.
    private func encoded(
        _ found: [FaceSearch.Found], in pictures: PhotoPictures, of photo: PhotoSource
    ) throws(ImageError) -> [AnalysedFace] {
        let searchedHeight =
            Double(pictures.coarse.pixels.height) * Double(FaceSearch.coarseSide)
            / Double(pictures.coarse.longerSide)
        let small = found.filter { $0.box.height * searchedHeight < FaceSearch.smallFace }
        let large = found.filter { $0.box.height * searchedHeight >= FaceSearch.smallFace }
        var faces = try encoded(large, from: pictures.coarse, of: photo)
        if !small.isEmpty {
            faces += try encoded(small, from: pictures.detail(), of: photo)
        }
        return faces
    }

    private func encoded(
        _ found: [FaceSearch.Found], from picture: PhotoPictures.Picture, of photo: PhotoSource
    ) throws(ImageError) -> [AnalysedFace] {
        guard !found.isEmpty else { return [] }
        let (width, height) = (picture.pixels.width, picture.pixels.height)
        let boxes = found.map {
            cface_box(
                $0.detector == .hand ? $0.box.squared(width: width, height: height) : $0.box,
                width: width, height: height)
        }
        let encoded = try engine.faces(in: picture.pixels, boxes)
        return zip(found, encoded).compactMap { found, face in
            guard let plain = usable(floats(face.plain)),
                let mirrorMean = usable(floats(face.mirror_mean))
            else { return nil }
            return AnalysedFace(
                box: found.box, confidence: found.confidence, detector: found.detector,
                encodings: FaceEncodings(plain: plain, mirrorMean: mirrorMean),
                heightInPixels: found.box.height * Double(photo.uprightHeight),
                sharpness: face.sharpness)
        }
    }
}

/// The encoding, or `nil` for one with NaN or infinity, which cannot be compared with anything; nor is
/// one of use that a brought encoder makes far larger than any.
private func usable(_ components: [Float]) -> FaceEncoding? {
    guard components.allSatisfy({ abs($0) <= FaceEncoding.greatestComponent }) else { return nil }
    return FaceEncoding(components: components)
}

/// The components of a C array, which Swift sees as a tuple.
private func floats<Tuple>(_ tuple: Tuple) -> [Float] {
    withUnsafeBytes(of: tuple) { Array($0.bindMemory(to: Float.self)) }
}

extension ImageError {
    /// The engine gave up.
    init(_ error: cface_error) {
        self.init(code: .notAnalysed, reason: error.text)
    }
}
