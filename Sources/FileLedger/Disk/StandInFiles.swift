package import SystemPackage

/// Knows which file stays for each duplicate that is removed; it is asked last before a removal,
/// and first after it.
///
/// A link, a mount or a name that the disk takes for another may make one file look like two. So
/// what the disk reports of both is compared. Where it reports nothing true (one folder that a
/// network shows twice), the file that stays disappears with the other, which is then put back.
package struct StandInFiles: Sendable {
    private let paths: [FilePath: FilePath]

    /// - Parameter paths: absolute; the key is the file that is removed, the value the one that
    ///   stays.
    package init(_ paths: [FilePath: FilePath] = [:]) {
        self.paths = paths
    }

    /// Why the file at `path` must not be removed; `nil` when it may be, or has no entry.
    func reasonNotToMove(_ path: FilePath, _ disk: Disk) -> ActFailure? {
        guard let other = paths[path] else { return nil }
        do throws(FileError) {
            guard let stays = try disk.statusIfPresent(of: other), stays.kind == .file else {
                return .nothingStays(other)
            }
            return try disk.statusIfPresent(of: path)?.identity == stays.identity
                ? .sourceStays(other) : nil
        } catch {
            return .sourceUnreadable(error)
        }
    }

    /// What is wrong after the file at `path` was removed; `nil` when all is well.
    package func failure(after path: FilePath, _ disk: Disk) -> ActFailure? {
        guard let other = paths[path] else { return nil }
        do throws(FileError) {
            return try disk.statusIfPresent(of: other) == nil ? .sourceStays(other) : nil
        } catch {
            // It was there a moment ago; that it cannot be read just now is no reason.
            return nil
        }
    }
}
