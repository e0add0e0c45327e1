package import SystemPackage

/// Which file stays for each that goes because it is there twice: the last to be asked before one
/// goes, and the first after.
///
/// A link, a mount or a name that the disk takes for another may make one file look like two. What
/// the disk tells of both is compared; where it tells nothing true (one folder that a network shows
/// twice), the one that stays is gone with the other, which is then put back.
package struct StandInFiles: Sendable {
    private let paths: [FilePath: FilePath]

    /// - Parameter paths: absolute, of what stays by those of what goes.
    package init(_ paths: [FilePath: FilePath] = [:]) {
        self.paths = paths
    }

    /// Why the file at `path` must not go; `nil` for one that nothing stays for, too.
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

    /// What is wrong once the file that lay at `path` has gone; `nil` when all is well.
    func failure(after path: FilePath, _ disk: Disk) -> ActFailure? {
        guard let other = paths[path] else { return nil }
        do throws(FileError) {
            return try disk.statusIfPresent(of: other) == nil ? .sourceStays(other) : nil
        } catch {
            // It was there a moment ago, and cannot be asked just now: that is no reason.
            return nil
        }
    }
}
