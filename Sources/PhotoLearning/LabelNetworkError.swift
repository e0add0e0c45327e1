public import FaceCore
public import SystemPackage

/// The label network cannot be used, or failed on a picture.
public struct LabelNetworkError: Error, Hashable, Sendable {
    /// `.missing`: it is not there or cannot be opened. `.damaged`: it is cut short, altered, or
    /// of another network. `.outOfMemory`, or `.failed` for anything else.
    public let code: FailureCode
    /// The network's file.
    public let path: FilePath
    /// What is wrong, as part of a sentence: "it ends early".
    public let reason: String
}

extension LabelNetworkError: CustomStringConvertible {
    public var description: String { "'\(path)': \(reason)" }
}
