internal import FileLedger
package import SystemPackage

/// A file that the user asked for by name, outside any album.
package enum ReportFile {
    /// Writes `text` in place of what is there, whole or not at all; makes the folder.
    package static func write(_ text: String, to path: FilePath) throws(AlbumError) {
        var part: String? = text
        try write(to: path) {
            defer { part = nil }
            return part
        }
    }

    /// The same for a text too long for memory: `parts` is called until it has no more.
    package static func write(
        to path: FilePath, parts: () -> String?
    ) throws(AlbumError) {
        let disk = Disk()
        do {
            try disk.makeFolders(path.absolute.folder)
            try disk.write(replacing: path.absolute, mode: 0o644) {
                parts().map { Array($0.utf8) }
            }
        } catch {
            throw AlbumError(
                .file, path.string, "could not be written: \(error.sentence)",
                remedy: "Choose another folder.", underlying: error)
        }
    }
}
