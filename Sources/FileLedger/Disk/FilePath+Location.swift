package import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

extension FilePath {
    /// The path from `folder` to this path; `nil` when this path is not in `folder`.
    package func relative(to folder: FilePath) -> FilePath? {
        var path = self
        return path.removePrefix(folder) ? path : nil
    }

    /// The path from the root, without `.` and `..`; links are not followed.
    package var absolute: FilePath {
        guard isRelative else { return lexicallyNormalized() }
        guard let folder = getcwd(nil, 0) else { return lexicallyNormalized() }
        defer { free(folder) }
        return FilePath(platformString: folder).pushing(self).lexicallyNormalized()
    }

    /// The name that pages show for the folder at this path: its name, and `/` for the root.
    package var folderName: String { absolute.lastComponent?.string ?? absolute.string }

    /// The path from the root with every link followed, except one at its end.
    var resolvedFolder: FilePath {
        guard let name = lastComponent else { return resolved }
        return removingLastComponent().resolved.appending(name)
    }

    /// The path from the root with every link followed, as far as it exists.
    package var resolved: FilePath {
        let path = absolute
        if let real = path.withPlatformString({ realpath($0, nil) }) {
            defer { free(real) }
            return FilePath(platformString: real)
        }
        guard let name = path.lastComponent else { return path }
        return path.removingLastComponent().resolved.appending(name)
    }
}

extension FilePath.Component {
    /// Whether the name begins with a dot.
    package var isHidden: Bool { withPlatformString { $0[0] == CChar(UInt8(ascii: ".")) } }

    /// The name as the system gets it, without the final zero.
    package var bytes: [UInt8] {
        withPlatformString { start in
            Array(UnsafeRawBufferPointer(start: start, count: strlen(start)))
        }
    }

    /// - Returns: `nil` when the bytes are no name: empty, or containing a slash or a zero.
    package init?(bytes: some Collection<UInt8>) {
        guard !bytes.contains(0) else { return nil }
        self.init(platformString: bytes.map { CChar(bitPattern: $0) } + [0])
    }
}
