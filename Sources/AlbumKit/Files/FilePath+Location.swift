internal import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

extension FilePath {
    /// The path from the root, without `.` and `..`; links are not followed.
    var absolute: FilePath {
        guard isRelative else { return lexicallyNormalized() }
        guard let folder = getcwd(nil, 0) else { return lexicallyNormalized() }
        defer { free(folder) }
        return FilePath(platformString: folder).pushing(self).lexicallyNormalized()
    }

    /// What pages call the folder at this path: its name, and `/` for the root.
    var folderName: String { absolute.lastComponent?.string ?? absolute.string }

    /// The path from the root with every link followed but one at its end.
    var resolvedFolder: FilePath {
        guard let name = lastComponent else { return resolved }
        return removingLastComponent().resolved.appending(name)
    }

    /// The path from the root with every link followed, as far as it exists.
    var resolved: FilePath {
        let path = absolute
        if let real = path.withPlatformString({ realpath($0, nil) }) {
            defer { free(real) }
            return FilePath(platformString: real)
        }
        guard let name = path.lastComponent else { return path }
        return path.removingLastComponent().resolved.appending(name)
    }
}
