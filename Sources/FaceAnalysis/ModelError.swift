public import SystemPackage

/// The model files cannot be used, so no photo can be analysed.
public struct ModelError: Error, Hashable, Sendable {
    /// What kind of trouble; compare with the static members.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public let rawValue: String

        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// A model file or its folder is not there, or cannot be opened.
        public static let missing = Code(rawValue: "models.missing")
        /// A model file is cut short, altered, or of another network.
        public static let damaged = Code(rawValue: "models.damaged")
        /// This processor lacks the requested arithmetic.
        public static let unsupported = Code(rawValue: "models.unsupported")
        /// Anything else, such as too little memory.
        public static let failed = Code(rawValue: "models.failed")
    }

    public let code: Code
    /// The model file, or the folder of them.
    public let path: FilePath
    /// What is wrong, as part of a sentence: "it has 12 bytes instead of 729940".
    public let reason: String
    /// What to do about it, one sentence.
    public let remedy: String

    init(_ code: Code, _ path: FilePath, _ reason: String) {
        self.code = code
        self.path = path
        self.reason = reason
        remedy =
            switch code {
            case .missing:
                "Run Scripts/setup to fetch the models, or name their folder with --models."
            case .damaged: "Remove that folder and run Scripts/setup to fetch the models again."
            case .unsupported: "Leave '--engine' away: facesort then takes what runs best here."
            default: "Close other programs, then try again."
            }
    }
}

extension ModelError: CustomStringConvertible {
    public var description: String { "'\(path)': \(reason). \(remedy)" }
}
