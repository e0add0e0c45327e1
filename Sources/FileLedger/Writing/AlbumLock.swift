internal import CFileSystem
internal import SystemPackage

package enum AlbumLockError: Error, Hashable, Sendable {
    /// Another run is using the album; `by` says which: "'facesort sort' (process 4711)".
    case held(by: String)
    case file(FileError)
}

/// Holds an album for one run at a time. The system releases it when the program dies.
package final class AlbumLock {
    private let path: FilePath
    private var descriptor: Int32?
    /// False when the disk has no locks: nothing keeps a second run out.
    package let isHeld: Bool

    private init(path: FilePath, descriptor: Int32, isHeld: Bool) {
        self.path = path
        self.descriptor = descriptor
        self.isHeld = isHeld
    }

    deinit { release() }

    /// `command` names this run in the message that another run shows.
    ///
    /// - Precondition: ``AlbumFolder/prepare(disk:)`` was called.
    package static func acquire(
        _ album: AlbumFolder, command: String, disk: Disk = Disk()
    ) throws(AlbumLockError) -> AlbumLock {
        let path = album.lock
        do throws(FileError) {
            // Never removed: otherwise a run that waits for the old file and one that makes a new
            // file would both hold the lock.
            let descriptor = try disk.open(.create, path, O_RDWR | O_CREAT, mode: 0o600)
            do throws(FileError) {
                let isHeld = try lock(descriptor, path, disk)
                let lock = AlbumLock(path: path, descriptor: descriptor, isHeld: isHeld)
                lock.sign("\(systemProcessID()) \(command)\n")
                return lock
            } catch {
                systemClose(descriptor)
                throw error
            }
        } catch  where error.errno == EWOULDBLOCK {
            throw .held(by: holder(path, disk))
        } catch {
            throw .file(error)
        }
    }

    package func release() {
        guard let descriptor else { return }
        // Closing alone is not enough while a child process is starting: until its program begins,
        // it has all descriptors.
        _ = systemUnlock(descriptor)
        systemClose(descriptor)
        self.descriptor = nil
    }

    private static func lock(
        _ descriptor: Int32, _ path: FilePath, _ disk: Disk
    ) throws(FileError) -> Bool {
        do {
            try disk.announce(.lock, path)
            try disk.onOpenFile(.lock, path) { systemLock(descriptor) }
            return true
        } catch  where [ENOSYS, ENOTSUP, EINVAL, ENOLCK].contains(error.errno) {
            return false
        }
    }

    /// Best effort: on a full disk the lock holds without its holder's name.
    private func sign(_ text: String) {
        guard let descriptor, systemTruncate(descriptor, 0) == 0 else { return }
        try? Disk().append(Array(text.utf8), to: descriptor, path)
    }

    private static func holder(_ path: FilePath, _ disk: Disk) -> String {
        let text = (try? disk.contents(of: path, limit: 4096)) ?? []
        let line = String(decoding: text.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        let parts = line.split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { return "another run" }
        return "'\(parts[1])' (process \(parts[0]))"
    }
}
