package import SystemPackage

/// A file that the user asked for by name, outside any album.
package enum ReportFile {
    /// Writes `text` in place of what is there, whole or not at all; makes the folder.
    package static func write(_ text: String, to path: FilePath) throws(AlbumError) {
        let disk = Disk()
        do {
            try disk.makeFolders(path.absolute.folder)
            try disk.write(Array(text.utf8), replacing: path.absolute, mode: 0o644)
        } catch {
            throw AlbumError(
                .file, path.string, "could not be written: \(error.sentence)",
                remedy: "Choose another folder.", underlying: error)
        }
    }
}
