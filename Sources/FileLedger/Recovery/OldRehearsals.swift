internal import CFileSystem
package import Foundation
package import SystemPackage

/// Folders with face data that killed commands left in the system's temporary folder: from
/// rehearsals by versions that kept their catalogue's copy there, and copies made for reading.
package enum OldRehearsals {
    private static let prefixes = [
        "facesort-rehearsal-", "facesort-reading-", "facesort-dropped-",
    ]
    /// How long, in nanoseconds, a folder must be untouched to belong to no running command: two
    /// days.
    private static let age: Int64 = 2 * 24 * 3600 * 1_000_000_000

    /// Removes this user's own old folders with the files directly in them; no link is followed.
    /// What cannot be removed stays.
    package static func sweep(
        _ parent: FilePath = FilePath(NSTemporaryDirectory()), now: Date = Date(),
        disk: Disk = Disk()
    ) {
        let longAgo = now.nanoseconds - age
        for entry in (try? disk.entries(of: parent)) ?? []
        where prefixes.contains(where: entry.name.string.hasPrefix) {
            sweep(parent.appending(entry.name), before: longAgo)
        }
    }

    /// Through the folder's descriptor: a folder that takes its name meanwhile is not touched.
    private static func sweep(_ folder: FilePath, before time: Int64) {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        let descriptor = folder.withPlatformString { open($0, flags) }
        guard descriptor >= 0 else { return }
        // Closes the descriptor with it.
        guard let stream = fdopendir(descriptor) else { return systemClose(descriptor) }
        defer { closedir(stream) }
        guard isOld(status(descriptor, nil), before: time) else { return }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        guard names.allSatisfy({ isOld(status(descriptor, $0), before: time) }) else { return }
        for name in names { _ = unlinkat(descriptor, name, 0) }
        _ = folder.withPlatformString { rmdir($0) }
    }

    /// Of a name in the folder, or of the folder itself.
    private static func status(_ folder: Int32, _ name: String?) -> stat? {
        var found = stat()
        let result =
            name.map { fstatat(folder, $0, &found, AT_SYMLINK_NOFOLLOW) } ?? fstat(folder, &found)
        return result == 0 ? found : nil
    }

    private static func isOld(_ status: stat?, before time: Int64) -> Bool {
        guard let status, status.st_uid == getuid() else { return false }
        return Int64(status.st_mtim.tv_sec) < time / 1_000_000_000
    }
}

extension Date {
    /// The time since 1970, or the nearest that fits when the clock is too far off.
    fileprivate var nanoseconds: Int64 {
        Int64(exactly: (timeIntervalSince1970 * 1e9).rounded())
            ?? (timeIntervalSince1970 < 0 ? .min : .max)
    }
}
