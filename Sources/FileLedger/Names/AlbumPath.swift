package import SystemPackage

extension FilePath {
    /// Whether the path is relative, without `..`, and leads to none of our state, in capital or
    /// small letters.
    package var isAlbumPath: Bool {
        let names = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return !isEmpty && !names[0].isEmpty && !hasParentSteps
            && !components.contains { $0.isStateName }
    }

    /// Whether one of its components is `.` or `..`.
    var hasParentSteps: Bool {
        bytes.split(separator: UInt8(ascii: "/")).contains { $0 == [0x2E] || $0 == [0x2E, 0x2E] }
    }
}

extension FilePath.Component {
    /// Whether a disk may take it for the name of our state: many disks ignore case, some ignore
    /// invisible characters.
    var isStateName: Bool {
        // The first byte decides nearly every name.
        guard let first = bytes.first, first == UInt8(ascii: ".") || first >= 0x80 else {
            return false
        }
        let seen = string.unicodeScalars.filter { $0.properties.generalCategory != .format }
        return String(String.UnicodeScalarView(seen)).lowercased() == AlbumFolder.stateName.string
    }
}
