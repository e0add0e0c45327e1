internal import CImageCodecs

#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// A picture in memory: RGB, 8 bits each, interleaved, upright, top row first.
///
/// It owns its memory and cannot be copied by accident; a large photo takes hundreds of megabytes.
public struct PixelBuffer: ~Copyable, @unchecked Sendable {
    // Unchecked because of the pointer: nothing else has it, and writing takes `mutating`.
    private let memory: UnsafeMutableRawPointer

    /// In pixels.
    public let width: Int
    /// In pixels.
    public let height: Int
    /// From the start of one row to the start of the next.
    public let bytesPerRow: Int
    /// The fraction 0...1 of the stored picture's rows, first row first, found in the file; the
    /// rest is mid-grey. Below 1 only when ``damage`` says so. In a picture that was turned upright
    /// the missing rows may lie at any side; see ``PhotoMetadata/orientation``.
    public internal(set) var decodedFraction = 1.0
    /// What is wrong with a partly readable picture, as a sentence without capital and full stop;
    /// `nil` for a sound one.
    public internal(set) var damage: String?

    /// A picture of one colour.
    ///
    /// - Precondition: both sides are at least 1, and their product is at most
    ///   ``PhotoSource/maximumPixelCount``.
    /// - Throws: ``ImageError`` `.outOfMemory`.
    public init(
        width: Int, height: Int, red: UInt8 = 0, green: UInt8 = 0, blue: UInt8 = 0
    ) throws(ImageError) {
        try self.init(uninitialisedWidth: width, height: height)
        withUnsafeMutableBytes { bytes in
            for start in stride(from: 0, to: bytes.count, by: 3) {
                bytes[start] = red
                bytes[start + 1] = green
                bytes[start + 2] = blue
            }
        }
    }

    init(uninitialisedWidth width: Int, height: Int) throws(ImageError) {
        precondition(width >= 1 && height >= 1, "a picture has at least one pixel")
        precondition(width <= PhotoSource.maximumPixelCount / height, "a picture above the limit")
        guard let memory = malloc(width * height * 3) else {
            throw ImageError(
                code: .outOfMemory, reason: "there is not enough memory for the picture")
        }
        self.memory = memory
        self.width = width
        self.height = height
        bytesPerRow = width * 3
    }

    deinit {
        free(memory)
    }

    /// All bytes: ``height`` rows of ``bytesPerRow``. Do not let the pointer out.
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(start: memory, count: bytesPerRow * height))
    }

    /// All bytes, for writing: ``height`` rows of ``bytesPerRow``. Do not let the pointer out.
    public mutating func withUnsafeMutableBytes<Result, Failure: Error>(
        _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeMutableRawBufferPointer(start: memory, count: bytesPerRow * height))
    }

    /// The pixel in column `x` and row `y`.
    ///
    /// - Precondition: it lies inside the picture.
    public subscript(x: Int, y: Int) -> (red: UInt8, green: UInt8, blue: UInt8) {
        get {
            let start = offset(x, y)
            return withUnsafeBytes { ($0[start], $0[start + 1], $0[start + 2]) }
        }
        set {
            let start = offset(x, y)
            withUnsafeMutableBytes { bytes in
                (bytes[start], bytes[start + 1], bytes[start + 2]) = newValue
            }
        }
    }

    /// A copy whose longer side is at most `maximumSide` pixels, reduced by area; never enlarged.
    ///
    /// - Throws: ``ImageError`` `.outOfMemory`.
    public func reduced(maximumSide: Int) throws(ImageError) -> PixelBuffer {
        let size = reducedSize(width: width, height: height, maximumSide: maximumSide)
        return try reduced(
            left: 0, top: 0, width: width, height: height, toWidth: size.width,
            height: size.height)
    }

    /// A copy of a part of the picture.
    ///
    /// - Precondition: the part has at least one pixel and lies inside the picture.
    /// - Throws: ``ImageError`` `.outOfMemory`.
    public func cropped(
        left: Int, top: Int, width: Int, height: Int
    ) throws(ImageError) -> PixelBuffer {
        try reduced(
            left: left, top: top, width: width, height: height, toWidth: width, height: height)
    }

    private func reduced(
        left: Int, top: Int, width: Int, height: Int, toWidth targetWidth: Int,
        height targetHeight: Int
    ) throws(ImageError) -> PixelBuffer {
        precondition(left >= 0 && top >= 0 && width >= 1 && height >= 1, "no part of the picture")
        precondition(
            left + width <= self.width && top + height <= self.height, "beyond the picture")
        var result = try PixelBuffer(uninitialisedWidth: targetWidth, height: targetHeight)
        var target = cimage_target(
            pixels: nil, stride: result.bytesPerRow,
            size: cimage_size(width: Int32(targetWidth), height: Int32(targetHeight)),
            orientation: 1)
        let start = memory + top * bytesPerRow + left * 3
        let size = cimage_size(width: Int32(width), height: Int32(height))
        try result.write { (destination, error) in
            target.pixels = destination
            return cimage_reduce(start, size, bytesPerRow, &target, &error)
        }
        result.damage = damage
        result.decodedFraction = decodedFraction
        return result
    }

    /// Lets C write the pixels; `body` returns a status of `CImageCodecs`.
    mutating func write(
        _ body: (UnsafeMutableRawPointer, inout cimage_error) -> Int32
    ) throws(ImageError) {
        let destination = memory
        try throwing { error in body(destination, &error) }
    }

    private func offset(_ x: Int, _ y: Int) -> Int {
        precondition((0..<width).contains(x) && (0..<height).contains(y), "beyond the picture")
        return y * bytesPerRow + x * 3
    }
}
