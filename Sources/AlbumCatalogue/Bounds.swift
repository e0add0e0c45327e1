import FaceCore
import GRDB
import SystemPackage

/// The limits on a catalogue's values, whoever wrote it: an album may come from a stranger.
///
/// Each bound is far beyond what a photo can give, and small enough for the types: sums and
/// products of all rows do not overflow.
enum Bounds {
    /// Four terabytes; a photo has at most one gigabyte.
    static let byteCount = Int64(0)...1 << 42
    /// Pixels of a picture; a narrow one may be long.
    static let side = 1...1 << 31
    /// Faces of one photo, members of one group, places of one burst.
    static let count = 0...1_000_000
    /// Numbers of clusters: all that a folder may have, and as many more.
    static let cluster = 1...2 * ClusterNumber.greatest
    /// Seconds; clocks differ by less than a day, the rest is room for odd cameras.
    static let clockOffset = -1_000_000_000...1_000_000_000
    /// Of a detector, no unit.
    static let confidence = -1e6...1e6
    /// Between encodings; any two faces are nearer than 2.
    static let distance = -1e4...1e4
    static let sharpness = 0.0...1e12
    static let heightInPixels = 0.0...1e12
    static let fraction = 0.0...1
    /// In pixels; sharpness is its inverse, so it is never 0.
    static let blurRadius = 1e-3...1e4
    /// Of an encoding's components.
    static let component = -FaceEncoding.greatestComponent...FaceEncoding.greatestComponent
}

extension Columns {
    /// The next number, which must lie within `range`.
    mutating func next<Number: DatabaseValueConvertible & StatementColumnConvertible & Comparable>(
        within range: ClosedRange<Number>
    ) throws -> Number {
        try Self.checked(next(), range)
    }

    mutating func nextIfAny<
        Number: DatabaseValueConvertible & StatementColumnConvertible & Comparable
    >(
        within range: ClosedRange<Number>
    ) throws -> Number? {
        let number: Number? = try next()
        return try number.map { try Self.checked($0, range) }
    }

    private static func checked<Number: Comparable>(
        _ number: Number, _ range: ClosedRange<Number>
    ) throws -> Number {
        guard range.contains(number) else {
            throw CorruptRow(
                sentence: "The catalogue holds the number \(number), which makes no sense there.")
        }
        return number
    }

    /// The next path, which must lead from its folder into it and nowhere else.
    mutating func nextRelative() throws -> FilePath {
        let path: FilePath = try next()
        guard path.isRelative, path.components.allSatisfy({ $0.kind == .regular }) else {
            throw CorruptRow(
                sentence: "The catalogue holds the path '\(path)', which leads out of its folder.")
        }
        return path
    }

    /// The next path, of an album's file outside its state folder.
    mutating func nextInAlbum() throws -> FilePath {
        let path = try nextRelative()
        guard path.components.first?.string != Place.stateFolder else {
            throw CorruptRow(
                sentence: "The catalogue holds the path '\(path)', where no photo of an album lies."
            )
        }
        return path
    }

    /// The next path, from the root.
    mutating func nextAbsolute() throws -> FilePath {
        let path: FilePath = try next()
        guard path.isAbsolute else {
            throw CorruptRow(
                sentence: "The catalogue holds the path '\(path)', which begins nowhere.")
        }
        return path
    }

    /// The next text, the name of a person's folder: one directly in the album that is not one of
    /// the album's own.
    mutating func nextFolderName() throws -> String {
        let name: String = try next()
        guard name.utf8.count <= 255, !name.isEmpty, !name.hasPrefix("."),
            !name.unicodeScalars.contains(where: { $0 == "/" || $0 == "\0" }),
            !Place.folderNames.contains(name)
        else {
            throw CorruptRow(
                sentence: "The catalogue holds the folder '\(name)', which can be no person's.")
        }
        return name
    }
}

extension Sequence {
    /// Itself; throws when keys are equal.
    func distinct<Key: Hashable>(_ what: String, by key: (Element) -> Key) throws -> [Element] {
        var seen: Set<Key> = []
        return try map { element in
            guard seen.insert(key(element)).inserted else {
                throw CorruptRow(sentence: "The catalogue holds \(what) twice.")
            }
            return element
        }
    }
}
