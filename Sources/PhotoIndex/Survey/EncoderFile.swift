package import FaceAnalysis
internal import FaceCore
package import FileLedger
public import SystemPackage

/// Which encoder turns faces into numbers.
public enum EncoderChoice: Hashable, Sendable {
    /// dlib's own, which `Scripts/setup` fetches.
    case own
    /// A file that the user brings, with the same network and other weights.
    case file(FilePath)
}

/// The file of an encoder that the user brought, and what is known of its content.
package struct EncoderFile: Hashable, Sendable {
    /// Absolute.
    package let path: FilePath
    /// SHA-256, hexadecimal.
    package let hash: String

    /// One that was checked before.
    package init(path: FilePath, hash: String) {
        self.path = path
        self.hash = hash
    }

    /// The file that the user named now; it is read and checked.
    ///
    /// - Throws: ``/FaceAnalysis/ModelError`` `.noEncoder` or `.unfitEncoder`.
    package init(checking path: FilePath, disk: Disk) throws(ModelError) {
        self.path = path.absolute
        let encoder = try Self.read(self.path, disk)
        try encoder.check()
        hash = encoder.hash
    }

    /// The encoder, as long as the file is the same.
    ///
    /// - Throws: ``/FaceAnalysis/ModelError`` `.noEncoder`, `.unfitEncoder` or `.changedEncoder`.
    package func encoder(disk: Disk = Disk()) throws(ModelError) -> BroughtEncoder {
        let encoder = try Self.read(path, disk)
        guard encoder.hash == hash else {
            throw ModelError(
                code: .changedEncoder, path: path,
                reason: "it is another file than the one that made the encodings")
        }
        return encoder
    }

    private static func read(_ path: FilePath, _ disk: Disk) throws(ModelError) -> BroughtEncoder {
        let limit = BroughtEncoder.maximumByteCount
        let bytes: [UInt8]
        do throws(FileError) {
            // Not a pipe either, which would be waited for.
            let status = try disk.statusIfPresent(of: path)
            guard let status, status.kind == .file else {
                throw FileError(
                    operation: .read, path: path, errno: Errno.noSuchFileOrDirectory.rawValue)
            }
            bytes = try disk.contents(of: path, limit: limit)
        } catch {
            guard error.isTooLarge else {
                throw ModelError(code: .noEncoder, path: path, reason: error.sentence)
            }
            throw ModelError(
                code: .unfitEncoder, path: path,
                reason: "it has more than \(limit / 1_000_000) MB, and an encoder has about 22 MB")
        }
        return BroughtEncoder(
            bytes: bytes, hash: ContentHasher.hash(bytes).hexadecimal, path: path)
    }
}
