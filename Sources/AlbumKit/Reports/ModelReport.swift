/// Whether the model files are there, and where they are looked for.
public struct ModelReport: Sendable, Codable {
    public struct File: Sendable, Codable {
        public let name: String
        public let isThere: Bool
        /// What is wrong with it, or `nil`.
        public let reason: String?
        /// What it does, as a verb: "finds faces".
        public let use: String
        /// SHA-256 of its bytes, hexadecimal.
        public let hash: String
        public let licence: String
    }

    /// An encoder that the user may bring with '--encoder'.
    public struct OtherEncoder: Sendable, Codable {
        public let name: String
        /// Whom it is for, as a noun.
        public let purpose: String
        public let licence: String
        public let address: String
    }

    /// A file that only some commands use, and that 'Scripts/setup' does not fetch.
    public struct OptionalFile: Sendable, Codable {
        public let name: String
        /// What it is for, as a noun.
        public let purpose: String
        public let isThere: Bool
        /// What is wrong with it, or `nil`.
        public let reason: String?
        public let address: String
        /// How it is got and put there, one sentence.
        public let remedy: String
    }

    public let folder: String
    public let files: [File]
    /// Of ``files``; no ``optional`` one is needed.
    public let isUsable: Bool
    public let optional: [OptionalFile]
    /// Never fetched by facesort; others of the same network can be used, too.
    public let encoders: [OtherEncoder]
}
