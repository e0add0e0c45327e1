internal import CImageReference
package import PhotoLearning
package import SystemPackage
internal import TestSupport

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A label network of dlib's architecture with seeded weights, in dlib's own format: the published
/// weights are not to be had on a machine without internet.
package enum SeededNetwork {
    /// A folder with the network's file, which is written once for all tests of a process.
    package static let folder = Result { try written() }

    package static func file() throws -> LabelNetworkFile {
        try LabelNetworkFile(folder: folder.get())
    }

    /// Loaded once for all tests, as a run does.
    package static let model = Result { try LabelNetworkModel(file()) }

    /// Writes one to `path`.
    package static func write(to path: FilePath, seed: UInt64, labelCount: Int = 1000) throws {
        let status = path.withPlatformString { cimref_write($0, seed, Int32(labelCount)) }
        guard status == 0 else { throw WritingFailure(path: path) }
    }

    package struct WritingFailure: Error {
        package let path: FilePath
    }

    private static func written() throws -> FilePath {
        let folder = try TemporaryFolder(.inMemory)
        // Static properties live to the end of the process, past every deinit.
        kept = folder
        atexit { SeededNetwork.kept = nil }
        try write(to: LabelNetworkFile(folder: folder.path).path, seed: 1)
        return folder.path
    }

    // Set once inside a static's initialiser, and again when the process ends.
    nonisolated(unsafe) private static var kept: TemporaryFolder?
}
