import Foundation
import SystemPackage

/// Copies of files in a folder that only this user can open, under a new name.
///
/// They are removed as soon as they are open; what a kill in between leaves is removed later, by
/// name.
struct TemporaryCopies {
    /// How the names of such folders begin.
    static let prefix = "facesort-reading-"

    private let folder: FilePath
    private let names = ["catalogue", "catalogue-wal", "catalogue-shm", "catalogue-journal"]

    /// - Throws: ``CatalogueError`` `.temporary`.
    init() throws(CatalogueError) {
        let parent = FilePath(NSTemporaryDirectory())
        var made: FilePath?
        parent.appending(Self.prefix + "XXXXXX").withPlatformString { template in
            guard let name = strdup(template) else { return }
            defer { free(name) }
            if mkdtemp(name) != nil { made = FilePath(platformString: name) }
        }
        guard let made else { throw CatalogueError(errno: errno, inTemporary: parent) }
        folder = made
    }

    /// Copies the file at `path`.
    ///
    /// - Returns: the path of the copy.
    func copy(of path: String, as name: String) throws -> String {
        let copy = folder.appending(name).string
        do {
            try FileManager.default.copyItem(atPath: path, toPath: copy)
        } catch let error as CocoaError where error.code == .fileWriteOutOfSpace {
            throw CatalogueError(errno: ENOSPC, inTemporary: folder.removingLastComponent())
        }
        return copy
    }

    /// Removes the copies and the folder; open files stay readable. Can be repeated.
    func remove() {
        for name in names { _ = folder.appending(name).withPlatformString { unlink($0) } }
        _ = folder.withPlatformString { rmdir($0) }
    }
}

extension CatalogueError {
    fileprivate init(errno: Int32, inTemporary folder: FilePath) {
        self.init(
            code: .temporary,
            reason: "'\(folder.string)', where a copy is needed for a moment, cannot be written: "
                + "\(String(cString: strerror(errno))).")
    }
}
