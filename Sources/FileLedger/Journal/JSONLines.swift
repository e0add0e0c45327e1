package import Foundation
package import SystemPackage

/// A file whose every line is a JSON value; it is only ever appended to.
package struct JSONLines {
    package static let newline = UInt8(ascii: "\n")
    /// Far above the size of any such file: at a few hundred bytes a line, millions of lines.
    package static let longest = 1 << 30

    private let path: FilePath
    private let disk: Disk
    /// The text up to the end of the last whole line; the rest was being written when the program
    /// died.
    package private(set) var intact: [UInt8] = []

    /// Reads the file; a missing one has no lines.
    package init(_ path: FilePath, disk: Disk) throws(FileError) {
        self.path = path
        self.disk = disk
        do {
            let text = try disk.contents(of: path, limit: Self.longest)
            intact = Array(Self.intact(text))
        } catch  where error.isMissing {}
    }

    /// Every whole line, by number from 1; `nil` for a line that is no such value.
    package func values<Value: Decodable>(
        _ type: Value.Type
    ) -> some Sequence<(number: Int, value: Value?)> {
        Self.values(type, in: intact[...])
    }

    /// Appends one line for each value and makes the file if needed. All lines are flushed to the
    /// disk itself before this returns; on failure none is kept. A torn last line is cut off first.
    package mutating func append(_ values: [some Encodable]) throws(FileError) {
        let text = Self.text(values)
        if try disk.statusIfPresent(of: path) == nil {
            try disk.create(path, contents: text)
            try disk.synchroniseFolder(path.removingLastComponent())
            intact = []
        } else {
            try JournalFile(path, disk, intactByteCount: intact.count).append(text)
        }
        intact += text
    }

    // MARK: Text

    package static var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }

    /// A line for each value.
    ///
    /// - Precondition: every number in the values is finite; JSON has no other.
    package static func text(_ values: [some Encodable]) -> [UInt8] {
        let encoder = Self.encoder
        var text: [UInt8] = []
        for value in values {
            text.append(contentsOf: line(value, encoder))
            text.append(newline)
        }
        return text
    }

    /// One value, without the end of its line.
    package static func line(_ value: some Encodable, _ encoder: JSONEncoder) -> [UInt8] {
        guard let line = try? encoder.encode(value) else {
            preconditionFailure("a line that is not JSON")
        }
        return Array(line)
    }

    /// `text` up to the end of its last whole line.
    package static func intact(_ text: [UInt8]) -> ArraySlice<UInt8> {
        text[..<((text.lastIndex(of: newline) ?? -1) + 1)]
    }

    /// Every line of `intact`, by number from 1, decoded one after the other: all lines of a long
    /// journal would take much memory.
    package static func values<Value: Decodable>(
        _ type: Value.Type, in intact: ArraySlice<UInt8>
    ) -> some Sequence<(number: Int, value: Value?)> {
        zip(1..., lines(of: intact)).lazy.map { (number: $0, value: value(type, in: $1)) }
    }

    /// The lines of `intact`, without their ends.
    package static func lines(of intact: ArraySlice<UInt8>) -> some Collection<ArraySlice<UInt8>> {
        intact.split(separator: newline, omittingEmptySubsequences: false).dropLast()
    }

    /// The value of one line; `nil` when the line is no such value.
    package static func value<Value: Decodable>(
        _ type: Value.Type, in line: some Collection<UInt8>
    ) -> Value? {
        try? JSONDecoder().decode(type, from: Data(line))
    }
}
