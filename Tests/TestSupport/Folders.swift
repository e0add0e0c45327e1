package import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// A folder of a test's own, removed with all it holds when the test releases it.
package final class TemporaryFolder: Sendable {
    package let path: FilePath

    /// Where a test's folder lies.
    package enum Kind: Sendable {
        /// On the disk, in `$TMPDIR` or `/tmp`.
        case onDisk
        /// In memory if the system has that: for tests that flush a thousand times.
        case inMemory
    }

    package init(_ kind: Kind = .onDisk) throws {
        let usual = FilePath(getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp")
        let isInMemory = kind == .inMemory && access("/dev/shm", W_OK) == 0
        let parent = isInMemory ? FilePath("/dev/shm") : usual
        _ = StateHome.path
        let made = makeFolder(in: parent, "facesort-test-XXXXXX")
        guard let made else { throw FolderFailure(what: "no folder in \(parent)", code: errno) }
        path = made
    }

    deinit { removeTree(path) }

    /// The path of `name` in the folder; creates nothing.
    package func appending(_ name: String) -> FilePath { path.appending(name) }
}

package struct FolderFailure: Error, CustomStringConvertible {
    package let what: String
    package let code: Int32

    package var description: String { "\(what): \(String(cString: strerror(code)))" }
}

/// Removes a folder with all it holds, by bytes, so that any name works.
package func removeTree(_ path: FilePath) {
    _ = runTool(["/bin/chmod", "-R", "u+rwx", path.string])
    _ = runTool(["/bin/rm", "-rf", "--", path.string])
}

/// Runs a program and waits for it; discards its output.
///
/// - Returns: its exit status, or -1 when it could not be started.
package func runTool(_ arguments: [String]) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor: Int32 in 0...2 {
        posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
    }
    var process: pid_t = 0
    var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    pointers.append(nil)
    guard posix_spawnp(&process, arguments[0], &actions, nil, pointers, environ) == 0 else {
        return -1
    }
    var status: Int32 = 0
    while waitpid(process, &status, 0) == -1 {
        guard errno == EINTR else { return -1 }
    }
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : -1
}
