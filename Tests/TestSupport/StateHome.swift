package import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Where the program notes what its user named, kept apart from the developer's own notes: a folder
/// for this process and the programs that it starts, gone when it ends.
package enum StateHome {
    /// Asked for before anything of a test is done.
    package static let path: FilePath? = {
        let usual = FilePath(getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp")
        guard let made = makeFolder(in: usual, "facesort-test-state-XXXXXX") else { return nil }
        setenv("XDG_STATE_HOME", made.string, 1)
        atexit { StateHome.path.map(removeTree) }
        return made
    }()
}

/// Makes a folder of a name that did not exist.
func makeFolder(in parent: FilePath, _ template: String) -> FilePath? {
    parent.appending(template).withPlatformString { template in
        guard let name = strdup(template) else { return nil }
        defer { free(name) }
        return mkdtemp(name).map { FilePath(platformString: $0) }
    }
}
