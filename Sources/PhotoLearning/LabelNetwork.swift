internal import CImageNetwork
public import FaceCore
public import PhotoImaging

/// Names what photos show, one photo at a time.
///
/// Not `Sendable`: each worker makes its own and keeps it. The label depends only on the photo and
/// the model.
public final class LabelNetwork {
    /// This labelling's version, kept with every label: those of another are done again.
    public static let version = 1

    /// The best shorter side of a photo, in pixels: more pixels take longer, and the network sees
    /// no more.
    static let shorterSide = Int(CIMAGENET_SHORTER_SIDE)
    /// The longest side, in pixels, of a strip that is used as it is.
    private static let longestSide = Int(CIMAGENET_MAXIMUM_SIDE)

    private let model: LabelNetworkModel
    private let worker: OpaquePointer

    /// Takes about 20 MB on first use.
    ///
    /// - Throws: ``LabelNetworkError`` `.outOfMemory` or `.failed`.
    public init(model: LabelNetworkModel) throws(LabelNetworkError) {
        var worker: OpaquePointer?
        try model.file.call { cimagenet_worker_create(model.handle, &worker, &$0) }
        self.model = model
        self.worker = worker!  // No nil: the call did not fail.
    }

    deinit {
        cimagenet_worker_destroy(worker)
    }

    /// What a photo shows, decoded no larger than the network needs.
    ///
    /// - Returns: `nil` when less than half of its rows can be decoded, or nothing at all.
    /// - Throws: ``LabelNetworkError`` `.outOfMemory` or `.failed`.
    /// - Complexity: about 0.2 s on one core, and one scaled decoding.
    public func label(of photo: PhotoSource) throws(LabelNetworkError) -> PhotoLabel? {
        let shorter = min(photo.uprightWidth, photo.uprightHeight)
        let longer = max(photo.uprightWidth, photo.uprightHeight)
        let side = max(1, longer * min(shorter, Self.shorterSide) / shorter)
        let pixels: PixelBuffer
        do {
            pixels = try photo.pixels(maximumSide: min(side, Self.longestSide))
        } catch {
            guard error.code != .outOfMemory else {
                throw LabelNetworkError(
                    code: .outOfMemory, path: model.file.path, reason: error.reason)
            }
            return nil
        }
        guard pixels.decodedFraction >= 0.5 else { return nil }
        return try label(of: pixels)
    }

    /// What a picture shows, by four squares of it; best with a shorter side of about 340 pixels.
    ///
    /// - Throws: ``LabelNetworkError`` `.outOfMemory` or `.failed`.
    /// - Precondition: no side is above 32768 pixels.
    public func label(of picture: borrowing PixelBuffer) throws(LabelNetworkError) -> PhotoLabel {
        let crops = try crops(of: picture)
        let seen = try seen(in: crops)
        var best = 0
        // The first of equal ones, so that a photo always gets the same name.
        for (number, probability) in seen.probabilities.enumerated()
        where probability > seen.probabilities[best] { best = number }
        guard
            let label = PhotoLabel(
                name: model.names[best], probability: min(1, seen.probabilities[best]),
                features: seen.features)
        else { preconditionFailure("the network gives finite numbers of one count") }
        return label
    }

    /// The squares that stand for a picture: 4 of 227 x 227 pixels, RGB, one after the other.
    package func crops(
        of picture: borrowing PixelBuffer
    ) throws(LabelNetworkError) -> [UInt8] {
        precondition(
            max(picture.width, picture.height) <= Self.longestSide, "a picture above the limit")
        let side = Int(CIMAGENET_CROP_SIDE)
        var crops = [UInt8](repeating: 0, count: Int(CIMAGENET_CROP_COUNT) * side * side * 3)
        try model.file.call { error in
            picture.withUnsafeBytes {
                cimagenet_crops(
                    $0.baseAddress, Int32(picture.width), Int32(picture.height),
                    picture.bytesPerRow, &crops, &error)
            }
        }
        return crops
    }

    /// The network's output for the squares of one picture.
    ///
    /// - Returns: 512 features and the probabilities of 1000 classes, each the mean of the squares'.
    package func seen(
        in crops: [UInt8]
    ) throws(LabelNetworkError) -> (features: [Float], probabilities: [Float]) {
        precondition(
            crops.count == Int(CIMAGENET_CROP_COUNT * CIMAGENET_CROP_SIDE * CIMAGENET_CROP_SIDE * 3)
        )
        var features = [Float](repeating: 0, count: Int(CIMAGENET_FEATURE_COUNT))
        var probabilities = [Float](repeating: 0, count: Int(CIMAGENET_CLASS_COUNT))
        try model.file.call {
            cimagenet_classify(worker, crops, &features, &probabilities, &$0)
        }
        return (features, probabilities)
    }
}
