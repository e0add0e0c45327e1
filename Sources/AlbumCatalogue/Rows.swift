import FaceCore
import Foundation
import GRDB
import SystemPackage

extension Database {
    /// Executes one statement, prepared once.
    func run(_ sql: String, _ arguments: (any DatabaseValueConvertible)?...) throws {
        try cachedStatement(sql: sql).execute(arguments: StatementArguments(arguments))
    }

    /// The rows of one query, prepared once.
    func rows<Value>(
        _ sql: String, _ arguments: (any DatabaseValueConvertible)?...,
        make: (inout Columns) throws -> Value
    ) throws -> [Value] {
        try rows(cachedStatement(sql: sql), StatementArguments(arguments), make: make)
    }

    func rows<Value>(
        _ statement: GRDB.Statement, _ arguments: StatementArguments,
        make: (inout Columns) throws -> Value
    ) throws -> [Value] {
        let cursor = try Row.fetchCursor(statement, arguments: arguments)
        var values: [Value] = []
        while let row = try cursor.next() {
            var columns = Columns(row)
            values.append(try make(&columns))
        }
        return values
    }

    /// The first column of the only row; `nil` without a row.
    func number(_ sql: String, _ arguments: (any DatabaseValueConvertible)?...) throws -> Int64? {
        let statement = try cachedStatement(sql: sql)
        return try Int64.fetchOne(statement, arguments: StatementArguments(arguments))
    }

    /// The row of what `key` identifies: the first column of the only row.
    ///
    /// - Throws: `.conflict`, with the sentence `reason`, without a row.
    func row(
        _ sql: String, _ key: any DatabaseValueConvertible, orConflict reason: String
    ) throws -> Int64 {
        guard let number = try number(sql, key) else {
            throw CatalogueError(code: .conflict, reason: reason)
        }
        return number
    }
}

/// The columns of one row, read from left to right; a wrong value is damage, not a crash.
struct Columns {
    private let row: Row
    private var index = 0

    init(_ row: Row) {
        self.row = row
    }

    mutating func next<Value: DatabaseValueConvertible & StatementColumnConvertible>(
        _ type: Value.Type = Value.self
    ) throws -> Value {
        defer { index += 1 }
        return try row.decode(Value.self, atIndex: index)
    }

    mutating func next<Word: RawRepresentable>(word type: Word.Type = Word.self) throws -> Word
    where Word.RawValue == String {
        let text: String = try next()
        return try Self.word(text, Word(rawValue: text))
    }

    /// - Parameter value: what `text` means, if anything.
    private static func word<Value>(_ text: String, _ value: Value?) throws -> Value {
        guard let value else {
            throw CorruptRow(sentence: "The catalogue holds '\(text)', which makes no sense there.")
        }
        return value
    }

    mutating func next() throws -> FilePath {
        defer { index += 1 }
        return try row.withUnsafeData(atIndex: index) { data in
            guard let data, !data.isEmpty else {
                throw CorruptRow(sentence: "The catalogue holds an empty path.")
            }
            return (data + [0]).withUnsafeBytes { bytes in
                // Not empty: a NUL was appended.
                FilePath(platformString: bytes.assumingMemoryBound(to: CChar.self).baseAddress!)
            }
        }
    }

    mutating func next() throws -> ContentHash {
        defer { index += 1 }
        return try row.withUnsafeData(atIndex: index) { data in
            guard let hash = data.flatMap({ ContentHash(bytes: $0) }) else {
                throw CorruptRow(sentence: "The catalogue holds a hash of the wrong length.")
            }
            return hash
        }
    }

    mutating func next() throws -> FaceEncodings {
        FaceEncodings(plain: try encoding(), mirrorMean: try encoding())
    }

    mutating func next() throws -> PictureFeatures {
        let greys: Data = try next()
        let hash: Int64 = try next()
        let sharpness = try next(within: Bounds.sharpness)
        let brightness = try next(within: Bounds.fraction)
        let dark = try next(within: Bounds.fraction)
        let bright = try next(within: Bounds.fraction)
        let thumbnail: Data = try next()
        let blurRadius = try nextIfAny(within: Bounds.blurRadius)
        let cells: Data = try next()
        let blur = PictureBlur(radius: blurRadius.map(Float.init), cells: [UInt8](cells))
        let features = blur.flatMap { blur in
            PictureFeatures(
                greys: [UInt8](greys), differenceHash: UInt64(bitPattern: hash),
                sharpness: Float(sharpness), brightness: Float(brightness),
                darkFraction: Float(dark), brightFraction: Float(bright),
                thumbnail: [UInt8](thumbnail), blur: blur)
        }
        guard let features else {
            throw CorruptRow(sentence: "The catalogue holds picture features that are none.")
        }
        return features
    }

    mutating func next() throws -> FaceBox {
        let box = FaceBox(
            left: try next(), top: try next(), width: try next(), height: try next())
        guard box.isSound else {
            throw CorruptRow(sentence: "The catalogue holds a box that is around no face.")
        }
        return box
    }

    mutating func next() throws -> FileStamp {
        FileStamp(byteCount: try next(within: Bounds.byteCount), modified: try next())
    }

    mutating func next() throws -> FaceID {
        FaceID(photo: try next(), number: try next(within: Bounds.count))
    }

    mutating func next() throws -> SourceID { SourceID(rawValue: try next()) }
    mutating func next() throws -> PersonID { PersonID(rawValue: try next()) }
    mutating func next() throws -> ReferenceID { ReferenceID(rawValue: try next()) }

    mutating func next() throws -> Failure? {
        let code: String? = try next()
        let reason: String? = try next()
        guard let code, let reason else { return nil }
        return Failure(code: FailureCode(rawValue: code), reason: reason)
    }

    /// The first versions wrote it in capitals.
    mutating func next() throws -> PhotoFormat? {
        let text: String? = try next()
        return try text.map { try Self.word($0, PhotoFormat(rawValue: $0.lowercased())) }
    }

    mutating func next() throws -> TimeTaken? {
        let text: String? = try next()
        let offset = try nextIfAny(within: Bounds.clockOffset)
        return try text.map { try Self.word($0, TimeTaken($0, offsetFromUTC: offset)) }
    }

    private mutating func encoding() throws -> FaceEncoding {
        defer { index += 1 }
        return try row.withUnsafeData(atIndex: index) { data in
            guard let encoding = data.flatMap({ FaceEncoding(bytes: [UInt8]($0)) }),
                encoding.components.allSatisfy(Bounds.component.contains)
            else {
                throw CorruptRow(sentence: "The catalogue holds an encoding that is none.")
            }
            return encoding
        }
    }
}

extension FilePath {
    /// The bytes of the path, as in the file system.
    var data: Data {
        withPlatformString { Data(bytes: $0, count: strlen($0)) }
    }
}

extension ContentHash {
    var data: Data { Data(bytes) }
}

extension FaceEncoding {
    var data: Data { Data(bytes) }
}
