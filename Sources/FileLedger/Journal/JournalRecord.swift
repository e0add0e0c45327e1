internal import CFileSystem
package import SystemPackage

/// What a journal holds.
package struct JournalRecord {
    package struct Entry {
        package let number: Int
        package let act: Act
        package let aside: FilePath?
        package var isDone = false
        var isDropped = false
        var isReverted = false
        var isPlacing = false
        var isPlacingBack = false
        package var byteCount: Int64?
        package var modified: Int64?
        package var note: String?

        /// Done, and not undone.
        package var isInEffect: Bool { isDone && !isReverted }
        /// Intended; whether it was done is not known.
        package var isUnsettled: Bool { !isDone && !isDropped }
    }

    package private(set) var header: RunHeader
    /// Whether the first line is damaged, so that only the run's name is known.
    package let isHeaderDamaged: Bool
    /// In the order of their numbers.
    package private(set) var entries: [Entry] = []
    package private(set) var endState: RunState?
    package private(set) var undoState: RunState?
    package private(set) var damage: [DamagedLine] = []
    /// The text up to the end of the last whole line.
    let intactByteCount: Int
    private var indices: [Int: Int] = [:]

    package var state: RunState { undoState ?? endState ?? .open }
    package var lastNumber: Int { entries.map(\.number).max() ?? 0 }
    /// The numbers of the damaged lines, from 1.
    package var damagedLines: [Int] { damage.map(\.number) }
    /// Whether nothing of it can be read.
    package var isIllegible: Bool { isHeaderDamaged && entries.isEmpty }

    /// Reads what can be read. A line that makes no sense is skipped; the others count, because
    /// each is complete in itself and is checked against the files before it is undone.
    ///
    /// - Throws: `ENODATA` when the program was killed while it wrote the first line.
    package init(_ path: FilePath, _ disk: Disk) throws(FileError) {
        let text = try disk.contents(of: path, limit: JSONLines.longest)
        let run = path.stem ?? ""
        switch JournalFile.header(text, run: run) {
        case .sound(let header):
            self.header = header
            isHeaderDamaged = false
        case .damaged:
            header = RunHeader(unknownRun: run)
            isHeaderDamaged = true
        case .cut: throw FileError(operation: .read, path: path, errno: ENODATA)
        }
        let intact = JSONLines.intact(text)
        intactByteCount = intact.count
        let lines = JSONLines.lines(of: intact)
        let isSummed = lines.first.map(JournalLine.hasSum) ?? false
        for (number, text) in zip(1..., lines) {
            if number == 1, !isHeaderDamaged { continue }
            guard let line = JournalLine(text: text, isSummed: isSummed), add(line) else {
                damage.append(DamagedLine(number: number, text: text))
                continue
            }
        }
    }

    /// The run's place among the others, for a run whose header is damaged.
    mutating func setSequence(_ sequence: Int) {
        header = header.with(sequence: sequence)
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
            guard let number = line.number, JournalLine.numbers.contains(number),
                let act = line.act, indices[number] == nil
            else { return false }
            if let aside = line.aside, !aside.isAsidePath { return false }
            indices[number] = entries.count
            entries.append(Entry(number: number, act: act, aside: line.aside))
        case .placing: return mark(line.numbers ?? []) { $0.isPlacing = true }
        case .placingBack: return mark(line.numbers ?? []) { $0.isPlacingBack = true }
        case .dropped: return mark(line.number) { $0.isDropped = true }
        case .reverted: return mark(line.number) { $0.isReverted = true }
        case .done:
            guard line.byteCount ?? 0 >= 0, line.modified.map(JournalLine.times.contains) ?? true
            else { return false }
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
        // What a damaged line intended is unknown, and so is whether it was done.
        guard let number, let index = indices[number] else { return !damage.isEmpty }
        body(&entries[index])
        return true
    }
}

/// A line of a journal that makes no sense: its act cannot be undone.
package struct DamagedLine: Hashable, Sendable {
    /// The line's number, from 1.
    package let number: Int
    /// The file it seems to be about, relative to the workspace; `nil` when it does not say.
    package let subject: String?

    package init(number: Int, text: some Collection<UInt8>) {
        self.number = number
        subject = Self.subject(in: String(decoding: text, as: UTF8.self))
    }

    /// Looks for the path of an act without parsing JSON.
    private static func subject(in text: String) -> String? {
        for key in [#""to":""#, #""path":""#] {
            guard let start = text.range(of: key)?.upperBound else { continue }
            let name = text[start...].prefix { $0 != "\"" }
            if !name.isEmpty { return String(name.prefix(300)) }
        }
        return nil
    }
}

extension FilePath {
    /// Whether this is where removed files are kept, relative to the album.
    fileprivate var isAsidePath: Bool {
        isRelative && components.allSatisfy { $0.kind == .regular }
            && components.starts(with: [AlbumFolder.stateName, AlbumFolder.removedName])
            && !components.dropFirst().contains { $0.isStateName }
    }
}
