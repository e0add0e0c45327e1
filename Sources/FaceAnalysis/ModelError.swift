public import FaceCore
public import SystemPackage

/// The model files cannot be used, so no photo can be analysed.
public struct ModelError: Error, Hashable, Sendable {
    /// `.missing`: a file or its folder is not there, or cannot be opened. `.damaged`: it is cut
    /// short, altered, or of another network. `.unsupported`: this processor lacks the requested
    /// arithmetic. `.noEncoder`, `.unfitEncoder`, `.changedEncoder`: the encoder that the user brought
    /// is not there, cannot be used, or is another file than before. `.failed`: anything else, such
    /// as too little memory.
    public let code: FailureCode
    /// The model file, or the folder of them.
    public let path: FilePath
    /// What is wrong, as part of a sentence: "it has 12 bytes instead of 729940".
    public let reason: String

    public init(code: FailureCode, path: FilePath, reason: String) {
        self.code = code
        self.path = path
        self.reason = reason
    }
}

extension ModelError: CustomStringConvertible {
    public var description: String { "'\(path)': \(reason)" }
}
