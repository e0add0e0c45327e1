/// A face as 128 numbers, placed so that two pictures of one person lie close together.
///
/// dlib says *descriptor*, the literature *embedding*; this project says *encoding*.
/// Source: `dlib_face_recognition_resnet_model_v1`, fed one aligned 150 x 150 px RGB chip.
public struct FaceEncoding: Hashable, Sendable {
    /// The number of components.
    public static let dimension = 128

    /// The greatest size of a component of a usable encoding; dlib's lie below 1. Sums of squares stay
    /// far from overflowing.
    public static let greatestComponent: Float = 1000

    /// The components; always ``dimension`` of them, all finite.
    public let components: [Float]

    /// - Returns: `nil` unless there are exactly ``dimension`` components, all finite.
    public init?(components: [Float]) {
        guard components.count == Self.dimension, components.allSatisfy(\.isFinite) else {
            return nil
        }
        self.components = components
    }

    /// - Returns: `nil` unless `bytes` came from ``bytes`` of an encoding.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.dimension * 4 else { return nil }
        self.init(components: [Float](littleEndianBytes: bytes))
    }

    /// The components as little-endian IEEE 754 single precision, 512 bytes.
    public var bytes: [UInt8] { components.littleEndianBytes }

    /// The Euclidean distance to `other`; no unit, never negative, 0 for equal encodings.
    ///
    /// - Precondition: both encodings belong to the same ``EncodingSpace``.
    /// - Complexity: O(``dimension``), no allocation.
    public func distance(to other: FaceEncoding) -> Float {
        components.withUnsafeBufferPointer { mine in
            other.components.withUnsafeBufferPointer { theirs in
                squaredDistance(
                    // No nil: both have 128 components.
                    mine.baseAddress!, theirs.baseAddress!, count: Self.dimension
                ).squareRoot()
            }
        }
    }
}

/// The two encodings that the catalogue keeps of every face.
public struct FaceEncodings: Hashable, Sendable {
    /// The encoding of the chip as dlib cuts it: what ``MatchRule/nearest`` compares.
    public let plain: FaceEncoding
    /// The mean of the encodings of the chip and of its mirror image, not normalised again.
    public let mirrorMean: FaceEncoding

    public init(plain: FaceEncoding, mirrorMean: FaceEncoding) {
        self.plain = plain
        self.mirrorMean = mirrorMean
    }
}

/// What made an encoding. Only encodings of comparable spaces may be compared; see
/// ``isComparable(with:)``.
public struct EncodingSpace: Hashable, Sendable, Codable {
    /// How a face is cut out before it is encoded, for example `dlib-5-point-150px-0.25`.
    public let alignment: String
    /// SHA-256 of the aligner's model file, hexadecimal.
    public let alignerHash: String
    /// SHA-256 of the encoder's model file, hexadecimal.
    public let encoderHash: String
    /// The numbers that the encoder calculated with.
    public let arithmetic: Arithmetic

    /// The numbers that a network calculates with.
    public enum Arithmetic: String, Hashable, Sendable, Codable, CaseIterable {
        /// IEEE 754 single precision.
        case f32
        /// Its upper 16 bits; sums in single precision.
        case bf16
    }

    public init(
        alignment: String, alignerHash: String, encoderHash: String, arithmetic: Arithmetic = .f32
    ) {
        self.alignment = alignment
        self.alignerHash = alignerHash
        self.encoderHash = encoderHash
        self.arithmetic = arithmetic
    }

    /// Whether encodings of the two can be compared.
    ///
    /// The arithmetic may differ: that moves an encoding by about 0.008, a sixtieth of the
    /// tolerance.
    public func isComparable(with other: EncodingSpace) -> Bool {
        alignment == other.alignment && alignerHash == other.alignerHash
            && encoderHash == other.encoderHash
    }
}
