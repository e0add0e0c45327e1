import CFaceEngine
import PhotoImaging

/// CFaceEngine for Swift: one worker's detectors and encoder.
///
/// Not `Sendable`: one thread at a time.
final class FaceEngine {
    private let models: FaceModels
    private let engine: OpaquePointer

    init(models: FaceModels) throws(ImageError) {
        var error = cface_error()
        var engine: OpaquePointer?
        let status = cface_engine_create(models.handle, Int32(CFACE_HOG_FASTEST), &engine, &error)
        guard Int(status) == CFACE_OK, let engine else { throw ImageError(error) }
        self.models = models
        self.engine = engine
    }

    deinit {
        cface_engine_destroy(engine)
    }

    /// The CNN's boxes in `part` of a picture, or in all of it; in pixels of the whole picture,
    /// surest first.
    func cnnBoxes(
        in picture: borrowing PixelBuffer, part: PixelRect? = nil, _ search: cface_cnn_search
    ) throws(ImageError) -> [cface_box] {
        try boxes(in: picture, part) { pixels, boxes, capacity, count, error in
            cface_detect_cnn(
                engine, pixels.start, pixels.width, pixels.height, pixels.stride, search, boxes,
                capacity, count, error)
        }
    }

    /// HOG's boxes in `part` of a picture, or in all of it; in pixels of the whole picture, surest
    /// first.
    func hogBoxes(
        in picture: borrowing PixelBuffer, part: PixelRect? = nil, _ search: cface_hog_search
    ) throws(ImageError) -> [cface_box] {
        try boxes(in: picture, part) { pixels, boxes, capacity, count, error in
            cface_detect_hog(
                engine, pixels.start, pixels.width, pixels.height, pixels.stride, search, boxes,
                capacity, count, error)
        }
    }

    /// The faces in `boxes`, in their order.
    func faces(
        in picture: borrowing PixelBuffer, _ boxes: [cface_box]
    ) throws(ImageError) -> [cface_face] {
        var faces = [cface_face](repeating: cface_face(), count: boxes.count)
        var error = cface_error()
        let status = withPixels(of: picture, nil) { pixels in
            faces.withUnsafeMutableBufferPointer {
                cface_encode(
                    engine, pixels.start, pixels.width, pixels.height, pixels.stride, boxes,
                    boxes.count, $0.baseAddress, &error)
            }
        }
        guard Int(status) == CFACE_OK else { throw ImageError(error) }
        return faces
    }

    /// Calls `detect`, a second time when it finds more faces than there is room for.
    private func boxes(
        in picture: borrowing PixelBuffer, _ part: PixelRect?,
        _ detect: (
            Pixels, UnsafeMutablePointer<cface_box>?, Int, UnsafeMutablePointer<Int>,
            UnsafeMutablePointer<cface_error>
        ) -> Int32
    ) throws(ImageError) -> [cface_box] {
        var capacity = 64
        while true {
            var found = [cface_box](repeating: cface_box(), count: capacity)
            var count = 0
            var error = cface_error()
            let status = withPixels(of: picture, part) { pixels in
                found.withUnsafeMutableBufferPointer {
                    detect(pixels, $0.baseAddress, capacity, &count, &error)
                }
            }
            guard Int(status) == CFACE_OK else { throw ImageError(error) }
            guard count > capacity else {
                return found.prefix(count).map { box in
                    var box = box
                    box.left += Int32(part?.left ?? 0)
                    box.top += Int32(part?.top ?? 0)
                    return box
                }
            }
            capacity = count
        }
    }
}

/// A part of a picture, in pixels; not empty.
struct PixelRect: Hashable {
    var left: Int
    var top: Int
    var right: Int  // the first column beyond it
    var bottom: Int  // the first row below it

    var width: Int { right - left }
    var height: Int { bottom - top }
}

/// A picture in C's form; valid inside `withPixels` only.
private struct Pixels {
    let start: UnsafeRawPointer?
    let width: Int32
    let height: Int32
    let stride: Int
}

private func withPixels<Result>(
    of picture: borrowing PixelBuffer, _ part: PixelRect?, _ body: (Pixels) -> Result
) -> Result {
    let part = part ?? PixelRect(left: 0, top: 0, right: picture.width, bottom: picture.height)
    let stride = picture.bytesPerRow
    return picture.withUnsafeBytes {
        body(
            Pixels(
                start: $0.baseAddress.map { $0 + part.top * stride + part.left * 3 },
                width: Int32(part.width), height: Int32(part.height), stride: stride))
    }
}
