internal import Foundation
package import SystemPackage

/// This machine's notes of runs that take the user's files from outside their workspace: each note
/// lists the folders that the user named.
///
/// A workspace may come from somebody else, and its journal may claim that a file was "brought"
/// from anywhere. Only files from a folder in a note are put back without asking. The journal's
/// header has the word under which the note is kept. A note counts for the workspace it was made
/// for: the one at its path, or one moved from there on the same disk. A copied workspace has none.
///
/// One file for each run, in `$XDG_STATE_HOME/facesort/runs`, else `~/.local/state/facesort/runs`.
package struct RunMarks: Sendable {
    private let folder: @Sendable () -> FilePath?

    /// - Parameter folder: called when it is needed; `nil` when this user has no such folder, so
    ///   that every workspace counts as coming from elsewhere.
    package init(folder: @escaping @Sendable () -> FilePath?) {
        self.folder = folder
    }

    package static let ofThisUser = RunMarks {
        let environment = ProcessInfo.processInfo.environment
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") {
            return FilePath(state).appending("facesort/runs")
        }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return FilePath(home).appending(".local/state/facesort/runs")
    }

    private struct Note: Codable {
        let workspace: PathText
        /// The number of the state's folder on its disk.
        let inode: UInt64
        let folders: [PathText]
    }

    private static let length = 32
    /// A note names a few folders.
    private static let longest = 1 << 20

    /// Whether a word can be the name of a note: 32 hexadecimal digits.
    package static func isValid(mark: String) -> Bool {
        mark.utf8.count == length
            && mark.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    /// Notes the folders that a run will take files from.
    ///
    /// - Parameter origins: absolute.
    /// - Returns: the word for the journal's header; `nil` when there is nothing to note, or it cannot
    ///   be noted, so that putting the files back has to be allowed.
    package func note(_ origins: [FilePath], of workspace: AlbumFolder) -> String? {
        guard !origins.isEmpty, let folder = folder(),
            let state = try? Disk().status(of: workspace.state)
        else { return nil }
        let mark = (0..<2).map { _ in
            let digits = String(UInt64.random(in: 0...UInt64.max), radix: 16)
            return String(repeating: "0", count: Self.length / 2 - digits.count) + digits
        }.joined()
        let note = Note(
            workspace: PathText(workspace.path.resolved), inode: state.identity.inode,
            folders: origins.map { PathText($0.resolved) })
        return write(note, in: folder, mark) ? mark : nil
    }

    /// Adds folders to the note of a run that is continued.
    package func note(
        _ origins: [FilePath], alsoFor header: RunHeader, in workspace: AlbumFolder, disk: Disk
    ) {
        guard let mark = header.mark, let folder = folder(),
            let note = note(of: header, in: workspace, disk: disk)
        else { return }
        let known = Set(note.folders.map(\.path))
        let added = origins.map(\.resolved).filter { !known.contains($0) }
        guard !added.isEmpty else { return }
        _ = write(
            Note(
                workspace: note.workspace, inode: note.inode,
                folders: note.folders + added.map(PathText.init)), in: folder, mark)
    }

    private func write(_ note: Note, in folder: FilePath, _ mark: String) -> Bool {
        do {
            try Disk().makeFolders(folder)
            try Disk().write(
                JSONLines.text([note]), replacing: folder.appending(mark + ".json"))
            return true
        } catch {
            return false
        }
    }

    /// The folders that files of a run may be put back to without asking; none when another user or
    /// machine ran it, or the workspace is now elsewhere.
    package func origins(of header: RunHeader, in workspace: AlbumFolder, disk: Disk) -> [FilePath]
    {
        note(of: header, in: workspace, disk: disk)?.folders.map(\.path) ?? []
    }

    private func note(of header: RunHeader, in workspace: AlbumFolder, disk: Disk) -> Note? {
        guard let mark = header.mark, let path = folder()?.appending(mark + ".json"),
            let text = try? Disk().contents(of: path, limit: Self.longest),
            let note = JSONLines.value(Note.self, in: JSONLines.intact(text))
        else { return nil }
        let state = try? disk.status(of: workspace.state)
        let isSame =
            note.workspace.path == workspace.path.resolved || note.inode == state?.identity.inode
        return isSame ? note : nil
    }
}

/// Which files outside a workspace one of its runs may put back.
package struct Origins {
    private let folders: [FilePath]
    private let allowsAll: Bool

    /// With `allowsForeign` the user trusts the workspace, wherever it comes from.
    package init(of header: RunHeader, in workspace: AlbumFolder, allowsForeign: Bool, disk: Disk) {
        allowsAll = allowsForeign
        folders = allowsForeign ? [] : disk.marks.origins(of: header, in: workspace, disk: disk)
    }

    /// Whether a file may be put at the absolute `path`, judged by where its folder really is.
    package func allow(_ path: FilePath) -> Bool {
        guard !allowsAll else { return true }
        let place = path.resolvedFolder
        return folders.contains { place.starts(with: $0) }
    }
}
