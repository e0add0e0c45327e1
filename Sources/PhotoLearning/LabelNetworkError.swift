public import SystemPackage

/// The label network cannot be used, or failed on a picture.
public struct LabelNetworkError: Error, Hashable, Sendable {
    /// What kind of trouble; compare with the static members.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public let rawValue: String

        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The file is missing or cannot be opened.
        public static let missing = Code(rawValue: "label.missing")
        /// The file is cut short, damaged, or of another network.
        public static let damaged = Code(rawValue: "label.damaged")
        /// There is too little memory.
        public static let outOfMemory = Code(rawValue: "label.outOfMemory")
        /// Anything else.
        public static let failed = Code(rawValue: "label.failed")
    }

    public let code: Code
    /// The network's file.
    public let path: FilePath
    /// What is wrong, as part of a sentence: "it ends early".
    public let reason: String
    /// What to do about it, one sentence.
    public let remedy: String

    init(_ code: Code, _ path: FilePath, _ reason: String) {
        self.code = code
        self.path = path
        self.reason = reason
        remedy =
            switch code {
            case .missing: LabelNetworkFile.remedy
            case .damaged:
                "Remove it, or fetch \(LabelNetworkFile.address) again and decompress it with "
                    + "'bunzip2'."
            default: "Close other programs, then try again."
            }
    }
}

extension LabelNetworkError: CustomStringConvertible {
    public var description: String { "'\(path)': \(reason). \(remedy)" }
}
