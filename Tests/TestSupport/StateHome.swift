package import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The program's notes on what its user named, apart from the developer's own: a folder for this
/// process and the programs it starts, removed at its end.
package enum StateHome {
    /// Must be read before a test does anything.
    package static let path: FilePath? = {
        let usual = FilePath(getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp")
        guard let made = makeFolder(in: usual, "facesort-test-state-XXXXXX") else { return nil }
        setenv("XDG_STATE_HOME", made.string, 1)
        atexit { StateHome.path.map(removeTree) }
        return made
    }()
}

/// Makes a folder with a new name.
func makeFolder(in parent: FilePath, _ template: String) -> FilePath? {
    parent.appending(template).withPlatformString { template in
        guard let name = strdup(template) else { return nil }
        defer { free(name) }
        return mkdtemp(name).map { FilePath(platformString: $0) }
    }
}
