import Foundation
import SystemPackage

/// The catalogue's file in the file system.
enum CatalogueFile {
    /// Whether there is a file at `path`; a link does not count, as it may lead to a stranger's
    /// file.
    static func exists(at path: FilePath) -> Bool {
        var status = stat()
        return path.withPlatformString { lstat($0, &status) } == 0
            && status.st_mode & S_IFMT == S_IFREG
    }

    /// Creates an empty file with mode 0600, whatever the umask; an existing one gets the mode.
    ///
    /// SQLite gives the files it creates beside a database the database's own mode. The existing
    /// file is not opened here: closing it would release this process's locks on it.
    static func make(_ path: FilePath) throws(CatalogueError) {
        let name = path.lastComponent?.string ?? path.string
        let file = path.withPlatformString {
            open($0, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        }
        if file >= 0 {
            _ = fchmod(file, 0o600)  // Disks without modes refuse; nothing to set there.
            close(file)
            flush(folderOf: path)
        } else if errno != EEXIST {
            throw CatalogueError(errno: errno, making: name)
        } else if !exists(at: path) {
            throw CatalogueError(code: .failed, reason: "'\(name)' is no file.")
        } else {
            _ = path.withPlatformString { chmod($0, 0o600) }
            guard path.withPlatformString({ access($0, W_OK) }) == 0 else {
                throw CatalogueError(errno: errno, making: name)
            }
        }
    }
}

extension CatalogueFile {
    /// Makes the file's name durable if the disk can; SQLite does so only for its content.
    private static func flush(folderOf path: FilePath) {
        let folder = path.removingLastComponent().withPlatformString {
            open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        }
        guard folder >= 0 else { return }
        _ = fsync(folder)
        close(folder)
    }
}

/// A name for a file that GRDB accepts, which is UTF-8.
///
/// On Linux a path that is not UTF-8 is reached through its open folder; SQLite itself finds the
/// true path, in its own bytes. macOS has UTF-8 names only.
final class SpeakableName: Sendable {
    let text: String
    private let folder: CInt

    init(of path: FilePath) {
        #if os(Linux)
            if String(validating: path) == nil, let last = path.lastComponent,
                let file = String(validating: last)
            {
                let folder = path.removingLastComponent().withPlatformString {
                    open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
                }
                if folder >= 0 {
                    self.folder = folder
                    text = "/proc/self/fd/\(folder)/\(file)"
                    return
                }
            }
        #endif
        folder = -1
        text = path.string
    }

    deinit {
        if folder >= 0 { close(folder) }
    }
}
