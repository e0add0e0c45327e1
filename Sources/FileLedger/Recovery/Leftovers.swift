internal import CFileSystem
package import SystemPackage

/// Our temporary files in an album, in whatever folders they now lie.
///
/// Some outlive their run: when they were to be cleared, their folder was moved or their disk away.
package struct Leftovers {
    /// What the name of a temporary file says.
    package struct Name: Hashable {
        package let run: String
        package let number: Int

        package init(run: String, number: Int) {
            self.run = run
            self.number = number
        }

        /// - Returns: `nil` for a name that no journal's act can have made.
        package init?(_ name: FilePath.Component) {
            let text = name.string
            guard text.hasPrefix(AlbumFolder.temporaryPrefix) else { return nil }
            let rest = text.dropFirst(AlbumFolder.temporaryPrefix.count)
            guard let dash = rest.lastIndex(of: "-") else { return nil }
            let digits = rest[rest.index(after: dash)...]
            guard let number = Int(digits), number > 0, String(number) == digits,
                Journal.isValid(run: String(rest[..<dash]))
            else { return nil }
            run = String(rest[..<dash])
            self.number = number
        }
    }

    /// The first character of our temporary files' names, and of a state folder's.
    private static let dot = CChar(bitPattern: UInt8(ascii: "."))

    private let files: AlbumFiles
    private var disk: Disk { files.disk }

    package init(_ files: AlbumFiles) {
        self.files = files
    }

    /// Every file whose name begins like our temporary files', relative to the album, bytewise in
    /// order.
    ///
    /// Skips our own state, other workspaces, links and what may not be read.
    ///
    /// - Complexity: lists every folder of the album once.
    package func paths() throws(FileError) -> [FilePath] {
        var found: [FilePath] = []
        try visit(FilePath(), &found)
        return found
    }

    /// Those of ``paths()`` that acts in the album's journals made.
    package func known() throws(FileError) -> [FilePath] {
        var numbers: [String: Set<Int>] = [:]
        var known: [FilePath] = []
        for path in try paths() {
            guard let name = path.lastComponent.flatMap(Name.init) else { continue }
            if numbers[name.run] == nil { numbers[name.run] = try self.numbers(of: name.run) }
            if numbers[name.run]?.contains(name.number) == true { known.append(path) }
        }
        return known
    }

    /// Removes those of ``known()`` that can be removed. No file with another name, or with a name
    /// that no journal of this album knows, is touched.
    ///
    /// - Returns: what was removed, relative to the album.
    /// - Precondition: the lock is held, and no act is under way.
    package func clear() throws(FileError) -> [FilePath] {
        var cleared: [FilePath] = []
        for path in try known() {
            do {
                if try disk.removeIfPresent(files.absolute(path)) { cleared.append(path) }
            } catch  where [EACCES, EPERM, EROFS, EBUSY].contains(error.errno) {
                continue
            }
        }
        return cleared
    }

    private func visit(_ folder: FilePath, _ found: inout [FilePath]) throws(FileError) {
        let entries: [FolderEntry]
        do {
            entries = try disk.entries(of: files.absolute(folder)) { first, kind in
                first == Self.dot || kind == nil || kind == .folder
            }
        } catch  where error.isMissing || error.errno == EACCES || error.errno == EPERM {
            return
        }
        let isOurs = folder.isEmpty || !entries.contains { $0.name == AlbumFolder.stateName }
        guard isOurs else { return }
        for entry in entries where entry.name != AlbumFolder.stateName {
            let path = folder.appending(entry.name)
            let isTemporary = entry.name.bytes.starts(with: AlbumFolder.temporaryPrefix.utf8)
            guard isTemporary || entry.kind == nil || entry.kind == .folder else { continue }
            var kind = entry.kind
            if kind == nil {
                kind = try disk.statusIfPresent(of: files.absolute(path), followingLinks: false)?
                    .kind
            }
            if kind == .folder {
                try visit(path, &found)
            } else if isTemporary, kind == .file || kind == .symbolicLink {
                found.append(path)
            }
        }
    }

    /// The numbers of a run's acts; none when its journal is missing or unreadable.
    private func numbers(of run: String) throws(FileError) -> Set<Int> {
        do throws(FileError) {
            let record = try JournalRecord(JournalFile.path(files.album, run: run), disk)
            return Set(record.entries.map(\.number))
        } catch  where error.isMissing || error.errno == ENODATA {
            return []
        }
    }
}
