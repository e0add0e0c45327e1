internal import CLibCrypto
package import FaceCore
package import SystemPackage

/// Computes the SHA-256 of bytes that arrive piece by piece.
package struct ContentHasher: ~Copyable {
    private let context: OpaquePointer

    package init() {
        guard let context = EVP_MD_CTX_new(),
            EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
        else { preconditionFailure("libcrypto has no memory or no SHA-256") }
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        let status = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        precondition(status == 1, "libcrypto failed to hash")
    }

    package consuming func finish() -> ContentHash {
        var digest = [UInt8](repeating: 0, count: ContentHash.byteCount)
        let status = EVP_DigestFinal_ex(context, &digest, nil)
        guard status == 1, let hash = ContentHash(bytes: digest) else {
            preconditionFailure("libcrypto failed to hash")
        }
        return hash
    }

    package static func hash(_ bytes: [UInt8]) -> ContentHash {
        var hasher = ContentHasher()
        bytes.withUnsafeBytes { hasher.update($0) }
        return hasher.finish()
    }

    /// The SHA-256 and the length in bytes of a file of any size; it is read in pieces.
    package static func hash(
        fileAt path: FilePath, disk: Disk = Disk()
    ) throws(FileError) -> (hash: ContentHash, byteCount: Int64) {
        try disk.hash(of: path)
    }
}
