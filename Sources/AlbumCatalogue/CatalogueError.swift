/// Why the catalogue could not do what was asked.
public struct CatalogueError: Error, Hashable, Sendable {
    /// What kind of trouble it is.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public let rawValue: String

        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// There is no catalogue at this path, or no folder to make it in.
        public static let missing = Code(rawValue: "missing")
        /// The file is no SQLite file, no catalogue, cut short, overwritten, or holds nonsense.
        public static let damaged = Code(rawValue: "damaged")
        /// A newer facesort wrote it; ``CatalogueError/foundVersion`` is its schema's.
        public static let newer = Code(rawValue: "newer")
        /// Another program wrote to it for longer than the busy timeout.
        public static let busy = Code(rawValue: "busy")
        /// The disk has no room left; the transaction was undone.
        public static let diskFull = Code(rawValue: "diskFull")
        /// The file, its folder or its disk forbids writing, or it was opened to read.
        public static let readOnly = Code(rawValue: "readOnly")
        /// Its encodings come from another aligner or network, and cannot be compared.
        public static let otherSpace = Code(rawValue: "otherSpace")
        /// A name is taken, or a given source, photo, person or run is unknown.
        public static let conflict = Code(rawValue: "conflict")
        /// The system's temporary folder has no room or forbids writing; the reason names it.
        public static let temporary = Code(rawValue: "temporary")
        /// Anything else; the reason is SQLite's.
        public static let failed = Code(rawValue: "failed")
    }

    public let code: Code
    /// One sentence, with a capital and a full stop.
    public let reason: String
    /// The schema's version in the file; only with ``Code/newer``.
    public internal(set) var foundVersion: Int?
}

extension CatalogueError: CustomStringConvertible {
    public var description: String { "\(code.rawValue): \(reason)" }
}
