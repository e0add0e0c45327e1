internal import SystemPackage

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The file of a journal, open at its end.
final class JournalFile {
    static let suffix = ".jsonl"

    private let path: FilePath
    private let disk: Disk
    private let descriptor: Int32
    private var byteCount: Int64

    /// - Parameter intactByteCount: where a torn last line begins, which is cut off; `nil`: nowhere.
    init(_ path: FilePath, _ disk: Disk, intactByteCount: Int? = nil) throws(FileError) {
        self.path = path
        self.disk = disk
        descriptor = try disk.open(.write, path, O_WRONLY | O_APPEND)
        byteCount = 0
        let found = try disk.status(descriptor, path).byteCount
        byteCount = intactByteCount.map(Int64.init) ?? found
        if byteCount < found { try cutOff() }
    }

    deinit { systemClose(descriptor) }

    /// Writes `text` and flushes it to the disk itself. What was written of it is taken back when
    /// that fails, so that the next line does not continue a torn one.
    func append(_ text: [UInt8]) throws(FileError) {
        do {
            try disk.append(text, to: descriptor, path)
            try disk.synchronise(descriptor, path)
        } catch {
            try? cutOff()
            throw error
        }
        byteCount += Int64(text.count)
    }

    private func cutOff() throws(FileError) {
        try disk.announce(.truncate, path)
        try disk.onOpenFile(.truncate, path) { systemTruncate(descriptor, byteCount) }
    }

    static func path(_ album: AlbumFolder, run: String) -> FilePath {
        album.journals.appending(run + suffix)
    }

    /// The journals of the album, by name.
    static func all(_ album: AlbumFolder, _ disk: Disk) throws(FileError) -> [FilePath] {
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

    /// The first line of a journal; `nil` when the program was killed while it wrote that.
    static func header(_ path: FilePath, _ disk: Disk) throws(FileError) -> RunHeader? {
        // A header names a few folders; this holds a dozen of the longest, and more is read if not.
        let usual = 64 * 1024
        var start = try disk.firstBytes(of: path, count: usual)
        if start.count == usual && !start.contains(JSONLines.newline) {
            start = try disk.contents(of: path, limit: JSONLines.longest)
        }
        guard let end = start.firstIndex(of: JSONLines.newline) else { return nil }
        return JSONLines.value(JournalLine.self, in: start[..<end])?.header
    }
}

/// What a journal holds.
struct JournalRecord {
    struct Entry {
        let number: Int
        let act: Act
        let aside: FilePath?
        var isDone = false
        var isDropped = false
        var isReverted = false
        var isPlacing = false
        var isPlacingBack = false
        var byteCount: Int64?
        var modified: Int64?
        var note: String?

        /// Done, and not undone.
        var isInEffect: Bool { isDone && !isReverted }
        /// Intended, and whether it was done is not known.
        var isUnsettled: Bool { !isDone && !isDropped }
    }

    let header: RunHeader
    /// In the order of their numbers.
    private(set) var entries: [Entry] = []
    private(set) var endState: RunState?
    private(set) var undoState: RunState?
    private(set) var damagedLines: [Int] = []
    /// Up to the end of the last whole line.
    let intactByteCount: Int
    private var indices: [Int: Int] = [:]

    var state: RunState { undoState ?? endState ?? .open }
    var lastNumber: Int { entries.map(\.number).max() ?? 0 }

    /// - Throws: `EBADMSG` when the first line is damaged.
    init(_ path: FilePath, _ disk: Disk) throws(FileError) {
        let text = try disk.contents(of: path, limit: JSONLines.longest)
        let intact = JSONLines.intact(text)
        intactByteCount = intact.count
        var lines = JSONLines.values(JournalLine.self, in: intact).makeIterator()
        guard let header = lines.next()?.value?.header else {
            throw FileError(operation: .read, path: path, errno: EBADMSG)
        }
        self.header = header
        while let (number, line) = lines.next() {
            guard let line, add(line) else {
                damagedLines.append(number)
                continue
            }
        }
    }

    /// - Returns: whether the line makes sense.
    private mutating func add(_ line: JournalLine) -> Bool {
        switch line.line {
        case .begin: return false
        case .resume: endState = nil
        case .end: endState = line.state ?? .finished
        case .undo: undoState = .undoing
        case .undone: undoState = .undone
        case .intend:
            guard let number = line.number, let act = line.act?.act, indices[number] == nil
            else { return false }
            let aside = line.aside?.path
            if let aside, !aside.isAsidePath { return false }
            indices[number] = entries.count
            entries.append(Entry(number: number, act: act, aside: aside))
        case .placing: return mark(line.numbers ?? []) { $0.isPlacing = true }
        case .placingBack: return mark(line.numbers ?? []) { $0.isPlacingBack = true }
        case .dropped: return mark(line.number) { $0.isDropped = true }
        case .reverted: return mark(line.number) { $0.isReverted = true }
        case .done:
            return mark(line.number) {
                $0.isDone = true
                $0.byteCount = line.byteCount
                $0.modified = line.modified
                $0.note = line.note
            }
        }
        return true
    }

    private mutating func mark(_ numbers: [Int], _ body: (inout Entry) -> Void) -> Bool {
        numbers.allSatisfy { mark($0, body) }
    }

    private mutating func mark(_ number: Int?, _ body: (inout Entry) -> Void) -> Bool {
        guard let number, let index = indices[number] else { return false }
        body(&entries[index])
        return true
    }
}

extension FilePath {
    /// Whether this is where removed files are kept, relative to the album.
    fileprivate var isAsidePath: Bool {
        isRelative && components.allSatisfy { $0.kind == .regular }
            && components.starts(with: [AlbumFolder.stateName, "removed"])
    }
}
