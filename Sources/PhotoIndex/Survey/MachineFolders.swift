package import SystemPackage

/// The folders that systems make beside what a person put there, for themselves: previews, bins,
/// snapshots, what was found after a fault. Those that begin with a dot are hidden anyway.
package enum MachineFolders {
    /// In small letters.
    private static let names: Set<String> = [
        // Synology and QNAP.
        "@eadir", "@tmp", "#recycle", "#snapshot", "@recycle", "@recently-snapshot",
        // Windows, on every disk that it has seen.
        "$recycle.bin", "system volume information",
        // The archives of macOS.
        "__macosx",
        // Linux, for what a fault left.
        "lost+found",
    ]

    /// Whether a folder of that name, in capital letters or small ones, is a system's own.
    package static func contains(_ name: FilePath.Component) -> Bool {
        // The first letter decides nearly every name, without making it text.
        guard let first = name.bytes.first, Array("@#$_sSlL".utf8).contains(first) else {
            return false
        }
        return names.contains(name.string.lowercased())
    }
}
