import CFaceEngine
public import SystemPackage

/// A face encoder that the user brings: a file with dlib's network and other weights.
///
/// Chip, size of the picture and dimension are those of dlib's own encoder; its encodings can be
/// compared with no other encoder's.
public struct BroughtEncoder: Sendable {
    /// Larger files are none: the network has 22 MB.
    public static let maximumByteCount = CFACE_MAXIMUM_ENCODER_BYTES

    let bytes: [UInt8]
    /// Their SHA-256, hexadecimal: what names the space of the encodings.
    public let hash: String
    /// Where they came from.
    let path: FilePath

    /// Nothing is checked yet; ``FaceModels`` does.
    ///
    /// - Precondition: at most ``maximumByteCount`` bytes.
    public init(bytes: [UInt8], hash: String, path: FilePath) {
        precondition(bytes.count <= Self.maximumByteCount, "an encoder without bounds")
        self.bytes = bytes
        self.hash = hash
        self.path = path
    }

    /// Checks that the file holds dlib's network, whole and with finite numbers; about 0.3 s.
    ///
    /// - Throws: ``ModelError`` `.unfitEncoder`, or `.failed` when there is too little memory.
    public func check() throws(ModelError) {
        var error = cface_error()
        let status = bytes.withUnsafeBytes {
            cface_check_encoder($0.baseAddress, $0.count, &error)
        }
        guard Int(status) != CFACE_OK else { return }
        throw ModelError(
            code: Int(status) == CFACE_BAD_ENCODER ? .unfitEncoder : .failed, path: path,
            reason: error.text)
    }
}
