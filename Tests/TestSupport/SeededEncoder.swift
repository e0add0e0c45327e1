internal import Foundation

/// Face encoders of dlib's network with other weights, made by a seed from dlib's own file.
///
/// A turned encoder puts dlib's 128 numbers into another order and changes the sign of some. Two of its
/// encodings are exactly as far apart as two of dlib's, so everybody is recognised as before; one of each
/// are as far apart as those of strangers.
package enum SeededEncoder {
    /// A file that is not dlib's encoder.
    package struct NoEncoder: Error {}

    /// - Parameters:
    ///   - own: the bytes of `dlib_face_recognition_resnet_model_v1.dat`.
    ///   - factor: how many times as long as dlib's the distances are.
    ///   - noise: by how much, at most, the weights of the first convolution change, as a fraction.
    package static func turned(
        _ own: [UInt8], seed: UInt64, factor: Float = 1, noise: Float = 0
    ) throws -> [UInt8] {
        var random = SplitMix64(seed: seed)
        var bytes = own
        let projection = try floats(of: "fc_2", skipping: 2, in: own)
        let order = (0..<outputs).shuffled(using: &random)
        let signs: [Float] = (0..<outputs).map { _ in Bool.random(using: &random) ? 1 : -1 }
        for row in stride(from: 0, to: projection.count, by: outputs) {
            for output in 0..<outputs {
                let value = float(own, projection.offset, row + order[output])
                set(&bytes, projection.offset, row + output, value * signs[output] * factor)
            }
        }
        guard noise > 0 else { return bytes }
        let first = try floats(of: "con_4", skipping: 0, in: own)
        for index in 0..<first.count {
            let factor = 1 + Float.random(in: -noise...noise, using: &random)
            set(&bytes, first.offset, index, float(own, first.offset, index) * factor)
        }
        return bytes
    }

    /// The same file with one weight of the first convolution replaced.
    package static func with(_ weight: Float, in own: [UInt8]) throws -> [UInt8] {
        var bytes = own
        set(&bytes, try floats(of: "con_4", skipping: 0, in: own).offset, 7, weight)
        return bytes
    }

    private static let outputs = 128

    /// Where the numbers of the first layer called `name` lie; dlib's `serialize` for its tensors.
    ///
    /// - Parameter skipping: the integers between the name and the tensor.
    private static func floats(
        of name: String, skipping: Int, in bytes: [UInt8]
    ) throws -> (offset: Int, count: Int) {
        let data = Data(bytes)
        guard let found = data.range(of: Data(name.utf8)) else { throw NoEncoder() }
        var offset = found.upperBound
        func integer() throws -> Int {
            guard offset < bytes.count, case let length = Int(bytes[offset] & 0x0F), length < 8,
                offset + length < bytes.count
            else { throw NoEncoder() }
            let value = (1...length).reversed().reduce(0) { $0 << 8 | Int(bytes[offset + $1]) }
            offset += 1 + length
            return value
        }
        for _ in 0..<skipping { _ = try integer() }
        guard try integer() == 2 else { throw NoEncoder() }
        let count = try integer() * integer() * integer() * integer()
        guard count > 0, offset + 4 * count <= bytes.count else { throw NoEncoder() }
        return (offset, count)
    }

    private static func float(_ bytes: [UInt8], _ offset: Int, _ index: Int) -> Float {
        let start = offset + 4 * index
        let bits = (0..<4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32(bytes[start + $1]) }
        return Float(bitPattern: bits)
    }

    private static func set(_ bytes: inout [UInt8], _ offset: Int, _ index: Int, _ value: Float) {
        let start = offset + 4 * index
        for byte in 0..<4 {
            bytes[start + byte] = UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt32(byte)))
        }
    }
}
