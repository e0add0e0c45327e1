internal import CFileSystem
package import SystemPackage

/// The file of a journal, open at its end.
package final class JournalFile {
    package static let suffix = ".jsonl"

    private let path: FilePath
    private let disk: Disk
    /// `nil` on a rehearsed disk.
    private let descriptor: Int32?
    private var byteCount: Int64

    /// - Parameter intactByteCount: where a torn last line begins, which is cut off; `nil` for
    ///   none.
    package init(_ path: FilePath, _ disk: Disk, intactByteCount: Int? = nil) throws(FileError) {
        self.path = path
        self.disk = disk
        byteCount = 0
        if let rehearsal = disk.rehearsal {
            descriptor = nil
            if let intactByteCount { rehearsal.cut(path, at: intactByteCount) }
            return
        }
        let descriptor = try disk.open(.write, path, O_WRONLY | O_APPEND)
        self.descriptor = descriptor
        let found = try disk.status(descriptor, path).byteCount
        byteCount = intactByteCount.map(Int64.init) ?? found
        if byteCount < found { try cutOff(descriptor) }
    }

    deinit {
        if let descriptor { systemClose(descriptor) }
    }

    /// Writes `text` and flushes it to the disk itself. When that fails, the part already written
    /// is removed, so that the next line does not continue a torn one.
    package func append(_ text: [UInt8]) throws(FileError) {
        guard let descriptor else { return disk.rehearsal?.append(text, to: path) ?? () }
        do {
            try disk.append(text, to: descriptor, path)
            try disk.synchronise(descriptor, path)
        } catch {
            try? cutOff(descriptor)
            throw error
        }
        byteCount += Int64(text.count)
    }

    /// Whether the path is still on the same disk as the open file.
    func isInPlace() throws(FileError) -> Bool {
        guard let descriptor else { return true }
        guard let found = try disk.statusIfPresent(of: path, followingLinks: false) else {
            return false
        }
        return try found.identity.device == disk.status(descriptor, path).identity.device
    }

    private func cutOff(_ descriptor: Int32) throws(FileError) {
        try disk.announce(.truncate, path)
        try disk.onOpenFile(.truncate, path) { systemTruncate(descriptor, byteCount) }
    }

    package static func path(_ album: AlbumFolder, run: String) -> FilePath {
        album.journals.appending(run + suffix)
    }

    /// The journals of the album, by name: every file named like one.
    package static func all(_ album: AlbumFolder, _ disk: Disk) throws(FileError) -> [FilePath] {
        do {
            return try disk.entries(of: album.journals)
                .filter {
                    $0.name.extension == "jsonl"
                        && Journal.isValid(run: $0.name.stem)
                }.map { album.journals.appending($0.name) }
        } catch  where error.isMissing {
            return []
        }
    }

    /// The first line of a journal.
    package enum Header {
        case sound(RunHeader)
        /// The program was killed while it wrote the line, so nothing was done in that run.
        case cut
        /// Somebody else, or a failing disk, changed the line; what follows may be sound.
        case damaged
    }

    package static func header(_ path: FilePath, _ disk: Disk) throws(FileError) -> Header {
        // A header names a few folders; this holds a dozen of the longest, and more is read if
        // needed.
        let usual = 64 * 1024
        var start = try disk.firstBytes(of: path, count: usual)
        if start.count == usual && !start.contains(JSONLines.newline) {
            start = try disk.contents(of: path, limit: JSONLines.longest)
        }
        return header(start, run: path.stem ?? "")
    }

    /// - Parameters:
    ///   - text: the journal's beginning, or all of it.
    ///   - run: from the file's name; a header that names another run does not belong to this
    ///     journal.
    package static func header(_ text: [UInt8], run: String) -> Header {
        guard let end = text.firstIndex(of: JSONLines.newline) else {
            return JournalLine.mayBeginHeader(text) ? .cut : .damaged
        }
        guard let line = JournalLine(text: text[..<end], isSummed: nil), let header = line.header,
            line.line == .begin, header.run == run, header.isSound
        else { return .damaged }
        return .sound(header)
    }
}
